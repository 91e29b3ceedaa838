from beffroi.analytics import checks, tables
from tests.analytics.stories import observations, subjects, table

ITEMS = """
    ref    | framework   | framework_label | code | parent | level | label
    item:1 | framework:1 | Pôles           | bois |        | pole  | Bois
    item:2 | framework:1 | Pôles           | lin  |        | pole  | Lin
    item:3 | framework:1 | Pôles           | fer  |        | pole  | Fer
    item:4 | framework:1 | Pôles           | mer  |        | pole  | Mer
"""


def grid(*, zero_at_lens):
    rows = ["indicator | indicator_label | period | breakdown | value"]
    for year in (2006, 2007, 2008):
        rows.append(f"a | Nombre de projets par année et guichet | {year} | guichet=un | 4")
        rows.append(f"b | Nombre d’entreprises par année et guichet | {year} | guichet=un | 9")
    rows.append("a | Nombre de projets par année et guichet | 2008 | guichet=deux | 2")
    rows.append(f"b | Nombre d’entreprises par année et guichet | 2008 | guichet=deux | {zero_at_lens}")
    return observations("\n".join(rows))


def test_projects_without_company_beside_companies_with_projects():
    assert subjects(checks.zero_beside_a_count(grid(zero_at_lens=0))) == [["cell:7", "cell:8"]]
    assert checks.zero_beside_a_count(grid(zero_at_lens=3)).is_empty()


def test_a_classification_that_is_not_the_same_for_all():
    text = """
        breakdown            | value
        pole=a;guichet=un    | 1
        pole=a;guichet=deux  | 1
        pole=b;guichet=un    | 1
        pole=b;guichet=deux  | 1
        pole=c;guichet=un    | 1
        pole=c;guichet=deux  | 1
    """
    assert checks.uneven_breakdown(observations(text)).is_empty()
    assert subjects(checks.uneven_breakdown(observations(text + "pole=c;guichet=trois | 1"))) == [["indicator:1"]]


def test_an_item_counted_in_its_list_but_not_described_like_its_siblings():
    items = table(tables.ITEMS, ITEMS)
    most = observations("breakdown | value\norg=bois | 3\norg=lin | 5\norg=fer | 1")
    half = observations("breakdown | value\norg=bois | 3\norg=lin | 5")
    assert subjects(checks.sibling_without_value(most, items)) == [["indicator:1", "item:4"]]
    assert checks.sibling_without_value(half, items).is_empty()


def test_a_plan_without_the_vote_that_all_others_have():
    rows = ["ref | about | about_label | about_group | kind | start"]
    rows += [f"meeting:{n} | item:{n} | Plan {n} | plans | validation | 2009-06-0{n}" for n in (1, 2, 3, 4)]
    rows += ["meeting:5 | item:5 | Plan 5 | plans | session | 2009-07-09"]
    given = table(tables.MEETINGS, "\n".join(rows))
    assert subjects(checks.sibling_without_step(given)) == [["item:5"]]
    assert checks.sibling_without_step(given.filter(given["about"] != "item:5")).is_empty()


def test_an_axis_without_indicator_among_axes_that_have_one():
    items = table(tables.ITEMS, ITEMS)
    three = table(tables.INDICATORS, "ref | item\nindicator:1 | item:1\nindicator:2 | item:2\nindicator:3 | item:3")
    one = table(tables.INDICATORS, "ref | item\nindicator:1 | item:1")
    assert subjects(checks.sibling_without_indicator(three, items)) == [["item:4"]]
    assert checks.sibling_without_indicator(one, items).is_empty()
