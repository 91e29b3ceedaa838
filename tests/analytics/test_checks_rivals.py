from beffroi.analytics import checks, tables
from tests.analytics.stories import differences, observations, subjects, table


def test_one_cell_with_two_values_but_not_two_bounds_nor_two_roundings():
    given = observations("""
        indicator | value | unit | qualifiers
        a         | 230   | km   | section=II
        a         | 215   | km   | section=V
        b         | 3     | km   | borne=min
        b         | 4     | km   | borne=max
        c         | 1.11  | %    |
        c         | 1.1   | %    |
        d         | 6000000 | habitants | approx=oui
        d         | 6003000 | habitants |
    """)
    found = checks.same_cell_stated_differently(given)
    assert subjects(found) == [["cell:1", "cell:2"]]
    assert differences(found) == ["15 km"]


def test_a_measure_given_on_two_perimeters():
    given = observations("""
        indicator | breakdown            | value
        a         |                      | 5.7
        a         | base=trafic terrestre | 8
        b         |                      | 5.7
        b         | pole=lille           | 8
        c         | champ=axe 1          | 440
        c         | champ=programme      | 706
        d         | perimetre=filière    | 320
        d         | perimetre=usines     | 85
    """)
    assert subjects(checks.same_measure_two_perimeters(given)) == [["cell:1", "cell:2"], ["cell:7", "cell:8"]]


def test_indicators_of_one_name_in_two_documents():
    given = observations("""
        indicator | indicator_label      | source | period | value
        a         | Taux de chômage      | un     | 2019   | 10.5
        b         | Taux de chômage      | deux   | 2019   | 9.3
        c         | Nombre de chômeurs   | un     | 2019   | 10
        d         | Nombre de chômeuses  | deux   | 2019   | 9
    """)
    assert subjects(checks.same_indicator_two_documents(given)) == [["cell:1", "cell:2"]]


def test_an_indicator_named_after_a_thing_and_the_thing_in_a_broader_one():
    given = observations("""
        indicator | indicator_label                | breakdown               | period     | value
        a         | Emplois par instrument         | instrument=fonds-du-beffroi | 2009   | 351
        b         | Emplois du fonds du Beffroi    |                         | 2010-03-31 | 551
        c         | Emplois par instrument         | nature=maintenus        | 2009       | 351
        d         | Emplois maintenus              |                         | 2010-03-31 | 551
    """)
    assert subjects(checks.same_subject_two_indicators(given)) == [["cell:1", "cell:2"]]


def test_a_written_start_and_the_actual_of_the_same_days():
    given = observations("""
        indicator | period     | status   | value
        a         | 2007       | baseline | 38000
        a         | 2008-01-01 | actual   | 37600
        b         | 2007       | baseline | 38000
        b         | 2008-01-01 | actual   | 38000
        c         | 2007       | baseline | 38000
        c         | 2008       | actual   | 37600
    """)
    assert subjects(checks.baseline_against_actual(given)) == [["cell:1", "cell:2"]]


def test_a_figure_copied_from_one_period_to_the_next():
    given = observations("""
        indicator | period  | value
        a         | 2009    | 21
        a         | 2010-Q1 | 21
        b         | 2009    | 3
        b         | 2010-Q1 | 3
    """)
    assert subjects(checks.measure_repeated(given)) == [["cell:1", "cell:2"]]


def test_two_dates_of_creation_unless_one_is_the_other_made_precise():
    given = table(
        tables.ORGANISATIONS,
        """
        ref   | name   | created
        org:1 | Images | 2008-12
        org:1 | Images | 2009
        org:2 | Bois   | 2008-12
        org:2 | Bois   | 2008
    """,
    )
    assert subjects(checks.organisation_created_twice(given)) == [["org:1"]]


def test_frameworks_dated_twice_or_backwards():
    given = table(
        tables.FRAMEWORKS,
        """
        ref         | code | label | start      | end
        framework:1 | a    | A     | 2020-07-01 | 2027
        framework:1 | a    | A     | 2020-08-04 | 2027
        framework:2 | b    | B     | 2020       | 2027
        framework:2 | b    | B     | 2020-01    |
        framework:3 | c    | C     | 2020       | 2014
    """,
    )
    assert subjects(checks.framework_dated_twice(given)) == [["framework:1"]]
    assert subjects(checks.framework_ends_before_start(given)) == [["framework:3"]]
