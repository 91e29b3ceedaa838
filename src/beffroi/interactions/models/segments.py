"""What companies' accounts say of them, and the dated classes that a method draws from it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import Restricted, RestrictedQuerySet, User
from beffroi.actors.models import Organisation
from beffroi.provenance.models import Load


class Accounts(Restricted):
    """A company's figures of one financial year, as a source gives them; cents, and null where it does not say."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="accounts")
    year = models.PositiveSmallIntegerField(_("exercice"))
    months = models.PositiveSmallIntegerField(_("durée en mois"), null=True)
    kind = models.CharField(_("comptes"), max_length=12, blank=True)  # social, consolidated
    sector = models.CharField(_("secteur"), max_length=8, blank=True)
    turnover = models.BigIntegerField(null=True)
    value_added = models.BigIntegerField(null=True)
    ebitda = models.BigIntegerField(null=True)
    investment = models.BigIntegerField(null=True)
    intangible_assets = models.BigIntegerField(null=True)
    total_assets = models.BigIntegerField(null=True)
    equity = models.BigIntegerField(null=True)
    headcount = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    load = models.ForeignKey(Load, models.PROTECT, null=True, related_name="+")
    locator = models.CharField(max_length=80, blank=True)
    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "year"]
        constraints = [models.UniqueConstraint(fields=["organisation", "year", "kind", "load"], name="accounts_once_per_load")]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.year}"


class SegmentationRun(Restricted):
    """One application of a method: its version, the year it looks at, the thresholds of each sector that it used."""

    method = models.CharField(_("méthode"), max_length=40)
    version = models.CharField(_("version"), max_length=40)
    on = models.DateField(_("date"))
    year = models.PositiveSmallIntegerField(_("dernier exercice"))
    thresholds = models.JSONField(default=list)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.method} ({self.version}) · {self.on:%d/%m/%Y}"


class Segmentation(models.Model):
    """The class of a company in a run; the run gives it its rights."""

    run = models.ForeignKey(SegmentationRun, models.CASCADE, related_name="classes")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="segmentations")
    segment = models.CharField(_("classe"), max_length=40, blank=True)  # empty: not enough is known
    inputs = models.JSONField(default=dict)
    remarks = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["organisation__sort_key", "pk"]
        indexes = [models.Index(fields=["run", "segment"])]
        constraints = [models.UniqueConstraint(fields=["run", "organisation"], name="segmentation_once_per_run")]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.segment}"
