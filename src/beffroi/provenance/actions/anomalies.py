"""What checks find, kept from one run to the next: a settled anomaly stays settled, one that is no longer found is gone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from beffroi.accounts.actions import record_act
from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import User
from beffroi.core.refusals import Refused
from beffroi.core.text import digest
from beffroi.provenance.enums import NEXT_OF_ANOMALY, AnomalyState
from beffroi.provenance.models import Anomaly, AnomalySubject

BATCH = 1_000
TEXTS = {"title": 300, "written": 500, "expected": 500, "difference": 200}


@dataclass
class Recorded:
    new: int = 0
    again: int = 0
    gone: int = 0


def anomaly_key(finding: Mapping[str, Any]) -> str:
    return digest(finding["check"], *sorted(finding["subjects"]))


@transaction.atomic
def record_anomalies(findings: Iterable[Mapping[str, Any]], *, at: datetime) -> Recorded:
    """One mapping for each finding: check, subjects ("kind:id"), title, written, expected, difference; `owner` and
    `visibility` when what it reveals is not for all. The findings of every check come together: what is not there is gone."""
    found = {anomaly_key(finding): finding for finding in findings}
    known = {anomaly.key: anomaly for anomaly in Anomaly.objects.all()}
    fresh = [_anomaly(key, finding, at) for key, finding in found.items() if key not in known]
    again = [_seen_again(known[key], finding, at) for key, finding in found.items() if key in known]
    gone = [anomaly for key, anomaly in known.items() if key not in found and anomaly.state == AnomalyState.OPEN]
    for anomaly in gone:
        anomaly.state = AnomalyState.GONE
    made = Anomaly.objects.bulk_create(fresh, batch_size=BATCH)
    subjects = [subject for anomaly in made for subject in _subjects(anomaly, found[anomaly.key]["subjects"])]
    AnomalySubject.objects.bulk_create(subjects, batch_size=BATCH)
    written = [*TEXTS, "state", "found_at", "seen_at", "owner", "visibility"]
    Anomaly.objects.bulk_update([*again, *gone], written, batch_size=200)
    recorded = Recorded(len(made), len(again), len(gone))
    record_act("checks_recorded", by=None, new=recorded.new, again=recorded.again, gone=recorded.gone)
    return recorded


def _texts(finding: Mapping[str, Any]) -> dict[str, str]:
    return {name: (finding.get(name) or "")[:length] for name, length in TEXTS.items()}


def _rights(finding: Mapping[str, Any]) -> dict[str, Any]:
    return {"owner_id": finding.get("owner"), "visibility": finding.get("visibility") or Visibility.PUBLIC}


def _anomaly(key: str, finding: Mapping[str, Any], at: datetime) -> Anomaly:
    name = finding["check"][:60]
    return Anomaly(check_name=name, key=key, found_at=at, seen_at=at, **_texts(finding), **_rights(finding))


def _seen_again(anomaly: Anomaly, finding: Mapping[str, Any], at: datetime) -> Anomaly:
    """What a person settled keeps the words that they settled."""
    anomaly.seen_at = max(at, anomaly.found_at)
    if anomaly.state == AnomalyState.GONE:
        anomaly.state, anomaly.found_at = AnomalyState.OPEN, at
    texts = {} if anomaly.state == AnomalyState.SETTLED else _texts(finding)
    for name, value in (texts | _rights(finding)).items():
        setattr(anomaly, name, value)
    return anomaly


def _subjects(anomaly: Anomaly, subjects: Iterable[str]) -> list[AnomalySubject]:
    pairs = [subject.partition(":") for subject in sorted(set(subjects))]
    return [AnomalySubject(anomaly=anomaly, kind=kind, subject_id=int(pk)) for kind, _colon, pk in pairs]


def _move(anomaly: Anomaly, state: AnomalyState) -> None:
    if state not in NEXT_OF_ANOMALY[AnomalyState(anomaly.state)]:
        raise Refused(_("Cette anomalie est déjà dans un autre état : relisez-la avant de décider."))
    anomaly.state = state


@transaction.atomic
def settle_anomaly(anomaly: Anomaly, *, reason: str, by: User, at: datetime) -> Anomaly:
    _move(anomaly, AnomalyState.SETTLED)
    anomaly.reason, anomaly.settled_by, anomaly.settled_at = reason.strip()[:500], by, at
    anomaly.save(update_fields=["state", "reason", "settled_by", "settled_at"])
    record_act("anomaly_settled", by=by, subject=("anomaly", anomaly.pk), reason=anomaly.reason)
    return anomaly


@transaction.atomic
def reopen_anomaly(anomaly: Anomaly, *, by: User) -> Anomaly:
    """The reason that no longer holds stays in the journal of acts."""
    record_act("anomaly_reopened", by=by, subject=("anomaly", anomaly.pk), reason=anomaly.reason)
    _move(anomaly, AnomalyState.OPEN)
    anomaly.reason, anomaly.settled_by, anomaly.settled_at = "", None, None
    anomaly.save(update_fields=["state", "reason", "settled_by", "settled_at"])
    return anomaly
