"""From staged rows to frameworks, items, correspondences, rules, systems and territories."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import MAXYEAR, MINYEAR, date, datetime
from typing import Any

import polars as pl
from django.utils import timezone

from beffroi.core.text import search_key
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements
from beffroi.provenance.models import Load, Statement
from beffroi.reference.actions import declare_framework
from beffroi.reference.enums import FrameworkKind, SuccessionKind
from beffroi.reference.models import (
    Boundary,
    Correspondence,
    Crosswalk,
    Framework,
    Item,
    NamedSystem,
    Place,
    PlaceMembership,
    Rule,
    Succession,
    Version,
)
from beffroi.reference.queries import PLACES, Codes
from beffroi.reference.rules import Polygon, WrongGeometry, polygons_of

BATCH = 2_000


def frameworks(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=lambda rows: _written_frameworks(rows, load))


def _written_frameworks(rows: list[StatedRow], load: Load) -> Iterable[Written]:
    for row in rows:
        framework, made = Framework.objects.get_or_create(
            code=row["code"],
            defaults={"label": row["label"], "kind": row["kind"], "owner": load.owner, "visibility": load.visibility},
        )
        version, _ = Version.objects.get_or_create(framework=framework, code="1")
        if made or version.valid_from is None:
            version.valid_from, version.valid_to = row["start_start"], row["end_end"]
            version.written_period = f"{row.text('start')} – {row.text('end')}" if row.text("start") or row.text("end") else ""
            version.save()
        yield Written(row, "framework", framework, row["label"])


def items(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=lambda rows: _written_items(rows, load))


def _written_items(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    """Two passes, because a child may come before its parent in a file."""
    codes = Codes(load.snapshot.source.code)
    versions = {version.framework_id: version for version in Version.objects.filter(code="1")}
    made: dict[int, Item] = {}
    for row in rows:
        framework = codes.frameworks.get(row["framework"]) or _published(row, codes, versions)
        if framework is None:
            yield row.refusal("framework", f"Le cadre « {row['framework']} » n’est décrit nulle part.")
            continue
        found = codes.item(row["framework"], row["code"])
        if found is None:
            made[row.number] = Item(
                version=versions[framework],
                code=row["code"],
                label=row["label"],
                level=row["level"],
                position=row["position"] or 0,
                sort_key=search_key(row["label"])[:200],
                owner=load.owner,
                visibility=load.visibility,
            )
        else:
            yield Written(row, "item", Item(pk=found), row["label"])
    Item.objects.bulk_create(made.values(), batch_size=BATCH)
    yield from _placed_under_parents(rows, made, Codes(load.snapshot.source.code))


def _published(row: StatedRow, codes: Codes, versions: dict[int, Version]) -> int | None:
    """A profile may say itself which public classification its file is."""
    if not row.text("framework_label"):
        return None
    since = date.fromisoformat(row["framework_since"]) if row.text("framework_since") else None
    kind = FrameworkKind.CLASSIFICATION
    made = declare_framework(row["framework"], label=row["framework_label"], kind=kind, since=since)
    codes.frameworks[made.code] = made.pk
    versions[made.pk] = made.versions.get(code="1")
    return made.pk


def _placed_under_parents(rows: list[StatedRow], made: dict[int, Item], codes: Codes) -> Iterable[Written | Refusal]:
    under = [row for row in rows if row.number in made and row.text("parent_code")]
    parents = {row.number: codes.item(row["framework"], row["parent_code"]) for row in under}
    lost: set[int] = set()
    while more := {made[number].pk for number, parent in parents.items() if parent is None or parent in lost} - lost:
        lost |= more  # what stands under a refused item has no parent either
    Item.objects.filter(pk__in=lost).delete()
    for row in rows:
        item = made.get(row.number)
        if item is not None and item.pk in lost:
            yield row.refusal("parent_code", f"Le parent « {row['parent_code']} » n’est pas un élément de ce cadre.")
        elif item is not None:
            item.parent_id = parents.get(row.number)
            yield Written(row, "item", item, row["label"])
    placed = [item for item in made.values() if item.pk not in lost and item.parent_id]
    Item.objects.bulk_update(placed, ["parent"], batch_size=BATCH)


def correspondences(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(
        frames, load=load, write=lambda rows: _written_correspondences(rows, load), close=close_correspondences
    )


def close_correspondences(statements: list[Statement], at: datetime) -> None:
    ids = [row.subject_id for row in statements if row.subject_kind == "correspondence"]
    stated = Statement.objects.filter(subject_kind="correspondence", subject_id__in=ids, recorded_to__isnull=True)
    over = Correspondence.objects.filter(pk__in=ids, recorded_to__isnull=True)
    over.exclude(pk__in=stated.values("subject_id")).update(recorded_to=at)


def _written_correspondences(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    codes, at = Codes(load.snapshot.source.code), timezone.now()
    for row in rows:
        source = codes.item(row["from_framework"], row["from_code"])
        target = codes.item(row["to_framework"], row["to_code"])
        if source is None or target is None:
            side = "from" if source is None else "to"
            yield row.refusal(
                f"{side}_code", f"« {row[f'{side}_code']} » n’est pas un élément de « {row[f'{side}_framework']} »."
            )
            continue
        versions = dict(Item.objects.filter(pk__in=[source, target]).values_list("pk", "version_id"))
        crosswalk = _crosswalk(versions[source], versions[target], load)
        edge, _ = Correspondence.objects.get_or_create(
            source_id=source,
            target_id=target,
            recorded_to=None,
            defaults={
                "crosswalk": crosswalk,
                "strength": row["strength"],
                "recorded_from": at,
                "reason": row.text("place")[:500],
            },
        )
        yield Written(row, "correspondence", edge, f"{row['from_code']} → {row['to_code']} ({row['strength']})")


def _crosswalk(source: int, target: int, load: Load) -> Crosswalk:
    seen_by = {"owner": load.owner, "visibility": load.visibility}
    return Crosswalk.objects.get_or_create(source_id=source, target_id=target, defaults=seen_by)[0]


def rules(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=lambda rows: _written_rules(rows, load), close=close_rules)


def close_rules(statements: list[Statement], at: datetime) -> None:
    ids = [row.subject_id for row in statements if row.subject_kind == "rule"]
    stated = Statement.objects.filter(subject_kind="rule", subject_id__in=ids, recorded_to__isnull=True)
    Rule.objects.filter(pk__in=ids).exclude(pk__in=stated.values("subject_id")).delete()


def _written_rules(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    codes = Codes(load.snapshot.source.code)
    for row in rows:
        framework = codes.frameworks.get(row["programme"])
        if framework is None:
            yield row.refusal("programme", f"Le programme « {row['programme']} » n’est décrit nulle part.")
            continue
        item = codes.item(row["programme"], row["item_code"]) if row.text("item_code") else None
        if row.text("item_code") and item is None:
            yield row.refusal("item_code", f"« {row['item_code']} » n’est pas un élément de « {row['programme']} ».")
            continue
        rule = Rule.objects.create(
            framework_id=framework,
            item_id=item,
            label=row["label"],
            kind=row["kind"],
            value=row.text("value"),
            owner=load.owner,
            visibility=load.visibility,
        )
        yield Written(row, "rule", rule, row["label"])


SYSTEM_TEXTS = ("purpose", "users", "inputs", "outputs", "frequency")


def systems(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=lambda rows: _written_systems(rows, load))


def _written_systems(rows: list[StatedRow], load: Load) -> Iterable[Written]:
    for row in rows:
        system, _ = NamedSystem.objects.update_or_create(
            namespace=load.snapshot.source.code,
            label=row["label"],
            defaults={
                "kind": row["kind"],
                "sort_key": search_key(row["label"])[:300],
                "owner": load.owner,
                "visibility": load.visibility,
                **{name: row.text(name) for name in SYSTEM_TEXTS},
            },
        )
        yield Written(row, "system", system, row["label"])


def territories(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    """Official codes of one vintage, each with its level, parent and population; memberships come as rows of their own."""
    return record_statements(frames, load=load, write=lambda rows: _written_territories(rows, load))


def _geography(code: str, label: str, vintage: str) -> Version:
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
        key: _geography(*key) for key in {(row["framework"], row["framework_label"], str(row["vintage"])) for row in rows}
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


def places(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    """The places that documents name, tied to an official territory where that is certain."""
    return record_statements(frames, load=load, write=lambda rows: _written_places(rows, load))


def _written_places(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    label = "Lieux nommés par les documents"
    framework, _ = Framework.objects.get_or_create(code=PLACES, defaults={"label": label, "kind": "geography"})
    version, _ = Version.objects.get_or_create(framework=framework, code="1")
    codes, at = Codes(load.snapshot.source.code), timezone.now()
    for row in rows:
        official = codes.item(row["official_framework"], row["official_code"]) if row.text("official_code") else None
        if row.text("official_code") and official is None:
            yield row.refusal(
                "official_code", f"« {row['official_code']} » n’est pas un code de « {row['official_framework']} »."
            )
            continue
        fields = {"label": row["label"], "level": row["kind"], "sort_key": search_key(row["label"])[:200]}
        seen_by = {"owner": load.owner, "visibility": load.visibility}
        item, _ = Item.objects.update_or_create(
            version=version, code=row["code"], defaults=fields, create_defaults=fields | seen_by
        )
        if official is not None:
            _tie(item, official, row, at, load)
        yield Written(row, "item", item, row["label"])


def _tie(item: Item, official: int, row: StatedRow, at: datetime, load: Load) -> None:
    target = Item.objects.only("version_id").get(pk=official)
    crosswalk = _crosswalk(item.version_id, target.version_id, load)
    Correspondence.objects.get_or_create(
        source=item,
        target=target,
        recorded_to=None,
        defaults={"crosswalk": crosswalk, "strength": row["strength"], "recorded_from": at, "reason": row.text("note")[:500]},
    )


def boundaries(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    """The outlines of territories of one vintage; a territory that nobody described yet comes with its name and level."""
    return record_statements(frames, load=load, write=lambda rows: _written_boundaries(rows, load), close=_close_boundaries)


def _close_boundaries(statements: list[Statement], at: datetime) -> None:
    Boundary.objects.filter(part__in=[f"{row.key}-{row.occurrence}" for row in statements]).delete()


def _written_boundaries(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    refusals = {refusal.row: refusal for refusal in _undated(rows)}
    outlines: dict[int, list[Polygon]] = {}
    for row in rows:
        try:
            outlines[row.number] = polygons_of(json.loads(row["geometry"]))
        except WrongGeometry as error:
            refusals[row.number] = Refusal(row.number, "geometry", row["code"], str(error))
        except ValueError:
            refusals[row.number] = Refusal(row.number, "geometry", row["code"], "Le contour n’est pas un objet GeoJSON.")
    drawn = [row for row in rows if row.number not in refusals]
    items = _items_to_draw(drawn, load)
    pairs = [(row, items[row["framework"], row["vintage"], row["code"]]) for row in drawn]
    Boundary.objects.bulk_create(
        (
            Boundary(item=item, part=f"{row.key}-{row.occurrence}", rings=json.dumps(outlines[row.number]))
            for row, item in pairs
        ),
        batch_size=BATCH,
    )
    return [*refusals.values(), *(Written(row, "item", item, row["label"]) for row, item in pairs)]


def _undated(rows: list[StatedRow]) -> Iterator[Refusal]:
    for row in rows:
        if not (row["vintage"].isdigit() and MINYEAR <= int(row["vintage"]) <= MAXYEAR):
            yield row.refusal("vintage", f"« {row['vintage']} » n’est pas une année.")


def _items_to_draw(rows: list[StatedRow], load: Load) -> dict[tuple[str, str, str], Item]:
    """What other sources say of a territory stays as they say it; only those that nobody described are made."""
    places = {(row["framework"], row["vintage"], row["code"]): row for row in rows}
    found = _described_places(places)
    labels = {(row["framework"], row["vintage"]): row.text("framework_label") or row["framework"] for row in rows}
    versions = {key: _geography(key[0], label, key[1]) for key, label in labels.items()}
    missing = [
        Item(
            version=versions[framework, vintage],
            code=code,
            label=row["label"],
            level=row["level"],
            sort_key=search_key(row["label"])[:200],
            owner=load.owner,
            visibility=load.visibility,
        )
        for (framework, vintage, code), row in places.items()
        if (framework, vintage, code) not in found
    ]
    Item.objects.bulk_create(missing, batch_size=BATCH)
    return found | {key: item for item in missing for key in [(*_address(item), item.code)]}


def _address(item: Item) -> tuple[str, str]:
    return item.version.framework.code, item.version.code


def _described_places(places: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], Item]:
    wanted = {(framework, vintage) for framework, vintage, _ in places}
    rows = Item.objects.filter(
        version__framework__code__in={framework for framework, _ in wanted},
        version__code__in={vintage for _, vintage in wanted},
    ).select_related("version__framework")
    return {(*_address(item), item.code): item for item in rows}
