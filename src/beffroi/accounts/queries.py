import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db.models import Prefetch, QuerySet

from beffroi.accounts.enums import RemovalBlocker, Role
from beffroi.accounts.models import AuditEvent, Membership, User
from beffroi.accounts.rules import blockers_to_removal

DEMO_ACCOUNTS = Path(__file__).parent / "data" / "demo_accounts.toml"


def people() -> QuerySet[User]:
    """Everybody with their present roles, the open accounts first."""
    memberships = Membership.objects.current().select_related("partner").order_by("partner__name", "role")
    return User.objects.prefetch_related(Prefetch("memberships", memberships, to_attr="present")).order_by(
        "-is_active", "name", "pk"
    )


def memberships_of(user: User) -> QuerySet[Membership]:
    return user.memberships.select_related("partner").order_by("until", "-since", "pk")


def administrators() -> QuerySet[User]:
    current = Membership.objects.current().filter(role=Role.ADMINISTRATOR)
    return User.objects.filter(is_active=True, pk__in=current.values("user_id"))


def blockers_to_closing(user: User, *, by: User | None) -> list[RemovalBlocker]:
    return blockers_to_removal(
        is_self=user == by,
        is_administrator=administrators().filter(pk=user.pk).exists(),
        other_administrators=administrators().exclude(pk=user.pk).count(),
    )


def blockers_to_ending(membership: Membership) -> list[RemovalBlocker]:
    """A person may leave their own role, unless nobody else could give it back."""
    user = membership.user
    others = user.memberships.current().filter(role=Role.ADMINISTRATOR).exclude(pk=membership.pk)
    return blockers_to_removal(
        is_self=False,
        is_administrator=membership.role == Role.ADMINISTRATOR and user.is_active and not others.exists(),
        other_administrators=administrators().exclude(pk=user.pk).count(),
    )


def audit_trail(
    *, act: str = "", person: int | None = None, start: date | None = None, end: date | None = None
) -> QuerySet[AuditEvent]:
    events = AuditEvent.objects.select_related("by")
    if act:
        events = events.filter(act=act)
    if person:
        events = events.filter(by=person)
    if start:
        events = events.filter(at__date__gte=start)
    return events.filter(at__date__lte=end) if end else events


def acts_of_the_trail() -> list[str]:
    return list(AuditEvent.objects.order_by("act").values_list("act", flat=True).distinct())


@dataclass(frozen=True)
class DemoPerson:
    role: Role
    name: str
    email: str
    task: str


def demo_people() -> list[DemoPerson]:
    accounts = tomllib.loads(DEMO_ACCOUNTS.read_text(encoding="utf-8"))["account"]
    return [DemoPerson(**{**account, "role": Role(account["role"])}) for account in accounts]


def demo_accounts() -> list[Membership]:
    """The accounts that the log-in page of the demonstration offers, in the order of the data file."""
    order = [person.email for person in demo_people()]
    found = Membership.objects.current().filter(user__is_demo=True, user__is_active=True).select_related("user", "partner")
    return sorted(found, key=lambda one: order.index(one.user.email) if one.user.email in order else len(order))
