"""Whose activity a person notes."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from beffroi.accounts.enums import Permission, Role
from beffroi.accounts.models import Partner, User
from beffroi.accounts.roles import ROLES


def own_partner(user: User) -> Partner:
    """The institution for which a person notes activity; with several, the first that gave them the role."""
    for membership in sorted(user.current_memberships, key=lambda one: (one.since, one.pk)):
        if Permission.NOTE_ACTIVITY in ROLES[Role(membership.role)]:
            partner: Partner = membership.partner
            return partner
    raise PermissionDenied(_("Seul un membre d’une institution partenaire écrit ici."))
