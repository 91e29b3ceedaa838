from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import Restricted, RestrictedQuerySet, User
from beffroi.observatory.enums import LabelSource, LabelState
from beffroi.provenance.models import Snapshot
from beffroi.reference.models import Vocabulary


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


class Portfolio(Restricted):
    """A list of texts of projects that a person brought to be classed."""

    title = models.CharField(_("titre"), max_length=200)
    framework_code = models.CharField(_("cadre"), max_length=80)
    origin = models.CharField(_("d’où viennent les textes"), max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="portfolios", verbose_name=_("par"))
    at = models.DateTimeField(_("le"))
    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("observatory:portfolio", args=[self.pk])


class PortfolioText(models.Model):
    """`operation`: the operation of the base that it tells, when it is one."""

    portfolio = models.ForeignKey(Portfolio, models.CASCADE, related_name="texts")
    position = models.PositiveIntegerField()
    key = models.CharField(_("identifiant"), max_length=120)
    title = models.CharField(_("intitulé"), max_length=500)
    description = models.TextField(_("description"), blank=True)
    operation = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["portfolio", "position"]
        constraints = [models.UniqueConstraint(fields=["portfolio", "key"], name="portfolio_text_once")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("observatory:portfolio_text", args=[self.pk])

    @property
    def words(self) -> str:
        return f"{self.title}. {self.description}" if self.description else self.title


class TextLabel(models.Model):
    """An area that a text speaks of, or none (`label` empty), and what a person said of it. `edition`: of the vocabulary."""

    text = models.ForeignKey(PortfolioText, models.CASCADE, related_name="labels")
    vocabulary = models.ForeignKey(Vocabulary, models.PROTECT, related_name="+")
    label = models.CharField(_("domaine"), max_length=80, blank=True)
    confidence = models.FloatField(_("confiance"))
    source = models.CharField(max_length=12, choices=LabelSource)
    terms = models.CharField(_("termes"), max_length=500, blank=True)
    edition = models.PositiveIntegerField(_("édition"))
    state = models.CharField(max_length=10, choices=LabelState, default=LabelState.PROPOSED)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["text", "vocabulary", "-confidence", "label"]
        constraints = [
            models.UniqueConstraint(fields=["text", "vocabulary", "label"], name="text_label_once"),
            models.CheckConstraint(
                condition=Q(state=LabelState.PROPOSED, by__isnull=True, at__isnull=True)
                | Q(state__in=[LabelState.ACCEPTED, LabelState.REFUSED], by__isnull=False, at__isnull=False),
                name="text_label_decided_by_somebody",
                violation_error_message="Une décision a une personne et une date.",
            ),
        ]

    def __str__(self) -> str:
        return self.label or "—"
