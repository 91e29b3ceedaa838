"""Loads that outlive the process that works on them: a lock tells a load being worked on from one whose worker was killed."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import User
from beffroi.connectors.staging import UnfinishedStaging
from beffroi.provenance.actions.loads import move_load
from beffroi.provenance.enums import LoadState
from beffroi.provenance.models import Load


@contextmanager
def sole_worker(load_id: int) -> Iterator[bool]:
    """Whether this process may work on the load. The system lets the lock go when its holder dies, even by kill -9."""
    path = Path(settings.DATA) / "staging" / f"{load_id}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        if not os.fstat(lock.fileno()).st_nlink:
            yield False  # its holder has just finished and taken it away
            return
        yield True
        path.unlink(missing_ok=True)


def is_worked_on(load: Load) -> bool:
    with sole_worker(load.pk) as is_mine:
        return not is_mine


def restart_check(load: Load) -> Load:
    """A check that was killed left nothing but remains: it starts again from the file."""
    return move_load(load, LoadState.WAITING) if load.state == LoadState.CHECKING else load


def accept_load(load: Load, *, by: User | None) -> Load:
    """A person has looked at what the check says: the load will be applied as soon as a worker is free."""
    move_load(load, LoadState.APPLYING)
    record_act("load_accepted", by=by, subject=("load", load.pk))
    return load


def give_up(load: Load, error: Exception) -> Load:
    """Something that nobody foresaw stopped the work: nothing of it was kept, and the person may try again."""
    load.refresh_from_db()
    if load.state not in {LoadState.CHECKING, LoadState.APPLYING}:
        return load
    said = str(error) if isinstance(error, UnfinishedStaging) else type(error).__name__
    message = _(
        "Le travail s’est interrompu (%(error)s) et rien n’est gardé. Réessayez ; si cela revient, prévenez l’administrateur."
    )
    is_lost = load.state == LoadState.CHECKING or isinstance(error, UnfinishedStaging)
    return move_load(load, LoadState.REFUSED if is_lost else LoadState.CHECKED, message=message % {"error": said})
