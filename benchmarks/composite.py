"""Uncertainty of an index: a thousand replications on fifty units and fifty indicators.

COINr 1.1 takes 17 s for 200 (measured apart: R is not installed here), so five times that for 1000."""

import time

import numpy as np
import polars as pl

from beffroi.analytics import composite
from benchmarks.measures import Measure, tell

SIZE, REPLICATIONS, REPEATS, SEED = 50, 1000, 5, 20260101
COINR, FASTER = 17.0 * 5, 20


def main() -> None:
    chance = np.random.default_rng(SEED)
    units = pl.DataFrame({"unit": [f"u{n}" for n in range(SIZE)], **{f"i{n}": chance.random(SIZE) for n in range(SIZE)}})
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        composite.uncertainty(units, replications=REPLICATIONS)
        seconds.append(time.perf_counter() - start)
    what = f"{REPLICATIONS} replications of {SIZE} x {SIZE}"
    tell(Measure(what, "beffroi", min(seconds), "s", COINR / FASTER, repeats=seconds))


if __name__ == "__main__":
    main()
