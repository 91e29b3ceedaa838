from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.analytics import frames, secrecy, tables

CELL = {"territory": "a", "activity": "x", "value": 100.0, "units": 5, "largest": 40.0}


def cells(*rows: dict[str, Any]) -> pl.DataFrame:
    return tables.COUNTED_CELLS.build({**CELL, **row} for row in rows)


@pytest.mark.parametrize(
    ("row", "secret"),
    [
        ({}, None),
        ({"units": 2}, "few_units"),
        ({"units": None}, "unknown_units"),
        ({"largest": None}, "unknown_units"),
        ({"largest": 85.0}, "dominance"),
        ({"largest": 84.999}, None),
        ({"units": 0, "value": 0.0, "largest": None}, None),
        ({"value": None}, None),
        ({"value": 0.0, "largest": 0.0}, None),
    ],
)
def test_a_cell_is_hidden_unless_it_is_known_to_be_safe(row: dict[str, Any], secret: str | None) -> None:
    found = secrecy.hide_small_cells(cells(row)).row(0, named=True)
    assert found["secret"] == secret
    assert (found["value"] is None) == (secret is not None or {**CELL, **row}["value"] is None)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 50)), min_size=9, max_size=9))
def test_no_line_gives_back_its_only_hidden_cell(given: list[tuple[int, int]]) -> None:
    rows = [
        {"territory": f"t{n // 3}", "activity": f"a{n % 3}", "value": float(v), "units": u, "largest": v / 2}
        for n, (u, v) in enumerate(given)
    ]
    first = secrecy.hide_small_cells(cells(*rows))
    found = secrecy.hide_deducible_cells(first)
    for key in ("territory", "activity"):
        for _, line in found.group_by(key):
            hidden = line.filter(pl.col("value").is_null())
            assert hidden.height != 1 or hidden["secret"].item().endswith("no_partner")
    assert found.filter(pl.col("value").is_not_null())["secret"].null_count() == found["value"].count()
    kept = first.join(found, on=["territory", "activity"], suffix="_after").filter(pl.col("value_after").is_not_null())
    assert kept["value"].to_list() == kept["value_after"].to_list(), "what is shown is what was counted"


def test_a_line_of_one_cell_has_no_partner_and_totals_are_left_aside() -> None:
    shown = secrecy.hide_small_cells(cells({"units": 1}, {"activity": "T", "units": 9}))
    found = secrecy.hide_deducible_cells(shown, exempt=["T"])
    assert found["secret"].to_list() == ["few_units, no_partner", None]


@pytest.mark.parametrize(
    ("table", "options", "refusal"),
    [
        (cells({}), {"least_units": 0}, secrecy.WrongThreshold),
        (cells({}), {"dominant_share": 1.2}, secrecy.WrongThreshold),
        (cells({"units": -1}), {}, secrecy.WrongCounts),
        (cells({"largest": 101.0}), {}, secrecy.WrongCounts),
        (cells({}, {}), {}, secrecy.RepeatedCells),
        (cells({"territory": None}), {}, frames.NamelessRows),
        (cells({"value": float("nan")}), {}, frames.NotNumbers),
        (cells({}).with_columns(units=pl.lit("x")), {}, frames.NotNumbers),
        (cells({}).drop("units"), {}, tables.MissingColumns),
    ],
)
def test_cells_that_make_no_sense_are_refused_with_a_sentence(
    table: pl.DataFrame, options: dict[str, Any], refusal: Any
) -> None:
    with pytest.raises(refusal, match=r"\.$"):
        secrecy.hide_small_cells(table, **options)


def test_the_same_cell_twice_is_refused() -> None:
    with pytest.raises(secrecy.RepeatedCells):
        secrecy.hide_deducible_cells(pl.concat([secrecy.hide_small_cells(cells({}))] * 2))
