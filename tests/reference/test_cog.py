"""The official geographic code: years that do not mix, zones of each year, and codes carried from one year to another."""

import gzip
import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.test import Client

from beffroi.core.models import SearchEntry
from beffroi.core.refusals import Refused
from beffroi.provenance.models import Load
from beffroi.reference.models import CodePassage, CommuneMovement, Item, Place, PlaceMembership, Succession
from beffroi.reference.queries import UnknownGeography, bridge, communes_inside, geography
from beffroi.reference.queries.passages import known_passages
from beffroi.reference.rules import Passage, carried
from beffroi.web.commands import main
from tests.web.factories import counts, loaded

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[3] / "shared" / "data" / "territoires" / "cog"
# The region, and the departments around it where its employment zones go on
NORTH = ["02", "27", "51", "59", "60", "62", "76", "80", "95"]
HEAD = "CODGEO,LIBGEO,DEP,REG,EPCI,ZE2020"
OISE_2019 = ("60054,Les Hauts-Talican,60,32,200067999,0054", "60057,Beauvais,60,32,200067999,0054")
OISE_2024 = (
    "60054,Beaumont-les-Nonains,60,32,200067999,0054",
    "60694,Les Hauts-Talican,60,32,200067965,0054",
    "60057,Beauvais,60,32,200067999,0054",
)
PASSAGES = """annee_depart,annee_arrivee,code_depart,code_arrivee,date_ou_annee,type_modif,ratio
2018,2019,60054,60054,2018-09-28,f,1.0
2018,2019,60455,60054,2018-09-28,f,1.0
2018,2019,60694,60054,2018-09-28,f,1.0
2023,2024,60054,60054,01/01/2024,d,0.5
2023,2024,60054,60694,01/01/2024,d,0.5"""


def communes(year: int, *rows: str, head: str = HEAD) -> Load:
    return loaded("\n".join([head, *rows]), "cog-communes", source="insee", as_of=date(year, 1, 1))


def oise() -> None:
    communes(2019, *OISE_2019)
    communes(2024, *OISE_2024)
    loaded(PASSAGES, "cog-passages", source="insee", as_of=None)


def test_the_same_code_in_two_years_is_two_territories() -> None:
    oise()
    named = Item.objects.filter(code="60054").order_by("version__code").values_list("version__code", "label")
    assert list(named) == [("2019", "Les Hauts-Talican"), ("2024", "Beaumont-les-Nonains")]
    assert counts(communes(2019, *OISE_2019)) == "2 read, 0 added, 0 changed, 2 same, 0 closed, 0 rejected"
    assert PlaceMembership.objects.filter(part__code="60054").count() == 6


def test_the_oise_case_is_told_as_successions() -> None:
    oise()
    edges = Succession.objects.order_by("after__code").values_list("before__code", "after__code", "kind", "on")
    assert list(edges) == [("60054", "60054", "split", date(2024, 1, 1)), ("60054", "60694", "split", date(2024, 1, 1))]
    communes(2018, "60054,Beaumont-les-Nonains,60,32,,", "60455,La Neuville-Garnier,60,32,,", "60694,Villotran,60,32,,")
    merged = Succession.objects.filter(before__version__code="2018").order_by("before__code")
    assert [(row.before.label, row.after.label, row.kind) for row in merged] == [
        ("Beaumont-les-Nonains", "Les Hauts-Talican", "merged"),
        ("La Neuville-Garnier", "Les Hauts-Talican", "merged"),
        ("Villotran", "Les Hauts-Talican", "merged"),
    ]


def test_zones_contain_communes_departments_and_regions() -> None:
    communes(2024, *OISE_2024)
    inside = PlaceMembership.objects.order_by("whole__version__framework__code", "part__code", "whole__code")
    pairs = inside.values_list("part__code", "whole__version__framework__code", "whole__code")
    assert ("60", "geo-regions", "32") in pairs
    assert ("200067965", "geo-departements", "60") in pairs
    assert ("60694", "geo-epci", "200067965") in pairs
    assert ("60694", "geo-ze-2020", "0054") in pairs


def test_regions_before_2016_are_the_former_ones() -> None:
    head = "CODGEO,LIBGEO,DEP,REG,REG2016"
    communes(2014, "60057,Beauvais,60,22,32", "59350,Lille,59,31,32", head=head)
    rows = Item.objects.filter(level__in=["region", "former_region"]).order_by("code")
    assert [(row.code, row.level) for row in rows] == [("22", "former_region"), ("31", "former_region"), ("32", "region")]


def test_a_commune_outside_any_zone_and_names_from_another_year() -> None:
    labels = "NIVGEO,CODGEO,LIBGEO\nEPCI,200067999,CA du Beauvaisis\nZE2020,0054,Beauvais\nDEP,60,Oise"
    loaded(labels, "cog-libelles", source="insee", as_of=date(2020, 1, 1))
    communes(2024, "60057,Beauvais,60,32,200067999,0054", "97127,Saint-Pierre,975,00,ZZZZZZZZZ,")
    found = dict(Item.objects.filter(version__code="2024").order_by("pk").values_list("code", "label"))
    assert (found["200067999"], found["0054"], found["60"]) == ("CA du Beauvaisis", "Beauvais", "Oise")
    assert not Item.objects.filter(code="ZZZZZZZZZ").exists()


def test_labels_of_an_unknown_level_are_refused() -> None:
    load = loaded("NIVGEO,CODGEO,LIBGEO\nEPCI,1,Un\nPLANETE,3,Terre", "cog-libelles", as_of=date(2020, 1, 1))
    assert (load.added, load.rejections.get().value) == (1, "PLANETE")


def test_a_row_that_changes_says_its_zones_again() -> None:
    communes(2024, *OISE_2024)
    load = communes(2024, OISE_2024[0].replace(",0054", ",3208"), *OISE_2024[1:])
    assert counts(load) == "3 read, 0 added, 1 changed, 2 same, 0 closed, 0 rejected"
    zones = PlaceMembership.objects.filter(part__code="60054", whole__version__framework__code="geo-ze-2020")
    assert [row.whole.code for row in zones] == ["3208"]


def test_a_code_twice_and_an_unknown_type_are_refused() -> None:
    head = "TYPECOM,COM,LIBELLE,DEP,REG,COMPARENT"
    rows = ("COM,02018,Anizy-le-Grand,02,32,", "COMD,02018,Anizy-le-Château,,,02018", "COM,02018,Autre,02,32,", "XX,1,Rien,,,")
    load = communes(2024, *rows, head=head)
    assert counts(load) == "4 read, 2 added, 0 changed, 0 same, 0 closed, 2 rejected"
    assert {row.row for row in load.rejections.all()} == {4, 5}
    delegated = Item.objects.get(version__framework__code="geo-communes-deleguees")
    assert delegated.inside.get().whole.label == "Anizy-le-Grand"


def test_a_file_without_year_is_refused() -> None:
    load = loaded(f"{HEAD}\n{OISE_2019[0]}", "cog-communes", as_of=None)
    assert (load.state, Item.objects.count()) == ("refused", 0)
    assert "n’a de sens qu’avec son année" in load.message


def test_populations_describe_communes_and_touch_no_zone() -> None:
    communes(2024, *OISE_2024)
    load = loaded("CODGEO,LIBGEO,POP\n60057,Beauvais,55906.0\n60001,Abancourt,600", "cog-populations", as_of=date(2024, 1, 1))
    assert load.added == 2
    assert dict(Place.objects.order_by("pk").values_list("item__code", "population")) == {"60057": 55906, "60001": 600}
    assert PlaceMembership.objects.filter(part__code="60057").count() == 3


def test_wrong_passages_are_refused() -> None:
    head = PASSAGES.splitlines()[0]
    rows = ("2019,2018,a,b,,f,1", "2018,2019,a,b,,d,1.5", "2018,2019,a,c,9999-01-01,c,1")
    load = loaded("\n".join([head, *rows]), "cog-passages", as_of=None)
    assert counts(load) == "3 read, 1 added, 0 changed, 0 same, 0 closed, 2 rejected"
    assert CodePassage.objects.get().on is None


MOVED = """MOD,DATE_EFF,TYPECOM_AV,COM_AV,TNCC_AV,LIBELLE_AV,TYPECOM_AP,COM_AP,TNCC_AP,LIBELLE_AP
10,2020-03-01,COM,60057,0,Beauvais,COM,60057,0,Beauvais-en-Oise
32,2019-01-01,COM,60054,0,Beaumont,COM,60054,0,Talican
32,2019-01-01,COM,60694,0,Villotran,COM,60054,0,Talican
32,2019-01-01,COM,60694,0,Villotran,COMD,60694,0,Villotran
21,2024-01-01,COM,60054,0,Talican,COM,60054,0,Beaumont
21,2024-01-01,COM,60054,0,Talican,COM,60694,0,Talican
41,2021-06-15,COM,60999,0,Là,COM,80999,0,Là"""


def test_movements_alone_carry_codes_without_shares() -> None:
    load = loaded(MOVED, "cog-mouvements", as_of=None)
    assert (load.added, CommuneMovement.objects.count()) == (7, 7)
    said = {"60054": {"60054": None, "60694": None}, "60999": {"80999": Decimal(1)}, "60694": {"60054": None, "60694": None}}
    assert carried(said, known_passages(), start=2018, end=2024) == said
    assert carried(["60999"], known_passages(), start=2022, end=2024) == {"60999": {"60999": 1}}


def test_movements_speak_only_after_the_passages() -> None:
    loaded(MOVED, "cog-mouvements", as_of=None)
    loaded(PASSAGES, "cog-passages", source="insee", as_of=None)
    assert len(known_passages()) == 5
    assert counts(loaded(MOVED.replace("32,2019", "31,2019", 1), "cog-mouvements", as_of=None)).startswith("7 read, 1 added")


def test_an_unknown_movement_is_refused() -> None:
    load = loaded(MOVED.replace("10,2020", "99,2020"), "cog-mouvements", as_of=None)
    assert (load.added, load.rejections.get().value) == (6, "99")


def test_what_a_geography_is_called() -> None:
    oise()
    assert (geography("2024").framework, geography("2024").year) == ("geo-communes", 2024)
    assert [geography(name).framework for name in ("ZE 2020", "geo-epci@2019", "reg", "département")] == [
        "geo-ze-2020",
        "geo-epci",
        "geo-regions",
        "geo-departements",
    ]
    for wrong in ("planètes", "epci@deux"):
        with pytest.raises(UnknownGeography):
            geography(wrong)
    with pytest.raises(UnknownGeography, match="n’est pas chargé pour 1999"):
        bridge(["60057"], start=geography("2024"), end=geography("epci@1999"))


def test_zones_to_zones_by_the_communes_they_share() -> None:
    oise()
    loaded("CODGEO,LIBGEO,POP\n60054,a,300\n60694,b,100\n60057,c,600", "cog-populations", as_of=date(2024, 1, 1))
    found = bridge(["60", "99"], start=geography("departements@2024"), end=geography("epci@2024"), by_population=True)
    assert {(tie.target, tie.weight) for tie in found.ties} == {("200067999", Decimal("0.9")), ("200067965", Decimal("0.1"))}
    assert found.unknown == ["99"]
    within = bridge(["200067999"], start=geography("epci@2024"), end=geography("ze2020"))
    assert [(tie.target, tie.strength) for tie in within.ties] == [("0054", "full")]
    assert within.labels["0054"] == "0054"


def test_the_communes_of_other_years_that_are_the_same_place() -> None:
    oise()
    assert communes_inside(["60054", "60694"], year=2024) == {2024: {"60054", "60694"}, 2019: {"60054"}}
    assert communes_inside(["60694"], year=2024)[2019] == set()


@pytest.fixture
def converts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    def run(text: str, *arguments: str) -> tuple[list[str], Any]:
        path, out = tmp_path / "table.csv", tmp_path / "out.csv"
        path.write_text(text, encoding="utf-8")
        code = main(["convert", str(path), "--out", str(out), *arguments])
        said = capsys.readouterr()
        if code:
            raise Refused(said.err)
        return out.read_text(encoding="utf-8").splitlines(), json.loads(said.out)

    return run


def test_the_command_says_certain_weighted_at_most_and_what_is_lost(converts: Callable[..., Any]) -> None:
    oise()
    table = "CODGEO,aides,emplois\n60054,100,3\n60057,50,\n1234,7,1"
    lines, said = converts(table, "--from", "2019", "--to", "2024", "--value", "aides")
    assert lines == [
        "code,label,column,certain,weighted,at_most",
        "60054,Beaumont-les-Nonains,aides,0,0,100",
        "60057,Beauvais,aides,50,50,50",
        "60694,Les Hauts-Talican,aides,0,0,100",
    ]
    assert said["totals"] == {"aides": {"total": "157", "certain": "50", "uncertain": "100", "unallocated": "7"}}
    assert (said["unknown"]["first"], said["shared"]["first"]) == (["1234"], ["60054"])
    assert "zéro de tête" in said["remark"]
    lines, said = converts(table, "--from", "2019", "--to", "2024", "--value", "aides, emplois", "--by-population")
    assert "60694,Les Hauts-Talican,aides,0,50,50" in lines
    assert "60054,Beaumont-les-Nonains,emplois,0,2,2" in lines
    assert said["totals"]["emplois"]["certain"] == "0"


def test_the_command_gives_the_correspondences_when_no_column_is_asked(converts: Callable[..., Any]) -> None:
    oise()
    lines, said = converts("insee\n60054\n60057", "--from", "2019", "--to", "ze2020@2024")
    assert lines == ["from,to,label,strength,weight", "60054,0054,0054,full,", "60057,0054,0054,full,"]
    assert (said["year"], said["without_target"]["count"]) == (2024, 0)


@pytest.mark.parametrize(
    ("table", "words", "sentence"),
    [
        ("CODGEO,a\n60054,beaucoup", ["--value", "a"], "Ligne 2, colonne « a » : « beaucoup » n’est pas un nombre"),
        ("CODGEO,a\n60054,1", ["--value", "b"], "La colonne « b » n’est pas dans le fichier"),
        ("lieu,a\n60054,1", [], "La colonne des codes n’est pas reconnue"),
        ("CODGEO,a\n60054,1,2", [], "Ligne 2"),
        ("CODGEO,a\n60054,1", ["--to", "lune"], "« lune » n’est pas une géographie chargée"),
    ],
)
def test_the_command_says_what_to_correct(converts: Callable[..., Any], table: str, words: list[str], sentence: str) -> None:
    oise()
    with pytest.raises(Refused, match=sentence):
        converts(table, "--from", "2019", "--to", "2024", *words)


def test_decimals_are_split_to_the_millionth(converts: Callable[..., Any]) -> None:
    oise()
    lines, _ = converts("CODGEO,a\n60054,0.5\n,9", "--from", "2019", "--to", "2024", "--value", "a", "--by-population")
    assert lines[1:] == ["60054,Beaumont-les-Nonains,a,0,0.25,0.25", "60694,Les Hauts-Talican,a,0,0.25,0.25"]


def test_the_sheet_of_a_commune_shows_its_year_and_what_it_became(client: Client) -> None:
    oise()
    item = Item.objects.get(code="60054", version__code="2019")
    page = client.get(item.get_absolute_url(), follow=True).content.decode()
    assert "Les Hauts-Talican" in page


def given(name: str) -> pl.DataFrame:
    path = DATA / f"{name}.csv.gz"
    if not path.exists():
        pytest.skip(f"{name} is not on this machine")
    with gzip.open(path) as file:
        return pl.read_csv(file.read(), infer_schema_length=0)


def part_of(name: str, year: int) -> Load:
    rows = given(name).filter(pl.col("DEP").is_in(NORTH))
    return loaded(rows.write_csv(), "cog-communes", source="insee", as_of=date(year, 1, 1))


def in_region(framework: str, year: int, region: str = "32") -> set[str]:
    """The zones of a geography of which a commune is in a region."""
    departments = PlaceMembership.objects.filter(
        whole__version__framework__code="geo-regions", whole__code=region, whole__version__code=str(year)
    )
    communes_of = PlaceMembership.objects.filter(whole__in=departments.values("part")).values("part")
    zones = PlaceMembership.objects.filter(part__in=communes_of, whole__version__framework__code=framework)
    return set(zones.values_list("whole__code", flat=True))


def test_the_region_from_2010_to_2024() -> None:
    loads = {year: part_of(f"communes_appartenance_{year}", year) for year in (2010, 2019, 2024)}
    assert {load.rejected for load in loads.values()} == {0}
    table = given("passages_communes_1968_2024")
    loaded(table.write_csv(), "cog-passages", source="insee", as_of=None)
    communes_of = Counter(
        Item.objects.filter(
            level="commune", inside__whole__code__in=["02", "59", "60", "62", "80"], inside__whole__level="department"
        )
        .order_by()
        .values_list("version__code", flat=True)
    )
    assert communes_of == {"2010": 3838, "2019": 3789, "2024": 3788}
    assert len(in_region("geo-epci", 2024)) == 92
    assert len(in_region("geo-ze-2010", 2019)) == 28
    zones = in_region("geo-ze-2020", 2024)
    assert len(zones) == 24
    crossing = PlaceMembership.objects.filter(part__version__framework__code="geo-ze-2020", part__code__in=zones)
    regions = Counter()
    for zone, department in set(crossing.values_list("part__code", "whole__code")):
        regions[zone] += department not in {"02", "59", "60", "62", "80"}
    assert {zone for zone, count in regions.items() if count} == {"0054", "0058"}
    codes = sorted(given("communes_appartenance_2010").filter(pl.col("REG").is_in(["22", "31"]))["CODGEO"])
    there = bridge(codes, start=geography("2010"), end=geography("2024"))
    assert (there.unknown, set(codes) - {tie.source for tie in there.ties}) == ([], set())
    left = {tie.target for tie in there.ties if tie.target[:2] not in {"02", "59", "60", "62", "80"}}
    assert (len({tie.target for tie in there.ties} - left), left) == (
        3788,
        {"51171"},
    )  # one commune of the Aisne left the region
    again = bridge(codes, start=geography("2010"), end=geography("anciennes-regions@2010"))
    assert Counter(tie.target for tie in again.ties) == {"22": 2291, "31": 1547}


def test_no_commune_of_france_is_lost_between_two_published_years() -> None:
    known = {
        year: set(given(f"communes_appartenance_{year}")["CODGEO"].drop_nulls()) for year in (2010, 2014, 2019, 2020, 2024)
    }
    table = given("passages_communes_1968_2024")
    names = ("annee_depart", "annee_arrivee", "code_depart", "code_arrivee", "ratio")
    passages = [Passage(int(a), int(b), c, d, Decimal(r)) for a, b, c, d, r in table.select(names).iter_rows()]
    for end in (2014, 2019, 2020, 2024):
        parts = carried(known[2010], passages, start=2010, end=end)
        reached = {code for part in parts.values() for code in part}
        assert all(parts.values())
        assert reached <= known[end]
        assert {code[:3] for code in known[end] - reached} <= {"976"}  # Mayotte, a department since 2011
    back = carried(known[2024], passages, start=2024, end=2010)
    assert {code for part in back.values() for code in part} >= known[2010]


def test_a_territory_that_lasts_is_found_once_in_its_latest_year() -> None:
    communes(2019, *OISE_2019)
    communes(2024, *OISE_2024)
    found = SearchEntry.objects.filter(kind="territory").order_by("title", "detail").values_list("title", "detail")
    assert [row for row in found if row[0] in ("Beauvais", "Beaumont-les-Nonains", "Les Hauts-Talican")] == [
        ("Beaumont-les-Nonains", "commune · 2024"),
        ("Beauvais", "commune · 2024"),
        ("Les Hauts-Talican", "commune · 2019"),
        ("Les Hauts-Talican", "commune · 2024"),
    ]
