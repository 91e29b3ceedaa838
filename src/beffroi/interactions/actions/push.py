"""What an operator's own software sends. It writes by the same actions as the screens; the sender's number makes a retry
harmless, and another content under the same number is refused rather than guessed."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from beffroi.accounts.actions import record_act
from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import ApiKey, KeyHolder
from beffroi.interactions.actions.events import add_event
from beffroi.interactions.actions.needs import open_need
from beffroi.interactions.actions.numbers import NumberTaken
from beffroi.interactions.actions.visits import Heard, Newcomer, Note, note_visit
from beffroi.interactions.enums import EVENT_KIND, NEED_SUBJECT, ActivityAct
from beffroi.interactions.models import Event, Need, Push, Visit
from beffroi.interactions.queries import push as queries

LEVELS = {"partners": Visibility.PARTNERS, "owner": Visibility.OWNER}


class PushConflict(Exception):
    """The number was used before, for something else."""

    def __init__(self, client_id: str) -> None:
        super().__init__(
            _(
                "Le numéro « %(client_id)s » a déjà servi avec un autre contenu : rien n’a changé. Corrigez cette ligne dans "
                "Beffroi, ou envoyez la nouvelle sous un autre numéro."
            )
            % {"client_id": client_id}
        )


@dataclass(frozen=True)
class Pushed:
    row: Any
    is_new: bool


Writer = Callable[[dict[str, Any], KeyHolder, datetime], Any]


def push(kind: str, said: dict[str, Any], *, key: ApiKey, at: datetime) -> Pushed:
    """All of it or nothing. The same content under the same number gives back the row that it made."""
    client_id, digest = said["client_id"], _digest(said)
    try:
        with transaction.atomic():
            return _known(kind, client_id, digest, key=key) or _written(kind, said, digest, key=key, at=at)
    except (IntegrityError, NumberTaken):  # the other of two requests at once wrote it
        known = _known(kind, client_id, digest, key=key)
        if known is None:
            raise
        return known


def _digest(said: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def _known(kind: str, client_id: str, digest: str, *, key: ApiKey) -> Pushed | None:
    """What this number made; a number that a screen or a device used is taken too."""
    rows = queries.own_rows(kind, KeyHolder(key))
    before = queries.pushed(key.partner_id, kind, client_id)
    if before is None and not rows.filter(client_id=client_id).exists():
        return None
    if before is None or before.digest != digest:
        raise PushConflict(client_id)
    return Pushed(rows.get(pk=before.subject_id), is_new=False)


def _written(kind: str, said: dict[str, Any], digest: str, *, key: ApiKey, at: datetime) -> Pushed:
    row = WRITERS[kind](said, KeyHolder(key), at)
    named = {"owner": key.partner, "kind": kind, "client_id": said["client_id"]}
    Push.objects.filter(**named).update(digest=digest, key=key)
    record_act(ActivityAct.PUSHED, by=key.made_by, subject=("api_key", key.pk), kind=kind, row=row.pk)
    return Pushed(row, is_new=True)


def _common(said: dict[str, Any], holder: KeyHolder, at: datetime) -> dict[str, Any]:
    by = queries.colleague(said["by"], holder) if said.get("by") else None
    place = queries.place_coded(said["place"]) if said.get("place") else None
    return {"owner": holder.key.partner, "client_id": said["client_id"], "by": by, "at": at, "place": place}


def _about(said: dict[str, Any], holder: KeyHolder) -> dict[str, Any]:
    area = said.get("area")
    item = queries.area_called(area["framework"], area["code"], viewer=holder) if area else None
    return {"item": item, "detail_visibility": LEVELS[said.get("detail_visibility") or "owner"]}


def push_visit(said: dict[str, Any], holder: KeyHolder, at: datetime) -> Visit:
    company = said["company"]
    found = queries.company_called(siren=company.get("siren") or "", name=company.get("name") or "", viewer=holder)
    common = _common(said, holder, at)
    newcomer = None if found else Newcomer(company["name"], place=common["place"])
    facts = {name: said[name] for name in ("on", "state", "means", "potential", "minutes") if said.get(name) is not None}
    level = LEVELS[said.get("detail_visibility") or "owner"]
    heard = Heard(
        notes=[Note(None, said["text"], level)] if said.get("text") else [],
        needs=[_need_of(one) for one in said.get("needs") or ()],
    )
    about: dict[str, Any] = {"organisation": found} if found else {}
    return note_visit(**common, heard=heard, newcomer=newcomer, **about, **facts, **_about(said, holder))


def _need_of(said: dict[str, Any]) -> tuple[Any, str]:
    return queries.word_called(said["subject"], level=NEED_SUBJECT, field="needs.subject"), said.get("text") or ""


def push_need(said: dict[str, Any], holder: KeyHolder, at: datetime) -> Need:
    company = said["company"]
    found = queries.company_called(siren=company.get("siren") or "", name=company.get("name") or "", viewer=holder)
    if found is None:
        raise queries.UnknownReference(
            "company",
            _("Aucune entreprise connue ne s’appelle « %(name)s » : envoyez d’abord la visite qui la fait connaître.")
            % {"name": company["name"]},
        )
    subject = queries.word_called(said["subject"], level=NEED_SUBJECT, field="subject")
    facts = {"organisation": found, "opened_on": said["opened_on"], "text": said.get("text") or ""}
    return open_need(subject_item=subject, **facts, **_common(said, holder, at), **_about(said, holder))


def push_event(said: dict[str, Any], holder: KeyHolder, at: datetime) -> Event:
    kind = queries.word_called(said["kind"], level=EVENT_KIND, field="kind") if said.get("kind") else None
    facts: dict[str, Any] = {name: said.get(name) or "" for name in ("title", "description", "venue")}
    dates: dict[str, Any] = {"starts": _moment(said["starts"]), "ends": _moment(said["ends"]), "capacity": said.get("capacity")}
    facts |= {"kind": kind, "state": said["state"], "visibility": LEVELS[said.get("visibility") or "partners"]}
    return add_event(**_common(said, holder, at), **facts, **dates, items=(), with_partners=())


def _moment(written: datetime) -> datetime:
    """An hour without its zone is that of the region."""
    return timezone.make_aware(written) if timezone.is_naive(written) else written


WRITERS: dict[str, Writer] = {"visits": push_visit, "needs": push_need, "events": push_event}
