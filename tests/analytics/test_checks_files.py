from beffroi.analytics import checks, tables
from tests.analytics.stories import differences, subjects, table


def steps(text):
    return table(tables.FILE_STEPS, text, file="application:1", file_label="Halle")


def test_a_step_dated_before_the_one_that_it_follows():
    given = steps("""
        ref | file          | step_label | position | on
        s:1 | application:1 | recevable  | 1        | 2026-02-01
        s:2 | application:1 | programmé  | 4        | 2026-01-15
        s:3 | application:2 | recevable  | 1        | 2026-02-01
        s:4 | application:2 | programmé  | 4        | 2026-02-01
        s:5 | application:2 | payé       |          | 2026-01-01
    """)
    assert subjects(checks.file_step_before_its_cause(given)) == [["application:1", "s:1", "s:2"]]
    assert differences(checks.file_step_before_its_cause(given)) == ["17 jours"]


def test_a_step_that_happens_once_and_has_two_dates():
    given = steps("""
        ref | step_label | position | on
        s:1 | recevable  | 1        | 2026-02-01
        s:2 | recevable  | 1        | 2026-02-04
        s:3 | recevable  | 1        |
        s:4 | instruit   | 2        | 2026-03-04
    """)
    assert subjects(checks.file_step_dated_twice(given)) == [["application:1", "s:1", "s:2"]]
    assert differences(checks.file_step_dated_twice(given)) == ["3 jours"]
    assert checks.file_step_dated_twice(given.head(1)).is_empty()
