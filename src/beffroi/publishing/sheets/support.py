"""What a company or a project holder needs, who accompanies them and what they offer: a section of their sheet."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.models import AnyUser
from beffroi.accounts.roles import may
from beffroi.actors.enums import OrganisationKind
from beffroi.actors.models import Organisation
from beffroi.interactions.models import Need, Offer, Support
from beffroi.interactions.queries.needs import RELATED
from beffroi.interactions.queries.subjects import key_of
from beffroi.interactions.queries.supports import RELATED as RELATED_TO_SUPPORT
from beffroi.interactions.queries.supports import cards, with_hours
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets import Section
from beffroi.publishing.sheets.activity import Followed

MOST = 20  # the lists have the others


def needs_and_support(body: Followed, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    """For partners, each as far as they may read."""
    if not viewer.is_authenticated or not viewer.partner_ids:
        return None
    about = Q(organisation__in=body.whom.organisations) | Q(holder__in=body.whom.holders)
    needs = Need.objects.visible_to(viewer).filter(about, opened_on__lte=moment.as_of).select_related(*RELATED)
    supports = Support.objects.visible_to(viewer).filter(about, since__lte=moment.as_of).select_related(*RELATED_TO_SUPPORT)
    offers = Offer.objects.visible_to(viewer).standing().filter(organisation__in=body.whom.organisations)
    needed = [(need, need.tells(viewer)) for need in needs.prefetch_related("referrals")[:MOST]]
    helped, offered = cards(with_hours(supports, viewer)[:MOST], viewer), list(offers[:MOST])
    may_note = may(viewer, Permission.NOTE_ACTIVITY)
    kind = getattr(body.thing, "kind", OrganisationKind.COMPANY)
    if not (needed or helped or offered or (may_note and kind == OrganisationKind.COMPANY)):
        return None
    company = body.thing if isinstance(body.thing, Organisation) else None
    shown = {"needs": needed, "supports": helped, "offers": offered, "may_note": may_note, "company": company}
    return {**shown, "key": key_of(body.thing), "count": len(needed) + len(helped) + len(offered)}


SECTION = Section(
    "besoins", _("Besoins, accompagnements et savoir-faire"), "interactions/_support_section.html", needs_and_support
)
