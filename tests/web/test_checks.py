"""Checks on the facts of the five documents: what people found by hand, general checks find too."""

import csv
import json
from pathlib import Path

import pytest
from django.test import Client

from beffroi.accounts.enums import Visibility
from beffroi.analytics.checks import CHECKS
from beffroi.indicators.models import Cell
from beffroi.provenance.enums import CHECKS as CHECK_LABELS
from beffroi.provenance.models import Anomaly
from beffroi.web.checks import run_checks
from beffroi.web.commands import main
from tests.accounts.factories import partner
from tests.web.factories import frameworks, indicators, items, observations

KNOWN = Path(__file__).parents[1] / "data" / "anomalies"

# For anomalies known by hand: words of what is written, and the check that raises it.
RAISED = (
    ("8 enjeux annoncés", "announced_against_listed", "enjeux"),
    ("financement atteint 138 %", "financing_above_cost", "I-TRANS"),
    ("Somme exacte 1 004 016", "printed_sum_against_lines", "TIC"),
    ("278 collaborateurs", "quarter_like_a_year", "Collaborateurs"),
    ("littoral de 230 km puis de 215 km", "same_cell_stated_differently", "littoral"),
    ("410 + 400 + 500", "total_against_lines", "Tech3E"),
    ("Total -7,6", "total_against_lines", "perte d’activité"),
    ("Dunkerque et le SIVOM", "list_against_count", "Collectivités"),
    ("exportations 34,2", "balance_against_terms", "balance"),
)


def known_words() -> str:
    texts = []
    for path in sorted(KNOWN.glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            texts += [" ".join(row.values()) for row in csv.DictReader(file)]
    return "\n".join(texts)


@pytest.mark.parametrize(("words", "check", "about"), RAISED)
def test_what_was_known_by_hand_is_raised(demo: None, words: str, check: str, about: str) -> None:
    assert words.lower() in known_words().lower(), "the yardstick itself"
    titles = Anomaly.objects.open().filter(check_name=check).values_list("title", flat=True)
    assert [title for title in titles if about.lower() in title.lower()], f"{check}: {list(titles)}"


def test_checks_run_again_find_the_same(demo: None) -> None:
    before = set(Anomaly.objects.open().values_list("key", flat=True))
    recorded = run_checks()
    assert (recorded.new, recorded.gone, recorded.again) == (0, 0, len(before))


def test_every_anomaly_is_about_things_that_a_sheet_can_show(demo: None) -> None:
    assert Anomaly.objects.open().filter(about__isnull=True).count() == 0


@pytest.mark.django_db
def test_a_finding_is_shown_as_far_as_the_most_private_thing_it_is_about(client: Client) -> None:
    frameworks("plan")
    items("plan,axe-1,,axis,Premier axe")
    indicators("jobs,Emplois,plan,axe-1,result,emplois")
    observations("jobs,2009,actual,10,emplois,")
    observations("jobs,2009,actual,12,emplois,", source="etude")
    run_checks()
    anomalies = Anomaly.objects.filter(check_name="same_cell_stated_differently")
    assert [row.visibility for row in anomalies] == [Visibility.PUBLIC]
    for cell in {about.subject_id for about in anomalies.get().about.filter(kind="cell")}:
        Cell.objects.filter(pk=cell).update(visibility=Visibility.OWNER, owner=partner())
    run_checks()
    assert [(row.visibility, str(row.owner)) for row in anomalies.all()] == [(Visibility.OWNER, "Lille")]


def test_the_command_lists_them(demo: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["checks", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == Anomaly.objects.open().count()
    assert {"check_name", "title", "written", "expected", "difference", "subjects"} == set(rows[0])
    assert main(["checks"]) == 0
    assert f"{len(rows)} à régler : 0 nouvelles, 0 disparues." in capsys.readouterr().out


def test_every_check_has_its_words() -> None:
    assert set(CHECK_LABELS) == {check.__name__ for check in CHECKS}
