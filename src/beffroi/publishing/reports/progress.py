"""The progress of a framework as of a date: its content, which every format shows and which an edition freezes."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation

from beffroi.accounts.models import AnyUser
from beffroi.funding.enums import ExpenditureState, Stage
from beffroi.funding.models import Programme
from beffroi.indicators.queries import CellValue
from beffroi.provenance.models import Source
from beffroi.provenance.queries import Moment
from beffroi.publishing.queries import texts_known
from beffroi.publishing.reports import messages, money, stated, sums, values
from beffroi.publishing.reports.facts import facts
from beffroi.publishing.reports.layouts import Layout, layout_of
from beffroi.publishing.reports.names import names
from beffroi.publishing.reports.values import Entry
from beffroi.reference.models import Framework, Item

LANGUAGE = "fr"
NOT_SHOWN = ""


@dataclass
class Draft:
    """What falls in one section, as it is found."""

    values: list[Entry] = field(default_factory=list)
    progress: list[Entry] = field(default_factory=list)
    sums: list[Entry] = field(default_factory=list)
    amounts: list[Entry] = field(default_factory=list)
    money_progress: list[Entry] = field(default_factory=list)
    totals: list[Entry] = field(default_factory=list)
    stated: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))


def content(framework: Framework, *, moment: Moment, viewer: AnyUser) -> Entry:
    """Everything the report says, in French whatever the reader's language: the sources' words and one hash for all."""
    layout = layout_of(framework, viewer=viewer)
    with translation.override(LANGUAGE):
        return _content(framework, layout, moment, viewer)


def _content(framework: Framework, layout: Layout, moment: Moment, viewer: AnyUser) -> Entry:
    drafts: dict[str, Draft] = defaultdict(Draft)
    things = _add_facts(drafts, layout, moment, viewer)
    _add_values(drafts, layout, moment, viewer)
    _add_amounts(drafts, layout, moment, viewer)
    sections = [_section(part, drafts.pop(part.code)) for part in layout.parts if part.code in drafts]
    texts = texts_known(framework, as_of=moment.as_of, known_on=moment.known_on, viewer=viewer)
    for section in sections:
        section["texts"] = texts.get(section["code"], [])
    not_shown = _not_shown(layout, drafts)
    return {
        "framework": framework.code,
        "title": layout.title,
        "as_of": moment.as_of.isoformat(),
        "known_on": moment.known_on.isoformat(),
        "challenges": _challenges(layout, sections, things),
        "caveats": _caveats(layout, viewer),
        "messages": messages.messages(sections),
        "sections": sections,
        "not_shown": not_shown,
        "reconciliation": _reconciliation(sections, not_shown),
        "sources": _sources(sections, not_shown),
    }


def _add_facts(drafts: dict[str, Draft], layout: Layout, moment: Moment, viewer: AnyUser) -> list[Any]:
    found = facts(layout, moment=moment, viewer=viewer)
    readings = stated.readings(found)
    things = {thing for fact in found for thing in stated.things_of(fact, readings[fact.source])}
    named = names(things, source=layout.source, moment=moment, viewer=viewer)
    frameworks = stated.frameworks_of(pk for kind, pk in things if kind == "item")
    held = stated.held_by_body(found, moment)
    for fact in found:
        reading = readings[fact.source]
        kind = fact.kind if fact.kind in stated.KINDS else "others"
        shown = stated.entry(fact, named, reading, moment, held)
        drafts[stated.section_of(fact, layout, reading, frameworks)].stated[kind].append(shown)
    return found


def _section_of_item(layout: Layout, item: int | None, framework: str) -> str:
    if framework in layout.not_shown:
        return NOT_SHOWN
    if item is not None and item in layout.by_item:
        return layout.by_item[item]
    return layout.by_framework.get(framework, layout.default)


def _add_values(drafts: dict[str, Draft], layout: Layout, moment: Moment, viewer: AnyUser) -> None:
    found = values.values(layout, moment=moment, viewer=viewer)
    parts = values.dimensions(found)
    named = names(values.things_of(found, parts), source=layout.source, moment=moment, viewer=viewer)
    claims = values.observations_of(found, moment=moment, viewer=viewer)
    said = values.entries(found, claims=claims, parts=parts, named=named)
    section = {value.cell.indicator_id: _section_of_value(layout, value) for value in found}
    for value in found:
        drafts[section[value.cell.indicator_id]].values.append(said[value.cell.pk])
    for row in values.progress(found, said):
        drafts[section[row["indicator"]]].progress.append(row)
    for row in sums.sums(found, parts):
        drafts[section[row["indicator"]]].sums.append(row)


def _section_of_value(layout: Layout, value: CellValue) -> str:
    indicator = value.cell.indicator
    return _section_of_item(layout, indicator.item_id, indicator.framework.code)


def _add_amounts(drafts: dict[str, Draft], layout: Layout, moment: Moment, viewer: AnyUser) -> None:
    found = money.amounts(layout, moment=moment, viewer=viewer)
    named = names(money.things_of(found), source=layout.source, moment=moment, viewer=viewer)
    section = {
        amount.key: _section_of_item(layout, amount.money.item_id, amount.money.programme.framework.code) for amount in found
    }
    for amount in found:
        drafts[section[amount.key]].amounts.append(money.entry(amount, named))
    for row in money.progress(found):
        drafts[section[row["target"]]].money_progress.append(row)
    for row in money.totals(found):
        drafts[section[row["lines"][0]]].totals.append(row)


def _section(part: Any, draft: Draft) -> Entry:
    order = _stage_order()
    return {
        "code": part.code,
        "title": part.title,
        "heading": part.heading,
        "challenge": part.challenge,
        "progress": sorted(draft.progress, key=lambda row: (row["label"], row["breakdown"], row["target"])),
        "values": sorted(
            draft.values, key=lambda row: (row["label"], row["breakdown"], row["end"], row["status"], row["cell"])
        ),
        "sums": draft.sums,
        "amounts": sorted(
            draft.amounts, key=lambda row: (row["role"], order(row), row["programme"], row["item"], row["period"], row["key"])
        ),
        "money_progress": draft.money_progress,
        "totals": draft.totals,
        "stated": {kind: _ordered(kind, draft.stated[kind]) for kind in stated.KINDS if draft.stated.get(kind)},
    }


def _stage_order() -> Callable[[Entry], int]:
    order = [*Stage.values, *ExpenditureState.values]
    return lambda row: order.index(row["stage"]) if row["stage"] in order else len(order)


def _ordered(kind: str, rows: Sequence[Entry]) -> list[Entry]:
    if kind == "meetings":
        return sorted(rows, key=lambda row: (row["sort"], row["ref"]))
    return (
        sorted(rows, key=lambda row: (row["source"], row["row"]))
        if kind in ("items", "frameworks")
        else sorted(rows, key=lambda row: (row["cells"][0].casefold(), row["ref"]))
    )


def rows_of(section: Entry) -> list[Entry]:
    """All the rows of sources that a section shows, each once."""
    claims = [row for entry in (*section["values"], *section["amounts"]) for row in entry["rows"]]
    return claims + [row for rows in section["stated"].values() for row in rows]


def _not_shown(layout: Layout, drafts: Mapping[str, Draft]) -> list[Entry]:
    """What no section of the layout takes, with the reason."""
    found: list[Entry] = []
    for code, draft in drafts.items():
        reason = "; ".join(layout.not_shown.values()) if code == NOT_SHOWN else f"section « {code} » absente du plan"
        section = {"values": draft.values, "amounts": draft.amounts, "stated": draft.stated}
        found += [{"ref": row["ref"], "place": row.get("place", ""), "reason": reason} for row in rows_of(section)]
    return sorted(found, key=lambda row: row["ref"])


def _reconciliation(sections: Iterable[Entry], not_shown: Sequence[Entry]) -> Entry:
    counts = {section["code"]: _kinds(rows_of(section)) for section in sections}
    shown = sum(sum(kinds.values()) for kinds in counts.values())
    return {"sections": counts, "shown": shown, "not_shown": len(not_shown), "rows": shown + len(not_shown)}


def _kinds(rows: Iterable[Entry]) -> dict[str, int]:
    return dict(sorted(Counter(row["ref"].split("/")[1] for row in rows).items()))


def _sources(sections: Iterable[Entry], not_shown: Iterable[Entry]) -> list[Entry]:
    codes = {row["ref"].split("/")[0] for section in sections for row in rows_of(section)}
    codes |= {row["ref"].split("/")[0] for row in not_shown}
    rows = Source.objects.filter(code__in=codes).order_by("code")
    return [{"code": row.code, "title": row.title, "publisher": row.publisher, "licence": row.licence} for row in rows]


def _challenges(layout: Layout, sections: Iterable[Entry], found: Iterable[Any]) -> Entry | None:
    """The challenges that the framework announces and those that its document describes."""
    if not layout.challenges_level:
        return None
    items = Item.objects.of_framework(layout.framework).at_level(layout.challenges_level).order_by("position", "code")
    titles: dict[str, list[str]] = defaultdict(list)
    for section in sections:
        titles[section["challenge"]].append(section["code"])
    facts_of_items = {fact.subject: fact for fact in found if fact.kind == "items"}
    described = [
        {"code": item.code, "label": facts_of_items[item.pk].label, "item": item.pk, "sections": titles.get(item.code, [])}
        for item in items
        if item.pk in facts_of_items
    ]
    announced = next((fact for fact in found if fact.kind == "frameworks" and fact.raw.get("code") == layout.framework), None)
    note = {"ref": announced.ref, "place": announced.place} if announced is not None else {}
    return {"announced": layout.challenges_announced, "described": described, "level": layout.challenges_level, **note}


def _caveats(layout: Layout, viewer: AnyUser) -> list[Entry]:
    rows = Programme.objects.visible_to(viewer).filter(framework__code__in=layout.frameworks).exclude(caveat="")
    found = rows.order_by("framework__code").values_list("framework__label", "caveat")
    return [{"programme": label, "text": text} for label, text in found]
