from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import Restricted, RestrictedQuerySet
from beffroi.actors.models import Organisation
from beffroi.funding.enums import (
    BudgetSection,
    ContractStatus,
    ExpenditureBase,
    ExpenditureState,
    Instrument,
    Origin,
    Stage,
    SumKind,
)
from beffroi.funding.models.operations import Operation
from beffroi.funding.models.programmes import Programme
from beffroi.funding.models.regimes import AidRegime
from beffroi.reference.models import Item


class Money(Restricted):
    """What an amount is about, without its amount: that is what claims say."""

    digest = models.CharField(max_length=32, unique=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="%(class)ss")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="%(class)ss")
    operation = models.ForeignKey(Operation, models.PROTECT, null=True, related_name="%(class)ss")
    receiver = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="%(class)ss_received")
    receiver_item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="%(class)ss_received")
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    written_period = models.CharField(max_length=40, blank=True)
    detail = models.CharField(_("ventilation"), max_length=500, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    objects = RestrictedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["programme", "item", "start", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(start__lte=F("end")),
                name="%(class)s_period_in_order",
                violation_error_message="Le début d’une période ne suit pas sa fin.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.written_period}"


class Line(Money):
    """A funder's money at one stage. `fund` is whose money it is, `payer` who transfers it."""

    fund = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="lines_funded")
    manager = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="lines_managed")
    payer = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="lines_paid")
    drawn_from = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="lines_drawn")
    eligible = models.BooleanField(_("éligible"), null=True)
    instrument = models.CharField(max_length=20, choices=Instrument, default=Instrument.UNSTATED)
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.UNSTATED)
    section = models.CharField(max_length=12, choices=BudgetSection, default=BudgetSection.UNSTATED)
    contract_status = models.CharField(max_length=16, choices=ContractStatus, default=ContractStatus.UNSTATED)
    stage = models.CharField(max_length=16, choices=Stage)
    application = models.ForeignKey("funding.Application", models.PROTECT, null=True, related_name="lines")
    aid_regime = models.ForeignKey(AidRegime, models.PROTECT, null=True, related_name="lines")

    class Meta(Money.Meta):
        indexes = [models.Index(fields=["stage"]), models.Index(fields=["programme", "stage"])]


class Expenditure(Money):
    """Spending declared or certified on a base: never a payer's line, never added to another base."""

    fund = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="expenditures_funded")
    state = models.CharField(max_length=9, choices=ExpenditureState)
    base = models.CharField(max_length=12, choices=ExpenditureBase)


class Sum(Money):
    """A printed total or a cost: it checks lines, it is never added to them."""

    kind = models.CharField(max_length=13, choices=SumKind, default=SumKind.PRINTED, db_default=SumKind.PRINTED)
    label = models.CharField(_("total de"), max_length=200, blank=True)
    fund = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="sums_funded")
    stage = models.CharField(max_length=16, choices=Stage)
