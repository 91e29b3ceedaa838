"""Prospecting lists: criteria frozen at their date, shared between operators, who calls whom."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from beffroi.accounts.models import Partner, Restricted, RestrictedQuerySet, User
from beffroi.actors.models import Organisation
from beffroi.interactions.enums import TargetState


class Campaign(Restricted):
    title = models.CharField(_("campagne"), max_length=200)
    purpose = models.TextField(_("but"), blank=True)
    criteria = models.JSONField(_("critères"), default=dict)
    frozen_on = models.DateField(_("liste arrêtée le"), null=True, blank=True)
    since = models.DateField(_("du"), null=True, blank=True)
    until = models.DateField(_("au"), null=True, blank=True)
    partners = models.ManyToManyField(Partner, blank=True, related_name="campaigns", verbose_name=_("partagée avec"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    objects = RestrictedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-since", "title", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("interactions:campaign", args=[self.pk])


class Target(models.Model):
    """A company of a list; the campaign gives it its rights."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="targets")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="targets")
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="targets", verbose_name=_("opérateur")
    )
    caller = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="targets", verbose_name=_("suivie par")
    )
    state = models.CharField(_("état"), max_length=8, choices=TargetState, default=TargetState.TO_SEE)
    due_on = models.DateField(_("à faire avant le"), null=True, blank=True)
    facts = models.JSONField(default=dict)  # what made it a target, as it stood that day
    history = HistoricalRecords()

    class Meta:
        ordering = ["organisation__sort_key", "pk"]
        indexes = [models.Index(fields=["partner", "state"]), models.Index(fields=["caller", "state"])]
        constraints = [models.UniqueConstraint(fields=["campaign", "organisation"], name="target_once_per_campaign")]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.campaign}"
