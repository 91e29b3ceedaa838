"""Wide tables made long: what each publisher writes, and the rows that come of it."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from beffroi.connectors.check import check
from beffroi.connectors.profile import WrongProfile, load_profile, seeded_profiles
from beffroi.connectors.staging import read_staged

SHARED = Path(__file__).parents[3] / "shared" / "data"


def profile(**wide: Any) -> Any:
    columns = [
        {"name": "commune", "to": "territory", "zeros": 5, "prefix": "geo:"},
        {"name": "année", "to": "period", "type": "period"},
        {"name": "valeur", "to": "value", "type": "decimal"},
        {"name": "lettre", "to": "place"},
        {"name": "ventilation", "to": "breakdown", "type": "breakdown"},
    ]
    about = {"code": "p", "label": "P", "target": "t", "unknown_columns": "ignore"}
    separator = {"delimiter": "\t"} if "several" in wide else {}
    return load_profile({**about, **separator, "columns": columns, "wide": wide})


def rows(tmp_path: Path, given: Any, text: str) -> list[tuple[Any, ...]]:
    path = tmp_path / "f.csv"
    path.write_text(text, "utf-8")
    found = check(given, path, folder=tmp_path / "staged")
    frames = list(read_staged(tmp_path / "staged"))
    names = ["_row", "territory", "period", "value", "place", "breakdown"]
    said = pl.concat(frames).select(pl.col(names).cast(pl.String)).rows() if frames else []
    return [(found.read, found.rejected), *said]


def test_a_column_for_each_year_becomes_a_row_for_each_filled_cell(tmp_path: Path) -> None:
    given = profile(spread=[{"like": "Effectifs {année}"}], nothing=["NA"])
    text = "commune;nom;Effectifs 2021;Effectifs 2022;Effectifs totaux\n1004;A;12,5;;9\n59350;B;NA;3;9\n"
    assert rows(tmp_path, given, text) == [
        (2, 0),
        ("2", "geo:01004", "2021", "12.500000", None, None),
        ("3", "geo:59350", "2022", "3.000000", None, None),
    ]


def test_a_key_of_several_dimensions_and_a_letter_beside_the_value(tmp_path: Path) -> None:
    given = profile(spread=[{"like": "{année}"}], several="\\TIME_PERIOD", flag="lettre", nothing=[":"])
    text = "freq,unit,commune\\TIME_PERIOD\t2020 \t2021 \nA,EUR,59350\t: \t123 e\nA,PPS,59350\t: c\t4\n"
    assert rows(tmp_path, given, text) == [
        (2, 0),
        ("2", "geo:59350", "2021", "123.000000", "e", "freq=A;unit=EUR"),
        ("3", "geo:59350", "2021", "4.000000", None, "freq=A;unit=PPS"),
    ]


def test_dimensions_make_one_breakdown_without_opening_any_column(tmp_path: Path) -> None:
    text = "commune,sex,unit,année,valeur\n59350,T,FTE,2018,\n59350,F,FTE,2018,7\n"
    assert rows(tmp_path, profile(dimensions=["unit", "sex"]), text) == [
        (2, 0),
        ("2", "geo:59350", "2018", None, None, "sex=T;unit=FTE"),
        ("3", "geo:59350", "2018", "7.000000", None, "sex=F;unit=FTE"),
    ]


def test_one_wrong_cell_refuses_its_whole_row_once(tmp_path: Path) -> None:
    given = profile(spread=[{"like": "{année}"}])
    assert rows(tmp_path, given, "commune,2020,2021\n59350,1,deux\n59351,1,2\n") == [
        (2, 1),
        ("3", "geo:59351", "2020", "1.000000", None, None),
        ("3", "geo:59351", "2021", "2.000000", None, None),
    ]


def test_a_file_whose_columns_are_all_empty_gives_nothing(tmp_path: Path) -> None:
    given = profile(spread=[{"like": "{année}"}])
    assert rows(tmp_path, given, "commune,2020\n59350,\n") == [(1, 0)]


def test_a_blank_line_ends_a_table_that_notes_follow(tmp_path: Path) -> None:
    given = profile(spread=[{"like": "{année}"}], ends_at_blank=True)
    assert rows(tmp_path, given, "commune,2020\n59350,1\n\nSource,Eurostat\n")[0] == (1, 0)


@pytest.mark.parametrize("like", ["{a} {b}", "{a", "{}"])
def test_a_header_has_one_named_part_that_changes(like: str) -> None:
    with pytest.raises(WrongProfile, match="au plus une partie qui change"):
        profile(spread=[{"like": like}])


def published(code: str) -> Any:
    return next(one for one in seeded_profiles() if one.code == code)


FILES = {
    "urssaf-effectifs": ("entreprises/urssaf_commune_ape_2006_2022_extrait.csv.gz", 6690, 138_492),
    "eurostat-pib-nuts3": ("statistiques/eurostat_nama_10r_3gdp.tsv.gz", 12_453, 268_494),
    "eurostat-tableur-pib-nuts2": ("statistiques/eurostat_nama_10r_2gdp_tableur.xlsx", 310, 781),
    "eurostat-revenu-nuts2": ("statistiques/eurostat_tgs00026_revenu_disponible_nuts2.csv.gz", 2723, 2723),
    "eurostat-personnel-rd": ("statistiques/eurostat_personnel_rd_nuts2.csv", 956, 956),
    "nesta-marques-nuts2": ("statistiques/nesta_eu_trademark_applications.nuts2.csv", 440, 440),
    "contours-nuts": ("territoires/geo/nuts_2024.geojson.gz", 1798, 1798),
    "nomenclature-naf": ("nomenclatures/naf_rev2/naf5.csv", 732, 732),
}


@pytest.mark.parametrize("code", FILES)
def test_published_files_are_read_whole(tmp_path: Path, code: str) -> None:
    name, lines, staged = FILES[code]
    if not (SHARED / name).exists():
        pytest.skip("the published files are not on this machine")
    found = check(published(code), SHARED / name, folder=tmp_path)
    assert (found.read, found.rejected) == (lines, 0)
    assert sum(frame.height for frame in read_staged(tmp_path)) == staged


def test_the_headcount_of_the_rouen_zone(tmp_path: Path) -> None:
    path = SHARED / FILES["urssaf-effectifs"][0]
    if not path.exists():
        pytest.skip("the published files are not on this machine")
    check(published("urssaf-effectifs"), path, folder=tmp_path)
    jobs = pl.concat(read_staged(tmp_path)).filter(pl.col("indicator") == "effectifs-salaries-prives")
    assert jobs.filter(pl.col("period") == "2022")["value"].sum() == 156_487
    assert (jobs["territory"].n_unique(), jobs["breakdown"].n_unique()) == (146, 551)


def test_the_structural_statistics_of_regions_by_activity(tmp_path: Path) -> None:
    """Activities named in the header, codes in the profile; « : » is no row; the line under the header is told apart."""
    path = SHARED / "statistiques" / "eurostat_sbs_nuts2_nace_2014.xls"
    if not path.exists():
        pytest.skip("the published files are not on this machine")
    found = check(published("eurostat-sbs-nuts2"), path, folder=tmp_path)
    rows = pl.concat(read_staged(tmp_path))
    assert (found.read, rows["breakdown"].n_unique()) == (471, 80)
    belgium = rows.filter(pl.col("territory") == "geo-nuts:Belgium")
    assert belgium.filter(pl.col("breakdown") == "nace=B")["value"].to_list() == [2916]
    assert found.rejected <= 2
