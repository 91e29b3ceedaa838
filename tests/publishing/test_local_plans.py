"""Local plans and financial instruments as the documents tell them: notions and families apart, what is missing said."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from beffroi.funding.enums import PlanGap, PlanNotion
from beffroi.funding.models import Line, LineClaim, Sum, SumClaim
from beffroi.funding.rules import local_plans as rules
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets.instruments import Instruments, frameworks_known, instruments, is_mixed, periods_of
from beffroi.publishing.sheets.local_plans import Plans, plans_known, plans_of
from tests.queries import QueryCounts

pytestmark = pytest.mark.django_db
WHOLE_PLAN = date(2009, 1, 1), date(2011, 12, 31)
ONE_YEAR = date(2008, 1, 1), date(2008, 12, 31)


def moment() -> Moment:
    return Moment(timezone.localdate(), timezone.now())


@pytest.mark.parametrize(
    ("stage", "period", "notion"),
    [
        ("planned", WHOLE_PLAN, PlanNotion.FORECAST),
        ("planned", (None, None), PlanNotion.FORECAST),
        ("unstated", ONE_YEAR, PlanNotion.YEARLY),
        ("voted", ONE_YEAR, PlanNotion.YEARLY),
        ("unstated", WHOLE_PLAN, PlanNotion.DONE),
        ("paid", (None, None), PlanNotion.DONE),
    ],
)
def test_the_notion_of_an_amount(stage: str, period: tuple[date | None, date | None], notion: PlanNotion) -> None:
    assert rules.notion_of(stage, *period) == notion


@pytest.mark.parametrize(
    ("lines", "parts", "two", "gaps"),
    [
        ({"operating", "investment"}, set(), True, []),
        ({"unstated"}, {"investment"}, True, []),
        ({"unstated"}, set(), False, []),
        ({"investment"}, set(), False, [PlanGap.ONE_SECTION]),
        (set(), set(), False, [PlanGap.NO_AMOUNT]),
    ],
)
def test_the_sections_of_a_sheet(lines: set[str], parts: set[str], two: bool, gaps: list[PlanGap]) -> None:
    assert rules.has_two_sections(lines, parts) is two
    assert rules.gaps_of(lines, has_period=True) == gaps


def local_plans() -> Plans:
    (found,) = plans_known(Q(), moment=moment(), viewer=AnonymousUser())
    return found


def test_eighteen_sheets_seven_with_two_budget_sections(demo: None) -> None:
    found = local_plans()
    assert [(figure.value, figure.parts) for figure in found.figures] == [(18, None), (7, 18), (3, 18), (9, 18)]
    missing = {plan.item.code: [gap.value for gap in plan.gaps] for plan in found.plans if plan.gaps}
    assert missing == {
        "plde-lmcu": ["no_period", "one_section"],
        "plde-douaisis": ["no_period"],
        "plde-coeur-ostrevent": ["no_period"],
    }


def test_figures_are_the_same_in_every_language(demo: None) -> None:
    with translation.override("en"):
        found = local_plans()
        assert [(figure.value, figure.parts) for figure in found.figures] == [(18, None), (7, 18), (3, 18), (9, 18)]
        (forecast,) = [table for table in found.tables if table["notion"] == PlanNotion.FORECAST]
        assert [figure.known for figure in forecast["totals"]] == [5, 7, 16]


def test_three_notions_never_in_one_total(demo: None) -> None:
    found = local_plans()
    said = {
        table["notion"].value: [(figure.value, figure.known, figure.parts) for figure in table["totals"]]
        for table in found.tables
    }
    assert said == {
        "forecast": [(Decimal(42_099_623), 5, 18), (Decimal(152_761_000), 7, 18), (Decimal(237_995_823), 16, 18)],
        "yearly": [(None, 0, 18), (None, 0, 18), (Decimal(1_062_198), 1, 18)],
        "done": [(Decimal(4_354_107), 1, 18), (Decimal(8_800_000), 1, 18), (Decimal(13_154_107), 1, 18)],
    }
    (artois,) = [plan for plan in found.plans if plan.item.code == "plde-artois-comm"]
    assert [(row.row.value, row.gap.value) for row in artois.differing] == [(Decimal(13_145_107), Decimal(9_000))]


def test_the_page_of_local_plans(demo: None, client: Client, queries: QueryCounts) -> None:
    with queries("local plans"):
        page = client.get("/financements/plans-locaux").content.decode()
    assert "16 sur 18" in page
    assert "étape datée avant sa cause" in page
    assert "dont investissement" not in page
    rows = client.get("/financements/plans-locaux?format=csv").getvalue().decode().strip().splitlines()
    assert len(rows) == 19
    for why in ("all", "two-sections", "gaps", "anomalies", "forecast/whole", "done/operating"):
        assert client.get(f"/why/plans:plde/{why}").status_code == 200
    for why in ("plans:plde/autre", "plans:plde/forecast/autre", "plans:inconnu/all"):
        assert client.get(f"/why/{why}").status_code == 404


def test_a_territory_shows_its_plans(demo: None, client: Client) -> None:
    (plan,) = [plan for plan in local_plans().plans if plan.item.code == "plde-boulonnais"]
    pages = [client.get(f"/elements/{pk}").content.decode() for pk in sorted(plan.territories)]
    assert all('id="plans"' in page and "PLDE Boulonnais" in page for page in pages)


def test_the_plans_of_a_territory_are_those_of_all_that_it_leads_or_is_named_in(demo: None) -> None:
    """And only theirs are read, however many others there are."""
    every = local_plans().plans
    for territory in sorted({pk for plan in every for pk in plan.territories})[:4]:
        with CaptureQueriesContext(connection) as asked:
            found = plans_of([territory], moment=moment(), viewer=AnonymousUser())
        assert [plan.item.code for plan in found] == [plan.item.code for plan in every if territory in plan.territories]
        others = {plan.item.pk for plan in every} - {plan.item.pk for plan in found}
        lines = next(query["sql"] for query in asked if query["sql"].startswith('SELECT "funding_line"."id"'))
        wanted = lines.partition('"funding_line"."item_id" IN (')[2].partition(")")[0]
        assert wanted and not others & {int(pk) for pk in wanted.split(", ")}
    with CaptureQueriesContext(connection) as asked:
        assert plans_of([0], moment=moment(), viewer=AnonymousUser()) == []
    assert len(asked) <= 2


def test_without_plans_or_instruments_the_pages_say_so(client: Client) -> None:
    assert "Aucun plan local" in client.get("/financements/plans-locaux").content.decode()
    assert "Aucun instrument" in client.get("/financements/instruments").content.decode()


# Financial instruments


def of_2009() -> Instruments:
    (framework,) = frameworks_known(AnonymousUser())
    assert periods_of(framework, moment=moment(), viewer=AnonymousUser()) == ["2009", "2010-03-31"]
    return instruments(framework, "2009", moment=moment(), viewer=AnonymousUser())


def test_families_of_instruments_are_never_in_one_total(demo: None) -> None:
    totals = {family.item.code: family.total.value if family.total else None for family in of_2009().shown}
    assert totals == {
        "immobilier": 73_500_000,
        "fonds-propres": 12_632_000,
        "garantie": 145_401_000,
        "pret-honneur": 8_060_000,
        "ess": None,
        "subventions-region": 10_843_000,
        "subventions-region-feder": 8_410_000,
    }
    (claim,) = of_2009().claims
    assert (claim.figure.low, claim.figure.value) == (150_000_000, None), "more than 150 M€: a claim, from below"


def test_files_and_jobs_stand_beside_amounts(demo: None) -> None:
    rows = {tool.item.code: (tool, values) for family in of_2009().shown for tool, _is_part, values in family.shown}
    _tool, (files, jobs) = rows["contrat-developpement"]
    assert [said.figure.value for said in files] == [59]
    assert [(said.figure.value, said.detail) for said in jobs] == [(842, "créés"), (1557, "maintenus")]
    _tool, (files, jobs) = rows["batixia"]
    assert ([said.figure.value for said in files], jobs) == ([21], [])


def test_eleven_files_of_the_fund_are_four_and_six_and_one(demo: None) -> None:
    (fund,) = [tool for family in of_2009().shown for tool, _is_part in family.rows if tool.item.code == "fsi-total"]
    assert [(printed.value, listed.value, same) for printed, listed, same in fund.checks] == [
        (8_410_000, 8_410_000, True),
        (11, 11, True),
    ]
    assert [one.figure.value for part in fund.parts for one in part.amounts] == [1_490_000, 4_920_000, 2_000_000]


def test_a_printed_total_and_another_stage_are_never_added_to_the_lines_of_an_instrument(demo: None, client: Client) -> None:
    """786 000 € voted; 1 M€ printed and 500 000 € paid beside it: three amounts, and no total of the family."""
    (tool,) = [tool for family in of_2009().shown for tool, _is_part in family.rows if tool.item.code == "contrat-creation"]
    voted = tool.lines[0].subject
    copied(voted, Line(stage="paid", instrument=voted.instrument), LineClaim, 50_000_000)
    copied(voted, Sum(stage="voted", label="imprimé"), SumClaim, 100_000_000)
    family, tool = next(
        (family, tool) for family in of_2009().shown for tool, _is_part in family.rows if tool.item.code == "contrat-creation"
    )
    said = [(one.figure.value, one.key[0], one.is_printed) for one in tool.amounts]
    assert said == [(500_000, "paid", False), (786_000, "voted", False), (1_000_000, "voted", True)]
    assert family.total is None, "two stages"
    rows = client.get("/financements/instruments?format=csv").getvalue().decode()
    assert rows.count("Contrat de création") == 3


def copied(of: Line, made: Any, claims: Any, cents: int) -> None:
    """The same thing in the same period, at another stage or as a printed total."""
    for name in ("programme", "item", "start", "end", "written_period"):
        setattr(made, name, getattr(of, name))
    made.digest = f"copy-{cents}"
    made.save()
    link = "line" if claims is LineClaim else "sum"
    first = of.claims.first()
    claims.objects.create(
        **{link: made}, load=first.load, row=1, key=f"k{cents}", cents=cents, recorded_from=first.recorded_from,
        stated_on=first.stated_on,
    )  # fmt: skip


def test_a_family_named_after_several_is_mixed() -> None:
    others = ["Garantie", "Fonds propres et quasi-fonds propres", "Prêts d’honneur", "Subventions Région"]
    assert is_mixed("ESS : garanties, fonds propres, prêts", others)
    assert not is_mixed("Subventions Région/FEDER", others)


def test_the_page_of_instruments(demo: None, client: Client, queries: QueryCounts) -> None:
    with queries("financial instruments"):
        page = client.get("/financements/instruments").content.decode()
    assert "au moins 150" in page
    assert "égal à ses parties" in page
    assert "mêle plusieurs natures" in page
    later = client.get("/financements/instruments?period=2010-03-31").content.decode()
    assert "150" not in later.split("<main")[1].split("Immobilier")[0]
    rows = client.get("/financements/instruments?format=csv").getvalue().decode()
    assert "Contrat de développement" in rows
    assert "créés : 842" in rows
