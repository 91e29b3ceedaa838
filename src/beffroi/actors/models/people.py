from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from beffroi.accounts.models import Restricted, RestrictedQuerySet
from beffroi.actors.models.organisations import Organisation
from beffroi.reference.models import Item


class Contact(Restricted):
    """The least that is needed to reach somebody in an organisation."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="contacts")
    name = models.CharField(_("nom"), max_length=150)
    role = models.CharField(_("fonction"), max_length=150, blank=True)
    email = models.EmailField(_("courriel"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    last_contact = models.DateField(_("dernier échange"), null=True, blank=True)
    objects = RestrictedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class ProjectHolder(Restricted):
    """A person with a project and no number yet; becomes an organisation on the day it is created."""

    name = models.CharField(_("nom"), max_length=150)
    project = models.CharField(_("projet"), max_length=300)
    place = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lieu"))
    since = models.DateField(_("suivi depuis"))
    organisation = models.OneToOneField(Organisation, models.PROTECT, null=True, related_name="project_holder")
    objects = RestrictedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-since", "name", "pk"]

    def __str__(self) -> str:
        return self.project

    def get_absolute_url(self) -> str:
        return reverse("publishing:holder", args=[self.pk])
