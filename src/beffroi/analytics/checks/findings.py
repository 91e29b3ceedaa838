"""What a check gives: rows with the subjects, what is written, what was expected, and the difference, in French."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import polars as pl

NBSP = "\u00a0"
SCHEMA = {
    "check": pl.String(),
    "subjects": pl.List(pl.String()),
    "title": pl.String(),
    "written": pl.String(),
    "expected": pl.String(),
    "difference": pl.String(),
}
LENGTHS = {"title": 300, "written": 500, "expected": 500, "difference": 200}


@dataclass(frozen=True)
class Finding:
    check: str
    subjects: Iterable[str | None]
    title: str
    written: str
    expected: str
    difference: str = field(default="")

    def row(self, subjects: tuple[str, ...]) -> dict[str, object]:
        texts = {name: shortened(getattr(self, name), LENGTHS[name]) for name in LENGTHS}
        return {"check": self.check, "subjects": list(subjects), **texts}


def as_table(findings: Iterable[Finding]) -> pl.DataFrame:
    """One row per check and subjects (the first said), sorted, with the columns of SCHEMA."""
    rows: dict[tuple[str, tuple[str, ...]], dict[str, object]] = {}
    for finding in findings:
        subjects = tuple(sorted({ref for ref in finding.subjects if ref}))
        rows.setdefault((finding.check, subjects), finding.row(subjects))
    return pl.DataFrame(list(rows.values()), schema=SCHEMA, orient="row").sort("check", "title")


def shortened(text: str | None, length: int) -> str:
    text = "sans nom" if text is None else text
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def number(value: float, unit: str | None = None) -> str:
    """1234.5 as « 1 234,5 », with its unit."""
    text = f"{round(value, 6):,.6f}".rstrip("0").rstrip(".")
    text = text.replace(",", NBSP).replace(".", ",").replace("-", "−")
    unit = {"EUR": "€", None: ""}.get(unit, unit)
    return f"{text}{NBSP}{unit}" if unit else text


def euros(cents: int) -> str:
    return number(cents / 100, "EUR")


def signed(value: float, unit: str | None = None) -> str:
    return ("+" if value > 0 else "") + number(value, unit)


def several(names: Iterable[str | None], limit: int = 8) -> str:
    """« a, b et 3 autres »."""
    listed = list(dict.fromkeys(name or "sans nom" for name in names))
    if len(listed) <= limit:
        return ", ".join(listed)
    return f"{', '.join(listed[:limit])} et {len(listed) - limit} autres"


def period(start: date | None, end: date | None) -> str:
    if end is None:
        return "période non dite"
    if start is None or start == end:
        return end.strftime("%d/%m/%Y")
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return str(start.year) if start.year == end.year else f"{start.year}-{end.year}"
    return f"du {start:%d/%m/%Y} au {end:%d/%m/%Y}"
