"""The demonstration from nothing: tables, the facts of the five documents, search."""

import sys
import time

from benchmarks import places
from benchmarks.measures import Measure, tell
from tests import run

NAME = "bench_demo"
TARGET = 30  # seconds, on two cores


def build() -> tuple[float, float]:
    """Seconds, and seconds of processor of this process. The demonstration then stands in the place `NAME`, for others to
    copy."""
    places.make_blank(NAME)
    places.stand_in(NAME)
    from beffroi.web import demo

    start, before = time.perf_counter(), time.process_time()
    demo.build()
    return time.perf_counter() - start, time.process_time() - before


def has_one() -> bool:
    return (run.data_folder(NAME) / "built").exists()


def main() -> None:
    seconds, processor = build()
    (run.data_folder(NAME) / "built").touch()
    tell(Measure("the demonstration from nothing", run.ENGINE, seconds, "s", TARGET, note=f"processor {processor:.1f} s"))


if __name__ == "__main__":
    sys.exit(main())
