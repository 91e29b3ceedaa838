"""The page of a list says what is in it, what is not and why; its files are those of the command."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from beffroi.accounts.models import AuditEvent
from beffroi.funding.models import Operation
from beffroi.publishing import actions
from beffroi.publishing.datasets.standards import PUBLICATIONS
from beffroi.publishing.models import PublishedName
from beffroi.web.jobs import run_due_jobs
from tests.accounts.factories import administrator, person
from tests.publishing.test_publications import OPERATIONS, RIGHT, scdl, union

pytestmark = pytest.mark.django_db
PAGE = "/jeux-de-donnees/listes/"


def text(client: Client, path: str) -> str:
    answer = client.get(PAGE + path)
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return content.decode()


@pytest.mark.parametrize("publication", PUBLICATIONS, ids=lambda one: one.name)
def test_each_list_has_its_page_even_empty(client: Client, publication: object) -> None:
    assert "Aucune ligne ne peut être publiée ainsi." in text(client, publication.name)  # type: ignore[attr-defined]
    assert publication.get_absolute_url() in client.get(reverse("publishing:datasets")).content.decode()  # type: ignore[attr-defined]


def test_the_page_counts_what_is_published_what_is_not_and_what_is_missing(client: Client) -> None:
    union(OPERATIONS[0].replace("2024-12-31", ""), OPERATIONS[1])
    scdl(RIGHT.format(1))
    page = text(client, "art49")
    assert "Aucun argent de l’Union n’est connu pour cette opération." in page
    assert "Date de fin" in page and "ecarts" in page
    assert text(client, "art49.csv").splitlines()[0].startswith("Code de l'opération,")
    assert text(client, "art49.csv?lang=en").splitlines()[0].startswith("Operation code,")
    assert len(text(client, "art49.ecarts").splitlines()) == 2
    assert text(client, "kohesio.ecarts").count("Programming_Period") == 0
    answer = client.get(f"{PAGE}art49.xlsx")
    assert (answer.status_code, answer.headers["Content-Disposition"]) == (200, 'attachment; filename="art49-20261120.xlsx"')
    assert b"".join(answer.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]


def test_grants_have_one_file_for_each_publisher(client: Client) -> None:
    scdl(RIGHT.format(1), RIGHT.format(1).replace("21060004500392", "21860194600013").replace("Ville", "Autre"))
    page = text(client, "scdl")
    assert "21060004500392_subventions_20261120.csv" in page and "publisher=21860194600013" in page
    assert client.get(f"{PAGE}scdl.csv").status_code == 400
    assert len(text(client, "scdl.csv?publisher=21860194600013").splitlines()) == 2
    assert "un chiffre est faux" in text(client, "scdl?publisher=21860194600019")


def test_what_is_no_list_or_no_format_is_not_found(client: Client) -> None:
    assert [client.get(PAGE + path).status_code for path in ("nothing", "art49.docx", "kohesio.xlsx")] == [404, 404, 404]


def test_who_may_freeze_notes_the_publication_and_the_persons_are_named(client: Client) -> None:
    union()
    noted = reverse("publishing:publication_noted", args=["art49"])
    assert "Noter la liste" not in text(client, "art49")
    client.force_login(administrator())
    assert "Noter la liste" in text(client, "art49") and "Anne Martin" not in text(client, "art49")
    client.post(noted, {"on": "2026-11-21"})
    assert not PublishedName.objects.exists()
    client.post(noted, {"on": "2026-11-20"})
    assert [row.first_published for row in PublishedName.objects.all()] == [date(2026, 11, 20)]
    assert "Anne Martin" in text(client, "art49")
    assert "Anne Martin" not in text(client, "art49.ecarts")
    assert client.post(reverse("publishing:publication_noted", args=["scdl"]), {"on": "2026-11-20"}).status_code == 404


def test_others_do_not_note_publications(client: Client) -> None:
    union()
    client.force_login(person("paul@lille.example"))
    client.post(reverse("publishing:publication_noted", args=["art49"]), {"on": "2026-11-20"})
    assert not PublishedName.objects.exists()


def test_the_page_asks_the_same_number_of_queries_whatever_the_rows(client: Client) -> None:
    """Not by origin: PostgreSQL reads whole tables by COPY, which is no query for who counts them."""

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(f"{PAGE}art49")
        return len(found)

    union(OPERATIONS[0])
    client.get(f"{PAGE}art49")
    before = asked()
    union(*OPERATIONS, OPERATIONS[0].replace("A,", "C,"))
    client.get(f"{PAGE}art49")
    assert asked() == before


def test_the_schedule_withdraws_the_names_whose_time_is_over(client: Client) -> None:
    union()
    actions.record_publication(
        "art49", operations=Operation.objects.values_list("pk", flat=True), on=date(2024, 11, 20), by=None
    )
    assert run_due_jobs(now=timezone.now())["withdraw_old_names"]
    assert [row.withdrawn_on for row in PublishedName.objects.all()] == [date(2026, 11, 20)]
    assert "Anne Martin" not in text(client, "art49.csv")
    act = AuditEvent.objects.get(act="names_withdrawn")
    assert act.detail == {"names": 1, "on": "2026-11-20"}
