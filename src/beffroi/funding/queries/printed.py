"""Printed totals and costs beside the lines they are made of: the difference, and what makes it. The lines under a total are
those that the checks compare with it (`analytics.checks.money`)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.models import AnyUser
from beffroi.analytics.checks.money import agrees, is_cost, is_part, lines_under, programme_and_time, same_project
from beffroi.analytics.checks.rows import Row, with_parts
from beffroi.core.figures import Figure, Sense
from beffroi.funding.enums import COUNTED as COUNTED_LINES
from beffroi.funding.enums import LISTED, PrintedState
from beffroi.funding.models import CENTS, Sum, SumClaim
from beffroi.funding.queries.amounts import MoneyRow, money_rows
from beffroi.funding.rules import printed as rules
from beffroi.provenance.models import Anomaly, AnomalySubject
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.evidence import Counted, Question
from beffroi.reference.models import Framework

EURO = "EUR"
# The costs of operations face each other on their own sheets
PRINTED = Q(operation=None)
SENSES = {PrintedState.BALANCED: Sense.GOOD, PrintedState.DIFFERS: Sense.BAD, PrintedState.ROUNDING: Sense.WATCH}


@dataclass(frozen=True)
class GapPart:
    """One of the things that make a difference; `thing` has a page, or is None for what nothing explains."""

    label: object
    figure: Figure
    thing: Any = None


@dataclass(frozen=True)
class PrintedSum:
    """`lines`: what it is compared with. `scope`: whose lines they are: of the same item, of its parts, or of its funder
    wherever they are in the programme, which may be some only."""

    row: MoneyRow
    lines: Sequence[MoneyRow]
    scope: str
    state: PrintedState
    listed: Figure
    gap: Figure
    parts: Sequence[GapPart] = ()
    is_cost: bool = False
    anomalies: Sequence[Anomaly] = ()

    @property
    def pk(self) -> int:
        return int(self.row.subject.pk)

    @property
    def label(self) -> str:
        return self.row.subject.label or str(self.row.subject.fund or _("total imprimé"))

    @property
    def by_fund(self) -> dict[int | None, Figure]:
        found: dict[int | None, list[MoneyRow]] = defaultdict(list)
        for line in self.lines:
            found[line.subject.fund_id].append(line)
        return {fund: rows[0].figure if len(rows) == 1 else _total(rows) for fund, rows in found.items()}


def _total(lines: Sequence[MoneyRow], why: str = "") -> Figure:
    known = [line.value for line in lines if line.value is not None]
    parts = len(lines) if len(known) < len(lines) else None
    value = sum(known, Decimal(0)) if known else None
    why = why or "lines:" + ",".join(str(line.subject.pk) for line in lines)
    return Figure(value=value, unit="€", known=len(known), parts=parts, why=why)


def _cents(value: Decimal | None) -> int | None:
    return None if value is None else int((value * CENTS).to_integral_value())


def _row(found: MoneyRow) -> Row:
    """An amount as the checks read it."""
    money = found.subject
    return with_parts(
        {
            "found": found,
            "role": found.role,
            "programme": money.programme_id,
            "start": money.start,
            "end": money.end,
            "stage": money.stage,
            "item": money.item_id,
            "item_parent": money.item.parent_id if money.item else None,
            "operation": money.operation_id,
            "receiver": money.receiver_id or money.receiver_item_id,
            "fund": money.fund_id,
            "fund_label": str(money.fund or ""),
            "label": getattr(money, "label", ""),
            "detail": money.detail,
            "cents": _cents(found.value) or 0,
            "qualifiers": "",
        },
        money.detail,
    )


def printed_sums(about: Q, *, moment: Moment, viewer: AnyUser) -> list[PrintedSum]:
    """The printed totals that a condition selects, each with its lines: a few queries, whatever their number."""
    asked = {row.subject.pk for row in money_rows("sum", PRINTED & about, moment=moment, viewer=viewer)}
    programmes = Sum.objects.visible_to(viewer).filter(pk__in=asked).order_by().values("programme")
    found = money_rows("sum", PRINTED & Q(programme__in=programmes), moment=moment, viewer=viewer)
    declared = _declared([row.subject.pk for row in found], moment, viewer)
    of_lists = [_of_list(row, *declared[row.subject.pk]) for row in found if row.subject.pk in declared]
    sums = [_row(row) for row in found if row.subject.pk not in declared]
    periods = Q(stage__in={row["stage"] for row in sums}, programme__in={row["programme"] for row in sums})
    lines = [_row(row) for row in money_rows("line", periods, moment=moment, viewer=viewer)] if sums else []
    by_time = _grouped(lines, programme_and_time)
    totals = _grouped(sums, programme_and_time)
    compared = [_compared(row, by_time[programme_and_time(row)], totals[programme_and_time(row)]) for row in sums]
    raised = _raised(asked, viewer)
    kept = (replace(row, anomalies=raised.get(row.pk, ())) for row in (*compared, *of_lists) if row.pk in asked)
    return sorted(kept, key=_order)


def _declared(sums: list[int], moment: Moment, viewer: AnyUser) -> dict[int, tuple[int, int]]:
    """The totals that lists print: the sum of their lines, in cents, and how many, as the load counted them in the file."""
    rows = SumClaim.objects.visible_to(viewer).known_on(moment.known_on).filter(sum__in=sums).order_by("pk")
    said = {pk: qualifiers for pk, qualifiers in rows.values_list("sum", "qualifiers") if LISTED in qualifiers}
    return {pk: (int(qualifiers[LISTED]), int(qualifiers.get(COUNTED_LINES, 0))) for pk, qualifiers in said.items()}


def _of_list(found: MoneyRow, listed: int, lines: int) -> PrintedSum:
    stated = _cents(found.value)
    state = rules.printed_state(stated, listed, is_whole=True)
    why = f"sum:{found.subject.pk}"
    unit = "€" if found.subject.currency == EURO else found.subject.currency
    total = Figure(value=listed / CENTS, unit=unit, known=lines, parts=lines, why=why)
    gap = None if stated is None else (listed - stated) / CENTS
    figure = Figure(value=gap, unit=unit, sense=SENSES.get(state, Sense.NEUTRAL), why=why)
    return PrintedSum(found, (), "list", state, total, figure)


def _raised(asked: Iterable[int], viewer: AnyUser) -> dict[int, list[Anomaly]]:
    """What the checks say of these totals."""
    rows = AnomalySubject.objects.filter(kind="sum", subject_id__in=list(asked)).order_by("pk")
    seen = rows.filter(anomaly__in=Anomaly.objects.visible_to(viewer).open().order_by().values("pk")).select_related("anomaly")
    found: dict[int, list[Anomaly]] = defaultdict(list)
    for row in seen:
        found[row.subject_id].append(row.anomaly)
    return found


def _grouped(rows: Iterable[Row], key: Any) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _order(one: PrintedSum) -> tuple[Any, ...]:
    money = one.row.subject
    item = (1, 0, "") if money.item is None else (0, money.item.position, money.item.sort_key)
    return money.programme.framework.sort_key, item, money.start is None, money.start, bool(money.fund_id), money.pk


def _compared(printed: Row, lines: Sequence[Row], totals: Sequence[Row]) -> PrintedSum:
    scope, under = _under(printed, [line for line in lines if not is_cost(line)])
    found: MoneyRow = printed["found"]
    rows: list[MoneyRow] = [line["found"] for line in under]
    unknown = sum(row.value is None for row in rows)
    listed = sum(line["cents"] for line in under) if len(rows) > unknown else None
    stated = _cents(found.value)
    state = PrintedState.PART if is_part(printed) else rules.printed_state(
        stated, listed, is_whole=scope == "own", unknown=unknown
    )  # fmt: skip
    gap = None if stated is None or listed is None or state == PrintedState.PART else listed - stated
    explained = gap and state != PrintedState.PARTIAL and not is_cost(printed)
    parts = _parts(printed, under, totals, gap) if gap and explained else []
    why = f"printed:{found.subject.pk}"
    figure = Figure(value=None if gap is None else gap / CENTS, unit="€", sense=SENSES.get(state, Sense.NEUTRAL), why=why)
    return PrintedSum(found, rows, scope, state, _total(rows, why), figure, parts, is_cost(printed))


def _under(printed: Row, lines: list[Row]) -> tuple[str, list[Row]]:
    if is_part(printed):
        return "own", []
    if is_cost(printed):
        return "own", [line for line in lines if same_project(line) == same_project(printed) and agrees(line, printed)]
    if own := lines_under(printed, lines):
        return "own", own
    below = [line for line in lines if printed["item"] is not None and line["item_parent"] == printed["item"]]
    if below:
        return "children", below
    same = [line for line in lines if printed["fund"] and line["fund"] == printed["fund"]]
    return "fund", same


def _parts(printed: Row, lines: Sequence[Row], totals: Sequence[Row], gap: int) -> list[GapPart]:
    by_item = _by_item(printed, lines, totals) if printed["item"] is None else []
    if by_item:
        return _by_sub_total(gap, lines, by_item)
    amounts = {place: line["cents"] for place, line in enumerate(lines)}
    named = rules.lines_that_make(gap, amounts, margin=rules.rounding_margin(printed["cents"]))
    parts = [_line_part(lines[place], gap, printed["item"]) for place in named]
    rest = gap - sum(lines[place]["cents"] if gap > 0 else -lines[place]["cents"] for place in named)
    return [*parts, *_rest(rest, _("ce qu’aucune ligne n’explique"))]


def _by_item(printed: Row, lines: Sequence[Row], totals: Sequence[Row]) -> list[Row]:
    """The printed totals of its parts, read as it is: of the same funder, or of all."""
    items = {line["item"] for line in lines}
    return [
        row
        for row in totals
        if row["item"] in items and row["fund"] == printed["fund"] and not is_cost(row) and not is_part(row)
    ]


def _by_sub_total(gap: int, lines: Sequence[Row], sub_totals: Sequence[Row]) -> list[GapPart]:
    listed: dict[int, int] = defaultdict(int)
    for line in lines:
        listed[line["item"]] += line["cents"]
    printed = {row["item"]: row["cents"] for row in sub_totals}
    found = rules.decomposed(gap, listed=listed, printed=printed)
    of_item = {row["item"]: row["found"].subject for row in sub_totals}
    parts = [
        GapPart(of_item[item].item, _euros(cents, f"printed:{of_item[item].pk}"), of_item[item].item)
        for item, cents in sorted(found.parts.items(), key=lambda pair: -abs(pair[1]))
    ]
    return [*parts, *_rest(found.rest, _("entre les totaux imprimés eux-mêmes"))]


def _line_part(line: Row, gap: int, item: int | None) -> GapPart:
    found: MoneyRow = line["found"]
    money = found.subject
    where = money.item.label if money.item_id != item else ""
    detail = " · ".join(filter(None, [where, str(money.fund or ""), *line["dims"].values()]))
    label = (_("%(line)s, hors du total imprimé") if gap > 0 else _("%(line)s, compté deux fois ?")) % {"line": detail}
    cents = line["cents"] if gap > 0 else -line["cents"]
    return GapPart(label, _euros(cents, f"line:{money.pk}"), money.fund)


def _rest(cents: int, label: str) -> list[GapPart]:
    return [GapPart(label, _euros(cents))] if cents else []


def _euros(cents: int, why: str = "") -> Figure:
    return Figure(value=cents / CENTS, unit="€", why=why)


@dataclass(frozen=True)
class Facing:
    """Two amounts printed for one same thing."""

    one: MoneyRow
    other: MoneyRow
    difference: Figure


def faced(found: Iterable[PrintedSum]) -> list[Facing]:
    """Totals of one funder for one item, period and breakdown, that two readers of the same document take for one another."""
    rows = {one.pk: one.row for one in found if one.row.subject.fund_id and one.row.value is not None}
    totals = [(pk, _about(row.subject), _cents(row.value)) for pk, row in rows.items()]
    return [_facing(rows[one], rows[other]) for one, other in rules.face_to_face(totals)]


def _about(money: Any) -> tuple[object, ...]:
    return money.programme_id, money.item_id, money.operation_id, money.fund_id, money.start, money.end, money.detail


def _facing(one: MoneyRow, other: MoneyRow) -> Facing:
    gap = abs((one.value or Decimal(0)) - (other.value or Decimal(0)))
    return Facing(one, other, Figure(value=gap, unit="€", why=f"facing:{one.subject.pk},{other.subject.pk}"))


@dataclass
class PrintedTable:
    """The printed totals of a programme, with a column for each funder."""

    programme: Framework
    rows: list[PrintedSum] = field(default_factory=list)
    facing: list[Facing] = field(default_factory=list)

    @property
    def funds(self) -> list[Any]:
        found = {line.subject.fund_id: line.subject.fund for row in self.rows for line in row.lines}
        return list(found.values())

    @property
    def shown(self) -> list[tuple[PrintedSum, list[Figure | None]]]:
        keys = [getattr(fund, "pk", None) for fund in self.funds]
        return [(row, [row.by_fund.get(key) for key in keys]) for row in self.rows]

    @property
    def states(self) -> Mapping[PrintedState, int]:
        counts: dict[PrintedState, int] = defaultdict(int)
        for row in self.rows:
            counts[row.state] += 1
        return counts

    @property
    def differing(self) -> int:
        return self.states[PrintedState.DIFFERS]


def printed_tables(found: Iterable[PrintedSum], *, shown: Iterable[PrintedSum] | None = None) -> list[PrintedTable]:
    """`shown`: those of a page; what faces what is said of all that was found."""
    known = list(found)
    tables: dict[int, PrintedTable] = {}
    for one in known if shown is None else shown:
        framework = one.row.subject.programme.framework
        tables.setdefault(framework.pk, PrintedTable(framework)).rows.append(one)
    for table in tables.values():
        table.facing = faced(one for one in known if one.row.subject.programme.framework_id == table.programme.pk)
    return list(tables.values())


def printed_about(about: Q, *, moment: Moment, viewer: AnyUser) -> dict[str, Any] | None:
    """A sheet's printed totals, as the page of printed totals shows them."""
    found = printed_sums(about, moment=moment, viewer=viewer)
    return {"tables": printed_tables(found), "count": len(found)} if found else None


def of_printed(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`pk`: the sum of the lines under a printed total, and how it differs from it."""
    found = next(iter(printed_sums(Q(pk=int(rest)), moment=moment, viewer=viewer)), None)
    if found is None:
        return None
    formula = gettext_lazy("La somme des lignes que le total imprimé recouvre ; le total lui-même ne s’y ajoute pas.")
    parts: list[tuple[Any, Any, Figure | None]] = [
        (line.subject.fund or line.subject, line.subject.fund, line.figure) for line in found.lines
    ]
    parts += [(_("total imprimé : %(label)s") % {"label": found.label}, None, found.row.figure)]
    parts += [(_("écart : %(label)s") % {"label": part.label}, None, part.figure) for part in found.parts]
    return Counted(found.row.subject.item or found.row.subject, formula, found.listed, parts, found.row.subject.item)


def of_facing(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`pk,pk`: the difference between two printed totals of one thing."""
    pks = [int(text) for text in rest.split(",")]
    rows = money_rows("sum", Q(pk__in=pks), moment=moment, viewer=viewer)
    if len(rows) != 2 or rows[0].value is None or rows[1].value is None:
        return None
    formula = gettext_lazy("La différence entre deux totaux que des documents donnent du même financeur, pour la même année.")
    figure = Figure(value=abs(rows[0].value - rows[1].value), unit="€")
    parts = [(row.subject.label or row.subject, None, row.figure) for row in rows]
    return Counted(rows[0].subject.item or rows[0].subject, formula, figure, parts, rows[0].subject.item)


COUNTED: dict[str, Question] = {"printed": of_printed, "facing": of_facing}
