"""Dates before their cause, acts dated twice, meetings announced that never met."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations, pairwise

import polars as pl

from beffroi.analytics.checks.findings import Finding, as_table, number, period, several
from beffroi.analytics.checks.rows import Row, grouped
from beffroi.analytics.checks.words import IN_BRACKETS, kernel, plain
from beffroi.analytics.tables import BODIES, MEETINGS, ORGANISATIONS, RELATIONS, require

# The order in which acts about one thing follow each other; the others have no order of their own.
STEPS = {
    "request": 0,
    "preparation": 1,
    "proposal": 1,
    "deliberation": 2,
    "vote": 2,
    "adoption": 2,
    "validation": 2,
    "approval": 3,
    "presentation": 5,
    "signature": 4,
    "comite_technique": 5,
    "conseil_gouvernance": 5,
    "evaluation": 6,
}
REPEATED = frozenset({"comite_technique", "conseil_gouvernance"})
DECIDED = frozenset({"vote", "adoption", "validation", "approval", "promulgation"})
UNIQUE_ACT = re.compile(
    r"\b(installation|mise en place|creation|signature|lancement|vote|adoption|approbation|inauguration|labellisation|"
    r"premiere?|1er|1re|\d+e)\b"
)
SYNONYMS = (("installation", "mise en place"),)
PLANNED = re.compile(r"\b(prevue?s?|planned|envisagee?s?|visee?s?|attendue?s?|a venir|devraient|devrait|reportee?s?)\b")
ORDINAL = re.compile(r"\b(\d{1,3})\s?(?:e|eme|er|re|ere)\b")
NUMBERED = re.compile(r"n\s?[°ºo]\s?(\d{1,4})\b")
YEAR = 365.25
LISTED = 3


def dated(meetings: pl.DataFrame) -> list[Row]:
    table = require(meetings, MEETINGS).filter(pl.col("start").is_not_null(), pl.col("end").is_not_null())
    return table.to_dicts()


def step_before_its_cause(meetings: pl.DataFrame) -> pl.DataFrame:
    """MEETINGS. About one thing and in one source, an act dated wholly before the act that it follows from: preparation,
    then decision, then presentation, signature, committees. One finding per thing."""
    found: list[Finding] = []
    for rows in grouped(dated(meetings), lambda row: (row["about"], row["source"])).values():
        early = [pair for pair in _first_pairs(rows) if pair[1]["end"] < pair[0]["start"]]
        if rows[0]["about"] and early:
            found.append(_early_finding(rows[0], early))
    return as_table(found)


def _first_pairs(rows: list[Row]) -> Iterator[tuple[Row, Row]]:
    """The first act of each step with the first of those that repeat (committees), the last of those that do not."""
    acts = [row for row in sorted(rows, key=lambda row: row["start"]) if row["kind"] in STEPS and not _is_planned(row)]
    kinds = grouped(acts, lambda row: row["kind"])
    for cause, causes in kinds.items():
        for effect, effects in kinds.items():
            if STEPS[str(cause)] < STEPS[str(effect)]:
                yield causes[0], effects[0 if effect in REPEATED else -1]


def _early_finding(about: Row, pairs: list[tuple[Row, Row]]) -> Finding:
    cause, effect = max(pairs, key=lambda pair: pair[0]["start"] - pair[1]["end"])
    return Finding(
        "step_before_its_cause",
        [about["about"], *{row["ref"] for pair in pairs for row in pair}],
        f"{about['about_label']} · ordre des étapes",
        several(f"{_act(effect)} avant {_act(cause)}" for cause, effect in pairs),
        "chaque étape après celle dont elle découle",
        f"{(cause['start'] - effect['end']).days} jours",
    )


def _act(row: Row) -> str:
    detail = row["detail"] or row["body_label"] or ""
    return f"{row['kind']}{f' ({detail})' if detail else ''} {period(row['start'], row['end'])}"


def rows_out_of_order(meetings: pl.DataFrame) -> pl.DataFrame:
    """MEETINGS. A list of dates about one thing, written in order but for one (four dates or more in one place)."""
    found: list[Finding] = []
    for rows in grouped(dated(meetings), lambda row: (row["about"], row["source"], row["place"])).values():
        listed = sorted((row for row in rows if row["position"] is not None), key=lambda row: row["position"])
        breaks = [(one, other) for one, other in pairwise(listed) if other["end"] < one["start"]]
        if rows[0]["about"] and len(listed) >= 4 and len(breaks) == 1:
            found.append(_break_finding(*breaks[0]))
    return as_table(found)


def _break_finding(one: Row, other: Row) -> Finding:
    return Finding(
        "rows_out_of_order",
        [one["ref"], other["ref"]],
        f"{one['about_label']} · dates",
        f"{_act(one)}, puis {_act(other)}",
        "l’ordre des dates, que le reste de la liste suit",
        f"{(one['start'] - other['end']).days} jours en arrière",
    )


def act_dated_twice(meetings: pl.DataFrame) -> pl.DataFrame:
    """MEETINGS. One act that happens once (installation, signature, n-th session...), same body and subject, two dates."""
    found: list[Finding] = []
    rows = [row for row in dated(meetings) if row["about"] and UNIQUE_ACT.search(plain(row["detail"]))]
    for group in grouped(rows, lambda row: (row["body"], row["about"], row["kind"], _act_name(row))).values():
        found += [_twice("act_dated_twice", one, other) for one, other in combinations(group, 2) if _differ(one, other)]
    return as_table(found)


def _act_name(row: Row) -> str:
    name = kernel(IN_BRACKETS.sub("", row["detail"] or ""))
    for word, synonym in SYNONYMS:
        name = name.replace(kernel(synonym), word)
    return name


def _differ(one: Row, other: Row) -> bool:
    return bool(one["start"] != other["start"] or one["end"] != other["end"])


def _twice(check: str, one: Row, other: Row) -> Finding:
    gap = abs((other["end"] - one["end"]).days)
    written = f"{_act(one)} ({one['source']}) et {_act(other)} ({other['source']})"
    return Finding(
        check,
        [one["ref"], other["ref"]],
        f"{one['about_label'] or other['about_label']} · {one['body_label'] or one['kind']}",
        written if one["source"] != other["source"] else f"{_act(one)} et {_act(other)}",
        "une seule date pour un même acte",
        f"{gap} jours",
    )


def decision_dated_twice(meetings: pl.DataFrame) -> pl.DataFrame:
    """MEETINGS. The vote, adoption or approval of one framework in two sources, at dates within 90 days that differ."""
    rows = [row for row in dated(meetings) if row["kind"] in DECIDED and row["about_framework"]]
    found: list[Finding] = []
    for group in grouped(rows, lambda row: row["about_framework"]).values():
        for one, other in combinations(group, 2):
            apart = other["start"] > one["end"] or one["start"] > other["end"]
            apart = apart and STEPS.get(one["kind"]) == STEPS.get(other["kind"])
            if one["source"] != other["source"] and apart and abs((one["start"] - other["start"]).days) <= 90:
                found.append(_twice("decision_dated_twice", one, other))
    return as_table(found)


def meeting_never_met(meetings: pl.DataFrame, *, on: date) -> pl.DataFrame:
    """MEETINGS. A planned meeting (kind, or words like « prévu ») whose date has passed on day `on`, without any later
    meeting of that body on that subject."""
    rows = dated(meetings)
    held = grouped((row for row in rows if not _is_planned(row)), _body_and_subject)
    found: list[Finding] = []
    for row in rows:
        if _is_planned(row) and row["end"] < on:
            after = [other for other in held.get(_body_and_subject(row), []) if other["end"] >= row["start"]]
            found += [] if after else [_unmet(row, on)]
    return as_table(found)


def _is_planned(row: Row) -> bool:
    return row["kind"] == "planned" or PLANNED.search(plain(row["detail"])) is not None


def _body_and_subject(row: Row) -> tuple[str, str | None]:
    return kernel(row["body_label"] or row["body"]), row["about"]


def _unmet(row: Row, on: date) -> Finding:
    return Finding(
        "meeting_never_met",
        [row["ref"]],
        f"{row['body_label'] or row['kind']} · {row['about_label'] or row['detail']}",
        f"annoncé : {row['detail'] or row['kind']}, {period(row['start'], row['end'])}",
        f"une trace de cette réunion, ou de son report, au {period(on, on)}",
        "aucune trace",
    )


def duty_not_met(meetings: pl.DataFrame, bodies: pl.DataFrame) -> pl.DataFrame:
    """MEETINGS, BODIES. Meetings held fewer than the yearly duty, from the first one to the date the source speaks for.
    Only where three dates or more are given: a source that names one meeting does not list them."""
    duties = _duties(bodies)
    rows = [row for row in dated(meetings) if row["stated_on"] and row["end"] <= row["stated_on"] and not _is_planned(row)]
    found: list[Finding] = []
    for (body, _), group in grouped(rows, _body_and_subject).items():
        if len({row["start"] for row in group}) < LISTED:
            continue
        first, until = min(row["start"] for row in group), max(row["stated_on"] for row in group)
        expected = int(duties.get(body, 0) * (until - first).days / YEAR)
        if 1 < expected > len({row["start"] for row in group}) + 1:
            found.append(_duty_finding(group, expected, duties[body]))
    return as_table(found)


def _duties(bodies: pl.DataFrame) -> dict[str, float]:
    rows = require(bodies, BODIES).filter(pl.col("meetings_a_year").is_not_null())
    return {kernel(row["label"]): row["meetings_a_year"] for row in rows.iter_rows(named=True)}


def _duty_finding(group: list[Row], expected: int, duty: float) -> Finding:
    first = min(group, key=lambda row: row["start"])
    held = len({row["start"] for row in group})
    return Finding(
        "duty_not_met",
        [first["body"], first["about"]],
        f"{first['body_label']} · {first['about_label'] or ''}",
        f"{held} réunions depuis le {period(first['start'], first['start'])}",
        f"{number(duty)} par an, soit {expected}",
        f"{expected - held} de moins",
    )


def rhythm_above_duty(meetings: pl.DataFrame, bodies: pl.DataFrame) -> pl.DataFrame:
    """MEETINGS, BODIES. Numbered meetings (« 10e », « 13e ») that follow faster than the yearly duty, by a quarter or more."""
    duties = _duties(bodies)
    rows = [(int(match[1]), row) for row in dated(meetings) if (match := ORDINAL.search(plain(row["detail"])))]
    found: list[Finding] = []
    by_body = grouped(({"rank": rank, **row} for rank, row in rows), _body_and_subject)
    for (body, _), group in by_body.items():
        for one, other in pairwise(sorted(group, key=lambda row: row["end"])):
            count, years = other["rank"] - one["rank"], (other["end"] - one["end"]).days / YEAR
            if body in duties and count > max(1.25 * duties[body] * years, duties[body] * years + 0.5):
                found.append(_rhythm(one, other, count, duties[body]))
    return as_table(found)


def _rhythm(one: Row, other: Row, count: int, duty: float) -> Finding:
    months = round((other["end"] - one["end"]).days / YEAR * 12)
    return Finding(
        "rhythm_above_duty",
        [one["ref"], other["ref"]],
        f"{one['body_label']} · rythme",
        f"{_act(one)}, {_act(other)} : {count} sessions en {months} mois",
        f"{number(duty)} par an, soit {number(round(duty * months / 12, 1))}",
    )


def relation_before_creation(relations: pl.DataFrame, organisations: pl.DataFrame) -> pl.DataFrame:
    """RELATIONS, ORGANISATIONS. A relation that starts in a year before one of its organisations was created, or ends
    before it starts."""
    created: dict[str, str] = {}
    for row in require(organisations, ORGANISATIONS).iter_rows(named=True):
        if row["created"]:
            created[row["ref"]] = min(row["created"], created.get(row["ref"], "9999"))
    found: list[Finding] = []
    for row in require(relations, RELATIONS).iter_rows(named=True):
        found += _relation_findings(row, created)
    return as_table(found)


def _relation_findings(row: Row, created: dict[str, str]) -> Iterable[Finding]:
    name = f"{row['subject_label']} · {row['kind']} · {row['object_label']}"
    if row["since"] and row["until"] and row["until"] < row["since"]:
        dates = f"du {period(row['since'], None)} au {period(row['until'], None)}"
        yield Finding("relation_before_creation", [row["ref"]], name, dates, "une fin après le début")
    for end, label in ((row["subject"], row["subject_label"]), (row["object"], row["object_label"])):
        if row["since"] and end in created and row["since"].year < int(created[end][:4]):
            written = f"relation depuis {row['since'].year}"
            yield Finding("relation_before_creation", [row["ref"], end], name, written, f"{label} : création {created[end]}")


def numbers_missing(meetings: pl.DataFrame) -> pl.DataFrame:
    """MEETINGS. Numbered acts of one body (« n° 5 ») with numbers that are not there."""
    found: list[Finding] = []
    for group in grouped(
        require(meetings, MEETINGS).to_dicts(), lambda row: (row["body"], row["kind"], row["source"])
    ).values():
        numbers = {int(match[1]) for row in group if (match := NUMBERED.search((row["detail"] or "").lower()))}
        missing = sorted(set(range(1, max(numbers, default=0) + 1)) - numbers)
        if len(numbers) >= 3 and missing and len(missing) <= len(numbers):
            found.append(_numbers_finding(group, numbers, missing))
    return as_table(found)


def _numbers_finding(group: list[Row], numbers: set[int], missing: list[int]) -> Finding:
    return Finding(
        "numbers_missing",
        [group[0]["body"]],
        f"{group[0]['body_label']} · {group[0]['kind']}",
        f"numéros datés : {several(str(number) for number in sorted(numbers))}",
        f"tous les numéros jusqu’à {max(numbers)}",
        f"manquent : {several(str(number) for number in missing)}",
    )
