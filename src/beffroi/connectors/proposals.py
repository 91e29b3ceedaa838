"""A new layout from a known one: which headers probably fill which fields, and what of the profile still holds."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl
from rapidfuzz import fuzz

from beffroi.connectors.cells import staged_schema
from beffroi.connectors.profile import Column, Profile
from beffroi.connectors.words import folded

LIKELY = 75  # of 100; under it a proposal misleads more often than it helps


def _likeness(column: Column, header: str) -> float:
    text = folded(header)
    return max(fuzz.ratio(text, spelling) for spelling in {*column.spellings, folded(column.to)})


def proposed_headers(columns: Iterable[Column], headers: Iterable[str]) -> dict[str, str]:
    """Field -> the header that most looks like it, each header used once, the surest pairs first."""
    pairs = [(_likeness(column, header), column.to, header) for column in columns for header in headers]
    found: dict[str, str] = {}
    for likeness, field, header in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if likeness >= LIKELY and field not in found and header not in found.values():
            found[field] = header
    return found


def mistyped(profile: Profile, usual: Mapping[str, Column]) -> list[str]:
    """The fields that a destination could not write: read as something else than it expects."""
    texts = dict.fromkeys(profile.constants, pl.String())
    read = {column.to: staged_schema(column) for column in profile.columns}
    read |= {name: {name: kind} for name, kind in texts.items()}
    return sorted(name for name, schema in read.items() if name in usual and schema != staged_schema(usual[name]))


def completed(frames: Iterable[pl.DataFrame], usual: Iterable[Column]) -> Iterator[pl.DataFrame]:
    """Staged rows with every field of a destination: unknown where the file does not have it."""
    schema = {name: kind for column in usual for name, kind in staged_schema(column).items()}
    for frame in frames:
        absent = [pl.lit(None, dtype=kind).alias(name) for name, kind in schema.items() if name not in frame.columns]
        yield frame.with_columns(absent) if absent else frame


def adapted(profile: Profile, *, columns: list[dict[str, Any]], constants: dict[str, str], **changes: Any) -> dict[str, Any]:
    """The data of a profile with other columns: of its key, checks and totals it keeps what the columns still fill. The
    encoding, the separator and the sheet are found in each file again."""
    filled = {column["to"] for column in columns} | set(constants)
    data = profile.model_dump(mode="json")
    kept = {
        "key": [field for field in profile.key if field in filled],
        "checks": [check.model_dump(mode="json") for check in profile.checks if set(check.fields) <= filled],
        "total_column": profile.total_column if profile.total_column in filled else None,
    }
    found_again: Mapping[str, Any] = {"encoding": None, "delimiter": None, "sheet": None}
    return {**data, **kept, **found_again, "columns": columns, "constants": constants, **changes}
