"""Accompaniments, their steps and results; awareness actions in schools."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from beffroi.accounts.models import Restricted, RestrictedQuerySet, User
from beffroi.actors.models import Organisation
from beffroi.interactions.enums import SupportResultKind, SupportState, SupportStepKind
from beffroi.interactions.models.about import About, AboutQuerySet, Detailed
from beffroi.interactions.models.needs import Referral, Service
from beffroi.reference.models import Item


class Support(About, Detailed):
    """That an operator accompanies a company is for partners; what is done follows `detail_visibility`."""

    client_id = models.CharField(max_length=64)
    kind = models.ForeignKey(Item, models.PROTECT, related_name="supports", verbose_name=_("nature"))
    title = models.CharField(_("objet"), max_length=300)
    since = models.DateField(_("depuis"))
    until = models.DateField(_("jusqu’au"), null=True, blank=True)
    state = models.CharField(_("état"), max_length=8, choices=SupportState, default=SupportState.OPEN)
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="supports", verbose_name=_("service")
    )
    referral = models.OneToOneField(Referral, models.PROTECT, null=True, blank=True, related_name="support")
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="area_supports", verbose_name=_("domaine prioritaire")
    )
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="supports", verbose_name=_("suivi par"))
    recorded_at = models.DateTimeField()
    objects = AboutQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(About.Meta):
        ordering = ["-since", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "-since"]),
            models.Index(fields=["owner", "-since"]),
            models.Index(fields=["-since"]),
        ]
        constraints = [
            *About.Meta.constraints,
            models.UniqueConstraint(fields=["owner", "client_id"], name="support_once_per_operator"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="support_ends_after_it_starts",
                violation_error_message="La fin d’un accompagnement ne précède pas son début.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("interactions:support", args=[self.pk])


class SupportStep(models.Model):
    support = models.ForeignKey(Support, models.CASCADE, related_name="steps")
    kind = models.CharField(_("étape"), max_length=12, choices=SupportStepKind)
    on = models.DateField(_("date"))
    minutes = models.PositiveIntegerField(_("durée, en minutes"), null=True, blank=True)
    text = models.TextField(_("note"), blank=True)
    cents = models.BigIntegerField(_("prime versée"), null=True, blank=True, validators=[MinValueValidator(0)])
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("par"))
    history = HistoricalRecords()

    class Meta:
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["support", "on"])]

    def __str__(self) -> str:
        return f"{SupportStepKind(self.kind).label} · {self.on:%d/%m/%Y}"

    @property
    def amount(self) -> Decimal | None:
        return None if self.cents is None else Decimal(self.cents) / 100


class SupportResult(models.Model):
    support = models.ForeignKey(Support, models.CASCADE, related_name="results")
    kind = models.CharField(_("résultat"), max_length=16, choices=SupportResultKind)
    on = models.DateField(_("constaté le"))
    value = models.DecimalField(_("nombre"), max_digits=14, decimal_places=2, null=True, blank=True)
    text = models.CharField(_("précision"), max_length=300, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return str(SupportResultKind(self.kind).label)


class SchoolAction(Restricted):
    """Making pupils and students want to create: an action, its school, how many it reached."""

    school = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="school_actions", verbose_name=_("établissement")
    )
    school_name = models.CharField(_("établissement, comme dit"), max_length=300, blank=True)
    title = models.CharField(_("action"), max_length=300)
    on = models.DateField(_("date"))
    pupils = models.PositiveIntegerField(_("élèves et étudiants"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("durée, en minutes"), null=True, blank=True)
    place = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lieu"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    objects = RestrictedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return self.title
