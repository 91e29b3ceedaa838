"""A visit noted by answering a mail."""

import mailbox
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from beffroi.accounts.models import User
from beffroi.core.models import Mail
from beffroi.interactions import actions, jobs
from beffroi.interactions.enums import ReplyOutcome
from beffroi.interactions.models import Visit, VisitNote, VisitReply
from tests.accounts.factories import person
from tests.interactions.factories import company, visit

pytestmark = pytest.mark.django_db
BASE = "visites@beffroi.example"
DAY = date(2026, 11, 20)
NOON, EVENING = datetime(2026, 11, 20, 11, tzinfo=UTC), datetime(2026, 11, 20, 16, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _addressed(settings: Any) -> None:
    settings.REPLY_ADDRESS = BASE


def planned(by: User | None = None, *, token: str = "ab12", on: date = DAY, **fields: object) -> Visit:
    return visit(company("Filature du Nord"), by=by or person(), on=on, state="planned", reply_token=token, **fields)


def answer(
    text: str = "Un second atelier.", *, to: str = "visites+ab12@beffroi.example", number: str = "<1@x>", **heads: str
) -> bytes:
    message = EmailMessage()
    for name, value in {"From": "Jeanne <Jeanne@lille.example>", "To": to, "Message-ID": number, **heads}.items():
        message[name.replace("_", "-")] = value
    message.set_content(text + "\n\nLe ven. 20 nov. 2026 à 17:00, Beffroi <x@y.example> a écrit :\n> Vous aviez prévu")
    return message.as_bytes()


def test_the_visitor_is_asked_in_the_evening_once_with_an_address_of_the_visit() -> None:
    made = planned()
    assert actions.ask_for_notes(at=NOON) == 0
    assert actions.ask_for_notes(at=EVENING) == 1
    assert actions.ask_for_notes(at=EVENING) == 0
    mail = Mail.objects.get()
    assert (mail.to, mail.reply_to) == ("jeanne@lille.example", "visites+ab12@beffroi.example")
    assert mail.subject == "Visite de Filature du Nord : votre note"
    made.refresh_from_db()
    assert made.asked_at == EVENING


def test_two_processes_ask_once() -> None:
    made = planned()
    Visit.objects.filter(pk=made.pk).update(asked_at=NOON)
    assert actions.replies._ask(made, at=EVENING) == 0


@pytest.mark.parametrize(("on", "asked"), [(date(2026, 11, 13), 1), (date(2026, 11, 12), 0), (date(2026, 11, 21), 0)])
def test_old_plans_and_those_to_come_are_left_alone(on: date, asked: int) -> None:
    planned(on=on)
    assert actions.ask_for_notes(at=EVENING) == asked


def test_without_an_address_nobody_is_asked(settings: Any) -> None:
    settings.REPLY_ADDRESS = ""
    planned()
    jobs.ask_for_notes(EVENING)
    assert not Mail.objects.exists()
    assert actions.receive_reply(answer(), at=EVENING) == ReplyOutcome.UNKNOWN_ADDRESS


def test_the_answer_is_the_note_of_its_operator_alone_and_the_visit_took_place() -> None:
    made = planned()
    assert actions.receive_reply(answer(), at=EVENING) == ReplyOutcome.KEPT
    note = VisitNote.objects.get()
    assert (note.visit, note.text, note.visibility, note.owner) == (made, "Un second atelier.", 3, made.owner)
    made.refresh_from_db()
    assert made.state == "done"
    assert actions.receive_reply(answer("Et trois recrutements.", number="<2@x>"), at=EVENING) == ReplyOutcome.KEPT
    assert VisitNote.objects.count() == 2


def test_the_same_mail_is_read_once() -> None:
    planned()
    actions.receive_reply(answer(), at=EVENING)
    assert actions.receive_reply(answer(), at=EVENING) is None
    nameless = answer(number="")
    assert actions.receive_reply(nameless, at=EVENING) == ReplyOutcome.KEPT
    assert actions.receive_reply(nameless, at=EVENING) is None
    assert VisitNote.objects.count() == 2


@pytest.mark.parametrize(
    ("mail", "outcome"),
    [
        (answer(to="visites+ff@beffroi.example"), ReplyOutcome.UNKNOWN_ADDRESS),
        (answer(From="paul@amiens.example"), ReplyOutcome.OTHER_SENDER),
        (answer(From="jeanne@lille.example, paul@amiens.example"), ReplyOutcome.OTHER_SENDER),
        (answer(""), ReplyOutcome.NO_TEXT),
        (answer().replace(b'charset="utf-8"', b'charset="inconnu"'), ReplyOutcome.UNREADABLE),
        (b"From: jeanne@lille.example\nTo: visites+ab12@beffroi.example\nContent-Type: image/png\n\nx", ReplyOutcome.NO_TEXT),
    ],
)
def test_what_is_refused_is_explained_and_kept_nowhere(mail: bytes, outcome: ReplyOutcome) -> None:
    made = planned()
    assert actions.receive_reply(mail, at=EVENING) == outcome
    made.refresh_from_db()
    assert (VisitNote.objects.count(), made.state) == (0, "planned")
    told = Mail.objects.all()
    assert [row.subject for row in told] in (["Votre réponse n’a pas été ajoutée à une visite"], [])
    assert all("Filature" not in row.text and str(outcome.label) in row.text for row in told)
    assert told.exists() is (b", paul" not in mail)  # several senders are nobody to answer to


def test_a_cancelled_visit_takes_no_note() -> None:
    made = planned()
    Visit.objects.filter(pk=made.pk).update(state="cancelled")
    assert actions.receive_reply(answer(), at=EVENING) == ReplyOutcome.CANCELLED


def test_whoever_left_the_institution_no_longer_answers_for_it() -> None:
    made = planned()
    made.by.memberships.update(until=date(2026, 11, 1))
    assert actions.receive_reply(answer(), at=EVENING) == ReplyOutcome.OTHER_SENDER


@pytest.mark.parametrize(
    "heads", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"From": "MAILER-DAEMON@x.example"}]
)
def test_machines_are_neither_noted_nor_answered(heads: dict[str, str]) -> None:
    planned()
    assert actions.receive_reply(answer(**heads), at=EVENING) == ReplyOutcome.AUTOMATIC
    assert (VisitNote.objects.count(), Mail.objects.count()) == (0, 0)
    assert str(VisitReply.objects.get()) == "<1@x>"


def test_a_mail_written_as_a_page_is_read_too() -> None:
    planned()
    message = EmailMessage()
    message["From"], message["To"], message["Message-ID"] = "jeanne@lille.example", "visites+ab12@beffroi.example", "<3@x>"
    message.set_content("<p>Un second atelier.</p><blockquote>Vous</blockquote>", subtype="html")
    assert actions.receive_reply(message.as_bytes(), at=EVENING) == ReplyOutcome.KEPT
    assert VisitNote.objects.get().text == "Un second atelier."


def test_mails_are_taken_from_a_maildir(tmp_path: Path, settings: Any) -> None:
    settings.REPLY_FOLDER = str(tmp_path / "box")
    planned()
    mailbox.Maildir(tmp_path / "box").add(answer())
    jobs.read_replies(EVENING)
    assert VisitNote.objects.count() == 1
    assert not list((tmp_path / "box" / "new").iterdir())
    assert len(list((tmp_path / "box" / "cur").iterdir())) == 1


def test_mails_are_taken_from_files_and_a_broken_one_stops_none(tmp_path: Path, settings: Any) -> None:
    settings.REPLY_FOLDER = str(tmp_path)
    planned()
    (tmp_path / "a.eml").write_bytes(answer(number="<" + "9" * 300 + "@x>"))
    (tmp_path / "b.eml").write_bytes(b"\x00\xff" * 9)
    (tmp_path / "notes.txt").write_text("rien")
    jobs.read_replies(EVENING)
    jobs.read_replies(EVENING)
    assert VisitNote.objects.count() == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lus", "notes.txt"]


def test_mails_are_taken_from_an_mbox_that_is_only_read(tmp_path: Path, settings: Any) -> None:
    path = tmp_path / "mbox"
    box = mailbox.mbox(path)
    box.add(answer())
    box.flush()
    settings.REPLY_FOLDER = str(path)
    planned()
    before = path.read_bytes()
    jobs.read_replies(EVENING)
    jobs.read_replies(EVENING)
    assert (VisitNote.objects.count(), path.read_bytes() == before) == (1, True)


def test_no_folder_is_no_error(settings: Any, tmp_path: Path) -> None:
    settings.REPLY_FOLDER = ""
    jobs.read_replies(EVENING)
    settings.REPLY_FOLDER = str(tmp_path / "nulle-part")
    jobs.read_replies(EVENING)
    jobs.end_reservations(EVENING)
    assert not VisitReply.objects.exists()
