"""Quotient and shift-share beside one group-by of the same table in DuckDB.

`python -m benchmarks.observatory [ROWS]` (50000000: the size that the target speaks of). The table is in memory on both
sides: a Polars frame here, a table of its own in DuckDB."""

import sys
import time
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import polars as pl

from beffroi.analytics import shift_share, specialisation
from benchmarks.measures import Measure, tell

ROWS = 10_000_000
TERRITORIES, ACTIVITIES = 3_800, 732  # communes of the region, classes of the NAF
REPEATS = 3
TIMES = 3.0
SEED = 20260101
BY_CELL = "SELECT territory, activity, sum(value) FROM jobs GROUP BY ALL"


def table(rows: int) -> pl.DataFrame:
    """Establishments: several in a cell, two years."""
    chance = np.random.default_rng(SEED)
    territories = pl.Series([f"{number:05}" for number in range(TERRITORIES)])
    activities = pl.Series([f"{number:04}Z" for number in range(ACTIVITIES)])
    return pl.DataFrame(
        {
            "territory": territories.gather(chance.integers(0, TERRITORIES, rows)),
            "activity": activities.gather(chance.integers(0, ACTIVITIES, rows)),
            "year": pl.Series(chance.choice([2015, 2020], rows), dtype=pl.Int64),
            "value": pl.Series(chance.integers(1, 500, rows), dtype=pl.Float64),
        }
    )


def seconds(call: Callable[[], Any]) -> list[float]:
    found = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return found


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    jobs = table(rows)
    with duckdb.connect() as connection:
        connection.register("given", jobs.to_arrow())
        connection.execute("CREATE TABLE jobs AS SELECT * FROM given")
        connection.unregister("given")
        peer = seconds(lambda: connection.sql(BY_CELL).to_arrow_table())
    tell(Measure(f"DuckDB: one group-by of {rows:,} rows", "memory", min(peer), "s", repeats=peer))
    for name, method in (("quotient", specialisation.location_quotient), ("shift-share", shift_share.shift_share)):
        ours = seconds(lambda method=method: method(jobs))  # type: ignore[misc]
        tell(Measure(f"{name} of the same table", "memory", min(ours), "s", target=TIMES * min(peer), repeats=ours))


if __name__ == "__main__":
    main()
