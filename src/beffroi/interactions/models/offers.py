"""What companies say that they can do or supply, for short supply chains."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from beffroi.accounts.models import AnyUser, Restricted, RestrictedQuerySet, User, seen
from beffroi.actors.models import Organisation
from beffroi.interactions.enums import OfferKind
from beffroi.reference.models import Item


class OfferQuerySet(RestrictedQuerySet):
    def visible_to(self, user: AnyUser) -> Self:
        return super().visible_to(user).filter(seen("organisation", user))

    def standing(self) -> Self:
        return self.filter(ended_on__isnull=True)


class Offer(Restricted):
    """A skill, a product, a service or a need for one, as the company agreed that it be said. `owner` noted it."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="offers", verbose_name=_("entreprise"))
    kind = models.CharField(_("nature"), max_length=8, choices=OfferKind)
    text = models.CharField(_("en une phrase"), max_length=300)
    detail = models.TextField(_("précisions"), blank=True)
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="offers", verbose_name=_("domaine prioritaire")
    )
    place = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lieu"))
    declared_on = models.DateField(_("déclarée le"))
    declared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("notée par"))
    told_by = models.CharField(_("dite par (fonction dans l’entreprise)"), max_length=150, blank=True)
    consented_on = models.DateField(_("accord de l’entreprise le"))
    ended_on = models.DateField(_("retirée le"), null=True, blank=True)
    sort_key = models.CharField(max_length=300, editable=False)
    objects = OfferQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["sort_key", "pk"]
        indexes = [models.Index(fields=["kind", "sort_key"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=models.F("declared_on")),
                name="offer_ends_after_it_starts",
                violation_error_message="Le retrait d’une offre ne précède pas sa déclaration.",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("interactions:offer", args=[self.pk])
