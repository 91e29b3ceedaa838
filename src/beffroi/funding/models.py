from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import Restricted, RestrictedQuerySet
from beffroi.actors.enums import RelationKind
from beffroi.actors.models import Organisation
from beffroi.funding.enums import (
    BudgetSection,
    ContractStatus,
    ExpenditureBase,
    ExpenditureState,
    Instrument,
    Origin,
    PlaceBasis,
    Stage,
)
from beffroi.provenance.models import Claim, Settlement
from beffroi.reference.models import Framework, Item

CENTS = Decimal(100)


class Programme(Restricted):
    """A framework that carries money."""

    framework = models.OneToOneField(Framework, models.PROTECT, related_name="programme")
    caveat = models.CharField(_("réserve"), max_length=500, blank=True)
    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["framework__sort_key"]

    def __str__(self) -> str:
        return str(self.framework)


class Operation(Restricted):
    """What is done with the money: one principal item carries it, secondary items point without amount."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="operations")
    code = models.CharField(_("code"), max_length=80)
    namespace = models.CharField(max_length=80)
    title = models.CharField(_("intitulé"), max_length=500)
    description = models.TextField(_("description"), blank=True)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="operations")
    secondary_items = models.ManyToManyField(Item, related_name="secondary_operations")
    place = models.ForeignKey(Item, models.PROTECT, null=True, related_name="operations_here")
    place_basis = models.CharField(max_length=14, choices=PlaceBasis, default=PlaceBasis.UNSTATED)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    written_period = models.CharField(max_length=60, blank=True)
    decided_on = models.DateField(_("date de décision"), null=True)
    beneficiary = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="operations_received")
    written_beneficiary = models.CharField(_("bénéficiaire, comme écrit"), max_length=300, blank=True)
    written_identifier = models.CharField(_("identifiant, comme écrit"), max_length=80, blank=True)
    total_cents = models.BigIntegerField(null=True)
    eligible_cents = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, default="EUR")
    commune_code = models.CharField(max_length=5, blank=True)
    department_code = models.CharField(max_length=3, blank=True)
    region_name = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    nuts_code = models.CharField(max_length=5, blank=True)
    written_place = models.CharField(_("lieu, comme écrit"), max_length=300, blank=True)
    details = models.JSONField(default=dict)
    sort_key = models.CharField(max_length=300)
    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["namespace", "code"], name="operation_once_per_document"),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(start__isnull=True) | Q(end__gte=F("start")),
                name="operation_ends_after_it_starts",
                violation_error_message="La fin d’une opération ne précède pas son début.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("publishing:operation", args=[self.pk])


class OperationPartner(models.Model):
    """Who leads or takes part in an operation, with the word of the source."""

    operation = models.ForeignKey(Operation, models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="operations")
    role = models.CharField(_("rôle"), max_length=24, choices=RelationKind)
    detail = models.CharField(_("précision"), max_length=500, blank=True)
    recorded_from = models.DateTimeField()
    recorded_to = models.DateTimeField(null=True)

    class Meta:
        ordering = ["role", "organisation__sort_key"]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.role}"

    @property
    def relation(self) -> str:
        return str(RelationKind(self.role).label)


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

    class Meta(Money.Meta):
        indexes = [models.Index(fields=["stage"]), models.Index(fields=["programme", "stage"])]


class Expenditure(Money):
    """Spending declared or certified on a base: never a payer's line, never added to another base."""

    fund = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="expenditures_funded")
    state = models.CharField(max_length=9, choices=ExpenditureState)
    base = models.CharField(max_length=12, choices=ExpenditureBase)


class Sum(Money):
    """A printed total or a cost: it checks lines, it is never added to them."""

    label = models.CharField(_("total de"), max_length=200, blank=True)
    fund = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="sums_funded")
    stage = models.CharField(max_length=16, choices=Stage)


class AmountClaim(Claim):
    """Integer cents in the database, Decimal euros in Python."""

    cents = models.BigIntegerField(null=True)
    low_cents = models.BigIntegerField(null=True)
    high_cents = models.BigIntegerField(null=True)

    class Meta(Claim.Meta):
        abstract = True

    @property
    def value(self) -> Decimal | None:
        return None if self.cents is None else self.cents / CENTS

    @property
    def low(self) -> Decimal | None:
        return None if self.low_cents is None else self.low_cents / CENTS

    @property
    def high(self) -> Decimal | None:
        return None if self.high_cents is None else self.high_cents / CENTS


class LineClaim(AmountClaim):
    line = models.ForeignKey(Line, models.PROTECT, related_name="claims")


class ExpenditureClaim(AmountClaim):
    expenditure = models.ForeignKey(Expenditure, models.PROTECT, related_name="claims")


class SumClaim(AmountClaim):
    sum = models.ForeignKey(Sum, models.PROTECT, related_name="claims")


class LineSettlement(Settlement):
    line = models.ForeignKey(Line, models.PROTECT, related_name="settlements")
    claim = models.ForeignKey(LineClaim, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=Q(recorded_to__isnull=True), name="line_settled_once_at_a_time")
        ]


class SumSettlement(Settlement):
    sum = models.ForeignKey(Sum, models.PROTECT, related_name="settlements")
    claim = models.ForeignKey(SumClaim, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sum"], condition=Q(recorded_to__isnull=True), name="sum_settled_once_at_a_time")
        ]


class ExpenditureSettlement(Settlement):
    expenditure = models.ForeignKey(Expenditure, models.PROTECT, related_name="settlements")
    claim = models.ForeignKey(ExpenditureClaim, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["expenditure"], condition=Q(recorded_to__isnull=True), name="expenditure_settled_once_at_a_time"
            )
        ]
