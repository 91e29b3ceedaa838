"""How a report is laid out: as data when somebody described it, else from the first level of the framework's tree."""

import csv
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from django.db.models import Count, Q

from beffroi.accounts.models import AnyUser
from beffroi.reference.enums import CODE_LISTS
from beffroi.reference.models import Framework, Item

DATA = Path(__file__).resolve().parent / "data"
GENERAL = "general"
Identity = tuple[str, str, int]


@dataclass(frozen=True)
class Part:
    """A section of the report: the frameworks whose rows it shows, or the items of one tree."""

    code: str
    title: str
    heading: str = ""
    challenge: str = ""
    frameworks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Layout:
    """Each row has one place: `placed` by its identity, else the section of its item, else that of its framework."""

    framework: str
    title: str
    parts: Sequence[Part]
    source: str = ""
    as_of: date | None = None
    challenges_announced: int | None = None
    challenges_level: str = ""
    placed: Mapping[Identity, str] = field(default_factory=dict)
    not_shown: Mapping[str, str] = field(default_factory=dict)
    by_item: Mapping[int, str] = field(default_factory=dict)
    default: str = GENERAL

    @property
    def frameworks(self) -> frozenset[str]:
        return frozenset().union(*(part.frameworks for part in self.parts), self.not_shown) | {self.framework}

    @property
    def by_framework(self) -> dict[str, str]:
        return {code: part.code for part in self.parts for code in part.frameworks}


def described_frameworks() -> list[str]:
    return sorted(path.stem for path in DATA.glob("*.toml"))


@cache
def described(framework: str) -> Layout | None:
    path = DATA / f"{framework}.toml"
    if not path.is_file():
        return None
    data = tomllib.loads(path.read_text("utf-8"))
    parts = [
        Part(row["code"], row["title"], row.get("heading", ""), row.get("challenge", ""), frozenset(row["frameworks"]))
        for row in data["section"]
    ]
    return Layout(
        framework=framework,
        title=data["title"],
        parts=parts,
        source=data["source"],
        as_of=data["as_of"],
        challenges_announced=data["challenges_announced"],
        challenges_level=data["challenges_level"],
        placed=_placed(framework),
        not_shown={row["framework"]: row["reason"] for row in data.get("not_shown", [])},
        default=data["default_section"],
    )


def _placed(framework: str) -> dict[Identity, str]:
    with (DATA / f"{framework}_rows.csv").open(encoding="utf-8") as file:
        return {(row["kind"], row["key"], int(row["occurrence"])): row["section"] for row in csv.DictReader(file)}


def from_tree(framework: Framework, *, viewer: AnyUser) -> Layout:
    """One section for each item under the root that has items under it, or for each such root when there are several; what
    stands above or alone goes in general."""
    items = list(Item.objects.visible_to(viewer).of_framework(framework.code).order_by("position", "sort_key", "pk"))
    parents = {item.pk: item.parent_id for item in items}
    tops = [item for item in items if item.parent_id not in parents]
    if len(tops) == 1:
        tops = [item for item in items if item.parent_id == tops[0].pk] or tops
    above = set(parents.values())
    tops = [item for item in tops if item.pk in above] or tops
    sections = {item.pk: f"item-{item.pk}" for item in tops}
    by_item = {pk: section for pk in parents if (section := _section_above(pk, parents, sections))}
    parts = [Part(GENERAL, framework.label, frameworks=frozenset({framework.code}))]
    parts += [Part(sections[item.pk], item.label) for item in tops]
    return Layout(framework.code, framework.label, parts, by_item=by_item)


def _section_above(pk: int, parents: Mapping[int, int | None], sections: Mapping[int, str]) -> str:
    above: int | None = pk
    while above is not None and above not in sections:
        above = parents.get(above)
    return sections.get(above, "") if above is not None else ""


def layout_of(framework: Framework, *, viewer: AnyUser) -> Layout:
    return described(framework.code) or from_tree(framework, viewer=viewer)


def reported_frameworks(*, viewer: AnyUser) -> list[Framework]:
    """The frameworks of which something can be reported: an indicator, an amount. Those with a layout come first, then
    those that measure most, lists of codes last."""
    rows = Framework.objects.visible_to(viewer).annotate(
        measured=Count("indicators", distinct=True), money=Count("programme__lines", distinct=True)
    )
    days = {code: layout.as_of for code in described_frameworks() if (layout := described(code)) is not None}
    found = rows.filter(Q(measured__gt=0) | Q(money__gt=0) | Q(code__in=days))
    for row in (shown := list(found)):
        row.document_day = days.get(row.code)
    return sorted(shown, key=lambda row: (row.code not in days, row.kind in CODE_LISTS, -row.measured, row.sort_key))
