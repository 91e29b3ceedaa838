from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, settings
from hypothesis import given as examples
from hypothesis import strategies as st
from scipy.sparse.linalg import ArpackNoConvergence

from beffroi.analytics import relatedness, tables
from tests.analytics.cases import case, case_json
from tests.analytics.worked import assert_shows, given

# What three towns do; the bakery is everywhere, the foundry in one place only
TOWNS = """
    territory | activity | value
    Arras     | pain     | 10
    Arras     | drap     | 30
    Lens      | pain     | 30
    Lens      | fer      | 60
    Lille     | pain     | 30
    Lille     | drap     | 30
    Lille     | fer      | 20
"""


def present(text: str) -> pl.DataFrame:
    """A matrix of who has what, « x » or nothing, as a table of 0 and 1."""
    wide = given(text)
    long = wide.unpivot(index="territory", variable_name="activity", value_name="value")
    return long.with_columns(pl.col("value").is_not_null().cast(pl.Float64))


# Nested: whoever does the rarest does all the rest
NESTED = """
    territory | a | b | c | d
    T1        | x | x | x | x
    T2        | x | x | x |
    T3        | x | x |   |
    T4        | x |   |   |
"""


def test_advantage_is_the_share_in_the_territory_over_the_share_everywhere():
    assert_shows(
        relatedness.rca(given(TOWNS)),
        """
        territory | activity | value | rca    | mcp
        Arras     | drap     | 30    | 2.6250 | 1
        Arras     | fer      | 0     | 0.0000 | 0
        Arras     | pain     | 10    | 0.7500 | 0
        Lens      | drap     | 0     | 0.0000 | 0
        Lens      | fer      | 60    | 1.7500 | 1
        Lens      | pain     | 30    | 1.0000 | 1
        Lille     | drap     | 30    | 1.3125 | 1
        Lille     | fer      | 20    | 0.6563 | 0
        Lille     | pain     | 30    | 1.1250 | 1
        """,
    )


def test_a_share_equal_to_the_whole_s_reaches_the_threshold_whatever_the_rounding():
    same = pl.DataFrame(
        [(t, a, x * k) for t, k in (("T1", 0.1), ("T2", 0.7), ("T3", 1.1)) for a, x in (("a", 0.3), ("b", 1 / 3), ("c", 7.7))],
        schema=["territory", "activity", "value"],
        orient="row",
    )
    assert relatedness.rca(same)["mcp"].to_list() == [1] * 9


def test_proximity_is_the_smaller_of_two_conditional_probabilities():
    found = relatedness.proximity(present(NESTED), presence="given").filter(pl.col("activity") < pl.col("other"))
    assert_shows(
        found.sort("activity", "other"),
        """
        activity | other | proximity
        a        | b     | 0.75
        a        | c     | 0.50
        a        | d     | 0.25
        b        | c     | 0.667
        b        | d     | 0.333
        c        | d     | 0.50
        """,
    )


def test_density_is_given_without_the_activity_itself_unless_asked():
    table = present(NESTED)
    alone = relatedness.density(table, presence="given").filter(territory="T3").sort("activity")
    with_self = relatedness.density(table, presence="given", with_self=True).filter(territory="T3").sort("activity")
    assert_shows(
        alone.with_columns(with_self=with_self["density"]),
        """
        territory | activity | mcp | density | with_self
        T3        | a        | 1   | 0.500   | 0.700
        T3        | b        | 1   | 0.429   | 0.636
        T3        | c        | 0   | 0.700   | 0.438
        T3        | d        | 0   | 0.538   | 0.280
        """,
    )


def test_complexity_orders_nested_territories_and_activities():
    territories = relatedness.territory_complexity(present(NESTED), presence="given")
    activities = relatedness.activity_complexity(present(NESTED), presence="given")
    assert territories["diversity"].to_list() == [4, 3, 2, 1]
    assert activities["ubiquity"].to_list() == [4, 3, 2, 1]
    assert territories["eci"].is_sorted(descending=True)
    assert activities["pci"].is_sorted()
    assert territories["eci"].mean() == pytest.approx(0)
    assert territories["eci"].std(ddof=0) == pytest.approx(1)


def test_eci_is_the_mean_pci_of_what_a_territory_has_and_own_scale_has_deviation_one():
    cells = relatedness.complexity(present(NESTED), presence="given")
    means = cells.filter(mcp=1).group_by("territory", maintain_order=True).agg(pl.col("pci").mean(), pl.col("eci").first())
    assert means["pci"].to_list() == pytest.approx(means["eci"].to_list())
    own = relatedness.activity_complexity(present(NESTED), presence="given", scale="own")
    assert own["pci"].std(ddof=0) == pytest.approx(1)


def test_reflections_start_at_the_counts():
    assert_shows(
        relatedness.reflections(present(NESTED), steps=1, presence="given"),
        """
        side      | code | reflection | rescaled | steps
        territory | T1   | 2.5        | 0        | 1
        territory | T2   | 3.0        | 33.3     | 1
        territory | T3   | 3.5        | 66.7     | 1
        territory | T4   | 4.0        | 100      | 1
        activity  | a    | 2.5        | 0        | 1
        activity  | b    | 3.0        | 33.3     | 1
        activity  | c    | 3.5        | 66.7     | 1
        activity  | d    | 4.0        | 100      | 1
        """,
    )


def test_an_activity_that_nobody_has_stays_with_nothing_said_and_spoils_nothing():
    empty = pl.DataFrame({"territory": ["Arras", "Calais"], "activity": ["mine", "pain"], "value": [0.0, 0.0]})
    with_idle = relatedness.complexity(pl.concat([given(TOWNS).cast({"value": pl.Float64}), empty]))
    alone = relatedness.complexity(given(TOWNS))
    assert with_idle.head(9).select("value", "rca", "eci", "cog").equals(alone.select("value", "rca", "eci", "cog"))
    assert with_idle.tail(7).filter(pl.col("rca").is_not_null() | pl.col("eci").is_not_null()).is_empty()
    assert with_idle.tail(7)["value"].to_list() == [0.0] * 7
    codes = relatedness.activity_complexity(pl.concat([given(TOWNS).cast({"value": pl.Float64}), empty]))
    assert codes.filter(activity="mine").row(0) == ("mine", None, None)


def test_an_activity_below_the_threshold_everywhere_is_null_where_the_peer_gives_up():
    """ecomplexity 0.5.3 stops with « iteration over a 0-d array » and fills everything with nan."""
    idle = present(NESTED).filter(activity="a").with_columns(activity=pl.lit("e"), value=pl.lit(0.0))
    half = pl.concat([present(NESTED), idle])
    found = relatedness.activity_complexity(half, presence="given")
    assert found.filter(activity="e").row(0) == ("e", None, None)


def test_an_activity_above_no_threshold_counts_for_nothing():
    spread = given("""
        territory | activity | value
        A         | x        | 60
        A         | y        | 10
        A         | z        | 30
        B         | x        | 20
        B         | y        | 50
        B         | z        | 30
        C         | x        | 60
        C         | y        | 50
        C         | z        | 40
    """)
    found = relatedness.density(spread, threshold=1.2).filter(activity="z")
    assert found["mcp"].to_list() == [0, 0, 0]
    assert found["density"].to_list() == [None, None, None]


def test_years_are_told_apart():
    two = pl.concat([given(TOWNS).with_columns(year=2010), given(TOWNS).with_columns(year=2020, value=pl.col("value") * 2)])
    found = relatedness.territory_complexity(two)
    assert found["year"].to_list() == [2010] * 3 + [2020] * 3
    assert found.filter(year=2010)["eci"].to_list() == found.filter(year=2020)["eci"].to_list()


def test_the_warning_comes_with_how_much_the_margins_say():
    found = relatedness.density_explained(present(NESTED), presence="given")
    assert 0.5 < found["share_explained"][0] <= 1
    assert "produit de la diversité" in found["warning"][0]
    dated = relatedness.density_explained(present(NESTED).with_columns(year=2020), presence="given")
    assert dated["year"].to_list() == [2020]


def test_measures_of_the_pairs_that_never_meet_are_zero():
    apart = present("""
        territory | a | b | c
        T1        | x | x |
        T2        | x |   | x
        T3        | x | x |
    """)
    for measure in relatedness.MEASURES:
        found = relatedness.proximity(apart, measure=measure, presence="given").filter(activity="b", other="c")
        assert found["proximity"].to_list() == [0.0]
    assert relatedness.proximity(apart, presence="given", at_least=0.9).height == 3


CIRCLE = """
    territory | a | b | c
    T1        | x | x |
    T2        |   | x | x
    T3        | x |   | x
"""
SPLIT = """
    territory | a | b | c | d
    T1        | x | x |   |
    T2        | x |   |   |
    T3        |   |   | x | x
    T4        |   |   |   | x
    T5        |   |   | x | x
    T6        |   |   | x |
"""
SQUARE = """
    territory | a | b | c | d
    T1        | x | x |   |
    T2        |   | x | x |
    T3        |   |   | x | x
"""


@pytest.mark.parametrize(
    ("matrix", "refusal", "sentence"),
    [
        (SPLIT, relatedness.Disconnected, "T1, T2 ; T3, T4, T5, … 4 territoires"),
        ("territory | a | b\n T1 | x | x\n T2 | x | x", relatedness.NoDifference, "même profil"),
        (CIRCLE, relatedness.RepeatedEigenvalue, "n’est pas unique"),
        (SQUARE, relatedness.NoDirection, "arbitraire"),
        ("territory | a | b\n T1 | x | x", relatedness.TooSmall, r"\(1 et 2 ici\)"),
    ],
)
def test_matrices_whose_complexity_means_nothing_are_refused(matrix, refusal, sentence):
    with pytest.raises(refusal, match=sentence):
        relatedness.territory_complexity(present(matrix), presence="given")


@pytest.mark.parametrize(
    ("change", "options", "refusal"),
    [
        ({"value": pl.lit(None, pl.Float64)}, {}, relatedness.UnknownCells),
        ({"value": pl.lit(float("nan"))}, {}, relatedness.UnknownCells),
        ({"value": pl.lit(-1)}, {}, relatedness.NegativeCells),
        ({"value": pl.lit(float("inf"))}, {}, tables.OutOfRange),
        ({"territory": pl.lit(None, pl.String)}, {}, relatedness.NamelessCells),
        ({"year": pl.lit(None, pl.Int64)}, {}, relatedness.NamelessCells),
        ({"value": pl.lit("x")}, {}, tables.WrongType),
        ({}, {"presence": "given"}, relatedness.NotPresence),
        ({}, {"presence": "rpop"}, relatedness.UnknownChoice),
    ],
)
def test_tables_that_cannot_be_read_are_refused(change, options, refusal):
    with pytest.raises(refusal):
        relatedness.complexity(given(TOWNS).with_columns(**change), **options)


def test_an_empty_table_is_refused():
    for empty in (given(TOWNS).clear(), given(TOWNS).clear().with_columns(year=pl.lit(2020))):
        with pytest.raises(relatedness.TooSmall):
            relatedness.complexity(empty)


def test_options_that_do_not_go_together_are_refused():
    with pytest.raises(relatedness.UnknownChoice, match="measure"):
        relatedness.proximity(given(TOWNS), measure="distance")
    with pytest.raises(relatedness.UnknownChoice, match="with_self"):
        relatedness.density(given(TOWNS), measure="cosine", with_self=True)
    with pytest.raises(relatedness.UnknownChoice, match="scale"):
        relatedness.complexity(given(TOWNS), scale="percent")


def random_presence(seed: int, territories: int, activities: int) -> pl.DataFrame:
    chance = np.random.default_rng(seed)
    matrix = (chance.random((territories, activities)) < chance.random(activities) * 0.6 + 0.1).astype(float)
    rows = [(f"T{t:03}", f"A{a:03}", matrix[t, a]) for t in range(territories) for a in range(activities)]
    return pl.DataFrame(rows, schema=["territory", "activity", "value"], orient="row")


def test_a_large_matrix_is_solved_as_a_small_one():
    """Beyond three hundred on its smaller side another solver is used: both must say the same."""
    table = random_presence(1, 310, 320)
    found = relatedness.territory_complexity(table, presence="given")["eci"].to_numpy()
    matrix = table["value"].to_numpy().reshape(310, 320)
    whole = (matrix / matrix.sum(1)[:, None]) @ (matrix / matrix.sum(0)).T
    values, vectors = np.linalg.eig(whole)
    second = np.real(vectors[:, np.argsort(np.real(values))[-2]])
    second = (second - second.mean()) / second.std()
    assert np.abs(found - second * np.sign(second @ found)).max() < 1e-8


def test_where_the_fast_solver_gives_up_the_whole_one_answers(monkeypatch):
    def give_up(*_args, **_options):
        raise ArpackNoConvergence("no", np.zeros(0), np.zeros((0, 0)))

    table = random_presence(1, 310, 320)
    quick = relatedness.territory_complexity(table, presence="given")
    monkeypatch.setattr("beffroi.analytics.relatedness.eigenvectors.eigsh", give_up)
    slow = relatedness.territory_complexity(table, presence="given")
    assert (quick["eci"] - slow["eci"]).abs().max() < 1e-8


@settings(max_examples=25)
@examples(st.integers(0, 10_000), st.integers(3, 12), st.integers(3, 12))
def test_bounds_and_the_order_of_names_hold_whatever_the_matrix(seed, territories, activities):
    table = random_presence(seed, territories, activities)
    try:
        found = relatedness.complexity(table, presence="given")
    except (relatedness.Disconnected, relatedness.NoDifference, relatedness.NoDirection, relatedness.TooSmall):
        assume(False)
    except relatedness.RepeatedEigenvalue:
        assume(False)
    near = found["density"].drop_nulls()
    assert (near >= 0).all()
    assert (near <= 1 + 1e-12).all()
    assert not any(found[name].is_nan().any() for name in ("eci", "pci", "coi", "cog", "density"))
    other = relatedness.complexity(table.sample(fraction=1, shuffle=True, seed=seed), presence="given")
    pairs = ["territory", "activity"]
    assert found.sort(pairs).equals(other.sort(pairs))


@cache
def open_matrix() -> pl.DataFrame:
    return pl.read_csv(case("relatedness_complexity/o15x30.csv")).rename({"region": "territory"})


def assert_matrix(found: pl.DataFrame, column: str, expected: dict, keys: tuple[str, str], *, within: float = 5e-9) -> None:
    values = {row[:2]: row[2] for row in found.select(*keys, column).iter_rows()}
    for name, line in zip(expected["rows"], expected["values"], strict=True):
        for other, wanted in zip(expected["cols"], line, strict=True):
            assert values[name, other] == pytest.approx(wanted, rel=within, abs=within), (name, other)


PAIR = ("territory", "activity")


def test_the_open_case_as_ecomplexity_computes_it():
    expected = case_json("relatedness_complexity/o15x30_expected.json")["ecomplexity_0.5.3"]
    cells = relatedness.complexity(open_matrix(), with_self=True)
    for column in ("rca", "mcp", "density", "cog"):
        assert_matrix(cells, column, expected[column], PAIR)
    assert_matrix(relatedness.density(open_matrix()), "density", expected["density_zero_diagonal"], PAIR)
    assert_matrix(relatedness.proximity(open_matrix()), "proximity", expected["proximity"], ("activity", "other"))
    for key, column in (
        ("territory", "eci"),
        ("territory", "coi"),
        ("territory", "diversity"),
        ("activity", "pci"),
        ("activity", "ubiquity"),
    ):
        found = dict(cells.select(key, column).unique().iter_rows())
        assert found == pytest.approx(expected[column], abs=1e-8)


def test_the_open_case_as_econgeo_computes_it():
    expected = case_json("relatedness_complexity/o15x30_expected.json")["econgeo_2.1"]
    for measure, name in (
        ("association", "association"),
        ("probability", "prob"),
        ("cosine", "cosine"),
        ("jaccard", "jaccard"),
    ):
        found = relatedness.proximity(open_matrix(), measure=measure)
        assert_matrix(found, "proximity", expected[f"relatedness_{name}"], ("activity", "other"))
    linked = relatedness.density(open_matrix(), measure="probability", linked_at=1.0)
    assert_matrix(
        linked.with_columns(percent=pl.col("density") * 100),
        "percent",
        expected["relatedness_density_pct"],
        PAIR,
        within=0.0051,
    )
    for name, side, steps, column in (
        ("morc20", "territory", 20, "rescaled"),
        ("mort19", "activity", 19, "rescaled"),
        ("morc1", "territory", 1, "reflection"),
    ):
        found = relatedness.reflections(open_matrix(), steps=steps).filter(side=side)
        assert dict(found.select("code", column).iter_rows()) == pytest.approx(expected[name], abs=1e-8)


def test_the_open_case_year_by_year():
    table = pl.read_csv(case("relatedness_complexity/german_laender_emp_2008_2014.csv"))
    table = table.rename({"region": "territory", "industry": "activity", "emp": "value"})
    expected = case_json("relatedness_complexity/german_laender_expected.json")
    territories, activities = relatedness.territory_complexity(table), relatedness.activity_complexity(table)
    for year, wanted in expected.items():
        for column in ("eci", "diversity"):
            found = territories.filter(year=int(year)).select("territory", column)
            assert dict(found.iter_rows()) == pytest.approx(wanted[column], abs=1e-8)
        assert dict(activities.filter(year=int(year)).select("activity", "pci").iter_rows()) == pytest.approx(
            wanted["pci"], abs=1e-8
        )
