"""What companies need, who can answer, and what became of it."""

from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AnyUser, Partner, Restricted, RestrictedQuerySet, User, seen
from beffroi.interactions.enums import NeedResult, ReferralState, RefusalReason
from beffroi.interactions.models.about import About, AboutQuerySet, Detailed, about_seen
from beffroi.interactions.models.visits import Visit
from beffroi.reference.models import Item


class Service(Restricted):
    """What an operator offers: for which subjects, where (no place: everywhere), to whom."""

    title = models.CharField(_("service"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    subjects = models.ManyToManyField(Item, related_name="services", verbose_name=_("sujets"))
    places = models.ManyToManyField(Item, blank=True, related_name="+", verbose_name=_("territoires"))
    audience = models.CharField(_("pour qui"), max_length=200, blank=True)
    terms = models.CharField(_("conditions"), max_length=300, blank=True)
    reply_days = models.PositiveSmallIntegerField(_("répond sous (jours)"), default=5)
    email = models.EmailField(_("courriel du service"), blank=True)
    ended_on = models.DateField(_("n’est plus offert depuis"), null=True, blank=True)
    objects = RestrictedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("interactions:service", args=[self.pk])


class NeedQuerySet(AboutQuerySet):
    def visible_to(self, user: AnyUser) -> Self:
        return self.filter(need_seen("", user))

    def told_to(self, user: AnyUser) -> Self:
        """Those of which this reader may know what is needed: their own, those sent to them, those told to partners."""
        if not user.is_authenticated or not user.partner_ids:
            return self.visible_to(user).filter(detail_visibility=Visibility.PUBLIC)
        own = Q(owner__in=user.partner_ids) | Q(_sent_to(user.partner_ids))
        return self.visible_to(user).filter(own | Q(detail_visibility__lte=Visibility.PARTNERS))


def need_seen(link: str, user: AnyUser) -> Q:
    """The needs, or the rows that belong to one, of which this reader may know. Whoever it was sent to sees it, whatever its
    level; while its operator reserves the prospect, nobody else does."""
    name = f"{link}__" if link else ""
    told = seen(link, user) & about_seen(link, user)
    if not user.is_authenticated or not user.partner_ids:
        return told & ~_reserved(name)
    own = Q(**{f"{name}owner__in": user.partner_ids})
    return (told & (own | ~_reserved(name))) | Q(_sent_to(user.partner_ids, f"{name}pk"))


def _reserved(name: str) -> Q:
    """Heard while, or after, the visit by which its operator reserves the company or the project."""
    same = {"owner": OuterRef(f"{name}owner"), "recorded_at__lte": OuterRef(f"{name}recorded_at")}
    running = Visit.objects.filter(reserved_until__gte=timezone.localdate(), **same).order_by()
    company = Exists(running.filter(organisation=OuterRef(f"{name}organisation")))
    return Q(company) | Q(Exists(running.filter(holder=OuterRef(f"{name}holder"))))


def _sent_to(partners: Collection[int], need: str = "pk") -> Exists:
    """What was sent and taken back is no longer theirs to read."""
    kept = Referral.objects.exclude(state=ReferralState.WITHDRAWN)
    return Exists(kept.filter(need=OuterRef(need), partner__in=partners))


class Need(About, Detailed):
    client_id = models.CharField(max_length=64)
    subject_item = models.ForeignKey(Item, models.PROTECT, related_name="needs", verbose_name=_("sujet"))
    text = models.TextField(_("besoin"), blank=True)
    opened_on = models.DateField(_("exprimé le"))
    place = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lieu"))
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="area_needs", verbose_name=_("domaine prioritaire")
    )
    visit = models.ForeignKey(Visit, models.SET_NULL, null=True, blank=True, related_name="needs", verbose_name=_("visite"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="needs", verbose_name=_("noté par"))
    closed_on = models.DateField(_("clos le"), null=True, blank=True)
    result = models.CharField(_("résultat"), max_length=12, choices=NeedResult, blank=True)
    recorded_at = models.DateTimeField()
    objects = NeedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(About.Meta):
        ordering = ["-opened_on", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "-opened_on"]),
            models.Index(fields=["owner", "-opened_on"]),
            models.Index(fields=["subject_item", "-opened_on"]),
            models.Index(fields=["-opened_on"]),
        ]
        constraints = [
            *About.Meta.constraints,
            models.UniqueConstraint(fields=["owner", "client_id"], name="need_once_per_operator"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, result="") | (Q(closed_on__isnull=False) & ~Q(result="")),
                name="need_closed_with_a_result",
                violation_error_message="Un besoin se clôt avec un résultat et une date.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} · {self.subject_item}"

    def get_absolute_url(self) -> str:
        return reverse("interactions:need", args=[self.pk])

    def is_sent_to(self, user: AnyUser) -> bool:
        """Whether one of the reader's institutions has, or had, this need in hand; from `referrals`, when they were read."""
        partners: Collection[int] = user.partner_ids if user.is_authenticated else ()
        kept = (row for row in self.referrals.all() if row.state != ReferralState.WITHDRAWN)
        return any(row.partner_id in partners for row in kept)

    def tells(self, user: AnyUser) -> bool:
        return self.shows_detail_to(user) or self.is_sent_to(user)


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, user: AnyUser) -> Self:
        """By whom the need is told, those that they sent or received, and of the others those told to partners."""
        if not user.is_authenticated or not user.partner_ids:
            return self.none()
        own = Q(need__owner__in=user.partner_ids) | Q(partner__in=user.partner_ids, state__in=KEPT)
        return self.filter(own | (need_seen("need", user) & Q(need__detail_visibility__lte=Visibility.PARTNERS)))


KEPT = [state for state in ReferralState if state != ReferralState.WITHDRAWN]


class Referral(models.Model):
    """A need sent to an operator. Its dates are its life; the need gives it its rights."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="referrals")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="referrals", verbose_name=_("opérateur"))
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="referrals", verbose_name=_("service")
    )
    state = models.CharField(_("état"), max_length=10, choices=ReferralState, default=ReferralState.WAITING)
    sent_on = models.DateField(_("envoyé le"))
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    consented_on = models.DateField(_("accord de l’entreprise le"), null=True, blank=True)
    due_on = models.DateField(_("réponse attendue le"))
    answered_on = models.DateField(_("répondu le"), null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("motif du refus"), max_length=16, choices=RefusalReason, blank=True)
    comment = models.CharField(_("précision"), max_length=500, blank=True)
    closed_on = models.DateField(_("close le"), null=True, blank=True)
    result = models.CharField(_("résultat"), max_length=12, choices=NeedResult, blank=True)
    objects = ReferralQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-sent_on", "-pk"]
        indexes = [models.Index(fields=["partner", "state", "due_on"]), models.Index(fields=["answered_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "partner"],
                condition=Q(state__in=["waiting", "taken_up"]),
                name="referral_open_once",
                violation_error_message="Ce besoin est déjà entre les mains de cet opérateur.",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="referral_refused_with_a_reason"),
            models.CheckConstraint(condition=~Q(state="closed") | ~Q(result=""), name="referral_closed_with_a_result"),
        ]

    def __str__(self) -> str:
        return f"{self.need} → {self.partner}"


class Reminder(models.Model):
    """A reminder that left: at most one for each delay."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="reminders")
    days = models.PositiveSmallIntegerField()
    on = models.DateField()

    class Meta:
        ordering = ["days"]
        constraints = [models.UniqueConstraint(fields=["referral", "days"], name="reminder_once_per_delay")]

    def __str__(self) -> str:
        return f"{self.referral} · {self.days}"
