"""Every line of money once, as all totals read it: computed when facts change, then read from the data folder."""

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import get_ident

import polars as pl
from django.conf import settings
from django.utils import timezone

from beffroi.accounts.models import AllPartners, AnyUser, Everybody, audience
from beffroi.actors.queries import same_as_heads
from beffroi.analytics.consolidation import Consolidation, consolidate
from beffroi.core.text import digest
from beffroi.funding.queries.facts import claims_frame, lines_frame, managers_frame, operations_frame, with_keys
from beffroi.funding.queries.links import links_frame
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.changes import state_of_facts

LINE_IDS = {"line": "pk", "fund": "fund_id", "payer": "payer_id", "receiver": "receiver_id", "drawn_from": "drawn_from_id"}
BODIES = ("fund_id", "payer_id", "manager_id", "receiver_id", "drawn_from_id")
REPEATED = ("stage", "instrument", "currency", "section", "origin", "contract_status", "place_basis", "year")
SHAPE = "1"  # of the kept files: another makes them again
KEPT = 8  # files of each kind: the public's and the partners', now and on the dates that people look at
FRESH = timedelta(minutes=10)  # a file that somebody read since is never removed
NOW = timedelta(minutes=1)
# What people type or change beside lines of money, many times a day
NO_LINES = (
    "activity_share", "analysisrun", "anomaly", "call", "campaign", "crisis_case", "crosswalk", "edition", "envelope", "event",
    "indicator", "need", "participation", "plan_version", "profile", "project_holder", "referral", "sandbox", "school_action",
    "service", "support", "target", "text", "tranche", "user", "visit",
)  # fmt: skip


@dataclass(frozen=True)
class Ledger:
    """`lines`: each line with `certain`, `at_most`, `transit` in cents. `funds`: what entered and left each fund."""

    lines: pl.LazyFrame
    funds: pl.DataFrame


def ledger(viewer: AnyUser, moment: Moment) -> Ledger:
    """What the reader's audience may add up, at a moment."""
    path = _folder() / f"{_key(viewer, moment)}.arrow"
    if not _is_kept(path):
        _write(path, consolidated(viewer, moment))
    return Ledger(pl.scan_ipc(path), pl.read_ipc(_funds_path(path)))


def as_counted(lines: pl.LazyFrame) -> pl.LazyFrame:
    """`low` and `high` as totals count them: what could be counted already is possible only; unknown stays unknown."""
    is_known = pl.col("low").is_not_null() | pl.col("high").is_not_null()
    return lines.with_columns(low=pl.when(is_known).then("certain"), high=pl.when(is_known).then("at_most"))


def make_ready(moment: Moment) -> None:
    """Both versions of the totals, so that the first reader does not wait."""
    for reader in (Everybody(), AllPartners()):
        ledger(reader, moment)


@dataclass(frozen=True)
class Tables:
    """What `analytics.consolidation` reads."""

    lines: pl.DataFrame
    claims: pl.DataFrame
    links: pl.DataFrame
    manages: pl.DataFrame


def as_tables(viewer: AnyUser, moment: Moment) -> Tables:
    """The lines that somebody claims at the moment, each with the record that stands for each body."""
    reader = audience(viewer)
    lines, claims = with_keys(lines_frame(reader, operations_frame(reader))), claims_frame(reader, moment)
    if heads := same_as_heads(reader, moment):
        lines = lines.with_columns(pl.col(*BODIES).replace(heads))
    named = lines.with_columns(
        *(pl.col(column).alias(name) for name, column in LINE_IDS.items()),
        pl.lit(None, pl.Int64).alias("into"),
        pl.col("start").alias("on"),
    )
    claimed = named.join(claims.select("line").unique(), on="line", how="semi")
    return Tables(claimed, claims, links_frame(reader, moment), managers_frame(reader, moment))


def consolidated(viewer: AnyUser, moment: Moment) -> Consolidation:
    tables = as_tables(viewer, moment)
    return consolidate(tables.lines, tables.claims, by=[], links=tables.links, manages=tables.manages)


def _key(viewer: AnyUser, moment: Moment) -> str:
    """Asked now, or on a date when all that is known today was known, it is the same."""
    known = "now" if moment.known_on >= timezone.now() - NOW else moment.known_on.isoformat()
    return f"{audience(viewer).name}-{digest(SHAPE, state_of_facts(besides=NO_LINES), moment.as_of.isoformat(), known)[:24]}"


def _folder() -> Path:
    folder: Path = settings.DATA / "staging" / "totals"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _funds_path(path: Path) -> Path:
    return path.with_suffix(".funds")


def _is_kept(path: Path) -> bool:
    """Whether both files are there; who reads them makes them the last to go."""
    try:
        for file in (_funds_path(path), path):
            os.utime(file)
    except FileNotFoundError:
        return False
    return True


def _write(path: Path, found: Consolidation) -> None:
    """The lines last: who finds them finds their funds too. Two who write at once each write their own file first."""
    lines = found.lines.drop(*LINE_IDS, "on", "into").with_columns(pl.col(*REPEATED).cast(pl.Categorical))
    for target, frame in ((_funds_path(path), found.funds), (path, lines)):
        fresh = target.with_name(f"{target.name}.{os.getpid()}-{get_ident()}")
        frame.write_ipc(fresh)
        fresh.rename(target)
    _forget_old(path.parent)


def _forget_old(folder: Path) -> None:
    """The files read longest ago, and what a writer that was stopped left. What was just read may still be open: it stays,
    by the clock of the disk."""
    used = {path: found.st_mtime for path in folder.iterdir() if (found := _state(path)) is not None}
    limit = max(used.values(), default=0) - FRESH.total_seconds()
    for suffix, most in ((".arrow", KEPT), (".funds", KEPT), ("", 0)):
        alike = sorted((path for path in used if _kind(path) == suffix), key=lambda path: -used[path])
        for path in alike[most:]:
            if used[path] < limit:
                path.unlink(missing_ok=True)


def _kind(path: Path) -> str:
    return path.suffix if path.suffix in (".arrow", ".funds") else ""


def _state(path: Path) -> os.stat_result | None:
    """Nothing when somebody else just removed it."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None
