"""Prospecting lists: criteria frozen at their date, shared between operators, who calls whom."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AnyUser, Partner, Restricted, RestrictedQuerySet, User, seen
from beffroi.actors.models import Organisation
from beffroi.interactions.enums import WAITING_TARGETS, TargetState, VisitState
from beffroi.interactions.models.visits import Visit
from beffroi.provenance.models import Load


class CampaignQuerySet(RestrictedQuerySet):
    def visible_to(self, user: AnyUser) -> Self:
        """Those of one's institutions, those shared with them, and those that all partners see; none is public."""
        if not user.is_authenticated or not user.partner_ids:
            return self.none()
        return self.filter(Q(visibility__lte=Visibility.PARTNERS) | _worked_on(user))

    def worked_on_by(self, user: AnyUser) -> Self:
        return self.filter(_worked_on(user)) if user.is_authenticated else self.none()


def _worked_on(user: Any) -> Q:
    shared = Campaign.partners.through.objects.filter(partner__in=user.partner_ids)
    return Q(owner__in=user.partner_ids) | Q(pk__in=shared.values("campaign"))


class Campaign(Restricted):
    title = models.CharField(_("campagne"), max_length=200)
    purpose = models.TextField(_("but"), blank=True)
    criteria = models.JSONField(_("critères"), default=dict)
    frozen_on = models.DateField(_("liste arrêtée le"), null=True, blank=True)
    since = models.DateField(_("du"), null=True, blank=True)
    until = models.DateField(_("au"), null=True, blank=True)
    partners = models.ManyToManyField(Partner, blank=True, related_name="campaigns", verbose_name=_("partagée avec"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    objects = CampaignQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-since", "title", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("interactions:campaign", args=[self.pk])


class TargetQuerySet(models.QuerySet["Target"]):
    def visible_to(self, user: AnyUser) -> Self:
        campaigns = Campaign.objects.visible_to(user).order_by().values("pk")
        return self.filter(seen("organisation", user), campaign__in=campaigns)

    def followed(self, user: AnyUser, on: date) -> Self:
        """`shown_state`: a target that waits and was visited since its list was frozen is seen, as far as this reader may know
        of that visit."""
        visits = Visit.objects.visible_to(user, on).filter(state=VisitState.DONE, on__lte=on).order_by()
        done = visits.filter(organisation=OuterRef("organisation"), on__gte=OuterRef("campaign__frozen_on"))
        waits = Q(state__in=WAITING_TARGETS)
        return self.annotate(shown_state=Case(When(waits & Q(Exists(done)), then=Value(TargetState.SEEN)), default=F("state")))


class Target(models.Model):
    """A company of a list; the campaign gives it its rights."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="targets")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="targets")
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="targets", verbose_name=_("opérateur")
    )
    caller = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="targets", verbose_name=_("suivie par")
    )
    state = models.CharField(_("état"), max_length=8, choices=TargetState, default=TargetState.TO_SEE)
    due_on = models.DateField(_("à faire avant le"), null=True, blank=True)
    facts = models.JSONField(default=dict)  # what made it a target, as it stood that day
    objects = TargetQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["organisation__sort_key", "pk"]
        indexes = [models.Index(fields=["partner", "state"]), models.Index(fields=["caller", "state"])]
        constraints = [models.UniqueConstraint(fields=["campaign", "organisation"], name="target_once_per_campaign")]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.campaign}"


class ManagerAge(Restricted):
    """The year of birth of a company's manager, as an operator's list gives it: it says whom a transfer may concern, and
    nothing else is kept of the person."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="manager_ages")
    birth_year = models.PositiveSmallIntegerField(_("année de naissance du dirigeant"))
    told_on = models.DateField(_("dite le"))
    load = models.ForeignKey(Load, models.PROTECT, null=True, related_name="+")
    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["-told_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "owner"], name="manager_age_once_per_operator"),
            models.CheckConstraint(condition=Q(birth_year__range=(1900, 2100)), name="manager_age_is_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.birth_year}"
