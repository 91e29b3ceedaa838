from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from beffroi.accounts.models import Restricted, RestrictedQuerySet
from beffroi.actors.models import Organisation, ProjectHolder
from beffroi.funding.enums import Cycle
from beffroi.funding.models.calls import Call
from beffroi.funding.models.claims import CENTS
from beffroi.funding.models.operations import Operation
from beffroi.funding.models.programmes import Programme
from beffroi.reference.models import Item


class ApplicationQuerySet(RestrictedQuerySet):
    def of_owner(self, partners: set[int]) -> Self:
        return self.filter(owner__in=partners)


class Application(Restricted):
    """A file on its way: what is asked, by whom, for what; it becomes an operation."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="applications", verbose_name=_("programme"))
    call = models.ForeignKey(Call, models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("appel"))
    cycle = models.CharField(_("cycle de vie"), max_length=16, choices=Cycle)
    namespace = models.CharField(max_length=80)
    code = models.CharField(_("numéro de dossier"), max_length=80)
    title = models.CharField(_("intitulé"), max_length=500)
    description = models.TextField(_("description"), blank=True)
    applicant = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("demandeur")
    )
    holder = models.ForeignKey(
        ProjectHolder, models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("porteur de projet")
    )
    written_applicant = models.CharField(_("demandeur, comme écrit"), max_length=300, blank=True)
    written_identifier = models.CharField(_("identifiant, comme écrit"), max_length=80, blank=True)
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("élément du programme")
    )
    place = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lieu"))
    start = models.DateField(_("début prévu"), null=True, blank=True)
    end = models.DateField(_("fin prévue"), null=True, blank=True)
    total_cents = models.BigIntegerField(null=True, blank=True)
    eligible_cents = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    operation = models.OneToOneField(Operation, models.PROTECT, null=True, blank=True, related_name="application")
    sort_key = models.CharField(max_length=300)
    objects = ApplicationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["sort_key", "pk"]
        indexes = [models.Index(fields=["cycle"])]
        constraints = [
            models.UniqueConstraint(
                fields=["namespace", "code"],
                name="application_once_per_document",
                violation_error_message="Un dossier de ce numéro existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(end__isnull=True) | Q(end__gte=F("start")),
                name="application_ends_after_it_starts",
                violation_error_message="La fin prévue ne précède pas le début prévu.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("funding:application", args=[self.pk])

    @property
    def total_cost(self) -> Decimal | None:
        return None if self.total_cents is None else self.total_cents / CENTS

    @property
    def eligible_cost(self) -> Decimal | None:
        return None if self.eligible_cents is None else self.eligible_cents / CENTS

    @property
    def applicant_name(self) -> str:
        return str(self.applicant or self.holder or self.written_applicant)
