from django.db import models
from django.utils.translation import gettext_lazy as _

from beffroi.actors.enums import CLOSED_TO_PUBLIC, Diffusion, EstablishmentState, Headcount
from beffroi.actors.models.organisations import Organisation
from beffroi.provenance.models import FromRegister
from beffroi.reference.models import Item


class Establishment(FromRegister):
    """A place where an organisation works. Its commune is a code of a year, tied to the territory when that one is known."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="establishments")
    siret = models.CharField(_("SIRET"), max_length=14, null=True, blank=True)  # noqa: DJ001 - unique: no number is no value
    name = models.CharField(_("enseigne"), max_length=300, blank=True)
    commune = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    commune_code = models.CharField(_("code commune"), max_length=5, blank=True)
    commune_year = models.SmallIntegerField(_("millésime du code"), null=True, blank=True)
    commune_name = models.CharField(_("commune"), max_length=100, blank=True)
    address = models.CharField(_("adresse"), max_length=300, blank=True)
    postcode = models.CharField(_("code postal"), max_length=10, blank=True)
    activity = models.CharField(_("activité principale"), max_length=8, blank=True)
    activity_version = models.CharField(_("nomenclature"), max_length=10, blank=True)
    headcount = models.CharField(_("tranche d’effectif"), max_length=40, choices=Headcount, blank=True)
    headcount_year = models.SmallIntegerField(null=True, blank=True)
    diffusion = models.CharField(_("diffusion"), max_length=1, choices=Diffusion, blank=True)
    state = models.CharField(_("état"), max_length=1, choices=EstablishmentState, blank=True)
    is_seat = models.BooleanField(_("siège"), null=True, blank=True)
    is_employer = models.BooleanField(_("employeur"), null=True, blank=True)
    since = models.DateField(_("depuis"), null=True, blank=True)
    until = models.DateField(_("fermé le"), null=True, blank=True)
    situation_since = models.DateField(_("situation depuis"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["siret"], name="establishment_siret_once")]

    def __str__(self) -> str:
        return self.siret or self.name

    @property
    def is_published(self) -> bool:
        return self.diffusion not in CLOSED_TO_PUBLIC


class EstablishmentPeriod(FromRegister):
    """What an establishment was over a time: state, activity in the nomenclature of the time, place, size."""

    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="periods")
    key = models.CharField(max_length=25)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    state = models.CharField(max_length=1, choices=EstablishmentState, blank=True)
    activity = models.CharField(max_length=8, blank=True)
    activity_version = models.CharField(max_length=10, blank=True)
    commune_code = models.CharField(max_length=5, blank=True)
    commune_year = models.SmallIntegerField(null=True)
    commune_name = models.CharField(max_length=100, blank=True)
    headcount = models.CharField(max_length=2, choices=Headcount, blank=True)

    class Meta:
        ordering = ["establishment", "since"]
        constraints = [models.UniqueConstraint(fields=["key"], name="establishment_period_once")]

    def __str__(self) -> str:
        return self.key
