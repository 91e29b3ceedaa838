from beffroi.analytics import checks
from tests.analytics.stories import differences, observations, subjects


def test_a_cumulated_figure_that_falls():
    given = observations("""
        indicator | period               | breakdown | value
        a         | 2009-09-30           |           | 9659
        a         | 2009-10-09           |           | 9059
        b         | 2007/2009-12-31      |           | 90
        b         | 2007/2010-02-05      |           | 80
        c         | 2008-12-31           | cumul=oui | 24
        c         | 2009-12-31           | cumul=oui | 22
        stock     | 2008-12-31           |           | 24
        stock     | 2009-12-31           |           | 22
        years     | 2008                 |           | 24
        years     | 2009                 |           | 22
    """)
    found = checks.cumulated_figure_falls(given)
    assert subjects(found) == [["cell:1", "cell:2"], ["cell:3", "cell:4"], ["cell:5", "cell:6"]]
    assert "−600 emplois en 9 jours" in differences(found)


def test_a_quarter_above_its_year():
    given = observations("""
        indicator | period  | value
        a         | 2009    | 100
        a         | 2009-Q1 | 120
        b         | 2009    | 100
        b         | 2009-Q1 | 20
    """)
    assert subjects(checks.part_of_period_above_whole(given)) == [["cell:1", "cell:2"]]


def test_a_quarter_that_nearly_makes_the_year_before():
    given = observations("""
        indicator | period  | value
        a         | 2009    | 286
        a         | 2010-Q1 | 278
        b         | 2009    | 1014
        b         | 2010-Q1 | 310
        few       | 2009    | 2
        few       | 2010-Q1 | 3
    """)
    found = checks.quarter_like_a_year(given)
    assert subjects(found) == [["cell:1", "cell:2"]]
    assert differences(found) == ["97 %"]


def test_a_final_target_under_what_was_already_reached():
    given = observations("""
        indicator | period     | status | value
        a         | 2013       | target | 20000
        a         | 2009-12-31 | actual | 24085
        b         | 2013       | target | 6000
        b         | 2009-12-31 | actual | 1943
        ahead     | 2009       | target | 15000
        ahead     | 2009-12-31 | actual | 24085
    """)
    assert subjects(checks.target_below_reached(given)) == [["cell:1", "cell:2"]]


def test_less_is_better_where_the_indicator_says_so():
    given = observations(
        """
        period     | status | value
        2013       | target | 100
        2009-12-31 | actual | 240
    """,
        direction="down",
    )
    assert checks.target_below_reached(given).is_empty()


def test_a_target_and_results_that_do_not_count_the_same_thing():
    given = observations("""
        indicator | period     | status | breakdown        | value
        a         | 2009       | target | etat=soutenus    | 50
        a         | 2009-12-31 | actual | etat=accompagnés | 94
        b         | 2009       | target | etat=signés      | 50
        b         | 2009-12-31 | actual | etat=signés      | 72
        c         | 2009       | target | site=lille       | 50
        c         | 2009-12-31 | actual | site=lens        | 72
    """)
    assert subjects(checks.target_on_another_basis(given)) == [["cell:1", "cell:2"]]


def test_a_past_target_that_nothing_measures():
    given = observations("""
        indicator | period | status | value | stated_on
        a         | 2009   | target | 50    | 2010-03-31
        b         | 2013   | target | 50    | 2010-03-31
        c         | 2009   | target | 50    | 2010-03-31
        c         | 2009   | actual | 20    | 2010-03-31
    """)
    assert subjects(checks.target_never_measured(given)) == [["cell:1"]]


def test_a_target_below_its_own_start_where_more_is_better():
    text = "period | status | value\n2011 | baseline | 12\n2012 | target | 4"
    assert subjects(checks.baseline_above_target(observations(text, direction="up"))) == [["cell:1", "cell:2"]]
    assert checks.baseline_above_target(observations(text)).is_empty()


def test_a_target_without_a_date_meets_only_results_without_one():
    given = observations("""
        breakdown    | status | value | end
        base=engagé  | target | 50    |
        base=payé    | actual | 20    | 2009-12-31
    """)
    assert subjects(checks.target_on_another_basis(given)) == []
