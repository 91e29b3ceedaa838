"""What operators organise, who came."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AnyUser, Partner, Restricted, RestrictedQuerySet, User
from beffroi.actors.models import Organisation
from beffroi.interactions.enums import EventState, ParticipationState
from beffroi.interactions.models.about import About, AboutQuerySet
from beffroi.reference.models import Item


class EventQuerySet(RestrictedQuerySet):
    def visible_to(self, user: AnyUser) -> Self:
        """Partners see what is being prepared, or nobody would see a clash coming; the public does not. Whoever organises an
        event with others sees it, whatever its level."""
        if not user.is_authenticated or not user.partner_ids:
            return self.filter(visibility=Visibility.PUBLIC).exclude(state=EventState.DRAFT)
        return self.filter(Q(visibility__lte=Visibility.PARTNERS) | _organised(user))

    def organised_by(self, user: AnyUser) -> Self:
        return self.filter(_organised(user)) if user.is_authenticated else self.none()


def _organised(user: Any) -> Q:
    shared = Event.with_partners.through.objects.filter(partner__in=user.partner_ids)
    return Q(owner__in=user.partner_ids) | Q(pk__in=shared.values("event"))


class Event(Restricted):
    client_id = models.CharField(max_length=64)
    title = models.CharField(_("événement"), max_length=300)
    kind = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("nature"))
    description = models.TextField(_("description"), blank=True)
    starts = models.DateTimeField(_("début"))
    ends = models.DateTimeField(_("fin"))
    place = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lieu"))
    venue = models.CharField(_("adresse ou lien"), max_length=300, blank=True)
    items = models.ManyToManyField(Item, blank=True, related_name="area_events", verbose_name=_("domaines prioritaires"))
    with_partners = models.ManyToManyField(Partner, blank=True, related_name="shared_events", verbose_name=_("organisé avec"))
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    state = models.CharField(_("état"), max_length=10, choices=EventState, default=EventState.DRAFT)
    token = models.CharField(max_length=43, unique=True)  # in the code that is scanned at the door
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    minutes = models.PositiveIntegerField(_("temps passé, en minutes"), null=True, blank=True)
    recorded_at = models.DateTimeField()
    objects = EventQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-starts", "-pk"]
        indexes = [models.Index(fields=["starts"]), models.Index(fields=["owner", "-starts"])]
        constraints = [
            models.UniqueConstraint(fields=["owner", "client_id"], name="event_once_per_operator"),
            models.CheckConstraint(
                condition=Q(ends__gt=models.F("starts")),
                name="event_ends_after_it_starts",
                violation_error_message="Un événement finit après avoir commencé.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("interactions:event", args=[self.pk])


class Participation(About):
    """`flagged`: a company to visit after the event; the S3 counts those that were."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="participations")
    state = models.CharField(_("état"), max_length=10, choices=ParticipationState, default=ParticipationState.INVITED)
    flagged = models.BooleanField(_("à visiter ensuite"), default=False)
    person = models.CharField(_("personne"), max_length=150, blank=True)
    email = models.EmailField(_("courriel"), blank=True)
    attended_at = models.DateTimeField(_("arrivée"), null=True, blank=True)
    invited_at = models.DateTimeField(_("courriel d’invitation"), null=True, blank=True)
    token = models.CharField(max_length=43, null=True, unique=True)  # noqa: DJ001 - unique: nobody invited is no value
    objects = AboutQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(About.Meta):
        ordering = ["organisation__sort_key", "pk"]
        indexes = [models.Index(fields=["organisation", "state"])]
        constraints = [
            *About.Meta.constraints,
            models.UniqueConstraint(fields=["event", "organisation"], name="participation_once_per_company"),
            models.UniqueConstraint(fields=["event", "holder"], name="participation_once_per_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} · {self.event}"


class Arrival(models.Model):
    """Somebody who signed in at the door with their own phone. Whoever organises says which company it is when the number or
    name they typed does not."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="arrivals")
    company = models.CharField(_("entreprise"), max_length=300)
    company_key = models.CharField(max_length=300)
    person = models.CharField(_("personne"), max_length=150)
    person_key = models.CharField(max_length=150)
    email = models.EmailField(_("courriel"), blank=True)
    at = models.DateTimeField(_("arrivée"))
    participation = models.ForeignKey(Participation, models.SET_NULL, null=True, related_name="arrivals")
    refused = models.BooleanField(_("écartée"), default=False)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "company_key", "person_key"], name="arrival_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.company}"

    @property
    def organisation(self) -> Organisation | None:
        return self.participation.organisation if self.participation else None
