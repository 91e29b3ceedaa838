import polars as pl
import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from beffroi.analytics import tables, typology
from tests.analytics.cases import case, case_json
from tests.analytics.worked import assert_shows, given, turned

NAMES = list(tables.COMPANIES.columns)
# Three firms of one sector: one high on everything, one between, one low
ACCOUNTS = """
    company             | haut | milieu | bas
    sector              | S    | S      | S
    created             | 2020 | 2000   | 1990
    turnover_0          | 1000 | 1000   | 1000
    turnover_3          | 2000 | 1100   | 800
    value_added_0       | 400  | 400    | 400
    value_added_3       | 1000 | 440    | 200
    headcount_0         | 10   | 10     | 10
    headcount_3         | 20   | 11     | 8
    ebitda_3            | 400  | 110    | 20
    investment_3        | 300  | 44     | 4
    intangible_assets_3 | 200  | 50     | 10
    total_assets_3      | 1000 | 1000   | 1000
    equity_3            | 600  | 300    | 100
"""


def three_firms() -> pl.DataFrame:
    return turned(ACCOUNTS)


def test_levels_by_thirds_of_the_sector_make_two_dimensions_and_four_types():
    assert_shows(
        typology.company_typology(three_firms(), year=2023),
        """
        company | va_rate | productivity | exploitation | exploitation_profile | creation | creation_profile | type
        haut    | 0.500   | 50.0         | 5            | +++++                | 4        | ++++             | innovante
        milieu  | 0.400   | 40.0         | 0            | 00000                | 0        | 0000             | non_innovante
        bas     | 0.250   | 25.0         | -5           | -----                | -4       | ----             | non_innovante
        """,
    )


def test_high_growth_needs_ten_people_at_the_start_and_a_gazelle_is_young():
    assert_shows(
        typology.company_typology(three_firms(), year=2023),
        """
        company | high_growth_oecd_20 | high_growth_eurostat_10 | gazelle
        haut    | yes                 | yes                     | yes
        milieu  | no                  | no                      | no
        bas     | no                  | no                      | no
        """,
    )
    small = three_firms().with_columns(headcount_0=pl.lit(9))
    assert not typology.company_typology(small, year=2023)["high_growth_oecd_20"].any()


def test_the_age_of_a_gazelle_is_unknown_without_the_year_of_the_accounts():
    assert typology.company_typology(three_firms())["gazelle"].to_list() == [None, False, False]


def test_what_the_accounts_do_not_say_stays_unknown_and_too_little_known_has_no_type():
    holes = three_firms().with_columns(
        turnover_3=pl.when(company="bas").then(0).otherwise("turnover_3"),
        headcount_0=pl.when(company="haut").then(None).otherwise("headcount_0"),
        equity_3=pl.when(company="milieu").then(-50).otherwise("equity_3"),
    )
    found = {row["company"]: row for row in typology.company_typology(holes, year=2023).to_dicts()}
    assert found["bas"]["exploitation_profile"] == "-??-?"
    assert (found["bas"]["exploitation"], found["bas"]["type"]) == (None, None)
    assert found["haut"]["headcount_cagr_3y"] is None
    assert found["haut"]["high_growth_oecd_20"] is None
    assert found["milieu"]["remarks"] == "capitaux propres négatifs"


def test_a_sector_of_two_firms_is_compared_with_its_parent_then_with_all_and_says_so():
    wide = pl.concat([three_firms(), three_firms().head(2).with_columns(company=pl.col("company") + "2", sector=pl.lit("T"))])
    limits = typology.sector_terciles(wide).filter(sector="T", criterion="va_rate")
    assert_shows(
        limits,
        """
        sector | criterion | lower | upper | companies | basis
        T      | va_rate   | 0.400 | 0.467 | 5         | all
        """,
    )
    found = typology.company_typology(wide).filter(sector="T")
    assert found["remarks"].unique().to_list() == ["comparée à toutes les entreprises (moins de trois entreprises connues)"]
    parented = wide.with_columns(parent_sector=pl.lit("P"))
    assert typology.sector_terciles(parented).filter(sector="T")["basis"].unique().to_list() == ["parent_sector"]


def test_two_known_firms_in_all_give_no_level_and_no_type():
    found = typology.company_typology(three_firms().head(2))
    assert found["type"].to_list() == [None, None]
    assert found["exploitation_profile"].to_list() == ["?????", "?????"]


def test_thresholds_of_a_campaign_serve_the_next():
    limits = typology.sector_terciles(three_firms())
    richer = three_firms().with_columns(ebitda_3=pl.col("ebitda_3") * 10)
    before, after = (typology.company_typology(table, limits) for table in (three_firms(), richer))
    assert before["exploitation"].to_list() == [5, 0, -5]
    assert after["exploitation"].to_list() == [5, 1, -3]


def test_a_value_on_the_upper_third_is_between_and_one_on_the_lower_third_is_low():
    limits = typology.sector_terciles(three_firms()).with_columns(
        lower=pl.when(criterion="va_rate").then(0.4).otherwise("lower"),
        upper=pl.when(criterion="va_rate").then(0.5).otherwise("upper"),
    )
    profiles = typology.company_typology(three_firms(), limits)["exploitation_profile"].to_list()
    assert [profile[1] for profile in profiles] == ["0", "-", "-"]


def test_accounts_of_eighteen_months_are_brought_to_twelve():
    long = three_firms().with_columns(
        months_3=pl.Series([18, 12, None]),
        turnover_3=pl.Series([3000.0, 1100.0, 800.0]),
        value_added_3=pl.Series([1500.0, 440.0, 200.0]),
    )
    found = typology.company_typology(long)
    assert found["turnover_cagr_3y"][0] == pytest.approx(2 ** (1 / 3) - 1)
    assert found["remarks"].to_list() == ["exercice ramené à douze mois", "", ""]


def test_innoscope_crosses_performance_and_speed():
    found = typology.company_typology(three_firms(), scheme="innoscope")
    assert found.select("performance", "evolution", "type").rows() == [(4, 4, "type-1"), (0, 0, "type-4"), (-4, -4, "type-4")]


def test_movements_between_two_campaigns():
    before = given("company | type\n a | x\n b | x\n c | y\n d | y")
    after = given("company | type\n a | x\n b | y\n c |  \n e | y")
    assert_shows(
        typology.movements(before, after),
        """
        type_0 | type_1 | status | companies
        x      | x      | both   | 1
        x      | y      | both   | 1
        y      |        | both   | 1
               | y      | joined | 1
        y      |        | left   | 1
        """,
    )


def test_agreement_of_two_classifications():
    first = given("company | type\n a | x\n b | x\n c | y\n d | y")
    second = given("company | type\n a | p\n b | p\n c | q\n d | p\n e | p")
    assert_shows(
        typology.agreement(first, second),
        """
        type_first | type_second | companies | share | expected
        x          | p           | 2         | 1.0   | 1.50
        y          | p           | 1         | 0.5   | 1.50
        y          | q           | 1         | 0.5   | 0.50
        """,
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: pl.concat([t, t.head(1)]), "plusieurs fois : haut"),
        (lambda t: t.drop("equity_3"), "equity_3"),
        (lambda t: t.with_columns(equity_3=pl.lit("beaucoup")), "doit contenir des nombres"),
    ],
)
def test_refusals_say_what_to_correct(change, sentence):
    with pytest.raises(tables.Refusal, match=sentence):
        typology.company_typology(change(three_firms()))
    with pytest.raises(typology.UnknownScheme, match="Choix : marmuse-godest"):
        typology.company_typology(three_firms(), scheme="sept-profils")


def test_the_open_case():
    companies, expected = pl.read_csv(case("company_typology/companies.csv")), case_json("company_typology/expected.json")
    found = typology.company_typology(companies, year=2023)
    for row, wanted in zip(found.to_dicts(), expected["companies"], strict=True):
        assert {name: row[name] for name in wanted} == wanted
    for row in typology.sector_terciles(companies).to_dicts():
        lower, upper = expected["sector_terciles"][f"{row['sector']}.{row['criterion']}"]
        assert (row["lower"], row["upper"]) == (pytest.approx(lower, rel=1e-8), pytest.approx(upper, rel=1e-8))


amounts = st.one_of(st.none(), st.integers(-1000, 100_000).map(float))


@settings(max_examples=25)
@examples(st.lists(st.tuples(*[amounts] * (len(NAMES) - 3)), min_size=3, max_size=12), st.randoms())
def test_the_order_of_rows_and_the_unit_of_money_change_nothing(rows, chance):
    table = pl.DataFrame(
        [(f"c{n}", "S", 2000, *row) for n, row in enumerate(rows)], schema=dict(tables.COMPANIES.columns), orient="row"
    )
    money = [name for name in NAMES[3:] if not name.startswith("headcount")]
    shuffled = table.sample(fraction=1, shuffle=True, seed=chance.randrange(1000)).with_columns(pl.col(money) * 2)
    known = ["company", "exploitation", "creation", "type", "high_growth_oecd_20"]
    first, second = (typology.company_typology(t).sort("company").select(known) for t in (table, shuffled))
    assert first.equals(second)
