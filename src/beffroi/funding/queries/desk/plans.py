"""The versions of a financing plan, each read by item, funder and year, and two of them face to face."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.funding.enums import ContractStatus, Origin
from beffroi.funding.models import PlanVersion, Programme
from beffroi.funding.queries.desk.cells import cells_of
from beffroi.funding.queries.desk.ledger import Ledger
from beffroi.funding.queries.desk.reading import Reading, funders_of
from beffroi.funding.queries.desk.tree import Tree, tree_of
from beffroi.funding.rules.plans import Cells, differences
from beffroi.provenance.queries import Moment


@dataclass(frozen=True)
class PlanPage:
    version: PlanVersion
    reading: Reading

    @property
    def rows(self) -> list[tuple[Any, int, list[Figure | None], Figure]]:
        """Each item with its depth, what each funder brings, and its total."""
        reading, places = self.reading, self.reading.places
        return [
            (
                reading.tree.items.get(scope),
                reading.tree.depth(scope),
                [reading.crossed(scope, place) for place in places],
                reading.item(scope),
            )
            for scope in reading.scopes
        ]

    @property
    def funders(self) -> list[tuple[str, Figure]]:
        return [(self.reading.place_label(place), self.reading.funder(place)) for place in self.reading.places]

    @property
    def years(self) -> list[tuple[Any, Figure]]:
        return [(year or _("toute la période"), self.reading.year(year)) for year in self.reading.years]


@dataclass(frozen=True)
class DifferenceRow:
    """A place whose amount differs; a figure is None where a version says nothing of it."""

    item: Any
    funder: str
    origin: str
    year: int | None
    status: str
    before: Figure | None
    after: Figure | None
    change: Figure


@dataclass(frozen=True)
class Compared:
    one: PlanVersion
    other: PlanVersion
    rows: Sequence[DifferenceRow]
    before: Figure
    after: Figure
    change: Figure


def versions_of(programme: Programme, *, viewer: AnyUser) -> list[PlanVersion]:
    rows = PlanVersion.objects.visible_to(viewer).filter(plan__programme=programme)
    return list(with_base(rows, viewer).order_by("number"))


def with_base(rows: Any, viewer: AnyUser) -> Any:
    """With the version that each starts from; one that this reader may not see is not named."""
    base = Prefetch("based_on", PlanVersion.objects.visible_to(viewer))
    return rows.select_related("by", "plan__programme__framework").prefetch_related(base)


def reading_of(
    version: PlanVersion,
    *,
    viewer: AnyUser,
    moment: Moment,
    ledger: Ledger | None = None,
    name: str = "",
    tree: Tree | None = None,
) -> Reading:
    programme = version.plan.programme
    cells = cells_of(version)
    return Reading(
        cells,
        tree or tree_of(programme, viewer=viewer, moment=moment),
        ledger or Ledger(f"plan:{version.pk}/", version, version),
        funders_of(cells, viewer),
        name,
    )


def plan_page(version: PlanVersion, *, viewer: AnyUser, moment: Moment) -> PlanPage:
    return PlanPage(version, reading_of(version, viewer=viewer, moment=moment))


def compared_versions(one: PlanVersion, other: PlanVersion, *, viewer: AnyUser, moment: Moment) -> Compared:
    tree = tree_of(one.plan.programme, viewer=viewer, moment=moment)
    first = reading_of(one, viewer=viewer, moment=moment, tree=tree)
    second = reading_of(other, viewer=viewer, moment=moment, tree=tree)
    both = Reading({**first.cells, **second.cells}, tree, first.ledger, {**first.funders, **second.funders})
    rows = difference_rows(first.cells, second.cells, both)
    before, after = first.total, second.total
    change = Figure(value=_minus(after, before), unit="€")
    return Compared(one, other, rows, before, after, change)


def difference_rows(before: Cells, after: Cells, both: Reading) -> list[DifferenceRow]:
    found = []
    for row in differences(before, after):
        one, other = (None if amount is None else Figure(value=amount, unit="€") for amount in (row.before, row.after))
        found.append(
            DifferenceRow(
                both.tree.items.get(row.key.item),
                both.funder_label(row.key),
                str(Origin(row.key.origin).label),
                row.key.year or None,
                str(ContractStatus(row.key.status).label),
                one,
                other,
                Figure(value=row.change, unit="€"),
            )
        )
    return found


def _minus(one: Figure, other: Figure) -> Any:
    return None if one.value is None or other.value is None else one.value - other.value  # type: ignore[operator]
