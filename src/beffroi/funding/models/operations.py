from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import Restricted, RestrictedQuerySet
from beffroi.actors.enums import RelationKind
from beffroi.actors.models import Organisation
from beffroi.funding.enums import PlaceBasis
from beffroi.funding.models.programmes import Programme
from beffroi.funding.models.regimes import AidRegime
from beffroi.reference.models import Item


class Operation(Restricted):
    """What is done with the money: one principal item carries it, secondary items point without amount. What it costs is
    what sources claim of its sums."""

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
    aid_regime = models.ForeignKey(AidRegime, models.PROTECT, null=True, blank=True, related_name="operations")
    decided_on = models.DateField(_("date de décision"), null=True)
    beneficiary = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="operations_received")
    written_beneficiary = models.CharField(_("bénéficiaire, comme écrit"), max_length=300, blank=True)
    written_identifier = models.CharField(_("identifiant, comme écrit"), max_length=80, blank=True)
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
            models.UniqueConstraint(
                fields=["namespace", "code"],
                name="operation_once_per_document",
                violation_error_message="Une opération porte déjà ce numéro.",
            ),
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
