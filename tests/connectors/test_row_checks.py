from pathlib import Path
from typing import Any

from beffroi.connectors.check import BATCH
from beffroi.connectors.profile import Profile
from tests.connectors.factories import checked, profile, reasons, staged

START, END = {"name": "Début", "to": "start", "type": "period"}, {"name": "Fin", "to": "end", "type": "period"}
A, B, TOTAL = ({"name": name, "to": name.lower(), "type": "decimal"} for name in ("A", "B", "Total"))
CODE = {"name": "code"}


def sentences(folder: Path, wanted: Profile, text: str) -> dict[int, tuple[str, str]]:
    checked(folder, text, wanted)
    return {row: (column, sentence) for row, column, _, sentence in reasons(folder)}


def with_check(*columns: dict[str, Any], **check: Any) -> Profile:
    return profile(*columns, checks=[check])


def test_an_end_before_its_start(tmp_path: Path) -> None:
    wanted = with_check(START, END, kind="ordered", a="start", b="end")
    text = "Début;Fin\n2009;2009-06-30\n2010;2009\n2011;\n;2009\n"
    assert sentences(tmp_path, wanted, text) == {3: ("Début", "« Début » (2010) vient après « Fin » (2009).")}


def test_a_union_share_over_the_eligible_cost(tmp_path: Path) -> None:
    wanted = with_check(A, B, kind="ordered", a="a", b="b")
    assert sentences(tmp_path, wanted, "A;B\n10,5;10\n10;10\n") == {2: ("A", "« A » (10.5) vient après « B » (10).")}


def test_parts_that_do_not_make_their_total(tmp_path: Path) -> None:
    wanted = with_check(A, B, TOTAL, kind="sum", parts=["a", "b"], total="total", tolerance="0.5")
    text = "A;B;Total\n3;1,5;5\n3;1,5;5,1\n3;;5\n"
    assert sentences(tmp_path, wanted, text) == {3: ("A", "« A » + « B » font 4.5 ; « Total » dit 5.1.")}


def test_at_least_one_cell_is_filled(tmp_path: Path) -> None:
    wanted = with_check(CODE, A, B, kind="one_of_filled", fields=["a", "b"])
    text = "code;A;B\nx;1;\ny;;\n"
    assert sentences(tmp_path, wanted, text) == {3: ("A", "Au moins une de ces cellules doit être remplie : « A », « B ».")}


def test_a_share_between_0_and_100(tmp_path: Path) -> None:
    wanted = with_check(CODE, A, kind="between", field="a", low=0, high=100)
    text = "code;A\nx;100\ny;100,1\nz;-1\nt;\n"
    assert sentences(tmp_path, wanted, text) == {
        3: ("A", "« A » vaut 100.1 ; attendu au moins 0 et au plus 100."),
        4: ("A", "« A » vaut -1 ; attendu au moins 0 et au plus 100."),
    }


def test_one_bound_only(tmp_path: Path) -> None:
    wanted = with_check(A, kind="between", field="a", low=0)
    assert sentences(tmp_path, wanted, "A\n-1\n5\n") == {2: ("A", "« A » vaut -1 ; attendu au moins 0.")}


def test_a_repeated_code_leaves_the_rows_already_staged(tmp_path: Path) -> None:
    wanted = with_check(CODE, A, kind="unique", fields=["code"])
    found = checked(tmp_path, "code;A\nx;1\ny;2\nx;3\n;4\n;5\nx;6\n", wanted)
    assert (found.read, found.accepted, found.rejected) == (6, 4, 2)
    assert reasons(tmp_path) == [
        (4, "", "", "« code » : la même valeur est déjà à la ligne 2."),
        (7, "", "", "« code » : la même valeur est déjà à la ligne 2."),
    ]
    assert staged(tmp_path)["_row"].to_list() == [2, 3, 5, 6]


def test_a_row_refused_for_another_reason_does_not_count_as_seen(tmp_path: Path) -> None:
    wanted = with_check(CODE, A, kind="unique", fields=["code"])
    found = checked(tmp_path, "code;A\nx;faux\nx;2\n", wanted)
    assert (found.accepted, found.rejected) == (1, 1)


def test_a_code_repeated_far_away_leaves_other_parts_alone(tmp_path: Path) -> None:
    rows = "".join(f"c{number};1\n" for number in range(BATCH + 5))
    found = checked(tmp_path, f"code;A\n{rows}c0;2\n", with_check(CODE, A, kind="unique", fields=["code"]))
    assert (found.accepted, found.rejected, staged(tmp_path).height) == (BATCH + 5, 1, BATCH + 5)


def test_nothing_to_compare(tmp_path: Path) -> None:
    assert checked(tmp_path, "code;A\n;1\n", with_check(CODE, A, kind="unique", fields=["code"])).accepted == 1


def test_a_brace_in_a_header_changes_nothing(tmp_path: Path) -> None:
    wanted = with_check({"name": "A {}", "to": "a", "type": "integer"}, kind="between", field="a", high=1)
    assert sentences(tmp_path, wanted, "A {}\n2\n") == {2: ("A ", "« A  » vaut 2 ; attendu au plus 1.")}
