"""The sheet of an indicator, on small stories and on the facts of the documents."""

import csv
from datetime import date

import pytest
from django.test import Client

from beffroi.accounts.enums import Visibility
from beffroi.indicators.models import Cell, Indicator, Observation, ObservationSettlement
from beffroi.publishing.sheets.series import all_series, points, with_ranges
from tests.accounts.factories import partner
from tests.indicators.factories import LONG_AGO, framework, indicator, tell, teller, values
from tests.queries import counted

pytestmark = pytest.mark.django_db


def sheet(client: Client, of: Indicator, query: str = ""):
    return client.get(f"/indicateurs/{of.pk}?{query}")


def sections(answer) -> dict[str, dict]:
    return {part.id: part.context for part in answer.context["sections"]}


def test_a_sheet_says_what_is_measured_and_what_is_not_known(client: Client) -> None:
    visits = indicator(framework("a"), "Visites", definition="Entreprises vues une fois au moins.")
    tell(visits, "target | 2009 | | 350", "actual | 2009 | | 121", "actual | | | 12")
    page = sheet(client, visits).content.decode()
    for words in ("Entreprises vues une fois au moins.", "plus c’est haut, mieux c’est", "personne n’est désigné"):
        assert words in page
    assert "période inconnue" in page


def test_key_figures_are_the_last_value_its_target_and_the_part_done(client: Client) -> None:
    visits = indicator(framework("a"), "Visites")
    tell(visits, "target | 2009 | | 350", "actual | 2009 | | 121", "actual | 2008 | | 90")
    figures = {figure.label: figure for figure in sheet(client, visits).context["figures"]}
    assert figures["Dernière valeur"].value == 121
    assert figures["Objectif"].value == 350
    assert figures["Part faite"].sense == "bad"


def test_a_picture_shows_the_chosen_breakdown(client: Client) -> None:
    projects = indicator(framework("maud", "nsl"))
    tell(projects, *(f"actual | {year} | pole={pole} | 3" for year in (2008, 2009) for pole in ("maud", "nsl")))
    offered = [series.key for series in all_series(values(projects))]
    assert offered == ["0:pole=maud", "0:pole=nsl"]
    assert sections(sheet(client, projects, "serie=0:pole%3Dnsl"))["series"]["chosen"].label == "pole : nsl"
    assert sections(sheet(client, projects, "serie=rien"))["series"]["chosen"].label == "pole : maud"


def test_a_picture_puts_a_target_on_the_result_that_meets_it() -> None:
    visits = indicator(framework("a"), "Visites")
    tell(visits, "target | 2009 | | 350", "actual | 2010 | | 121", "target | 2013 | | 400")
    from beffroi.indicators.queries import target_progress

    told = values(visits)
    drawn = points(told, target_progress(told))
    assert [(row["period"], row["value"], row["target"]) for row in drawn] == [("2010", 121, 350), ("2013", None, 400)]


def test_a_value_between_bounds_is_a_line_and_not_a_point() -> None:
    row = {"period": "2009", "value": None, "target": None, "low": 26.0, "high": 30.0}
    half = {**row, "high": None}
    spec = with_ranges({"layer": []}, [row, half])
    assert [layer["mark"]["type"] for layer in spec["layer"]] == ["rule", "point"]


def test_sources_that_disagree_stand_face_to_face(client: Client) -> None:
    visits = indicator(framework("a"), "Visites")
    [cell] = tell(visits, "actual | 2009 | | 26")
    tell(visits, "actual | 2009 | | 30")
    [faced] = sections(sheet(client, visits))["rivals"]["rivals"]
    assert (faced["one"].value, faced["other"].value, faced["difference"].value) == (26, 30, 4)
    claim = Observation.objects.get(cell=cell, value=30)
    reason = "le tableau final fait foi"
    ObservationSettlement.objects.create(cell=cell, claim=claim, by=teller(), reason=reason, recorded_from=LONG_AGO)
    settled = sections(sheet(client, visits))
    assert "rivals" not in settled
    assert [row.reason for row in settled["settlements"]["settlements"]] == ["le tableau final fait foi"]


def test_a_file_holds_every_claim_of_the_indicator(client: Client) -> None:
    visits = indicator(framework("a"), "Visites")
    tell(visits, "actual | 2009 | | 26", "actual | 2009 | | 30", "actual | 2010 | | 31")
    answer = sheet(client, visits, "format=csv")
    rows = list(csv.DictReader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))
    assert sorted((row["value"], row["disputed"]) for row in rows) == [("26", "oui"), ("30", "oui"), ("31", "non")]


def test_before_it_is_stated_nothing_is_shown(client: Client) -> None:
    visits = indicator(framework("a"), "Visites")
    tell(visits, "actual | 2009 | | 26", stated_on=date(2010, 3, 31))
    before = sheet(client, visits, "as_of=2010-03-30")
    assert (list(sections(before)), before.context["figures"]) == (["definition"], [])


def test_an_indicator_one_may_not_see_does_not_exist(client: Client) -> None:
    hidden = indicator(framework("a"), "Secret", visibility=Visibility.OWNER, owner=partner("lens"))
    [cell, _] = tell(hidden, "actual | 2009 | pole=a | 2", "actual | 2009 | pole=b | 2")
    assert sheet(client, hidden).status_code == 404
    assert client.get(f"/why/aggregate:{cell.pk}/pole").status_code == 404


def test_the_queries_of_a_sheet_do_not_follow_its_values(client: Client) -> None:
    projects = indicator(framework("maud", "nsl", "picom"))
    tell(projects, "target | 2009 | | 9", *(f"actual | 2009 | pole={pole} | 1" for pole in ("maud", "nsl")))
    sheet(client, projects)
    with counted() as few:
        sheet(client, projects)
    tell(projects, *(f"actual | {year} | pole={pole} | 1" for year in range(2010, 2024) for pole in ("maud", "nsl", "picom")))
    with counted() as many:
        sheet(client, projects)
    assert few == many


@pytest.mark.usefixtures("demo")
def test_the_staff_of_the_s3_adds_up_to_ten_of_which_the_agency_six_and_a_half(client: Client) -> None:
    staff = Indicator.objects.get(code="s3-etp-suivi")
    answer = sheet(client, staff)
    rows = {row.rest: row for row in sections(answer)["aggregates"]["aggregates"]}
    whole, agency = rows["part=total"], rows["part=hdfid"]
    assert (whole.figure.value, whole.figure.known, whole.figure.parts, whole.agreement.value) == (10, 4, 4, "nothing")
    assert (str(agency.figure.value), str(agency.whole.figure.value), agency.agreement.value) == ("6.5", "6.5", "agrees")
    assert sorted(str(line.figure.value) for _, line in whole.lines) == ["1", "1.5", "3", "4.5"]
    why = client.get(f"/why/{agency.figure.why}").content.decode()
    assert "il concorde" in why
    assert "La somme des parties connues" in why


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("code", "actual", "target", "progress"),
    [
        ("creations-entreprises", 24085, 15000, "reached"),
        ("accueils-individuels", 30781, 24000, "reached"),
        ("creations-artisanales", 1943, 5025, "behind"),
    ],
)
def test_targets_of_the_scheme(client: Client, code: str, actual: int, target: int, progress: str) -> None:
    rows = sections(sheet(client, Indicator.objects.get(code=code), "as_of=2010-03-31"))["targets"]["targets"]
    found = [(row.figure.value, row.progress.value) for row in rows if row.figure and row.target.figure.value == target]
    assert found == [(actual, progress)]


@pytest.mark.usefixtures("demo")
def test_every_indicator_of_the_facts_opens(client: Client) -> None:
    busiest = Cell.objects.values_list("indicator", flat=True).distinct().order_by("indicator")[::9]
    assert {client.get(f"/indicateurs/{pk}").status_code for pk in busiest} == {200}
