"""The command `beffroi analyse`: what it reads, what it writes, what it refuses."""

from pathlib import Path

import polars as pl
import pytest

from beffroi.observatory.methods import METHODS, method_named
from beffroi.web.commands import main

JOBS = "territory,activity,value\na,x,10\na,y,30\nb,x,30\nb,y,30\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("jobs.csv").write_text(JOBS, encoding="utf-8")
    return tmp_path


def analyse(line: str) -> int:
    return main(["analyse", *line.split()])


def test_the_list_names_every_method(capsys: pytest.CaptureFixture[str]) -> None:
    assert analyse("--list") == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == [method.name for method in METHODS]
    assert method_named("shift-share") is method_named("shift_share")
    assert method_named("astrology") is None


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_the_help_of_a_method_shows_its_columns(method, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        analyse(f"{method.name} --help")
    assert stopped.value.code == 0
    shown = capsys.readouterr().out
    assert all(f"  {column.name} " in shown for entry in method.inputs for column in (*entry.columns, *method.output))


def quotients(written: str, name: str = "jobs.csv", encoding: str = "utf-8") -> list[float | None]:
    Path(name).write_text(written, encoding=encoding)
    assert analyse(f"location-quotient --in {name} --out lq.csv") == 0
    return pl.read_csv("lq.csv")["location_quotient"].to_list()


@pytest.mark.parametrize(
    "written",
    [
        JOBS,
        JOBS.replace(",", ";").replace("30", "30,0"),
        JOBS.replace(",", "\t"),
        JOBS.replace("territory,activity,value", "region,industry,emp"),
        JOBS.replace("value", "value,source").replace("0\n", "0,Insee\n"),
        "\ufeff" + JOBS,
    ],
)
def test_files_are_read_as_they_are_written(written: str) -> None:
    assert quotients(written) == pytest.approx([0.625, 1.25, 1.25, 0.8333333333])


def test_parquet_in_and_out() -> None:
    pl.read_csv("jobs.csv").with_columns(activity=pl.col("activity").cast(pl.Categorical)).write_parquet("jobs.parquet")
    assert analyse("location_quotient --in jobs.parquet --out lq.parquet") == 0
    assert pl.read_parquet("lq.parquet")["location_quotient"].to_list() == pytest.approx([0.625, 1.25, 1.25, 0.8333333333])


def test_a_code_of_secrecy_is_unknown_never_zero() -> None:
    assert quotients(JOBS.replace("a,y,30", "a,y,s")) == [None] * 4


def test_a_name_of_file_may_have_a_comma() -> None:
    assert quotients(JOBS, name="jobs,2024.csv")[1] == 1.25


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "il manque : MÉTHODE"),
        ("astrologie --in jobs.csv --out x.csv", "'astrologie' n’est pas proposé"),
        ("location_quotient --in jobs.csv", "il manque : --out"),
        ("location_quotient --in absent.csv --out x.csv", "« absent.csv » n’est pas un fichier."),
        ("location_quotient --in jobs.csv --out x.ods", "le résultat s’écrit en .csv ou en .parquet"),
        ("location_quotient --in jobs.csv --out absent/x.csv", "ne peut s’écrire"),
        ("location_quotient --in jobs.csv,jobs.csv,jobs.csv --out x.csv", "lit 2 fichier(s) au plus, 3 sont donnés"),
        ("location_quotient --in ,jobs.csv --out x.csv", "il manque le fichier « jobs »"),
        ("location_quotient --in jobs.csv,jobs.csv --reference a --out x.csv", "« reference » est donné deux fois"),
        ("shift_share --in jobs.csv --out x.csv", "n’a pas les colonnes attendues : year."),
        ("local_effect --in jobs.csv --out x.csv", "il manque : --industry"),
        ("location_quotient --in texte.csv --out x.csv", "ligne 3, colonne « value » : « beaucoup » n’est pas un nombre."),
        ("location_quotient --in double.csv --out x.csv", "deux colonnes du même nom"),
        ("location_quotient --in latin.csv --out x.csv", "« latin.csv » ne se lit pas"),
        ("location_quotient --in faux.parquet --out x.csv", "« faux.parquet » ne se lit pas"),
        ("location_quotient --in vide.csv --out x.csv", "« vide.csv » ne se lit pas"),
        ("sigma_convergence --in annees.csv --out x.csv", "des nombres entiers sont attendus"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(line: str, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("texte.csv").write_text("territory,activity,value\na,x,1\na,y,beaucoup\n", encoding="utf-8")
    Path("double.csv").write_text("territory,value,value\na,1,2\n", encoding="utf-8")
    Path("latin.csv").write_bytes("territory,activity,value\nÎle,x,1\n".encode("cp1252"))
    Path("faux.parquet").write_text("rien", encoding="utf-8")
    Path("vide.csv").write_text("\n", encoding="utf-8")
    Path("annees.csv").write_text("territory,year,value\na,2010.5,1\n", encoding="utf-8")
    assert analyse(line) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert sentence in err
    assert not Path("x.csv").exists()


def test_no_setting_of_the_site_is_asked_of_files_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("beffroi.web.safety.present_blockers_to_settings", lambda: ["clé absente"])
    assert analyse("location_quotient --in jobs.csv --out lq.csv") == 0
