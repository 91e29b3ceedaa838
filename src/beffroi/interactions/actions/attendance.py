"""Who is invited to an event, who comes, whom to visit afterwards."""

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import User
from beffroi.actors.models import Contact, Organisation, ProjectHolder
from beffroi.core import mail
from beffroi.core.refusals import Refused
from beffroi.core.text import search_key
from beffroi.interactions.enums import ActivityAct, EventState, ParticipationState
from beffroi.interactions.models import Arrival, Event, Participation
from beffroi.interactions.queries.companies import companies_named
from beffroi.interactions.rules.guests import guests

BATCH = 500
COMING = (ParticipationState.REGISTERED, ParticipationState.DECLINED)


@dataclass
class Invited:
    added: list[Participation] = field(default_factory=list)
    known: int = 0
    unknown: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ticks:
    """What the page showed when it was opened: its rows, those ticked as present, those ticked to be visited."""

    listed: Collection[int]
    present: Collection[int] = ()
    flagged: Collection[int] = ()


def _participation(event: Event, **fields: Any) -> Participation:
    return Participation(event=event, owner=event.owner, visibility=event.visibility, token=secrets.token_urlsafe(32), **fields)


@transaction.atomic
def invite_written(event: Event, text: str, *, by: User) -> Invited:
    """The companies of a pasted list; lines that name nobody known come back with the reason, the others are kept."""
    asked = guests(text)
    found = companies_named((guest.company for guest in asked), viewer=by)
    by_company = {found.by_text[guest.company]: guest for guest in asked if guest.company in found.by_text}
    written = {guest.company: guest.written for guest in asked}
    unknown = {written[company]: reason for company, reason in found.unknown.items()}
    told = {row.pk: (guest.person, guest.email) for row, guest in by_company.items()}
    invited = invite_companies(event, by_company, told=told, by=by)
    invited.unknown = unknown
    return invited


@transaction.atomic
def invite_companies(
    event: Event, companies: Iterable[Organisation], *, by: User, told: Mapping[int, tuple[str, str]] | None = None
) -> Invited:
    """Each once. Without an address, that of a contact of the company that the organiser may see."""
    _hold(event)
    asked = {row.pk: row for row in companies}
    there = set(event.participations.filter(organisation__in=asked).order_by().values_list("organisation", flat=True))
    fresh = [row for pk, row in asked.items() if pk not in there]
    contacts = _contacts(fresh, by)
    rows = []
    for row in fresh:
        person, email = (told or {}).get(row.pk, ("", ""))
        known_person, known_email = ("", "") if email else contacts.get(row.pk, ("", ""))
        rows.append(_participation(event, organisation=row, person=person or known_person, email=email or known_email))
    added = bulk_create_with_history(rows, Participation, batch_size=BATCH, default_user=by)
    record_act(ActivityAct.GUESTS_INVITED, by=by, subject=("event", event.pk), added=len(rows))
    return Invited(added=list(added), known=len(there))


def _contacts(companies: Iterable[Organisation], by: User) -> dict[int, tuple[str, str]]:
    rows = Contact.objects.visible_to(by).filter(organisation__in=[row.pk for row in companies]).exclude(email="")
    found: dict[int, tuple[str, str]] = {}
    for pk, name, email in rows.order_by("name", "pk").values_list("organisation", "name", "email"):
        found.setdefault(pk, (name[:150], email))
    return found


@transaction.atomic
def invite_holder(event: Event, holder: ProjectHolder, *, email: str = "", by: User) -> Participation:
    _hold(event)
    known: Participation | None = event.participations.filter(holder=holder).first()
    if known is not None:
        return known
    row = _participation(event, holder=holder, person=holder.name, email=email)
    row.save()
    record_act(ActivityAct.GUESTS_INVITED, by=by, subject=("event", event.pk), added=1)
    return row


@transaction.atomic
def send_invitations(event: Event, *, by: User, at: datetime) -> int:
    """To each guest with an address that has had none: twice asked, one mail."""
    rows = list(
        event.participations.select_for_update(of=("self",)).filter(invited_at__isnull=True).exclude(email="").order_by("pk")
    )
    for row in rows:
        row.token = row.token or secrets.token_urlsafe(32)
        row.invited_at = at
        address = f"{settings.ADDRESS}{reverse('interactions:answer', args=[row.token])}"
        mail.queue_template("interactions/mails/invitation.txt", to=row.email, event=event, row=row, address=address)
    bulk_update_with_history(rows, Participation, ["token", "invited_at"], batch_size=BATCH, default_user=by)
    record_act(ActivityAct.GUESTS_INVITED, by=by, subject=("event", event.pk), sent=len(rows))
    return len(rows)


@transaction.atomic
def answer_invitation(row: Participation, *, comes: bool, at: datetime) -> Participation:
    """By the guest, from the mail, while it can still come; what the organisers noted at the door stands."""
    event = _hold(row.event)
    held: Participation = Participation.objects.get(pk=row.pk)
    if event.state == EventState.CANCELLED or event.ends < at:
        raise Refused(_("Cet événement est passé, ou annulé : votre réponse n’est pas notée."))
    if held.state not in (ParticipationState.ATTENDED, ParticipationState.ABSENT):
        held.state = ParticipationState.REGISTERED if comes else ParticipationState.DECLINED
        held.save()
    return held


def _hold(event: Event) -> Event:
    """Two people at the door, or one who saves the list meanwhile: one after the other."""
    held: Event = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    return held


@transaction.atomic
def note_attendance(
    event: Event, *, shown: Ticks, present: Collection[int], flagged: Collection[int], by: User, at: datetime
) -> int:
    """What others noted since the page was shown stands: only the ticks that differ from those shown change something. Once
    the event has begun, who was never ticked did not come. Returns how many changed."""
    changed, has_begun = [], _hold(event).starts <= at
    for row in event.participations.filter(pk__in=shown.listed).order_by("pk"):
        before = (row.state, row.flagged)
        if (row.pk in flagged) != (row.pk in shown.flagged):
            row.flagged = row.pk in flagged
        _tick(row, was=row.pk in shown.present, came=row.pk in present, has_begun=has_begun, at=at)
        if (row.state, row.flagged) != before:
            changed.append(row)
    bulk_update_with_history(changed, Participation, ["state", "flagged", "attended_at"], batch_size=BATCH, default_user=by)
    record_act(ActivityAct.ATTENDANCE_NOTED, by=by, subject=("event", event.pk), changed=len(changed))
    return len(changed)


def _tick(row: Participation, *, was: bool, came: bool, has_begun: bool, at: datetime) -> None:
    if came and not was:
        _come(row, at)
    elif was and not came:
        row.state, row.attended_at = ParticipationState.ABSENT if has_begun else ParticipationState.INVITED, None
    elif has_begun and not came and row.state in (ParticipationState.INVITED, ParticipationState.REGISTERED):
        row.state = ParticipationState.ABSENT


def _come(row: Participation, at: datetime) -> None:
    if row.state != ParticipationState.ATTENDED:
        row.state, row.attended_at = ParticipationState.ATTENDED, at


@transaction.atomic
def mark_present(event: Event, company: Organisation, *, by: User | None, at: datetime, person: str = "") -> Participation:
    """At the door: invited or not, it is there."""
    _hold(event)
    row = event.participations.filter(organisation=company).first() or _participation(event, organisation=company)
    row.person = row.person or person
    _come(row, at)
    row.save()
    record_act(ActivityAct.ATTENDANCE_NOTED, by=by, subject=("event", event.pk), participation=row.pk)
    return row


@transaction.atomic
def sign_in(event: Event, *, company: str, person: str, email: str, at: datetime, viewer: Any) -> Arrival:
    """By the guest. A company that the list or the public register names is marked present; another waits for the organisers.
    The guest reads the same answer in both cases: nobody learns who is on the list."""
    keys = {"company_key": search_key(company)[:300], "person_key": search_key(person)[:150]}
    told = {"company": company, "person": person, "email": email, "at": at}
    arrival, is_new = Arrival.objects.get_or_create(event=event, **keys, defaults=told)
    if is_new and (found := _company_of(event, company, viewer)):
        arrival.participation = mark_present(event, found, by=None, at=at, person=person)
        arrival.save(update_fields=["participation"])
    return arrival


def _company_of(event: Event, company: str, viewer: Any) -> Organisation | None:
    on_list = [
        row.organisation for row in event.participations.filter(organisation__sort_key=search_key(company)).order_by("pk")
    ]
    if len(on_list) == 1:
        only: Organisation | None = on_list[0]
        return only
    return companies_named([company], viewer=viewer).by_text.get(company.strip())


@transaction.atomic
def settle_arrival(arrival: Arrival, company: Organisation | None, *, by: User) -> Arrival:
    """Whoever organises says which company it was, or that it does not count."""
    if company is None:
        arrival.refused = True
    else:
        arrival.participation = mark_present(arrival.event, company, by=by, at=arrival.at, person=arrival.person)
    arrival.save(update_fields=["refused", "participation"])
    return arrival
