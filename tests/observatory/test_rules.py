"""Classes of a map, codes of activities, outlines of tiles, and printed sums recomputed."""

import pytest

from beffroi.observatory.rules import (
    Difference,
    added,
    class_of,
    classes_of,
    contribution_row,
    far_away,
    hatched,
    naf_at,
    on_plane,
    summed_row,
)

SQUARE = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)]


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        ([], []),
        ([7.0], [(7, 7, 1)]),
        ([1, 1, 1, 1], [(1, 1, 4)]),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [(1, 2, 2), (3, 4, 2), (5, 6, 2), (7, 8, 2), (9, 10, 2)]),
        ([-3, -2, -1, 4], [(-3, -3, 1), (-2, -2, 1), (-1, -1, 1), (4, 4, 1)]),
        ([-2, -1, 0, 0, 0, 0, 0, 0, 0, 9], [(-2, -1, 2), (0, 0, 7), (9, 9, 1)]),
    ],
)
def test_at_most_five_classes_that_keep_equal_values_together(
    values: list[float], classes: list[tuple[float, float, int]]
) -> None:
    assert [(one.low, one.high, one.count) for one in classes_of(values)] == classes


def test_the_class_of_a_value() -> None:
    classes = classes_of([1, 2, 3])
    assert [class_of(value, classes) for value in (1, 3, None, 9)] == [0, 2, None, None]


@pytest.mark.parametrize(
    ("code", "depth", "found"),
    [
        ("4399A", "section", "F"),
        ("43.99A", "division", "43"),
        ("4399A", "groupe", "439"),
        ("4399A", "sous-classe", "4399A"),
        ("43", "groupe", None),
        ("C", "section", "C"),
        ("C", "division", None),
        ("00", "section", None),
        ("xx", "section", None),
    ],
)
def test_the_level_of_an_activity_that_holds_a_code(code: str, depth: str, found: str | None) -> None:
    assert naf_at(code, depth) == found


def test_hatches_stay_inside_their_polygon() -> None:
    lines = hatched([SQUARE], 0.5)
    assert len(lines) == 4
    assert all(0 <= x <= 1 and 0 <= y <= 1 for line in lines for x, y in line)
    assert hatched([], 0.5) == []


def test_lengths_of_the_same_scale() -> None:
    assert on_plane([(2.0, 50.0)], 0.5) == [(1.0, 50.0)]


def test_territories_across_an_ocean_are_far_away() -> None:
    near = {pk: (float(pk), 45.0) for pk in range(10)}
    assert far_away(near | {99: (-61.0, 16.0)}) == {99}
    assert far_away(near) == far_away({}) == far_away({1: (0.0, 0.0)}) == set()


def test_a_printed_total_beside_its_parts() -> None:
    row = {"total": -21_969.0, "attendu": -12_672.0, "local": -9_297.0}
    exact = summed_row(row, total="total", parts=["attendu", "local"])
    assert (exact.computed, exact.gap, exact.is_right) == (-21_969, 0, True)
    wrong = summed_row(row | {"local": -9_000.0}, total="total", parts=["attendu", "local"])
    assert (wrong.gap, wrong.is_right) == (-297, False)
    rounded = summed_row({"total": 1.1, "a": 0.5, "b": 0.5}, total="total", parts=["a", "b"], step=0.1)
    assert rounded.is_right is True
    unknown = summed_row({"total": 1.0, "a": None}, total="total", parts=["a"])
    assert (unknown.gap, unknown.is_right) == (None, None)
    assert added([]) is None


def test_a_contribution_is_a_share_times_an_impact() -> None:
    assert contribution_row(17.0, -21.6, -3.7) == Difference(-3.7, 17.0 * -21.6 / 100, 0.05 + 0.05 * 38.6 / 100)
    assert contribution_row(17.0, -21.6, -3.7).is_right is True
    assert contribution_row(17.0, -21.6, -4.7).is_right is False
    assert contribution_row(None, -21.6, -4.7).is_right is None
