from django.db import models
from django.utils.translation import gettext_lazy as _

from beffroi.actors.enums import Evaluation
from beffroi.actors.models.organisations import Organisation
from beffroi.reference.models import Item


class Label(models.Model):
    """A label that somebody grants, its dates and how it was evaluated."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="labels")
    labeller = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="labels_granted")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="labels")
    level = models.CharField(_("niveau"), max_length=80, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    evaluation = models.CharField(max_length=12, choices=Evaluation, blank=True)
    detail = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.organisation} · {self.level}"
