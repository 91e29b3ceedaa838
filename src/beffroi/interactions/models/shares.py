"""One activity, several agreements: how its time and money are shared between those who pay for it."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from beffroi.accounts.models import Restricted, RestrictedQuerySet
from beffroi.funding.models import Agreement
from beffroi.interactions.models.events import Event
from beffroi.interactions.models.support import SchoolAction, Support
from beffroi.interactions.models.visits import Visit
from beffroi.reference.models import Item

KEYS = ("kind", "visit", "support", "event", "school_action")


class ActivityShare(Restricted):
    """The part of an agreement (none: the operator's own) in an activity, or by default in all those of a kind, from a date.

    The shares of one activity add up to one; `owner` is the operator."""

    kind = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("nature d’activité"))
    visit = models.ForeignKey(Visit, models.CASCADE, null=True, blank=True, related_name="shares")
    support = models.ForeignKey(Support, models.CASCADE, null=True, blank=True, related_name="shares")
    event = models.ForeignKey(Event, models.CASCADE, null=True, blank=True, related_name="shares")
    school_action = models.ForeignKey(SchoolAction, models.CASCADE, null=True, blank=True, related_name="shares")
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="activity_shares", verbose_name=_("convention")
    )
    since = models.DateField(_("à partir du"))
    share = models.DecimalField(
        _("part"), max_digits=7, decimal_places=6, validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))]
    )
    objects = RestrictedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-since", "agreement", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(share__range=(0, 1)), name="activity_share_between_zero_and_one"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement or self.owner} · {self.share:.0%}"


class ActivityCost(Restricted):
    """What an hour of work costs an operator, from a date; without it hours are shared and money is not measured."""

    since = models.DateField(_("à partir du"))
    cents = models.BigIntegerField(_("coût d’une heure"), validators=[MinValueValidator(1)])
    objects = RestrictedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "since"], name="activity_cost_once_a_day"),
            models.CheckConstraint(condition=Q(cents__gt=0), name="activity_cost_is_money"),
        ]

    def __str__(self) -> str:
        return f"{self.owner} · {self.since:%d/%m/%Y}"


class ActivityExclusion(models.Model):
    """An agreement that does not pay for what another pays."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="activity_exclusions")
    other = models.ForeignKey(Agreement, models.PROTECT, related_name="+", verbose_name=_("exclut ce que paie"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "other"], name="activity_exclusion_once")]

    def __str__(self) -> str:
        return f"{self.agreement} ≠ {self.other}"
