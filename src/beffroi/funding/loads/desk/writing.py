"""Rows of a file to rows of a table: new ones, corrected ones, and those that somebody else said otherwise."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from beffroi.funding.loads.desk.finding import Unfound, refused
from beffroi.provenance.actions import Refusal, StatedRow, Written
from beffroi.provenance.models import Load, Statement

BATCH = 500
Built = tuple[StatedRow, Any]


def build(rows: list[StatedRow], make: Callable[[StatedRow], Any]) -> tuple[list[Built], list[Refusal]]:
    """`make` gives the row of the table, not saved, or raises Unfound."""
    built: list[Built] = []
    refusals: list[Refusal] = []
    for row in rows:
        try:
            thing = make(row)
            thing.digest = thing.identity
            built.append((row, thing))
        except Unfound as fault:
            refusals.append(refused(row, fault.column, str(fault)))
    return built, refusals


def place_of(thing: Any) -> tuple[int, str]:
    return getattr(thing, "version_id", 0) or 0, thing.digest


def write(
    built: Sequence[Built], *, kind: str, load: Load, said: Sequence[str], beside: Sequence[str] = ()
) -> Iterable[Written | Refusal]:
    """`said`: the fields that the row says, beside those that tell which thing it is about; `beside`: those that follow it
    and contradict nothing."""
    if not built:
        return
    model = type(built[0][1])
    held = _held(model, [thing for _, thing in built])
    ours = _stated_before(kind, [thing.pk for thing in held.values()], load)
    new: dict[tuple[int, str], Any] = {}
    results: list[tuple[StatedRow, Any]] = []
    for row, thing in built:
        place = place_of(thing)
        first = new.get(place) or held.get(place)
        if first is None:
            new[place] = thing
        elif place in new or not (first.pk in ours or _same(first, thing, said)):
            if not _same(first, thing, said):
                yield _contradiction(row, is_in_file=place in new)
                continue
        elif not _same(first, thing, said):
            for name in (*said, *beside):
                setattr(first, name, getattr(thing, name))
            first.save(update_fields=[*said, *beside])
        results.append((row, new.get(place) or held[place]))
    model.objects.bulk_create(list(new.values()), batch_size=BATCH)
    yield from (Written(row, kind, thing, str(thing)[:500]) for row, thing in results)


def _same(one: Any, other: Any, said: Sequence[str]) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in said)


def _held(model: Any, things: Sequence[Any]) -> dict[tuple[int, str], Any]:
    found: dict[tuple[int, str], Any] = {}
    digests = sorted({thing.digest for thing in things})
    for start in range(0, len(digests), BATCH):
        rows = model.objects.filter(digest__in=digests[start : start + BATCH])
        found |= {place_of(row): row for row in rows.order_by("pk")}
    return found


def _stated_before(kind: str, ids: Sequence[int], load: Load) -> set[int]:
    """What this source already said through this profile: it may correct itself."""
    rows = Statement.objects.filter(subject_kind=kind, load__snapshot__source=load.snapshot.source_id)
    rows = rows.filter(load__profile=load.profile_id, subject_id__in=list(ids))
    return set(rows.values_list("subject_id", flat=True))


def _contradiction(row: StatedRow, *, is_in_file: bool) -> Refusal:
    if is_in_file:
        return refused(row, "amount", "Une autre ligne de ce fichier dit autre chose de la même chose : aucune n’est devinée.")
    sentence = (
        "Une autre source, ou une personne, dit déjà autre chose de la même chose : rien n’est écrasé. Corrigez-la à l’écran."
    )
    return refused(row, "amount", sentence)


def remove_unstated(kind: str, model: Any) -> Callable[[list[Statement], datetime], None]:
    """What the source no longer says and nobody else says is taken away."""

    def close(statements: list[Statement], at: datetime) -> None:
        ids = {row.subject_id for row in statements if row.subject_kind == kind}
        kept = Statement.objects.filter(subject_kind=kind, subject_id__in=ids, recorded_to__isnull=True)
        gone = ids - set(kept.values_list("subject_id", flat=True))
        model.objects.filter(pk__in=gone).delete()

    return close
