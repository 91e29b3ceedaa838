from collections.abc import Iterable, Iterator, Sequence
from datetime import MAXYEAR, MINYEAR, date
from typing import Any

import polars as pl

from beffroi.core.text import search_key
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements
from beffroi.provenance.models import Load
from beffroi.reference.enums import SuccessionKind
from beffroi.reference.models import (
    Framework,
    Item,
    Place,
    PlaceMembership,
    Succession,
    Version,
)
from beffroi.reference.queries import Codes

BATCH = 2_000


def territories(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    """Official codes of one vintage, each with its level, parent and population; memberships come as rows of their own."""
    return record_statements(frames, load=load, write=lambda rows: _written_territories(rows, load))


def geography(code: str, label: str, vintage: str) -> Version:
    framework, _ = Framework.objects.get_or_create(code=code, defaults={"label": label, "kind": "geography"})
    year = int(vintage)
    dates = {"valid_from": date(year, 1, 1), "valid_to": date(year, 12, 31)}
    return Version.objects.get_or_create(framework=framework, code=vintage, defaults=dates)[0]


def _misplaced(rows: list[StatedRow]) -> Iterator[Refusal]:
    """Rows of a year that no calendar has, and codes that the file describes twice."""
    lines: dict[tuple[str, str, str], int] = {}
    for row in rows:
        first = lines.setdefault((row["framework"], str(row["vintage"]), row["code"]), row.number)
        if not MINYEAR <= int(row["vintage"]) <= MAXYEAR:
            yield Refusal(row.number, "vintage", str(row["vintage"]), f"« {row['vintage']} » n’est pas une année.")
        elif first != row.number:
            yield row.refusal("code", f"« {row['code']} » est déjà décrit à la ligne {first}.")


def _written_territories(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    refusals = {refusal.row: refusal for refusal in _misplaced(rows)}
    return [*refusals.values(), *_described([row for row in rows if row.number not in refusals], load)]


def _described(rows: list[StatedRow], load: Load) -> Iterable[Written]:
    versions = {
        key: geography(*key) for key in {(row["framework"], row["framework_label"], str(row["vintage"])) for row in rows}
    }
    made = [
        Item(
            version=versions[row["framework"], row["framework_label"], str(row["vintage"])],
            code=row["code"],
            label=row["label"],
            level=row["level"],
            sort_key=search_key(row["label"])[:200],
            owner=load.owner,
            visibility=load.visibility,
        )
        for row in rows
    ]
    _insert_or_update(made, ["version", "code"], ["label", "level", "sort_key"])
    codes = Codes(load.snapshot.source.code)
    places = [
        Place(item=item, population=row.values.get("population"), siren=row.text("siren"))
        for row, item in zip(rows, made, strict=True)
    ]
    _insert_or_update(places, ["item"], ["population", "siren"])
    wholes = [
        PlaceMembership(part=item, whole_id=whole)
        for row, item in zip(rows, made, strict=True)
        for address in row.text("inside").split(";")
        if address and (whole := codes.place(address)) is not None
    ]
    PlaceMembership.objects.bulk_create(wholes, batch_size=BATCH, ignore_conflicts=True)
    successions = _successions(zip(rows, made, strict=True), codes)
    Succession.objects.bulk_create(successions, batch_size=BATCH, ignore_conflicts=True)
    return [Written(row, "item", item, row["label"]) for row, item in zip(rows, made, strict=True)]


def _insert_or_update(things: Sequence[Item] | Sequence[Place], identity: list[str], texts: list[str]) -> None:
    """Another source, or an earlier file of this one, may have described them first."""
    if things:
        model: Any = type(things[0])
        model.objects.bulk_create(things, batch_size=BATCH, update_conflicts=True, unique_fields=identity, update_fields=texts)


def _successions(territories: Iterable[tuple[StatedRow, Item]], codes: Codes) -> Iterator[Succession]:
    for row, item in territories:
        successor = codes.item(row.text("successor_framework"), row.text("successor_code"))
        if successor is not None:
            yield Succession(before=item, after_id=successor, kind=SuccessionKind.MERGED, on=item.version.valid_to)
