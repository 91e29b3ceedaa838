"""Whom an operator's people see, when, and what was said."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AnyUser, Restricted, RestrictedQuerySet, User
from beffroi.actors.models import Contact
from beffroi.interactions.enums import ConsentPurpose, Maturity, Potential, ReplyOutcome, VisitMeans, VisitState
from beffroi.interactions.models.about import About, AboutQuerySet, Detailed
from beffroi.reference.models import Item, Version


class WorkArea(models.Model):
    """The priority areas and the places that a person looks after: what « my week » proposes comes from them."""

    user = models.OneToOneField(User, models.PROTECT, related_name="work_area")
    items = models.ManyToManyField(Item, blank=True, related_name="+", verbose_name=_("domaines prioritaires"))
    places = models.ManyToManyField(Item, blank=True, related_name="+", verbose_name=_("territoires"))

    def __str__(self) -> str:
        return str(self.user)


class VisitQuerySet(AboutQuerySet):
    def visible_to(self, user: AnyUser, on: date | None = None) -> Self:
        """`on`: the day on which it is read, never later than today: a reserved prospect is its operator's alone until its
        reservation ends, whatever day an address asks for."""
        rows = super().visible_to(user)
        own = Q(owner__in=user.partner_ids) if user.is_authenticated else Q(pk__in=())
        today = timezone.localdate()
        free = Q(reserved_until__isnull=True) | Q(reserved_until__lt=min(on or today, today))
        return rows.filter(own | free)


class Visit(About, Detailed):
    """That it took place is for partners; texts, potential and diagnosis follow `detail_visibility` or their own level."""

    client_id = models.CharField(max_length=64)  # given by the device or the caller: sent twice, it is the same visit
    on = models.DateField(_("date"))
    state = models.CharField(_("état"), max_length=10, choices=VisitState, default=VisitState.DONE)
    means = models.CharField(_("comment"), max_length=10, choices=VisitMeans, default=VisitMeans.ON_SITE)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="visits", verbose_name=_("par"))
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("rencontrée"))
    place = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lieu"))
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("domaine prioritaire")
    )
    guide = models.ForeignKey(
        Version, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("guide d’entretien")
    )
    potential = models.CharField(_("potentiel"), max_length=8, choices=Potential, blank=True)
    green = models.SmallIntegerField(_("transition écologique"), choices=Maturity, null=True, blank=True)
    digital = models.SmallIntegerField(_("transition numérique"), choices=Maturity, null=True, blank=True)
    minutes = models.PositiveIntegerField(_("durée, en minutes"), null=True, blank=True)
    reserved_until = models.DateField(_("prospect réservé jusqu’au"), null=True, blank=True)
    introduced = models.BooleanField(_("première fois que Beffroi la connaît"), default=False, db_default=False)
    reply_token = models.CharField(max_length=43, null=True, unique=True, editable=False)  # noqa: DJ001 - none is no value
    asked_at = models.DateTimeField(_("note demandée le"), null=True, editable=False)
    recorded_at = models.DateTimeField()
    objects = VisitQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(About.Meta):
        ordering = ["-on", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "-on"]),
            models.Index(fields=["owner", "-on"]),
            models.Index(fields=["by", "state", "on"]),
            models.Index(fields=["-on"]),
            # Few at any time, asked of every need
            models.Index(fields=["owner", "reserved_until"], condition=Q(reserved_until__isnull=False), name="visit_reserved"),
        ]
        constraints = [
            *About.Meta.constraints,
            models.UniqueConstraint(fields=["owner", "client_id"], name="visit_once_per_operator"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} · {self.on:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("interactions:visit", args=[self.pk])

    @property
    def key(self) -> str:
        """How a form names whom it is about."""
        return f"holder:{self.holder_id}" if self.holder_id else f"organisation:{self.organisation_id}"


class VisitNote(Restricted):
    """What was said on one theme of the guide, for the readers that its author chose."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="notes")
    theme = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("thème"))
    text = models.TextField(_("note"))
    objects = RestrictedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = [F("theme__position").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "theme", "visibility"], name="visit_note_once_per_theme_and_level"),
            models.CheckConstraint(condition=~Q(visibility=Visibility.PUBLIC), name="visit_note_never_public"),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class VisitConsent(models.Model):
    """What the company said yes to, that day: passing its name on to an operator, filing in its name..."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="consents")
    purpose = models.CharField(_("à quoi"), max_length=200)
    given = models.BooleanField(_("accord"), default=True)

    def __str__(self) -> str:
        return self.purpose

    @property
    def label(self) -> str:
        """What was read out that day; a purpose in somebody's own words stays as it is."""
        known = self.purpose in ConsentPurpose
        return str(ConsentPurpose(self.purpose).label) if known else self.purpose


class VisitReply(models.Model):
    """A mail that answered the request for a visit's note, read once whatever becomes of the file that holds it."""

    message_id = models.CharField(max_length=500, unique=True)
    visit = models.ForeignKey(Visit, models.SET_NULL, null=True, related_name="replies")
    outcome = models.CharField(max_length=16, choices=ReplyOutcome)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["-read_at", "-pk"]

    def __str__(self) -> str:
        return self.message_id
