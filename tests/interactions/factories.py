"""The daily work of operators, as situations."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import Partner
from beffroi.actors.models import Organisation
from beffroi.interactions.actions import seed_nomenclatures
from beffroi.interactions.models import Event, Need, Referral, Service, Support, Visit
from beffroi.reference.models import Framework, Item, Version
from tests.accounts.factories import partner
from tests.actors.factories import organisation

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = date(2026, 6, 1)
NUMBERS = count(1)


def company(name: str = "Filature du Nord", **fields: Any) -> Organisation:
    return organisation(name, "company", **fields)


def word(code: str) -> Item:
    """An item of the nomenclatures that Beffroi comes with."""
    found = Item.objects.filter(code=code, version__framework__code__in=("besoins", "activites", "guide-2000-pme")).first()
    if found is None:
        seed_nomenclatures()
        return word(code)
    return found


def _told(at: str | Partner, who: Organisation | None, fields: dict[str, Any]) -> dict[str, Any]:
    owner = at if isinstance(at, Partner) else partner(at)
    about = {} if "holder" in fields else {"organisation": who or company()}
    level = {"visibility": Visibility.PARTNERS, "recorded_at": NOON, "client_id": f"n{next(NUMBERS)}"}
    return {"owner": owner, **about, **level, **fields}


def visit(who: Organisation | None = None, *, at: str | Partner = "lille", on: date = DAY, **fields: Any) -> Visit:
    return Visit.objects.create(on=on, **_told(at, who, fields))


def need(
    who: Organisation | None = None, subject: str = "financement", *, at: str | Partner = "lille", on: date = DAY, **fields: Any
) -> Need:
    return Need.objects.create(opened_on=on, subject_item=word(subject), **_told(at, who, fields))


def referral(asked: Need, to: str = "amiens", *, on: date = DAY, **fields: Any) -> Referral:
    values = {"sent_on": on, "due_on": on + timedelta(days=5)} | fields
    return Referral.objects.create(need=asked, partner=partner(to), **values)


def service(title: str = "Prêt d’honneur", *subjects: str, at: str = "amiens", **fields: Any) -> Service:
    made = Service.objects.create(title=title, owner=partner(at), **{"visibility": Visibility.PARTNERS, **fields})
    made.subjects.set([word(code) for code in subjects or ("financement",)])
    return made


def support(
    who: Organisation | None = None, kind: str = "conseil", *, at: str = "lille", on: date = DAY, **fields: Any
) -> Support:
    title = fields.pop("title", "Plan d’action numérique")
    return Support.objects.create(kind=word(kind), title=title, since=on, **_told(at, who, fields))


def event(title: str = "Rencontre textile", *, at: str = "lille", starts: datetime = NOON, **fields: Any) -> Event:
    values = {
        "owner": partner(at),
        "visibility": Visibility.PARTNERS,
        "ends": starts + timedelta(hours=2),
        "client_id": f"n{next(NUMBERS)}",
        "token": f"t{next(NUMBERS)}",
        "state": "announced",
        "recorded_at": NOON,
    } | fields
    return Event.objects.create(title=title, starts=starts, **values)


def place(code: str = "62498", level: str = "commune", *, year: str = "2026", **fields: Any) -> Item:
    """A territory by the code of its geography, known by that code alone."""
    framework = Framework.objects.get_or_create(code=f"geo-{level}s", defaults={"label": level, "kind": "geography"})[0]
    version = Version.objects.get_or_create(framework=framework, code=year)[0]
    named = {"label": code, "level": level, "sort_key": code} | fields
    return Item.objects.get_or_create(version=version, code=code, defaults=named)[0]
