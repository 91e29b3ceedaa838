"""Totals by the items of another framework, through its crosswalks: certain, weighted, at most, and what is not allocated."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl
from django.db.models import Exists, F, OuterRef

from beffroi.accounts.models import AnyUser
from beffroi.analytics.consolidation import APART, totals
from beffroi.analytics.conversion import Conversion, Tie, convert
from beffroi.funding.queries.consolidated import ledger
from beffroi.funding.queries.money import columns_of, selected
from beffroi.funding.queries.questions import Question, UnaskedMoney
from beffroi.provenance.queries import Moment
from beffroi.reference.enums import FrameworkKind, Strength
from beffroi.reference.models import Correspondence, Crosswalk, Framework, Item

CARRYING = (Strength.FULL, Strength.PARTIAL)


@dataclass(frozen=True)
class Counts:
    lines: int = 0
    unknown: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.lines + other.lines, self.unknown + other.unknown)


@dataclass(frozen=True)
class Carried:
    """The totals of one stage, instrument and currency (and of the other keys asked), by item of the other framework.
    `whole`, `counts`: the lines that make them, and how many have no known amount: nothing known is not nothing."""

    keys: Mapping[str, Any]
    sure: Conversion
    possible: Conversion
    whole: Counts
    counts: Mapping[int, Counts] = field(default_factory=dict)

    @property
    def shares(self) -> list[tuple[int, int, int, int]]:
        """target, certain, weighted, at most: what is possible counts in the last only."""
        found = [
            (int(target), share.certain, share.weighted, self.possible.targets[target].at_most)
            for target, share in sorted(self.sure.targets.items())
        ]
        known = {target for target, *_ in found}
        more = [
            (int(target), 0, 0, share.at_most) for target, share in self.possible.targets.items() if int(target) not in known
        ]
        return sorted([*found, *more], key=lambda row: (-row[3], row[0]))


@dataclass(frozen=True)
class Reading:
    """`doubtful`: items that several full correspondences, or weights above one, carry further than they reach."""

    parts: Sequence[Carried]
    undated: int = 0
    doubtful: Sequence[int] = field(default=())


@dataclass(frozen=True)
class Borne:
    """What one item gives to an item of the other framework, and by which correspondence."""

    item: Item
    certain: int
    at_most: int
    said: str
    counts: Counts = field(default_factory=Counts)


@dataclass(frozen=True)
class _Asked:
    groups: pl.DataFrame
    keys: list[str]
    bearers: Mapping[int, int]
    ties: list[Tie]
    undated: int


def money_through(question: Question, *, viewer: AnyUser, moment: Moment, tried: Tie | None = None) -> Reading:
    """`question.into`: the code of the framework to read in. `tried`: a correspondence as it would be. Raises UnaskedMoney."""
    asked = _asked(question, viewer=viewer, moment=moment, tried=tried)
    parts = [
        _carried(dict(zip(asked.keys, values, strict=True)), rows, asked)
        for values, rows in asked.groups.group_by(asked.keys, maintain_order=True)
    ]
    doubtful = sorted({int(source) for part in parts for source in part.possible.doubtful})
    return Reading(parts, asked.undated, doubtful)


def _carried(keys: Mapping[str, Any], rows: pl.DataFrame, asked: _Asked) -> Carried:
    sure, possible = (_converted(rows, name, asked) for name in ("certain", "at_most"))
    borne = _counted(rows, asked)
    counts: dict[int, Counts] = {}
    for tie in asked.ties:
        if tie.strength in CARRYING and (count := borne.get(tie.source)):
            counts[int(tie.target)] = counts.get(int(tie.target), Counts()) + count
    return Carried(keys, sure, possible, sum(borne.values(), Counts()), counts)


def _counted(rows: pl.DataFrame, asked: _Asked) -> dict[str, Counts]:
    """The lines of each item that bears some, counted where its amounts are."""
    borne: dict[str, Counts] = {}
    for item, lines, unknown in rows.select("item_id", "lines", "unknown").iter_rows():
        bearer = str(asked.bearers.get(item, item))
        borne[bearer] = borne.get(bearer, Counts()) + Counts(lines, unknown)
    return borne


def carried_into(target: int, question: Question, *, viewer: AnyUser, moment: Moment) -> list[Borne]:
    """The items of which the amounts go, whole or in part, to an item; the largest first."""
    asked = _asked(question, viewer=viewer, moment=moment)
    ties = {int(tie.source): tie for tie in asked.ties if int(tie.target) == target}
    shares = []
    for source, tie in ties.items():
        rows = asked.groups.filter(
            pl.col("item_id").is_in([item for item, bearer in asked.bearers.items() if bearer == source])
        )
        sure, possible = (_converted(rows, name, asked).targets[str(target)] for name in ("certain", "at_most"))
        counts = sum(_counted(rows, asked).values(), Counts())
        shares.append((source, sure.certain, possible.at_most, _words(tie), counts))
    items = Item.objects.visible_to(viewer).select_related("version__framework").in_bulk([source for source, *_ in shares])
    found = [Borne(items[source], sure, most, said, of) for source, sure, most, said, of in shares if source in items]
    return sorted((one for one in found if one.counts.lines), key=lambda one: (-one.at_most, one.item.pk))


def _words(tie: Tie) -> str:
    label = str(Strength(tie.strength).label)
    return label if tie.weight is None else f"{label}, {tie.weight * 100:.0f} %"


def _asked(question: Question, *, viewer: AnyUser, moment: Moment, tried: Tie | None = None) -> _Asked:
    lines, undated = selected(ledger(viewer, moment).lines, question)
    others = columns_of(replace(question, by=[key for key in question.by if key != "item"]))
    groups = totals(lines, [*others, "item_id"])
    found = ties_into(question.into, viewer=viewer, moment=moment)
    ties = found if tried is None else [*(tie for tie in found if not _same(tie, tried)), tried]
    bearers = _bearers(groups["item_id"].drop_nulls().unique().to_list(), ties, question.into)
    own = [Tie(str(pk), str(pk), Strength.FULL) for pk in set(bearers.values()) - {int(tie.source) for tie in ties}]
    return _Asked(groups, [*others, *APART], bearers, [*ties, *own], undated)


def _converted(rows: pl.DataFrame, name: str, asked: _Asked) -> Conversion:
    """Amounts go by the item that bears them; one that no item bears is unallocated."""
    borne: dict[str, int] = {}
    for item, cents in rows.select("item_id", name).iter_rows():
        bearer = str(asked.bearers.get(item, item))
        borne[bearer] = borne.get(bearer, 0) + cents
    return convert(borne, asked.ties)


def _same(one: Tie, other: Tie) -> bool:
    return (one.source, one.target) == (other.source, other.target)


def ties_into(framework: str, *, viewer: AnyUser, moment: Moment) -> list[Tie]:
    """The correspondences, known at the moment, towards the items of a framework. Raises UnaskedMoney."""
    if not Framework.objects.visible_to(viewer).filter(code=framework).exists():
        raise UnaskedMoney(f"« {framework} » n’est pas un cadre connu.")
    edges = Correspondence.objects.known_on(moment.known_on).visible_to(viewer)
    rows = edges.filter(target__version__framework__code=framework).exclude(source__version=F("target__version"))
    found = rows.order_by("pk").values_list("source_id", "target_id", "strength", "weight")
    return [Tie(str(source), str(target), strength, weight) for source, target, strength, weight in found]


def _bearers(items: Sequence[int], ties: Iterable[Tie], framework: str) -> dict[int, int]:
    """Each item -> the nearest of itself and its ancestors that a tie, or the framework itself, places there."""
    placed = {int(tie.source) for tie in ties}
    parents: dict[int, int | None] = {}
    fresh = list(items)
    while fresh:
        rows = Item.objects.filter(pk__in=fresh).order_by().values_list("pk", "parent_id", "version__framework__code")
        placed |= {pk for pk, _, code in rows if code == framework}
        parents |= {pk: parent for pk, parent, _ in rows}
        fresh = [parent for pk in fresh if (parent := parents.get(pk)) and parent not in parents]
    return {item: bearer for item in items if (bearer := _nearest(item, parents, placed)) is not None}


def _nearest(item: int | None, parents: Mapping[int, int | None], placed: set[int]) -> int | None:
    while item is not None and item not in placed:
        item = parents.get(item)
    return item


def frameworks_to_read_in(viewer: AnyUser) -> list[Framework]:
    """Those that a crosswalk carries amounts into; a place is asked as a territory."""
    carrying = Correspondence.objects.current().filter(strength__in=CARRYING)
    used = Crosswalk.objects.visible_to(viewer).filter(Exists(carrying.filter(crosswalk=OuterRef("pk"))))
    rows = Framework.objects.visible_to(viewer).exclude(kind=FrameworkKind.GEOGRAPHY)
    return list(rows.filter(pk__in=used.order_by().values("target__framework")).order_by("sort_key"))
