import secrets
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from beffroi.accounts.enums import Act, Reading, Role
from beffroi.accounts.models import ApiKey, AuditEvent, Membership, Partner, User
from beffroi.accounts.queries import DemoPerson, blockers_to_closing, blockers_to_ending, demo_people, digest_of
from beffroi.core import mail
from beffroi.core.refusals import Refused


def record_act(act: str, *, by: User | None, subject: tuple[str, int] | None = None, **detail: object) -> AuditEvent:
    kind, pk = subject or ("", None)
    return AuditEvent.objects.create(act=act, by=by, subject_kind=kind, subject_id=pk, detail=detail)


KEY_MARK = "bfr_"  # what a key found in a file or a log is recognised by
ONCE = {Reading.CONTACTS_READ, Reading.HOLDERS_READ, Reading.CRISIS_READ}
READ_AGAIN = timedelta(minutes=30)  # a page read twice in this time is one reading


def record_reading(reading: Reading, subject: tuple[str, int] | None = None, *, by: User, **detail: object) -> None:
    """Who read or took away what concerns persons. A file taken away is noted each time, a page once in half an hour."""
    kind, pk = subject or ("", None)
    recent = AuditEvent.objects.filter(act=reading, by=by, subject_kind=kind, subject_id=pk)
    if reading in ONCE and recent.filter(at__gt=timezone.now() - READ_AGAIN).exists():
        return
    record_act(reading, by=by, subject=subject, **detail)


@transaction.atomic
def add_user(email: str, *, name: str, by: User | None) -> User:
    """The person receives a mail and chooses a password: nobody else ever knows it."""
    if User.objects.filter(email=email.strip().lower()).exists():
        raise Refused(_("Un compte porte déjà cette adresse de courriel."))
    user = User.objects.create_user(email.strip(), name=name.strip())
    record_act(Act.ACCOUNT_ADDED, by=by, subject=("user", user.pk))
    mail.queue_template("accounts/mails/invitation.txt", to=user.email, user=user, address=settings.ADDRESS)
    return user


@transaction.atomic
def close_account(user: User, *, by: User | None) -> User:
    """The person's sessions end with their next request; what they did keeps their name."""
    if blockers := blockers_to_closing(user, by=by):
        raise Refused(*blockers)
    user.is_active = False
    user.save(update_fields=["is_active"])
    record_act(Act.ACCOUNT_CLOSED, by=by, subject=("user", user.pk))
    return user


@transaction.atomic
def reopen_account(user: User, *, by: User | None) -> User:
    user.is_active = True
    user.save(update_fields=["is_active"])
    record_act(Act.ACCOUNT_REOPENED, by=by, subject=("user", user.pk))
    return user


@transaction.atomic
def give_role(user: User, *, partner: Partner, role: Role, since: date, by: User | None) -> Membership:
    """Giving a role that the person already holds there changes nothing."""
    membership, is_new = Membership.objects.get_or_create(
        user=user, partner=partner, role=role, until=None, defaults={"since": since}
    )
    if is_new:
        record_act(Act.ROLE_GIVEN, by=by, subject=("user", user.pk), role=role, partner=partner.code, since=since.isoformat())
    return membership


@transaction.atomic
def end_role(membership: Membership, *, until: date, by: User | None) -> Membership:
    if blockers := blockers_to_ending(membership):
        raise Refused(*blockers)
    membership.until = until
    membership.full_clean(exclude=["user", "partner"])
    membership.save(update_fields=["until"])
    record_act(
        Act.ROLE_ENDED,
        by=by,
        subject=("user", membership.user_id),
        role=membership.role,
        partner=membership.partner.code,
        until=until.isoformat(),
    )
    return membership


@transaction.atomic
def open_demo_accounts(partners: dict[Role, Partner], *, since: date) -> list[User]:
    """One invented person for each role that has a partner; opening them twice changes nothing."""
    if not settings.DEMO:
        raise Refused(_("Seule la démonstration ouvre des comptes de démonstration (BEFFROI_MODE=demo)."))
    return [
        open_demo_account(person, partners[person.role], since=since) for person in demo_people() if person.role in partners
    ]


def open_demo_account(person: DemoPerson, partner: Partner, *, since: date) -> User:
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(person.email, name=person.name, is_demo=True)
    give_role(user, partner=partner, role=person.role, since=since, by=None)
    return user


def record_sign_in(user: User, *, method: str) -> AuditEvent:
    return record_act(Act.SIGNED_IN, by=user, method=method)


def record_failed_sign_in(email: str) -> AuditEvent:
    """The same address gives the same digest, so that an attack shows, but nobody reads the address back."""
    return record_act(Act.SIGN_IN_FAILED, by=None, who=salted_hmac("accounts.sign_in", email.strip().lower()).hexdigest()[:16])


@transaction.atomic
def make_key(partner: Partner, *, label: str, by: User) -> tuple[ApiKey, str]:
    """The key and its secret, which nobody can read again."""
    secret = f"{KEY_MARK}{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        partner=partner,
        label=label.strip(),
        prefix=secret[: len(KEY_MARK) + 8],
        digest=digest_of(secret),
        made_by=by,
        made_at=timezone.now(),
    )
    record_act(Act.KEY_MADE, by=by, subject=("api_key", key.pk), partner=partner.code)
    return key, secret


@transaction.atomic
def revoke_key(key: ApiKey, *, by: User) -> ApiKey:
    if key.revoked_at is None:
        key.revoked_at, key.revoked_by = timezone.now(), by
        key.save(update_fields=["revoked_at", "revoked_by"])
        record_act(Act.KEY_REVOKED, by=by, subject=("api_key", key.pk), partner=key.partner.code)
    return key


def note_use(key: ApiKey) -> None:
    """When it last served, to the minute: thousands of requests are not thousands of writes."""
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at > timedelta(minutes=1):
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
