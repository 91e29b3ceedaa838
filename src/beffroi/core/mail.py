"""Mails leave after the transaction that wrote them, by the worker; those of the demonstration stay in files to read."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage as Parsed
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.core.mail import EmailMessage
from django.db import transaction
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone
from django_tasks import task

from beffroi.core import simulation
from beffroi.core.models import Mail

SEPARATOR = b"-" * 79  # what Django writes after each mail of a file
PATIENCE = timedelta(minutes=2)  # a mail that waits longer lost its task (a stopped worker, a refused connection)


def queue_mail(*, to: str, subject: str, text: str, reply_to: str = "") -> Mail:
    if simulation.is_simulated():
        subject, text = f"[simulation] {subject}", f"{simulation.SAID}\n\n{text}"
    mail = Mail.objects.create(to=to, reply_to=reply_to, subject=" ".join(subject.split())[:200], text=text)
    transaction.on_commit(lambda: send_mail.enqueue(mail.pk))
    return mail


def queue_template(template: str, *, to: str, reply_to: str = "", **context: object) -> Mail:
    """The first line of a mail's template is its subject, the rest after an empty line its text."""
    written = get_template(template).template.render(Context(context, autoescape=False))  # type: ignore[attr-defined]
    subject, _, text = written.strip().partition("\n")
    return queue_mail(to=to, reply_to=reply_to, subject=subject, text=text.strip() + "\n")


@task()
def send_mail(mail_id: int) -> None:
    mail = Mail.objects.filter(pk=mail_id, sent_at__isnull=True).first()
    if mail is None:
        return
    EmailMessage(mail.subject, mail.text, to=[mail.to], reply_to=[mail.reply_to] if mail.reply_to else None).send()
    mail.text, mail.sent_at = "", timezone.now()
    mail.save(update_fields=["text", "sent_at"])


def requeue_waiting_mails(now: datetime) -> None:
    for mail in Mail.objects.filter(sent_at__isnull=True, queued_at__lt=now - PATIENCE):
        send_mail.enqueue(mail.pk)


@dataclass(frozen=True)
class KeptMail:
    name: str
    at: datetime
    to: str
    subject: str
    text: str


def kept_mails(folder: Path) -> list[KeptMail]:
    """The mails written to a folder, the latest first."""
    found = [mail for path in folder.glob("*.log") for mail in mails_of(path)]
    return sorted(found, key=lambda mail: (mail.at, mail.name), reverse=True)


def mails_of(path: Path) -> Iterator[KeptMail]:
    parts = path.read_bytes().split(SEPARATOR)
    for rank, part in enumerate(part for part in parts if part.strip()):
        message = email.message_from_bytes(part.strip() + b"\n", policy=email.policy.default)
        assert isinstance(message, Parsed)
        yield KeptMail(
            name=f"{path.stem}-{rank}",
            at=parsedate_to_datetime(str(message["Date"])).replace(tzinfo=UTC),  # Django writes -0000, which says no zone
            to=str(message["To"]),
            subject=str(message["Subject"]),
            text=str(message.get_content()),
        )
