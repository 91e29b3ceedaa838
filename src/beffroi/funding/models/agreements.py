"""What funders and those whom they fund sign: ceilings, votes, schedules, documents due. Typed rows keep their history."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from beffroi.accounts.models import Restricted, RestrictedQuerySet
from beffroi.actors.models import Organisation
from beffroi.core.text import search_key
from beffroi.funding.enums import AgreementKind, PartyRole
from beffroi.funding.models.claims import CENTS
from beffroi.funding.models.money import Line
from beffroi.funding.models.programmes import Programme
from beffroi.funding.models.regimes import AidRegime
from beffroi.indicators.models import Indicator
from beffroi.reference.models import Item


def euros(cents: int | None) -> Decimal | None:
    return None if cents is None else cents / CENTS


class Agreement(Restricted):
    """A signed text. `ceiling`: the most that it allows; it is no money by itself. A rate always goes with its base."""

    namespace = models.CharField(max_length=80)
    code = models.CharField(_("numéro"), max_length=80)
    kind = models.CharField(_("nature"), max_length=12, choices=AgreementKind)
    title = models.CharField(_("intitulé"), max_length=300)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("sous la convention")
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="agreements", verbose_name=_("programme")
    )
    signed_on = models.DateField(_("signée le"), null=True, blank=True)
    start = models.DateField(_("du"), null=True, blank=True)
    end = models.DateField(_("au"), null=True, blank=True)
    ceiling_cents = models.BigIntegerField(_("plafond"), null=True, blank=True)
    base = models.CharField(_("base éligible"), max_length=300, blank=True)
    base_cents = models.BigIntegerField(_("montant de la base"), null=True, blank=True)
    rate = models.DecimalField(
        _("taux"),
        max_digits=7,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )
    aid_regime = models.ForeignKey(
        AidRegime, models.PROTECT, null=True, blank=True, related_name="agreements", verbose_name=_("régime d’aide")
    )
    note = models.TextField(_("remarque"), blank=True)
    sort_key = models.CharField(max_length=300, editable=False)
    objects = RestrictedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["namespace", "code"],
                name="agreement_once_per_owner",
                violation_error_message="Une convention porte déjà ce numéro.",
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(start__isnull=True) | Q(end__gte=F("start")),
                name="agreement_ends_after_it_starts",
                violation_error_message="La fin d’une convention ne précède pas son début.",
            ),
            models.CheckConstraint(
                condition=Q(rate__isnull=True) | ~Q(base=""),
                name="agreement_rate_with_its_base",
                violation_error_message="Un taux se donne avec sa base : dites de quoi il est le taux.",
            ),
            models.CheckConstraint(
                condition=Q(rate__isnull=True) | Q(rate__range=(0, 1)), name="agreement_rate_between_zero_and_one"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("funding:agreement", args=[self.pk])

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_key = search_key(self.title)[:300]
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class AgreementPart(models.Model):
    """A row of an agreement; `agreement` gives it its rights."""

    history = HistoricalRecords(inherit=True)

    class Meta:
        abstract = True


class AgreementParty(AgreementPart):
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="agreement_parts", verbose_name=_("organisation")
    )
    role = models.CharField(_("rôle"), max_length=12, choices=PartyRole)
    detail = models.CharField(_("précision"), max_length=300, blank=True)

    class Meta:
        ordering = ["role", "organisation__sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organisation", "role"],
                name="agreement_party_once_per_role",
                violation_error_message="Cette organisation a déjà ce rôle dans la convention.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_role_display()}"


class Deliberation(AgreementPart):
    """A vote of an assembly. With an amount, it is money voted: `line` is its line in the funding."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="deliberations")
    number = models.CharField(_("numéro"), max_length=80, blank=True)
    on = models.DateField(_("date"))
    body = models.CharField(_("assemblée ou commission"), max_length=200)
    cents = models.BigIntegerField(_("montant voté"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("au titre de l’année"), null=True, blank=True)
    line = models.OneToOneField(Line, models.PROTECT, null=True, blank=True, related_name="deliberation", editable=False)

    class Meta:
        ordering = ["on", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "number", "on"],
                name="deliberation_once_per_agreement",
                violation_error_message="Cette délibération est déjà saisie.",
            )
        ]

    def __str__(self) -> str:
        return " · ".join(filter(None, [self.number, self.body]))

    @property
    def amount(self) -> Decimal | None:
        return euros(self.cents)


class Instalment(AgreementPart):
    """One line of the payment schedule, and what was paid of it."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="instalments")
    label = models.CharField(_("échéance"), max_length=200)
    due_on = models.DateField(_("due le"), null=True, blank=True)
    cents = models.BigIntegerField(_("montant"))
    condition = models.CharField(_("condition"), max_length=300, blank=True)
    paid_on = models.DateField(_("payée le"), null=True, blank=True)
    paid_cents = models.BigIntegerField(_("montant payé"), null=True, blank=True)
    line = models.OneToOneField(Line, models.PROTECT, null=True, blank=True, related_name="instalment", editable=False)

    class Meta:
        ordering = [F("due_on").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(paid_on__isnull=True, paid_cents__isnull=True) | Q(paid_on__isnull=False, paid_cents__gt=0),
                name="instalment_paid_on_a_day",
                violation_error_message="Un paiement a une date et un montant.",
            ),
            models.CheckConstraint(condition=Q(cents__gt=0), name="instalment_is_money"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def amount(self) -> Decimal | None:
        return euros(self.cents)

    @property
    def paid(self) -> Decimal | None:
        return euros(self.paid_cents)


class Amendment(AgreementPart):
    """What a later text changes: from its signature, its ceiling and its end replace those before."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="amendments")
    number = models.CharField(_("numéro"), max_length=80)
    signed_on = models.DateField(_("signé le"))
    subject = models.CharField(_("objet"), max_length=500)
    ceiling_cents = models.BigIntegerField(_("nouveau plafond"), null=True, blank=True)
    end = models.DateField(_("nouvelle fin"), null=True, blank=True)

    class Meta:
        ordering = ["signed_on", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "number"],
                name="amendment_once_per_agreement",
                violation_error_message="Un avenant porte déjà ce numéro.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.subject}"

    @property
    def ceiling(self) -> Decimal | None:
        return euros(self.ceiling_cents)


class AgreementMeasure(AgreementPart):
    """A measure of a plan that the agreement pays for; the measure is an item of the plan."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="measures")
    item = models.ForeignKey(Item, models.PROTECT, related_name="agreement_measures", verbose_name=_("action du plan"))
    cents = models.BigIntegerField(_("montant prévu"), null=True, blank=True)
    detail = models.CharField(_("ce qui est attendu"), max_length=500, blank=True)

    class Meta:
        ordering = ["item__position", "item__sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "item"],
                name="measure_once_per_agreement",
                violation_error_message="Cette action est déjà dans la convention.",
            )
        ]

    def __str__(self) -> str:
        return str(self.item)

    @property
    def amount(self) -> Decimal | None:
        return euros(self.cents)


class AgreementIndicator(AgreementPart):
    """An indicator on which the beneficiary reports; its targets and results are those of the indicator."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="indicators")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="agreement_indicators", verbose_name=_("indicateur"))
    expected = models.CharField(_("ce qui est attendu"), max_length=300, blank=True)

    class Meta:
        ordering = ["indicator__sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "indicator"],
                name="indicator_once_per_agreement",
                violation_error_message="Cet indicateur est déjà dans la convention.",
            )
        ]

    def __str__(self) -> str:
        return str(self.indicator)


class DocumentDue(AgreementPart):
    """A report or account that the beneficiary owes."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="documents")
    label = models.CharField(_("document"), max_length=200)
    due_on = models.DateField(_("attendu le"), null=True, blank=True)
    received_on = models.DateField(_("reçu le"), null=True, blank=True)
    note = models.CharField(_("remarque"), max_length=500, blank=True)

    class Meta:
        ordering = [F("due_on").asc(nulls_last=True), "label", "pk"]

    def __str__(self) -> str:
        return self.label
