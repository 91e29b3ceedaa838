"""What the first page says: what is behind, what is ahead, what contradicts, each with the rows it rests on."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

Entry = dict[str, Any]
BEHIND, REACHED = "behind", "reached"


def messages(sections: Sequence[Entry]) -> Entry:
    rows = [row for section in sections for row in _measured(section)]
    return {
        "behind": sorted((row for row in rows if row["progress"] == BEHIND), key=lambda row: (_share(row), row["label"])),
        "ahead": sorted((row for row in rows if row["progress"] == REACHED), key=lambda row: (-_share(row), row["label"])),
        "contradicts": [row for section in sections for row in _contradictions(section)],
    }


def _share(row: Entry) -> Decimal:
    return Decimal(row.get("share", "1"))


def _measured(section: Entry) -> Iterable[Entry]:
    cells = {entry["cell"]: entry for entry in section["values"]}
    for row in section["progress"]:
        if row["progress"] in (BEHIND, REACHED):
            yield _message(section, row, cells[row["target"]], cells[row["actual"]], row["label"], row["breakdown"])
    amounts = {entry["key"]: entry for entry in section["amounts"]}
    for row in section["money_progress"]:
        target, actual = amounts[row["target"]], amounts[row["actual"]]
        label = target["item"] or target["programme"]
        yield _message(section, row, target, actual, label, "") | {"stages": [target["stage"], actual["stage"]]}


def _message(section: Entry, row: Entry, target: Entry, actual: Entry, label: str, breakdown: str) -> Entry:
    told: Entry = {name: row[name] for name in ("share", "is_later", "pairing", "territory") if name in row}
    return {
        "section": section["code"],
        "label": label,
        "breakdown": breakdown,
        "progress": row["progress"],
        "target": target["figure"],
        "actual": actual["figure"],
        "notes": [note(target["rows"][0]), note(actual["rows"][0])],
        **told,
    }


def _contradictions(section: Entry) -> Iterable[Entry]:
    """Values on which the sources that stand do not agree, and parts that do not make the whole that is stated."""
    for entry in (*section["values"], *section["amounts"]):
        if entry["figure"].get("rivals"):
            label = entry.get("label") or entry.get("item") or entry.get("programme", "")
            words = entry.get("breakdown") or entry.get("detail", "")
            yield {
                "section": section["code"], "label": label, "breakdown": words, "period": entry["period"],
                "figure": entry["figure"], "said": [row["written"] for row in entry["rows"]],
                "notes": [note(row) for row in entry["rows"]],
            }  # fmt: skip
    cells = {entry["cell"]: entry for entry in section["values"]}
    for row in section["sums"]:
        if row.get("agrees") is False:
            stated = cells[row["stated"]]
            yield {
                "section": section["code"], "label": row["label"], "breakdown": row["breakdown"], "period": stated["period"],
                "figure": stated["figure"], "sum": row["figure"], "notes": [note(stated["rows"][0])],
            }  # fmt: skip


def note(row: Entry) -> Entry:
    return {name: row[name] for name in ("ref", "source", "row", "place") if name in row}
