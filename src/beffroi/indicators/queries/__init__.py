"""Reads across indicators, cells and claims, in a fixed number of queries whatever the number of rows."""

from beffroi.indicators.queries.findable import indicator_search_rows
from beffroi.indicators.queries.targets import TargetProgress, behind_target, target_progress, values_about
from beffroi.indicators.queries.values import CellValue, cell_values, values_of
from beffroi.indicators.queries.vocabulary import breakdown_words, indicator_ids

__all__ = [
    "CellValue",
    "TargetProgress",
    "behind_target",
    "breakdown_words",
    "cell_values",
    "indicator_ids",
    "indicator_search_rows",
    "target_progress",
    "values_about",
    "values_of",
]
