"""Numbers that a text announces against what is listed; holes in a numbering."""

import re
from collections.abc import Iterable, Iterator

import polars as pl

from beffroi.analytics.checks.findings import Finding, as_table, number, several, signed
from beffroi.analytics.checks.rows import Row, grouped, observed, title
from beffroi.analytics.checks.words import NUMBERS, kernel, plain
from beffroi.analytics.tables import ITEMS, require

SPELT = "|".join(sorted(NUMBERS, key=len, reverse=True))
ANNOUNCED = re.compile(rf"(?:^|\b(?:l|d|les|des|ces|nos|leurs|en)\s)(\d{{1,3}}|{SPELT})\s+([a-z]{{3,}})")
IN_BRACKETS = re.compile(r"\((\d{1,3})\)\s*$")
NOT_COUNTED = "ans annees mois jours euros eur pme etp premier premiere million millions milliards ha km"
NOT_A_LIST = frozenset(NOT_COUNTED.split())
SECTION = re.compile(r"\b\d+(\.\d+)+|\b\d+\s?[.):/]|\b(tableau|figure|axe|page|p\.|n[°o])\s?\d+", re.IGNORECASE)
CAPITALS = "|".join(form for word in NUMBERS for form in (word.capitalize(), word.upper()))
PROPER = re.compile(rf"\b({CAPITALS})\b")
NUMBERED_CODE = re.compile(r"(.*?[a-z])[-_.]?(\d{1,3})")
FAR = 0.4  # beyond, the number announces something else


def announced_against_listed(items: pl.DataFrame) -> pl.DataFrame:
    """ITEMS. A number written where a list stands (« les 8 enjeux », « pôles d’excellence (14) »: the place, the parent or
    the framework) against the items listed there. Raised when no level has that many and one comes near."""
    rows = require(items, ITEMS).to_dicts()
    labels = {row["ref"]: row["label"] for row in rows}
    found: list[Finding] = []
    for (framework, place), group in grouped(rows, lambda row: (row["framework"], row["place"])).items():
        found += _announcement_findings(str(place or ""), group, str(framework))
    for (framework, name), group in grouped(rows, lambda row: (row["framework"], row["framework_label"])).items():
        found += _announcement_findings(str(name or ""), group, str(framework))
    for parent, group in grouped(rows, lambda row: row["parent"]).items():
        found += _announcement_findings(labels.get(str(parent)) or "", group, str(parent))
    return as_table(found)


def announcements(text: str) -> Iterator[tuple[int, str]]:
    """The numbers that a text announces, each with the word counted."""
    if bracket := IN_BRACKETS.search(text):
        yield int(bracket[1]), plain(text).split()[0]
    if text.isupper() or _is_proper(text):
        return
    for match in ANNOUNCED.finditer(plain(SECTION.sub(" ", text))):
        written, noun = match.groups()
        count = NUMBERS.get(written) or (int(written) if written.isdigit() else 0)
        if 3 <= count <= 200 and noun not in NOT_A_LIST and not noun.isdigit():
            yield count, noun


def _is_proper(text: str) -> bool:
    """A number in capitals inside a name (« Pays des Sept Vallées »)."""
    return any(match.start() > 0 for match in PROPER.finditer(text))


def _announcement_findings(text: str, group: list[Row], subject: str) -> Iterable[Finding]:
    counts = {level: len(listed) for level, listed in grouped(group, lambda row: row["level"]).items()}
    for announced, noun in announcements(text):
        near = [level for level, count in counts.items() if abs(count - announced) <= FAR * announced and count > 1]
        if near and announced not in counts.values():
            level = min(near, key=lambda level: abs(counts[level] - announced))
            listed = [row for row in group if row["level"] == level]
            yield _announced_finding(text, announced, noun, listed, subject)


def _announced_finding(text: str, announced: int, noun: str, listed: list[Row], subject: str) -> Finding:
    return Finding(
        "announced_against_listed",
        [subject, *(row["ref"] for row in listed)],
        f"{listed[0]['framework_label']} · {noun}",
        f"annoncé : « {text} »",
        f"la liste en compte {len(listed)} : {several(row['label'] for row in listed)}",
        signed(len(listed) - announced),
    )


def count_against_items(observations: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS, ITEMS. A counted thing without breakdown but its type (« 5 parcs »), whose words begin the name of a
    framework, against the items of that framework."""
    rows = require(items, ITEMS).to_dicts()
    by_framework = grouped(rows, lambda row: (row["framework"], row["framework_label"], row["source"]))
    names = [(ref, kernel(str(label)).split(), source, group) for (ref, label, source), group in by_framework.items()]
    found: list[Finding] = []
    for row in observed(observations):
        for ref, words, source, group in names:
            if source == row["source"] and _counts(row, words):
                found += _count_finding(row, str(ref), group)
    return as_table(found)


def _counts(row: Row, words: list[str]) -> bool:
    if (
        row["status"] != "actual"
        or not row["dims"].keys() <= {"type"}
        or row["value"] != int(row["value"])
        or not 3 <= row["value"] <= 200
    ):
        return False
    counted = [kernel(text) for text in (*row["dims"].values(), row["indicator_label"])]
    head = kernel(row["unit"]).split()
    return any(text.split() and text.split()[:3] == words[:3] and head[:1] == words[:1] for text in counted)


def _count_finding(row: Row, framework: str, group: list[Row]) -> Iterable[Finding]:
    counts = {level: len(listed) for level, listed in grouped(group, lambda item: item["level"]).items()}
    if row["value"] not in counts.values() and any(
        abs(count - row["value"]) <= FAR * row["value"] for count in counts.values()
    ):
        listed = several(f"{count} ({level})" for level, count in counts.items())
        yield Finding(
            "count_against_items",
            [row["cell"], framework],
            title(row),
            f"compté : {number(row['value'], row['unit'])}",
            f"{group[0]['framework_label']} en liste {listed}",
        )


def numbering_gap(items: pl.DataFrame) -> pl.DataFrame:
    """ITEMS. A hole in the numbers of a list: codes (« enjeu-3 », « enjeu-5 ») or written positions of one parent and level."""
    rows = require(items, ITEMS).to_dicts()
    siblings = grouped(rows, lambda row: (row["framework"], row["parent"]))
    found: list[Finding] = []
    for group in grouped(rows, lambda row: (row["framework"], row["parent"], row["level"])).values():
        coded = _numbers_in_codes(group)
        taken = {row["position"] for row in siblings[group[0]["framework"], group[0]["parent"]]}
        placed = [] if coded else [row["position"] for row in group if row["position"] is not None]
        missing = _missing(coded) or [rank for rank in _missing(placed) if rank not in taken]
        if missing:
            found.append(_gap_finding(group, missing))
    return as_table(found)


def _numbers_in_codes(group: list[Row]) -> list[int]:
    """The numbers that end the codes, when every code of the list is one prefix and a number."""
    matches = [NUMBERED_CODE.fullmatch(row["code"] or "") for row in group]
    if not all(matches) or len({match[1] for match in matches if match}) != 1:
        return []
    return [int(match[2]) for match in matches if match]


def _missing(numbers: list[int]) -> list[int]:
    """Holes, when the numbers are a run from 1 or 2 with few of them: at most a third of what is there."""
    present = set(numbers)
    if len(present) < 3 or min(present) > 2:
        return []
    missing = sorted(set(range(1, max(present))) - present)
    return missing if 3 * len(missing) <= 2 * len(present) else []


def _gap_finding(group: list[Row], missing: list[int]) -> Finding:
    ranks = sorted({row["position"] for row in group if row["position"] is not None}) or sorted(_numbers_in_codes(group))
    return Finding(
        "numbering_gap",
        [row["ref"] for row in group],
        f"{group[0]['framework_label']} · {group[0]['level']} · numérotation",
        f"numéros écrits : {several((str(rank) for rank in ranks), 12)}",
        "une suite sans trou",
        f"manque : {several(str(rank) for rank in missing)}",
    )
