"""Reads across indicators, cells and claims, in a fixed number of queries whatever the number of rows."""

from beffroi.indicators.queries.aggregates import Aggregate, aggregate_of, aggregates
from beffroi.indicators.queries.explorer import cells_asked, latest_cells, value_counts
from beffroi.indicators.queries.findable import indicator_search_rows
from beffroi.indicators.queries.freshness import framework_ages, indicator_age, indicators_by_age, source_ages
from beffroi.indicators.queries.listing import Headline, headline, in_places, indicator_rows, indicators_asked
from beffroi.indicators.queries.targets import (
    TargetProgress,
    behind_target,
    distance,
    target_progress,
    targets_about,
    values_about,
)
from beffroi.indicators.queries.values import CellValue, cell_values, known_cells, known_claims, values_of
from beffroi.indicators.queries.vocabulary import breakdown_words, indicator_ids, published_indicators, total_values

__all__ = [
    "Aggregate",
    "CellValue",
    "Headline",
    "TargetProgress",
    "aggregate_of",
    "aggregates",
    "behind_target",
    "breakdown_words",
    "cell_values",
    "cells_asked",
    "distance",
    "framework_ages",
    "headline",
    "in_places",
    "indicator_age",
    "indicator_ids",
    "indicator_rows",
    "indicator_search_rows",
    "indicators_asked",
    "indicators_by_age",
    "known_cells",
    "known_claims",
    "latest_cells",
    "published_indicators",
    "source_ages",
    "target_progress",
    "targets_about",
    "total_values",
    "value_counts",
    "values_about",
    "values_of",
]
