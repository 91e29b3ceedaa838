"""The communes of a year, and every zone that each is in: what INSEE calls the table of geographical memberships."""

from collections.abc import Iterable, Iterator

import polars as pl

from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements, scoped
from beffroi.provenance.models import Load, Statement
from beffroi.reference.loads.cog.successions import follow_passages
from beffroi.reference.loads.cog.vintages import version_of, vintage_of
from beffroi.reference.loads.cog.writing import count_anew, name_like_other_years, write_items, write_memberships
from beffroi.reference.loads.cog.zonings import NONE, TYPES, Zoning, zonings_of
from beffroi.reference.models import Item, PlaceMembership, Version

BATCH = 2_000
FIRST_IN = "department"  # regions contain departments, which contain the rest


def communes(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    vintage = vintage_of(load)
    year = f"{vintage}:"
    return record_statements(
        scoped(frames, year), load=load, write=lambda rows: _written(rows, load, vintage), close=_left, scope=year
    )


def _left(statements: list[Statement], at: object) -> None:
    """What the row said of the zones of a commune is said again by the one that replaces it, or no longer."""
    parts = [row.subject_id for row in statements]
    for start in range(0, len(parts), BATCH):
        PlaceMembership.objects.filter(part__in=parts[start : start + BATCH]).delete()


def _type(row: StatedRow) -> str:
    return row.text("type") or "COM"


def _refused(rows: list[StatedRow]) -> Iterator[Refusal]:
    """A type that the official code does not know, and a code that the file describes twice."""
    lines: dict[tuple[str, str], int] = {}
    for row in rows:
        first = lines.setdefault((_type(row), row["code"]), row.number)
        if _type(row) not in TYPES:
            yield row.refusal("type", f"« {row['type']} » n’est pas un type de commune : attendu {', '.join(TYPES)}.")
        elif first != row.number:
            yield row.refusal("code", f"« {row['code']} » est déjà décrit à la ligne {first} ; la première ligne est gardée.")


def _written(rows: list[StatedRow], load: Load, vintage: int) -> Iterable[Written | Refusal]:
    refusals = list(_refused(rows))
    wrong = {refusal.row for refusal in refusals}
    kept = [row for row in rows if row.number not in wrong]
    versions = {name: version_of(TYPES[name], vintage) for name in {_type(row) for row in kept}}
    write_items(_items(kept, versions), load, renames=True)
    frame = pl.DataFrame([row.values | {"type": _type(row)} for row in kept], infer_schema_length=None)
    _write_zones(frame, versions, load, vintage)
    count_anew()
    found = _ids(versions)
    if versions:
        follow_passages()
    return [*refusals, *(Written(row, "item", Item(pk=found[_type(row), row["code"]]), row["label"]) for row in kept)]


def _items(rows: list[StatedRow], versions: dict[str, Version]) -> pl.DataFrame:
    return pl.DataFrame(
        [(versions[_type(row)].pk, row["code"], row["label"][:500], TYPES[_type(row)].level) for row in rows],
        schema={"version_id": pl.Int64, "code": pl.String, "label": pl.String, "level": pl.String},
        orient="row",
    )


def _ids(versions: dict[str, Version]) -> dict[tuple[str, str], int]:
    return {
        (name, code): pk
        for name, version in versions.items()
        for code, pk in Item.objects.filter(version=version).order_by().values_list("code", "pk")
    }


def _write_zones(frame: pl.DataFrame, versions: dict[str, Version], load: Load, vintage: int) -> None:
    zonings = {field: zoning for field, zoning in zonings_of(vintage).items() if _is_filled(frame, field)}
    zoned = {field: version_of(zoning, vintage) for field, zoning in zonings.items()}
    pks = {name: version.pk for name, version in versions.items()}
    frame = frame.with_columns(part_version=pl.col("type").replace_strict(pks, return_dtype=pl.Int64)) if zonings else frame
    for field, zoning in zonings.items():
        write_items(_zones(frame, field, zoning, zoned[field].pk), load, renames=False)
    if zonings:
        name_like_other_years([version.pk for version in zoned.values()])
    pairs = [_pairs(frame, "code", field, None, zoned[field].pk) for field in zonings if field not in ("region", "region_2016")]
    pairs += _between_zones(frame, zonings, zoned)
    if "COM" in versions and _is_filled(frame, "parent"):
        pairs.append(_pairs(frame.filter(pl.col("type") != "COM"), "code", "parent", None, versions["COM"].pk))
    if pairs:
        write_memberships(pl.concat(pairs))


def _between_zones(frame: pl.DataFrame, zonings: dict[str, Zoning], zoned: dict[str, Version]) -> list[pl.DataFrame]:
    """Departments are in regions; the other zones in the departments, one or several, of their communes."""
    if FIRST_IN not in zonings:
        regions = [field for field in ("region", "region_2016") if field in zonings]
        return [_pairs(frame, "code", field, None, zoned[field].pk) for field in regions]
    inner, wholes = zoned[FIRST_IN].pk, []
    for field in zonings:
        if field in ("region", "region_2016"):
            wholes.append(_pairs(frame, FIRST_IN, field, inner, zoned[field].pk))
        elif field != FIRST_IN:
            wholes.append(_pairs(frame, field, FIRST_IN, zoned[field].pk, inner))
    return wholes


def _is_filled(frame: pl.DataFrame, field: str) -> bool:
    return field in frame.columns and frame[field].null_count() < frame.height


def _in_zone(field: str) -> pl.Expr:
    return pl.col(field).is_not_null() & ~pl.col(field).is_in(NONE)


def _zones(frame: pl.DataFrame, field: str, zoning: Zoning, version: int) -> pl.DataFrame:
    codes = frame.filter(_in_zone(field)).select(pl.col(field).alias("code")).unique(maintain_order=True)
    return codes.with_columns(version_id=pl.lit(version), label=pl.col("code"), level=pl.lit(zoning.level))


def _pairs(frame: pl.DataFrame, part: str, whole: str, part_version: int | None, whole_version: int) -> pl.DataFrame:
    kept = frame.filter(_in_zone(part) & _in_zone(whole))
    return kept.select(
        (pl.col("part_version") if part_version is None else pl.lit(part_version)).cast(pl.Int64).alias("part_version"),
        pl.col(part).alias("part_code"),
        pl.lit(whole_version, pl.Int64).alias("whole_version"),
        pl.col(whole).alias("whole_code"),
    ).unique()
