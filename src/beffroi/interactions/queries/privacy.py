"""What an institution keeps of persons: found by name, address or number, and old enough to be forgotten."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import User
from beffroi.actors.models import Contact, ProjectHolder
from beffroi.core.text import row_number, search_key
from beffroi.interactions.enums import VisitState
from beffroi.interactions.models import (
    Arrival,
    Event,
    Need,
    Offer,
    Participation,
    Referral,
    Support,
    SupportStep,
    Visit,
    VisitNote,
)
from beffroi.interactions.rules.privacy import is_old

ERASED = "personne effacée"
ERASED_ACCOUNT = "compte effacé"
MOST_FOUND = 200
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Kind:
    """Rows that tell of a person. `owned`: the way to the institution that answers for them; `blank`: what is written in the
    place of the person; `days`: the days on which the person was met, by the row's number."""

    code: str
    label: Any
    model: Any
    owned: str
    fields: Sequence[str]
    blank: Callable[[int], dict[str, str]]
    days: Callable[[Rows], Iterable[tuple[int, date | None]]] | None = None

    def rows(self, partners: Iterable[int]) -> Rows:
        found: Rows = self.model._default_manager.filter(**{f"{self.owned}__in": list(partners)}).distinct()
        return found

    @property
    def history(self) -> Any:
        return getattr(self.model, "history", None)


def _kept_visits() -> Rows:
    """Those that took place or will: nobody was met at a visit that was cancelled."""
    return Visit.objects.exclude(state=VisitState.CANCELLED).order_by()


def _contact_days(rows: Rows) -> Iterable[tuple[int, date | None]]:
    """The exchanges and the visits; without any, the day on which the contact was typed."""
    ids = rows.order_by().values("pk")
    yield from rows.order_by().values_list("pk", "last_contact")
    yield from _kept_visits().filter(contact__in=ids).values_list("contact").annotate(day=Max("on"))
    typed = Contact.history.filter(id__in=ids, history_type="+").order_by()
    for pk, at in typed.values_list("id").annotate(at=Max("history_date")):
        yield pk, timezone.localdate(at)


def _holder_days(rows: Rows) -> Iterable[tuple[int, date | None]]:
    ids = rows.order_by().values("pk")
    yield from rows.order_by().values_list("pk", "since")
    yield from _kept_visits().filter(holder__in=ids).values_list("holder").annotate(day=Max("on"))
    yield from Need.objects.filter(holder__in=ids).order_by().values_list("holder").annotate(day=Max("opened_on"))
    yield from Support.objects.filter(holder__in=ids).order_by().values_list("holder").annotate(day=Max("since"))
    steps = SupportStep.objects.filter(support__holder__in=ids).order_by()
    yield from steps.values_list("support__holder").annotate(day=Max("on"))


def _offer_days(rows: Rows) -> Iterable[tuple[int, date | None]]:
    """Who gave the company's word is known as long as the offer stands."""
    yield from rows.filter(ended_on__isnull=False).order_by().values_list("pk", "ended_on")


def _event_days(rows: Rows) -> Iterable[tuple[int, date | None]]:
    for pk, at in rows.order_by().values_list("pk", "event__ends"):
        yield pk, timezone.localdate(at)


KINDS = (
    Kind(
        "contact", _("contact"), Contact, "owner", ("name", "role", "email", "phone"),
        lambda pk: {"name": ERASED, "role": "", "email": "", "phone": ""}, _contact_days,
    ),
    Kind("holder", _("porteur de projet"), ProjectHolder, "owner", ("name",), lambda pk: {"name": ERASED}, _holder_days),
    Kind(
        "participation", _("participation à un événement"), Participation, "event__owner", ("person", "email"),
        lambda pk: {"person": "", "email": ""}, _event_days,
    ),
    Kind(
        "arrival", _("arrivée à un événement"), Arrival, "event__owner", ("person", "email"),
        lambda pk: {"person": ERASED, "person_key": f"efface-{pk}", "email": ""}, _event_days,
    ),
    Kind("offer", _("offre d’une entreprise"), Offer, "owner", ("told_by",), lambda pk: {"told_by": ""}, _offer_days),
    Kind(
        "account", _("compte"), User, "memberships__partner", ("name", "email"),
        lambda pk: {"name": f"{ERASED_ACCOUNT} {pk}", "email": f"efface-{pk}@compte.invalid"},
    ),
)  # fmt: skip
BY_CODE = {kind.code: kind for kind in KINDS}
# Texts that people wrote: a name in them is shown, and is theirs to take out
TEXTS: tuple[tuple[Any, Any, str, str], ...] = (
    (_("note de visite"), VisitNote, "owner", "text"),
    (_("besoin"), Need, "owner", "text"),
    (_("étape d’accompagnement"), SupportStep, "support__owner", "text"),
    (_("réponse à un besoin"), Referral, "partner", "comment"),
    (_("réponse à un besoin"), Referral, "need__owner", "comment"),
    (_("événement"), Event, "owner", "description"),
    (_("projet"), ProjectHolder, "owner", "project"),
    (_("accompagnement"), Support, "owner", "title"),
    (_("offre d’une entreprise"), Offer, "owner", "text"),
    (_("offre d’une entreprise"), Offer, "owner", "detail"),
)


@dataclass(frozen=True)
class Found:
    """A row about the person who is looked for; `key` names it in the form."""

    kind: Kind
    row: Any

    @property
    def key(self) -> str:
        return f"{self.kind.code}:{self.row.pk}"

    @property
    def values(self) -> dict[str, str]:
        return {name: str(getattr(self.row, name)) for name in self.kind.fields if getattr(self.row, name)}

    @property
    def is_open_account(self) -> bool:
        return self.kind.code == "account" and self.row.is_active


@dataclass(frozen=True)
class Mention:
    label: Any
    text: str
    address: str


def people_found(text: str, *, partners: Iterable[int]) -> list[Found]:
    """The rows of these institutions where every typed word is: in the name, the address or, digits only, the number."""
    words, owners = search_key(text).split(), list(partners)
    if not words or not owners:
        return []
    found: list[Found] = []
    for kind in KINDS:
        for row in kind.rows(owners).order_by("pk").iterator(chunk_size=2000):
            if len(found) < MOST_FOUND and _answers(kind, row, text, words):
                found.append(Found(kind, row))
    return found


def _answers(kind: Kind, row: Any, text: str, words: Sequence[str]) -> bool:
    digits = "".join(sign for sign in text if sign.isdigit())
    if len(digits) >= 6 and not any(sign.isalpha() for sign in text):
        return digits[-9:] in "".join(sign for sign in str(getattr(row, "phone", "")) if sign.isdigit())
    said = search_key(" ".join(str(getattr(row, name)) for name in kind.fields))
    if getattr(row, "email", "") and text.strip().lower() == row.email.lower():
        return True
    return all(word in said for word in words)


def mentions_found(text: str, *, partners: Iterable[int]) -> list[Mention]:
    """Where these institutions wrote the name in a text, as typed."""
    wanted, owners = text.strip(), list(partners)
    if not wanted:
        return []
    found: list[Mention] = []
    for label, model, owned, field in TEXTS:
        rows = model._default_manager.filter(**{f"{owned}__in": owners, f"{field}__icontains": wanted}).order_by("pk")
        found += [Mention(label, str(getattr(row, field))[:300], _address(row)) for row in rows[:MOST_FOUND]]
    return list(dict.fromkeys(found))


PAGES = (("visit", VisitNote), ("support", SupportStep), ("need", Referral))  # a text that has no page of its own


def _address(row: Any) -> str:
    page: Any = next((getattr(row, link) for link, model in PAGES if isinstance(row, model)), row)
    return str(page.get_absolute_url())


def chosen(keys: Iterable[str], *, partners: Iterable[int]) -> list[Found]:
    """The rows that a form names, of these institutions only."""
    wanted: dict[str, list[int]] = {}
    for key in keys:
        code, _colon, pk = key.partition(":")
        if code in BY_CODE and (number := row_number(pk)) is not None:
            wanted.setdefault(code, []).append(number)
    owners = list(partners)
    return [
        Found(BY_CODE[code], row)
        for code, ids in wanted.items()
        for row in BY_CODE[code].rows(owners).filter(pk__in=ids).order_by("pk")
    ]


@dataclass(frozen=True)
class Ending:
    """A row whose person was last met that day."""

    found: Found
    last: date


def endings(*, on: date, partners: Iterable[int] | None = None) -> list[Ending]:
    """The rows whose person nobody has met for three years on that day, and that still name somebody."""
    ended = []
    for kind in KINDS:
        if kind.days is None:
            continue
        every = kind.model._default_manager.all() if partners is None else kind.rows(partners)
        rows = _naming(kind, every)
        last: dict[int, date] = {}
        for pk, day in kind.days(rows):
            if day is not None:
                last[pk] = max(day, last.get(pk, day))
        old = {pk: day for pk, day in last.items() if is_old(day, on=on)}
        ended += [Ending(Found(kind, row), old[row.pk]) for row in rows.filter(pk__in=list(old)).order_by("pk")]
    return ended


def undated_contacts() -> Rows:
    """Typed by a file that says no day: nothing tells when they were met."""
    dated = Contact.history.order_by().values("id")
    found: Rows = Contact.objects.filter(last_contact__isnull=True).exclude(pk__in=dated).exclude(name=ERASED)
    return found


def _naming(kind: Kind, rows: Rows) -> Rows:
    """Those that still name a person; a project that became a company is told by the company."""
    if kind.code == "participation":
        return rows.exclude(person="", email="")
    if kind.code == "offer":
        return rows.exclude(told_by="")
    if kind.code == "holder":
        rows = rows.filter(organisation__isnull=True)
    return rows.exclude(**{kind.fields[0]: ERASED})
