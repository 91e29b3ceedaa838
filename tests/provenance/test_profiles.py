"""A new layout of file, described on screen without code, tried on a sample, saved, and used to load."""

import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from beffroi.accounts.models import AuditEvent
from beffroi.connectors.profile import load_profile
from beffroi.indicators.models import Observation
from beffroi.provenance import actions
from beffroi.provenance.models import Profile
from tests.accounts.factories import person
from tests.provenance.factories import analyst, sent, signed_in
from tests.web.factories import frameworks, indicators, items

pytestmark = pytest.mark.django_db
CLONE = "/donnees/profils/observations-generiques/copier"
# A file of the chamber: semicolons, cp1252, its own headers, thousands, its own words for the status
LAYOUT = """Code de la mesure;Année d’effet;Nature de la valeur;Effectif (milliers);Unité de compte;Remarque interne
jobs;2009;Réel;1,5;emplois;à revoir
jobs;2010;Prévu;2;emplois;
jobs;2011;Réel;beaucoup;emplois;
""".replace("’", "'")


def sample(name: str = "chambre.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, LAYOUT.encode("cp1252"))


@pytest.fixture
def ana() -> Client:
    actions.seed_profiles()
    return signed_in(analyst())


def filled(page, *, headers: dict[str, str] | None = None, **changed: object) -> dict[str, object]:
    """The form as the page shows it, with what the person changes. `headers`: field -> header, the others emptied."""
    form, columns = page.context["form"], page.context["columns"]
    given: dict[str, object] = {name: form[name].value() or "" for name in form.fields if name != "sample"}
    given["kept_sample"] = page.context["sample"]
    given |= {f"columns-{name}": columns.management_form[name].value() for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    for row in columns:
        values = {name: row[name].value() for name in row.fields}
        if headers is not None:
            values["name"] = headers.get(str(values["to"]), "")
        given |= {f"{row.prefix}-{name}": value for name, value in values.items() if value not in (None, False, "")}
    return {**given, **changed}


def prefix_of(page, field: str) -> str:
    return next(row.prefix for row in page.context["columns"] if row["to"].value() == field)


HEADERS = {
    "indicator": "Code de la mesure",
    "period": "Année d'effet",
    "status": "Nature de la valeur",
    "value": "Effectif (milliers)",
    "unit": "Unité de compte",
}


def described(ana: Client) -> dict[str, object]:
    page = ana.get(CLONE)
    given = filled(page, headers=HEADERS, label="Mesures de la chambre")
    return given | {
        f"{prefix_of(page, 'value')}-multiplier": "1000",
        f"{prefix_of(page, 'status')}-choices": "Réel = actual\nPrévu = forecast",
    }


def test_a_new_layout_is_loaded_end_to_end_without_code(ana: Client) -> None:
    frameworks("plan")
    items("plan,axe-1,,axis,Premier axe")
    indicators("jobs,Emplois,plan,axe-1,result,emplois")
    given = described(ana)
    tried = ana.post(CLONE, given | {"try": "1", "sample": sample()})
    assert tried.status_code == 200
    trial = tried.context["trial"]
    assert (trial.checked.read, trial.checked.rejected, trial.checked.encoding) == (3, 1, "cp1252")
    assert "« beaucoup » n’est pas un nombre" in tried.content.decode()
    assert not Profile.objects.filter(cloned_from__isnull=False).exists(), "nothing is saved by a try"
    saved = ana.post(CLONE, filled(tried) | {"save": "1"})
    assert saved["Location"] == "/donnees/profils/mesures-de-la-chambre"
    load = sent(ana, sample(), profile="mesures-de-la-chambre")
    assert (load.read, load.rejected, load.ignored) == (3, 1, ["Remarque interne"])
    ana.post(f"/donnees/chargements/{load.pk}/appliquer")
    values = Observation.objects.filter(load=load).order_by("row").values_list("value", "cell__written_period", "cell__status")
    assert [(int(value), period, status) for value, period, status in values] == [
        (1500, "2009", "actual"),
        (2000, "2010", "forecast"),
    ]


def test_headers_are_proposed_from_a_sample(ana: Client) -> None:
    close = "Indicateurs;Territoires;Annee;Valeurs;Divers\njobs;32;2009;1;x\n"
    page = ana.post(CLONE, filled(ana.get(CLONE)) | {"propose": "1", "sample": SimpleUploadedFile("x.csv", close.encode())})
    assert page.context["proposed"] == {
        "indicator": "Indicateurs",
        "territory": "Territoires",
        "period": "Annee",
        "value": "Valeurs",
    }
    assert page.context["unused"] == ["Divers"]
    shown = {row["to"].value(): row["name"].value() for row in page.context["columns"]}
    assert (shown["value"], shown["unit"]) == ("Valeurs", "")
    assert "Divers" in page.content.decode()
    tried = ana.post(CLONE, filled(page) | {"try": "1"})
    assert tried.context["trial"].checked.read == 1, "the sample need not be sent again"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"label": ""}, "obligatoire"),
        ({"constants": "sans signe"}, "une paire par ligne"),
        ({"columns-0-name": "valeur"}, "Deux colonnes se disputent"),
        ({"columns-0-to": "inconnu"}, "choix valide"),
    ],
)
def test_a_description_that_contradicts_itself_is_not_saved(ana: Client, changed: dict[str, object], said: str) -> None:
    answer = ana.post(CLONE, filled(ana.get(CLONE), **changed) | {"save": "1"})
    assert answer.status_code == 422
    assert said.lower() in answer.content.decode().lower()
    assert not Profile.objects.filter(cloned_from__isnull=False).exists()


def test_a_sample_that_cannot_be_read_says_why(ana: Client) -> None:
    given = filled(ana.get(CLONE))
    broken = ana.post(CLONE, given | {"propose": "1", "sample": SimpleUploadedFile("x.xlsx", b"PK\x03\x04rien")})
    assert broken.status_code == 422
    nothing = ana.post(CLONE, given | {"propose": "1"})
    assert "Choisissez d’abord un fichier d’essai" in nothing.content.decode()
    heavy = ana.post(CLONE, given | {"try": "1", "sample": SimpleUploadedFile("x.csv", b"a" * (5 * 1024 * 1024 + 1))})
    assert "5 Mo" in heavy.content.decode()


def test_nobody_reads_the_sample_of_another(ana: Client) -> None:
    page = ana.post(CLONE, filled(ana.get(CLONE)) | {"try": "1", "sample": sample()})
    other = signed_in(analyst("lou@lille.example"))
    tried = other.post(CLONE, filled(other.get(CLONE)) | {"try": "1", "kept_sample": page.context["sample"]})
    assert tried.context["trial"] is None
    escaped = other.post(CLONE, filled(other.get(CLONE)) | {"try": "1", "kept_sample": "../../database/beffroi.sqlite3"})
    assert escaped.context["trial"] is None


def test_a_copy_is_changed_and_keeps_its_history(ana: Client) -> None:
    ana.post(CLONE, described(ana) | {"save": "1"})
    address = "/donnees/profils/mesures-de-la-chambre"
    page = ana.get(f"{address}/modifier")
    ana.post(f"{address}/modifier", filled(page, label="Mesures, édition 2") | {"save": "1"})
    clone = Profile.objects.get(code="mesures-de-la-chambre")
    assert clone.label == "Mesures, édition 2"
    assert load_profile(clone.definition).label == "Mesures, édition 2"
    shown = ana.get(address)
    assert [version["changed"] for version in shown.context["versions"]] == [["label"], []]
    assert list(AuditEvent.objects.filter(subject_kind="profile").order_by("pk").values_list("act", flat=True)) == [
        "profile_cloned",
        "profile_changed",
    ]
    assert {version["record"].history_user.email for version in shown.context["versions"]} == {"ana@lille.example"}


def test_what_comes_with_beffroi_is_copied_never_changed(ana: Client) -> None:
    assert ana.get("/donnees/profils/observations-generiques/modifier").status_code == 404
    ana.post(CLONE, described(ana) | {"save": "1"})
    actions.seed_profiles()
    assert Profile.objects.get(code="mesures-de-la-chambre").label == "Mesures de la chambre"


def test_everybody_reads_how_files_are_read_and_few_describe_new_ones(client: Client, ana: Client) -> None:
    listed = client.get("/donnees/profils/")
    assert "Observations en table longue" in listed.content.decode()
    for profile in Profile.objects.order_by("code"):
        assert client.get(profile.get_absolute_url()).status_code == 200
        assert client.get(f"/donnees/profils/{profile.code}/modele.csv").status_code == 200
        assert ana.get(f"/donnees/profils/{profile.code}/copier").status_code == 200
    assert client.get(CLONE).status_code == 302
    assert signed_in(person()).get(CLONE).status_code == 403


def test_the_model_to_fill_is_read_by_its_own_profile(ana: Client) -> None:
    given = ana.get("/donnees/profils/observations-generiques/modele.csv").content
    load = sent(ana, SimpleUploadedFile("modele.csv", given), profile="observations-generiques")
    assert (load.state, load.read, load.rejected) == ("checked", 1, 0)


def test_the_number_of_queries_is_known(queries, ana: Client) -> None:
    for name, address in {"profiles": "/donnees/profils/", "profile": "/donnees/profils/lieux", "copy": CLONE}.items():
        with queries(name):
            ana.get(address)


@pytest.mark.parametrize("changed", [{"constants": "value = 3"}, {"type": "text"}])
def test_a_field_is_read_as_its_destination_expects(ana: Client, changed: dict[str, str]) -> None:
    given = described(ana)
    value = prefix_of(ana.get(CLONE), "value")
    given = {**given, f"{value}-name": ""} | changed if "constants" in changed else {**given, f"{value}-type": "text"}
    answer = ana.post(CLONE, given | {"save": "1"})
    assert answer.status_code == 422
    assert "attendent un autre type : value" in answer.content.decode()


def test_a_sample_is_kept_a_day() -> None:
    ana = analyst()
    old = actions.keep_sample(sample(), by=ana)
    path = actions.sample_path(old, by=ana)
    assert path is not None
    os.utime(path, (0, 0))
    kept = actions.keep_sample(SimpleUploadedFile("autre.csv", b"a,b\n1,2\n"), by=ana)
    assert actions.sample_path(old, by=ana) is None
    assert actions.sample_path(kept, by=ana) is not None
