"""Methods that are joins and sums give the same numbers on Polars, DuckDB and Spark."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import narwhals as nw
import polars as pl
import pytest

from beffroi.analytics import contribution, shift_share, specialisation

IN_CI = os.environ.get("BEFFROI_CI") == "1"
# Spark takes seconds a call: those that differ most in what they ask of it
ON_SPARK = ("quotient", "specialisation", "dynamic shift-share", "ratio")
SMALL_SPARK = {
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}
KEYS = ("territory", "other", "activity", "item", "factor")

JOBS = pl.DataFrame(
    [
        ("Lens", "metal", 2010, 900.0), ("Lens", "metal", 2015, 700.0), ("Lens", "health", 2010, 300.0),
        ("Lens", "health", 2015, 420.0), ("Lille", "metal", 2010, 800.0), ("Lille", "metal", 2015, 820.0),
        ("Lille", "health", 2010, 1500.0), ("Lille", "health", 2015, 1700.0), ("Lille", "digital", 2010, 50.0),
        ("Lille", "digital", 2015, 200.0), ("Lille", "digital", 2015, 40.0), ("Laon", "health", 2010, None),
        ("Laon", "health", 2015, 80.0), ("Laon", "metal", 2010, 10.0), ("Laon", "metal", 2015, 20.0),
        ("Creil", "digital", 2015, 30.0), ("Creil", "metal", 2010, 60.0), ("Creil", "metal", 2015, 0.0),
    ],
    schema=["territory", "activity", "year", "value"],
    orient="row",
)  # fmt: skip
NATION = pl.DataFrame(
    [("metal", 2010, 4e4), ("metal", 2015, 3.7e4), ("health", 2010, 9e4), ("health", 2015, 9.9e4), ("wool", 2010, 5.0),
     ("wool", 2015, 2.0), ("digital", 2010, 1e4), ("digital", 2015, 2e4)],
    schema=["activity", "year", "value"],
    orient="row",
)  # fmt: skip
LATER, REFERENCE = JOBS.filter(year=2015).drop("year"), NATION.filter(year=2015).drop("year")
PARTS = pl.DataFrame({"item": ["a", "b", "c"], "value_0": [90.0, 20.0, 0.0], "value_1": [100.0, 15.0, 7.0]})
RATIOS = pl.DataFrame(
    {"item": ["a", "b", "c"], "numerator_0": [10.0, 30.0, 0.0], "denominator_0": [5.0, 10.0, 0.0],
     "numerator_1": [18.0, 28.0, 4.0], "denominator_1": [6.0, 9.0, 2.0]}
)  # fmt: skip
FACTORS = pl.DataFrame(
    {"item": ["a", "a", "b", "b"], "factor": ["jobs", "output a job"] * 2, "value_0": [10.0, 2.0, 0.0, 3.0],
     "value_1": [12.0, 2.5, 4.0, 3.0]}
)  # fmt: skip
CALLS: dict[str, tuple[Callable[..., Any], list[pl.DataFrame], dict[str, Any]]] = {
    "quotient": (specialisation.location_quotient, [LATER, REFERENCE], {}),
    "quotient in the sum": (specialisation.location_quotient, [LATER], {}),
    "specific": (specialisation.specificities, [LATER, REFERENCE], {"least_jobs": 100}),
    "standardised": (specialisation.standardised_quotient, [LATER], {}),
    "specialisation": (specialisation.specialisation, [LATER, REFERENCE], {}),
    "concentration": (specialisation.concentration, [LATER], {}),
    "krugman": (specialisation.krugman_index, [LATER], {}),
    "shift-share": (shift_share.shift_share, [JOBS, NATION], {}),
    "dynamic shift-share": (shift_share.shift_share, [JOBS, NATION], {"dynamic": True}),
    "territories": (shift_share.territory_effects, [JOBS, NATION], {}),
    "contribution": (contribution.contribution_decomposition, [PARTS], {}),
    "ratio": (contribution.ratio_decomposition, [RATIOS], {}),
    "factors": (contribution.log_mean_decomposition, [FACTORS], {}),
}


def result(name: str, opened: Callable[[pl.DataFrame], Any]) -> pl.DataFrame:
    method, given, options = CALLS[name]
    first, *others = (opened(table) for table in given)
    found = method(first, **({"reference": others[0]} if others else {}), **options)
    table = nw.from_native(found).lazy().collect("polars").to_polars()
    return table.sort([key for key in KEYS if key in table.columns])


def same(one: pl.DataFrame, other: pl.DataFrame) -> None:
    assert one.columns == other.columns
    for name in one.columns:
        left, right = one[name].to_list(), other[name].to_list()
        if one[name].dtype.is_float():
            assert [x is None for x in left] == [x is None for x in right], name
            assert [x or 0.0 for x in left] == pytest.approx([x or 0.0 for x in right], rel=1e-12, abs=1e-12), name
        else:
            assert left == right, name


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    if shutil.which("java") is None:
        absent("Java")
    sessions = pytest.importorskip("pyspark.sql", reason="NOT RUN: pyspark is not installed") if not IN_CI else imported()
    builder = sessions.SparkSession.builder.master("local[1]")
    for key, value in SMALL_SPARK.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


def absent(program: str) -> None:
    (pytest.fail if IN_CI else pytest.skip)(f"NOT RUN: {program} is not installed")


def imported() -> Any:
    from pyspark import sql

    return sql


@pytest.mark.parametrize("name", CALLS)
def test_polars_lazy_and_eager_agree(name: str) -> None:
    same(result(name, lambda table: table), result(name, pl.DataFrame.lazy))


@pytest.mark.parametrize("name", CALLS)
def test_duckdb_agrees(name: str) -> None:
    duckdb = pytest.importorskip("duckdb", reason="NOT RUN: duckdb is not installed")
    with duckdb.connect() as connection:
        same(result(name, lambda table: table), result(name, lambda table: connection.from_arrow(table.to_arrow())))


@pytest.mark.any_time
@pytest.mark.parametrize("name", ON_SPARK)
def test_spark_agrees(name: str, spark: Any) -> None:
    same(result(name, lambda table: table), result(name, lambda table: spark.createDataFrame(table.to_arrow())))
