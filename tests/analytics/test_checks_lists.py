import pytest

from beffroi.analytics import checks, tables
from beffroi.analytics.checks.lists import announcements
from tests.analytics.stories import differences, observations, subjects, table


def items(count, *, place=None, name="Programme", codes=None):
    numbers = codes or range(1, count + 1)
    rows = ["ref | framework | framework_label | code | level | label | position | place"]
    rows += [f"item:{n} | framework:1 | {name} | enjeu-{n} | stake | Enjeu {n} | {n} | {place or ''}" for n in numbers]
    return table(tables.ITEMS, "\n".join(rows))


@pytest.mark.parametrize(
    ("text", "announced"),
    [
        ("Les 8 enjeux du schéma", [(8, "enjeux")]),
        ("Pôles d’excellence régionaux (14)", [(14, "poles")]),
        ("dix-huit collectivités aidées", [(18, "collectivites")]),
        ("3.3 autour de 4 axes", []),
        ("Tableau 4 : Les 14 pôles", [(14, "poles")]),
        ("1.4 plan de relance", []),
        ("Pays des Sept Vallées", []),
        ("le label des trois ans", []),
    ],
)
def test_numbers_that_texts_announce(text, announced):
    assert list(announcements(text)) == announced


def test_eight_announced_and_seven_described():
    found = checks.announced_against_listed(items(7, place="Les 8 enjeux du schéma"))
    assert differences(found) == ["−1"]
    assert checks.announced_against_listed(items(8, place="Les 8 enjeux du schéma")).is_empty()
    assert checks.announced_against_listed(items(3, place="Les 80 pages du schéma")).is_empty()


def test_a_framework_that_says_its_number():
    assert differences(checks.announced_against_listed(items(13, name="Pôles régionaux (14)"))) == ["−1"]


def test_a_hole_in_the_numbers_of_a_list():
    found = checks.numbering_gap(items(7, codes=[1, 2, 3, 5, 6, 7, 8]))
    assert differences(found) == ["manque : 4"]
    assert checks.numbering_gap(items(8)).is_empty()
    assert checks.numbering_gap(items(3, codes=[1, 2, 40])).is_empty()


def test_a_count_that_names_a_framework():
    listed = items(6, name="Parcs d’activité")
    five = observations("value | unit\n5 | parcs", indicator_label="Parcs d’activité")
    six = observations("value | unit\n6 | parcs", indicator_label="Parcs d’activité")
    assert subjects(checks.count_against_items(five, listed)) == [["cell:1", "framework:1"]]
    assert checks.count_against_items(six, listed).is_empty()
