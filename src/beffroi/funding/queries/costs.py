"""What operations cost, as their sources say it: one amount when they agree, between two bounds when they do not."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from beffroi.accounts.models import AnyUser
from beffroi.analytics.consolidation import line_values
from beffroi.funding.enums import SumKind
from beffroi.funding.models import CENTS
from beffroi.funding.queries.facts import costs_frame
from beffroi.provenance.queries import Moment

COST_KINDS = (SumKind.TOTAL_COST, SumKind.ELIGIBLE_COST)


@dataclass(frozen=True)
class Cost:
    currency: str
    low: Decimal | None
    high: Decimal | None

    @property
    def value(self) -> Decimal | None:
        return self.low if self.low == self.high else None


def costs_of(operations: Iterable[int], *, viewer: AnyUser, moment: Moment) -> dict[int, dict[str, list[Cost]]]:
    """For each operation and kind of cost, one cost for each currency; nothing where no source says any."""
    ids = list(operations)
    found: dict[int, dict[str, list[Cost]]] = defaultdict(lambda: defaultdict(list))
    for kind in COST_KINDS if ids else ():
        sums, claims = costs_frame(viewer, moment, kind, operations=ids)
        known = sums.rename({"pk": "line"}).join(line_values(claims), on="line")
        for row in known.sort("operation_id", "currency").iter_rows(named=True):
            found[row["operation_id"]][kind].append(Cost(row["currency"], euros_of(row["low"]), euros_of(row["high"])))
    return found


def euros_of(cents: int | None) -> Decimal | None:
    return None if cents is None else cents / CENTS
