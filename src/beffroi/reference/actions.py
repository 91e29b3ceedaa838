from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import User
from beffroi.reference.models import Correspondence, Crosswalk, Framework, Item, ItemAlias, Version
from beffroi.reference.rules import blockers_to_correspondence


def declare_aliases(rows: Iterable[Mapping[str, str]]) -> None:
    """Codes of one source that name what another source named first: loads then attach to the existing item."""
    for row in rows:
        ItemAlias.objects.update_or_create(
            scheme=row["scheme"],
            framework_code=row["framework"],
            code=row["code"],
            defaults={
                "target_framework": row["same_framework"],
                "target_code": row["same_code"],
                "reason": row["reason"][:500],
            },
        )


def classify_frameworks(kinds: Mapping[str, str]) -> None:
    for code, kind in kinds.items():
        Framework.objects.filter(code=code).update(kind=kind)


def declare_framework(code: str, *, label: str, kind: str, since: date | None = None) -> Framework:
    """A framework of public codes, made where it is not; what another source says of it stays."""
    framework, _ = Framework.objects.get_or_create(code=code, defaults={"label": label, "kind": kind})
    Version.objects.get_or_create(framework=framework, code="1", defaults={"valid_from": since})
    return framework


class CorrespondenceRefused(ValueError):
    """What was asked contradicts the rest of the crosswalk; the message says how."""


@transaction.atomic
def open_crosswalk(source: Version, target: Version, *, by: User) -> Crosswalk:
    """An empty crosswalk to fill by hand; opening twice gives the same one."""
    crosswalk, is_new = Crosswalk.objects.get_or_create(source=source, target=target)
    if is_new:
        record_act("crosswalk_opened", by=by, subject=("crosswalk", crosswalk.pk))
    return crosswalk


@transaction.atomic
def correct_correspondence(
    crosswalk: Crosswalk, *, source: Item, target: Item, strength: str, weight: Decimal | None, reason: str, by: User
) -> Correspondence | None:
    """Ends what stood between two items and says what stands now; an empty strength takes the correspondence away."""
    if blockers := blockers_to_correspondence(
        strength=strength, weight=weight, reason=reason, other_weights=_weights(source, target)
    ):
        raise CorrespondenceRefused(" ".join(blockers))
    at = timezone.now()
    Correspondence.objects.current().filter(source=source, target=target).update(recorded_to=at)
    record_act("correspondence_corrected", by=by, subject=("crosswalk", crosswalk.pk), source=source.code, target=target.code)
    if not strength:
        return None
    return Correspondence.objects.create(
        crosswalk=crosswalk,
        source=source,
        target=target,
        strength=strength,
        weight=weight,
        reason=reason,
        by=by,
        recorded_from=at,
    )


def _weights(source: Item, target: Item) -> list[Decimal]:
    others = Correspondence.objects.current().filter(source=source, target__version=target.version_id).exclude(target=target)
    return [weight for weight in others.values_list("weight", flat=True) if weight is not None]
