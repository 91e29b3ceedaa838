"""A plausible activity, invented from a seed: who the operators are, whom they see, and what comes of it, by bulk writes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from beffroi.core.models import Simulation
from beffroi.interactions.actions.simulation.facts import simulate_year
from beffroi.interactions.actions.simulation.world import open_world
from beffroi.interactions.actions.simulation.writing import count_on_from_here

VISITS_OF_AN_OPERATOR = 140  # a year: 70 000 for 500 operators


@dataclass(frozen=True)
class Asked:
    operators: int
    years: int
    seed: int
    until: date
    visits: int = 0

    @property
    def visits_a_year(self) -> int:
        return self.visits or self.operators * VISITS_OF_AN_OPERATOR


def simulate_activity(mark: Simulation, asked: Asked, *, tell: Callable[[str], None] = lambda text: None) -> dict[str, int]:
    """Year after year, each in its own transaction. The same seed, size and last day give the same rows."""
    counts: dict[str, int] = {}
    with transaction.atomic():
        world = open_world(asked)
        count_on_from_here()
    counts["companies"] = len(world.companies)
    for year in range(asked.years):
        with transaction.atomic():
            written = simulate_year(world, asked, year)
            count_on_from_here()
        for name, count in written.items():
            counts[name] = counts.get(name, 0) + count
        tell(f"{year + 1}/{asked.years}")
    mark.ended_at = timezone.now()
    mark.save(update_fields=["ended_at"])
    return counts
