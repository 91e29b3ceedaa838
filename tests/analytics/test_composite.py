import numpy as np
import polars as pl
import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from beffroi.analytics import composite, tables
from tests.analytics.cases import case, case_json
from tests.analytics.worked import assert_shows, given

TOWNS = """
    town   | jobs | rent | green
    Arras  | 50   | 8    | 30
    Lens   | 40   | 6    | 10
    Lille  | 60   | 12   | 20
    Roubaix| 45   | 7    | 10
"""
# Rent weighs twice within living; the less the better
STRUCTURE = """
    code   | parent | weight | direction | low | high | target
    jobs   | index  | 1      | 1         | 0   | 100  | 50
    rent   | living | 2      | -1        | 0   | 20   | 6
    green  | living | 1      | 1         | 0   | 50   | 20
    living | index  | 1      | 1         |     |      |
"""


def index(**options) -> dict[str, float | None]:
    found = composite.composite(given(TOWNS), given(STRUCTURE), **options)
    return dict(found.select("town", "index").iter_rows())


def test_an_index_of_an_indicator_and_a_group():
    assert_shows(
        composite.composite(given(TOWNS), given(STRUCTURE)),
        """
        town    | rank | index | living | known | imputed
        Arras   | 1    | 63.89 | 77.78  | 1     | 0
        Lille   | 2    | 58.33 | 16.67  | 1     | 0
        Roubaix | 3    | 40.28 | 55.56  | 1     | 0
        Lens    | 4    | 33.33 | 66.67  | 1     | 0
        """,
    )


@pytest.mark.parametrize(
    ("options", "arras", "lens"),
    [
        ({"normalisation": "goalposts"}, 55.0, 46.667),
        ({"normalisation": "distance_to_target"}, 88.889, 33.333),
        ({"normalisation": "percentile_rank"}, 61.111, 33.333),
        ({"normalisation": "rank"}, 2.833, 2.0),
        ({"normalisation": "distance_to_maximum"}, 0.83333, 0.72222),
        ({"normalisation": "none", "aggregation": "arithmetic"}, 27.333, 19.667),
        ({"normalisation": "zscore"}, 0.3225, -0.3577),
        ({"normalisation": "mazziotta_pareto"}, 103.7236, 95.8693),
        ({"aggregation": "geometric", "low": 1}, 62.1829, 4.6416),
        ({"aggregation": "harmonic", "low": 1}, 60.4488, 1.4925),
        ({"aggregation": "copeland"}, 0.0, 0.0),
    ],
)
def test_normalisations_and_aggregations(options, arras, lens):
    found = index(**options)
    assert (found["Arras"], found["Lens"]) == (pytest.approx(arras, abs=1e-3), pytest.approx(lens, abs=1e-3))


def test_z_scores_use_the_sample_deviation_and_ranks_the_lower_of_ties():
    units = given("u | a\n A | 1\n B | 2\n C | 3\n D | 3")
    assert composite.composite(units, normalisation="zscore").filter(u="A")["index"][0] == pytest.approx(
        -1.25 / np.std([1, 2, 3, 3], ddof=1)
    )
    ranked = composite.composite(units, normalisation="rank")
    assert ranked.select("u", "rank", "index").rows() == [("C", 1, 3), ("D", 1, 3), ("B", 3, 2), ("A", 4, 1)]


def test_several_groups_without_a_parent_make_one_index_and_a_group_needs_no_row_of_its_own():
    structure = given("code | parent\n jobs | work\n rent | life\n green | life")
    found = composite.composite(given(TOWNS), structure)
    assert found.columns == ["town", "rank", "index", "work", "life", "known", "imputed"]
    listed = composite.composite(given(TOWNS).rename({"jobs": "index"}), given("code\n index\n rent"))
    assert listed.columns == ["town", "rank", "index_total", "known", "imputed"]


def test_a_target_that_all_have_reached_gives_all_of_them_all():
    structure = given("code | direction | target\n rent | -1 | 20\n jobs | 1 | 10")
    found = composite.composite(given(TOWNS), structure, normalisation="distance_to_target")
    assert found["index"].to_list() == [100.0] * 4


def test_imbalance_is_penalised():
    units = given("u | a | b\n A | 100 | 100\n B | 150 | 50\n C | 50 | 150")
    found = dict(
        composite.composite(units, normalisation="none", aggregation="mazziotta_pareto").select("u", "index").iter_rows()
    )
    assert found == pytest.approx({"A": 100, "B": 75, "C": 75})


def test_what_is_missing_stays_unknown_unless_asked():
    holes = given(TOWNS).with_columns(green=pl.when(town="Lens").then(None).otherwise("green"))
    unknown = composite.composite(holes, given(STRUCTURE))
    assert unknown.filter(town="Lens").select("rank", "index", "living", "known").row(0) == (
        None,
        None,
        None,
        pytest.approx(2 / 3),
    )
    available = composite.composite(holes, given(STRUCTURE), missing="available")
    assert available.filter(town="Lens").select("living", "index").row(0) == (100, 50)
    strict = composite.composite(holes, given(STRUCTURE), missing="available", min_known=0.6)
    assert strict.filter(town="Lens")["living"][0] is None
    for method in ("mean", "median"):
        filled = composite.composite(holes, given(STRUCTURE), missing=method)
        assert filled.filter(town="Lens")["imputed"].to_list() == [1]
        assert filled["index"].null_count() == 0


def test_what_not_knowing_does_to_a_unit():
    holes = given(TOWNS).with_columns(green=pl.when(town="Lens").then(None).otherwise("green"))
    assert_shows(
        composite.missing_effects(holes, given(STRUCTURE)),
        """
        town | known | worst | mean  | best  | available | rank_worst | rank_best
        Lens | 0.67  | 33.33 | 41.67 | 50.00 | 50.00     | 4          | 3
        """,
    )
    assert composite.missing_effects(given(TOWNS)).is_empty()


def test_real_weights_are_not_the_nominal_ones():
    found = composite.effective_weights(given(TOWNS), given(STRUCTURE))
    assert found["code"].to_list() == ["jobs", "rent", "green"]
    assert found["weight"].to_list() == pytest.approx([1 / 2, 1 / 3, 1 / 6])
    assert found["correlation"][1] < 0 < found["correlation"][0]
    flat = composite.effective_weights(given(TOWNS).head(2), normalisation="none")
    assert flat["correlation"].to_list() == [None, None, None]


def test_the_same_seed_repeats_and_no_doubt_moves_nothing():
    first, second = (composite.uncertainty(given(TOWNS), given(STRUCTURE), replications=200, seed=3) for _ in range(2))
    assert first.equals(second)
    assert first["rank"].to_list() == sorted(first["rank"].to_list())
    sure = composite.uncertainty(
        given(TOWNS), replications=20, weights_within=0, normalisations=["minmax"], aggregations=["arithmetic"]
    )
    assert (sure["least"] == sure["most"]).all()
    assert sure["same"].to_list() == [1.0] * 4
    moved = composite.uncertainty(given(TOWNS), replications=50, aggregations=["arithmetic", "copeland"], leave_out=True)
    assert (moved["least"] <= moved["rank"]).all()


def test_a_unit_without_index_has_no_rank_in_any_replication():
    holes = given(TOWNS).with_columns(green=pl.when(town="Lens").then(None).otherwise("green"))
    found = composite.uncertainty(holes, given(STRUCTURE), replications=50)
    assert found.filter(town="Lens").row(0)[1:] == (None,) * 8


def test_which_choice_moves_the_ranks():
    found = composite.sensitivity(given(TOWNS), given(STRUCTURE), base=128, leave_out=True)
    assert found["factor"].to_list() == ["weights", "normalisation", "aggregation", "left_out"]
    assert found["runs"].to_list() == [128 * 6] * 4
    assert (found["total"] > -0.01).all()
    still = composite.sensitivity(
        given(TOWNS), base=16, weights_within=0, normalisations=["minmax"], aggregations=["arithmetic"]
    )
    assert still["first_order"].to_list() == [None] * 3


def changed(column: str, value: object) -> pl.DataFrame:
    return given(STRUCTURE).with_columns(pl.when(code="rent").then(pl.lit(value)).otherwise(column).alias(column))


@pytest.mark.parametrize(
    ("units", "structure", "options", "sentence"),
    [
        (given(TOWNS).with_columns(jobs=5), None, {}, "« jobs » a la même valeur"),
        (given(TOWNS).head(1), None, {}, "une seule est connue"),
        (given(TOWNS).head(1), None, {"normalisation": "percentile_rank"}, "une seule est connue"),
        (given(TOWNS), None, {"aggregation": "geometric"}, "prenez low=1"),
        (given(TOWNS).with_columns(jobs=-1), None, {"normalisation": "distance_to_maximum"}, "nulle ou négative"),
        (given(TOWNS), None, {"normalisation": "goalposts"}, "low et high"),
        (given(TOWNS), None, {"normalisation": "distance_to_target"}, "target"),
        (given(TOWNS), None, {"normalisation": "percent"}, "minmax, zscore"),
        (given(TOWNS), None, {"min_known": 2}, "entre 0 et 1"),
        (given(TOWNS), changed("weight", -1.0), {}, "négatif"),
        (given(TOWNS), changed("direction", 0.0), {}, "direction vaut 1"),
        (given(TOWNS), changed("parent", "rent"), {}, "tourne en rond"),
        (given(TOWNS), changed("code", "jobs"), {}, "plusieurs fois dans la structure : jobs"),
        (given(TOWNS), changed("code", ""), {}, "pas de code"),
        (given(TOWNS), changed("code", "loyer"), {}, "loyer"),
        (given(TOWNS), given(STRUCTURE).with_columns(weight=0), {}, "tous nuls"),
        (pl.concat([given(TOWNS), given(TOWNS).head(1)]), None, {}, "plusieurs fois : Arras"),
        (given(TOWNS).with_columns(town=None), None, {}, "lignes vides"),
        (given(TOWNS).with_columns(jobs=float("inf")), None, {}, "infinies"),
        (given(TOWNS).with_columns(jobs=pl.lit("x")), given(STRUCTURE), {}, "doit contenir des nombres"),
        (given(TOWNS).select("town"), None, {}, "Aucune colonne de nombres"),
        (pl.DataFrame(), None, {}, "vide"),
        (given(TOWNS).with_columns(jobs=pl.lit(None, pl.Float64)), None, {"missing": "mean"}, "« jobs »"),
    ],
)
def test_refusals_say_what_to_correct(units, structure, options, sentence):
    with pytest.raises(tables.Refusal, match=sentence):
        composite.composite(units, structure, **options)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"replications": 0}, "au moins une"),
        ({"weights_within": 1}, "moins de 1"),
        ({"normalisations": []}, "au moins une de chaque"),
        ({"normalisations": ["zscore"]}, "scores tous positifs"),
    ],
)
def test_plans_that_cannot_be_drawn_are_refused(options, sentence):
    with pytest.raises(tables.Refusal, match=sentence):
        composite.uncertainty(given(TOWNS), **options)
    with pytest.raises(composite.UnknownOption, match="puissance de deux"):
        composite.sensitivity(given(TOWNS), base=100)
    with pytest.raises(composite.UnknownOption, match="trois indicateurs"):
        composite.uncertainty(given(TOWNS).drop("green"), leave_out=True)
    nothing = given(TOWNS).with_columns(jobs=pl.when(town="Lens").then("jobs"))
    with pytest.raises(tables.Refusal):
        composite.sensitivity(nothing.with_columns(green=pl.when(town="Lille").then("green")), normalisations=["rank"])


def test_an_indicator_that_nobody_knows_leaves_the_index_unknown():
    found = composite.composite(given(TOWNS).with_columns(jobs=pl.lit(None, pl.Float64)))
    assert found["index"].to_list() == [None] * 4


OPEN = {
    "minmax_0_100_arith": {},
    "minmax_1_100_geom": {"low": 1, "aggregation": "geometric"},
    "zscore_arith": {"normalisation": "zscore"},
}


@pytest.mark.parametrize(("name", "options"), OPEN.items())
def test_the_open_case(name, options):
    units = pl.read_csv(case("composite_indicator/bli_2017.csv"))
    material = ("housing", "income", "jobs")
    parents = [(code, "material" if code in material else "quality") for code in units.columns[1:]]
    structure = pl.DataFrame([*parents, ("material", "BLI"), ("quality", "BLI")], schema=["code", "parent"], orient="row")
    found = {row["country"]: row for row in composite.composite(units, structure, **options).to_dicts()}
    for wanted in case_json("composite_indicator/expected_coinr.json")[name]:
        row = found[wanted["uName"]]
        assert row["rank"] == wanted["Rank"]
        for column in ("BLI", "material", "quality"):
            assert row[column] == pytest.approx(wanted[column], abs=1e-9)


values = st.lists(st.tuples(*[st.integers(-50, 50)] * 3), min_size=3, max_size=8)


@settings(max_examples=25)
@examples(values, st.sampled_from(["minmax", "zscore", "rank", "percentile_rank"]), st.sampled_from(["arithmetic", "copeland"]))
def test_units_of_measure_and_the_order_of_rows_change_nothing(rows, normalisation, aggregation):
    table = (
        pl.DataFrame(rows, schema=["a", "b", "c"], orient="row").with_row_index("u").with_columns(pl.col("u").cast(pl.String))
    )
    options = {"normalisation": normalisation, "aggregation": aggregation}
    try:
        found = composite.composite(table, **options)
    except composite.ConstantIndicator:
        return
    other = composite.composite(table.reverse().with_columns(a=pl.col("a") * 1000 + 7), **options)
    one, two = (dict(result.select("u", "index").iter_rows()) for result in (found, other))
    assert one == pytest.approx(two, abs=1e-9)
    if normalisation == "minmax" and aggregation == "arithmetic":
        assert all(-1e-9 <= value <= 100 + 1e-9 for value in one.values())
