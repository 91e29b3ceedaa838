"""A sandbox: the plan before and after its moves, and what they do to parity, own shares, tranches and territories."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.funding.enums import Verdict
from beffroi.funding.models import DeadlineRule, Move, Operation, Sandbox
from beffroi.funding.queries.desk.cells import cells_of, kept_moves, shifts_of
from beffroi.funding.queries.desk.ledger import Ledger
from beffroi.funding.queries.desk.plans import DifferenceRow, difference_rows
from beffroi.funding.queries.desk.reading import Reading, funders_of
from beffroi.funding.queries.desk.tree import WHOLE, Tree, tree_of
from beffroi.funding.rules.cofinancing import asked_by
from beffroi.funding.rules.decommitment import rule_years
from beffroi.funding.rules.plans import losers, shifted
from beffroi.provenance.queries import Moment
from beffroi.reference.enums import RuleKind
from beffroi.reference.models import Item, Rule

RATIO = "ratio"


@dataclass(frozen=True)
class Change:
    """A figure before and after the moves."""

    label: Any
    before: Figure
    after: Figure
    verdict: Verdict | None = None
    note: str = ""

    @property
    def is_changed(self) -> bool:
        return self.before.value != self.after.value

    @property
    def change(self) -> Figure:
        values = [Decimal(str(row.value)) for row in (self.before, self.after) if row.value is not None]
        gap = values[1] - values[0] if len(values) == 2 else None
        if self.after.unit == RATIO:  # between two shares there are points, not a share
            return Figure(value=None if gap is None else gap * 100, unit=_("points"))
        return Figure(value=gap, unit=self.after.unit)


@dataclass(frozen=True)
class SandboxPage:
    box: Sandbox
    moves: Sequence[Move]
    undone: Sequence[Move]
    before: Reading
    after: Reading
    differences: Sequence[DifferenceRow]
    total: Change
    items: Sequence[Change]
    funders: Sequence[Change]
    years: Sequence[Change]
    parity: Sequence[Change]
    own_shares: Sequence[Change]
    tranches: Sequence[Change]
    territories: Sequence[Change]
    lacks: Sequence[str]


def sandbox_page(box: Sandbox, *, viewer: AnyUser, moment: Moment) -> SandboxPage:
    programme = box.base.plan.programme
    tree = tree_of(programme, viewer=viewer, moment=moment)
    ledger = Ledger(f"sandbox:{box.pk}/", box, box)
    moves = kept_moves(box)
    start = cells_of(box.base)
    end = shifted(start, shifts_of(moves))
    funders = funders_of([*start, *end], viewer)
    before, after = Reading(start, tree, ledger, funders, "before/"), Reading(end, tree, ledger, funders, "after/")
    tranches, lacks = _tranches(before, after)
    territories = _territories(before, after, viewer)
    return SandboxPage(
        box,
        moves,
        list(box.moves.filter(undone_at__isnull=False).select_related("from_item", "to_item", "undone_by").order_by("pk")),
        before,
        after,
        difference_rows(start, end, after),
        Change(_("Total"), before.total, after.total),
        _items(before, after),
        [Change(after.place_label(place), before.funder(place), after.funder(place)) for place in after.places],
        [Change(year or _("toute la période"), before.year(year), after.year(year)) for year in after.years],
        _parity(before, after),
        _own_shares(programme.framework_id, before, after, viewer),
        tranches,
        territories,
        [*lacks, *_lacking_places(after, viewer)],
    )


def _items(before: Reading, after: Reading) -> list[Change]:
    rows = [Change(after.tree.items.get(scope, _("Ensemble")), before.item(scope), after.item(scope)) for scope in after.scopes]
    return [row for row in rows if row.is_changed]


def _parity(before: Reading, after: Reading) -> list[Change]:
    found = []
    for scope in dict.fromkeys([*after.parity_scopes, WHOLE]):
        (one, _verdict), (other, verdict) = before.parity(scope), after.parity(scope)
        found.append(Change(after.tree.items.get(scope, _("Ensemble")), one, other, verdict))
    return found


def _own_shares(framework: int, before: Reading, after: Reading, viewer: AnyUser) -> list[Change]:
    rules = Rule.objects.visible_to(viewer).filter(framework=framework, kind=RuleKind.COFINANCING).select_related("item")
    found = []
    for rule in rules:
        asked = asked_by(rule.label, rule.value)
        if asked is None or asked.kind != "own_share":
            continue
        scope = after.tree.scope(rule.item_id) if rule.item_id in after.tree.items else WHOLE
        (one, _verdict), (other, verdict) = (side.own_share(scope, asked.low, asked.high) for side in (before, after))
        found.append(Change(rule.item or _("Ensemble"), one, other, verdict, rule.value))
    return found


def _tranches(before: Reading, after: Reading) -> tuple[list[Change], list[str]]:
    """What each year of the Union's money must have certified, and by when."""
    one, other = before.union_by_year(), after.union_by_year()
    rules = list(DeadlineRule.objects.values_list("first_year", "last_year", "years"))
    if not one and not other:
        return [], [_("La maquette n’a pas de montant de l’Union : la tranche à certifier ne bouge pas.")]
    lacks = [] if 0 not in {*one, *other} else [_("Des montants de l’Union sont sans année : leur tranche est inconnue.")]
    found = []
    for year in sorted({*one, *other} - {0}):
        granted = rule_years(rules, year=year)
        due = _("délai inconnu") if granted is None else _("à certifier au 31 décembre %(year)s") % {"year": year + granted}
        found.append(Change(year, *_union_figures(before, after, year), note=due))
    return found, lacks


def _union_figures(before: Reading, after: Reading, year: int) -> tuple[Figure, Figure]:
    formula = _("La somme des montants de l’Union engagés cette année-là dans la maquette : ce que sa tranche doit certifier.")
    one, other = (
        side.added(f"tranche/{year}", side.where(lambda key: key.year == year and key.origin == "eu"), formula)
        for side in (before, after)
    )
    return one, other


def _places_of(tree: Tree, viewer: AnyUser) -> dict[int, set[int]]:
    """The territories of the operations of each item."""
    rows = Operation.objects.visible_to(viewer).filter(item__in=list(tree.items), place__isnull=False)
    found: dict[int, set[int]] = {}
    for item, place in rows.order_by().values_list("item", "place").distinct():
        found.setdefault(place, set()).add(item)
    return found


def _territories(before: Reading, after: Reading, viewer: AnyUser) -> list[Change]:
    """The territories whose items lose money in all: their items' amounts, which are not theirs alone."""
    tree, by_place = after.tree, _places_of(after.tree, viewer)
    sums = [
        {place: sum((_own_of(side, item) for item in items), Decimal(0)) for place, items in by_place.items()}
        for side in (before, after)
    ]
    lost = losers(sums[0], sums[1])
    places = {row.pk: row for row in Item.objects.visible_to(viewer).filter(pk__in=lost)}
    found = []
    for pk in sorted(lost, key=lambda pk: -lost[pk]):
        if pk in places:
            names = ", ".join(sorted(str(tree.items[item].code) for item in by_place[pk]))
            figures = [_of_territory(side, pk, by_place[pk]) for side in (before, after)]
            found.append(Change(places[pk], figures[0], figures[1], note=names))
    return found


def _own_of(side: Reading, item: int) -> Decimal:
    return sum((amount for key, amount in side.contract.items() if key.item == item), Decimal(0))


def _of_territory(side: Reading, place: int, items: set[int]) -> Figure:
    cells = side.where(lambda key: key.item in items)
    formula = _(
        "La somme des montants des éléments dont une opération au moins est sur ce territoire : elle n’est pas à lui seul."
    )
    return side.added(f"territory/{place}", cells, formula)


def _lacking_places(after: Reading, viewer: AnyUser) -> list[str]:
    if _places_of(after.tree, viewer):
        return []
    return [_("Aucune opération de ce programme n’a de lieu connu : on ne peut pas dire quels territoires perdent.")]
