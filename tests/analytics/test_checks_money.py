from beffroi.analytics import checks
from tests.analytics.stories import amounts, differences, subjects


def test_a_printed_sum_that_its_lines_do_not_make():
    given = amounts("""
        role | item | fund   | detail        | euros
        sum  | a    | total  | total imprimé | 295718
        line | a    | region |               | 161593
        line | a    | feder  |               | 123084
        sum  | b    | total  | total imprimé | 300
        line | b    | region |               | 100
        line | b    | feder  |               | 200
    """)
    found = checks.printed_sum_against_lines(given)
    assert subjects(found) == [["amount:1"]]
    assert differences(found) == ["−11 041 €"]


def test_a_general_sum_takes_each_funder_s_own_total_rather_than_its_details():
    given = amounts("""
        role | item | fund   | detail                   | euros
        sum  |      | region | poste=total général      | 150
        line | a    | region | poste=total ligne        | 100
        line | a    | region | poste=détail;quoi=un     | 60
        line | a    | region | poste=détail;quoi=deux   | 40
        line | b    | region | poste=total ligne        | 50
        line | b    | feder  | poste=total ligne        | 7
    """)
    assert subjects(checks.printed_sum_against_lines(given)) == []


def test_a_written_total_against_its_details():
    given = amounts("""
        item | fund | detail                | euros
        a    | x    | nature=total          | 13145107
        a    | x    | nature=investissement | 8800000
        a    | x    | nature=fonctionnement | 4354107
        b    | x    | nature=total          | 36
        b    | x    | nature=dont investissement | 33
    """)
    found = checks.total_amount_against_details(given)
    assert subjects(found) == [["amount:1"]]
    assert differences(found) == ["+9 000 €"]


def test_financing_above_and_below_the_cost_and_a_cost_exactly_met():
    given = amounts("""
        role | item | period | label      | fund  | euros
        sum  | a    | 2009   | coût total |       | 100
        line | a    | 2009   |            | etat  | 48
        line | a    | 2009   |            | privé | 90
        sum  | a    | 2008   | coût total |       | 100
        line | a    | 2008   |            | etat  | 20
        line | a    | 2008   |            | privé | 30
        sum  | a    | 2007   | coût total |       | 100
        line | a    | 2007   |            | etat  | 40
        line | a    | 2007   |            | privé | 60
    """)
    assert differences(checks.financing_above_cost(given)) == ["138 % du coût, soit 38 € de trop"]
    assert differences(checks.cost_without_funder(given)) == ["50 € sans financeur"]


def test_a_cost_is_compared_with_the_funders_of_its_own_window():
    given = amounts("""
        role | item | detail                      | fund  | euros
        sum  | a    | poste=cout_total;guichet=un | x     | 100
        line | a    | guichet=un                  | etat  | 100
        line | a    | guichet=deux                | etat  | 900
    """)
    assert checks.financing_above_cost(given).is_empty()


def test_children_above_their_parent():
    given = amounts("""
        item | item_parent | fund  | euros
        p    |             | feder | 100
        p1   | p           | feder | 60
        p2   | p           | feder | 50
        q    |             | feder | 100
        q1   | q           | feder | 60
        q2   | q           | feder | 40
    """)
    assert subjects(checks.children_above_parent(given)) == [["amount:1"]]


def test_one_line_with_two_amounts():
    given = amounts("""
        item | fund  | qualifiers  | euros
        a    | feder | selon=une   | 100
        a    | feder | selon=autre | 120
        b    | feder | selon=une   | 50
        b    | feder | selon=autre | 50
    """)
    assert subjects(checks.same_amount_stated_differently(given)) == [["amount:1", "amount:2"]]


def test_a_quarter_that_carries_the_whole_year_before():
    given = amounts("""
        item | fund | period     | euros
        a    | x    | 2009       | 735
        a    | x    | 2010-03-31 | 735
        b    | x    | 2009       | 735
        b    | x    | 2010-03-31 | 180
    """)
    assert subjects(checks.quarter_amount_like_a_year(given)) == [["amount:1", "amount:2"]]


def test_a_list_whose_amounts_are_not_at_one_stage():
    mixed = "item | item_parent | fund | stage | euros\n" + "\n".join(
        f"{item} | list | x | {stage} | 10"
        for item, stage in zip("abcd", ["planned", "planned", "planned", "voted"], strict=True)
    )
    assert subjects(checks.uneven_stages(amounts(mixed))) == [["amount:4"]]
    assert checks.uneven_stages(amounts(mixed.replace("voted", "planned"))).is_empty()


def test_tiny_and_negative_amounts():
    given = amounts("""
        item | stage     | euros
        a    | voted     | 400000
        b    | voted     | 250000
        c    | voted     | 80
        d    | voted     | -5000
        e    | recovered | -5000
        f    | voted     | 20000
    """)
    assert subjects(checks.tiny_amount(given)) == [["amount:3"]]
    assert subjects(checks.negative_amount(given)) == [["amount:4"]]


def test_the_sum_of_one_operation_takes_the_lines_of_that_operation():
    given = amounts("""
        role | item | operation | fund   | detail        | euros
        sum  | a    | port      | total  | total imprimé | 300
        line | a    | port      | region |               | 100
        line | a    | port      | feder  |               | 150
        line | a    | canal     | region |               | 50
    """)
    assert differences(checks.printed_sum_against_lines(given)) == ["−50 €"]
