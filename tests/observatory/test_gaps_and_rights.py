"""What the observatory does not know stays unknown, and what secrecy or rights hide is shown nowhere."""

from typing import Any

import pytest
from django.test import Client

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import Membership
from beffroi.core.refusals import Refused
from beffroi.indicators.models import Indicator, Observation
from beffroi.observatory import actions
from beffroi.observatory.methods import METHODS
from beffroi.observatory.models import AnalysisRun
from beffroi.observatory.queries import cells, inputs, profiles, runs, specialisations, surveys
from beffroi.observatory.queries.inputs import Asked
from beffroi.provenance.models import Snapshot
from beffroi.reference.models import Correspondence, Crosswalk, Item, Version
from tests.accounts.factories import partner, person
from tests.indicators.factories import EVERYONE, LONG_AGO, NOW, framework, indicator, item, tell
from tests.observatory.factories import JOBS, region
from tests.provenance.factories import private_load, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def jobs() -> Indicator:
    return region(JOBS)


def asked(of: Indicator, level: str = "employment_zone", **fields: Any) -> Asked:
    given = {"start": "2018", "end": "2022", "dimension": "naf", "depth": "division", **fields}
    return Asked(of, level, fields.pop("viewer", EVERYONE), NOW, **given)


def by(user: Any, of: Indicator) -> Asked:
    return Asked(of, "employment_zone", user, NOW, end="2022", dimension="naf", depth="division")


def analysed(of: Asked) -> runs.Analysis:
    return runs.analysed(next(one for one in METHODS if one.name == "location_quotient"), of, {})


def contributions(of: Indicator) -> tuple[list[tuple[str, Any]], str]:
    found = profiles.profile(item("ze-lens"), asked(of))
    assert found is not None
    return [(label, change.value) for label, change, _points in found.contributions], found.refusals.get("contributions", "")


def test_an_activity_known_at_one_date_has_no_contribution(jobs: Indicator) -> None:
    """62 is first told in 2022: it did not grow from nothing."""
    tell(jobs, "actual | 2022 | naf=6201Z | 50", territory=item("ze-lens"))
    shown, said = contributions(jobs)
    assert shown == [("29", 200), ("86", 0)]
    assert "1 activité n’est connue qu’à l’une des deux dates" in said


def test_what_secrecy_hides_is_not_in_the_contributions_either(jobs: Indicator) -> None:
    """Two establishments in 2018 hide division 29 of Lens, and what would give it away, though there are many in 2022."""
    tell(jobs, "actual | 2018 | naf=6201Z | 50", "actual | 2022 | naf=6201Z | 70", territory=item("ze-lens"))
    Indicator.objects.filter(pk=jobs.pk).update(code="effectifs-salaries-prives", namespace="urssaf")
    jobs.refresh_from_db()
    units = indicator(jobs.framework, "Établissements")
    Indicator.objects.filter(pk=units.pk).update(code="etablissements-employeurs", namespace="urssaf")
    early = ("2018 | naf=2910Z | 2", "2018 | naf=8610Z | 40", "2018 | naf=6201Z | 9")
    counts = (*early, "2022 | naf=2910Z | 30", "2022 | naf=8610Z | 40", "2022 | naf=6201Z | 9")
    tell(units, *(f"actual | {count}" for count in counts), territory=item("ze-lens"))
    shown, said = contributions(jobs)
    assert shown == [("86", 0)]
    assert "2 activités ne sont pas montrées" in said


def test_the_sum_of_two_dates_keeps_what_is_unknown(jobs: Indicator) -> None:
    tell(jobs, "actual | 2022 | naf=6201Z | 50", territory=item("ze-lens"))
    method = next(one for one in METHODS if one.name == "contribution_decomposition")
    (parts,) = inputs.read_for(method, asked(jobs)).given
    assert parts is not None
    assert dict(zip(parts["item"], parts["value_0"], strict=True)) == {"29": 700.0, "62": None, "86": 2080.0}


def test_a_specialisation_without_a_number_is_unknown_and_says_how_many_industries_are_known(jobs: Indicator) -> None:
    """The sea has division 50, of which nobody says anything; mobility has 29, known, and 50."""
    framework("mer", "mobilite", code="s3", level="specialisation")
    framework(code="naf-rev2", kind="classification")
    version = Version.objects.get(framework__code="naf-rev2")
    walk = Crosswalk.objects.create(source=version, target=item("mer").version)
    sources = {
        code: Item.objects.create(version=version, code=code, label=code, level="activity", sort_key=code)
        for code in ("29", "50")
    }
    for code, target in (("50", "mer"), ("29", "mobilite"), ("50", "mobilite")):
        Correspondence.objects.create(
            crosswalk=walk, source=sources[code], target=item(target), strength="full", recorded_from=LONG_AGO
        )
    found = specialisations.compared(asked(jobs), EVERYONE, place=str(item("ze-lens").pk))
    said = {row.specialisation.code: (row.jobs.value, row.jobs.known, row.jobs.parts) for row in found.rows}
    assert said == {"mer": (None, 0, 1), "mobilite": (600.0, 1, 2)}
    assert {row.specialisation.code: row.growth.value for row in found.rows} == {"mer": None, "mobilite": pytest.approx(0.5)}
    assert all(row.quotient.value is None for row in found.rows if row.specialisation.code == "mer")


def test_why_a_value_of_the_map_holds_the_same_dimensions(client: Client, jobs: Indicator) -> None:
    """600 jobs of division 29 in Lens: not the 1 000 of all of them."""
    rows = surveys.survey(asked(jobs, rest="naf=2910Z")).rows
    lens = next(row for row in rows if row.place.code == "ze-lens")
    assert lens.value == 600
    answer = client.get(f"/why/{lens.figure.why}").content.decode()
    assert "Lens naf=2910Z" in answer and "naf=8610Z" not in answer
    assert "600" in answer and "1\u202f000" not in answer and "1\u00a0000" not in answer


def test_the_files_of_hidden_values_are_not_told(jobs: Indicator) -> None:
    given = private_load(at="lille")
    cell = jobs.cells.first()
    assert cell is not None
    Observation.objects.filter(cell=cell).update(
        load=given, row=1, by=None, visibility=Visibility.OWNER, owner=partner("lille")
    )
    assert inputs.snapshots_of(asked(jobs)) == []
    mine = person("ana@lille.example", at="lille")
    assert inputs.snapshots_of(by(mine, jobs)) == list(Snapshot.objects.filter(pk=given.snapshot_id))


def test_a_run_belongs_to_the_partner_whose_values_it_reads(client: Client, jobs: Indicator) -> None:
    """Ana works for two partners: the run of Amiens' values is Amiens', and nobody's when it reads both."""
    ana = person("ana@lille.example", role=Role.ANALYST, at="lille")
    others = [partner(name) for name in ("amiens", "calais")]
    for other in others:
        Membership.objects.create(user=ana, partner=other, role=Role.ANALYST, since="2020-01-01")
    ana = type(ana).objects.get(pk=ana.pk)
    first, second = jobs.cells.all()[:2]
    Observation.objects.filter(cell=first).update(visibility=Visibility.OWNER, owner=others[1])
    run = actions.keep_run(analysed(by(ana, jobs)), parameters={}, title="", as_of=NOW.as_of, by=ana)
    assert run.owner == others[1]
    Observation.objects.filter(cell=second).update(visibility=Visibility.OWNER, owner=others[0])
    with pytest.raises(Refused, match="plusieurs partenaires"):
        actions.keep_run(analysed(by(ana, jobs)), parameters={}, title="", as_of=NOW.as_of, by=ana)
    parameters = {"indicator": str(jobs.pk), "level": "employment_zone", "end": "2022"}
    answer = signed_in(ana).post("/observatoire/analyses/garder/location_quotient", parameters, follow=True)
    assert "ne peut être gardée pour un seul" in answer.content.decode()
    assert AnalysisRun.objects.count() == 1


def test_what_one_map_shows_most_of_is_offered_first(client: Client) -> None:
    """Three territories, each under a dimension of its own, make three maps of one; two of one dimension make a map of two."""
    poles = framework("a", "b", "c")
    alone = indicator(poles, "Axes", aggregation="none", is_additive=False)
    together = indicator(poles, "Taux", aggregation="none", is_additive=False)
    for code in ("a", "b", "c"):
        tell(alone, f"actual | 2020 | plan={code} | 3", territory=item(code))
    for code in ("a", "b"):
        tell(together, "actual | 2020 | sexe=f | 4", territory=item(code))
    tell(together, "actual | 2020 | age=25 | 4", territory=item("a"))
    assert [(row.label, size) for row, size in cells.offered(EVERYONE, most=9)] == [("Taux", 2), ("Axes", 1)]
    form = client.get(f"/observatoire/carte?indicator={together.pk}").context["form"]
    assert [value for value, _label in form.fields["rest"].choices] == ["sexe=f", "age=25"]


def test_a_method_on_activities_says_that_an_indicator_has_none() -> None:
    of = indicator(framework("a"), "Taux", aggregation="none", is_additive=False)
    tell(of, "actual | 2020 | | 4", territory=item("a"))
    assert "n’en a pas" in analysed(asked(of, "pole", dimension="", end="2020")).refusal
