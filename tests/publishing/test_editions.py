"""An edition: frozen once, signed by people, the same for ever."""

import io
import json
from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone
from docx import Document

from beffroi.accounts.models import AuditEvent, Partner, User
from beffroi.core.refusals import Refused
from beffroi.provenance.queries import Moment
from beffroi.publishing import actions
from beffroi.publishing.actions.editions import edition_file
from beffroi.publishing.enums import SignatureKind
from beffroi.publishing.models import Edition, EditionNeverChanges, content_hash
from beffroi.publishing.reports import progress, word
from beffroi.publishing.reports.word_template import shipped_template
from beffroi.reference.models import Framework

pytestmark = pytest.mark.usefixtures("demo")
DAY = date(2010, 3, 31)


def person(role: str, *, name: str = "Camille Martin") -> User:
    user = User.objects.create_user(f"{role}@example.org", name=name)
    user.memberships.create(partner=Partner.objects.order_by("pk")[0], role=role, since=date(2020, 1, 1))
    return user


@pytest.fixture
def edition() -> Edition:
    framework = Framework.objects.get(code="srde")
    return actions.freeze_edition(framework, moment=Moment(DAY, timezone.now()), title="SRDE", by=person("elected"))


def test_an_edition_keeps_its_dates_its_content_and_its_files(edition: Edition) -> None:
    kept = Edition.objects.get(pk=edition.pk)
    assert (kept.as_of, kept.is_intact, len(kept.hash)) == (DAY, True, 64)
    assert {name: edition_file(kept, name).is_file() for name in ("html", "pdf", "xlsx", "docx", "json")} == dict.fromkeys(
        ("html", "pdf", "xlsx", "docx", "json"), True
    )
    assert json.loads(edition_file(kept, "json").read_text())["hash"] == kept.hash
    assert AuditEvent.objects.filter(act="edition_frozen", subject_id=kept.pk).count() == 1


def test_an_edition_never_changes(edition: Edition) -> None:
    edition.title = "Autre"
    with pytest.raises(EditionNeverChanges):
        edition.save()
    with pytest.raises(EditionNeverChanges):
        Edition.objects.filter(pk=edition.pk).update(title="Autre")
    with pytest.raises(EditionNeverChanges):
        edition.delete()
    with pytest.raises(EditionNeverChanges):
        Edition.objects.all().delete()


def test_the_database_itself_refuses_to_change_an_edition(edition: Edition) -> None:
    with pytest.raises(Error, match="ne change pas"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE publishing_edition SET title = 'Autre' WHERE id = %s", [edition.pk])
    assert Edition.objects.get(pk=edition.pk).title == "SRDE"


def test_freezing_the_same_dates_later_gives_the_same_hash(edition: Edition, clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(days=3))
    again = progress.content(edition.framework, moment=Moment(DAY, edition.known_on), viewer=AnonymousUser())
    assert content_hash(again) == edition.hash


def test_a_partner_signs_once_with_its_reserve(edition: Edition) -> None:
    signer = person("funder_officer", name="Dominique Petit")
    partner = Partner.objects.order_by("pk")[0]
    kind = SignatureKind.WITH_RESERVE
    one = actions.sign_edition(edition, partner=partner, kind=kind, reservation="2009 reste à arrêter.", by=signer)
    two = actions.sign_edition(edition, partner=partner, kind=SignatureKind.SIGNED, by=signer)
    assert one == two
    assert (one.role, one.user, one.at) == ("funder_officer", signer, timezone.now())


def test_a_reserve_is_written_and_signed_by_its_own_institution(edition: Edition) -> None:
    signer = person("funder_officer")
    mine, other = Partner.objects.order_by("pk")[:2]
    with pytest.raises(Refused, match="réserve s’écrit"):
        actions.sign_edition(edition, partner=mine, kind=SignatureKind.RESERVE_ONLY, by=signer)
    with pytest.raises(actions.NotThisPartner):
        actions.sign_edition(edition, partner=other, kind=SignatureKind.SIGNED, by=signer)


def test_anybody_reads_an_edition_and_its_files(edition: Edition, client: Client) -> None:
    page = client.get(edition.get_absolute_url())
    assert page.status_code == 200
    assert edition.hash in page.content.decode()
    assert client.get(f"/rapports/editions/{edition.pk}").status_code == 302
    assert client.get(f"/rapports/editions/{edition.pk}/pdf")["Content-Type"] == "application/pdf"
    assert client.get(f"/rapports/editions/{edition.pk}/exe").status_code == 404
    assert edition.title in client.get("/rapports/editions/").content.decode()


def test_who_may_freeze_and_sign(client: Client, edition: Edition) -> None:
    assert client.post("/rapports/srde/figer?as_of=2010-03-31", {"title": "x"}).status_code == 302  # to the log-in page
    client.force_login(person("developer"))
    assert client.post("/rapports/srde/figer?as_of=2010-03-31", {"title": "x"}).status_code == 403
    assert client.post(f"/rapports/editions/{edition.pk}/signer", {}).status_code == 403
    assert Edition.objects.count() == 1


def test_freezing_and_signing_on_screen(client: Client) -> None:
    client.force_login(person("programme_officer"))
    answer = client.post("/rapports/srde/figer?as_of=2010-03-31", {"title": "Conférence de juin"}, follow=True)
    edition = Edition.objects.get()
    assert "Conférence de juin" in answer.content.decode()
    partner = Partner.objects.order_by("pk")[0]
    signed = {"partner": partner.pk, "kind": "with_reserve", "section": "", "reservation": "À préciser."}
    page = client.post(f"/rapports/editions/{edition.pk}/signer", signed, follow=True).content.decode()
    assert "À préciser." in page
    assert "Camille Martin" in page


def test_a_text_is_written_on_screen(client: Client) -> None:
    client.force_login(person("programme_officer"))
    partner = Partner.objects.order_by("pk")[0]
    address = "/rapports/srde/prda/texte?as_of=2010-03-31"
    assert client.get(address).status_code == 200
    page = client.post(address, {"partner": partner.pk, "text": "Un mot de la Région."}, follow=True).content.decode()
    assert "Un mot de la Région." in page


def test_the_word_template_is_replaced_only_by_one_that_works() -> None:
    with pytest.raises(word.WrongTemplate, match="n’est pas un document Word"):
        word.refuse_wrong_template(b"rien")
    with pytest.raises(word.WrongTemplate, match="ne se remplit pas"):
        word.refuse_wrong_template(template_saying("{{ nobody }}"))
    with pytest.raises(word.WrongTemplate):
        word.refuse_wrong_template(template_saying("{{ ''.__class__.__mro__ }}"))
    by = person("programme_officer")
    actions.replace_template(shipped_template(), by=by)
    assert word.is_replaced()
    actions.restore_template(by=by)
    assert not word.is_replaced()


def template_saying(text: str) -> bytes:
    document = Document()
    document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_the_template_page(client: Client) -> None:
    client.force_login(person("programme_officer"))
    assert client.get("/rapports/modele-word").status_code == 200
    assert client.get("/rapports/modele-word?download=1").content[:2] == b"PK"
