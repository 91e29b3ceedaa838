"""A visit noted by answering a mail: asked on the evening of the visit, read once, refused with its reason."""

import email
import email.policy
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import getaddresses

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from beffroi.accounts.enums import Permission, Visibility
from beffroi.accounts.roles import may
from beffroi.core import mail
from beffroi.core.text import digest
from beffroi.interactions.actions.visits import change_visit
from beffroi.interactions.enums import ReplyOutcome, VisitState
from beffroi.interactions.models import Visit, VisitNote, VisitReply
from beffroi.interactions.rules.replies import MARK, plain, reply_address, text_above, token_in

EVENING = 17  # the hour from which the note of the day's visits is asked
STILL_ASKED = timedelta(days=7)
LONGEST = 20_000
ADDRESSED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
BY_MACHINES = ("bulk", "junk", "list", "auto_reply")
DAEMONS = ("mailer-daemon", "postmaster", "noreply", "no-reply")


def ask_for_notes(*, at: datetime) -> int:
    """The visits of the day in the evening, and those of the week that nobody noted; each once."""
    if not settings.REPLY_ADDRESS:
        return 0
    local = timezone.localtime(at)
    last = local.date() if local.hour >= EVENING else local.date() - timedelta(days=1)
    rows = Visit.objects.filter(state=VisitState.PLANNED, asked_at__isnull=True, reply_token__isnull=False)
    rows = rows.filter(on__lte=last, on__gte=local.date() - STILL_ASKED, by__is_active=True)
    asked = 0
    for visit in rows.select_related("by", "organisation", "holder").order_by("pk"):
        asked += _ask(visit, at=at)
    return asked


@transaction.atomic
def _ask(visit: Visit, *, at: datetime) -> int:
    """Nothing when another process has just asked."""
    if not Visit.objects.filter(pk=visit.pk, asked_at__isnull=True).update(asked_at=at):
        return 0
    assert visit.by is not None and visit.reply_token is not None
    answer = reply_address(settings.REPLY_ADDRESS, visit.reply_token)
    page = f"{settings.ADDRESS}{visit.get_absolute_url()}"
    told = {"visit": visit, "address": page, "mark": MARK}
    mail.queue_template("interactions/mails/visit_note.txt", to=visit.by.email, reply_to=answer, **told)
    return 1


@transaction.atomic
def receive_reply(raw: bytes, *, at: datetime) -> ReplyOutcome | None:
    """None when this mail was read before."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    number = str(message["Message-ID"] or "").strip()[:500] or f"digest:{digest(raw.decode('latin-1'))}"
    if VisitReply.objects.filter(message_id=number).exists():
        return None
    visit = Visit.objects.filter(reply_token=_token(message)).select_related("by", "owner").first()
    text, outcome = _read(message, visit)
    VisitReply.objects.create(message_id=number, visit=visit, outcome=outcome, read_at=at)
    if outcome == ReplyOutcome.KEPT and visit is not None:
        _note(visit, text, at=at)
    elif outcome != ReplyOutcome.AUTOMATIC:
        _explain(message, outcome)
    return outcome


def _token(message: EmailMessage) -> str:
    """A text that is no token when there is none: no visit has it."""
    if not settings.REPLY_ADDRESS:
        return "-"
    written = [str(value) for name in ADDRESSED for value in message.get_all(name, [])]
    return token_in((address for _, address in getaddresses(written)), settings.REPLY_ADDRESS) or "-"


def _read(message: EmailMessage, visit: Visit | None) -> tuple[str, ReplyOutcome]:
    if _is_automatic(message):
        return "", ReplyOutcome.AUTOMATIC
    if visit is None:
        return "", ReplyOutcome.UNKNOWN_ADDRESS
    if not _is_from_visitor(message, visit):
        return "", ReplyOutcome.OTHER_SENDER
    if visit.state == VisitState.CANCELLED:
        return "", ReplyOutcome.CANCELLED
    try:
        text = _text(message)[:LONGEST]
    except (LookupError, UnicodeError, KeyError):
        return "", ReplyOutcome.UNREADABLE
    return (text, ReplyOutcome.KEPT) if text else ("", ReplyOutcome.NO_TEXT)


def _is_automatic(message: EmailMessage) -> bool:
    """Absences, lists and returned mails: never a note, never answered."""
    by_machine = str(message["Auto-Submitted"] or "no").strip().lower() != "no"
    return by_machine or str(message["Precedence"] or "").strip().lower() in BY_MACHINES or _sender(message).startswith(DAEMONS)


def _sender(message: EmailMessage) -> str:
    """The one address that the mail comes from; several are nobody's."""
    found = [address.lower() for _, address in getaddresses([str(one) for one in message.get_all("From", [])]) if address]
    return found[0] if len(found) == 1 else ""


def _is_from_visitor(message: EmailMessage, visit: Visit) -> bool:
    person = visit.by
    if person is None or not person.is_active or _sender(message) != person.email.lower():
        return False
    return may(person, Permission.NOTE_ACTIVITY) and visit.owner_id in person.partner_ids


def _text(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    body = str(part.get_content())
    return text_above(plain(body) if part.get_content_type() == "text/html" else body)


def _note(visit: Visit, text: str, *, at: datetime) -> None:
    """The operator's alone; a visit that was planned for that day or before took place."""
    VisitNote.objects.create(visit=visit, owner=visit.owner, text=text, visibility=Visibility.OWNER)
    assert visit.by is not None
    took_place = visit.state == VisitState.PLANNED and visit.on <= timezone.localdate(at)
    change_visit(visit, by=visit.by, at=at, state=VisitState.DONE if took_place else visit.state)


def _explain(message: EmailMessage, outcome: ReplyOutcome) -> None:
    if sender := _sender(message):
        reason = str(outcome.label)
        mail.queue_template("interactions/mails/reply_refused.txt", to=sender, reason=reason, address=settings.ADDRESS)
