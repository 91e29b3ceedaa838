"""Two events that would invite the same people, seen before it is too late."""

from datetime import date, timedelta
from typing import Any

import pytest

from beffroi.interactions.enums import Closeness
from beffroi.interactions.rules.closeness import Planned, close_pairs, close_to, closeness, shared_words

DAY = date(2026, 6, 10)
LILLE, METROPOLE, NORD, REGION, AMIENS, SOMME = 1, 2, 3, 4, 5, 6
PLACES = {
    "Lille": (LILLE, {LILLE, METROPOLE, NORD, REGION}, {LILLE, METROPOLE}),
    "Nord": (NORD, {NORD, REGION}, set()),
    "Amiens": (AMIENS, {AMIENS, SOMME, REGION}, {AMIENS}),
    "Roubaix": (7, {7, METROPOLE, NORD, REGION}, {7, METROPOLE}),
    "": (None, set(), set()),
}


def planned(key: int, told: str) -> Planned:
    """`title | place | areas | days after 10 June | days it lasts`"""
    title, place, areas, after, lasts = (part.strip() for part in told.split("|"))
    first = DAY + timedelta(days=int(after))
    pk, zones, narrow = PLACES[place]
    fields: dict[str, Any] = {"place": pk, "zones": frozenset(zones), "narrow": frozenset(narrow)}
    return Planned(key, title, first, first + timedelta(days=int(lasts) - 1), frozenset(map(int, areas.split())), **fields)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Textiles techniques | Lille | 1 | 0 | 1", "Santé connectée | Amiens | 1 | 0 | 1", "clash: =days =area"),
        ("Textiles techniques | Lille | 1 | 0 | 1", "Santé connectée | Roubaix | 2 | 0 | 1", "clash: =days =zone"),
        ("Textiles techniques | Lille | 1 | 0 | 1", "Santé connectée | Amiens | 2 | 0 | 1", ""),
        ("Textiles techniques | Lille | 1 | 0 | 3", "Marchés textiles | Amiens |  | 2 | 1", "clash: =days =words"),
        ("Textiles techniques | Lille |  | 0 | 1", "Les textiles | Roubaix |  | 14 | 1", "repeat: near =words =zone"),
        ("Textiles techniques | Lille |  | 0 | 1", "Les textiles | Amiens |  | 14 | 1", ""),
        ("Textiles techniques | Lille |  | 0 | 1", "Les textiles |  |  | 14 | 1", "repeat: near =words zone?"),
        ("Textiles techniques | Nord |  | 0 | 1", "Les textiles | Lille |  | 9 | 1", "repeat: near =words zone?"),
        ("Textiles techniques | Lille | 1 | 0 | 1", "Santé connectée | Lille | 1 | 5 | 1", "repeat: near =area =zone"),
        ("Textiles techniques | Lille | 1 | 0 | 1", "Santé connectée |  | 1 | 5 | 1", ""),
        ("Textiles techniques | Lille | 1 | 0 | 1", "Textiles techniques | Lille | 1 | 22 | 1", ""),
        ("Textiles techniques | Lille | 1 | 0 | 1", "Textiles | Lille | 1 | 21 | 1", "repeat: near =area =words =zone"),
    ],
)  # fmt: skip
def test_what_makes_two_events_close(one: str, other: str, expected: str) -> None:
    found = closeness(planned(1, one), planned(2, other))
    assert (f"{found.kind}: {' '.join(map(short, found.reasons))}" if found else "") == expected


def short(reason: str) -> str:
    return {"near_days": "near", "zone_unknown": "zone?"}.get(reason, reason.replace("same_", "="))


def test_an_event_is_not_close_to_itself() -> None:
    same = planned(1, "Textiles | Lille | 1 | 0 | 1")
    assert closeness(same, same) is None


def test_words_that_say_nothing_are_no_subject() -> None:
    assert shared_words("Rencontre régionale de l’innovation", "Rencontre de l’innovation à Lille") == ()
    assert shared_words("Lin et chanvre : matinée", "Le chanvre et le bois") == ("chanvre",)
    assert shared_words("Hydrogène vert industriel lourd", "Mobilité hydrogène ferroviaire fluviale") == ()


def test_clashes_come_first_then_the_nearest_days() -> None:
    given = planned(1, "Textiles | Lille | 1 | 0 | 1")
    others = [
        planned(2, "Textiles | Lille | | 9 | 1"),
        planned(3, "Textiles | Lille | | 2 | 1"),
        planned(4, "Bois | Lille | | 0 | 1"),
    ]
    assert [(close.other, close.kind) for close in close_to(given, others)] == [
        (4, Closeness.CLASH),
        (3, Closeness.REPEAT),
        (2, Closeness.REPEAT),
    ]


def test_pairs_are_the_same_as_by_comparing_everything() -> None:
    events = [
        planned(key, f"{title} | {place} | {areas} | {after} | 1")
        for key, (title, place, areas, after) in enumerate(
            [("Textiles", "Lille", "1", 0), ("Bois", "Roubaix", "2", 0), ("Les textiles", "", "", 4), ("Mer", "Amiens", "1", 0)]
        )
    ]
    pairs = {(close.one, close.other) for close in close_pairs(events)}
    every = {(a.key, b.key) for a in events for b in events if a.key < b.key and closeness(a, b)}
    assert pairs == every == {(0, 1), (0, 2), (0, 3)}
