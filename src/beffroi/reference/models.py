from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import Restricted, RestrictedQuerySet, User
from beffroi.core.models import believed_at
from beffroi.core.text import search_key
from beffroi.reference.enums import FrameworkKind, MovementKind, RuleKind, Strength, SuccessionKind, SystemKind


class Framework(Restricted):
    """A strategy, programme, contract, scheme, classification or geography: a thing that has dated trees."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    label = models.CharField(_("intitulé"), max_length=300)
    kind = models.CharField(_("nature"), max_length=16, choices=FrameworkKind)
    sort_key = models.CharField(max_length=300, editable=False)
    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("reference:framework", args=[self.code])

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = search_key(self.label)
        super().save(*args, **kwargs)


class VersionQuerySet(models.QuerySet["Version"]):
    def valid_on(self, day: Any) -> Self:
        return self.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class Version(models.Model):
    """A framework as it stood over a time; for a geography, the year of its codes."""

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="versions")
    code = models.CharField(_("version"), max_length=40, default="1")
    valid_from = models.DateField(_("valable du"), null=True, blank=True)
    valid_to = models.DateField(_("valable jusqu’au"), null=True, blank=True)
    written_period = models.CharField(max_length=60, blank=True)
    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["framework", "code"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="version_once_per_framework"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="version_ends_after_it_starts",
                violation_error_message="La fin d’une version ne précède pas son début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework} ({self.code})"


class ItemQuerySet(RestrictedQuerySet):
    def of_framework(self, code: str) -> Self:
        return self.filter(version__framework__code=code)

    def at_level(self, level: str) -> Self:
        return self.filter(level=level)


class Item(Restricted):
    """A node of a version's tree: an axis, an action, a specialisation, a territory, an industry."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="items")
    code = models.CharField(_("code"), max_length=80)
    label = models.CharField(_("intitulé"), max_length=500)
    label_en = models.CharField(_("intitulé anglais"), max_length=500, blank=True)
    language = models.CharField(_("langue"), max_length=5, default="fr")
    level = models.CharField(_("niveau"), max_length=40)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name=_("parent"))
    position = models.IntegerField(default=0)
    sort_key = models.CharField(max_length=200, editable=False)
    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["version", "position", "sort_key"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="item_once_per_version")]
        indexes = [models.Index(fields=["level"]), models.Index(fields=["code"])]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("publishing:item", args=[self.pk])


class ItemAlias(models.Model):
    """The code under which a source names an item that another source named first, and why they are the same."""

    scheme = models.CharField(max_length=80)
    framework_code = models.CharField(max_length=80)
    code = models.CharField(max_length=80)
    target_framework = models.CharField(max_length=80)
    target_code = models.CharField(max_length=80)
    reason = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "framework_code", "code"], name="alias_once_per_source")]

    def __str__(self) -> str:
        return f"{self.framework_code}:{self.code} = {self.target_framework}:{self.target_code}"


class Succession(models.Model):
    """An item that continues another: a dated edge, never an overwrite."""

    before = models.ForeignKey(Item, models.PROTECT, related_name="successors")
    after = models.ForeignKey(Item, models.PROTECT, related_name="predecessors")
    kind = models.CharField(max_length=10, choices=SuccessionKind)
    on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["before", "after"], name="succession_once"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="succession_between_two_items"),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Rule(Restricted):
    """A rule that a programme states, as a row: what must hold, at which level, binding or aimed at."""

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="rules")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="rules")
    label = models.CharField(_("règle"), max_length=500)
    kind = models.CharField(_("nature"), max_length=12, choices=RuleKind)
    value = models.CharField(_("valeur"), max_length=300, blank=True)
    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["framework", "kind", "label"]

    def __str__(self) -> str:
        return self.label


class NamedSystem(Restricted):
    """A tool, register, procedure, network or method that a document describes or asks for."""

    label = models.CharField(_("nom"), max_length=300)
    namespace = models.CharField(max_length=80)
    kind = models.CharField(_("nature"), max_length=12, choices=SystemKind)
    purpose = models.TextField(_("à quoi il sert"), blank=True)
    users = models.TextField(_("qui s’en sert"), blank=True)
    inputs = models.TextField(_("ce qui y entre"), blank=True)
    outputs = models.TextField(_("ce qui en sort"), blank=True)
    frequency = models.CharField(_("rythme"), max_length=200, blank=True)
    sort_key = models.CharField(max_length=300)
    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [models.UniqueConstraint(fields=["namespace", "label"], name="system_once_per_document")]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("reference:system", args=[self.pk])


class CrosswalkQuerySet(RestrictedQuerySet):
    def with_counts(self) -> Self:
        now = Q(correspondences__recorded_to__isnull=True)
        rows = self.select_related("source__framework", "target__framework").annotate(size=Count("correspondences", filter=now))
        return rows.order_by("source__framework__sort_key", "target__framework__sort_key")


class Crosswalk(Restricted):
    """Correspondences from one version to another, or inside one."""

    source = models.ForeignKey(Version, models.PROTECT, related_name="crosswalks_out")
    target = models.ForeignKey(Version, models.PROTECT, related_name="crosswalks_in")
    objects = CrosswalkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target"], name="crosswalk_once")]

    def __str__(self) -> str:
        return f"{self.source.framework} → {self.target.framework}"

    def get_absolute_url(self) -> str:
        return reverse("reference:crosswalk", args=[self.pk])


class CorrespondenceQuerySet(models.QuerySet["Correspondence"]):
    def visible_to(self, viewer: Any) -> Self:
        """Those of which the reader may see both ends."""
        shown = Item.objects.visible_to(viewer)
        return self.filter(source__in=shown, target__in=shown)

    def known_on(self, moment: Any) -> Self:
        return self.filter(believed_at(moment))

    def current(self) -> Self:
        return self.filter(recorded_to__isnull=True)


class Correspondence(models.Model):
    """From one item to another: all of it, a part (weight known or not), related without money, or expressly nothing."""

    crosswalk = models.ForeignKey(Crosswalk, models.PROTECT, related_name="correspondences")
    source = models.ForeignKey(Item, models.PROTECT, related_name="correspondences_out", verbose_name=_("de"))
    target = models.ForeignKey(Item, models.PROTECT, related_name="correspondences_in", verbose_name=_("vers"))
    strength = models.CharField(_("force"), max_length=8, choices=Strength)
    weight = models.DecimalField(_("part"), max_digits=7, decimal_places=6, null=True, blank=True)
    reason = models.CharField(_("raison"), max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_from = models.DateTimeField()
    recorded_to = models.DateTimeField(null=True)
    objects = CorrespondenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target"], condition=Q(recorded_to__isnull=True), name="correspondence_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(weight__isnull=True)
                | (Q(strength="partial") & Q(weight__gt=Decimal(0)) & Q(weight__lte=Decimal(1))),
                name="correspondence_weight_only_when_partial",
                violation_error_message="Une part va de 0 à 1 et ne se donne que pour une correspondance partielle.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target} ({self.strength})"


class Place(models.Model):
    """What Beffroi knows of a territory item beyond its name: its population and its own number."""

    item = models.OneToOneField(Item, models.CASCADE, related_name="place")
    population = models.IntegerField(null=True)
    siren = models.CharField(max_length=9, blank=True)

    def __str__(self) -> str:
        return str(self.item)


class PlaceMembership(models.Model):
    """A territory inside another of a different geography, the same year (a commune in its EPCI)."""

    part = models.ForeignKey(Item, models.PROTECT, related_name="inside")
    whole = models.ForeignKey(Item, models.PROTECT, related_name="contains")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["part", "whole"], name="place_membership_once")]

    def __str__(self) -> str:
        return f"{self.part} ⊂ {self.whole}"


class Boundary(models.Model):
    """An outline of a territory, as the file that somebody loaded draws it; a file may draw one territory in several parts, and
    several sources may draw the same territory."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="boundaries")
    load = models.ForeignKey("provenance.Load", models.PROTECT, null=True, related_name="+")
    part = models.CharField(max_length=50)
    rings = models.TextField(_("contour"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "load", "part"], name="boundary_part_once_per_load")]

    def __str__(self) -> str:
        return str(self.item)


class CodePassage(models.Model):
    """A commune whose code is no longer the same, or only a share of it: from the geography of a year to that of another."""

    before_year = models.SmallIntegerField()
    after_year = models.SmallIntegerField()
    before_code = models.CharField(max_length=5)
    after_code = models.CharField(max_length=5)
    kind = models.CharField(max_length=10, choices=SuccessionKind)
    share = models.DecimalField(max_digits=7, decimal_places=6, null=True)
    on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["before_year", "after_year", "before_code", "after_code"], name="code_passage_once"
            ),
            models.CheckConstraint(condition=Q(after_year__gt=F("before_year")), name="code_passage_goes_forward"),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gt=0, share__lte=1), name="code_passage_share_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before_code} ({self.before_year}) → {self.after_code} ({self.after_year})"


class CommuneMovement(models.Model):
    """What happened to a commune one day, as INSEE writes it: a name, a merger, a removal, another code."""

    on = models.DateField()
    kind = models.CharField(max_length=2, choices=MovementKind)
    before_type = models.CharField(max_length=4, blank=True)
    before_code = models.CharField(max_length=5, blank=True, db_index=True)
    before_label = models.CharField(max_length=200, blank=True)
    after_type = models.CharField(max_length=4, blank=True)
    after_code = models.CharField(max_length=5, blank=True, db_index=True)
    after_label = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.before_code} → {self.after_code} ({self.on})"


class Vocabulary(models.Model):
    """Words by which texts are recognised as items of a framework. Each change makes an edition; none is ever rewritten."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    label = models.CharField(_("intitulé"), max_length=300)
    framework_code = models.CharField(_("cadre"), max_length=80)
    level = models.CharField(_("niveau"), max_length=40)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("observatory:vocabulary", args=[self.code])


class VocabularyEdition(models.Model):
    """`by`: nobody for an edition that came with Beffroi."""

    vocabulary = models.ForeignKey(Vocabulary, models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField(_("édition"))
    note = models.CharField(_("ce qui change"), max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["vocabulary", "number"], name="vocabulary_edition_once")]

    def __str__(self) -> str:
        return f"{self.vocabulary} ({self.number})"


class VocabularyTerm(models.Model):
    """Words that speak for an item, or against every one (`label` empty), from an edition until another one leaves them out."""

    vocabulary = models.ForeignKey(Vocabulary, models.CASCADE, related_name="terms")
    label = models.CharField(_("domaine"), max_length=80, blank=True)
    text = models.CharField(_("terme"), max_length=200)
    language = models.CharField(_("langue"), max_length=5, default="fr")
    weight = models.DecimalField(_("poids"), max_digits=4, decimal_places=2)
    since = models.PositiveIntegerField()
    until = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["label", "text"]
        constraints = [
            models.UniqueConstraint(
                fields=["vocabulary", "label", "text"], condition=Q(until__isnull=True), name="vocabulary_term_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=0),
                name="vocabulary_term_weighs_something",
                violation_error_message="Le poids d’un terme est au-dessus de zéro.",
            ),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="vocabulary_term_lasts"),
        ]

    def __str__(self) -> str:
        return self.text
