"""What too few establishments make is shown nowhere, nor what would give it away; why each computed figure is what it is."""

from typing import Any

import polars as pl
import pytest
from django.test import Client

from beffroi.indicators.models import Indicator
from beffroi.observatory.methods import method_named
from beffroi.observatory.queries import profiles, runs, specialisations, surveys
from beffroi.observatory.queries.inputs import Asked
from beffroi.observatory.queries.secrets import Secrets, masked, secrets
from beffroi.reference.models import Correspondence, Crosswalk, Item, Version
from tests.indicators.factories import EVERYONE, LONG_AGO, NOW, framework, indicator, item, tell
from tests.observatory.factories import JOBS, region
from tests.queries import QueryCounts

pytestmark = pytest.mark.django_db
# Establishments of each zone in division 29 and in health, in both years
UNITS = (("Lens", 2, 40), ("Lille", 9, 50), ("Douai", 8, 30), ("Vide", 7, 20))


@pytest.fixture
def jobs() -> Indicator:
    found = region(JOBS)
    return named(found, "effectifs-salaries-prives")


def named(one: Indicator, code: str) -> Indicator:
    Indicator.objects.filter(pk=one.pk).update(code=code, namespace="urssaf")
    one.refresh_from_db()
    return one


@pytest.fixture
def counted(jobs: Indicator) -> Indicator:
    units = named(indicator(jobs.framework, "Établissements", aggregation="sum", is_additive=True), "etablissements-employeurs")
    more = ("2018 | naf=2910Z | 500", "2018 | naf=8610Z | 600", "2022 | naf=2910Z | 500", "2022 | naf=8610Z | 600")
    tell(jobs, *(f"actual | {row}" for row in more), territory=item("ze-vide"))
    for name, cars, health in UNITS:
        rows = [
            f"actual | {year} | naf={code} | {n}" for year in (2018, 2022) for code, n in (("2910Z", cars), ("8610Z", health))
        ]
        tell(units, *rows, territory=item(f"ze-{name.lower()}"))
    return jobs


def asked(of: Indicator, **fields: Any) -> Asked:
    given = {"start": "2018", "end": "2022", "dimension": "naf", "depth": "division", **fields}
    return Asked(of, "employment_zone", EVERYONE, NOW, **given)


def place(name: str) -> int:
    return int(item(f"ze-{name.lower()}").pk)


def by_name(found: Secrets) -> dict[tuple[str, str], str]:
    names = {str(place(name)): name for name in ("Lens", "Lille", "Douai", "Vide")}
    return {(names.get(where, where), what): reason for (where, what), reason in found.reasons.items()}


def test_few_units_hide_a_cell_and_its_partners(counted: Indicator) -> None:
    """Two establishments in Lens; the smallest other of its activity and of its territory would give it away, and theirs."""
    assert by_name(secrets(asked(counted), ["2022"])) == {
        ("Lens", "29"): "few_units",
        ("Lens", "86"): "deducible",
        ("Lille", "29"): "deducible",
        ("Lille", "86"): "deducible",
        ("Vide", "29"): "deducible",
        ("Vide", "86"): "deducible",
    }
    assert secrets(asked(counted), ["2022"]).has_largest is False


def test_nothing_is_hidden_when_the_source_does_not_count(jobs: Indicator) -> None:
    assert secrets(asked(jobs), ["2022"]) == Secrets()


def test_one_that_outweighs_the_others_hides_too_where_the_source_says_it(counted: Indicator) -> None:
    largest = named(indicator(counted.framework, "Le plus grand", aggregation="none"), "plus-grand-etablissement")
    for name, cars, health in (("Lens", 300, 100), ("Lille", 50, 890), ("Douai", 90, 100), ("Vide", 90, 100)):
        rows = [
            f"actual | {year} | naf={code} | {n}" for year in (2018, 2022) for code, n in (("2910Z", cars), ("8610Z", health))
        ]
        tell(largest, *rows, territory=item(f"ze-{name.lower()}"))
    found = secrets(asked(counted), ["2022"])
    assert found.has_largest is True
    assert by_name(found)["Lille", "86"] == "dominance"


@pytest.mark.parametrize("name", ["location_quotient", "shift_share"])
def test_a_method_keeps_its_rows_and_says_why_they_are_empty(counted: Indicator, name: str) -> None:
    method = method_named(name)
    assert method is not None
    analysis = runs.analysed(method, asked(counted), {})
    assert analysis.table is not None
    row = analysis.table.filter(territory="Lens", activity="29").row(0, named=True)
    numbers = [value for key, value in row.items() if isinstance(value, int | float) and key != "year"]
    assert (numbers, row["secret"]) == ([], "few_units")
    assert analysis.table.filter(territory="Douai", activity="29")["secret"].to_list() == [None]
    assert analysis.hidden == 6


def test_the_parts_of_all_territories_are_counted_together(counted: Indicator) -> None:
    method = method_named("contribution_decomposition")
    assert method is not None
    analysis = runs.analysed(method, asked(counted), {})
    assert analysis.hidden == 0
    assert runs.analysed(method, asked(counted, place=place("Lens")), {}).hidden == 2


def test_a_map_of_one_activity_hides_what_two_establishments_make(client: Client, counted: Indicator) -> None:
    found = surveys.survey(asked(counted, rest="naf=2910Z"))
    assert {row.place.label: (row.value, row.secret) for row in found.rows if row.known} == {
        "Douai": (200.0, ""),
        "Lens": (None, "few_units"),
        "Lille": (None, "deducible"),
        "Vide": (500.0, ""),
    }
    address = f"/observatoire/carte?indicator={counted.pk}&level=employment_zone&end=2022&rest=naf%3D2910Z"
    page = client.get(address).content.decode()
    assert "cachées par le secret statistique" in page
    table = b"".join(client.get(f"{address}&format=csv").streaming_content).decode()
    assert "600" not in table and "few_units" in table
    why = client.get(f"/why/survey:{counted.pk}/employment_zone/{place('Lens')}/2022|naf=2910Z").content.decode()
    assert "600" not in why


def test_a_table_without_names_is_left_as_it_is() -> None:
    table = pl.DataFrame({"measure": ["gini"], "value": [0.4]})
    assert masked(table, {("*", "*"): "few_units"}, {}).equals(table)
    listed = pl.DataFrame({"territory": ["Lens"], "value": [4.0]})
    assert masked(listed, {("2", "*"): "few_units"}, {"Lens": "1"}).equals(listed)
    assert masked(listed, {("1", "*"): "few_units"}, {"Lens": "1"}).rows() == [("Lens", None, "few_units")]


class TestWhy:
    def test_a_quotient_tells_the_four_sums_that_make_it(self, client: Client, jobs: Indicator) -> None:
        """600 of 1 000 in Lens, 900 of 3 000 everywhere: 2."""
        found = profiles.profile(item("ze-lens"), asked(jobs))
        assert found is not None
        page = client.get(f"/why/{found.activities[0].quotient.why}").content.decode()
        for text in ("Hoover-Balassa", "600", "1 000", "900", "3 000"):
            assert text in page.replace("\u202f", " ").replace("\xa0", " "), text

    def test_a_secret_quotient_tells_nothing_of_what_is_hidden(self, client: Client, counted: Indicator) -> None:
        why = asked(counted).why_computed("quotient", place("Lens"), "29")
        assert "600" not in client.get(f"/why/{why}").content.decode()
        why = asked(counted).why_computed("contribution", place("Lens"), "29")
        assert client.get(f"/why/{why}").status_code == 404

    def test_effects_and_contributions_tell_what_they_add_up_to(self, client: Client, jobs: Indicator) -> None:
        found = profiles.profile(item("ze-lens"), asked(jobs))
        assert found is not None
        page = client.get(f"/why/{found.effects[-1].why}").content.decode()
        assert "Esteban-Marquillas" in page and "55" in page and "63" in page
        _name, _change, points = found.contributions[0]
        page = client.get(f"/why/{points.why}").content.decode()
        assert "400" in page and "600" in page

    @pytest.mark.parametrize(
        "key",
        [
            "quotient:999999/employment_zone/1/2018/2022/naf/division/29",
            "quotient:1/x",
            "effect:{0}/employment_zone/{1}/2018/2022/naf/division/rien",
            "effect:{0}/employment_zone/{1}/2018/2018/naf/division/growth",
            "effect:{0}/employment_zone/{2}/2018/2022/naf/division/growth",
            "contribution:{0}/employment_zone/{1}/2018/2022/naf/division/99",
            "quotient:{0}/employment_zone/{1}/1990/1991/naf/division/29",
            "contribution:999999/employment_zone/1/2018/2022/naf/division/29",
        ],
    )
    def test_a_figure_that_does_not_exist_is_not_found(self, client: Client, jobs: Indicator, key: str) -> None:
        assert client.get(f"/why/{key.format(jobs.pk, place('Lens'), place('Vide'))}").status_code == 404


def test_pages_ask_as_many_questions_whatever_the_territories(client: Client, counted: Indicator, queries: QueryCounts) -> None:
    address = f"indicator={counted.pk}&level=employment_zone"
    pages = {
        "observatory": "/observatoire/",
        "map": f"/observatoire/carte?{address}",
        "method": f"/observatoire/methodes/location_quotient?{address}",
        "territory": f"/observatoire/territoires/{place('Lens')}?{address}",
        "specialisations": f"/observatoire/specialisations?{address}",
        "printed tables": "/observatoire/documents",
        "kept runs": "/observatoire/analyses/",
    }
    for name, page in pages.items():
        with queries(name):
            assert client.get(page).status_code == 200


def test_a_specialisation_is_hidden_with_what_would_give_it_away(client: Client, counted: Indicator) -> None:
    """Two establishments of division 29 in Lens: Lille, the smallest other, is hidden with it; health is safe everywhere."""
    framework("mobilite", "sante", code="s3", level="specialisation")
    framework(code="naf-rev2", kind="classification")
    version = Version.objects.get(framework__code="naf-rev2", code="1")
    walk = Crosswalk.objects.create(source=version, target=item("mobilite").version)
    for code, target in (("29", "mobilite"), ("86", "sante")):
        source = Item.objects.create(version=version, code=code, label=code, level="activity", sort_key=code)
        Correspondence.objects.create(
            crosswalk=walk, source=source, target=item(target), strength="full", recorded_from=LONG_AGO
        )
    found = specialisations.compared(asked(counted), EVERYONE, place=str(place("Lens")), chosen=str(item("mobilite").pk))
    assert {row.specialisation.code: row.is_secret for row in found.rows} == {"mobilite": True, "sante": False}
    assert {row.place.label: row.is_secret for row in found.others} == {
        "Lens": True, "Lille": True, "Douai": False, "Vide": False,
    }  # fmt: skip
    assert all(row.jobs.value is row.quotient.value is row.growth.value is None for row in found.others if row.is_secret)
    assert (found.hidden, found.has_largest) == (2, False)
    page = client.get(f"/observatoire/specialisations?indicator={counted.pk}&level=employment_zone")
    assert "cachées par le secret statistique" in page.content.decode()
