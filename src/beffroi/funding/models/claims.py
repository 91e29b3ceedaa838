from decimal import Decimal

from django.db import models
from django.db.models import Q

from beffroi.funding.models.money import Expenditure, Line, Sum
from beffroi.provenance.models import Claim, Settlement

CENTS = Decimal(100)


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
