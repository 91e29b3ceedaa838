"""General checks: tables in (declared in `beffroi.analytics.tables`), findings out.

Each check is a public function whose parameters are named after the tables it reads, in the order of its docstring; those
that depend on a day take it as `on=`. Each gives the columns of `findings.SCHEMA`: check, subjects (refs of the input
tables), title, written, expected, difference, the last four in French. No check knows a case: they know shapes.
"""

from collections.abc import Callable

import polars as pl

from beffroi.analytics.checks.dates import (
    act_dated_twice,
    decision_dated_twice,
    duty_not_met,
    meeting_never_met,
    numbers_missing,
    relation_before_creation,
    rhythm_above_duty,
    rows_out_of_order,
    step_before_its_cause,
)
from beffroi.analytics.checks.files import file_step_before_its_cause, file_step_dated_twice
from beffroi.analytics.checks.findings import SCHEMA
from beffroi.analytics.checks.links import (
    same_thing_two_labels,
    several_full_correspondences,
    sibling_without_correspondence,
    two_strengths,
    weights_over_one,
)
from beffroi.analytics.checks.lists import announced_against_listed, count_against_items, numbering_gap
from beffroi.analytics.checks.money import (
    children_above_parent,
    cost_without_funder,
    financing_above_cost,
    printed_sum_against_lines,
    quarter_amount_like_a_year,
    same_amount_stated_differently,
    total_amount_against_details,
    uneven_stages,
)
from beffroi.analytics.checks.names import (
    acronym_of_two_names,
    code_without_vintage,
    doubtful_writing,
    misspelt_word,
    same_name_in_a_list,
    several_framework_labels,
    several_kinds,
    several_labels,
    several_organisation_names,
    two_acronyms_one_name,
)
from beffroi.analytics.checks.pairs import (
    sibling_without_indicator,
    sibling_without_step,
    sibling_without_value,
    uneven_breakdown,
    zero_beside_a_count,
)
from beffroi.analytics.checks.rivals import (
    baseline_against_actual,
    framework_dated_twice,
    framework_ends_before_start,
    measure_repeated,
    organisation_created_twice,
    same_cell_stated_differently,
    same_indicator_two_documents,
    same_measure_two_perimeters,
    same_subject_two_indicators,
)
from beffroi.analytics.checks.series import (
    baseline_above_target,
    cumulated_figure_falls,
    part_of_period_above_whole,
    quarter_like_a_year,
    target_below_reached,
    target_never_measured,
    target_on_another_basis,
)
from beffroi.analytics.checks.totals import (
    balance_against_terms,
    list_against_count,
    list_total_against_rows,
    part_above_whole,
    shares_over_hundred,
    total_against_lines,
)
from beffroi.analytics.checks.values import (
    amount_or_percentage,
    empty_value,
    impossible_value,
    indicator_without_unit,
    mixed_units,
    negative_amount,
    order_of_magnitude,
    tiny_amount,
)

CHECKS: tuple[Callable[..., pl.DataFrame], ...] = (
    total_against_lines,
    list_total_against_rows,
    list_against_count,
    part_above_whole,
    shares_over_hundred,
    balance_against_terms,
    printed_sum_against_lines,
    total_amount_against_details,
    financing_above_cost,
    cost_without_funder,
    children_above_parent,
    quarter_amount_like_a_year,
    uneven_stages,
    impossible_value,
    mixed_units,
    order_of_magnitude,
    amount_or_percentage,
    tiny_amount,
    negative_amount,
    empty_value,
    indicator_without_unit,
    same_cell_stated_differently,
    same_amount_stated_differently,
    same_measure_two_perimeters,
    same_indicator_two_documents,
    same_subject_two_indicators,
    baseline_against_actual,
    measure_repeated,
    organisation_created_twice,
    framework_dated_twice,
    framework_ends_before_start,
    cumulated_figure_falls,
    part_of_period_above_whole,
    quarter_like_a_year,
    target_below_reached,
    target_on_another_basis,
    target_never_measured,
    baseline_above_target,
    zero_beside_a_count,
    uneven_breakdown,
    sibling_without_value,
    sibling_without_step,
    sibling_without_indicator,
    step_before_its_cause,
    file_step_before_its_cause,
    file_step_dated_twice,
    rows_out_of_order,
    act_dated_twice,
    decision_dated_twice,
    meeting_never_met,
    duty_not_met,
    rhythm_above_duty,
    relation_before_creation,
    numbers_missing,
    announced_against_listed,
    count_against_items,
    numbering_gap,
    same_name_in_a_list,
    several_labels,
    several_framework_labels,
    several_organisation_names,
    several_kinds,
    acronym_of_two_names,
    two_acronyms_one_name,
    doubtful_writing,
    misspelt_word,
    code_without_vintage,
    several_full_correspondences,
    weights_over_one,
    two_strengths,
    same_thing_two_labels,
    sibling_without_correspondence,
)

__all__ = ["CHECKS", "SCHEMA", *(check.__name__ for check in CHECKS)]
