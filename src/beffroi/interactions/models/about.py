"""What every fact of the daily work is about: a company, or somebody with a project and no number yet."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AnyUser, Restricted, RestrictedQuerySet, seen
from beffroi.actors.models import Organisation, ProjectHolder


def about_seen(link: str, user: AnyUser) -> Q:
    """The rows whose company, or project holder, this reader may see."""
    name = f"{link}__" if link else ""
    return seen(f"{name}organisation", user) | seen(f"{name}holder", user)


class AboutQuerySet(RestrictedQuerySet):
    def visible_to(self, user: AnyUser) -> Self:
        return super().visible_to(user).filter(about_seen("", user))

    def of(self, user: AnyUser) -> Self:
        """What the reader's own institutions wrote."""
        return self.filter(owner__in=user.partner_ids if user.is_authenticated else ())


class About(Restricted):
    """`owner` is the operator who acts; exactly one of company and project holder is given."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="%(class)ss", verbose_name=_("entreprise")
    )
    holder = models.ForeignKey(
        ProjectHolder, models.PROTECT, null=True, blank=True, related_name="%(class)ss", verbose_name=_("porteur de projet")
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, holder__isnull=True)
                | Q(organisation__isnull=True, holder__isnull=False),
                name="%(class)s_about_one",
                violation_error_message="Choisissez une entreprise ou un porteur de projet, pas les deux.",
            )
        ]

    @property
    def subject(self) -> Organisation | ProjectHolder:
        found = self.organisation or self.holder
        assert found is not None
        return found


class Detailed(models.Model):
    """A fact that partners may know, with what was said kept for fewer readers."""

    detail_visibility = models.SmallIntegerField(_("qui lit le détail"), choices=Visibility, default=Visibility.OWNER)

    class Meta:
        abstract = True

    def shows_detail_to(self, user: AnyUser) -> bool:
        if not user.is_authenticated:
            return self.detail_visibility == Visibility.PUBLIC
        partners = user.partner_ids
        return self.owner_id in partners or (bool(partners) and self.detail_visibility <= Visibility.PARTNERS)  # type: ignore[attr-defined]
