"""Which services answer a subject in a territory."""

import pytest

from beffroi.interactions.rules.coverage import Cover, Covered, Offered, coverage, reach

# 1 Lens, 2 Pas-de-Calais, 3 Nord, 4 the region
AROUND = {1: {1, 2, 4}, 2: {2, 4}, 3: {3, 4}, 4: {4}}


def offered(*places: int, pk: int = 1, subjects: tuple[int, ...] = (10,)) -> Offered:
    return Offered(pk, frozenset(subjects), frozenset(places))


@pytest.mark.parametrize(
    ("places", "where", "expected"),
    [
        ((), 1, Cover.WHOLE),
        ((2,), 1, Cover.WHOLE),
        ((1,), 1, Cover.WHOLE),
        ((3,), 1, Cover.NOBODY),
        ((1,), 2, Cover.PART),
        ((), None, Cover.WHOLE),
        ((2,), None, Cover.PART),
        ((9,), 8, Cover.NOBODY),
    ],
)
def test_a_service_reaches_what_it_contains_and_a_part_of_what_contains_it(places, where, expected) -> None:
    assert reach(offered(*places), where, AROUND) == expected


def test_a_zone_across_two_departments_is_reached_in_part() -> None:
    zone = {5: {5, 4}}
    assert reach(offered(3), 5, AROUND | zone, {5: {2, 3}}) == Cover.PART
    assert reach(offered(3), 5, AROUND | zone) == Cover.NOBODY


def test_each_cell_says_who_answers_for_all_of_it_or_for_a_part() -> None:
    services = [offered(4, pk=1), offered(1, pk=2), offered(3, pk=3, subjects=(10, 11)), offered(pk=4, subjects=(99,))]
    cells = coverage(services, subjects=[10, 11], zones=[2, 3], around=AROUND)
    assert cells == {
        (10, 2): Covered([1], [2]), (11, 2): Covered(), (10, 3): Covered([1, 3]), (11, 3): Covered([3])
    }  # fmt: skip
    assert [cells[cell].cover for cell in sorted(cells)] == ["full", "full", "none", "full"]
    assert (cells[10, 2].count, Covered([], [7]).cover) == (2, Cover.PART)
