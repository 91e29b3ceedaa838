"""The mails of needs: they name the company, the subject and the day due; the rest is on the page, which asks who reads."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from beffroi.accounts.enums import Permission, Role
from beffroi.accounts.models import Membership, Partner, User
from beffroi.accounts.roles import ROLES
from beffroi.core import mail
from beffroi.interactions.models import Referral

ANSWERING = [role for role in Role if Permission.NOTE_ACTIVITY in ROLES[role] and role != Role.ADMINISTRATOR]


def people_of(partner: Partner) -> list[User]:
    """Those of an operator who may answer."""
    present = Membership.objects.current().filter(partner=partner, role__in=ANSWERING).values("user")
    return list(User.objects.filter(pk__in=present, is_active=True).order_by("pk"))


def tell_operator(referral: Referral, template: str, **more: object) -> None:
    """Its people, and the mailbox of the service when it has one."""
    addresses = [user.email for user in people_of(referral.partner)]
    mailbox = referral.service.email if referral.service else ""
    _send(template, [*addresses, mailbox], referral, **more)


def tell_sender(referral: Referral, template: str) -> None:
    """Whoever wrote the need, when they are still there; else their institution."""
    owner, author = referral.need.owner, referral.need.by
    if owner is None:
        return
    people = people_of(owner)
    _send(template, [author.email] if author in people and author else [user.email for user in people], referral)


def _send(template: str, addresses: Iterable[str], referral: Referral, **more: object) -> None:
    context: dict[str, Any] = {"referral": referral, "need": referral.need, "address": settings.ADDRESS, **more}
    for address in dict.fromkeys(filter(None, addresses)):
        mail.queue_template(template, to=address, **context)
