from beffroi.analytics import checks, tables
from tests.analytics.stories import differences, observations, subjects


def test_a_total_that_its_lines_do_not_make_is_found():
    given = observations("""
        period | breakdown       | value
        2009   | site=total      | 80
        2009   | site=lille      | 30
        2009   | site=lens       | 40
        2010   | site=total      | 70
        2010   | site=lille      | 30
        2010   | site=lens       | 40
    """)
    found = checks.total_against_lines(given)
    assert subjects(found) == [["cell:1"]]
    assert differences(found) == ["−10 emplois"]


def test_lines_under_another_dimension_and_a_share_of_the_whole_are_told_apart():
    given = observations("""
        breakdown                       | value
        type=PC;ligne=total imprimé     | 46.7
        type=PC;org=a                   | 40
        type=PC;org=b                   | 6.2
        type=PC;org=b;dont=femmes       | 3
    """)
    assert differences(checks.total_against_lines(given)) == ["−0,5 emplois"]


def test_a_gap_that_rounding_explains_says_so_and_a_gap_under_the_last_digit_is_not_raised():
    given = observations("""
        period  | breakdown     | value | unit
        2020-Q4 | branche=total | -7.6  | points de PIB
        2020-Q4 | branche=a     | -1.0  | points de PIB
        2020-Q4 | branche=b     | -6.5  | points de PIB
        2020-Q3 | branche=total | 100   | %
        2020-Q3 | branche=a     | 33.3  | %
        2020-Q3 | branche=b     | 66.6  | %
    """)
    assert differences(checks.total_against_lines(given)) == ["+0,1 points de PIB (les arrondis peuvent l’expliquer)"]


def test_the_total_of_one_fund_is_not_compared_with_other_funds():
    given = observations("""
        breakdown       | value
        fonds=abc-total | 11
        fonds=abc-un    | 5
        fonds=abc-deux  | 6
        fonds=autre     | 900
        fonds=encore    | 700
    """)
    assert subjects(checks.total_against_lines(given)) == []


def test_a_number_announced_and_a_list_that_has_fewer():
    given = observations("""
        indicator | breakdown     | value
        indicator:a |             | 4
        indicator:a | ville=lille | 1
        indicator:a | ville=lens  | 1
        indicator:a | ville=arras | 1
        indicator:b |             | 3
        indicator:b | ville=lille | 1
        indicator:b | ville=lens  | 1
        indicator:b | ville=arras | 1
    """)
    found = checks.list_against_count(given)
    assert subjects(found) == [["cell:1"]]
    assert differences(found) == ["−1 emplois"]


def test_a_part_above_its_whole_but_not_another_measure():
    given = observations("""
        period | breakdown            | value
        2009   |                      | 63
        2009   | dont=PME             | 70
        2009   | mesure=surface       | 900
        2010   |                      | 63
        2010   | dont=PME             | 33
    """)
    assert subjects(checks.part_above_whole(given)) == [["cell:1", "cell:2"]]


def test_shares_of_one_whole_over_100_percent_with_parts_of_parts_left_out():
    given = observations(
        """
        period | breakdown                 | value
        2009   | secteur=industrie         | 70
        2009   | secteur=industrie-textile | 20
        2009   | secteur=services          | 30
        2010   | secteur=industrie         | 70
        2010   | secteur=services          | 45
    """,
        unit="%",
        indicator_label="Part des entreprises",
    )
    found = checks.shares_over_hundred(given)
    assert subjects(found) == [["cell:4", "cell:5"]]
    assert differences(found) == ["somme : 115 %"]


def test_a_balance_that_is_not_the_difference_of_its_terms():
    given = observations(
        """
        indicator | indicator_label    | period | value
        a         | Exportations       | 2008   | 34200000000
        b         | Importations       | 2008   | 38400000000
        c         | Solde commercial   | 2008   | -4100000000
        a         | Exportations       | 2009   | 28200000000
        b         | Importations       | 2009   | 30600000000
        c         | Solde commercial   | 2009   | -2400000000
    """,
        unit="EUR",
    )
    found = checks.balance_against_terms(given)
    assert subjects(found) == [["cell:1", "cell:2", "cell:3"]]
    assert differences(found) == ["−100 000 000 € (les arrondis peuvent l’expliquer)"]


def test_two_totals_of_one_moment_are_summed_only_where_one_word_names_them():
    given = observations("""
        breakdown               | value
        site=total;genre=femmes | 30
        site=lille;genre=femmes | 10
        site=lens;genre=femmes  | 15
        site=total;genre=hommes | 50
        site=ensemble;genre=hommes | 60
        site=lille;genre=hommes | 20
        site=lens;genre=hommes  | 20
    """)
    assert subjects(checks.total_against_lines(given)) == [["cell:1"]]


def test_a_total_of_a_list_that_its_lines_do_not_make_is_found():
    rows = [("sumclaim:1", 10_050, 10_000), ("sumclaim:2", 500, 500)]
    same = {"label": "Total", "currency": "EUR", "of": "des 3 lignes de la liste", "source": "Fonds vert", "lines": 3}
    given = tables.PRINTED.build({"ref": ref, "cents": cents, "listed": listed, **same} for ref, cents, listed in rows)
    found = checks.list_total_against_rows(given)
    assert (subjects(found), differences(found)) == ([["sumclaim:1"]], ["−0,5 €"])
