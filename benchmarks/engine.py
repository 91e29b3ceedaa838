"""A file of observations through the import engine: check, apply, and the same file again.

`python -m benchmarks.engine ROWS`: one size in one process, whose memory is then its own."""

import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import islice, product
from pathlib import Path

from benchmarks import places
from benchmarks.measures import Measure, tell
from tests import run

ROWS = 1_000_000
SMALL = ROWS // 4
INDICATORS, TERRITORIES, YEARS, PARTS = 200, 4_000, range(2005, 2025), ("", "sexe=F", "sexe=H", "âge=15-24")
RATE = 20_000  # rows a second, check and apply together
SEED = 20260101


def write_observations(path: Path, rows: int, territories: list[str]) -> None:
    """Indicators by years and breakdowns, each over as many territories as the rows need: keys repeat as they do in real
    files, values seldom."""
    chance = random.Random(SEED)
    places_needed = -(-rows // (INDICATORS * len(YEARS) * len(PARTS)))
    keys = (
        (indicator, place, year, part)
        for indicator in range(INDICATORS)
        for place in chance.sample(territories, min(places_needed, len(territories)))
        for year, part in product(YEARS, PARTS)
    )
    with path.open("w", encoding="utf-8") as file:
        file.write("indicateur;territoire;période;statut;valeur;unité;ventilation\n")
        for indicator, place, year, part in islice(keys, rows):
            value = f"{chance.lognormvariate(6, 2):.2f}".replace(".", ",")
            file.write(f"ind-{indicator:03};{place};{year};constaté;{value};emplois;{part}\n")


def _definitions() -> list[str]:
    """Indicators of the generated source, and the codes of its territories."""
    from beffroi.indicators.models import Indicator
    from beffroi.reference.models import Framework, Item, Version

    framework = Framework.objects.create(code="mesure", label="Mesure", kind="classification")
    version = Version.objects.create(framework=framework)
    codes = [f"T{number:05}" for number in range(TERRITORIES)]
    Item.objects.bulk_create([Item(version=version, code=code, label=code, level="commune", sort_key=code) for code in codes])
    Indicator.objects.bulk_create(
        Indicator(
            code=f"ind-{n:03}",
            namespace="mesure",
            label=f"Indicateur {n}",
            kind="result",
            framework=framework,
            sort_key=f"{n:03}",
        )
        for n in range(INDICATORS)
    )
    return [f"mesure:{code}" for code in codes]


def _peak() -> float:
    """Megabytes of this process at its largest."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _tell_load(path: Path, rows: int, label: str, target: float | None) -> None:
    from beffroi.indicators import loads
    from beffroi.provenance import actions
    from beffroi.provenance.models import Profile

    source = actions.register_source("mesure", title="Mesure", publisher="Mesure")
    snapshot = actions.take_snapshot(path, source=source)
    load = actions.request_load(snapshot, profile=Profile.objects.get(code="observations-generiques"), by=None)
    before = time.process_time()
    check = _timed(lambda: actions.check_load(load))
    apply = _timed(lambda: actions.apply_load(load, loader=loads.observations))
    load.refresh_from_db()
    if (load.state, load.difference, load.rejected, load.read) != ("applied", 0, 0, rows):
        raise RuntimeError(f"{load.state}: {load.message} {load.read} {load.loaded} {load.rejected}")
    note = f"check {check:.1f} s, apply {apply:.1f} s, processor {time.process_time() - before:.1f} s"
    tell(Measure(f"{rows} rows, {label}", run.ENGINE, rows / (check + apply), "rows/s", target, is_floor=True, note=note))


def measure_one(rows: int) -> None:
    name = f"engine_{rows}"
    places.make_blank(name)
    places.stand_in(name)
    from django.core.management import call_command

    from beffroi.provenance import actions

    call_command("migrate", verbosity=0)
    actions.seed_profiles()
    path = run.data_folder(name) / "observations.csv"
    write_observations(path, rows, _definitions())
    before = _peak()
    _tell_load(path, rows, "new", RATE)
    tell(Measure(f"{rows} rows, peak memory", run.ENGINE, _peak(), "MB", note=f"{before:.0f} MB before"))
    _tell_load(path, rows, "same again", None)


def main() -> None:
    """Each size in a process of its own."""
    for rows in (SMALL, ROWS):
        subprocess.run([sys.executable, "-m", "benchmarks.engine", str(rows)], check=True)


if __name__ == "__main__":
    measure_one(int(sys.argv[1])) if sys.argv[1:] else main()
