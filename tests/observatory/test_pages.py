"""The observatory on a small region: three zones, two activities, two years, told in tables."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from beffroi.accounts.enums import Role, Visibility
from beffroi.indicators.models import Indicator, Observation
from beffroi.observatory import actions
from beffroi.observatory.models import AnalysisRun
from beffroi.observatory.queries import cells, documents, inputs, profiles, runs, specialisations, surveys
from beffroi.observatory.queries.inputs import Asked
from beffroi.provenance.actions import seed_profiles
from beffroi.reference.models import Boundary, Correspondence, Crosswalk, Item, PlaceMembership, Version
from beffroi.web.commands import main
from tests.accounts.factories import person
from tests.indicators.factories import EVERYONE, LONG_AGO, NOW, framework, indicator, item, tell
from tests.observatory.factories import JOBS, region, square
from tests.provenance.factories import signed_in

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return answer.content.decode()


@pytest.fixture
def jobs() -> Indicator:
    return region(JOBS)


def asked(of: Indicator, level: str = "employment_zone", **fields: Any) -> Asked:
    given = {"start": "2018", "end": "2022", "dimension": "naf", "depth": "division", **fields}
    return Asked(of, level, EVERYONE, NOW, **given)


EMPTY = (
    "",
    "carte",
    "methodes/",
    "methodes/location_quotient",
    "methodes/text_classification",
    "documents",
    "specialisations",
    "analyses/",
)


@pytest.mark.parametrize("name", EMPTY)
def test_each_page_opens_when_nothing_is_known(client: Client, name: str) -> None:
    assert client.get(f"/observatoire/{name}").status_code == 200


def test_a_method_that_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get("/observatoire/methodes/rien").status_code == 404


@pytest.mark.usefixtures("jobs")
@pytest.mark.parametrize(
    "method", ["location_quotient", "shift_share", "contribution_decomposition", "inequality", "composite", "sigma_convergence"]
)
def test_each_shape_of_method_answers_on_indicators(client: Client, method: str) -> None:
    answer = client.get(f"/observatoire/methodes/{method}?rest=naf%3D2910Z")
    assert answer.context["analysis"].refusal == ""
    assert answer.context["analysis"].height > 0


def test_the_quotient_of_the_page_is_the_one_of_the_table(client: Client, jobs: Indicator) -> None:
    """Lens has 600 of 1 000 jobs in division 29, all have 900 of 3 000: a quotient of 2."""
    address = f"/observatoire/methodes/location_quotient?indicator={jobs.pk}&level=employment_zone&end=2022"
    rows = json.loads(b"".join(client.get(f"{address}&format=json").streaming_content))["rows"]
    found = {(row["territory"], row["activity"]): row["location_quotient"] for row in rows}
    assert found["Lens", "29"] == pytest.approx(2.0)
    for form in ("csv", "xlsx", "parquet"):
        assert client.get(f"{address}&format={form}").status_code == 200
    assert text(client.get(f"{address}&image=svg")).startswith("<svg")
    assert client.get(f"{address}&image=png").content[1:4] == b"PNG"


def test_one_activity_over_territories_is_a_map(client: Client, jobs: Indicator) -> None:
    address = f"/observatoire/methodes/location_quotient?indicator={jobs.pk}&level=employment_zone&activity=29"
    answer = client.get(address)
    assert answer.context["drawn"].map.tiled is True
    assert "ce ne sont pas des contours" in text(answer)


def test_a_refusal_of_the_method_is_told(client: Client, jobs: Indicator) -> None:
    answer = client.get(f"/observatoire/methodes/location_quotient?indicator={jobs.pk}&o_reference=Paris")
    assert "« Paris » n’est pas dans la colonne" in text(answer)


def test_parts_add_up_to_their_whole_and_one_that_straddles_two_to_neither(jobs: Indicator) -> None:
    values = jobs.cells and cells.Look(jobs, EVERYONE, NOW).values(["2022"])
    found = cells.at_level(values, "region", viewer=EVERYONE)
    assert found.select("value", "parts").rows() == [(3000.0, 6)]
    other = Item.objects.create(version=item("32").version, code="44", label="Est", level="region", sort_key="est")
    PlaceMembership.objects.create(part=item("ze-lens"), whole=other)
    assert cells.at_level(values, "region", viewer=EVERYONE)["value"].sum() == 2000


def test_sources_that_disagree_leave_the_value_unknown_until_somebody_settles(jobs: Indicator) -> None:
    import polars as pl

    claims = pl.DataFrame(
        [
            (1, 10, 5, "2022", 2022, None, 4.0, "a", 1, None),
            (1, 11, 5, "2022", 2022, None, 6.0, "b", 2, None),
            (2, 12, 5, "2022", 2022, "x=1", 4.0, "a", 1, None),
            (2, 13, 5, "2022", 2022, "x=1", 5.0, "a", 3, None),
        ],
        schema=cells.SCHEMA | {"stated_on": pl.Date},
        orient="row",
    )
    assert cells.standing(claims, []).sort("cell").select("value", "rivals").rows() == [(None, True), (5.0, False)]
    assert cells.standing(claims, [11]).sort("cell")["value"].to_list() == [6.0, 5.0]


def test_a_territory_read_through_its_activities(client: Client, jobs: Indicator) -> None:
    lens = item("ze-lens")
    found = profiles.profile(lens, asked(jobs))
    assert found is not None
    assert [(row.label, row.quotient.value, row.specific) for row in found.activities] == [
        ("29", 2.0, True),
        ("86", 0.57, False),
    ]
    assert [figure.value for figure in found.effects] == [200, 63, 55, 82]
    assert [(label, change.value) for label, change, _points in found.contributions] == [("29", 200), ("86", 0)]
    assert [place.label for place, _gap in found.similar] == ["Douai", "Lille"]
    page = client.get(f"/observatoire/territoires/{lens.pk}?indicator={jobs.pk}")
    assert "Territoires qui lui ressemblent" in text(page)
    assert client.get(f"/observatoire/territoires/{lens.pk}?indicator={jobs.pk}&format=csv").status_code == 200


def test_a_territory_of_which_nothing_is_known_says_which_file_to_load(client: Client, jobs: Indicator) -> None:
    item("ze-vide").version.framework.save()
    assert "urssaf-effectifs" in text(client.get(f"/observatoire/territoires/{item('ze-vide').pk}"))


def test_one_period_gives_no_local_effect(jobs: Indicator) -> None:
    found = profiles.profile(item("ze-lens"), asked(jobs, start="2022"))
    assert found is not None
    assert (found.effects, found.contributions) == ([], [])
    assert "deux périodes" in found.refusals["effects"]


def test_too_few_establishments_hide_a_value(jobs: Indicator) -> None:
    """The headcount of division 29 in Lens comes from two establishments: it is not shown, nor what would give it away."""
    Indicator.objects.filter(pk=jobs.pk).update(code="effectifs-salaries-prives", namespace="urssaf")
    jobs.refresh_from_db()
    units = indicator(jobs.framework, "Établissements")
    Indicator.objects.filter(pk=units.pk).update(code="etablissements-employeurs", namespace="urssaf")
    tell(units, "actual | 2022 | naf=2910Z | 2", "actual | 2022 | naf=8610Z | 40", territory=item("ze-lens"))
    found = profiles.profile(item("ze-lens"), asked(jobs))
    assert found is not None
    hidden = {row.label: row.secret for row in found.activities}
    assert hidden["29"].startswith("few_units")
    assert next(row for row in found.activities if row.label == "29").jobs.value is None
    assert found.hidden >= 1


def test_a_map_hatches_what_is_unknown_and_counts_each_class(client: Client, jobs: Indicator) -> None:
    for code in ("ze-lens", "ze-lille", "ze-vide"):
        Boundary.objects.create(item=item(code), part=code, rings=json.dumps(square(code)))
    survey = surveys.survey(asked(jobs))
    assert survey.map.picture is not None
    assert (survey.map.drawn, survey.map.tiled, survey.map.left_out) == (3, False, 1)
    assert [count for _words, count in survey.map.classes] == [3]
    address = f"/observatoire/carte?indicator={jobs.pk}&level=employment_zone"
    page = client.get(address)
    assert "inconnu (1)" in text(page)
    assert "2018" in [tab["label"] for tab in page.context["periods"]]
    assert client.get(f"{address}&format=csv").status_code == 200
    assert text(client.get(f"{address}&image=svg")).startswith("<svg")


def test_outlines_of_another_year_are_lent_and_said(jobs: Indicator) -> None:
    lens = item("ze-lens")
    older = Version.objects.create(framework=lens.version.framework, code="2010")
    before = Item.objects.create(version=older, code="ze-lens", label="Lens", level="employment_zone", sort_key="lens")
    Boundary.objects.create(item=before, part="a", rings=json.dumps(square("ze-lens")))
    assert surveys.survey(asked(jobs)).map.vintages == "2010"


def test_values_without_a_name_show_their_classes_only(client: Client) -> None:
    of = indicator(framework("x", code="cartes"), "Évolution", unit="%", aggregation="none", is_additive=False)
    tell(of, "actual | 2019 | zone=1 | -11.5", "actual | 2019 | zone=2 | 0.4")
    tell(of, "actual | 2019 | | 3", territory=item("x"))
    page = client.get(f"/observatoire/carte?indicator={of.pk}")
    assert page.context["survey"].unnamed == 2
    assert "Pas de carte" in text(page)


def test_why_a_sum_lists_its_parts(client: Client, jobs: Indicator) -> None:
    page = text(client.get(f"/why/survey:{jobs.pk}/region/{item('32').pk}/2022"))
    assert "Lens naf=2910Z" in page
    assert text(client.get(f"/why/survey:{jobs.pk}/employment_zone/{item('ze-lens').pk}/2022")).count("Lens naf=") == 2
    assert client.get("/why/survey:999999/region/1/2022").status_code == 404


def test_a_kept_run_stays_and_tells_what_changed_since(client: Client, jobs: Indicator) -> None:
    user = person("ana@region.example", role=Role.ANALYST)
    browser = signed_in(user)
    parameters = {"indicator": str(jobs.pk), "level": "employment_zone", "end": "2022", "title": "Mes quotients"}
    run_page = browser.post("/observatoire/analyses/garder/location_quotient", parameters, follow=True)
    run = AnalysisRun.objects.get()
    assert (run.title, run.rows, run.by, run.visibility) == ("Mes quotients", 6, user, Visibility.PUBLIC)
    assert "identique" in text(run_page)
    assert "Mes quotients" in text(client.get("/observatoire/analyses/"))
    assert client.get(f"/observatoire/analyses/{run.pk}?format=csv").status_code == 200
    tell(jobs, "actual | 2022 | naf=6201Z | 50", territory=item("ze-lens"))
    changed = browser.get(f"/observatoire/analyses/{run.pk}")
    assert changed.context["is_same"] is False
    assert "Lens · 62" in [change.key for change in changed.context["changes"]]
    run.method = "methode_retiree"
    run.save()
    assert client.get(f"/observatoire/analyses/{run.pk}").context["is_same"] is None


def test_a_kept_run_is_done_again_from_the_command_line(
    jobs: Indicator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = signed_in(person("ana@region.example", role=Role.ANALYST))
    parameters = {"indicator": str(jobs.pk), "level": "employment_zone", "end": "2022", "title": "Mes quotients"}
    page = text(browser.post("/observatoire/analyses/garder/location_quotient", parameters, follow=True))
    run = AnalysisRun.objects.get()
    command = ["analyse", "--run", str(run.pk)]
    assert " ".join(["beffroi", *command]) in page
    assert main([*command, "--out", str(tmp_path / "again.csv")]) == 0
    assert f"Identique : empreinte {run.result_hash[:16]}" in capsys.readouterr().out
    assert (tmp_path / "again.csv").read_text().count("\n") == 1 + 6
    said = {**run.result, "rows": run.result["rows"][1:]}
    AnalysisRun.objects.update(result=said, result_hash=runs.hash_of(said))
    assert main(command) == 1
    assert "Différent" in capsys.readouterr().out


def test_a_run_that_cannot_be_done_again_says_why(jobs: Indicator, capsys: pytest.CaptureFixture[str]) -> None:
    user = person("ana@region.example", role=Role.ANALYST)
    asked_by = Asked(jobs, "employment_zone", user, NOW, end="2022", dimension="naf", depth="division")
    method = next(one for one in runs_methods() if one.name == "location_quotient")
    parameters = {"indicator": str(jobs.pk)}
    run = actions.keep_run(runs.analysed(method, asked_by, {}), parameters=parameters, title="", as_of=NOW.as_of, by=user)
    for changes, arguments, said in (
        ({}, ["--run", "999"], "Aucune analyse gardée n’a le numéro 999."),
        ({}, ["--run", str(run.pk), "--out", "again.doc"], ".csv ou en .parquet"),
        ({}, ["--run", str(run.pk), "rca", "--in", "a.csv", "--out", "b.csv"], "ne donnez pas de MÉTHODE"),
        ({"parameters": {"o_reference": "Paris"}}, ["--run", str(run.pk)], "« Paris »"),
        ({"method": "methode_retiree"}, ["--run", str(run.pk)], "n’existe plus"),
    ):
        AnalysisRun.objects.update(**changes)
        assert main(["analyse", *arguments]) == 2, said
        assert said in capsys.readouterr().err


def test_what_gives_no_result_is_not_kept(jobs: Indicator) -> None:
    browser = signed_in(person("ana@region.example", role=Role.ANALYST))
    parameters = {"indicator": str(jobs.pk), "o_reference": "Paris"}
    assert browser.post("/observatoire/analyses/garder/location_quotient", parameters).status_code == 302
    assert browser.post("/observatoire/analyses/garder/rien", parameters).status_code == 404
    assert not AnalysisRun.objects.exists()


def test_a_run_on_restricted_values_is_restricted(jobs: Indicator) -> None:
    jobs.visibility = Visibility.PARTNERS
    jobs.save()
    user = person("ana@region.example", role=Role.ANALYST)
    asked_by = Asked(jobs, "employment_zone", user, NOW, end="2022", dimension="naf", depth="division")
    method = next(one for one in runs_methods() if one.name == "location_quotient")
    run = actions.keep_run(runs.analysed(method, asked_by, {}), parameters={}, title="", as_of=NOW.as_of, by=user)
    assert (run.visibility, run.title) == (Visibility.PARTNERS, "Quotient de localisation")
    assert not AnalysisRun.objects.visible_to(EVERYONE).exists()


def test_a_run_that_read_one_restricted_value_is_for_the_partner_who_kept_it(jobs: Indicator) -> None:
    user = person("ana@region.example", role=Role.ANALYST)
    owner = user.memberships.get().partner
    Observation.objects.filter(cell=jobs.cells.first()).update(visibility=Visibility.OWNER, owner=owner)
    asked_by = Asked(jobs, "employment_zone", user, NOW, end="2022", dimension="naf", depth="division")
    method = next(one for one in runs_methods() if one.name == "location_quotient")
    run = actions.keep_run(runs.analysed(method, asked_by, {}), parameters={}, title="", as_of=NOW.as_of, by=user)
    assert (run.visibility, run.owner) == (Visibility.OWNER, owner)


def runs_methods() -> Any:
    from beffroi.observatory.methods import METHODS

    return METHODS


def test_specialisations_through_their_industries(client: Client, jobs: Indicator) -> None:
    """Mobility has all of division 29, health an unknown part of 86: its jobs are between none and all of them."""
    framework("mobilite", "sante", "mer", code="s3", level="specialisation")
    activities = Version.objects.create(framework=framework(code="naf-rev2", kind="classification"), code="2")
    version = Version.objects.get(framework__code="naf-rev2", code="1")
    walk = Crosswalk.objects.create(source=version, target=item("mobilite").version)
    for code, target, strength in (("29", "mobilite", "full"), ("86", "sante", "partial")):
        source = Item.objects.create(version=version, code=code, label=code, level="activity", sort_key=code)
        Correspondence.objects.create(
            crosswalk=walk, source=source, target=item(target), strength=strength, recorded_from=LONG_AGO
        )
    activities.delete()
    found = specialisations.compared(asked(jobs), EVERYONE, place=str(item("ze-lens").pk))
    said = {row.specialisation.code: (row.jobs.value, row.jobs.low, row.jobs.high, row.quotient.value) for row in found.rows}
    assert said == {"mobilite": (600.0, None, None, 2.0), "sante": (None, 0.0, 400.0, None)}
    assert [row.growth.value for row in found.rows] == [pytest.approx(0.5), None]
    assert [item.code for item in found.lacking] == ["mer"]
    assert [row.place.label for row in found.others][0] == "Lens"
    page = client.get(f"/observatoire/specialisations?indicator={jobs.pk}&level=employment_zone")
    assert "La même ailleurs" in text(page)
    assert client.get(f"/observatoire/specialisations?indicator={jobs.pk}&format=csv").status_code == 200


def test_a_crosswalk_is_opened_by_who_may_and_once() -> None:
    framework("mobilite", code="s3", level="specialisation")
    browser = signed_in(person("ana@region.example", role=Role.ANALYST))
    assert browser.post("/observatoire/specialisations/ouvrir").status_code == 404
    framework(code="naf-rev2", kind="classification")
    for _time in range(2):
        assert browser.post("/observatoire/specialisations/ouvrir").status_code == 302
    assert Crosswalk.objects.count() == 1


@pytest.mark.usefixtures("demo")
def test_the_jobs_by_branch_of_the_document_add_up_exactly() -> None:
    tables = documents.printed_tables(viewer=EVERYONE, moment=NOW)
    branches = tables[0]
    assert (branches.exact, branches.known) == (10, 10)
    assert [figure.value for figure in branches.lines[-1].printed] == [54_112, 83_777, -29_665]
    industry = next(line for line in branches.lines if line.label == "industrie")
    assert ([figure.value for figure in industry.printed], industry.gap.value) == ([-21_969, -12_672, -9_297], 0)


@pytest.mark.usefixtures("demo")
def test_each_contribution_to_the_crisis_is_recomputed_beside_the_printed_one(client: Client) -> None:
    crisis = documents.printed_tables(viewer=EVERYONE, moment=NOW)[1:]
    assert [table.caption for table in crisis] == ["2020-Q2", "2020-Q3", "2020-11", "2020-Q4"]
    industry = next(line for line in crisis[0].lines if line.label == "industrie")
    assert (float(industry.printed[2].value or 0), industry.computed.value, industry.is_right) == (
        pytest.approx(-3.7),
        -3.67,
        True,
    )
    page = text(client.get("/observatoire/documents"))
    assert "276 456" in page.replace("\u202f", " ").replace("\xa0", " ")
    assert [one.picture.table.rows for one in documents.nameless_classes(viewer=EVERYONE, moment=NOW)][0]
    assert client.get("/observatoire/documents?format=csv").status_code == 200


@pytest.mark.usefixtures("demo")
def test_every_page_of_the_demo_opens(client: Client) -> None:
    for name in EMPTY:
        assert client.get(f"/observatoire/{name}").status_code == 200
    assert "à charger" in text(client.get("/observatoire/"))


def test_files_that_were_loaded_are_said(client: Client, jobs: Indicator) -> None:
    seed_profiles()
    Indicator.objects.filter(pk=jobs.pk).update(code="effectifs-salaries-prives", namespace="urssaf")
    loaded = {row.profile: row.is_there for row in client.get("/observatoire/").context["files"]}
    assert (loaded["urssaf-effectifs"], loaded["anct-indicateurs-communes"], loaded["territoires"]) == (True, False, True)


def test_snapshots_of_what_people_typed_are_none(jobs: Indicator) -> None:
    assert inputs.snapshots_of(asked(jobs)) == []
