import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db.models import F, Prefetch, Q, QuerySet

from beffroi.accounts.enums import Reading, RemovalBlocker, Role
from beffroi.accounts.models import AnyUser, ApiKey, AuditEvent, Membership, User
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
    *,
    viewer: AnyUser | None = None,
    act: str = "",
    person: int | None = None,
    start: date | None = None,
    end: date | None = None,
) -> QuerySet[AuditEvent]:
    """What was done; `viewer` reads the acts of the people of the institutions they administer, and those of nobody."""
    events = AuditEvent.objects.exclude(act__in=Reading.values) if act not in Reading else AuditEvent.objects.all()
    return _asked(_seen(events, viewer), act=act, person=person, start=start, end=end)


def readings(
    viewer: AnyUser, *, act: str = "", person: int | None = None, start: date | None = None, end: date | None = None
) -> QuerySet[AuditEvent]:
    """Who, in the institutions that this person administers, read or took away what concerns persons."""
    events = AuditEvent.objects.filter(act__in=Reading.values, by__isnull=False)
    return _asked(_seen(events, viewer), act=act, person=person, start=start, end=end)


def colleagues(viewer: AnyUser) -> QuerySet[User]:
    """The people of the institutions that this person administers, past members too."""
    members = Membership.objects.filter(partner__in=administered(viewer)).values("user")
    return User.objects.filter(pk__in=members).order_by("name", "pk")


def _seen(events: QuerySet[AuditEvent], viewer: AnyUser | None) -> QuerySet[AuditEvent]:
    if viewer is None:
        return events
    return events.filter(Q(by__isnull=True) | Q(by__in=colleagues(viewer).order_by().values("pk")))


def _asked(
    events: QuerySet[AuditEvent], *, act: str, person: int | None, start: date | None, end: date | None
) -> QuerySet[AuditEvent]:
    events = events.select_related("by")
    if act:
        events = events.filter(act=act)
    if person:
        events = events.filter(by=person)
    if start:
        events = events.filter(at__date__gte=start)
    return events.filter(at__date__lte=end) if end else events


def acts_of_the_trail(viewer: AnyUser | None = None) -> list[str]:
    return list(audit_trail(viewer=viewer).order_by("act").values_list("act", flat=True).distinct())


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


def administered(user: AnyUser) -> set[int]:
    """The institutions of which this person is an administrator."""
    if not user.is_authenticated:
        return set()
    return {row.partner_id for row in getattr(user, "current_memberships", ()) if row.role == Role.ADMINISTRATOR}


def digest_of(secret: str) -> str:
    """A key is 256 random bits: nothing is gained by hashing it slowly."""
    return hashlib.sha256(secret.encode()).hexdigest()


def key_called(secret: str) -> ApiKey | None:
    """The key of this secret, unless it was revoked."""
    return ApiKey.objects.live().filter(digest=digest_of(secret)).select_related("partner").first()


def keys_of(user: AnyUser) -> QuerySet[ApiKey]:
    """Those of the institutions that this person administers, the live ones first."""
    rows = ApiKey.objects.filter(partner__in=administered(user)).select_related("partner", "made_by", "revoked_by")
    return rows.order_by(F("revoked_at").asc(nulls_first=True), "partner__name", "-made_at", "pk")
