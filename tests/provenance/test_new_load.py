"""A file sent through the page: checked, read again by a person, applied; or refused with a sentence."""

import gzip
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from beffroi.accounts.models import AuditEvent
from beffroi.provenance import actions
from beffroi.provenance.enums import LoadState
from beffroi.provenance.models import Load, Profile, Snapshot, Statement
from beffroi.reference.models import Framework
from tests.accounts.factories import person
from tests.provenance.factories import HEADERS, analyst, answers, document, frameworks_file, sent, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Client:
    return signed_in(analyst())


def page(client: Client, load: Load) -> str:
    return client.get(load.get_absolute_url()).content.decode()


def test_a_file_is_checked_then_applied_when_a_person_says_so(ana: Client) -> None:
    load = sent(ana, frameworks_file("neuf,Un cadre neuf"))
    assert (load.state, load.read, load.rejected) == (LoadState.CHECKED, 1, 0)
    assert not Framework.objects.filter(code="neuf").exists(), "nothing is written before a person says so"
    shown = page(ana, load)
    assert "Un cadre neuf" in shown
    assert "Appliquer" in shown
    ana.post(f"/donnees/chargements/{load.pk}/appliquer")
    load.refresh_from_db()
    assert (load.state, load.added) == (LoadState.APPLIED, 1)
    assert Framework.objects.filter(code="neuf").exists()
    acts = AuditEvent.objects.filter(subject_kind="load", subject_id=load.pk).order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["load_requested", "load_accepted", "load_applied"]


def test_it_is_applied_once(ana: Client) -> None:
    load = sent(ana, frameworks_file("neuf,Un cadre neuf"))
    for _ in range(2):
        ana.post(f"/donnees/chargements/{load.pk}/appliquer")
    assert Statement.objects.filter(load=load).count() == 1


def test_refused_rows_come_back_to_be_corrected(ana: Client) -> None:
    bad = f"{HEADERS}\nneuf,Un cadre neuf,programme,2009,,document,page 1\n=1+1,,programme,2009,,document,page 2\n"
    load = sent(ana, SimpleUploadedFile("cadres.csv", bad.encode()))
    assert (load.read, load.rejected) == (2, 1)
    shown = page(ana, load)
    assert "label_fr" in shown
    assert "obligatoire" in shown
    given = b"".join(ana.get(f"/donnees/chargements/{load.pk}/rejets.csv").streaming_content).decode("utf-8-sig")
    assert "'=1+1" in given, "a spreadsheet must not run what a file says"
    corrected = given.replace("'=1+1", "vieux").replace(',"",', ',"Un cadre vieux",', 1)
    again = sent(ana, SimpleUploadedFile("rejets.csv", corrected.encode("utf-8-sig")))
    assert (again.state, again.read, again.rejected) == (LoadState.CHECKED, 1, 0)


def test_rejections_are_filtered_by_column_and_paged(ana: Client) -> None:
    rows = "\n".join(f"c{n},,programme,2009,,document,page 1" for n in range(60)) + "\n,Sans code,programme,2009,,document,p"
    load = sent(ana, SimpleUploadedFile("cadres.csv", f"{HEADERS}\n{rows}\n".encode()))
    answer = ana.get(f"{load.get_absolute_url()}?page=2")
    assert len(answer.context["page"].object_list) == 11
    only = ana.get(f"{load.get_absolute_url()}?column=framework").context["page"]
    assert [one.row for one in only] == [62]


def test_a_new_source_is_described_with_its_first_file(ana: Client) -> None:
    given = {"source": None, "new_source": "Registre des filières", "publisher": "Chambre", "licence": "Licence ouverte 2.0"}
    load = sent(ana, frameworks_file("neuf,Un cadre"), **given)
    assert load.snapshot.source.code == "registre-des-filieres"
    assert load.snapshot.taken_by.email == "ana@lille.example"


def test_a_kept_file_is_read_again_without_being_sent(ana: Client) -> None:
    first = sent(ana, frameworks_file("neuf,Un cadre"))
    again = sent(ana, None, snapshot=first.snapshot.pk, source=None)
    assert again.snapshot == first.snapshot
    assert Snapshot.objects.filter(source=document()).count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"file": None}, "Choisissez un fichier"),
        ({"file": SimpleUploadedFile("vide.csv", b"")}, "vide"),
        ({"source": None}, "donnez le titre et l’éditeur"),
        ({"visibility": 3}, "dites lequel"),
        ({"file": SimpleUploadedFile("a." + "x" * 60, b"a,b")}, "trop long"),
    ],
)
def test_what_is_missing_is_said_beside_the_field(ana: Client, changed: dict[str, object], said: str) -> None:
    answer = ana.post("/donnees/chargements/nouveau", answers(**{"file": frameworks_file("neuf,Un cadre"), **changed}))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Load.objects.filter(by__email="ana@lille.example").exists()


def trap() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bombe.csv", "a,b\n" + "0" * 30_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("bombe.zip", trap()),
        SimpleUploadedFile("bombe.csv.gz", gzip.compress(b"a,b\n" + b"0" * 30_000_000)),
        SimpleUploadedFile("autre.csv", b"nom,ville\nDupont,Lens\n"),
        SimpleUploadedFile("entete.csv", f"{HEADERS}\n".encode()),
        SimpleUploadedFile("double.csv", b"framework,framework\n1,2\n"),
        SimpleUploadedFile("image.csv", bytes(range(256)) * 40),
        SimpleUploadedFile("coupe.xlsx", b"PK\x03\x04" + b"\x00" * 100),
    ],
    ids=lambda file: file.name,
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(ana: Client, file: SimpleUploadedFile) -> None:
    statements = Statement.objects.count()
    file.seek(0)
    load = sent(ana, file)
    assert load.state == LoadState.REFUSED
    assert load.message.endswith((".", "?"))
    shown = page(ana, load)
    assert "Rien n’a été chargé" in shown
    assert "Appliquer" not in shown
    assert Statement.objects.count() == statements
    assert not list(actions.staging_folder(load).glob("*.parquet"))


def test_a_load_can_be_stopped_before_it_is_applied(ana: Client) -> None:
    load = sent(ana, frameworks_file("neuf,Un cadre"))
    ana.post(f"/donnees/chargements/{load.pk}/arreter")
    load.refresh_from_db()
    assert load.state == LoadState.CANCELLED
    ana.post(f"/donnees/chargements/{load.pk}/appliquer")
    load.refresh_from_db()
    assert load.state == LoadState.CANCELLED
    assert not Framework.objects.filter(code="neuf").exists()


def test_a_running_load_stops_at_its_next_batch(ana: Client) -> None:
    load = actions.request_load(sent(ana, frameworks_file("neuf,Un cadre")).snapshot, profile=_profile(), by=None)
    Load.objects.filter(pk=load.pk).update(cancel_asked=True)
    assert actions.check_load(load).state == LoadState.CANCELLED


def _profile() -> Profile:
    return Profile.objects.get(code="facts-frameworks")


@pytest.mark.parametrize("state", LoadState.values)
def test_the_page_follows_a_load_with_or_without_a_script(ana: Client, state: str) -> None:
    load = sent(ana, frameworks_file("neuf,Un cadre"))
    Load.objects.filter(pk=load.pk).update(state=state, progress=40, ended=load.started)
    answer = ana.get(f"/donnees/chargements/{load.pk}/avancement", headers={"HX-Request": "true"})
    is_running = state in {"waiting", "checking", "applying"}
    assert ('hx-trigger="every 1s"' in answer.content.decode()) == is_running
    assert ("HX-Refresh" in answer.headers) != is_running
    assert ana.get(load.get_absolute_url()).status_code == 200


def test_only_those_who_load_data_open_the_form(client: Client) -> None:
    assert client.get("/donnees/chargements/nouveau").status_code == 302
    assert signed_in(person()).get("/donnees/chargements/nouveau").status_code == 403
