from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import Partner, Restricted, RestrictedQuerySet, User
from beffroi.indicators.enums import Aggregation, Direction, IndicatorKind, PeriodMeaning, Status
from beffroi.provenance.models import Claim, Settlement
from beffroi.reference.models import Framework, Item


class Indicator(Restricted):
    """A definition: what is measured, in which unit, for which item of a framework, and which way is better."""

    code = models.CharField(_("code"), max_length=80)
    namespace = models.CharField(_("origine"), max_length=80)
    label = models.CharField(_("intitulé"), max_length=300)
    definition = models.TextField(_("définition"), blank=True)
    unit = models.CharField(_("unité"), max_length=60, blank=True)
    kind = models.CharField(_("nature"), max_length=16, choices=IndicatorKind)
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="indicators")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="indicators")
    direction = models.CharField(_("sens"), max_length=4, choices=Direction, default=Direction.NONE)
    periodicity = models.CharField(_("périodicité"), max_length=40, blank=True)
    aggregation = models.CharField(_("agrégation"), max_length=5, choices=Aggregation, default=Aggregation.NONE)
    period_meaning = models.CharField(max_length=12, choices=PeriodMeaning, default=PeriodMeaning.UNSTATED)
    is_additive = models.BooleanField(_("s’additionne entre lignes"), default=False)
    steward = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="indicators", verbose_name=_("responsable"))
    sort_key = models.CharField(max_length=300)
    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [models.UniqueConstraint(fields=["namespace", "code"], name="indicator_once_per_document")]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("publishing:indicator", args=[self.pk])


class CellQuerySet(RestrictedQuerySet):
    def of(self, indicator: Indicator) -> Self:
        return self.filter(indicator=indicator)


class Cell(Restricted):
    """What a value is about: indicator, territory, period, breakdown and status. It has no value: its claims have."""

    digest = models.CharField(max_length=32)
    # Millions of rows: their indexes are those that Meta names, each of which costs every load
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="cells", db_index=False)
    territory = models.ForeignKey(Item, models.PROTECT, null=True, related_name="cells", db_index=False)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    written_period = models.CharField(max_length=40, blank=True)
    breakdown = models.CharField(_("ventilation"), max_length=500, blank=True)
    status = models.CharField(_("statut"), max_length=9, choices=Status)
    unit = models.CharField(_("unité"), max_length=60, blank=True)
    objects = CellQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", F("end").asc(nulls_first=True), "status", "breakdown", "pk"]
        indexes = [models.Index(fields=["indicator", "territory", "end"]), models.Index(fields=["territory", "indicator"])]
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="cell_once"),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(start__lte=F("end")),
                name="cell_period_in_order",
                violation_error_message="Le début d’une période ne suit pas sa fin.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.written_period} {self.breakdown}"


class Dimension(models.Model):
    """One part of a cell's breakdown, tied to an item when its value is a code of a framework."""

    cell = models.ForeignKey(Cell, models.CASCADE, related_name="dimensions", db_index=False)
    name = models.CharField(max_length=60)
    value = models.CharField(max_length=300)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="dimensions")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["cell", "name"], name="dimension_once_per_cell")]
        indexes = [models.Index(fields=["name", "value"])]

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


class Observation(Claim):
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="claims")
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    low = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    high = models.DecimalField(max_digits=24, decimal_places=6, null=True)

    class Meta(Claim.Meta):
        constraints = [
            *Claim.Meta.constraints,
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="observation_bounds_in_order",
                violation_error_message="Le minimum ne dépasse pas le maximum.",
            ),
        ]


class ObservationSettlement(Settlement):
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="settlements")
    claim = models.ForeignKey(Observation, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cell"], condition=Q(recorded_to__isnull=True), name="observation_settled_once_at_a_time"
            )
        ]


class Pairing(models.Model):
    """A target and a result that a source breaks down in different words, and that a person judged to be about the same."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="pairings")
    target_breakdown = models.CharField(max_length=500, blank=True)
    actual_breakdown = models.CharField(max_length=500, blank=True)
    reason = models.CharField(_("raison"), max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "target_breakdown", "actual_breakdown"], name="pairing_once")
        ]

    def __str__(self) -> str:
        return f"{self.indicator} : {self.target_breakdown or '–'} ↔ {self.actual_breakdown or '–'}"


class FollowedIndicator(models.Model):
    """An indicator that a person wants on the home page."""

    user = models.ForeignKey(User, models.PROTECT, related_name="followed_indicators")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="followers")
    at = models.DateTimeField(_("suivi depuis"))

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "indicator"], name="indicator_followed_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.indicator}"
