"""Every line once: what adds up, what does not, and what is only possible."""

from collections.abc import Sequence
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.analytics.consolidation import CLAIMS, LINES, LINKS, MANAGES, Consolidation, UnknownKey, consolidate
from beffroi.analytics.tables import Table

WHOLE = {"edition", "low", "high"}
DATES = {"on", "since", "until"}


def table(declared: Table, text: str) -> pl.DataFrame:
    """A text table: the first line names the columns; « - » is unknown; a value fills low and high."""
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return declared.build([_row(dict(zip(head, row, strict=True))) for row in rows])


def _row(cells: dict[str, str]) -> dict[str, object]:
    row: dict[str, object] = {name: _cell(name, text) for name, text in cells.items() if text != "-"}
    if "value" in row:
        row["low"] = row["high"] = int(str(row["value"]))
    return row


def _cell(name: str, text: str) -> object:
    if name in WHOLE:
        return int(text)
    if name in DATES:
        return date.fromisoformat(text)
    return text == "yes" if name == "settled" else text


def lines(text: str) -> pl.DataFrame:
    return table(LINES, text).with_columns(
        pl.col("stage").fill_null("voted"), pl.col("instrument").fill_null("grant"), pl.col("currency").fill_null("EUR")
    )


def claims(text: str) -> pl.DataFrame:
    return table(CLAIMS, text)


def said(found: Consolidation, by: Sequence[str]) -> list[str]:
    rows = found.groups.select(*by, "lines", "certain", "at_most").rows()
    return [" ".join("-" if cell is None else str(cell) for cell in row) for row in rows]


def answer(by: str, given_lines: str, given_claims: str, *, links: str = "", manages: str = "") -> list[str]:
    keys = by.split()
    found = consolidate(
        lines(given_lines),
        claims(given_claims),
        by=keys,
        links=table(LINKS, links) if links else None,
        manages=table(MANAGES, manages) if manages else None,
    )
    return said(found, keys)


def test_a_line_that_two_sources_claim_counts_once() -> None:
    assert answer(
        "fund",
        "line | fund\nL1 | region\nL2 | region",
        "line | source | value\nL1 | payer | 100\nL1 | receiver | 100\nL2 | payer | 30",
    ) == ["region 2 130 130"]


def test_of_rivals_the_lowest_is_certain_and_the_highest_at_most() -> None:
    two = "line | source | value\nL1 | table | 300\nL1 | votes | 500"
    assert answer("fund", "line | fund\nL1 | city", two) == ["city 1 300 500"]


def test_a_settled_claim_stands_alone() -> None:
    assert answer(
        "fund",
        "line | fund\nL1 | city",
        "line | source | value | settled\nL1 | table | 300 | -\nL1 | votes | 500 | yes",
    ) == ["city 1 500 500"]


def test_the_last_edition_of_a_source_revises_the_others() -> None:
    text = "line | source | edition | value\nL1 | list | 1 | 300\nL1 | list | 2 | 320"
    assert answer("fund", "line | fund\nL1 | city", text) == ["city 1 320 320"]


def test_stages_instruments_and_currencies_are_never_added() -> None:
    found = consolidate(
        lines(
            "line | fund | stage | instrument | currency\nL1 | region | voted | grant | EUR\nL2 | region | paid | grant | EUR\n"
            "L3 | region | voted | loan | EUR\nL4 | region | voted | grant | HRK"
        ),
        claims("line | source | value\nL1 | a | 1\nL2 | a | 2\nL3 | a | 4\nL4 | a | 8"),
        by=["fund"],
    )
    assert found.groups.select("stage", "instrument", "currency", "certain").rows() == [
        ("paid", "grant", "EUR", 2),
        ("voted", "grant", "EUR", 1),
        ("voted", "grant", "HRK", 8),
        ("voted", "loan", "EUR", 4),
    ]


LINKED = "line | fund\nL1 | a\nL2 | b\nL3 | b", "line | source | value\nL1 | x | 100\nL2 | y | 100\nL3 | y | 5"


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("refused", ["grant 3 205 205"]),
        ("proposed", ["grant 3 105 205"]),
        ("accepted", ["grant 2 105 105"]),
    ],
)
def test_two_lines_that_could_be_one(state: str, expected: list[str]) -> None:
    assert answer("instrument", *LINKED, links=f"one | other | state\nL1 | L2 | {state}") == expected


def test_three_lines_that_could_be_one_count_once() -> None:
    rows = "line | source | value\nL1 | x | 10\nL2 | y | 10\nL3 | z | 10"
    pairs = "one | other | state\nL1 | L2 | proposed\nL3 | L2 | proposed"
    assert answer("instrument", LINKED[0], rows, links=pairs) == ["grant 3 10 30"]


FUND = "line | payer | receiver | drawn_from | on | section\n"
MANAGER = "manager | fund | since | until\nbank | seed-fund | 2009-01-01 | 2010-12-31"


def test_money_that_passes_through_a_fund_is_counted_when_it_leaves() -> None:
    """The double count that does not happen: 1 000 into the fund, 400 and 250 out of it are 650, and 350 remain in it."""
    found = consolidate(
        lines(
            FUND + "L1 | region | bank | - | 2009-05-01 | -\nL2 | bank | firm-1 | seed-fund | 2009-06-01 | -\n"
            "L3 | bank | firm-2 | seed-fund | 2010-06-01 | -"
        ),
        claims("line | source | value\nL1 | a | 1000\nL2 | a | 400\nL3 | b | 250"),
        by=[],
        manages=table(MANAGES, MANAGER),
    )
    assert found.groups.select("lines", "certain", "at_most", "transit").rows() == [(2, 650, 650, 1000)]
    assert found.funds.select("fund", "paid_in", "paid_out", "held").rows() == [("seed-fund", 1000, 650, 350)]


def test_without_saying_from_where_the_overlap_is_only_possible() -> None:
    rows = FUND + "L1 | region | bank | - | 2009-05-01 | -\nL2 | bank | firm-1 | - | 2009-06-01 | -"
    values = "line | source | value\nL1 | a | 1000\nL2 | a | 400"
    assert answer("stage", rows, values, manages=MANAGER) == ["voted 2 1000 1400"]


def test_an_operating_grant_to_an_operator_is_final() -> None:
    rows = FUND + "L1 | region | bank | - | 2009-05-01 | operating\nL2 | bank | firm-1 | seed-fund | 2009-06-01 | -"
    values = "line | source | value\nL1 | a | 1000\nL2 | a | 400"
    assert answer("stage", rows, values, manages=MANAGER) == ["voted 2 1400 1400"]


def test_before_the_fund_was_managed_nothing_is_transit() -> None:
    rows = FUND + "L1 | region | bank | - | 2008-05-01 | -\nL2 | bank | firm-1 | seed-fund | 2009-06-01 | -"
    values = "line | source | value\nL1 | a | 1000\nL2 | a | 400"
    assert answer("stage", rows, values, manages=MANAGER) == ["voted 2 1400 1400"]


def test_an_unknown_amount_is_said_and_is_not_zero() -> None:
    found = consolidate(lines("line | fund\nL1 | a\nL2 | a"), claims("line | source | value\nL1 | x | 5"), by=["fund"])
    assert found.groups.select("lines", "unknown", "certain").rows() == [(2, 1, 5)]


def test_a_key_that_no_line_has_is_refused() -> None:
    with pytest.raises(UnknownKey, match="planet"):
        consolidate(lines("line | fund\nL1 | a"), claims("line | source | value\nL1 | x | 5"), by=["planet"])


AMOUNT = st.integers(0, 10**12)
ROWS = st.lists(st.tuples(st.sampled_from("ABC"), st.lists(AMOUNT, max_size=3), st.sampled_from("xyz")), max_size=12)


def built(rows: list[tuple[str, list[int], str]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    some = [
        {"line": f"L{at}", "fund": fund, "receiver": receiver, "stage": "voted", "instrument": "grant", "currency": "EUR"}
        for at, (fund, _, receiver) in enumerate(rows)
    ]
    told = [
        {"line": f"L{at}", "source": f"s{nth}", "low": value, "high": value}
        for at, (_, values, _) in enumerate(rows)
        for nth, value in enumerate(values)
    ]
    return LINES.build(some), CLAIMS.build(told)


@given(ROWS)
def test_any_grouping_has_the_same_total(rows: list[tuple[str, list[int], str]]) -> None:
    some, told = built(rows)
    whole, parts = consolidate(some, told, by=[]).groups, consolidate(some, told, by=["fund", "receiver"]).groups
    for name in ("lines", "unknown", "certain", "at_most"):
        assert whole[name].sum() == parts[name].sum()
    assert parts.filter(pl.col("certain") > pl.col("at_most")).is_empty()
    assert whole["certain"].sum() == sum(min(values) for _, values, _ in rows if values)
    assert whole["at_most"].sum() == sum(max(values) for _, values, _ in rows if values)


@given(ROWS, st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=6))
def test_links_never_raise_what_is_certain_nor_change_what_is_at_most(
    rows: list[tuple[str, list[int], str]], pairs: list[tuple[int, int]]
) -> None:
    some, told = built(rows)
    links = LINKS.build([{"one": f"L{a}", "other": f"L{b}", "state": "proposed"} for a, b in pairs if a != b])
    before, after = consolidate(some, told, by=[]).groups, consolidate(some, told, by=[], links=links).groups
    assert after["certain"].sum() <= before["certain"].sum()
    assert after["at_most"].sum() == before["at_most"].sum()
