"""Aid regimes, and the regime of each operation."""

from datetime import date
from typing import Any

from django.db import transaction

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import User
from beffroi.funding.enums import RegimeAct
from beffroi.funding.models import AidRegime, Operation


@transaction.atomic
def save_regime(regime: AidRegime, *, by: User, **fields: Any) -> AidRegime:
    for name, value in fields.items():
        setattr(regime, name, value)
    regime.full_clean()
    regime.save()
    record_act(RegimeAct.SAVED, by=by, subject=("aid_regime", regime.pk), code=regime.code)
    return regime


@transaction.atomic
def give_regime(operation: Operation, *, regime: AidRegime | None, decided_on: date | None, by: User) -> Operation:
    """The regime under which an operation is aided, and the day of its award; the trail keeps what was before."""
    before = operation.aid_regime.code if operation.aid_regime else ""
    day = operation.decided_on.isoformat() if operation.decided_on else ""
    operation.aid_regime, operation.decided_on = regime, decided_on
    operation.save(update_fields=["aid_regime", "decided_on"])
    code = regime.code if regime else ""
    record_act(RegimeAct.GIVEN, by=by, subject=("operation", operation.pk), regime=code, before=before, day_before=day)
    return operation
