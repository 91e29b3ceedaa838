"""Forgetting persons: after three years by itself, at once when they ask. The facts stay, without them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from beffroi.accounts.actions import record_act
from beffroi.accounts.enums import Act, Reading
from beffroi.accounts.models import AuditEvent, User
from beffroi.actors.models import Contact
from beffroi.core.models import Mail
from beffroi.core.refusals import Refused
from beffroi.interactions.queries.privacy import Found, endings, undated_contacts
from beffroi.interactions.rules.privacy import READING_DAYS

NOBODY = "efface@courriel.invalid"


@transaction.atomic
def forget_old_people(*, on: date) -> int:
    """Those whom nobody has met for three years, in all institutions."""
    Contact.history.bulk_history_create(list(undated_contacts()), batch_size=500)  # their three years start now
    found = [ending.found for ending in endings(on=on)]
    _erase(found)
    if found:
        record_act(Act.PEOPLE_FORGOTTEN, by=None, **_counted(found))
    return len(found)


@transaction.atomic
def erase_person(found: Sequence[Found], *, reason: str, by: User) -> int:
    """The chosen rows lose their person, in their past states too. All of them or none."""
    if not found:
        raise Refused(_("Rien n’est effacé : cochez au moins une ligne."))
    if any(one.is_open_account for one in found):
        raise Refused(_("Rien n’est effacé : un compte ouvert se ferme d’abord, sur la page de la personne."))
    _erase(found)
    record_act(Act.PERSON_ERASED, by=by, reason=reason, **_counted(found))
    return len(found)


def forget_readings(*, now: datetime) -> int:
    """Who read what is kept for a year."""
    old = AuditEvent.objects.filter(act__in=Reading.values, at__lt=now - timedelta(days=READING_DAYS))
    return old.delete()[0]


def _counted(found: Iterable[Found]) -> dict[str, Any]:
    """How many of each kind: never whom."""
    return dict(Counter(one.kind.code for one in found))


def _erase(found: Sequence[Found]) -> None:
    for one in found:
        pk, blank = one.row.pk, one.kind.blank(one.row.pk)
        if one.kind.code == "account":
            blank |= {"password": make_password(None)}
        one.kind.model._default_manager.filter(pk=pk).update(**blank)
        if one.kind.history is not None:
            one.kind.history.filter(id=pk).update(**blank)
    _forget_mails({str(getattr(one.row, "email", "")).lower() for one in found} - {""})


def _forget_mails(addresses: set[str]) -> None:
    """What was sent to them is no longer known to be theirs; what waits still leaves."""
    sent = Mail.objects.filter(sent_at__isnull=False).alias(address=Lower("to"))
    sent.filter(address__in=addresses).update(to=NOBODY, reply_to="", subject="", text="")
