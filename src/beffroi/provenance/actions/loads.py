"""A load in two phases: check (no open transaction, staged to Parquet), then apply (one transaction)."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeAlias

import polars as pl
from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from beffroi.accounts.actions import record_act
from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import Partner, User
from beffroi.connectors.check import CheckCancelled, check
from beffroi.connectors.files import UnreadableFile
from beffroi.connectors.locating import open_for
from beffroi.connectors.profile import WrongProfile, load_profile
from beffroi.connectors.proposals import completed
from beffroi.connectors.rejections import rejections_table
from beffroi.connectors.staging import discard, read_staged
from beffroi.core.refusals import Refused
from beffroi.core.simulation import said_of_loads
from beffroi.provenance.enums import NEXT, Extent, LoadState
from beffroi.provenance.models import Load, Profile, Rejection, Snapshot
from beffroi.provenance.queries.profiles import target_columns

BATCH = 5_000
CONTRADICTION = (
    "Une ligne du fichier contredit ce que Beffroi contient déjà, ou dépasse ce qu’il accepte : rien n’a été chargé. "
    "Chargez le fichier en plusieurs parties pour trouver laquelle, et prévenez l’administrateur."
)
# All but `cancel_asked`, which another process may write meanwhile
WRITTEN = ["state", "message", "ended", "read", "added", "changed", "unchanged", "closed", "rejected", "progress",
           "encoding", "delimiter", "columns", "ignored"]  # fmt: skip


@dataclass(frozen=True)
class Refusal:
    """A row that was read but cannot be loaded: what is wrong, in a sentence."""

    row: int
    column: str
    value: str
    sentence: str


@dataclass
class Counts:
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    closed: int = 0


@dataclass
class Outcome:
    """`remarks`: rows that are loaded all the same, and what a person should know of them."""

    counts: Counts
    refusals: list[Refusal] = field(default_factory=list)
    remarks: list[Refusal] = field(default_factory=list)


Loader: TypeAlias = Callable[[Load, Iterator[pl.DataFrame]], Outcome]


def refuse_older(load: Load, over: Iterable[int]) -> None:
    """What has no date of its own is as the latest file says: an older file that is loaded late does not undo it. `over`: the
    loads of what it would change."""
    later = Load.objects.filter(pk__in=list(over), snapshot__as_of__gt=load.snapshot.as_of or date.max)
    if latest := later.aggregate(latest=Max("snapshot__as_of"))["latest"]:
        raise Refused(
            f"Cette source a déjà chargé un fichier plus récent, daté du {latest:%d/%m/%Y} : ce fichier le défait. Rien n’est "
            f"écrit ; chargez le plus récent, retirez de celui-ci ce qui est déjà remplacé, ou donnez-lui sa vraie date."
        )


def staging_folder(load: Load) -> Path:
    return Path(settings.DATA) / "staging" / str(load.pk)


def move_load(load: Load, state: LoadState, *, message: str = "") -> Load:
    if state not in NEXT[LoadState(load.state)]:
        raise Refused(f"Un chargement « {load.get_state_display()} » ne peut pas devenir « {state.label} ».")
    load.state, load.message = state, message[:1000]
    if load.is_over:
        load.ended = timezone.now()
    load.save(update_fields=WRITTEN)
    return load


@transaction.atomic
def request_load(
    snapshot: Snapshot,
    *,
    profile: Profile,
    by: User | None,
    extent: Extent = Extent.FULL,
    visibility: Visibility = Visibility.PUBLIC,
    owner: Partner | None = None,
) -> Load:
    if refused := said_of_loads():
        raise Refused(refused)
    load = Load.objects.create(snapshot=snapshot, profile=profile, extent=extent, by=by, visibility=visibility, owner=owner)
    record_act("load_requested", by=by, subject=("load", load.pk), profile=profile.code, file=snapshot.filename)
    return load


def cancel_load(load: Load, *, by: User | None) -> Load:
    """A load being checked stops at its next batch; one that waits or is checked is cancelled at once."""
    Load.objects.filter(pk=load.pk).update(cancel_asked=True)
    load.refresh_from_db()
    if load.state in {LoadState.WAITING, LoadState.CHECKED}:
        move_load(load, LoadState.CANCELLED)
        discard(staging_folder(load))
    record_act("load_cancelled", by=by, subject=("load", load.pk))
    return load


def check_load(load: Load) -> Load:
    """Read and validate the file; what is accepted waits in the staging folder, what is not is kept with its reason."""
    move_load(load, LoadState.CHECKING)
    rows = Load.objects.filter(pk=load.pk)

    def tell(done: int, share: float) -> None:
        rows.update(read=done, progress=min(99, int(100 * share)))

    try:
        checked = check(
            load_profile(load.profile.definition),
            load.snapshot.path,
            folder=staging_folder(load),
            on_progress=tell,
            is_cancelled=lambda: rows.values_list("cancel_asked", flat=True).get(),
        )
    except CheckCancelled:
        return move_load(load, LoadState.CANCELLED)
    except (UnreadableFile, WrongProfile) as error:
        return move_load(load, LoadState.REFUSED, message=str(error))
    load.read, load.rejected, load.encoding, load.progress = checked.read, checked.rejected, checked.encoding, 100
    load.delimiter, load.columns, load.ignored = checked.delimiter, checked.columns, checked.ignored
    with transaction.atomic():
        load.rejections.all().delete()
        keep_rejections(load, rejections_table(staging_folder(load)))
        return move_load(load, LoadState.CHECKED)


def keep_rejections(load: Load, frame: pl.DataFrame) -> None:
    Rejection.objects.bulk_create(
        (
            Rejection(
                load=load,
                row=row["row"],
                column=row["column"][:120],
                value=(row["value"] or "")[:500],
                sentence=row["sentence"][:500],
                content=json.loads(row["content"]),
            )
            for row in frame.iter_rows(named=True)
        ),
        batch_size=BATCH,
    )


def keep_refusals(load: Load, refusals: list[Refusal]) -> None:
    table = open_for(load_profile(load.profile.definition), load.snapshot.path)
    contents = table.rows({refusal.row for refusal in refusals})
    Rejection.objects.bulk_create(
        (
            Rejection(
                load=load,
                row=refusal.row,
                column=refusal.column[:120],
                value=refusal.value[:500],
                sentence=refusal.sentence[:500],
                content=contents.get(refusal.row, {}),
            )
            for refusal in refusals
        ),
        batch_size=BATCH,
    )


def sentences_of(remarks: list[Refusal]) -> str:
    """One line for each kind of remark, with how many rows and the first of them."""
    rows: dict[str, list[int]] = {}
    for remark in remarks:
        rows.setdefault(remark.sentence, []).append(remark.row)
    listed = ((sentence, sorted(set(numbers))) for sentence, numbers in rows.items())
    return "\n".join(f"{_shown_rows(numbers)} : {sentence}" for sentence, numbers in listed)


def _shown_rows(numbers: list[int], most: int = 5) -> str:
    shown = ", ".join(map(str, numbers[:most])) + ("…" if len(numbers) > most else "")
    return f"{len(numbers)} ligne{'s' if len(numbers) > 1 else ''} ({shown})"


def apply_load(load: Load, *, loader: Loader) -> Load:
    """Write what was staged, all or nothing. After a kill the load is still checked and can be applied again."""
    if load.state == LoadState.APPLYING:
        move_load(load, LoadState.CHECKED)
    move_load(load, LoadState.APPLYING)
    try:
        with transaction.atomic():
            usual = target_columns(load.profile.target).values()
            outcome = loader(load, completed(read_staged(staging_folder(load)), usual))
            if outcome.refusals:
                keep_refusals(load, outcome.refusals)
            for name in ("added", "changed", "unchanged", "closed"):
                setattr(load, name, getattr(outcome.counts, name))
            load.rejected += len({refusal.row for refusal in outcome.refusals})
            move_load(load, LoadState.APPLIED, message=sentences_of(outcome.remarks))
            record_act("load_applied", by=load.by, subject=("load", load.pk), added=load.added, changed=load.changed)
    except (Refused, IntegrityError, DataError) as error:
        load.refresh_from_db()
        return move_load(load, LoadState.REFUSED, message=str(error) if isinstance(error, Refused) else CONTRADICTION)
    discard(staging_folder(load))
    return load
