"""Where the bands of a flow stand."""

import pytest

from beffroi.publishing.sheets.money.flows import MOST, TALLEST, flow


def test_what_leaves_one_side_reaches_the_other() -> None:
    drawn = flow(
        [("État", "Axe 1", 300), ("État", "Axe 2", 100), ("Région", "Axe 1", 100), ("Région", "Axe 3", 0)], others="autres"
    )
    assert drawn is not None
    ends = {(end.label, end.anchor): end.amount for end in drawn.ends}
    assert ends == {("État", "end"): 400, ("Région", "end"): 100, ("Axe 1", "start"): 400, ("Axe 2", "start"): 100}
    widths = {band.title[:2]: float(band.width) for band in drawn.bands}
    assert widths["État", "Axe 1"] == pytest.approx(3 * widths["État", "Axe 2"], rel=0.01)
    heights = {end.label: float(end.height) for end in drawn.ends}
    assert heights["État"] == pytest.approx(widths["État", "Axe 1"] + widths["État", "Axe 2"], rel=0.01)


def test_the_smallest_are_one_band_at_the_end_of_their_side() -> None:
    drawn = flow([(f"F{n:02}", "Axe", 100 - n) for n in range(MOST + 5)], others="autres")
    assert drawn is not None
    left = [end.label for end in drawn.ends if end.anchor == "end"]
    assert len(left) == MOST and left[-1] == "autres" and left[0] == "F00"
    assert sum(end.amount for end in drawn.ends if end.anchor == "end") == sum(100 - n for n in range(MOST + 5))
    assert drawn.height < TALLEST + 26 * MOST


def test_nothing_to_draw_is_no_drawing() -> None:
    assert flow([("État", "Axe", 0)], others="autres") is None
