from datetime import date

from beffroi.analytics import checks, tables
from tests.analytics.stories import differences, subjects, table

ABOUT = {"body": "body:1", "body_label": "Conseil", "about": "item:1", "about_label": "Plan"}


def meetings(text, **common):
    return table(tables.MEETINGS, text, **(ABOUT | common))


def test_a_preparation_dated_after_the_vote():
    given = meetings("""
        ref | about  | kind        | period
        m:1 | item:1 | preparation | 2008-S2
        m:2 | item:1 | validation  | 2008-06-30
        m:3 | item:2 | preparation | 2008-S1
        m:4 | item:2 | validation  | 2008-06-30
        m:5 | item:3 | validation  | 2008-06-30
        m:6 | item:3 | comite_technique | 2008-08-28
    """)
    assert subjects(checks.step_before_its_cause(given)) == [["item:1", "m:1", "m:2"]]


def test_one_date_out_of_the_order_that_a_list_follows():
    text = """
        ref | position | kind  | period
        m:1 | 1        | event | 2009-01
        m:2 | 2        | event | 2009-06
        m:3 | 3        | event | 2009-09
        m:4 | 4        | event | {last}
    """
    assert subjects(checks.rows_out_of_order(meetings(text.format(last="2009-07")))) == [["m:3", "m:4"]]
    assert checks.rows_out_of_order(meetings(text.format(last="2009-11"))).is_empty()


def test_an_act_that_happens_once_and_has_two_dates():
    given = meetings("""
        ref | about  | kind    | detail              | period
        m:1 | item:1 | conseil | installation (mois) | 2009-10
        m:2 | item:1 | conseil | mise en place       | 2009-11-02
        m:3 | item:2 | conseil | 1er conseil         | 2009-10
        m:4 | item:2 | conseil | 2e conseil          | 2009-11-02
        m:5 | item:3 | conseil |                     | 2009-10
        m:6 | item:3 | conseil |                     | 2009-11-02
    """)
    assert subjects(checks.act_dated_twice(given)) == [["m:1", "m:2"]]


def test_a_decision_that_two_documents_date_differently():
    given = meetings("""
        ref | about_framework | kind     | source | period
        m:1 | framework:1     | adoption | un     | 2020-06-30
        m:2 | framework:1     | vote     | deux   | 2020-07-01
        m:3 | framework:2     | vote     | un     | 2020-06
        m:4 | framework:2     | vote     | deux   | 2020-06-30
    """)
    assert subjects(checks.decision_dated_twice(given)) == [["m:1", "m:2"]]


def test_a_meeting_announced_that_never_met():
    given = meetings("""
        ref | about  | kind    | detail          | period
        m:1 | item:1 | planned | première séance | 2010-06-23
        m:2 | item:2 | session | prévue          | 2010-06-23
        m:3 | item:2 | session |                 | 2010-09-01
        m:4 | item:3 | planned | première séance | 2030-06-23
    """)
    assert subjects(checks.meeting_never_met(given, on=date(2011, 1, 1))) == [["m:1"]]
    assert checks.meeting_never_met(given, on=date(2010, 1, 1)).is_empty()


def test_fewer_meetings_than_the_duty():
    bodies = table(tables.BODIES, "ref | label | meetings_a_year\nbody:1 | Conseil | 4")
    given = meetings("""
        ref | kind    | start      | end        | stated_on
        m:1 | session | 2008-01-10 | 2008-01-10 | 2010-01-15
        m:2 | session | 2008-06-10 | 2008-06-10 | 2010-01-15
        m:3 | session | 2009-06-10 | 2009-06-10 | 2010-01-15
    """)
    assert differences(checks.duty_not_met(given, bodies)) == ["5 de moins"]
    twice = table(tables.BODIES, "ref | label | meetings_a_year\nbody:1 | Conseil | 2")
    assert checks.duty_not_met(given, twice).is_empty()


def test_sessions_that_follow_faster_than_the_duty():
    bodies = table(tables.BODIES, "ref | label | meetings_a_year\nbody:1 | Conseil | 2")
    given = meetings("""
        ref | kind    | detail       | period
        m:1 | session | 10e session  | 2010-06-02
        m:2 | session | 13e session  | 2011-06-02
        m:3 | session | 15e session  | 2012-06-02
    """)
    assert subjects(checks.rhythm_above_duty(given, bodies)) == [["m:1", "m:2"]]


def test_a_relation_older_than_its_organisation_or_that_ends_before_it_starts():
    organisations = table(tables.ORGANISATIONS, "ref | name | created\norg:1 | Pôle | 2010-12\norg:2 | Fonds | ")
    relations = table(
        tables.RELATIONS,
        """
        ref | subject | object | since      | until
        r:1 | org:2   | org:1  | 2009-01-01 |
        r:2 | org:2   | org:1  | 2010-01-01 | 2012-01-01
        r:3 | org:2   | org:3  | 2012-01-01 | 2011-01-01
    """,
    )
    assert subjects(checks.relation_before_creation(relations, organisations)) == [["org:1", "r:1"], ["r:3"]]


def test_numbers_that_a_series_of_letters_lacks():
    given = meetings("""
        ref | body   | kind   | detail      | period
        m:1 | body:1 | letter | Lettre n°1  | 2020-04
        m:2 | body:1 | letter | Lettre n°2  | 2020-05
        m:3 | body:1 | letter | Lettre n° 4 | 2020-11
        m:4 | body:2 | letter | Lettre n°1  | 2020-04
        m:5 | body:2 | letter | Lettre n°2  | 2020-05
        m:6 | body:2 | letter | Lettre n°3  | 2020-11
    """)
    found = checks.numbers_missing(given)
    assert subjects(found) == [["body:1"]]
    assert differences(found) == ["manquent : 3"]
