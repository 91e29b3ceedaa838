"""What makes a company a target: criteria as they are kept with a campaign."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Criteria:
    """Empty ones ask nothing. `activities`: beginnings of activity codes; `older_than`: age of the manager, in years;
    `cluster`: whose members; `segments`: classes of the last run of `method`."""

    activities: Sequence[str] = ()
    places: Sequence[int] = ()
    headcounts: Sequence[str] = ()
    older_than: int | None = None
    method: str = ""
    segments: Sequence[str] = ()
    potential: str = ""
    not_seen_since: date | None = None
    cluster: int | None = None
    words: Mapping[str, str] = field(default_factory=dict)  # how each was said that day, to read them back

    @property
    def is_empty(self) -> bool:
        asked = (self.activities, self.places, self.headcounts, self.older_than, self.segments, self.potential)
        return not any(asked) and self.not_seen_since is None and self.cluster is None

    def as_json(self) -> dict[str, Any]:
        kept = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items() if value}
        if self.not_seen_since:
            kept["not_seen_since"] = self.not_seen_since.isoformat()
        return kept


def activity_starts(text: str) -> list[str]:
    """`10, 13.3 ; 25.62A` as the beginnings of codes of the register, which have a dot after the division."""
    parts = [part.strip().upper() for part in text.replace(";", ",").split(",")]
    return [f"{part[:2]}.{part[2:]}" if part.isalnum() and len(part) > 2 else part for part in parts if part]


def wrong_activities(starts: Sequence[str]) -> list[str]:
    return [start for start in starts if not (start[:2].isdigit() and len(start) <= 6 and start.replace(".", "").isalnum())]


def born_before(on: date, *, older_than: int) -> int:
    """The last year of birth of somebody who is surely older: a year of birth does not say the day."""
    return on.year - older_than - 1
