"""The demonstration from nothing: tables, the facts of the five documents, search."""

import sys
import time

from benchmarks import places
from benchmarks.measures import Measure, tell
from tests import run

NAME = "bench_demo"
TARGET = 30  # seconds, on two cores


def build() -> float:
    """Seconds; the demonstration then stands in the place `NAME`, for other benchmarks to copy."""
    places.make_blank(NAME)
    places.stand_in(NAME)
    from beffroi.web import demo

    start = time.perf_counter()
    demo.build()
    return time.perf_counter() - start


def has_one() -> bool:
    return (run.data_folder(NAME) / "built").exists()


def main() -> None:
    seconds = build()
    (run.data_folder(NAME) / "built").touch()
    tell(Measure("the demonstration from nothing", run.ENGINE, seconds, "s", TARGET))


if __name__ == "__main__":
    sys.exit(main())
