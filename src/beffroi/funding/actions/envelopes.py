"""Envelopes and tranches typed by hand; each state stays in history."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import User
from beffroi.funding.actions.typing import refuse_impossible, refuse_twin, refuse_unseen
from beffroi.funding.enums import ProgrammeAct
from beffroi.funding.models import Envelope, Tranche


@transaction.atomic
def save_envelope(envelope: Envelope, *, by: User, seen: str = "", **values: Any) -> Envelope:
    """A new envelope, or another state of one that exists; `seen` is the state that its form showed."""
    said = _("Une enveloppe existe déjà pour cet élément, ce fonds, ce gestionnaire, cette année et ce stade : corrigez-la.")
    _save(envelope, values, seen=seen, said=said)
    record_act(ProgrammeAct.ENVELOPE_SAVED, by=by, subject=("envelope", envelope.pk), cents=envelope.cents)
    return envelope


@transaction.atomic
def remove_envelope(envelope: Envelope, *, by: User, seen: str) -> None:
    refuse_unseen(envelope, seen)
    record_act(ProgrammeAct.ENVELOPE_REMOVED, by=by, subject=("envelope", envelope.pk), cents=envelope.cents)
    envelope.delete()


@transaction.atomic
def save_tranche(tranche: Tranche, *, by: User, seen: str = "", **values: Any) -> Tranche:
    said = _("Une tranche existe déjà pour cette année, cet axe et ce fonds : corrigez-la.")
    _save(tranche, values, seen=seen, said=said)
    record_act(ProgrammeAct.TRANCHE_SAVED, by=by, subject=("tranche", tranche.pk), cents=tranche.cents)
    return tranche


@transaction.atomic
def remove_tranche(tranche: Tranche, *, by: User, seen: str) -> None:
    refuse_unseen(tranche, seen)
    record_act(ProgrammeAct.TRANCHE_REMOVED, by=by, subject=("tranche", tranche.pk), cents=tranche.cents)
    tranche.delete()


def _save(row: Envelope | Tranche, values: dict[str, Any], *, seen: str, said: str) -> None:
    if row.pk is not None:
        refuse_unseen(row, seen)
    for name, value in values.items():
        setattr(row, name, value)
    row.digest = row.identity
    refuse_twin(row, row.digest, said=said)
    refuse_impossible(row)
    row.save()
