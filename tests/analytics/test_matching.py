"""Record linkage: what is prepared, what each step links, what speaks for and against, and what errors are to be expected."""

import polars as pl
import pytest

from beffroi.analytics import matching
from beffroi.analytics.matching import (
    NothingToCompare,
    RepeatedRecord,
    dedupe,
    explained,
    link,
    quality,
    reasons,
    thresholds,
)
from beffroi.analytics.matching.errors import chances_of_one, chances_of_pairs
from beffroi.analytics.tables import MissingColumns

NAMES = (
    "Dupontel",
    "Vermeulin",
    "Lequesnoy",
    "Carpentol",
    "Bosquelle",
    "Delattre",
    "Fontenoy",
    "Hazebert",
    "Marquillet",
    "Wattrelin",
)
TRADES = ("Menuiserie", "Boulangerie", "Transports", "Garage", "Imprimerie", "Textile")


def table(*rows: str, columns: str = "id name address postcode city naf date siren") -> pl.DataFrame:
    """Each row: cells parted by « | », empty when unknown."""
    names = columns.split()
    cells = [[cell.strip() or None for cell in row.split("|")] for row in rows]
    return pl.DataFrame([dict(zip(names, row, strict=True)) for row in cells], schema=dict.fromkeys(names, pl.String))


def register() -> pl.DataFrame:
    """Sixty companies of a region, no two of one name."""
    rows = []
    for number, (name, trade) in enumerate((name, trade) for name in NAMES for trade in TRADES):
        place = f"{59000 + number * 10} | Ville{number}"
        code, created = f"4{number % 9}.20A", 1960 + number % 40
        rows.append(f"C{number} | SARL {trade} {name} | {number + 1} rue du Bois{number} | {place} | {code} | {created} |")
    return table(*rows)


def linked(*rows: str, step: str = "") -> list[tuple[str, str]]:
    found = link(table(*rows), register()).kept()
    kept = found.filter(pl.col("step") == step) if step else found
    return kept.select("left", "right").rows()


def test_a_right_number_links_whatever_the_name_and_a_wrong_one_says_nothing() -> None:
    left = table(
        "a | Un autre nom | | | | | | 732 829 320",
        "b | Menuiserie Bleue | | | | | | 732829321",
        "c | Poste du bois | | | | | | 356000000",
    )
    right = table("X | MENUISERIE BLEUE | | 59000 | LILLE | | | 732829320", "P | LA POSTE | | 75015 | PARIS | | | 356000000")
    found = link(left, right)
    assert found.links.filter(pl.col("step") == "identifier").select("left", "right", "chance").rows() == [
        ("a", "X", 1.0),
        ("c", "P", 1.0),
    ]


def test_a_siret_gives_its_siren_and_the_post_office_keeps_its_own_key() -> None:
    left = table("a | Agence | 35600000000048", "b | Site | 73282932000074", columns="id name siret")
    right = table("P | LA POSTE | 356000000", "X | ACME | 732829320", columns="id name siren")
    assert link(left, right).links.select("left", "right", "step").rows() == [
        ("a", "P", "identifier"),
        ("b", "X", "identifier"),
    ]


def test_the_only_one_of_a_name_at_a_place_is_that_one_unless_something_contradicts_it() -> None:
    assert linked("a | DUPONTEL MENUISERIE S.A.R.L. | | 59000 | | | |", step="exact") == [("a", "C0")]
    assert linked("a | Menuiserie Dupontel | | | Ville0 | | |", step="exact") == [("a", "C0")]
    assert linked("a | Menuiserie Dupontel SCI | 9 rue d’Ailleurs | 59000 | | | 2020 |", step="exact") == []


def test_typing_errors_abbreviations_and_words_in_another_order_are_linked_by_probability() -> None:
    found = linked(
        "a | Boulangrie Vermeulin | 8 r. du Bois7 | 59070 | Ville7 | |  |",
        "b | Lequesnoy Tpts | 15 rue du Bois14 | 59140 | Ville14 | | |",
        "c | GarageCarpentol | 22 rue du Bois21 | 59210 | Ville21 | | |",
        "d | Scierie du Nordet | 99 av des Lys | 62000 | Arras | | |",
    )
    assert found == [("a", "C7"), ("b", "C14"), ("c", "C21")]


def test_what_speaks_for_and_against_is_said_in_plain_words() -> None:
    found = link(table("a | Boulangrie Vermeulin EURL | 8 rue du Bois7 | 59070 | Ville7 | 99.99Z | |"), register())
    row = explained(found.kept()).row(0, named=True)
    assert "Même adresse." in row["for"]
    assert row["against"] == ["Formes juridiques différentes.", "Activités différentes (NAF)."]
    assert [one.text for one in reasons({"step": "identifier"})] == ["Même numéro SIREN ou SIRET."]
    assert reasons({"step": "probable", "name": -1, "place": None}) == []


def test_levels_that_the_tables_could_not_teach_are_named() -> None:
    found = link(table("a | Boulangrie Vermeulin | 8 rue du Bois7 | 59070 | Ville7 | | |"), register())
    assert "name: Même nom, à une lettre ou une abréviation près." in found.untrained


def test_what_the_tables_teach_is_learnt_from_pairs_that_agree_on_something_else() -> None:
    rows = [row for row in register().iter_rows(named=True) if row["id"] != "C0"]
    left = [
        f"R{n} | {row['name'].replace('e', 'a', 1)} | {row['address']} | {row['postcode'][:4]}9 | | {row['naf']} | |"
        for n, row in enumerate(rows)
    ]
    found = link(table(*left), register())
    assert (
        quality(found.kept(), pl.DataFrame({"left": [f"R{n}" for n in range(59)], "right": [row["id"] for row in rows]})).f1
        == 1
    )
    assert "name: Même nom, à une lettre ou une abréviation près." not in found.untrained


def test_two_right_numbers_that_differ_are_two_companies() -> None:
    left = table("a | Menuiserie Bleue | 3 rue du Bois | 59000 | Lille | | | 552100554")
    right = table("X | Menuiserie Bleue | 3 rue du Bois | 59000 | Lille | | | 732829320")
    assert link(left, right).links.is_empty()


def test_the_same_tables_give_the_same_answer() -> None:
    left = table("a | Boulangrie Vermeulin | 8 r. du Bois7 | 59070 | Ville7 | | |", "b | Lequesnoy Tpts | | 59140 | | | |")
    once, again = (link(left, register()).candidates for _ in range(2))
    assert once.equals(again)


def test_a_table_against_itself_gives_its_doubles_once() -> None:
    people = [(first, last) for first in ("alix", "sam", "noor", "lou", "max", "zoe") for last in NAMES]
    rows = [
        f"{n} | {first} {last} | {n} rue des Lilas{n} | {4000 + n} | Ville{n} | | 19{50 + n % 50}0{n % 9 + 1}11 |"
        for n, (first, last) in enumerate(people)
    ]
    found = dedupe(table(*rows, "x | alxi dupontel | 0 rue des Lilas0 | 4000 | Ville0 | | 19500111 |"))
    assert found.kept().select("left", "right").rows() == [("0", "x")]


@pytest.mark.parametrize("rows", [(), ("a | Menuiserie | | | | | |",)])
def test_an_empty_table_or_one_row_is_a_result(rows: tuple[str, ...]) -> None:
    small = table(*rows)
    assert link(small, table()).links.is_empty()
    assert link(table(), register()).thresholds[0].links == 0
    assert dedupe(small).candidates.is_empty()
    assert dedupe(table("a | Bleu | | | | | |", "b | Vert | | | | | |")).links.is_empty()
    assert link(table("a | Zzz | | | | | |"), register()).links.is_empty()


def test_what_cannot_be_compared_is_refused_by_name() -> None:
    with pytest.raises(MissingColumns, match="id"):
        link(pl.DataFrame({"name": ["a"]}), register())
    with pytest.raises(NothingToCompare, match="left"):
        link(pl.DataFrame({"id": ["a"], "city": ["Lille"]}), register())
    with pytest.raises(RepeatedRecord, match="« a »"):
        link(pl.DataFrame({"id": ["a", "a"], "name": ["x", "y"]}), register())
    with pytest.raises(RepeatedRecord):
        link(pl.DataFrame({"id": [None], "name": ["x"]}), register())


def test_rivals_share_the_chance_of_one_record() -> None:
    weights = pl.DataFrame({"left": [0, 0, 1], "right": [0, 1, 2], "weight": [20.0, 20.0, -20.0]})
    chance = chances_of_one(weights, left=2, right=10)["chance"].to_list()
    assert chance[0] == chance[1] == pytest.approx(0.5, abs=0.01)
    assert chance[2] < 0.01
    assert chances_of_pairs(weights, records=3)["chance"].to_list()[:2] == pytest.approx([1, 1], abs=0.01)


def test_a_threshold_tells_the_errors_to_expect() -> None:
    rows = pl.DataFrame({"chance": [1.0, 0.9, 0.6, 0.2]})
    found = {row.at: (row.links, round(row.false_links, 2), round(row.missed_links, 2)) for row in thresholds(rows, rows)}
    assert found[0.5] == (3, 0.5, 0.2)
    assert found[0.9] == (2, 0.1, 0.8)


def test_quality_beside_a_truth() -> None:
    found, truth = (
        pl.DataFrame(rows, schema=["left", "right"], orient="row")
        for rows in ([("a", "1"), ("b", "2")], [("a", "1"), ("c", "3")])
    )
    known = quality(found, truth)
    assert (known.precision, known.recall, known.f1) == (0.5, 0.5, 0.5)
    none = quality(found.clear(), truth.clear())
    assert (none.precision, none.recall, none.f1) == (None, None, None)


def test_names_places_and_dates_are_brought_to_what_can_be_compared() -> None:
    from beffroi.analytics.matching.prepared import prepared as read

    rows = read(
        table(
            "a | Sté Industrielle de Tissage (S.I.T.) S.A.S. | 12 bis, av. Leclerc | 2650 | LILLE CEDEX 9 | | 03/02/1999 |",
            "b | S A R L Œuvre & Fils | bd Foch | 59000 | Saint-Omer | | 1999-02 |",
            "c | N.C. | | 59100 | | | demain |",
        )
    )
    assert rows["core"].to_list() == ["indl ste tissage", "fils oeuvre", None]
    assert rows["acronym"].to_list()[0] == "sit"
    assert rows["form"].to_list() == ["sas", "sarl", None]
    assert rows["postcode"].to_list() == ["02650", "59000", "59100"]
    assert rows["city"].to_list() == ["lille", "st omer", None]
    assert rows["day"].to_list() == ["19990203", "1999", None]
    assert rows["number_in_street"].to_list() == ["12", None, None]


def test_the_public_names_are_those_of_the_module() -> None:
    assert set(matching.__all__) <= set(dir(matching))
