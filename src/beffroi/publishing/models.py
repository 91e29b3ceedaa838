import hashlib
import json
from datetime import date
from typing import Any, NoReturn

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from beffroi.accounts.models import Partner, Restricted, RestrictedQuerySet, User
from beffroi.funding.models import Operation
from beffroi.publishing.enums import SignatureKind
from beffroi.reference.models import Framework


class EditionNeverChanges(Exception):
    def __init__(self) -> None:
        super().__init__(gettext("Une édition figée ne change pas : figez-en une autre."))


class TextBlock(Restricted):
    """What a partner writes under a section of a report, for one date of that report."""

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="texts")
    section = models.CharField(_("section"), max_length=80)
    as_of = models.DateField(_("date du rapport"))
    text = models.TextField(_("texte"), max_length=10_000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("auteur"))
    at = models.DateTimeField(_("écrit le"))
    history = HistoricalRecords()
    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["framework", "as_of", "section", "owner__name"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "as_of", "section", "owner"], name="text_once_per_partner"),
            models.CheckConstraint(
                condition=Q(owner__isnull=False),
                name="text_has_an_owner",
                violation_error_message="Un texte a un partenaire pour propriétaire.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework} · {self.section} · {self.owner}"


class EditionQuerySet(models.QuerySet["Edition"]):
    def update(self, **values: Any) -> NoReturn:
        raise EditionNeverChanges

    def delete(self) -> NoReturn:
        raise EditionNeverChanges


class Edition(models.Model):
    """A report as it was shown: its content, the two dates it looks from, and its hash. The database refuses to change it."""

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="editions")
    title = models.CharField(_("titre"), max_length=300)
    as_of = models.DateField(_("faits à la date du"))
    known_on = models.DateTimeField(_("connus le"))
    content = models.JSONField(_("contenu"))
    hash = models.CharField(_("empreinte"), max_length=64)
    frozen_at = models.DateTimeField(_("figée le"))
    frozen_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("figée par"))
    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-frozen_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["framework", "as_of", "known_on"], name="edition_once_per_moment")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise EditionNeverChanges
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The page looks from the edition's two dates, and so do the explanations of its figures."""
        moment = {"as_of": self.as_of.isoformat(), "known_on": self.known_on.isoformat()}
        return f"{reverse('publishing:edition', args=[self.pk])}?{urlencode(moment)}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise EditionNeverChanges

    @property
    def is_intact(self) -> bool:
        return content_hash(self.content) == self.hash


class Signature(models.Model):
    """A partner's word on an edition, by a signed-in person: agreed, with a reserve, or a reserve alone."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="signatures")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name=_("partenaire"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("personne"))
    role = models.CharField(_("rôle"), max_length=32)
    kind = models.CharField(_("engagement"), max_length=12, choices=SignatureKind, default=SignatureKind.SIGNED)
    section = models.CharField(_("lignes signées"), max_length=80, blank=True)
    reservation = models.TextField(_("réserve"), max_length=5_000, blank=True)
    at = models.DateTimeField(_("le"), default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "partner", "section"], name="signature_once_per_partner"),
            models.CheckConstraint(
                condition=Q(kind=SignatureKind.SIGNED) | ~Q(reservation=""),
                name="signature_reserve_is_written",
                violation_error_message="Une réserve s’écrit.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} · {self.get_kind_display()}"


def canonical(content: Any) -> bytes:
    """One writing for one content: keys in order, no spaces, no float."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def content_hash(content: Any) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def day_of(content: Any) -> date:
    return date.fromisoformat(content["as_of"])


class PublishedName(models.Model):
    """That a list named a natural person: from which day, and when the name left it."""

    operation = models.ForeignKey(Operation, models.PROTECT, related_name="+")
    publication = models.CharField(_("liste"), max_length=40)
    first_published = models.DateField(_("première publication"))
    withdrawn_on = models.DateField(_("nom retiré le"), null=True)

    class Meta:
        ordering = ["first_published", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "publication"], name="published_name_once_per_list"),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=models.F("first_published")),
                name="published_name_withdrawn_after_published",
                violation_error_message="Un nom est retiré après avoir été publié.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication} · {self.operation_id} · {self.first_published}"
