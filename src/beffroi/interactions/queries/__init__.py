"""What the sheets, the home and the explanations of figures ask of the daily work."""

from beffroi.interactions.queries.answers import of_answers
from beffroi.interactions.queries.areas import AREA_LEVELS
from beffroi.interactions.queries.coverage import of_coverage
from beffroi.interactions.queries.event_evidence import of_follow_up
from beffroi.interactions.queries.starter import of_starter, of_survival
from beffroi.interactions.queries.timeline import Whom, event, seen_visits, timeline, visit_detail
from beffroi.interactions.queries.visits import last_seen
from beffroi.interactions.queries.week import week_of
from beffroi.provenance.queries.evidence import Question

COUNTED: dict[str, Question] = {
    "event_follow_up": of_follow_up,
    "answers": of_answers,
    "coverage": of_coverage,
    "starter": of_starter,
    "survival": of_survival,
}

__all__ = [
    "AREA_LEVELS",
    "COUNTED",
    "Whom",
    "event",
    "last_seen",
    "seen_visits",
    "timeline",
    "visit_detail",
    "week_of",
]
