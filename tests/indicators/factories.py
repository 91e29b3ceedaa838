"""Small stories of indicators: a framework with its items, and values as a table that one can read."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser

from beffroi.accounts.models import User
from beffroi.core.text import digest, search_key
from beffroi.indicators.models import Cell, Dimension, Indicator, Observation
from beffroi.indicators.queries import CellValue, cell_values
from beffroi.provenance.queries import Moment
from beffroi.reference.models import Framework, Item, Version
from tests.accounts.factories import person

NOW = Moment(date(2026, 11, 20), datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Europe/Paris")))
LONG_AGO = datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/Paris"))
EVERYONE = AnonymousUser()


def framework(*codes: str, code: str = "poles", level: str = "pole", kind: str = "strategy") -> Framework:
    """A framework whose items all stand under one root."""
    made = Framework.objects.create(code=code, label=code.title(), kind=kind)
    version = Version.objects.create(framework=made, code="1")
    root = Item.objects.create(version=version, code=f"{code}-root", label="Racine", level="root", sort_key="racine")
    for place, name in enumerate(codes):
        Item.objects.create(
            version=version, code=name, label=name.title(), level=level, parent=root, position=place, sort_key=search_key(name)
        )
    return made


def item(code: str) -> Item:
    return Item.objects.get(code=code)


def indicator(of: Framework, label: str = "Projets", **fields: object) -> Indicator:
    given = {"kind": "output", "unit": "projets", "direction": "up", "aggregation": "sum", "is_additive": True, **fields}
    return Indicator.objects.create(
        code=search_key(label).replace(" ", "-"),
        namespace="story",
        label=label,
        framework=of,
        sort_key=search_key(label),
        **given,
    )


def teller() -> User:
    return User.objects.filter(email="claire@lille.example").first() or person("claire@lille.example")


def tell(about: Indicator, *lines: str, territory: Item | None = None, stated_on: date | None = None) -> list[Cell]:
    """Each line: status | year, or nothing | breakdown | value, `4..6` between bounds, `?` unknown."""
    return [_told(about, [part.strip() for part in line.split("|")], territory, stated_on) for line in lines]


def _told(about: Indicator, parts: list[str], territory: Item | None, stated_on: date | None) -> Cell:
    status, year, breakdown, written = parts
    start, end = (date(int(year), 1, 1), date(int(year), 12, 31)) if year else (None, None)
    key = digest(str(about.pk), status, year, breakdown, str(territory and territory.pk))
    fields = {"indicator": about, "status": status, "start": start, "end": end, "written_period": year, "breakdown": breakdown}
    cell, is_new = Cell.objects.get_or_create(digest=key, defaults={**fields, "territory": territory})
    if is_new:
        _break_down(cell)
    low, _, high = written.partition("..")
    bounds = {"low": Decimal(low), "high": Decimal(high)} if high else {"value": None if written == "?" else Decimal(written)}
    Observation.objects.create(
        cell=cell,
        by=teller(),
        key=key,
        content_hash=key,
        as_written=written,
        stated_on=stated_on,
        recorded_from=LONG_AGO,
        **bounds,
    )
    return cell


def _break_down(cell: Cell) -> None:
    for part in filter(None, cell.breakdown.split(";")):
        name, _, value = part.partition("=")
        found = Item.objects.filter(code=value, version__framework=cell.indicator.framework).first()
        Dimension.objects.create(cell=cell, name=name, value=value, item=found)


def values(about: Indicator, moment: Moment = NOW) -> list[CellValue]:
    return cell_values(Cell.objects.of(about), moment=moment, viewer=EVERYONE)
