"""Tables that nobody wishes for: each method answers or says why it does not; no number is ever NaN or infinite."""

import math
from collections.abc import Iterator

import polars as pl
import pytest

from beffroi.analytics import (
    composite,
    contribution,
    convergence,
    inequality,
    relatedness,
    secrecy,
    specialisation,
    tables,
    typology,
)
from beffroi.analytics.frames import NamelessRows, NotNumbers
from beffroi.analytics.text import vocabulary
from beffroi.observatory.methods import METHODS
from beffroi.observatory.methods.declared import Column, Input, Method
from tests.analytics.worked import given

# What each number column holds, over and over
NUMBERS: dict[str, list[float | str | None]] = {
    "zeros": [0.0],
    "all equal": [4.0],
    "nothing known": [None],
    "some unknown": [5.0, None, 2.0],
    "negative": [-2.0, 3.0, 1.0],
    "not a number": [math.nan, 1.0, 2.0],
    "infinite": [math.inf, 1.0, 2.0],
    "too large": [1e308, 1e307, 5e307],
    "near zero": [1e-308, 1e-300, 5e-324],
    "secrecy codes": ["s", "12", None],
    "ordinary": [5.0, 3.0, 3.0, 10.0],
}
# The names of rows: an island each (disconnected), the same for all, all pairs, all repeated
NAMES = {"islands": "abcdef", "one unit": "aaaaaa", "pairs": "aabbcc", "nameless": ["a", "b", None, "c", "a", "b"]}


def column(declared: Column, numbers: str, names: str) -> pl.Series:
    if declared.kind == tables.TEXT:
        shifted = [*NAMES[names]] if declared.name != "activity" else [*NAMES[names][::-1]]
        return pl.Series(declared.name, shifted, pl.String)
    if declared.kind == tables.WHOLE:
        return pl.Series(declared.name, [2010, 2010, 2010, 2011, 2011, 2011], pl.Int64)
    return repeated(declared.name, numbers)


def repeated(name: str, numbers: str) -> pl.Series:
    values = NUMBERS[numbers]
    return pl.Series(name, [values[row % len(values)] for row in range(6)])


def table(entry: Input, numbers: str, names: str) -> pl.DataFrame:
    columns = [column(declared, numbers, names) for declared in entry.columns]
    if entry.is_open:
        unit = [] if columns else [pl.Series("unit", [*NAMES[names]])]
        columns = [*unit, *columns, repeated("k1", numbers), repeated("k2", "ordinary")]
    return pl.DataFrame(columns)


def answers(method: Method, numbers: str) -> Iterator[pl.DataFrame]:
    fast = {"replications": 5, "base": 4}
    required = {option.name: "a" if option.kind is str else ["a"] for option in method.options if option.required}
    options = required | {option.name: fast[option.name] for option in method.options if option.name in fast}
    for names in NAMES:
        for optional in (True, False):
            tables_given = [table(entry, numbers, names) if entry.required or optional else None for entry in method.inputs]
            try:
                yield method.result(tables_given, options)
            except tables.Refusal as refusal:
                assert str(refusal).strip()


@pytest.mark.parametrize("numbers", NUMBERS)
@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_a_method_answers_or_says_why_it_does_not(method: Method, numbers: str) -> None:
    for found in answers(method, numbers):
        for name in (name for name, kind in found.schema.items() if kind.is_float()):
            assert found[name].drop_nulls().is_finite().all(), (name, found)


JOBS = """
territory | activity | value
Calais    | dentelle | 800
Lille     | services | 7800
"""
EVEN = """
territory | activity | value
Calais    | dentelle | 10
Calais    | services | 10
Lille     | dentelle | 10
Lille     | services | 10
"""
UNITS = given("town | jobs | fairs\nCalais | 3 | 1\nDouai | 2 | 5\nLille | 9 | 2")


@pytest.mark.parametrize(
    ("ask", "refusal"),
    [
        (lambda: specialisation.location_quotient(with_value(1e200)), tables.OutOfRange),
        (lambda: specialisation.specificities(given(JOBS), least_index=math.inf), tables.NotFinite),
        (lambda: specialisation.specificities(given(JOBS), thresholds=limits(math.nan)), NotNumbers),
        (lambda: specialisation.specificities(given(JOBS), thresholds=limits(1.0, 2.0)), specialisation.RepeatedThresholds),
        (lambda: contribution.contribution_decomposition(parts(1e200)), tables.OutOfRange),
        (lambda: contribution.log_mean_decomposition(factors(1e90)), tables.OutOfRange),
        (lambda: inequality.gini([1e200, 1.0]), inequality.Undefined),
        (lambda: inequality.gini([2.0, 1.0], [1e-200, 1.0]), inequality.Undefined),
        (lambda: inequality.hoover([1e308, 1e308]), inequality.Undefined),
        (lambda: inequality.theil_decomposition(groups("s")), NotNumbers),
        (lambda: inequality.theil_decomposition(groups(1.0).with_columns(weight=pl.lit("c"))), NotNumbers),
        (lambda: convergence.sigma_convergence(panel(1e200)), tables.OutOfRange),
        (lambda: secrecy.counted_cells(with_value(math.nan)), NotNumbers),
        (lambda: secrecy.counted_cells(with_value("s")), NotNumbers),
        (lambda: secrecy.counted_cells(with_value(1e200)), tables.OutOfRange),
        (lambda: secrecy.counted_cells(given(JOBS).with_columns(activity=pl.lit(None, pl.String))), NamelessRows),
        (lambda: secrecy.hide_deducible_cells(with_value(math.inf).with_columns(secret=pl.lit(""))), NotNumbers),
        (lambda: relatedness.rca(given(JOBS), threshold=math.nan), tables.NotFinite),
        (lambda: relatedness.rca(with_value(1e-200)), tables.OutOfRange),
        (lambda: relatedness.rca(with_value(math.inf)), tables.OutOfRange),
        (lambda: relatedness.proximity(given(EVEN), at_least=math.inf), tables.NotFinite),
        (lambda: relatedness.complexity(given(EVEN), threshold=9.0), relatedness.NoDifference),
        (lambda: composite.composite(UNITS, low=math.inf), tables.NotFinite),
        (lambda: composite.composite(UNITS.with_columns(jobs=pl.lit(1e200))), tables.OutOfRange),
        (lambda: composite.sensitivity(UNITS, base=4, seed=-1), composite.UnknownOption),
        (lambda: vocabulary.terms(words("lourd")), tables.WrongType),
        (lambda: typology.measures(companies("douze")), tables.WrongType),
        (lambda: typology.measures(companies(12).with_columns(equity_3=pl.lit(math.inf))), tables.OutOfRange),
    ],
)
def test_what_cannot_be_computed_is_refused_by_name(ask, refusal) -> None:
    with pytest.raises(refusal, match=r"[a-z]+ .*\."):
        ask()


def test_nothing_is_present_above_a_threshold_that_nobody_reaches() -> None:
    found = relatedness.reflections(given(EVEN), threshold=9.0)
    assert found["reflection"].null_count() == found.height == 4


def test_accounts_of_no_month_leave_the_growth_unknown() -> None:
    found = typology.measures(companies(0))
    assert found["turnover_cagr_3y"].to_list() == [None]


def with_value(value: float | str) -> pl.DataFrame:
    return given(JOBS).with_columns(value=pl.lit(value))


def limits(*indices: float) -> pl.DataFrame:
    return pl.DataFrame({"activity": ["dentelle"] * len(indices), "least_jobs": 500.0, "least_index": indices})


def parts(value: float) -> pl.DataFrame:
    return pl.DataFrame({"item": ["a"], "value_0": [1.0], "value_1": [value]})


def factors(value: float) -> pl.DataFrame:
    names = [f"f{number}" for number in range(4)]
    return pl.DataFrame({"item": ["a"] * 4, "factor": names, "value_0": [1.0] * 4, "value_1": [value] * 4})


def groups(value: float | str) -> pl.DataFrame:
    return pl.DataFrame({"group": ["a", "b"], "value": [value, value]})


def panel(value: float) -> pl.DataFrame:
    return pl.DataFrame({"territory": ["a", "a"], "year": [2010, 2011], "value": [1.0, value]})


def words(weight: str) -> pl.DataFrame:
    return pl.DataFrame({"label": ["mer"], "term": ["port"], "weight": [weight]})


def companies(months: float | str) -> pl.DataFrame:
    names = {name: [100.0] for name in tables.COMPANIES.columns if name not in ("company", "sector", "created")}
    return pl.DataFrame({"company": ["a"], "sector": ["b"], "created": [2000], **names, "months_0": [months]})
