from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from beffroi.accounts.models import Restricted, RestrictedQuerySet
from beffroi.actors.models import Organisation
from beffroi.core.figures import Figure
from beffroi.core.text import digest
from beffroi.funding.enums import Stage
from beffroi.funding.models.claims import CENTS
from beffroi.funding.models.programmes import Programme
from beffroi.reference.models import Item

YEARS = Q(year__isnull=True) | Q(year__range=(1950, 2100))


def key_of(*parts: object) -> str:
    """One column that stands for several of which some are empty: a unique key has no NULL."""
    return digest(*(None if part is None else str(part) for part in parts))


class Envelope(Restricted):
    """Money set aside in a programme: for what, whose, run by whom, which year. Without item, the whole programme; without
    year, its whole period."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="envelopes")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="envelopes", verbose_name=_("élément"))
    fund = models.ForeignKey(Organisation, models.PROTECT, related_name="envelopes", verbose_name=_("fonds"))
    manager = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="envelopes_managed", verbose_name=_("gestionnaire")
    )
    year = models.PositiveSmallIntegerField(_("année"), null=True, blank=True)
    stage = models.CharField(_("stade"), max_length=16, choices=Stage, default=Stage.PLANNED)
    cents = models.BigIntegerField(_("montant"))
    note = models.CharField(_("précision"), max_length=300, blank=True)
    digest = models.CharField(max_length=32, unique=True, editable=False)
    objects = RestrictedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["programme", "item__position", "year", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cents__gte=0),
                name="envelope_is_not_negative",
                violation_error_message="Une enveloppe n’est pas négative.",
            ),
            models.CheckConstraint(
                condition=YEARS, name="envelope_year", violation_error_message="L’année d’une enveloppe va de 1950 à 2100."
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item or self.programme} · {self.fund}"

    def get_absolute_url(self) -> str:
        return reverse("funding:envelope", args=[self.pk])

    @property
    def identity(self) -> str:
        return key_of("envelope", self.programme_id, self.item_id, self.fund_id, self.manager_id, self.year, self.stage)

    @property
    def amount(self) -> Decimal:
        return self.cents / CENTS

    @property
    def figure(self) -> Figure:
        return Figure(value=self.amount, unit="€", why=f"envelope:{self.pk}")


class DeadlineRule(models.Model):
    """How long a commitment of the Union may wait for certified spending before it is taken back, by year of commitment."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    label = models.CharField(_("règle"), max_length=200)
    first_year = models.PositiveSmallIntegerField(_("première année d’engagement"))
    last_year = models.PositiveSmallIntegerField(_("dernière année d’engagement"), null=True, blank=True)
    years = models.PositiveSmallIntegerField(_("années accordées"))
    text = models.CharField(_("texte"), max_length=300)
    history = HistoricalRecords()

    class Meta:
        ordering = ["first_year", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_year__isnull=True) | Q(last_year__gte=F("first_year")),
                name="deadline_rule_years_in_order",
                violation_error_message="La dernière année d’une règle ne précède pas la première.",
            ),
            models.CheckConstraint(
                condition=Q(years__range=(1, 10)),
                name="deadline_rule_years_granted",
                violation_error_message="Une règle de dégagement accorde de 1 à 10 ans.",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Tranche(Restricted):
    """What the Union commits one year to a programme, or to one of its axes, and may take back after its deadline."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="tranches")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="tranches", verbose_name=_("axe"))
    fund = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="tranches", verbose_name=_("fonds")
    )
    year = models.PositiveSmallIntegerField(_("année d’engagement"))
    cents = models.BigIntegerField(_("montant engagé"))
    prefinancing_cents = models.BigIntegerField(_("préfinancement imputé"), null=True, blank=True)
    rule = models.ForeignKey(DeadlineRule, models.PROTECT, related_name="tranches", verbose_name=_("règle de dégagement"))
    note = models.CharField(_("précision"), max_length=300, blank=True)
    digest = models.CharField(max_length=32, unique=True, editable=False)
    objects = RestrictedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["programme", "year", "item__position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cents__gte=0) & (Q(prefinancing_cents__isnull=True) | Q(prefinancing_cents__gte=0)),
                name="tranche_is_not_negative",
                violation_error_message="Une tranche et son préfinancement ne sont pas négatifs.",
            ),
            models.CheckConstraint(
                condition=Q(prefinancing_cents__isnull=True) | Q(prefinancing_cents__lte=F("cents")),
                name="tranche_prefinancing_at_most_its_amount",
                violation_error_message="Le préfinancement imputé à une tranche ne dépasse pas son montant.",
            ),
            models.CheckConstraint(
                condition=Q(year__range=(1950, 2100)),
                name="tranche_year",
                violation_error_message="L’année d’engagement va de 1950 à 2100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item or self.programme} · {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("funding:tranche", args=[self.pk])

    @property
    def identity(self) -> str:
        return key_of("tranche", self.programme_id, self.item_id, self.fund_id, self.year)

    @property
    def amount(self) -> Decimal:
        return self.cents / CENTS

    @property
    def prefinancing(self) -> Decimal | None:
        return None if self.prefinancing_cents is None else self.prefinancing_cents / CENTS
