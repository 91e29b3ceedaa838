from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from beffroi.accounts.models import Restricted, RestrictedQuerySet
from beffroi.funding.enums import CallKind, CriterionKind, Cycle
from beffroi.funding.models.claims import CENTS
from beffroi.funding.models.programmes import Programme
from beffroi.reference.models import Item


class Call(Restricted):
    """What a funder asks for and until when, as the calendar of regulation 2021/1060, article 49(2), wants it published."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="calls", verbose_name=_("programme"))
    kind = models.CharField(_("nature"), max_length=24, choices=CallKind)
    cycle = models.CharField(_("cycle de vie des dossiers"), max_length=16, choices=Cycle)
    namespace = models.CharField(max_length=80)
    code = models.CharField(_("code"), max_length=80)
    title = models.CharField(_("intitulé"), max_length=500)
    description = models.TextField(_("ce qui est attendu"), blank=True)
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="calls", verbose_name=_("objectif ou élément du programme")
    )
    written_item = models.CharField(_("objectif, comme écrit"), max_length=300, blank=True)
    area = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="calls_here", verbose_name=_("zone géographique")
    )
    written_area = models.CharField(_("zone géographique, comme écrite"), max_length=300, blank=True)
    opens = models.DateField(_("ouverture"), null=True, blank=True)
    closes = models.DateField(_("clôture"), null=True, blank=True)
    eligible_applicants = models.TextField(_("demandeurs éligibles"), blank=True)
    total_cents = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    decision_days = models.PositiveSmallIntegerField(_("délai de décision annoncé (jours)"), null=True, blank=True)
    address = models.URLField(_("adresse de l’appel"), max_length=500, blank=True)
    sort_key = models.CharField(max_length=300)
    objects = RestrictedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = [F("closes").asc(nulls_last=True), "sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["namespace", "code"],
                name="call_once_per_document",
                violation_error_message="Un appel de ce code existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(opens__isnull=True) | Q(closes__isnull=True) | Q(closes__gte=F("opens")),
                name="call_closes_after_it_opens",
                violation_error_message="La clôture d’un appel ne précède pas son ouverture.",
            ),
            models.CheckConstraint(
                condition=Q(total_cents__isnull=True) | Q(total_cents__gte=0),
                name="call_support_is_not_negative",
                violation_error_message="Le montant total de l’aide n’est pas négatif.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("funding:call", args=[self.pk])

    @property
    def total_support(self) -> Decimal | None:
        return None if self.total_cents is None else self.total_cents / CENTS


class CallCriterion(models.Model):
    """One criterion of a call, and the points that it gives when it selects."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="criteria")
    kind = models.CharField(max_length=12, choices=CriterionKind)
    text = models.CharField(_("critère"), max_length=500)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2, null=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["kind", "position"]
        constraints = [models.UniqueConstraint(fields=["call", "kind", "position"], name="call_criterion_once")]

    def __str__(self) -> str:
        return self.text
