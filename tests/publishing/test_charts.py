import json
from typing import Any

from beffroi.publishing import charts

ROWS: list[dict[str, Any]] = [
    {"year": "2007", "done": 9100, "aim": 10000, "who": "Lille"},
    {"year": "2008", "done": None, "aim": 12500, "who": "Lille"},
    {"year": "2009", "done": 24085, "aim": 15000, "who": "Lille"},
]


def test_bars_start_at_zero_and_say_what_is_unknown() -> None:
    spec = charts.bar_chart(ROWS, x="done", y="year", unknown="inconnu")
    assert spec["layer"][0]["encoding"]["x"]["scale"] == {"zero": True}
    picture = charts.svg(spec)
    assert "inconnu" in picture
    assert "24\u00a0085" in picture


def test_target_is_a_thin_mark_over_the_result() -> None:
    spec = charts.target_chart(ROWS, x="year", y="done", target="aim", y_title="créations")
    assert [layer["mark"]["type"] for layer in spec["layer"]] == ["bar", "tick"]
    assert "créations" in charts.svg(spec)


def test_series_are_named_at_their_last_known_point_and_have_no_legend() -> None:
    spec = charts.line_chart(ROWS, x="year", y="done", series="who")
    assert spec["layer"][1]["mark"]["type"] == "text"
    assert spec["layer"][0]["encoding"]["color"]["legend"] is None
    assert ">Lille<" in charts.svg(spec)


def test_one_series_needs_no_name() -> None:
    assert len(charts.line_chart(ROWS, x="year", y="done")["layer"]) == 1


def test_picture_carries_colours_not_their_names() -> None:
    picture = charts.svg(charts.target_chart(ROWS, x="year", y="done", target="aim"))
    assert "--" not in picture
    assert "#8f2d1f" in picture


def test_spec_is_plain_json_without_a_theme_of_its_own() -> None:
    spec = charts.bar_chart(ROWS, x="done", y="year")
    assert json.loads(json.dumps(spec)) == spec
    assert "config" not in spec
