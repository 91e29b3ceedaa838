"""Wide tables made long: a column for each year or measure becomes a row for each filled cell."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from beffroi.connectors.files import NEXT, ROW
from beffroi.connectors.profile import Profile, Spread, Wide
from beffroi.connectors.words import folded

FLAGGED = r"^(\S+)\s+([A-Za-z]+)$"
PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Opened:
    """A column that is opened: its header and what each made column says of its cells."""

    header: str
    says: dict[str, str]


def columns_of(profile: Profile, headers: list[str]) -> list[str]:
    """The columns of a file once it is long; its own when the profile says nothing of it."""
    wide = profile.wide
    if wide is None:
        return headers
    gone = {one.header for one in _opened(wide, headers)} | set(_parted(wide, headers))
    breakdown = [wide.breakdown] if _dimensions(profile, wide, headers) else []
    return [*(header for header in headers if header not in gone), *_parts(wide, headers), *breakdown, *wide.made]


def made_long(profile: Profile, raw: pl.DataFrame, headers: list[str]) -> pl.DataFrame:
    """One row for each filled cell of the opened columns, with the number of the row it comes from."""
    wide = profile.wide
    if wide is None:
        return raw
    names = [ROW, *columns_of(profile, headers)]
    base = _divided(profile, wide, raw, headers)
    if not wide.spread:
        return base.select(names)
    frames = [_cells(base, one, wide).select(names) for one in _opened(wide, headers)]
    if not frames:
        return pl.DataFrame(schema={ROW: pl.Int64} | dict.fromkeys(names[1:], pl.String))
    return pl.concat(frames).sort(ROW, maintain_order=True)


def _opened(wide: Wide, headers: list[str]) -> list[Opened]:
    found = []
    for header in headers:
        says = next((says for spread in wide.spread if (says := _said(spread, header)) is not None), None)
        if says is not None:
            found.append(Opened(header, says))
    return found


def _said(spread: Spread, header: str) -> dict[str, str] | None:
    """What a header says through a pattern: `Effectifs {année}` of « Effectifs 2006 », that the year is 2006."""
    places = PLACE.split(spread.like)
    if len(places) == 1:
        return dict(spread.gives) if folded(header) == folded(spread.like) else None
    before, name, after = places
    text = " ".join(header.split())
    if not (text.startswith(before) and text.endswith(after) and len(text) > len(before) + len(after)):
        return None
    inside = text[len(before) : len(text) - len(after)].strip()
    return {**spread.gives, name: inside} if inside[:1].isdigit() and " " not in inside else None


def _parted(wide: Wide, headers: list[str]) -> list[str]:
    """The header that names several columns at once: `freq,unit,geo\\TIME_PERIOD`."""
    return [header for header in headers if wide.several and header.endswith(wide.several)]


def _parts(wide: Wide, headers: list[str]) -> list[str]:
    return [name for header in _parted(wide, headers) for name in header.removesuffix(wide.several or "").split(",")]


def _divided(profile: Profile, wide: Wide, raw: pl.DataFrame, headers: list[str]) -> pl.DataFrame:
    """The columns that several share in one, apart; and the breakdown that the dimensions make."""
    for header in _parted(wide, headers):
        names = header.removesuffix(wide.several or "").split(",")
        parts = pl.col(header).str.splitn(",", len(names)).struct
        raw = raw.with_columns(parts.field(f"field_{place}").alias(name) for place, name in enumerate(names))
    names = _dimensions(profile, wide, headers)
    said = [pl.lit(f"{name}=") + pl.col(name) for name in names]
    return raw.with_columns(pl.concat_str(said, separator=";", ignore_nulls=True).alias(wide.breakdown)) if said else raw


def _dimensions(profile: Profile, wide: Wide, headers: list[str]) -> list[str]:
    read = {spelling for column in profile.columns for spelling in column.spellings}
    named = {folded(name) for name in wide.dimensions}
    chosen = [header for header in headers if folded(header) in named]
    return [*chosen, *(name for name in _parts(wide, headers) if folded(name) not in read)]


def _cells(base: pl.DataFrame, opened: Opened, wide: Wide) -> pl.DataFrame:
    cell = pl.col(opened.header).str.strip_chars()
    frame = base.with_columns(cell.alias(wide.value))
    if wide.flag:
        beside = pl.col(opened.header + NEXT) if opened.header + NEXT in base.columns else cell.str.extract(FLAGGED, 2)
        frame = frame.with_columns(beside.alias(wide.flag), cell.str.replace(FLAGGED, "$1").alias(wide.value))
    frame = frame.filter(pl.col(wide.value).is_not_null() & ~pl.col(wide.value).is_in(["", *wide.nothing]))
    return frame.with_columns(pl.lit(opened.says.get(name), dtype=pl.String).alias(name) for name in wide.said)


def without_foot(frames: Iterator[pl.DataFrame], profile: Profile) -> Iterator[pl.DataFrame]:
    """A table that a blank line ends: what publishers write under it (notes, sources) is not its rows."""
    if profile.wide is None or not profile.wide.ends_at_blank:
        yield from frames
        return
    last: int | None = None
    for frame in frames:
        numbers = frame[ROW]
        gaps = numbers.diff().fill_null(1 if last is None else numbers[0] - last) > 1
        if gaps.any():
            yield frame.head(int(gaps.arg_max() or 0))
            return
        last = int(numbers[-1])
        yield frame
