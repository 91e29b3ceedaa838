"""Outlines of territories, whatever draws them, and territories named instead of coded."""

import json
from pathlib import Path
from typing import Any

import pytest

from beffroi.indicators.models import Cell, Indicator
from beffroi.observatory.queries.maps import outlines
from beffroi.provenance import actions
from beffroi.provenance.models import Load, Profile
from beffroi.reference.models import Boundary, Item
from beffroi.reference.rules import WrongGeometry, polygons_of, snapped
from beffroi.web.loads import write_load

pytestmark = pytest.mark.django_db
SQUARE = [[[2, 50], [3, 50], [3, 51], [2, 51], [2, 50]]]


@pytest.fixture(autouse=True)
def profiles() -> None:
    actions.seed_profiles()


def loaded(path: Path, profile: str, text: str, extent: str = "full", source: str = "s") -> Load:
    path.write_text(text, "utf-8")
    said = actions.register_source(source, title="S", publisher="P")
    snapshot = actions.take_snapshot(path, source=said)
    return write_load(actions.request_load(snapshot, profile=Profile.objects.get(code=profile), by=None, extent=extent))


def collection(*features: tuple[str, str, Any]) -> str:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": {"NUTS_ID": code, "NAME_LATN": name, "LEVL_CODE": 1}, "geometry": geometry}
                for code, name, geometry in features
            ],
        }
    )


def polygon(coordinates: Any, kind: str = "Polygon") -> dict[str, Any]:
    return {"type": kind, "coordinates": coordinates}


def test_a_territory_comes_with_its_outline_in_as_many_parts_as_the_file_draws(tmp_path: Path) -> None:
    parts = collection(("FRE1", "Nord", polygon(SQUARE)), ("FRE1", "Nord", polygon([SQUARE], "MultiPolygon")))
    load = loaded(tmp_path / "nuts.geojson", "contours-nuts", parts)
    item = Item.objects.get(code="FRE1")
    assert (load.added, load.rejected, item.label, item.level) == (2, 0, "Nord", "nuts1")
    assert Boundary.objects.filter(item=item).count() == 2
    again = loaded(tmp_path / "nuts.geojson", "contours-nuts", collection(("FRE1", "Nord", polygon(SQUARE))))
    assert (again.closed, Boundary.objects.count()) == (1, 1)


def test_two_sources_draw_the_same_territory_and_each_keeps_its_outline(tmp_path: Path) -> None:
    """The second source, then the first again without it: neither touches the other's, and a map draws the last one loaded."""
    square = collection(("FRE1", "Nord", polygon(SQUARE)))
    wide = [[[1, 50], [3, 50], [3, 51], [1, 51], [1, 50]]]
    first = loaded(tmp_path / "nuts.geojson", "contours-nuts", square)
    second = loaded(tmp_path / "nuts.geojson", "contours-nuts", collection(("FRE1", "Nord", polygon(wide))), source="autre")
    assert (first.state, second.state, second.added, second.rejected) == ("applied", "applied", 1, 0)
    item = Item.objects.get(code="FRE1")
    assert [row.load for row in item.boundaries.order_by("pk")] == [first, second]
    assert outlines([item])[0] == {item.pk: [wide]}
    other = collection(("FRE2", "Sud", polygon(SQUARE)))
    again = loaded(tmp_path / "nuts.geojson", "contours-nuts", other)
    assert (again.closed, [row.load for row in item.boundaries.all()]) == (1, [second])


def test_what_is_no_outline_is_refused_with_its_reason(tmp_path: Path) -> None:
    wrong = collection(
        ("A", "point", {"type": "Point", "coordinates": [2, 50]}),
        ("B", "ouvert", polygon([[[2, 50], [3, 50], [3, 51], [2, 51]]])),
        ("C", "lambert", polygon([[[600000, 50], [3, 50], [3, 51], [600000, 50]]])),
        ("D", "vide", polygon([])),
        ("E", "lettres", polygon([[["a", 50], [3, 50], [3, 51], ["a", 50]]])),
        ("F", "texte", "rien"),
        ("G", "bon", polygon(SQUARE)),
    )
    load = loaded(tmp_path / "nuts.geojson", "contours-nuts", wrong)
    said = [row.sentence.split(" : ")[0] for row in load.rejections.order_by("row")]
    assert said == [
        "Le contour n’est pas une surface",
        "Le contour n’est pas fermé.",
        "Le contour n’est pas en longitudes et latitudes (WGS 84)",
        "Le contour est vide.",
        "Le contour a des points qui ne sont pas des nombres.",
        "Le contour n’est pas un objet GeoJSON.",
    ]
    assert Boundary.objects.count() == 1


def test_a_vintage_that_is_no_year_is_refused(tmp_path: Path) -> None:
    profile = Profile.objects.get(code="contours-nuts")
    profile.definition["constants"]["vintage"] = "hier"
    profile.save()
    load = loaded(tmp_path / "n.geojson", "contours-nuts", collection(("A", "a", polygon(SQUARE))))
    assert [row.sentence for row in load.rejections.all()] == ["« hier » n’est pas une année."]
    assert not Item.objects.exists()


def test_neighbours_keep_the_same_points_on_a_grid() -> None:
    one = polygons_of(polygon([[[0, 0], [1.04, 0], [1.04, 0.51], [1, 1], [0, 1], [0, 0]]]))
    other = polygons_of(polygon([[[1.04, 0], [2, 0], [2, 1], [1, 1], [1.04, 0.51], [1.04, 0]]]))
    grid = [set(snapped(part, 0.5)[0][0]) for part in (one, other)]
    assert grid[0] & grid[1] == {(1.0, 0.0), (1.0, 0.5), (1.0, 1.0)}
    tiny = polygons_of(polygon([[[0, 0], [0.01, 0], [0.01, 0.01], [0, 0]]]))
    assert snapped(tiny, 0.5) == tiny
    with pytest.raises(WrongGeometry):
        polygons_of(None)


def test_values_of_a_territory_that_the_file_names_instead_of_coding(tmp_path: Path) -> None:
    places = [("FR1", "Île de France", polygon(SQUARE)), ("FR2", "Nord", polygon(SQUARE)), ("FR3", "Nord", polygon(SQUARE))]
    loaded(tmp_path / "nuts.geojson", "contours-nuts", collection(*places))
    named = [("Ile-de-France", 5), ("Nord", 6), ("FR2", 7), ("Sud", 8)]
    text = "unit,direct,na_item,geo,time,values\n" + "".join(f"X,B,N,{place},2019,{value}\n" for place, value in named)
    load = loaded(tmp_path / "values.csv", "eurostat-revenu-nuts2", text)
    assert sorted(Cell.objects.values_list("territory__code", flat=True)) == ["FR1", "FR2"]
    assert [row.sentence for row in load.rejections.order_by("row")] == [
        "Le territoire « geo-nuts:Nord » porte le nom de plusieurs territoires.",
        "Le territoire « geo-nuts:Sud » n’est décrit nulle part.",
    ]
    assert Indicator.objects.get(code="tgs00026").label == "Revenu disponible des ménages par habitant"


def test_a_public_classification_comes_with_its_codes(tmp_path: Path) -> None:
    load = loaded(tmp_path / "naf.csv", "nomenclature-naf", "Code;Libellé\n0111Z;Culture de céréales\n")
    item = Item.objects.get(code="0111Z")
    assert (load.added, item.version.framework.code, item.version.valid_from.year) == (1, "naf-rev2", 2008)
