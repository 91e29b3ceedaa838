"""The list of what is published as a table. Plain code, so that one can grep it."""

from beffroi.actors.datasets import ORGANISATIONS, RELATIONS
from beffroi.core.datasets import Dataset
from beffroi.funding.datasets import CALLS, LINES, OPERATIONS, STEPS
from beffroi.governance.datasets import BODIES, MEETINGS
from beffroi.indicators.datasets import INDICATORS, OBSERVATIONS
from beffroi.provenance.datasets import ANOMALIES, SOURCES
from beffroi.reference.datasets import ITEMS, RULES, SYSTEMS

DATASETS: tuple[Dataset, ...] = (
    ITEMS,
    ORGANISATIONS,
    RELATIONS,
    INDICATORS,
    OBSERVATIONS,
    OPERATIONS,
    LINES,
    CALLS,
    STEPS,
    BODIES,
    MEETINGS,
    RULES,
    SYSTEMS,
    ANOMALIES,
    SOURCES,
)
BY_NAME = {dataset.name: dataset for dataset in DATASETS}
