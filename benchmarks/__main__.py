"""`python -m benchmarks [NAME...] [--engine sqlite|postgresql] [--write]`, or `make bench`: one table of what is measured
against what is wanted. Each benchmark runs in a process of its own on each database."""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from benchmarks import machine, table
from benchmarks.measures import Measure, heard
from tests import databases, run

NAMES = (
    "demo",
    "pages",
    "engine",
    "search",
    "matching",
    "sirene",
    "consolidation",
    "relatedness",
    "composite",
    "observatory",
    "maps",
    "activity",
)
ENGINES = ("sqlite", "postgresql")
WITHOUT_DATABASE = ("relatedness", "composite", "observatory")
PAGE = Path(__file__).parents[1] / "docs" / "reference" / "mesures.md"


def measures_of(name: str, engine: str) -> Iterator[Measure]:
    environment = os.environ | {"BEFFROI_TEST_DATABASE": engine, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as working:
        assert working.stdout is not None
        for line in working.stdout:
            if (measure := heard(line)) is not None:
                yield measure
    if working.returncode:
        yield Measure(f"{name} stopped before its end", engine, working.returncode, "code", 0)


def measure_all(names: list[str], engines: list[str]) -> dict[str, list[Measure]]:
    measured: dict[str, list[Measure]] = {}
    for name in names:
        for engine in engines[:1] if name in WITHOUT_DATABASE else engines:
            print(f"… {name}, {engine}", file=sys.stderr, flush=True)
            measured.setdefault(name, []).extend(measures_of(name, engine))
        print(f"\n=== {name} ===\n{table.text(measured[name])}", flush=True)
    return measured


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--engine", choices=ENGINES, help="one database only")
    parser.add_argument("--write", action="store_true", help="write docs/reference/mesures.md")
    asked = parser.parse_args()
    engines = [asked.engine] if asked.engine else [e for e in ENGINES if e == "sqlite" or databases.postgresql_programs()]
    try:
        before = machine.load()
        measured = measure_all(asked.names or list(NAMES), engines)
        print(
            "\n" + ", ".join(f"{name} {value}" for name, value in machine.facts().items()), f"charge {before}, {machine.load()}"
        )
        if asked.write:
            PAGE.write_text(table.page(measured, on=date.today(), load=(before, machine.load())), encoding="utf-8")
        return 0 if all(measure.is_well for found in measured.values() for measure in found) else 1
    finally:
        databases.stop_postgresql()
        run.remove()


if __name__ == "__main__":
    sys.exit(main())
