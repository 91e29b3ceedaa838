from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.analytics import frames, specialisation, tables
from tests.analytics import cases

COUNTS = st.lists(st.lists(st.integers(0, 500), min_size=3, max_size=3), min_size=2, max_size=5).filter(
    lambda rows: all(sum(row) for row in rows) and all(sum(column) for column in zip(*rows, strict=True))
)


def jobs(*rows: tuple[str, str, float | None]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=["territory", "activity", "value"], orient="row")


def grid(counts: list[list[int]]) -> pl.DataFrame:
    return jobs(*((f"t{j}", f"a{i}", float(n)) for j, row in enumerate(counts) for i, n in enumerate(row)))


def by(table: pl.DataFrame, *keys: str) -> dict[Any, dict[str, Any]]:
    rows = {tuple(row[key] for key in keys): row for row in table.to_dicts()}
    return rows if len(keys) > 1 else {key[0]: row for key, row in rows.items()}


@pytest.mark.parametrize("year", [2008, 2014])
def test_freiburg_in_germany(year: int) -> None:
    expected = cases.case_json("location_quotient/expected.json")[f"freiburg_lq_{year}"]
    table = cases.freiburg("location_quotient").filter(year=year)
    found = specialisation.location_quotient(table, reference="Germany")
    assert dict(zip(found["activity"], found["location_quotient"], strict=True)) == pytest.approx(expected, rel=1e-11)


def test_structure_of_freiburg() -> None:
    expected = cases.case_json("location_quotient/expected.json")
    row = specialisation.specialisation(cases.freiburg("location_quotient").filter(year=2014), reference="Germany").row(
        0, named=True
    )
    assert row["gini_of_quotients"] == pytest.approx(expected["gini_spec_2014"], rel=1e-11)
    assert row["krugman"] == pytest.approx(expected["krugman_spec_2014"], rel=1e-11)
    assert row["herfindahl"] == pytest.approx(expected["hhi_2014"], rel=1e-11)


@given(COUNTS)
def test_the_mean_of_the_quotients_of_a_territory_weighted_by_the_reference_is_one(counts: list[list[int]]) -> None:
    found = specialisation.location_quotient(grid(counts))
    sums = found.group_by("territory").agg((pl.col("location_quotient") * pl.col("reference_share")).sum())
    assert sums["location_quotient"].to_list() == pytest.approx([1.0] * len(counts))


@given(COUNTS, st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_splitting_a_cell_changes_a_quotient(counts: list[list[int]], random: Any) -> None:
    whole = grid(counts)
    halves = pl.concat([whole.with_columns(pl.col("value") / 2)] * 2)
    mixed = halves[random.sample(range(halves.height), halves.height)]
    one, other = (specialisation.location_quotient(table).sort("territory", "activity") for table in (whole, mixed))
    assert other["location_quotient"].to_list() == pytest.approx(one["location_quotient"].to_list())


@given(COUNTS)
def test_measures_of_structure_stay_within_their_bounds(counts: list[list[int]]) -> None:
    for row in specialisation.specialisation(grid(counts)).to_dicts():
        assert 0 <= row["krugman"] <= 2
        assert 0 <= row["gini_of_quotients"] <= 1 - 1 / row["activities"] + 1e-12
        assert -1e-12 <= row["herfindahl_normalised"] <= 1 + 1e-12
        assert row["locational_gini"] <= row["specialisation_coefficient"] * 2 + 1e-12


@given(COUNTS)
def test_distances_are_those_to_a_reference_made_of_the_other_territory(counts: list[list[int]]) -> None:
    pair = grid(counts[:2])
    away = specialisation.specialisation(pair, reference="t1") if all(counts[1]) else None
    distance = specialisation.krugman_index(pair)["krugman"].item()
    assert 0 <= distance <= 2
    assert away is None or distance == pytest.approx(away["krugman"].item())


def test_an_activity_without_a_row_counts_as_one_of_zero_jobs() -> None:
    rows = (("a", "x", 10.0), ("a", "y", 20.0), ("b", "x", 30.0))
    short, long = (specialisation.specialisation(jobs(*given)) for given in (rows, (*rows, ("b", "y", 0.0))))
    assert short.sort("territory").equals(long.sort("territory"))


def test_a_territory_outside_its_reference_is_told() -> None:
    nation = pl.DataFrame({"activity": ["x", "y"], "value": [5, 100]})
    found = by(specialisation.location_quotient(jobs(("a", "x", 10), ("a", "y", 10)), reference=nation), "activity")
    assert (found["x"]["location_quotient"], found["x"]["note"]) == (10.5, "exceeds_reference")


def test_a_table_of_zeros_has_no_quotient() -> None:
    found = specialisation.location_quotient(jobs(("a", "x", 0), ("b", "x", 0)))
    assert found.select("location_quotient", "note").rows() == [(None, "empty_territory")] * 2


def test_what_is_unknown_leaves_specific_unknown_unless_the_rest_settles_it() -> None:
    nation = pl.DataFrame({"activity": ["x", "y", "z"], "value": [1000.0, 9000.0, None]})
    table = jobs(("a", "x", 600.0), ("a", "y", 400.0), ("a", "z", 300.0), ("b", "x", None))
    found = by(specialisation.specificities(table, reference=nation), "territory", "activity")
    assert {key: row["specific"] for key, row in found.items()} == {
        ("a", "x"): None,
        ("a", "y"): False,
        ("a", "z"): False,
        ("b", "x"): None,
    }


def test_what_cannot_be_standardised_is_told() -> None:
    table = jobs(("a", "x", 10), ("a", "y", 10), ("b", "x", 5), ("b", "y", 5), ("c", "z", 1))
    found = by(specialisation.standardised_quotient(table), "territory", "activity")
    assert found["a", "x"]["note"] == "same_everywhere"
    assert found["c", "z"]["note"] == "one_territory"
    assert found["a", "x"]["standardised_quotient"] is None


@pytest.mark.parametrize(
    ("table", "options", "note"),
    [
        (jobs(("a", "x", 0), ("b", "x", 1), ("b", "y", 1)), {}, "empty_territory"),
        (jobs(("a", "x", None), ("b", "x", 1), ("b", "y", 1)), {}, "incomplete_total"),
        (jobs(("a", "z", 1), ("b", "x", 1), ("b", "y", 1)), {"reference": "b"}, "absent_from_reference"),
        (jobs(("a", "x", 1), ("b", "x", 1)), {}, "one_activity"),
    ],
)
def test_a_structure_that_has_no_measure_says_why(table: pl.DataFrame, options: dict[str, Any], note: str) -> None:
    row = by(specialisation.specialisation(table, **options), "territory")["a"]
    assert row["note"] == note
    assert row["herfindahl_normalised"] is None
    assert not any(isinstance(value, float) and value != value for value in row.values())


@pytest.mark.parametrize(
    ("table", "options", "refusal"),
    [
        (jobs(("a", "x", -1)), {}, frames.NegativeValues),
        (jobs(("a", "x", float("nan"))), {}, frames.NotNumbers),
        (jobs(("a", "x", float("inf"))), {}, frames.NotNumbers),
        (jobs(), {}, frames.EmptyTable),
        (jobs(("a", "x", 1)).with_columns(territory=pl.lit(None, pl.String)), {}, frames.NamelessRows),
        (jobs(("a", "x", 1)).with_columns(value=pl.lit("beaucoup")), {}, frames.NotNumbers),
        (jobs(("a", "x", 1)).drop("activity"), {}, tables.MissingColumns),
        (jobs(("a", "x", 1)), {"reference": "France"}, specialisation.UnknownReference),
        (jobs(("a", "x", 1)), {"reference": "a"}, specialisation.NothingCompared),
        (jobs(("a", "x", 1)), {"total": "T"}, specialisation.UnknownTotal),
    ],
)
def test_a_table_that_cannot_be_compared_is_refused_with_a_sentence(
    table: pl.DataFrame, options: dict[str, Any], refusal: type[tables.Refusal]
) -> None:
    with pytest.raises(refusal, match=r"\.$"):
        specialisation.location_quotient(table, **options)
