"""Whom an operator's people see: planned, noted once however many times a device sends it, corrected, cancelled."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from beffroi.accounts.actions import record_act
from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import Partner, User
from beffroi.actors.actions import add_contact, add_project_holder, name_organisation, open_to_partners
from beffroi.actors.models import Contact, Organisation, ProjectHolder
from beffroi.core.refusals import Refused
from beffroi.interactions.actions.needs import open_need
from beffroi.interactions.actions.numbers import once, sending
from beffroi.interactions.enums import OWN_NUMBER, ActivityAct, TargetState, VisitBlocker, VisitState
from beffroi.interactions.models import Target, Visit, VisitConsent, VisitNote
from beffroi.interactions.queries.shelf import forget_counts
from beffroi.interactions.rules.visits import blockers_to_moving, blockers_to_visit
from beffroi.reference.models import Item

FOLLOWED = {VisitState.DONE: TargetState.SEEN, VisitState.PLANNED: TargetState.PLANNED}
STILL_OPEN = {
    VisitState.DONE: (TargetState.TO_SEE, TargetState.CALLED, TargetState.PLANNED),
    VisitState.PLANNED: (TargetState.TO_SEE, TargetState.CALLED),
}


@dataclass(frozen=True)
class Newcomer:
    """A company, or somebody with a project, that Beffroi does not know yet."""

    name: str
    project: str = ""  # given: a project holder
    place: Item | None = None


@dataclass(frozen=True)
class Note:
    """What was said on a theme of the guide (none: besides them), and who reads it."""

    theme: Item | None
    text: str
    visibility: Visibility = Visibility.OWNER


@dataclass(frozen=True)
class Heard:
    """What a visit brings besides its own facts; `met`: the name and the role of the person."""

    notes: Sequence[Note] = ()
    needs: Sequence[tuple[Item, str]] = ()
    consents: Sequence[str] = ()
    met: tuple[str, str] = ("", "")


@transaction.atomic
def note_visit(
    *,
    owner: Partner,
    client_id: str,
    by: User | None,
    at: datetime,
    heard: Heard | None = None,
    planned: Visit | None = None,
    newcomer: Newcomer | None = None,
    **fields: Any,
) -> Visit:
    """`fields`: organisation or holder, on, state... `planned`: the visit of the diary that this one fulfils, which keeps its
    operator and its own number. The same call again returns the same visit."""
    diary = Visit.objects.select_for_update().get(pk=planned.pk) if planned else None
    owner = diary.owner if diary and diary.owner else owner
    sent = sending("visits", owner, client_id, {"heard": heard, "planned": planned, "newcomer": newcomer, **fields})

    def make() -> Visit:
        if diary and diary.state != VisitState.PLANNED:
            raise Refused(VisitBlocker.ALREADY_NOTED)
        visit = diary or Visit(owner=owner, client_id=client_id, visibility=Visibility.PARTNERS)
        made = _introduced(newcomer, fields, owner=owner, by=by) if newcomer else {}
        _say(visit, {"by": by, "recorded_at": at, **fields, **made}, today=timezone.localdate(at))
        return visit

    visit, is_new = once(sent, Visit.objects.all(), make, at=at)
    if is_new:
        _write(visit, heard or Heard(), by=by, at=at)
        _follow_targets(visit)
        record_act(ActivityAct.VISIT_NOTED, by=by, subject=("visit", visit.pk), state=visit.state)
    return visit


@transaction.atomic
def plan_visit(subject: Organisation | ProjectHolder, *, owner: Partner, by: User, at: datetime, on: date) -> Visit:
    """The same person, the same company, the same day: the same plan, however many times it is asked."""
    is_holder = isinstance(subject, ProjectHolder)
    about: dict[str, Any] = {"organisation": None if is_holder else subject, "holder": subject if is_holder else None}
    known: Visit | None = Visit.objects.filter(owner=owner, by=by, on=on, state=VisitState.PLANNED, **about).first()
    if known:
        return known
    key = f"plan-{secrets.token_hex(16)}"
    return note_visit(owner=owner, client_id=key, by=by, at=at, on=on, state=VisitState.PLANNED, **about)


@transaction.atomic
def change_visit(visit: Visit, *, by: User, at: datetime, heard: Heard | None = None, **fields: Any) -> Visit:
    """Without `heard`, what was said stays as it is; needs that were opened live on their own page."""
    held: Visit = Visit.objects.select_for_update().get(pk=visit.pk)
    moved = VisitState(fields.get("state", held.state))
    if blockers := blockers_to_moving(VisitState(held.state), moved):
        raise Refused(*blockers)
    if "reserved_until" in fields and fields["reserved_until"] == held.reserved_until:
        del fields["reserved_until"]  # a reservation that has ended is no reason to refuse a correction
    _say(held, fields, today=timezone.localdate(at))
    held.save()
    if heard is not None:
        held.consents.all().delete()
        _write(held, replace(heard, notes=_rewritten(held, heard.notes)), by=by, at=at)
    _follow_targets(held)
    record_act(ActivityAct.VISIT_CHANGED, by=by, subject=("visit", held.pk), state=held.state)
    return held


def _rewritten(visit: Visit, notes: Sequence[Note]) -> list[Note]:
    """What is no longer said goes, what did not change stays as it is; back come the notes to write."""
    wanted = [(note.theme.pk if note.theme else None, note.text, note.visibility) for note in notes]
    same = set()
    for held in visit.notes.all():
        key = (held.theme_id, held.text, held.visibility)
        if key in wanted and key not in same:
            same.add(key)
        else:
            held.delete()
    return [note for note, key in zip(notes, wanted, strict=True) if key not in same]


@transaction.atomic
def end_reservations(*, today: date) -> int:
    """A company that a visit made known is for partners once its reservation ends, as the visit is."""
    hidden = Q(organisation__visibility__gt=Visibility.PARTNERS) | Q(holder__visibility__gt=Visibility.PARTNERS)
    over = Q(reserved_until__isnull=True) | Q(reserved_until__lt=today)  # none: lifted before its day
    ended = Visit.objects.filter(hidden, over, introduced=True)
    found = 0
    for visit in ended.select_related("organisation", "holder"):
        if visit.subject.visibility > Visibility.PARTNERS:
            open_to_partners(visit.subject)
            found += 1
    if found:
        forget_counts()
    return found


def _introduced(newcomer: Newcomer, fields: dict[str, Any], *, owner: Partner, by: User | None) -> dict[str, Any]:
    level = Visibility.OWNER if fields.get("reserved_until") else Visibility.PARTNERS
    told: dict[str, Any] = {"owner": owner, "by": by, "place": newcomer.place, "visibility": level}
    if newcomer.project:
        holder = add_project_holder(name=newcomer.name, project=newcomer.project, since=fields["on"], **told)
        return {"holder": holder, "introduced": True}
    return {"organisation": name_organisation(newcomer.name, kind="company", **told), "introduced": True}


def _say(visit: Visit, fields: dict[str, Any], *, today: date) -> None:
    for name, value in fields.items():
        setattr(visit, name, value)
    state, reserved = VisitState(visit.state), fields.get("reserved_until")
    since = timezone.localdate(visit.recorded_at)
    if blockers := blockers_to_visit(state=state, on=visit.on, reserved_until=reserved, today=today, since=since):
        raise Refused(*blockers)
    visit.place = visit.place or visit.subject.place
    if state == VisitState.PLANNED and not visit.reply_token:
        visit.reply_token = secrets.token_hex(12)  # lower case: mail servers do not keep capitals
    visit.clean_fields(exclude={"organisation", "holder", "by"})  # a visit of a CRM may name nobody
    visit.validate_constraints(exclude={"client_id"})


def _write(visit: Visit, heard: Heard, *, by: User | None, at: datetime) -> None:
    assert visit.owner is not None
    for note in heard.notes:
        _write_note(visit, note)
    VisitConsent.objects.bulk_create([VisitConsent(visit=visit, purpose=purpose) for purpose in heard.consents])
    about = {"organisation": visit.organisation, "holder": visit.holder, "visit": visit, "place": visit.place}
    levels = {"visibility": _wider(visit.detail_visibility), "detail_visibility": visit.detail_visibility}
    for subject, text in heard.needs:
        key = f"{OWN_NUMBER}visit-{visit.pk}-{subject.pk}"
        open_need(
            owner=visit.owner, client_id=key, subject_item=subject, opened_on=visit.on, by=by, at=at, text=text,
            item=visit.item, **about, **levels,
        )  # fmt: skip
    if heard.met[0] and visit.organisation:
        visit.contact = _met(visit, *heard.met, by=by)
        visit.save(update_fields=["contact"])


def _write_note(visit: Visit, note: Note) -> None:
    """Two notes on a theme for the same readers are one."""
    readers = {"owner": visit.owner, "theme": note.theme, "visibility": note.visibility}
    held = visit.notes.filter(**readers).first() if note.theme else None
    if held is None:
        VisitNote.objects.create(visit=visit, text=note.text, **readers)
    else:
        held.text = f"{held.text}\n\n{note.text}"
        held.save()


def _wider(level: int) -> Visibility:
    """A need that its visitor keeps is its operator's alone until somebody is asked to answer it."""
    return Visibility.OWNER if level > Visibility.PARTNERS else Visibility.PARTNERS


def _met(visit: Visit, name: str, role: str, *, by: User | None) -> Contact:
    """The contact of this name that the operator has, or a new one that it alone sees."""
    known: Contact | None = Contact.objects.filter(
        organisation=visit.organisation, owner=visit.owner, name__iexact=name
    ).first()
    if known is None:
        assert visit.organisation is not None and visit.owner is not None
        told = {"name": name, "role": role, "last_contact": visit.on, "visibility": Visibility.OWNER}
        return add_contact(visit.organisation, owner=visit.owner, by=by, **told)
    if known.last_contact is None or known.last_contact < visit.on:
        known.last_contact = visit.on
        known.save()
    return known


def _follow_targets(visit: Visit) -> None:
    """The company is seen, or about to be, in the operator's prospecting lists too; a visit that its operator still keeps to
    itself does not show there to those who share the list."""
    state = VisitState(visit.state)
    if state not in FOLLOWED or not visit.organisation_id or visit.reserved_until is not None:
        return
    open_ones = Target.objects.select_for_update(no_key=True).filter(
        organisation=visit.organisation_id, partner=visit.owner_id, state__in=STILL_OPEN[state]
    )
    for target in open_ones:
        target.state = FOLLOWED[state]
        target.save()
