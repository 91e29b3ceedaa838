"""Every pair of colours that carries words reaches WCAG AA by day and by night."""

import json
import re
from pathlib import Path

import pytest

STATIC = Path("src/beffroi/web/static")
TOKEN = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
TEXTS = """
    ink          | parchment surface shade bell-soft good-soft watch-soft bad-soft
    ink-2        | parchment surface shade
    brick        | parchment surface shade bell-soft
    brick-strong | parchment surface
    on-brick     | brick brick-strong
    good         | parchment surface good-soft
    watch        | parchment surface watch-soft
    bad          | parchment surface bad-soft
    unknown      | parchment surface unknown-soft
    on-masthead  | masthead masthead-line
    on-masthead-2| masthead
"""
MARKS = """
    bell         | parchment surface
    focus        | parchment surface shade
    line-strong  | parchment surface
    on-masthead  | masthead
    chart-1      | parchment surface
    chart-2      | parchment surface
    chart-3      | parchment surface
    chart-4      | parchment surface
    chart-5      | parchment surface
    chart-6      | parchment surface
    chart-7      | parchment surface
    chart-8      | parchment surface
"""


def tokens(sheet: str) -> dict[str, str]:
    return dict(TOKEN.findall((STATIC / "css" / sheet).read_text()))


DAY = tokens("tokens.css")
NIGHT = {**DAY, **tokens("dark.css")}


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def too_pale(pairs: str, colours: dict[str, str], least: float) -> list[str]:
    found = []
    for line in pairs.strip().splitlines():
        front, grounds = (part.strip() for part in line.split("|"))
        for ground in grounds.split():
            reached = contrast(colours[front], colours[ground])
            if reached < least:
                found.append(f"{front} on {ground}: {reached:.2f}")
    return found


@pytest.mark.parametrize("colours", [DAY, NIGHT], ids=["day", "night"])
def test_words_reach_4_5(colours: dict[str, str]) -> None:
    assert too_pale(TEXTS, colours, 4.5) == []


@pytest.mark.parametrize("colours", [DAY, NIGHT], ids=["day", "night"])
def test_marks_reach_3(colours: dict[str, str]) -> None:
    assert too_pale(MARKS, colours, 3.0) == []


def test_black_on_white_is_the_known_21() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21


def test_night_renames_nothing() -> None:
    assert set(tokens("dark.css")) <= set(DAY)


def test_charts_use_the_colours_of_the_page() -> None:
    theme = json.loads((STATIC / "js" / "chart-theme.json").read_text())
    assert {name: DAY[name.removeprefix("--")] for name in theme["tokens"]} == theme["tokens"]
