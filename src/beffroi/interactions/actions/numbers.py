"""The number that a page, a device or a program gives to what it sends: sent again, it is the same row; another content under
a number already used is refused, never dropped."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from beffroi.accounts.models import Partner
from beffroi.interactions.models import Push
from beffroi.interactions.queries.push import pushed

Row = TypeVar("Row", bound=Model)


class NumberTaken(ValidationError):
    """The number was used before, for something else."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Cette saisie porte le numéro d’une autre, déjà enregistrée avec un contenu différent : rien n’a changé. Si "
                "c’en est une nouvelle, enregistrez-la encore : elle aura son propre numéro. Sinon, corrigez celle qui est "
                "notée."
            ),
            code="number_taken",
        )


@dataclass(frozen=True)
class Sending:
    kind: str
    owner: Partner
    client_id: str
    digest: str


def sending(kind: str, owner: Partner, client_id: str, said: Mapping[str, Any]) -> Sending:
    return Sending(kind, owner, client_id, content_digest(said))


def content_digest(said: Any) -> str:
    return hashlib.sha256(json.dumps(_plain(said), sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return f"{value._meta.label_lower}:{value.pk}"
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, QuerySet)):
        return [_plain(one) for one in value]
    return None if value is None else str(value)


def sent_before(sent: Sending, rows: QuerySet[Any]) -> Any:
    """The row that this number made, or None when it is free. Raises NumberTaken."""
    before = pushed(sent.owner.pk, sent.kind, sent.client_id)
    if before is None and not rows.filter(owner=sent.owner, client_id=sent.client_id).exists():
        return None
    found = rows.filter(pk=before.subject_id).first() if before and before.digest == sent.digest else None
    if found is None:
        raise NumberTaken
    return found


def once(sent: Sending, rows: QuerySet[Any], make: Callable[[], Row], *, at: datetime) -> tuple[Row, bool]:
    """The row of this number, and whether it is new: made and saved in one go, or the one that the same content made before
    or makes at the same time. Raises NumberTaken."""
    known: Row | None = sent_before(sent, rows)
    if known is not None:
        return known, False
    try:
        with transaction.atomic():
            row = make()
            row.save()
            told = {"owner": sent.owner, "kind": sent.kind, "client_id": sent.client_id}
            Push.objects.create(**told, digest=sent.digest, subject_id=row.pk, at=at)
    except IntegrityError:
        twin: Row | None = sent_before(sent, rows)
        if twin is None:
            raise
        return twin, False
    return row, True
