"""The answer of the money explorer as a page shows it: figures with their why, and what the totals do not say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.analytics.consolidation import APART
from beffroi.core.figures import Figure
from beffroi.funding.enums import BudgetSection, ContractStatus, Instrument, Origin, PlaceBasis, Stage
from beffroi.funding.models import CENTS
from beffroi.funding.queries.conversions import Carried, Counts, Reading
from beffroi.funding.queries.labels import Labels
from beffroi.funding.queries.money import COLUMN_OF
from beffroi.funding.queries.questions import WRITTEN_PLACE, Question

CHOICES: Mapping[str, Any] = {
    "stage": Stage,
    "instrument": Instrument,
    "origin": Origin,
    "section": BudgetSection,
    "contract_status": ContractStatus,
    "place_basis": PlaceBasis,
}
UNSTATED = {
    "fund": gettext_lazy("financeur non précisé"),
    "receiver": gettext_lazy("bénéficiaire non précisé"),
    "item": gettext_lazy("sans élément"),
    "operation": gettext_lazy("sans opération"),
    "territory": gettext_lazy("sans lieu précisé"),
    "year": gettext_lazy("sans date"),
}
EUROS = {"EUR": "€"}
PAGES = {"fund": "publishing:organisation", "receiver": "publishing:organisation", "payer": "publishing:organisation",
         "item": "publishing:item", "territory": "publishing:item", "operation": "publishing:operation"}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """A key of a group: its words, and the page of the thing it names."""

    text: str
    code: str = ""
    page: str = ""
    pk: int | None = None


@dataclass(frozen=True)
class Group:
    cells: Sequence[Cell]
    apart: Sequence[str]
    figure: Figure
    lines: int
    raw: Mapping[str, Any]
    weighted: Decimal | None = None


@dataclass(frozen=True)
class Total:
    """One stage, instrument and currency, and in a territory one basis of place: they are never added to each other."""

    apart: Sequence[str]
    keys: Mapping[str, Any]
    figure: Figure
    certain: Decimal
    at_most: Decimal
    weighted: Decimal | None = None
    unallocated: Decimal = Decimal(0)
    currency: str = "€"

    @property
    def words(self) -> str:
        return ", ".join(self.apart)

    @property
    def possible(self) -> Decimal:
        return self.at_most + self.unallocated


@dataclass(frozen=True)
class Remark:
    """Something that a total does not say; `things`: what it is about."""

    text: Any
    figure: Figure
    things: Sequence[Any] = ()


def euros(cents: int) -> Decimal:
    return Decimal(cents) / CENTS


def money_figure(row: Mapping[str, Any], question: Question, *, label: str = "") -> Figure:
    """One amount when all is sure, otherwise from what is certain to what is possible at most."""
    low, high, lines = euros(row["certain"]), euros(row["at_most"]), row.get("lines", 0)
    known = lines - row.get("unknown", 0)
    nothing = lines > 0 and not known
    return Figure(
        value=None if nothing or low != high else low,
        low=None if nothing or low == high else low,
        high=None if nothing or low == high else high,
        unit=EUROS.get(row["currency"], row["currency"]),
        label=label,
        known=known if known != lines else None,
        parts=lines if known != lines else None,
        rivals=row.get("rivals", 0),
        why=f"money:{narrowed(question, row).address}",
    )


def narrowed(question: Question, row: Mapping[str, Any]) -> Question:
    """The question of which a group is the whole answer."""
    where = dict(question.where)
    for key in dict.fromkeys([*question.by, "instrument", "place_basis"]):
        columns = [name for name in COLUMN_OF.get(key, [key]) if name in row]
        if not columns:
            continue
        name, value = next(((name, row[name]) for name in columns if row[name] is not None), (columns[0], None))
        where[WRITTEN_PLACE if name == WRITTEN_PLACE else key] = "" if value is None else str(value)
    where.pop("stage", None), where.pop("currency", None)
    return replace(question, by=(), into="", stage=row["stage"], currency=row["currency"], where=where)


def apart_words(row: Mapping[str, Any], question: Question) -> list[str]:
    """What no total mixes, when the question does not say it already."""
    words = [] if question.stage else [str(Stage(row["stage"]).label)]
    is_stated = row["instrument"] != Instrument.UNSTATED
    words.append(str(Instrument(row["instrument"]).label) if is_stated else str(_("instrument non précisé")))
    return words if row["currency"] == "EUR" else [*words, row["currency"]]


def apart_of(question: Question) -> tuple[str, ...]:
    """What no total mixes. That of a territory states its basis: a seat is not where the work is done."""
    return (*APART, "place_basis") if question.territory else APART


def total_words(row: Mapping[str, Any], question: Question) -> list[str]:
    words = apart_words(row, question)
    return [*words, str(_("base : %(basis)s") % {"basis": basis_label(row["place_basis"])})] if question.territory else words


def basis_label(basis: str | None) -> str:
    return str(PlaceBasis(basis or PlaceBasis.UNSTATED).label)


def answer_totals(groups: pl.DataFrame, question: Question) -> list[Total]:
    """The largest first."""
    names, keys = ("lines", "unknown", "rivals", "certain", "at_most"), apart_of(question)
    sums = groups.group_by(keys).agg(pl.col(name).sum() for name in names)
    whole = sums.sort("at_most", *keys, descending=[True, *(False for _key in keys)])
    return [_total(row, replace(question, by=())) for row in whole.iter_rows(named=True)]


def _total(row: Mapping[str, Any], question: Question) -> Total:
    apart = total_words(row, question)
    return Total(
        apart,
        {name: row[name] for name in apart_of(question)},
        money_figure(row, question, label=", ".join(apart)),
        euros(row["certain"]),
        euros(row["at_most"]),
        currency=EUROS.get(row["currency"], row["currency"]),
    )


def answer_groups(groups: pl.DataFrame, labels: Labels, question: Question) -> list[Group]:
    """A page of groups, each thing with its name and its page."""
    named = labels.named(groups)
    return [_group(raw, row, question) for raw, row in zip(groups.iter_rows(named=True), named, strict=True)]


@dataclass(frozen=True)
class Named:
    """Groups as numbers, in order; their names are read for those that are shown."""

    frame: pl.DataFrame
    labels: Labels
    question: Question

    def __len__(self) -> int:
        return self.frame.height

    def __getitem__(self, part: slice) -> list[Group]:
        return answer_groups(self.frame[part], self.labels, self.question)

    def at(self, rows: pl.Series) -> list[Group]:
        return answer_groups(self.frame[rows], self.labels, self.question)

    def of(self, total: Total) -> "Named":
        """Those that a total adds."""
        own = [pl.col(name).eq_missing(value) for name, value in total.keys.items()]
        return replace(self, frame=self.frame.filter(*own))


def _group(raw: Mapping[str, Any], row: Mapping[str, Any], question: Question) -> Group:
    keys = [*question.by, *(["place_basis"] if "place_basis" in raw and "place_basis" not in question.by else [])]
    cells = [_cell(key, raw, row) for key in keys]
    figure = money_figure(raw, question, label=" · ".join(cell.text for cell in cells))
    return Group(cells, apart_words(raw, question), figure, raw["lines"], raw)


def _cell(key: str, raw: Mapping[str, Any], row: Mapping[str, Any]) -> Cell:
    pk = raw.get(COLUMN_OF.get(key, [key])[0])
    if key in CHOICES:
        return Cell(str(CHOICES[key](row[key]).label) if row[key] else str(_("non précisé")))
    text = row[key] or (row.get("territory_code") if key == "territory" else "")
    if not text:
        return Cell(str(UNSTATED.get(key, _("non précisé")) if pk is None else _("non publié")))
    page = PAGES.get(key, "") if isinstance(pk, int) else ""
    return Cell(str(text), str(row.get(f"{key}_code") or ""), page, pk if page else None)


def reading_totals(reading: Reading, question: Question) -> list[Total]:
    """What the crosswalk carries and what it leaves, for each stage, instrument and currency whatever the other keys."""
    alike: dict[tuple[Any, ...], list[Carried]] = {}
    for part in reading.parts:
        alike.setdefault(tuple(part.keys[name] for name in apart_of(question)), []).append(part)
    found = [_reading_total(parts, replace(question, by=())) for parts in alike.values()]
    return sorted((total for total in found if total is not None), key=lambda total: -total.possible)


def _reading_total(parts: Sequence[Carried], question: Question) -> Total | None:
    """Nothing where no line is final: what only passes through a fund is in no total."""
    counts = sum((part.whole for part in parts), Counts())
    if not counts.lines:
        return None
    keys = {name: parts[0].keys[name] for name in apart_of(question)}
    certain, at_most = (sum(one.total for one in side) for side in ([p.sure for p in parts], [p.possible for p in parts]))
    left = sum(part.possible.unallocated for part in parts)
    row = {**keys, "certain": certain, "at_most": at_most, "lines": counts.lines, "unknown": counts.unknown}
    apart = total_words(row, question)
    return Total(
        apart,
        keys,
        money_figure(row, question, label=", ".join(apart)),
        euros(sum(part.sure.certain for part in parts)),
        euros(at_most - left),
        euros(sum(share.weighted for part in parts for share in part.sure.targets.values())),
        euros(left),
        EUROS.get(str(keys["currency"]), str(keys["currency"])),
    )


def reading_groups(reading: Reading, labels: Labels, question: Question) -> list[Group]:
    rows = [row for part in reading.parts for row in _read_rows(part)]
    if not rows:
        return []
    frame = pl.DataFrame(rows, infer_schema_length=None).sort("at_most", descending=True, maintain_order=True)
    named = labels.named(frame)
    return [_read_group(raw, row, question) for raw, row in zip(frame.iter_rows(named=True), named, strict=True)]


def _read_rows(part: Carried) -> Iterator[dict[str, Any]]:
    for target, certain, weighted, at_most in part.shares:
        counts = part.counts.get(target, Counts())
        if counts.lines:
            amounts = {"certain": certain, "weighted": weighted, "at_most": at_most}
            yield {**part.keys, "item_id": target, **amounts, "lines": counts.lines, "unknown": counts.unknown}


def _read_group(raw: Mapping[str, Any], row: Mapping[str, Any], question: Question) -> Group:
    group = _group(raw, row, question)
    weighted = None if not group.figure.is_known else euros(raw["weighted"])
    return replace(group, figure=replace(group.figure, why=through_key(question, raw)), weighted=weighted)


def through_key(question: Question, raw: Mapping[str, Any]) -> str:
    """The why of an amount that a crosswalk carries: the framework, the item, and the question of its other keys."""
    asked = narrowed(replace(question, by=[key for key in question.by if key != "item"]), raw)
    return f"through:{question.into}/{raw['item_id']}/{asked.address}"
