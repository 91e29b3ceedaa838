"""What runs by itself: notes asked by mail, answers read where the mail server drops them, reservations that
end, operators reminded."""

import logging
import mailbox
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from beffroi.interactions import actions
from beffroi.interactions.actions import privacy

LOG = logging.getLogger("beffroi.jobs")
READ = "lus"  # where files of one mail each go once read


def ask_for_notes(now: datetime) -> None:
    actions.ask_for_notes(at=now)


def end_reservations(now: datetime) -> None:
    actions.end_reservations(today=timezone.localdate(now))


def remind_operators(now: datetime) -> None:
    actions.send_reminders(on=timezone.localdate(now))


def forget_people(now: datetime) -> None:
    """Whoever nobody has met for three years, and what was read more than a year ago."""
    privacy.forget_old_people(on=timezone.localdate(now))
    privacy.forget_readings(now=now)


def read_replies(now: datetime) -> None:
    """A mail that cannot be read stays where it is, is told in the log, and does not stop the others."""
    if not settings.REPLY_FOLDER:
        return
    for raw, put_away in dropped_mails(Path(settings.REPLY_FOLDER)):
        try:
            actions.receive_reply(raw, at=now)
        except Exception:
            LOG.exception("A mail of %s could not be read", settings.REPLY_FOLDER)
            continue
        with suppress(OSError):  # a folder that one may only read: the number of the mail says that it was read
            put_away()


def dropped_mails(place: Path) -> Iterator[tuple[bytes, Callable[[], object]]]:
    """Each mail with what puts it away: of a Maildir, of an mbox file, or of a folder of .eml files."""
    if (place / "new").is_dir():
        for path in sorted((place / "new").iterdir()):
            yield path.read_bytes(), _moving(path, place / "cur" / f"{path.name}:2,S")
    elif place.is_dir():
        for path in sorted(place.glob("*.eml")):
            yield path.read_bytes(), _moving(path, place / READ / path.name)
    elif place.is_file():
        with closing(mailbox.mbox(place, create=False)) as box:
            yield from ((box.get_bytes(key), _nothing) for key in box.iterkeys())


def _moving(path: Path, there: Path) -> Callable[[], object]:
    def move() -> None:
        there.parent.mkdir(exist_ok=True)
        path.rename(there)

    return move


def _nothing() -> None:
    """An mbox is its server's: it is only read."""
