from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from beffroi.accounts.models import AnyUser, Partner, Restricted, RestrictedQuerySet, User
from beffroi.actors.enums import Evaluation, NameKind, NoSiren, OrganisationKind, RelationKind, SameAsState
from beffroi.core.models import believed_at
from beffroi.core.text import search_key
from beffroi.provenance.models import Statement
from beffroi.provenance.queries import Moment
from beffroi.reference.models import Framework, Item, NamedSystem


class Organisation(Restricted):
    """A company, laboratory, cluster, agency or funder. Its identity is its SIREN, or the reason why there is none."""

    name = models.CharField(_("nom"), max_length=300)
    acronym = models.CharField(_("sigle"), max_length=60, blank=True)
    kind = models.CharField(_("nature"), max_length=24, choices=OrganisationKind)
    legal_category = models.CharField(_("catégorie juridique"), max_length=4, blank=True)
    siren = models.CharField(_("SIREN"), max_length=9, null=True, blank=True, unique=True)
    no_siren = models.CharField(_("pourquoi sans SIREN"), max_length=20, choices=NoSiren, blank=True)
    place = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="organisations")
    created = models.CharField(_("création, comme écrite"), max_length=20, blank=True)
    partner = models.OneToOneField(Partner, models.PROTECT, null=True, blank=True, related_name="organisation")
    sort_key = models.CharField(max_length=300)
    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        indexes = [models.Index(fields=["kind"]), models.Index(fields=["sort_key"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(siren__isnull=False, no_siren="") | (Q(siren__isnull=True) & ~Q(no_siren="")),
                name="organisation_siren_or_the_reason_why_not",
                violation_error_message="Une organisation a un SIREN, ou la raison pour laquelle elle n’en a pas.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("publishing:organisation", args=[self.pk])


class ExternalId(models.Model):
    """The code by which a source names an organisation; the scheme is the document or register that gives it."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="external_ids")
    scheme = models.CharField(max_length=80)
    value = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "value"], name="external_id_once_per_scheme")]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class Name(models.Model):
    """Another name under which an organisation is, or was, known."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names")
    text = models.CharField(_("nom"), max_length=300)
    kind = models.CharField(_("nature"), max_length=8, choices=NameKind)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    key = models.CharField(max_length=300, editable=False, default="", db_index=True)

    class Meta:
        ordering = ["kind", "text"]
        constraints = [models.UniqueConstraint(fields=["organisation", "kind", "text"], name="name_once_per_organisation")]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = search_key(self.text)[:300]
        super().save(*args, **kwargs)


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


def said_by(kind: str, day: date) -> Q:
    """The things of a kind that a source said on or before a day, or that no source row states."""
    rows = Statement.objects.filter(subject_kind=kind, subject_id=OuterRef("pk"))
    later = rows.filter(load__snapshot__as_of__gt=day)
    sooner = rows.exclude(load__snapshot__as_of__gt=day)
    return ~Q(Exists(later)) | Q(Exists(sooner))


class RelationQuerySet(RestrictedQuerySet):
    def known_on(self, moment: Any) -> Self:
        return self.filter(believed_at(moment))

    def current(self) -> Self:
        return self.filter(recorded_to__isnull=True)

    def seen_at(self, moment: Moment, user: AnyUser) -> Self:
        """What this reader may see of the edges begun and said by a day, as they were known then: both ends must be visible
        too."""
        organisations = Organisation.objects.visible_to(user).order_by()
        items = Item.objects.visible_to(user).order_by()
        begun = Q(since__isnull=True) | Q(since__lte=moment.as_of)
        ends = Q(organisation__isnull=True) | Q(Exists(organisations.filter(pk=OuterRef("organisation"))))
        about = Q(item__isnull=True) | Q(Exists(items.filter(pk=OuterRef("item"))))
        rows = self.visible_to(user).known_on(moment.known_on).filter(begun, said_by("relation", moment.as_of))
        return rows.filter(Exists(organisations.filter(pk=OuterRef("subject"))), ends, about)


OBJECTS = ("organisation", "item", "framework", "system")


class Relation(Restricted):
    """A dated edge from an organisation to another, to an item, a framework or a named system."""

    subject = models.ForeignKey(Organisation, models.PROTECT, related_name="relations")
    kind = models.CharField(_("relation"), max_length=24, choices=RelationKind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="relations_in")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="relations")
    framework = models.ForeignKey(Framework, models.PROTECT, null=True, related_name="relations")
    system = models.ForeignKey(NamedSystem, models.PROTECT, null=True, related_name="relations")
    since = models.DateField(_("depuis"), null=True)
    until = models.DateField(_("jusqu’au"), null=True)
    written_since = models.CharField(max_length=20, blank=True)
    detail = models.CharField(_("précision"), max_length=500, blank=True)
    share = models.DecimalField(_("part"), max_digits=7, decimal_places=4, null=True)
    recorded_from = models.DateTimeField()
    recorded_to = models.DateTimeField(null=True)
    objects = RelationQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "subject__sort_key", "pk"]
        indexes = [models.Index(fields=["kind"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, item__isnull=True, framework__isnull=True, system__isnull=True)
                | Q(organisation__isnull=True, item__isnull=False, framework__isnull=True, system__isnull=True)
                | Q(organisation__isnull=True, item__isnull=True, framework__isnull=False, system__isnull=True)
                | Q(organisation__isnull=True, item__isnull=True, framework__isnull=True, system__isnull=False),
                name="relation_has_one_object",
                violation_error_message="Une relation vise une seule chose.",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
                name="relation_ends_after_it_starts",
                violation_error_message="La fin d’une relation ne précède pas son début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.get_kind_display()} {self.object}"

    @property
    def object(self) -> Organisation | Item | Framework | NamedSystem:
        found: Organisation | Item | Framework | NamedSystem = next(
            thing for name in OBJECTS if (thing := getattr(self, name)) is not None
        )
        return found


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


class SameAsQuerySet(models.QuerySet["SameAs"]):
    def visible_to(self, user: AnyUser) -> Self:
        """A pair shows only to those who may see both records."""
        seen = Organisation.objects.visible_to(user).order_by()
        return self.filter(Exists(seen.filter(pk=OuterRef("one"))), Exists(seen.filter(pk=OuterRef("other"))))

    def accepted(self) -> Self:
        return self.filter(state=SameAsState.ACCEPTED)


class SameAs(models.Model):
    """Two records of one organisation: proposed with its evidence, accepted or refused by a rule or a person, undoable."""

    one = models.ForeignKey(Organisation, models.CASCADE, related_name="same_as_out")
    other = models.ForeignKey(Organisation, models.CASCADE, related_name="same_as_in")
    state = models.CharField(max_length=8, choices=SameAsState, default=SameAsState.PROPOSED)
    rule = models.CharField(max_length=80, blank=True)
    evidence = models.CharField(_("indices"), max_length=500)
    score = models.FloatField(null=True)
    arguments = models.JSONField(default=list)
    reason = models.CharField(_("raison"), max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    objects = SameAsQuerySet.as_manager()

    class Meta:
        ordering = ["one__sort_key", "pk"]
        indexes = [models.Index(fields=["state"])]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="same_as_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="same_as_in_one_direction"),
            models.CheckConstraint(condition=Q(score__isnull=True) | Q(score__range=(0, 1)), name="same_as_score_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.one} = {self.other}"
