"""How long personal data is kept: purpose, ground and length of each kind stand in data/personal_data.toml."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

KINDS = Path(__file__).resolve().parents[1] / "data" / "personal_data.toml"
CONTACT_YEARS = 3  # CNIL, « gestion commerciale » : three years after the last contact
READING_DAYS = 365  # CNIL, « journalisation » : six months to one year
NOTICE_DAYS = 60  # how long before it happens the list says so


@dataclass(frozen=True)
class PersonalKind:
    """What is kept of persons, why, on what ground and for how long; `after`: what becomes of it then."""

    code: str
    label: str
    what: str
    purpose: str
    ground: str
    length: str
    after: str
    readers: str


@cache
def personal_kinds() -> tuple[PersonalKind, ...]:
    return tuple(PersonalKind(**row) for row in tomllib.loads(KINDS.read_text(encoding="utf-8"))["kind"])


def years_before(day: date, years: int) -> date:
    """29 February counts as the 28th in a year that has none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def is_old(last: date, *, on: date) -> bool:
    """Three whole years have passed since."""
    return last < years_before(on, CONTACT_YEARS)
