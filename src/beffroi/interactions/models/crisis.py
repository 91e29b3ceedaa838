"""Companies in difficulty: seen by the named members of their cell, absent from everything else."""

from decimal import Decimal
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from beffroi.accounts.models import AnyUser, Partner, User
from beffroi.actors.models import Organisation
from beffroi.interactions.enums import CrisisCause, WayOut


class CrisisCellQuerySet(models.QuerySet["CrisisCell"]):
    def visible_to(self, user: AnyUser) -> Self:
        """A named member alone, and for as long as an institution counts the person as its own."""
        if not user.is_authenticated or user.pk is None or not user.partner_ids:
            return self.none()
        now = CrisisMember.objects.filter(user=user.pk, until__isnull=True)
        return self.filter(pk__in=now.values("cell"))


class CrisisCell(models.Model):
    name = models.CharField(_("cellule"), max_length=200)
    owner = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name=_("institution responsable"))
    since = models.DateField(_("depuis"))
    until = models.DateField(_("jusqu’au"), null=True, blank=True)
    objects = CrisisCellQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-since", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("interactions:crisis_cell", args=[self.pk])


class CrisisMember(models.Model):
    cell = models.ForeignKey(CrisisCell, models.CASCADE, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, related_name="crisis_cells", verbose_name=_("membre"))
    leads = models.BooleanField(_("anime la cellule"), default=False)
    since = models.DateField(_("depuis"))
    until = models.DateField(_("jusqu’au"), null=True, blank=True)
    objects = models.Manager["CrisisMember"]()
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "user"], condition=Q(until__isnull=True), name="crisis_member_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.cell}"


class CrisisCaseQuerySet(models.QuerySet["CrisisCase"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self.filter(cell__in=CrisisCell.objects.visible_to(user).values("pk"))


class CrisisCase(models.Model):
    cell = models.ForeignKey(CrisisCell, models.PROTECT, related_name="cases")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entreprise")
    )
    name = models.CharField(_("entreprise, comme dite"), max_length=200, blank=True)  # known to nobody else here
    cause = models.CharField(_("nature de la difficulté"), max_length=12, choices=CrisisCause, blank=True)
    since = models.DateField(_("suivie depuis"))
    need_cents = models.BigIntegerField(_("besoin de financement"), null=True, blank=True, validators=[MinValueValidator(0)])
    jobs = models.PositiveIntegerField(_("emplois concernés"), null=True, blank=True)
    headcount = models.PositiveIntegerField(_("effectif"), null=True, blank=True)
    sector = models.CharField(_("secteur"), max_length=80, blank=True)
    note = models.TextField(_("situation"), blank=True)
    way_out = models.CharField(_("sortie"), max_length=10, choices=WayOut, blank=True)
    out_on = models.DateField(_("sortie le"), null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    objects = CrisisCaseQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "organisation"], condition=Q(out_on__isnull=True), name="crisis_case_open_once"
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, name="") | (Q(organisation__isnull=True) & ~Q(name="")),
                name="crisis_case_about_one",
                violation_error_message="Choisissez une entreprise de l’annuaire, ou écrivez son nom.",
            ),
            models.CheckConstraint(
                condition=Q(out_on__isnull=True, way_out="") | (Q(out_on__isnull=False) & ~Q(way_out="")),
                name="crisis_case_out_with_its_way",
                violation_error_message="Une sortie a une date et une issue.",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.organisation)

    def get_absolute_url(self) -> str:
        return reverse("interactions:crisis_case", args=[self.pk])

    @property
    def need(self) -> Decimal | None:
        return None if self.need_cents is None else Decimal(self.need_cents) / 100


class CrisisTreatment(models.Model):
    """What was done for a case; a case may have none stated."""

    case = models.ForeignKey(CrisisCase, models.CASCADE, related_name="treatments")
    label = models.CharField(_("traitement"), max_length=200)
    on = models.DateField(_("date"))
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("par"))
    cents = models.BigIntegerField(_("montant"), null=True, blank=True)
    text = models.TextField(_("précision"), blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def amount(self) -> Decimal | None:
        return None if self.cents is None else Decimal(self.cents) / 100
