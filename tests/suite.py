"""Every test, in the order of what fails fastest: `python -m tests.suite [--only NAME] [pytest's options]`, or `make test`."""

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass

from tests import coverage_floor, databases, run
from tests.analytics.cases import CASES
from tests.browsing import CHROMIUM

IN_CI = os.environ.get("BEFFROI_CI") == "1"
NOTHING_COLLECTED = 5
COVERAGE = str(run.FOLDER / "coverage")


@dataclass(frozen=True)
class Campaign:
    name: str
    selection: str
    engine: str = "sqlite"
    workers: int = 2
    measured: bool = False
    may_be_empty: bool = False
    profile: str = "default"

    @property
    def missing(self) -> str:
        if self.engine == "postgresql" and databases.postgresql_programs() is None:
            return "PostgreSQL"
        return "Chromium" if self.name.startswith("browser") and not CHROMIUM.exists() else ""


NORMAL = (
    Campaign("pure", "not database and not browser", measured=True),
    Campaign("sqlite", "database", measured=True),
    Campaign("postgresql", "database", engine="postgresql", measured=True),
    Campaign("browser", "browser", engine="postgresql", may_be_empty=True),
    Campaign("browser-sqlite", "browser and smoke", workers=0, may_be_empty=True),
)
FUZZ = Campaign("fuzz", "hypothesis", profile="fuzz", may_be_empty=True)


def _command(campaign: Campaign, options: list[str]) -> list[str]:
    measuring = ["-m", "coverage", "run", "--parallel-mode"] if campaign.measured else []
    spread = ["-n", str(campaign.workers), "--dist", "loadfile"] if campaign.workers else ["-n", "0"]
    return [sys.executable, *measuring, "-m", "pytest", "-q", "-m", campaign.selection, *spread, *options]


def _closing_line(campaign: Campaign, options: list[str]) -> tuple[int, str]:
    """Runs pytest, shows what it says as it comes, and keeps its last line."""
    environment = os.environ | {
        "BEFFROI_TEST_DATABASE": campaign.engine,
        "HYPOTHESIS_PROFILE": campaign.profile,
        "COVERAGE_FILE": COVERAGE,
    }
    last = ""
    with subprocess.Popen(_command(campaign, options), env=environment, stdout=subprocess.PIPE, text=True) as pytest:
        assert pytest.stdout is not None
        for line in pytest.stdout:
            print(line, end="", flush=True)
            last = line.strip() or last
    return pytest.returncode, last


def _outcome(campaign: Campaign, options: list[str]) -> tuple[bool, str]:
    """Whether it went well, and in one line how."""
    print(f"\n=== {campaign.name} ===", flush=True)
    if campaign.missing:
        return not IN_CI, f"NOT RUN: {campaign.missing} is not installed"
    start = time.monotonic()
    code, line = _closing_line(campaign, options)
    if code == NOTHING_COLLECTED:
        return campaign.may_be_empty or bool(options), "no test of this kind"
    return code == 0, f"{line} [{time.monotonic() - start:.0f} s]"


def _walk(campaigns: list[Campaign], options: list[str]) -> bool:
    outcomes = {campaign.name: _outcome(campaign, options) for campaign in campaigns}
    if len(campaigns) == len(NORMAL) and not options:
        measured = coverage_floor.outcome(COVERAGE)
        # What reads the open cases is skipped where they are not, and its lines are then not run
        outcomes["coverage"] = measured if CASES.exists() else (True, f"NOT RUN in full, without {CASES.name}/: {measured[1]}")
    print("\n=== all ===")
    for name, (is_well, line) in outcomes.items():
        print(f"{'ok    ' if is_well else 'FAILED'} {name:15} {line}")
    return all(is_well for is_well, _ in outcomes.values())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=[campaign.name for campaign in (*NORMAL, FUZZ)])
    chosen, options = parser.parse_known_args()
    try:
        campaigns = [c for c in (*NORMAL, FUZZ) if c.name == chosen.only] or list(NORMAL)
        return 0 if _walk(campaigns, options) else 1
    finally:
        databases.stop_postgresql()
        run.remove()


if __name__ == "__main__":
    sys.exit(main())
