"""Which claims stand: each story is a table of what sources said and when Beffroi learnt it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.provenance.rules import ClaimValue, SettlementValue, Standing, standing

LATE = date(2030, 1, 1)
NOW = datetime(2030, 1, 1, tzinfo=UTC)


def number(text: str) -> Decimal | None:
    return Decimal(text) if text.strip() not in {"", "-"} else None


def claims(table: str) -> list[ClaimValue]:
    """source | value | low | high | stated on | known from | known until"""
    rows = []
    for place, line in enumerate(table.strip().splitlines(), 1):
        source, value, low, high, stated, start, end = (cell.strip() for cell in line.split("|"))
        rows.append(
            ClaimValue(
                id=place,
                source=source.partition("/")[0],
                snapshot=int(source.partition("/")[2] or 1),
                value=number(value),
                low=number(low),
                high=number(high),
                stated_on=date.fromisoformat(stated) if stated != "-" else None,
                recorded_from=datetime.fromisoformat(start).replace(tzinfo=UTC),
                recorded_to=datetime.fromisoformat(end).replace(tzinfo=UTC) if end != "-" else None,
            )
        )
    return rows


def said(found: Standing) -> str:
    if found.value is not None:
        text = str(found.value)
    else:
        text = f"{found.low if found.low is not None else '?'}–{found.high if found.high is not None else '?'}"
    return f"{text}, {len(found.rivals)} rivals"


@pytest.mark.parametrize(
    ("story", "table", "expected"),
    [
        ("nobody says anything", "", "?–?, 0 rivals"),
        ("one source, one value", "srde | 18 | - | - | 2010-03-31 | 2026-01-01 | -", "18, 0 rivals"),
        (
            "two sources agree",
            "srde | 18 | - | - | 2010-03-31 | 2026-01-01 | -\nstudy | 18 | - | - | 2012-01-01 | 2026-01-01 | -",
            "18, 0 rivals",
        ),
        (
            "a document contradicts itself",
            "srde | 18 | - | - | 2010-03-31 | 2026-01-01 | -\nsrde | 17 | - | - | 2010-03-31 | 2026-01-01 | -",
            "17–18, 2 rivals",
        ),
        (
            "another source is a rival, whatever its date",
            "srde | 18 | - | - | 2010-03-31 | 2026-01-01 | -\nstudy | 20 | - | - | 2012-01-01 | 2026-01-01 | -",
            "18–20, 2 rivals",
        ),
        (
            "a later snapshot of a source revises it",
            "srde/1 | 18 | - | - | 2010-03-31 | 2026-01-01 | -\nsrde/2 | 19 | - | - | 2011-03-31 | 2026-01-01 | -",
            "19, 0 rivals",
        ),
        (
            "the least and the most in two rows are one interval",
            "s3 | - | 50 | - | 2020-12-31 | 2026-01-01 | -\ns3 | - | - | 100 | 2020-12-31 | 2026-01-01 | -",
            "50–100, 0 rivals",
        ),
        (
            "two different leasts contradict each other",
            "s3 | - | 50 | - | 2020-12-31 | 2026-01-01 | -\nother | - | 60 | - | 2020-12-31 | 2026-01-01 | -",
            "50–?, 2 rivals",
        ),
        ("only a least", "s3 | - | 150 | - | 2020-12-31 | 2026-01-01 | -", "150–?, 0 rivals"),
        ("what is said later does not stand yet", "srde | 18 | - | - | 2040-01-01 | 2026-01-01 | -", "?–?, 0 rivals"),
        ("an undated source always speaks", "srde | 18 | - | - | - | 2026-01-01 | -", "18, 0 rivals"),
        ("what was corrected is no longer known", "srde | 18 | - | - | 2010-03-31 | 2026-01-01 | 2027-01-01", "?–?, 0 rivals"),
    ],
)
def test_what_stands(story: str, table: str, expected: str) -> None:
    assert said(standing(claims(table), as_of=LATE, known_on=NOW)) == expected, story


def test_what_was_known_before_the_correction_is_still_shown_at_that_time() -> None:
    told = claims("srde | 18 | - | - | 2010-03-31 | 2026-01-01 | 2027-01-01\nsrde | 19 | - | - | 2010-03-31 | 2027-01-01 | -")
    assert said(standing(told, as_of=LATE, known_on=datetime(2026, 6, 1, tzinfo=UTC))) == "18, 0 rivals"
    assert said(standing(told, as_of=LATE, known_on=NOW)) == "19, 0 rivals"


def settled(claim: int, *, since: str = "2026-06-01", until: str | None = None) -> SettlementValue:
    return SettlementValue(
        claim=claim,
        reason="le tableau fait foi",
        recorded_from=datetime.fromisoformat(since).replace(tzinfo=UTC),
        recorded_to=datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None,
    )


def test_a_settlement_decides_and_the_rivals_stay_visible() -> None:
    told = claims("srde | 18 | - | - | 2010-03-31 | 2026-01-01 | -\nsrde | 17 | - | - | 2010-03-31 | 2026-01-01 | -")
    found = standing(told, settled(2), as_of=LATE, known_on=NOW)
    assert (said(found), found.settled is not None) == ("17, 2 rivals", True)


def test_a_settlement_that_was_undone_or_not_yet_made_decides_nothing() -> None:
    told = claims("srde | 18 | - | - | 2010-03-31 | 2026-01-01 | -\nsrde | 17 | - | - | 2010-03-31 | 2026-01-01 | -")
    undone = standing(told, settled(2, until="2027-01-01"), as_of=LATE, known_on=NOW)
    early = standing(told, settled(2), as_of=LATE, known_on=datetime(2026, 2, 1, tzinfo=UTC))
    assert [said(undone), said(early)] == ["17–18, 2 rivals"] * 2


def test_a_settlement_for_a_claim_that_is_not_known_leaves_the_rest_standing() -> None:
    told = claims("srde | 18 | - | - | 2010-03-31 | 2026-01-01 | -")
    assert said(standing(told, settled(99), as_of=LATE, known_on=NOW)) == "18, 0 rivals"


VALUES = st.lists(st.tuples(st.sampled_from("abc"), st.integers(-5, 5)), min_size=1, max_size=6)


@given(VALUES)
def test_the_order_of_claims_does_not_matter_and_bounds_hold_what_stands(said_by: list[tuple[str, int]]) -> None:
    told = [
        ClaimValue(id=n, source=source, snapshot=1, value=Decimal(value), recorded_from=NOW)
        for n, (source, value) in enumerate(said_by)
    ]
    found = standing(told, as_of=LATE, known_on=NOW)
    again = standing(list(reversed(told)), as_of=LATE, known_on=NOW)
    assert (found.value, found.low, found.high) == (again.value, again.low, again.high)
    assert found.low is not None and found.high is not None
    assert all(found.low <= claim.value <= found.high for claim in told if claim.value is not None)
