from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from beffroi.accounts.models import Restricted, RestrictedQuerySet, User
from beffroi.core.models import believed_at
from beffroi.provenance.enums import NEXT, RUNNING, AnomalyState, Extent, LoadState, check_label


class Source(models.Model):
    """A publication that states facts: a document, a register, a file that somebody sends every month."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    title = models.CharField(_("titre"), max_length=300)
    publisher = models.CharField(_("éditeur"), max_length=200)
    publisher_siren = models.CharField(max_length=9, blank=True, validators=[RegexValidator(r"^\d{9}$")])
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    address = models.URLField(_("adresse"), max_length=500, blank=True)
    periodicity = models.CharField(_("périodicité"), max_length=60, blank=True)
    months_fresh = models.PositiveSmallIntegerField(_("fraîche pendant (mois)"), null=True, blank=True)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("provenance:source", args=[self.code])


class Snapshot(models.Model):
    """A file as it came, kept by its hash."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="snapshots")
    filename = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    as_of = models.DateField(_("date de valeur"), null=True)
    published_on = models.DateField(_("publié le"), null=True)
    taken_at = models.DateTimeField(auto_now_add=True)
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-taken_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "sha256", "filename", "as_of"], name="snapshot_once_per_source_and_date")
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def path(self) -> Path:
        """Where the file is kept in the data folder; its suffixes say how it is read."""
        suffixes = "".join(Path(self.filename).suffixes[-2:])
        return Path(settings.DATA) / "snapshots" / self.sha256[:2] / f"{self.sha256}{suffixes}"


class Profile(models.Model):
    """How a kind of file is read: the seeded ones come from `connectors/profiles`, the others are cloned on screen."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    label = models.CharField(_("nom"), max_length=200)
    target = models.CharField(_("destination"), max_length=60)
    definition = models.JSONField(_("définition"))
    cloned_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="clones")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    history = HistoricalRecords()

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("provenance:profile", args=[self.code])


class LoadQuerySet(RestrictedQuerySet):
    def applied(self) -> Self:
        return self.filter(state=LoadState.APPLIED)

    def stated_by(self, document: str) -> Self:
        return self.filter(snapshot__source__code=document)


class Load(Restricted):
    """One file through one profile: checked, then applied in one transaction."""

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="loads")
    profile = models.ForeignKey(Profile, models.PROTECT, related_name="loads")
    extent = models.CharField(_("étendue"), max_length=8, choices=Extent, default=Extent.FULL)
    state = models.CharField(_("état"), max_length=12, choices=LoadState, default=LoadState.WAITING)
    started = models.DateTimeField(auto_now_add=True)
    ended = models.DateTimeField(null=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    read = models.IntegerField(_("lues"), default=0)
    added = models.IntegerField(_("ajoutées"), default=0)
    changed = models.IntegerField(_("modifiées"), default=0)
    unchanged = models.IntegerField(_("inchangées"), default=0)
    closed = models.IntegerField(_("closes"), default=0)
    rejected = models.IntegerField(_("rejetées"), default=0)
    progress = models.SmallIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    message = models.CharField(max_length=1000, blank=True)
    encoding = models.CharField(max_length=40, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    columns = models.JSONField(default=list)
    ignored = models.JSONField(default=list)
    objects = LoadQuerySet.as_manager()

    class Meta:
        ordering = ["-started", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(progress__range=(0, 100)), name="load_progress_is_a_percentage")]

    def __str__(self) -> str:
        return f"{self.profile} · {self.snapshot}"

    def get_absolute_url(self) -> str:
        return reverse("provenance:load", args=[self.pk])

    @property
    def loaded(self) -> int:
        return self.added + self.changed + self.unchanged

    @property
    def difference(self) -> int:
        """Rows that are neither loaded nor rejected: zero, or something is wrong."""
        return self.read - self.loaded - self.rejected

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def is_over(self) -> bool:
        return not NEXT[LoadState(self.state)]


class Rejection(models.Model):
    """A row that could not be loaded, as it came, and what would make it right."""

    load = models.ForeignKey(Load, models.CASCADE, related_name="rejections")
    row = models.IntegerField(_("ligne"))
    column = models.CharField(_("colonne"), max_length=120, blank=True)
    value = models.CharField(_("valeur"), max_length=500, blank=True)
    sentence = models.CharField(_("motif"), max_length=500)
    content = models.JSONField(default=dict)

    class Meta:
        ordering = ["row", "pk"]

    def __str__(self) -> str:
        return f"{self.row} {self.column} {self.sentence}"


class Statement(models.Model):
    """A source row that states a thing without a value of its own (an item, an organisation, a relation, a meeting...)."""

    load = models.ForeignKey(Load, models.PROTECT, related_name="statements")
    row = models.IntegerField()
    place = models.CharField(max_length=500, blank=True)
    key = models.CharField(max_length=32)
    occurrence = models.IntegerField(default=1)
    content_hash = models.CharField(max_length=32)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    label = models.CharField(max_length=500, blank=True)
    recorded_from = models.DateTimeField()
    recorded_to = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id"]), models.Index(fields=["key"])]

    def __str__(self) -> str:
        return self.label


class FromRegister(models.Model):
    """A row of a register of millions: it carries itself the file and the line that state it. An empty hash: the latest
    complete file of its source does not have it any more."""

    load = models.ForeignKey(Load, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    row = models.IntegerField(null=True, blank=True)
    content_hash = models.CharField(max_length=32, blank=True)

    class Meta:
        abstract = True


class ClaimQuerySet(RestrictedQuerySet):
    def known_on(self, moment: Any) -> Self:
        return self.filter(believed_at(moment))

    def current(self) -> Self:
        return self.filter(recorded_to__isnull=True)


class Claim(Restricted):
    """What one row of one source says about a subject that has no value of its own. `stated_on`: the date the source
    speaks for; `recorded_from`/`recorded_to`: when Beffroi believed it."""

    load = models.ForeignKey(Load, models.PROTECT, null=True, related_name="+")
    row = models.IntegerField(null=True)
    place = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    key = models.CharField(max_length=32)
    occurrence = models.IntegerField(default=1)
    content_hash = models.CharField(max_length=32)
    as_written = models.CharField(max_length=200)
    qualifiers = models.JSONField(default=dict)
    stated_on = models.DateField(null=True)
    recorded_from = models.DateTimeField()
    recorded_to = models.DateTimeField(null=True)
    objects = ClaimQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["key"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(load__isnull=False, row__isnull=False) | Q(load__isnull=True, by__isnull=False),
                name="%(app_label)s_%(class)s_has_an_origin",
                violation_error_message="Une valeur vient d’une ligne d’un fichier ou d’une personne.",
            ),
        ]

    def __str__(self) -> str:
        return self.as_written


class Settlement(models.Model):
    """Which claim stands, by a rule or a person, and why."""

    rule = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("raison"), max_length=500)
    recorded_from = models.DateTimeField()
    recorded_to = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.reason


class AnomalyQuerySet(RestrictedQuerySet):
    def open(self) -> Self:
        return self.filter(state=AnomalyState.OPEN)


class Anomaly(Restricted):
    """What a check found: kept until a person settles it with a reason; a settled one stays settled."""

    check_name = models.CharField(_("contrôle"), max_length=60)
    key = models.CharField(max_length=32, unique=True)
    title = models.CharField(_("objet"), max_length=300)
    written = models.CharField(_("ce qui est écrit"), max_length=500)
    expected = models.CharField(_("ce qui était attendu"), max_length=500)
    difference = models.CharField(_("écart"), max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=AnomalyState, default=AnomalyState.OPEN)
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("raison"), max_length=500, blank=True)
    objects = AnomalyQuerySet.as_manager()

    class Meta:
        ordering = ["check_name", "title", "pk"]
        indexes = [models.Index(fields=["check_name", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=AnomalyState.SETTLED) | (Q(settled_at__isnull=False) & ~Q(reason="")),
                name="anomaly_settled_with_a_reason",
                violation_error_message="Une anomalie se règle avec une raison.",
            ),
            models.CheckConstraint(condition=Q(seen_at__gte=F("found_at")), name="anomaly_seen_after_found"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("provenance:anomaly", args=[self.pk])

    @property
    def check_label(self) -> str:
        return check_label(self.check_name)


class AnomalySubject(models.Model):
    """The things that an anomaly is about, so that a sheet can show its own."""

    anomaly = models.ForeignKey(Anomaly, models.CASCADE, related_name="about")
    kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["anomaly", "kind", "subject_id"], name="anomaly_subject_once")]
        indexes = [models.Index(fields=["kind", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.kind}:{self.subject_id}"
