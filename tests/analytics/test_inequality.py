import math
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.analytics import convergence, frames, inequality, tables
from tests.analytics import cases

AMOUNTS = st.lists(st.floats(0, 1e6), min_size=2, max_size=20)
POSITIVE = st.lists(st.floats(0.01, 1e6), min_size=2, max_size=20)


def measures(table: pl.DataFrame) -> dict[str, float | None]:
    found = inequality.inequality(table)
    return dict(zip(found["measure"], found["value"], strict=True))


def test_the_open_case() -> None:
    expected, toy = (cases.case_json(f"inequality_concentration/{name}.json") for name in ("expected", "toy"))
    found = measures(pl.DataFrame({"value": toy["ind"], "reference": toy["pop"]}))
    assert found["gini"] == pytest.approx(expected["gini"])
    assert found["hoover"] == pytest.approx(expected["hoover_vs_pop_pct"] / 100)
    hhi = expected["hhi"]
    assert [found["herfindahl"], found["herfindahl_normalised"], found["equivalent_number"]] == pytest.approx(
        [hhi["hhi"], hhi["normalised"], hhi["equivalent_number"]], rel=1e-11
    )
    assert found["theil_t"] == pytest.approx(expected["theil_T"], rel=1e-11)
    assert found["theil_l"] is expected["theil_L_mld"] is None


def pairwise(values: list[float], weights: list[float]) -> float:
    total = sum(weights)
    shares = [weight / total for weight in weights]
    mean = sum(p * x for p, x in zip(shares, values, strict=True))
    gaps = sum(p * q * abs(x - y) for p, x in zip(shares, values, strict=True) for q, y in zip(shares, values, strict=True))
    return gaps / (2 * mean) if mean else 0.0


@given(st.lists(st.tuples(st.floats(0, 1e4), st.integers(1, 9)), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_gini_is_its_definition_whatever_the_order(pairs: list[tuple[float, int]], random: Any) -> None:
    values, weights = [x for x, _ in pairs], [float(w) for _, w in pairs]
    expected = pairwise(values, weights)
    mixed = random.sample(pairs, len(pairs))
    assert inequality.gini(values, weights) == pytest.approx(expected, abs=1e-9)
    assert inequality.gini([x for x, _ in mixed], [float(w) for _, w in mixed]) == pytest.approx(expected, abs=1e-9)
    repeated = [x for x, w in pairs for _ in range(w)]
    assert inequality.gini(repeated) == pytest.approx(expected, abs=1e-9), "a weight of three is three units"


@given(AMOUNTS)
def test_gini_is_between_zero_and_its_bound(values: list[float]) -> None:
    assert -1e-12 <= inequality.gini(values) <= 1 - 1 / len(values) + 1e-12
    assert inequality.gini(values, corrected=True) <= 1 + 1e-9


@given(POSITIVE, st.floats(0.1, 100))
def test_measures_do_not_depend_on_the_unit(values: list[float], factor: float) -> None:
    for measure in (inequality.gini, inequality.theil_t, inequality.theil_l, inequality.atkinson, inequality.herfindahl):
        assert measure([factor * x for x in values]) == pytest.approx(measure(values), rel=1e-6, abs=1e-9)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0.01, 1e4), st.integers(0, 5)), min_size=2, max_size=15))
def test_theil_is_what_is_within_and_between(rows: list[tuple[str, float, int]]) -> None:
    if not any(weight for _, _, weight in rows):
        return
    table = pl.DataFrame(rows, schema=["group", "value", "weight"], orient="row")
    found = inequality.theil_decomposition(table)
    for measure in (inequality.theil_t, inequality.theil_l):
        part = found.filter(measure=measure.__name__)
        assert part["within"].sum() + part["between"].sum() == pytest.approx(measure(table["value"], table["weight"]), abs=1e-9)
        assert part["share"].sum() == pytest.approx(1)
        assert part["within"].min() >= -1e-12  # type: ignore[operator]


def test_faults_of_packages_are_not_repeated() -> None:
    x, w = [30, 10, 20], [1, 5, 2]
    assert round(inequality.gini(x, w), 4) == 0.2292, "REAT sorts x without w: 0.1397"
    assert round(inequality.hoover(x, w), 3) == 0.458, "REAT gives 0.177"
    assert inequality.gini([0, 0, 0]) == 0, "momepy gave NaN"


def test_all_alike_is_no_inequality() -> None:
    found = measures(pl.DataFrame({"value": [0.1] * 3, "weight": [0.7, 0.2, 0.3]}))
    names = ["gini", "gini_corrected", "theil_t", "theil_l", "atkinson", "coefficient_of_variation", "williamson"]
    assert [found[name] for name in names] == [0.0] * 7
    assert found["hoover"] == pytest.approx(0)
    assert found["equivalent_number"] == pytest.approx(3)


def test_atkinson_at_one_compares_the_geometric_mean() -> None:
    assert inequality.atkinson([1, 4], epsilon=1) == pytest.approx(1 - 2 / 2.5)
    assert inequality.atkinson([1, 4], epsilon=0) == pytest.approx(0)
    assert inequality.atkinson([1, 4], epsilon=2) == pytest.approx(1 - 1.6 / 2.5)


def test_one_unit_has_no_corrected_measure() -> None:
    found = inequality.inequality(pl.DataFrame({"value": [5.0]}))
    undefined = found.filter(pl.col("value").is_null())
    assert undefined["measure"].to_list() == ["gini_corrected", "herfindahl_normalised", "coefficient_of_variation_sample"]
    assert undefined["note"].null_count() == 0


@pytest.mark.parametrize(
    "call",
    [
        lambda: inequality.gini([]),
        lambda: inequality.gini([None, 3], [1, 0]),
        lambda: inequality.gini([1, 2], [1, -1]),
        lambda: inequality.gini([1, 2], [1]),
        lambda: inequality.gini([1, math.nan]),
        lambda: inequality.gini([-3, 1]),
        lambda: inequality.gini([3], corrected=True),
        lambda: inequality.hoover([0, 0]),
        lambda: inequality.hoover([1, 2], [1]),
        lambda: inequality.hoover([1, -2]),
        lambda: inequality.herfindahl([0, 0]),
        lambda: inequality.theil_t([-1, 2]),
        lambda: inequality.theil_l([0, 2]),
        lambda: inequality.atkinson([0, 2], epsilon=1),
        lambda: inequality.atkinson([1, 2], epsilon=-1),
        lambda: inequality.coefficient_of_variation([-1, 1]),
        lambda: inequality.williamson([-1, 1], [1, 1]),
    ],
)
def test_what_has_no_value_is_refused_with_a_sentence(call: Any) -> None:
    with pytest.raises(inequality.Undefined, match=r"\.$"):
        call()


@pytest.mark.parametrize(
    ("table", "refusal"),
    [
        (pl.DataFrame({"value": []}), frames.EmptyTable),
        (pl.DataFrame({"value": ["a"]}), frames.NotNumbers),
        (pl.DataFrame({"value": [math.inf]}), frames.NotNumbers),
        (pl.DataFrame({"x": [1]}), tables.MissingColumns),
    ],
)
def test_a_table_that_is_no_distribution_is_refused(table: pl.DataFrame, refusal: Any) -> None:
    with pytest.raises(refusal):
        inequality.inequality(table)


def test_groups_of_nothing_have_no_shares() -> None:
    found = inequality.theil_decomposition(pl.DataFrame({"group": ["a", "b"], "value": [0.0, 0.0]}))
    assert found["note"].null_count() == 0
    with pytest.raises(frames.NamelessRows):
        inequality.theil_decomposition(pl.DataFrame({"group": ["a", None], "value": [1.0, 2.0]}))


def panel(*rows: tuple[str | None, int, float | None]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema={"territory": pl.String, "year": pl.Int64, "value": pl.Float64}, orient="row")


def test_half_the_gap_is_left_after_one_half_life() -> None:
    rows = [("a", 100.0), ("b", 200.0), ("c", 400.0)]
    after = {name: 400 * math.exp(math.log(value / 400) * 0.5) for name, value in rows}
    table = panel(*((name, 2000, value) for name, value in rows), *((name, 2010, value) for name, value in after.items()))
    found = convergence.beta_convergence(table).row(0, named=True)
    assert found["half_life"] == pytest.approx(10)
    assert found["note"] == "exact_fit"


@pytest.mark.parametrize(
    ("after", "note"),
    [((20.0, 100.0, 800.0), "divergence"), ((900.0, 50.0, 1.0), "no_speed"), ((20.0, 40.0, 80.0), "divergence")],
)
def test_no_half_life_where_nothing_converges(after: tuple[float, ...], note: str) -> None:
    before = [("a", 2000, 10.0), ("b", 2000, 20.0), ("c", 2000, 40.0)]
    found = convergence.beta_convergence(panel(*before, *zip("abc", [2001] * 3, after, strict=True)))
    assert (found["half_life"].item(), found["note"].item()) == (None, note)


def test_a_year_whose_values_have_no_logarithm_says_so() -> None:
    found = convergence.sigma_convergence(panel(("a", 2000, 0.0), ("b", 2000, 2.0)))
    assert found["sd_log"].item() is None
    assert "logarithme" in found["note"].item()
    assert found["cv"].item() == pytest.approx(1)
    lonely = convergence.sigma_convergence(panel(("a", 2000, 1.0)))
    assert (lonely["sd_log"].item(), lonely["sd_log_sample"].item()) == (0.0, None)


@pytest.mark.parametrize(
    ("table", "refusal"),
    [
        (panel(), frames.EmptyTable),
        (panel(("a", 2000, math.inf)), frames.NotNumbers),
        (panel(("a", 2000, 1.0)).with_columns(value=pl.lit("x")), frames.NotNumbers),
        (panel((None, 2000, 1.0)), frames.NamelessRows),
        (panel(("a", 2000, 1.0), ("a", 2000, 2.0)), convergence.RepeatedYears),
        (panel(("a", 2000, 1.0)), inequality.Undefined),
        (panel(("a", 2000, 1.0), ("a", 2001, 1.0)), convergence.TooFewTerritories),
    ],
)
def test_a_panel_that_says_nothing_is_refused_with_a_sentence(table: pl.DataFrame, refusal: Any) -> None:
    with pytest.raises(refusal, match=r"\.$"):
        convergence.beta_convergence(table)
