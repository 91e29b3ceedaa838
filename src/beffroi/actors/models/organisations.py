from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser, Partner, Restricted, RestrictedQuerySet
from beffroi.actors.enums import (
    CLOSED_TO_PUBLIC,
    CLUSTERS,
    SOLE_TRADER,
    Diffusion,
    Headcount,
    NameKind,
    NoSiren,
    OrganisationKind,
    SizeCategory,
    UnitState,
)
from beffroi.core.text import search_key
from beffroi.provenance.models import FromRegister
from beffroi.reference.models import Item

NOT_PUBLISHED = (
    Q(no_siren=NoSiren.NATURAL_PERSON) | Q(legal_category=SOLE_TRADER) | Q(diffusion__in=[str(one) for one in CLOSED_TO_PUBLIC])
)


class OrganisationQuerySet(RestrictedQuerySet):
    def publishable(self) -> Self:
        """Without natural persons, nor the units whose name and address INSEE does not publish."""
        return self.exclude(NOT_PUBLISHED)

    def named_to(self, viewer: AnyUser) -> Self:
        """Those whose name this reader may read: people of a partner read them all, others what is published."""
        rows = self.visible_to(viewer)
        return rows if viewer.is_authenticated and viewer.partner_ids else rows.publishable()

    def unpublishable(self) -> Self:
        return self.filter(NOT_PUBLISHED)

    def natural_persons(self) -> Self:
        return self.filter(Q(no_siren=NoSiren.NATURAL_PERSON) | Q(legal_category=SOLE_TRADER))


class Organisation(Restricted, FromRegister):
    """A company, laboratory, cluster, agency or funder. Its identity is its SIREN, or the reason why there is none."""

    name = models.CharField(_("nom"), max_length=300)
    acronym = models.CharField(_("sigle"), max_length=60, blank=True)
    kind = models.CharField(_("nature"), max_length=24, choices=OrganisationKind)
    legal_category = models.CharField(_("catégorie juridique"), max_length=4, blank=True)
    siren = models.CharField(_("SIREN"), max_length=9, null=True, blank=True)  # noqa: DJ001 - unique: no number is no value
    no_siren = models.CharField(_("pourquoi sans SIREN"), max_length=20, choices=NoSiren, blank=True)
    place = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="organisations")
    created = models.CharField(_("création, comme écrite"), max_length=20, blank=True)
    partner = models.OneToOneField(Partner, models.PROTECT, null=True, blank=True, related_name="organisation")
    sort_key = models.CharField(max_length=300)
    diffusion = models.CharField(_("diffusion"), max_length=1, choices=Diffusion, blank=True)
    state = models.CharField(_("état"), max_length=1, choices=UnitState, blank=True)
    situation_since = models.DateField(_("situation depuis"), null=True, blank=True)
    size = models.CharField(_("catégorie d’entreprise"), max_length=3, choices=SizeCategory, blank=True)
    size_year = models.SmallIntegerField(null=True, blank=True)
    headcount = models.CharField(_("tranche d’effectif"), max_length=2, choices=Headcount, blank=True)
    headcount_year = models.SmallIntegerField(null=True, blank=True)
    activity = models.CharField(_("activité principale"), max_length=8, blank=True)
    activity_version = models.CharField(_("nomenclature"), max_length=10, blank=True)
    seat = models.CharField(_("SIRET du siège"), max_length=14, blank=True)
    is_employer = models.BooleanField(_("employeuse"), null=True, blank=True)
    is_social_economy = models.BooleanField(_("économie sociale et solidaire"), null=True, blank=True)
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        indexes = [models.Index(fields=["kind"]), models.Index(fields=["sort_key"])]
        constraints = [
            models.UniqueConstraint(fields=["siren"], name="organisation_siren_once"),
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

    @property
    def is_cluster(self) -> bool:
        return self.kind in CLUSTERS

    @property
    def is_published(self) -> bool:
        """Whether its name and address may be shown to everyone."""
        closed = self.diffusion in CLOSED_TO_PUBLIC or self.legal_category == SOLE_TRADER
        return not closed and self.no_siren != NoSiren.NATURAL_PERSON


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
