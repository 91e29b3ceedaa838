from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl
from django.db import transaction
from django.utils import timezone

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import User
from beffroi.analytics.text import BadVocabulary, check_terms
from beffroi.core.refusals import Refused
from beffroi.reference.models import (
    Correspondence,
    Crosswalk,
    Framework,
    Item,
    ItemAlias,
    Version,
    Vocabulary,
    VocabularyEdition,
    VocabularyTerm,
)
from beffroi.reference.queries.vocabularies import last_edition, shipped
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
        raise Refused(*blockers)
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


@dataclass(frozen=True)
class NewTerm:
    """Words that speak for an item, or against every one when `label` is empty."""

    label: str
    text: str
    weight: Decimal = Decimal(2)
    language: str = "fr"


def seed_vocabularies() -> None:
    """Each version that comes with Beffroi is an edition, once; what people added or left out since stays."""
    for one in shipped():
        vocabulary, _ = Vocabulary.objects.get_or_create(
            code=one.about["code"],
            defaults={
                "label": one.about["label"],
                "framework_code": one.about["framework"],
                "level": one.about["level"],
            },
        )
        note = f"Livré avec Beffroi, version {one.about['version']}"
        if not vocabulary.editions.filter(note=note).exists():
            said = set(vocabulary.terms.values_list("label", "text"))
            # A term that both languages have is there twice: once is enough, the heavier
            rows = one.terms.select("label", "term", "weight", "language").sort("weight").rows()
            terms = {(label or "", text): (Decimal(str(weight)), said_in) for label, text, weight, said_in in rows}
            new = [NewTerm(*key, *rest) for key, rest in terms.items() if key not in said]
            change_vocabulary(vocabulary, added=new, note=note, by=None)


@transaction.atomic
def change_vocabulary(
    vocabulary: Vocabulary, *, added: Sequence[NewTerm] = (), removed: Collection[int] = (), note: str, by: User | None
) -> VocabularyEdition:
    """One more edition: terms that it adds, terms that it leaves out. Labels given before keep the edition that gave them.
    Raises Refused."""
    list(Vocabulary.objects.select_for_update().filter(pk=vocabulary.pk))
    _refuse_wrong_terms(vocabulary, added, removed)
    edition = VocabularyEdition.objects.create(
        vocabulary=vocabulary, number=last_edition(vocabulary) + 1, note=note.strip()[:500], by=by, at=timezone.now()
    )
    vocabulary.terms.filter(pk__in=removed, until__isnull=True).update(until=edition.number)
    VocabularyTerm.objects.bulk_create(
        VocabularyTerm(
            vocabulary=vocabulary,
            label=term.label,
            text=" ".join(term.text.split()),
            language=term.language,
            weight=term.weight,
            since=edition.number,
        )
        for term in added
    )
    counts = {"added": len(added), "removed": len(removed)}
    record_act("vocabulary_changed", by=by, subject=("vocabulary", vocabulary.pk), edition=edition.number, **counts)
    return edition


def _refuse_wrong_terms(vocabulary: Vocabulary, added: Sequence[NewTerm], removed: Collection[int]) -> None:
    if not added and not removed:
        raise Refused("Rien à changer : dites au moins un terme à ajouter ou à retirer.")
    rows = [(term.label or None, term.text, float(term.weight)) for term in added]
    try:
        check_terms(pl.DataFrame(rows, schema={"label": pl.String, "term": pl.String, "weight": pl.Float64}, orient="row"))
    except BadVocabulary as refusal:
        raise Refused(str(refusal)) from refusal
    kept = vocabulary.terms.filter(until__isnull=True).exclude(pk__in=removed)
    known = set(kept.values_list("label", "text"))
    for key in [(term.label, " ".join(term.text.split())) for term in added]:
        if key in known:
            raise Refused(f"Le terme « {key[1]} » est déjà dans le vocabulaire pour ce domaine.")
        known.add(key)
