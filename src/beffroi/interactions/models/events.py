"""What operators organise, who came."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from beffroi.accounts.models import Partner, Restricted, RestrictedQuerySet, User
from beffroi.interactions.enums import EventState, ParticipationState
from beffroi.interactions.models.about import About, AboutQuerySet
from beffroi.reference.models import Item


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
    objects = RestrictedQuerySet.as_manager()
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
