from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import transaction
from django.utils import timezone

from beffroi.core import mail
from beffroi.core.models import Mail

pytestmark = pytest.mark.django_db


def test_a_mail_leaves_when_the_transaction_is_written(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        queued = mail.queue_mail(to="a@b.example", subject="Une\nréunion", text="Demain.")
        assert outbox.outbox == []
    (sent,) = outbox.outbox
    assert (sent.subject, sent.body, sent.to) == ("Une réunion", "Demain.", ["a@b.example"])
    queued.refresh_from_db()
    assert queued.sent_at
    assert queued.text == "", "a sent mail may carry a key: its text is erased"


@pytest.mark.django_db(transaction=True)
def test_a_mail_of_an_undone_transaction_never_leaves():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        mail.queue_mail(to="a@b.example", subject="Une réunion", text="Demain.")
        _ = 1 / 0
    assert outbox.outbox == []
    assert not Mail.objects.filter(to="a@b.example").exists()


def test_a_mail_is_sent_once():
    queued = Mail.objects.create(to="a@b.example", subject="Une réunion", text="Demain.")
    mail.send_mail.enqueue(queued.pk)
    mail.send_mail.enqueue(queued.pk)
    assert len(outbox.outbox) == 1


def test_a_mail_whose_task_was_lost_is_queued_again():
    now = timezone.now()
    Mail.objects.create(to="a@b.example", subject="Une réunion", text="Demain.")
    mail.requeue_waiting_mails(now + timedelta(minutes=1))
    assert outbox.outbox == []
    mail.requeue_waiting_mails(now + timedelta(minutes=3))
    assert len(outbox.outbox) == 1


def test_kept_mails_are_read_back_with_their_accents(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    for subject in ("L’élu est invité", "Second"):
        outbox.EmailMessage(subject, "Réunion à l’hôtel de région :\n" + "é" * 1200, to=["a@b.example"]).send()
    found = {one.subject: one for one in mail.kept_mails(tmp_path)}
    assert set(found) == {"L’élu est invité", "Second"}
    assert found["Second"].text.startswith("Réunion à l’hôtel de région :\n" + "é" * 1200)
    assert found["Second"].to == "a@b.example"
    assert found["Second"].at.utcoffset() is not None
