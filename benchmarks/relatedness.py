"""Relatedness, density and complexity of territories and activities, beside ecomplexity 0.5.3 on the same file.

`python -m benchmarks.relatedness [TERRITORIES ACTIVITIES]`; with one FILE: our side, in a process whose memory is its own.
The peer is installed in a folder of its own, for the run only."""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.measures import Measure, tell

PEER = "ecomplexity==0.5.3"
TERRITORIES, ACTIVITIES = 2_000, 5_000
FASTER, LIGHTER = 50, 4
REPEATS = 3
SEED = 20260101
PEER_PROGRAM = """
import resource, sys, time, warnings
import pandas as pd
from ecomplexity import ecomplexity
warnings.simplefilter("ignore")
table = pd.read_parquet(sys.argv[1]).assign(year=2020)
start = time.perf_counter()
names = {"time": "year", "loc": "territory", "prod": "activity", "val": "value"}
found = ecomplexity(table, names, verbose=False)
seconds = time.perf_counter() - start
found[["territory", "eci"]].drop_duplicates().to_parquet(sys.argv[2])
print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def write_table(path: Path, territories: int, activities: int) -> None:
    """Jobs that territories of unequal size have in activities of unequal spread: about three cells in ten."""
    chance = np.random.default_rng(SEED)
    capable, hard = chance.random(territories), chance.random(activities)
    has = chance.random((territories, activities)) < np.clip(0.05 + 0.5 * capable[:, None] * (1.2 - hard[None, :]), 0, 1)
    rows, columns = np.nonzero(has)
    names = [pl.Series([f"{letter}{n:05}" for n in range(size)]) for letter, size in (("T", territories), ("A", activities))]
    value = np.ceil(chance.lognormal(3, 1.5, len(rows)))
    pl.DataFrame({"territory": names[0].gather(rows), "activity": names[1].gather(columns), "value": value}).write_parquet(path)


def _ours(path: Path) -> None:
    from beffroi.analytics import relatedness

    table = pl.read_parquet(path)
    start = time.perf_counter()
    found = relatedness.complexity(table, with_self=True)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    eci = found.select("territory", "eci").unique(maintain_order=True)
    eci.with_columns(pl.col("territory").cast(pl.String)).write_parquet(path.with_suffix(".ours"))
    print(seconds, peak)


def _peer(folder: Path, path: Path) -> tuple[float, float]:
    uv, python = [sys.executable, "-m", "uv"], folder / "peer" / "bin" / "python"
    subprocess.run([*uv, "venv", "--quiet", folder / "peer"], check=True)
    subprocess.run([*uv, "pip", "install", "--quiet", "--python", python, PEER, "pyarrow"], check=True)
    return _measured([str(python), "-c", PEER_PROGRAM, str(path), str(path.with_suffix(".peer"))])


def _measured(command: list[str]) -> tuple[float, float]:
    """Seconds and megabytes, the last two words that the command says."""
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(said[-2]), float(said[-1])


def _difference(path: Path) -> float:
    ours, peer = (pl.read_parquet(path.with_suffix(suffix)) for suffix in (".ours", ".peer"))
    both = ours.join(peer, on="territory", suffix="_peer")
    assert both.height == ours.height
    return float((both["eci"] - both["eci_peer"]).abs().max())  # type: ignore[arg-type]


def main(territories: int = TERRITORIES, activities: int = ACTIVITIES) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "jobs.parquet"
        write_table(path, territories, activities)
        ours = [_measured([sys.executable, "-m", __spec__.name, str(path)]) for _ in range(REPEATS)]
        repeats, memory = [took for took, _ in ours], max(held for _, held in ours)
        seconds, peak = _peer(Path(name), path)
        what = f"complexity {territories} x {activities}"
        note = f"{seconds / min(repeats):.0f} times faster, {peak / memory:.1f} times lighter"
        tell(Measure(what, "beffroi", min(repeats), "s", seconds / FASTER, repeats=repeats, note=note))
        tell(Measure(what, PEER, seconds, "s"))
        tell(Measure(f"{what}, memory", "beffroi", memory, "MB", peak / LIGHTER))
        tell(Measure(f"{what}, memory", PEER, peak, "MB"))
        tell(Measure(f"{what}, largest difference of ECI", "beffroi", _difference(path), "", 1e-8))


if __name__ == "__main__":
    if len(sys.argv) == 2:
        _ours(Path(sys.argv[1]))
    else:
        main(*map(int, sys.argv[1:]))
