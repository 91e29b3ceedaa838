"""What a benchmark says: a value, its repeats and what is wanted of it."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

MARK = "MEASURE "


@dataclass(frozen=True)
class Measure:
    """`target` is a ceiling, or a floor when `is_floor`; None when nothing is asked of it."""

    what: str
    engine: str
    value: float
    unit: str
    target: float | None = None
    is_floor: bool = False
    repeats: list[float] = field(default_factory=list)
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times better than asked: 1 or more is well."""
        if self.target is None:
            return None
        best, worst = (self.value, self.target) if self.is_floor else (self.target, self.value)
        return best / worst if worst else float("inf")

    @property
    def is_well(self) -> bool:
        return self.ratio is None or self.ratio >= 1

    @property
    def noise(self) -> str:
        if len(self.repeats) < 2:
            return ""
        return " / ".join(number(x) for x in (min(self.repeats), statistics.median(self.repeats), max(self.repeats)))


def number(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= 100 else f"{value:.3g}"


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, round(share * (len(values) - 1)))]


def tell(measure: Measure) -> None:
    """From the process that measures to the one that prints."""
    print(MARK + json.dumps(asdict(measure)), flush=True)


def heard(line: str) -> Measure | None:
    return Measure(**json.loads(line.removeprefix(MARK))) if line.startswith(MARK) else None
