from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser, Restricted, RestrictedQuerySet
from beffroi.actors.enums import RelationKind
from beffroi.actors.models.organisations import Organisation
from beffroi.core.models import believed_at
from beffroi.provenance.models import Statement
from beffroi.provenance.queries import Moment
from beffroi.reference.models import Framework, Item, NamedSystem


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
