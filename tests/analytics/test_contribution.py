from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.analytics import contribution, frames, tables
from tests.analytics import cases

AMOUNTS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=6)
RATIOS = st.lists(st.tuples(*[st.integers(1, 10**4)] * 4), min_size=1, max_size=5)


def parts(values: list[tuple[float | None, float | None]]) -> pl.DataFrame:
    rows = [(str(number), before, after) for number, (before, after) in enumerate(values)]
    return pl.DataFrame(rows, schema={"item": pl.String, "value_0": pl.Float64, "value_1": pl.Float64}, orient="row")


def ratios(*rows: tuple[float | None, ...]) -> pl.DataFrame:
    names = ["numerator_0", "denominator_0", "numerator_1", "denominator_1"]
    table = pl.DataFrame(list(rows), schema=dict.fromkeys(names, pl.Float64), orient="row")
    return table.with_row_index("item").with_columns(pl.col("item").cast(pl.String))


def factors(*rows: tuple[str, str, float | None, float | None]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=["item", "factor", "value_0", "value_1"], orient="row")


def test_the_open_case_of_a_sum() -> None:
    expected = cases.case_json("contribution_decomposition/expected.json")["contributions"]
    given = cases.case_json("contribution_decomposition/farhauer_kroell.json")
    rows = pl.DataFrame({"item": given["industry"], "value_0": given["t0"], "value_1": given["t1"]})
    found = contribution.contribution_decomposition(rows)
    for name in ("contribution_points", "share_of_change", "growth"):
        assert dict(zip(found["item"], found[name], strict=True)) == pytest.approx(expected[name], rel=1e-11)
    assert found["growth_rate"].to_list() == pytest.approx([expected["growth_rate"]] * 4, rel=1e-11)


def test_the_open_case_of_a_ratio() -> None:
    expected = cases.case_json("contribution_decomposition/expected.json")
    given = pl.DataFrame({"item": ["a", "b"]} | expected["ratio_input"])
    found, printed = contribution.ratio_decomposition(given), expected["ratio"]
    for name in ("within_base", "between_base", "interaction", "within_avg", "between_avg"):
        assert found[name].sum() == pytest.approx(printed[name], rel=1e-10)
    for row in found.to_dicts():
        assert row["within_avg"] == pytest.approx(printed["by_item"][row["item"]]["within_avg"], rel=1e-10)
        assert row["between_avg"] == pytest.approx(printed["by_item"][row["item"]]["between_avg"], rel=1e-10)
        assert [row["R0"], row["R1"], row["delta"]] == pytest.approx(
            [printed["R0"], printed["R1"], printed["delta"]], rel=1e-11
        )


@given(AMOUNTS)
def test_contributions_sum_to_growth(values: list[tuple[int, int]]) -> None:
    found = contribution.contribution_decomposition(parts([(float(a), float(b)) for a, b in values]))
    before, after = sum(a for a, _ in values), sum(b for _, b in values)
    if before:
        assert found["contribution_points"].sum() == pytest.approx(after / before - 1, abs=1e-9)
    if before and after != before:
        assert found["share_of_change"].sum() == pytest.approx(1, abs=1e-6)


@given(RATIOS)
def test_both_families_of_effects_sum_to_the_change_of_the_ratio(rows: list[tuple[int, ...]]) -> None:
    found = contribution.ratio_decomposition(ratios(*([*map(float, row)] for row in rows)))  # type: ignore[arg-type]
    base = sum(found[name].sum() for name in ("within_base", "between_base", "interaction", "entry_exit_base"))
    assert base == pytest.approx(found["delta"][0], abs=1e-6)
    assert found["contribution"].sum() == pytest.approx(found["delta"][0], abs=1e-6)


@given(st.tuples(*[st.floats(0, 1000)] * 4))
def test_effects_of_factors_sum_to_the_change_of_their_product(values: tuple[float, ...]) -> None:
    a, b, c, d = (0.0 if value < 1e-6 else value for value in values)
    found = contribution.log_mean_decomposition(factors(("i", "f", a, b), ("i", "g", c, d)))
    assert found["effect"].sum() == pytest.approx(b * d - a * c, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("values", "notes"),
    [
        ([(0.0, 3.0)], ["empty_total"]),
        ([(-5.0, 3.0)], ["negative_total"]),
        ([(5.0, None), (1.0, 2.0)], ["unknown_value", "incomplete_total"]),
        ([(5.0, 5.0)], ["total_unmoved"]),
        ([(5.0, 9.0), (5.0, 4.0)], ["opposite_moves"] * 2),
        ([(5.0, 9.0), (0.0, 4.0)], [None, None]),
    ],
)
def test_a_contribution_that_misleads_says_so(values: list[Any], notes: list[str | None]) -> None:
    found = contribution.contribution_decomposition(parts(values))
    assert found["note"].to_list() == notes
    assert not found.select(pl.col(pl.Float64).is_nan().any()).row(0).count(True)


def test_an_unknown_factor_leaves_its_item_alone_without_effects() -> None:
    found = contribution.log_mean_decomposition(
        factors(("i", "f", 1, 2), ("i", "g", None, 2), ("j", "f", 1, 1), ("k", "f", 3, 0), ("k", "g", 0, 5))
    )
    rows = {(row["item"], row["factor"]): row for row in found.to_dicts()}
    assert (rows["i", "f"]["effect"], rows["i", "f"]["note"]) == (None, "unknown_value")
    assert rows["j", "f"]["effect"] == rows["k", "f"]["effect"] == rows["k", "g"]["effect"] == 0


@pytest.mark.parametrize(
    ("call", "table", "refusal"),
    [
        (contribution.contribution_decomposition, parts([]), frames.EmptyTable),
        (contribution.contribution_decomposition, parts([(float("nan"), 1.0)]), frames.NotNumbers),
        (contribution.contribution_decomposition, pl.concat([parts([(1.0, 1.0)])] * 2), contribution.RepeatedItems),
        (
            contribution.contribution_decomposition,
            parts([(1.0, 1.0)]).with_columns(item=pl.lit(None, pl.String)),
            frames.NamelessRows,
        ),
        (contribution.contribution_decomposition, parts([(1.0, 1.0)]).drop("value_1"), tables.MissingColumns),
        (contribution.ratio_decomposition, ratios((1, 0, 1, 1)), contribution.EmptyRatio),
        (contribution.ratio_decomposition, ratios((1, 2, 1, None)), contribution.EmptyRatio),
        (contribution.ratio_decomposition, ratios((1, 2, 1, 1), (1, -1, 1, 1)), frames.NegativeValues),
        (contribution.ratio_decomposition, ratios((1, 2, 1, 1), (1, 0, 1, 1)), contribution.NumeratorAlone),
        (contribution.log_mean_decomposition, factors(("i", "f", -1, 2)), frames.NegativeValues),
    ],
)
def test_what_cannot_be_decomposed_is_refused_with_a_sentence(call: Any, table: pl.DataFrame, refusal: Any) -> None:
    with pytest.raises(refusal, match=r"\.$"):
        call(table)
