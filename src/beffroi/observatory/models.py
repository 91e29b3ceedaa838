from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import Restricted, RestrictedQuerySet, User
from beffroi.provenance.models import Snapshot


class AnalysisRun(Restricted):
    """What a person kept of an analysis: how it was asked, what it read, what it gave. Never changed."""

    method = models.CharField(_("méthode"), max_length=60)
    title = models.CharField(_("titre"), max_length=200)
    parameters = models.JSONField(_("réglages"), default=dict)
    as_of = models.DateField(_("état au"))
    snapshots = models.ManyToManyField(Snapshot, related_name="analysis_runs", verbose_name=_("fichiers lus"))
    result = models.JSONField(_("résultat"), default=dict)
    result_hash = models.CharField(_("empreinte"), max_length=64)
    rows = models.IntegerField(_("lignes"))
    by = models.ForeignKey(User, models.PROTECT, related_name="analysis_runs", verbose_name=_("par"))
    at = models.DateTimeField(_("le"))
    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("observatory:run", args=[self.pk])
