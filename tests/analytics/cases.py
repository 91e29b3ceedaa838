"""The open cases that live beside the repository, one folder per method; what reads them is skipped where they are not."""

import json
import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest

ROOT = Path(__file__).resolve().parents[3] / "shared" / "cases"
CASES = Path(os.environ.get("BEFFROI_CASES", ROOT))


def case(path: str) -> Path:
    if not (CASES / path).exists():
        pytest.skip(f"NOT RUN: {path} is not in {CASES.name}/ beside the repository (BEFFROI_CASES)")
    return CASES / path


def case_json(path: str) -> Any:
    return json.loads(case(path).read_text(encoding="utf-8"))


def case_csv(path: str) -> pl.DataFrame:
    return pl.read_csv(case(path))


def freiburg(method: str) -> pl.DataFrame:
    """REAT's table of Freiburg and Germany, one row per territory, activity and year."""
    wide = case_csv(f"{method}/freiburg.csv")
    long = wide.unpivot(index="industry").with_columns(
        territory=pl.col("variable").str.extract("e_(.*)20"), year=pl.col("variable").str.extract(r"(\d+)$").cast(pl.Int64)
    )
    return long.select("territory", "year", activity="industry", value=pl.col("value").cast(pl.Float64))
