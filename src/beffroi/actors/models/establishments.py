from django.db import models
from django.utils.translation import gettext_lazy as _

from beffroi.actors.models.organisations import Organisation
from beffroi.reference.models import Item


class Establishment(models.Model):
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="establishments")
    siret = models.CharField(_("SIRET"), max_length=14, null=True, blank=True, unique=True)
    name = models.CharField(_("enseigne"), max_length=300, blank=True)
    commune = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    naf = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    headcount = models.CharField(_("tranche d’effectif"), max_length=40, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    def __str__(self) -> str:
        return self.siret or self.name
