"""That system says, Beffroi says: every difference has a cause or is said to have none, and they add up to the cent."""

from datetime import date
from decimal import Decimal

from beffroi.funding.enums import Cause
from beffroi.funding.rules.comparison import About, Comparison, Ours, Theirs, compared

D = Decimal


def their(*rows: str) -> dict[tuple[str, str], Theirs]:
    """Each row: code | stage | amount; a number of row follows."""
    found = {}
    for number, row in enumerate(rows, 2):
        code, stage, amount = (cell.strip() for cell in row.split("|"))
        found[code, stage] = Theirs(D(amount) if amount else None, number)
    return found


def our(**rows: Ours) -> dict[tuple[str, str], Ours]:
    return {(name[:2], name[3:]): held for name, held in rows.items()}


def causes(found: Comparison) -> list[tuple[str, str, Cause, Decimal]]:
    return [(row.code, row.stage, row.cause, row.difference) for row in found.differences]


def test_the_same_amount_is_no_difference() -> None:
    found = compared(their("o1 | paid | 10"), our(o1_paid=Ours(D(10))), About({"o1"}))
    assert (causes(found), found.same) == ([], 1)


def test_an_operation_missing_on_one_side() -> None:
    found = compared(their("o1 | paid | 10", "o3 | paid | 7"), our(o2_paid=Ours(D(4))), About({"o2"}, {"o3": 12}))
    assert causes(found) == [
        ("o1", "paid", Cause.MISSING_HERE, D(10)),
        ("o2", "paid", Cause.MISSING_THERE, D(-4)),
        ("o3", "paid", Cause.REJECTED, D(7)),
    ]
    assert [row.rejection for row in found.differences] == [None, None, 12]


def test_an_amount_dated_after_their_file_explains_the_difference() -> None:
    found = compared(
        their("o1 | paid | 10"),
        our(o1_paid=Ours(D(16), later=D(6)), o2_paid=Ours(D(3), later=D(3))),
        About({"o1", "o2"}, as_of=date(2010, 3, 31)),
    )
    assert causes(found) == [("o1", "paid", Cause.LATER, D(-6)), ("o2", "paid", Cause.LATER, D(-3))]
    assert found.differences[0].detail == "2010-03-31"


def test_the_same_amount_at_another_stage() -> None:
    found = compared(
        their("o1 | certified | 10"),
        our(o1_certified=Ours(D(8), elsewhere={"paid": D(10)}), o1_paid=Ours(D(10))),
        About({"o1"}),
    )
    assert [(row.stage, row.cause, row.detail) for row in found.differences] == [
        ("certified", Cause.OTHER_STAGE, "paid"),
        ("paid", Cause.MISSING_THERE, ""),
    ]


def test_a_rival_source_a_line_and_a_rounding_explain() -> None:
    found = compared(
        their("o1 | paid | 10", "o2 | paid | 10", "o3 | paid | 10", "o4 | paid | 11", "o5 | paid |"),
        our(
            o1_paid=Ours(D(12), rivals=(D(12), D(10))),
            o2_paid=Ours(D(15), lines=(D(10), D(5))),
            o3_paid=Ours(D("10.40")),
            o4_paid=Ours(D(12)),
            o5_paid=Ours(D(3)),
        ),
        About({"o1", "o2", "o3", "o4", "o5"}),
    )
    assert [row.cause for row in found.differences] == [
        Cause.RIVAL,
        Cause.ONE_LINE,
        Cause.ROUNDED,
        Cause.UNEXPLAINED,
        Cause.UNEXPLAINED,
    ]


def test_one_euro_of_difference_is_shown_as_unexplained() -> None:
    found = compared(their("o1 | paid | 11"), our(o1_paid=Ours(D(10))), About({"o1"}))
    assert causes(found) == [("o1", "paid", Cause.UNEXPLAINED, D(1))]


def test_differences_add_up_to_that_of_the_totals() -> None:
    found = compared(
        their("o1 | paid | 11", "o2 | paid | 5", "o3 | certified | 2"),
        our(o1_paid=Ours(D(10)), o4_paid=Ours(D(9)), o5_paid=Ours(None)),
        About({"o1", "o4", "o5"}),
    )
    assert (found.theirs, found.ours) == ({"paid": D(16), "certified": D(2)}, {"paid": D(19)})
    of_paid = sum(row.difference for row in found.differences if row.stage == "paid")
    assert of_paid == found.theirs["paid"] - found.ours["paid"]
    assert sum(found.by_cause.values()) == D(-1)


def test_an_amount_that_beffroi_does_not_know_at_a_stage() -> None:
    planned = Ours(None, elsewhere={"planned": D(11)})
    found = compared(their("o1 | paid | 10", "o2 | paid | 11"), our(o2_paid=planned), About({"o1", "o2"}))
    assert causes(found) == [("o1", "paid", Cause.UNKNOWN_HERE, D(10)), ("o2", "paid", Cause.OTHER_STAGE, D(11))]


def test_what_neither_system_knows_is_not_compared() -> None:
    assert compared(their("o1 | paid |"), {}, About({"o1"})).differences == []
