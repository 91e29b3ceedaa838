from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.analytics import shift_share as methods
from beffroi.analytics import specialisation
from tests.analytics import cases

EFFECTS = ["growth", "national", "industry_mix", "competitive", "net_total_shift"]
REAT = {
    "Growth (t1-t)": "growth",
    "National share": "national",
    "Industrial mix": "industry_mix",
    "Regional share": "competitive",
    "Net total shift": "net_total_shift",
}
CHANGES = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=6, max_size=6).filter(
    lambda cells: sum(before for before, _ in cells) > 0
)


def table(*rows: tuple[str, str, int, float | None]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=["territory", "activity", "year", "value"], orient="row")


def grid(cells: list[tuple[int, int]]) -> pl.DataFrame:
    places = [(territory, activity) for territory in ("a", "b") for activity in ("x", "y", "z")]
    pairs = list(zip(places, cells, strict=True))
    return table(*((*place, 2010 + 5 * side, float(cell[side])) for place, cell in pairs for side in (0, 1)))


def farhauer_kroell() -> pl.DataFrame:
    given = cases.case_json("shift_share/farhauer_kroell.json")
    return table(
        *(
            (territory, str(number), year, float(value))
            for territory in ("region", "nation")
            for year, row in zip(given["years"], given[territory], strict=True)
            for number, value in enumerate(row, 1)
        )
    )


def expected(name: str) -> Any:
    return cases.case_json("shift_share/expected.json")[name]


def only(table: pl.DataFrame) -> dict[str, Any]:
    return table.row(0, named=True)


@pytest.mark.parametrize(("options", "key"), [({"end": 2001}, "static_2000_2001_reat"), ({"dynamic": True}, "dynamic_reat")])
def test_farhauer_kroell_as_reat_prints_it(options: dict[str, Any], key: str) -> None:
    printed = expected("farhauer_kroell")[key]
    found = only(methods.territory_effects(farhauer_kroell(), reference="nation", **options))
    ratios = only(methods.gerfin(farhauer_kroell(), reference="nation", **options))
    assert {name: found[ours] for name, ours in REAT.items()} == pytest.approx(printed["Dunn"], rel=1e-11)
    assert found["competitive_homothetic"] == pytest.approx(printed["Esteban"]["Regional share"], rel=1e-11)
    assert found["allocation"] == pytest.approx(printed["Esteban"]["Allocation effect"], rel=1e-11)
    assert [ratios["industry_mix"], ratios["regional_share"], ratios["net_total_shift"]] == pytest.approx(
        list(printed["Gerfin"].values()), rel=1e-11
    )


def test_freiburg_industry_by_industry() -> None:
    own = expected("freiburg_2008_2014")["own"]
    rows = cases.freiburg("shift_share")
    order = rows.filter(territory="Freiburg", year=2008)["activity"].to_list()
    cells = methods.shift_share(rows, reference="Germany")
    cells = cells.sort(pl.col("activity").replace_strict({name: rank for rank, name in enumerate(order)}))
    for effect, values in own["by_industry"].items():
        assert cells[effect].to_list() == pytest.approx(values, rel=1e-10)
    found = only(methods.territory_effects(rows, reference="Germany"))
    assert {name: found[name] for name in EFFECTS} == pytest.approx({name: own[name] for name in EFFECTS}, rel=1e-10)
    rates = {"region": "region_rate", "nation": "nation_rate"}
    assert {name: found[rates.get(name, name)] for name in own["rates"]} == pytest.approx(own["rates"], rel=1e-10)
    assert found["undefined_industries"] is None


@given(CHANGES)
def test_effects_add_up_and_cancel_out(cells: list[tuple[int, int]]) -> None:
    found = methods.shift_share(grid(cells))
    defined = found.filter(pl.col("competitive").is_not_null())
    total = defined["national"] + defined["industry_mix"] + defined["competitive"]
    assert total.to_list() == pytest.approx(defined["growth"].to_list(), abs=1e-9)
    both = found.filter(pl.col("allocation").is_not_null())
    assert (both["competitive_homothetic"] + both["allocation"]).to_list() == pytest.approx(
        both["competitive"].to_list(), abs=1e-9
    )
    by_activity = found.group_by("activity").agg(pl.col("competitive").sum(), pl.col("base").sum()).filter(pl.col("base") > 0)
    assert by_activity["competitive"].to_list() == pytest.approx([0.0] * by_activity.height, abs=1e-9)


@given(CHANGES)
def test_rates_of_a_territory_add_up(cells: list[tuple[int, int]]) -> None:
    for row in methods.territory_effects(grid(cells)).to_dicts():
        if row["note"] is None:
            parts = row["nation_rate"] + row["structural_effect"] + row["local_effect"]
            births = sum(end for base, end in cells if base == 0)
            assert births or parts == pytest.approx(row["region_rate"])


def test_a_territory_like_the_nation_has_no_effect_of_its_own() -> None:
    found = methods.shift_share(grid([(10, 20), (30, 15), (5, 5)] * 2))
    assert found["competitive"].to_list() == pytest.approx([0.0] * 6)


# A second territory: a year for which the table has no row at all is refused, not taken for zero
OTHER = table(("other", "x", 2010, 1), ("other", "x", 2015, 1))
NATION = table(("nation", "x", 2010, 100), ("nation", "x", 2015, 110), ("nation", "y", 2010, 0), ("nation", "y", 2015, 30))


@pytest.mark.parametrize(
    ("rows", "note", "competitive"),
    [
        ([("a", "x", 2010, None), ("a", "x", 2015, 5)], "unknown_value", None),
        ([("a", "x", 2015, 5)], "birth", 5.0),
        ([("a", "y", 2015, 5)], "birth", 5.0),
        ([("a", "y", 2010, 2), ("a", "y", 2015, 5)], "absent_from_nation", None),
        ([("a", "x", 2010, -10), ("a", "x", 2015, -20)], "negative_base", -9.0),
        ([("a", "x", 2010, 10)], None, -11.0),
    ],
)
def test_a_cell_that_misleads_says_so(rows: list[Any], note: str | None, competitive: float | None) -> None:
    given = pl.concat([table(*rows), OTHER, NATION])
    found = methods.shift_share(given, reference="nation").filter(territory="a")
    assert found["note"].item() == note
    assert found["competitive"].item() == (None if competitive is None else pytest.approx(competitive))
    assert found["national"].is_null().item() == (competitive is None)


def test_an_unknown_cell_leaves_its_territory_without_a_sum_and_without_estebans_split() -> None:
    rows = table(("a", "x", 2010, 10), ("a", "x", 2015, 12), ("a", "y", 2010, None), ("a", "y", 2015, 3))
    given = pl.concat([rows, NATION])
    cell = only(methods.shift_share(given, reference="nation").filter(activity="x"))
    assert (cell["competitive"], cell["competitive_homothetic"], cell["note"]) == (pytest.approx(1.0), None, "incomplete_total")
    whole = only(methods.territory_effects(given, reference="nation"))
    assert (whole["growth"], whole["local_effect"], whole["note"]) == (None, None, "unknown_value")
    assert only(methods.gerfin(given, reference="nation"))["note"] == "unknown_value"


@pytest.mark.parametrize(
    ("rows", "note"),
    [
        ([("a", "x", 2015, 5)], "empty_base"),
        ([("a", "x", 2010, -5), ("a", "x", 2015, 5)], "negative_base"),
        ([("a", "y", 2010, 5), ("a", "y", 2015, 5)], "absent_from_nation"),
    ],
)
def test_a_territory_without_a_rate_says_why(rows: list[Any], note: str) -> None:
    effects = methods.territory_effects(pl.concat([table(*rows), OTHER, NATION]), reference="nation")
    found = only(effects.filter(territory="a"))
    assert (found["note"], found["local_effect"]) == (note, None)


def test_a_cell_that_lived_in_between_counts_in_the_yearly_sum() -> None:
    rows = table(("a", "x", 2010, 10), ("a", "x", 2011, 11), ("a", "x", 2012, 12), ("a", "y", 2011, 4))
    nation = table(*(("n", activity, year, value) for activity, value in (("x", 100), ("y", 9)) for year in (2010, 2011, 2012)))
    found = {
        row["activity"]: row for row in methods.shift_share(pl.concat([rows, nation]), reference="n", dynamic=True).to_dicts()
    }
    assert (found["y"]["base"], found["y"]["end"], found["y"]["competitive"]) == (0.0, 0.0, 0.0)
    assert found["y"]["note"] == "undefined_in_a_year"
    assert found["x"]["competitive"] == pytest.approx(2.0)


def test_classes_need_a_sign_and_an_industry() -> None:
    rows = table(("a", "x", 2010, 10), ("a", "x", 2015, 11), ("b", "y", 2015, 5), ("c", "x", 2010, None), ("c", "x", 2015, 1))
    found = methods.local_effect(pl.concat([rows, NATION]), reference="nation", industry=["x"])
    assert dict(zip(found["territory"], found["note"], strict=True)) == {
        "a": "no_sign",
        "b": "no_industry",
        "c": "unknown_value",
    }
    assert found["class"].null_count() == 3


def test_what_the_nation_has_not_is_a_negative_residue() -> None:
    nation = pl.DataFrame({"activity": ["x", "x"], "year": [2010, 2015], "value": [5.0, 5.0]})
    rows = table(("a", "x", 2010, 5), ("a", "x", 2015, 5), ("a", "z", 2010, 2), ("a", "z", 2015, 1))
    found = methods.residue(rows, reference=nation)
    assert found.rows() == [("x", 0.0, 0.0, None), ("z", -2.0, -1.0, None)]


@pytest.mark.parametrize(
    ("call", "options", "refusal"),
    [
        (methods.shift_share, {"reference": "France"}, specialisation.UnknownReference),
        (methods.shift_share, {"start": 2015}, methods.OneYear),
        (methods.shift_share, {"start": 2009}, methods.UnknownYear),
        (methods.residue, {}, methods.NoReference),
        (methods.local_effect, {"industry": ["métal"]}, methods.NoIndustry),
        (methods.shift_share, {"reference": NATION.drop("territory").filter(pl.col("year") == 2015)}, methods.UnknownYear),
        (methods.shift_share, {"reference": NATION.drop("territory").with_columns(value=0)}, methods.EmptyNation),
        (methods.shift_share, {"reference": NATION.drop("territory").with_columns(value=None)}, methods.IncompleteNation),
    ],
)
def test_what_cannot_be_decomposed_is_refused_with_a_sentence(call: Any, options: dict[str, Any], refusal: Any) -> None:
    with pytest.raises(refusal, match=r"\.$"):
        call(table(("a", "x", 2010, 10), ("a", "x", 2015, 11)), **options)


def test_a_reference_alone_has_nothing_to_be_compared() -> None:
    with pytest.raises(specialisation.NothingCompared):
        methods.shift_share(NATION, reference="nation")
