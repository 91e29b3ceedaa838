"""Money by territory, from commune up to region, whatever the year of the codes: nothing from outside, nothing twice."""

from collections.abc import Iterator
from datetime import date

import polars as pl
import pytest

from beffroi.funding.queries.territories import UnknownTerritory, inside
from beffroi.reference.models import Item
from tests.web.factories import loaded

pytestmark = pytest.mark.django_db
HEAD = "CODGEO,LIBGEO,DEP,REG,EPCI,ZE2020"
BEFORE = """
60054,Les Hauts-Talican,60,32,200067999,0054
60057,Beauvais,60,32,200067999,0054
59350,Lille,59,32,200093201,3210
76001,Aumale,76,28,200067999,0054"""
AFTER = """
60054,Beaumont-les-Nonains,60,32,200067999,0054
60694,Les Hauts-Talican,60,32,200067965,0054
60057,Beauvais,60,32,200067999,0054
59350,Lille,59,32,200093201,3210
76001,Aumale,76,28,200067999,0054"""
PASSAGES = """annee_depart,annee_arrivee,code_depart,code_arrivee,date_ou_annee,type_modif,ratio
2023,2024,60054,60054,2024-01-01,d,0.5
2023,2024,60054,60694,2024-01-01,d,0.5"""
FORMER = "CODGEO,LIBGEO,DEP,REG\n60057,Beauvais,60,22\n59350,Lille,59,31\n60054,Talican,60,22"
ONE = "geo-anciennes-regions,2013,22,Picardie,geo-regions,32"


@pytest.fixture(autouse=True)
def _geography() -> Iterator[None]:
    for year, rows in ((2019, BEFORE), (2024, AFTER)):
        loaded(HEAD + rows, "cog-communes", source="insee", as_of=date(year, 1, 1))
    loaded(FORMER, "cog-communes", source="insee", as_of=date(2014, 1, 1))
    loaded(PASSAGES, "cog-passages", source="insee", as_of=None)
    return


def found(asked: str, *codes: str) -> set[str]:
    """Which of these written communes a territory takes in."""
    rows = pl.DataFrame(
        [(None, code, code[:2], "", "", "") for code in codes],
        schema={
            "place_id": pl.Int64,
            **dict.fromkeys(("commune_code", "department_code", "region_name", "nuts_code", "postcode"), pl.String),
        },
        orient="row",
    )
    return set(rows.filter(inside(asked).condition())["commune_code"])


ALL = ("60054", "60694", "60057", "59350", "76001")


@pytest.mark.parametrize(
    ("asked", "communes"),
    [
        ("59350", {"59350"}),
        ("COM-60057", {"60057"}),
        ("DEP-60", {"60054", "60694", "60057"}),
        ("REG-32", {"60054", "60694", "60057", "59350"}),
        ("REG-31", {"59350"}),
        ("REG-22", {"60054", "60694", "60057"}),
        ("geo-anciennes-regions:22", {"60054", "60694", "60057"}),
        ("EPCI-200093201", {"59350"}),
        ("EPCI-200067999", {"60057", "76001"}),  # 60054 was, in 2019, also what left it in 2024
        ("geo-epci@2019:200067999", {"60054", "60694", "60057", "76001"}),
        ("ZE-0054", {"60054", "60694", "60057", "76001"}),
        ("geo-communes@2024:60694", {"60694"}),
        ("geo-communes@2019:60054", {"60054", "60694"}),
    ],
)
def test_the_communes_of_a_territory(asked: str, communes: set[str]) -> None:
    assert found(asked, *ALL) == communes


def test_the_items_of_every_year_are_found() -> None:
    items = Item.objects.filter(pk__in=inside("REG-22").items).order_by("version__code", "level", "code")
    said = [(row.version.code, row.level, row.code) for row in items]
    assert ("2024", "commune", "60694") in said
    assert ("2024", "department", "60") in said
    assert not [row for row in said if row[2] in ("59350", "76001", "59", "32")]


def test_a_former_region_that_a_region_united_is_inside_it() -> None:
    head = "framework,vintage,code,label,successor_framework,successor_code"
    loaded(f"{head}\n{ONE}", "anciennes-regions", source="insee", as_of=date(2015, 12, 31))
    united = Item.objects.get(version__framework__code="geo-anciennes-regions", version__code="2013")
    assert united.pk in inside("REG-32").items
    assert united.pk not in inside("REG-31").items


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("32:99", "n’est pas un territoire connu"),
        ("geo-communes@2019:60694", "n’est pas un territoire connu"),
        ("EPCI-1", "demande une géographie qui n’est pas chargée"),
    ],
)
def test_what_is_not_known_is_said(asked: str, sentence: str) -> None:
    with pytest.raises(UnknownTerritory, match=sentence):
        inside(asked)


def test_a_bare_code_of_two_things_is_refused() -> None:
    loaded("CODGEO,LIBGEO,DEP,REG\n22001,Allineuc,22,53", "cog-communes", source="insee", as_of=date(2023, 1, 1))
    with pytest.raises(UnknownTerritory, match="désigne plusieurs territoires"):
        inside("22")
