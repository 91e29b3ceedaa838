from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import Restricted, RestrictedQuerySet
from beffroi.actors.enums import RelationKind
from beffroi.actors.models import Organisation
from beffroi.reference.models import Framework, Item


class Body(Restricted):
    """A body, what it is for, and its duty: so many meetings a year."""

    code = models.CharField(_("code"), max_length=80)
    namespace = models.CharField(max_length=80)
    label = models.CharField(_("instance"), max_length=300)
    framework = models.ForeignKey(Framework, models.PROTECT, null=True, related_name="bodies")
    purpose = models.TextField(_("rôle"), blank=True)
    composition = models.TextField(_("composition, comme écrite"), blank=True)
    meetings_a_year = models.DecimalField(_("réunions par an"), max_digits=5, decimal_places=2, null=True)
    written_duty = models.CharField(max_length=120, blank=True)
    chair = models.CharField(_("présidence"), max_length=300, blank=True)
    installed_on = models.DateField(_("installée le"), null=True)
    sort_key = models.CharField(max_length=300)
    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [models.UniqueConstraint(fields=["namespace", "code"], name="body_once_per_document")]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("publishing:body", args=[self.pk])


class Mandate(models.Model):
    """An organisation's seat or part in a body."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="mandates")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="mandates")
    role = models.CharField(_("rôle"), max_length=24, choices=RelationKind)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    detail = models.CharField(_("précision"), max_length=500, blank=True)
    recorded_from = models.DateTimeField()
    recorded_to = models.DateTimeField(null=True)

    class Meta:
        ordering = ["role", "organisation__sort_key"]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.body}"

    @property
    def relation(self) -> str:
        return str(RelationKind(self.role).label)


class Meeting(Restricted):
    """A meeting or an act at a date: held or planned is a matter of the date from which one looks."""

    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="meetings")
    organiser = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="meetings")
    kind = models.CharField(_("nature"), max_length=24)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    written_date = models.CharField(_("date, comme écrite"), max_length=40, blank=True)
    detail = models.CharField(_("objet"), max_length=500, blank=True)
    about_item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="meetings")
    about_framework = models.ForeignKey(Framework, models.PROTECT, null=True, related_name="meetings")
    about_organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="meetings_about")
    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = [F("start").asc(nulls_last=True), "end", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(start__lte=F("end")),
                name="meeting_dates_in_order",
                violation_error_message="Le début d’une réunion ne suit pas sa fin.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.written_date} {self.detail}"
