"""From weights to chances, and from chances to the errors that a threshold lets expect."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

ROUNDS = 30
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True)
class Threshold:
    """What is expected when links of this chance or more are kept, from the model's own chances."""

    at: float
    links: int
    false_links: float
    missed_links: float


@dataclass(frozen=True)
class Quality:
    """Beside a known truth. Each is None when it has no meaning (nothing linked, nothing to link)."""

    right: int
    linked: int
    true: int

    @property
    def precision(self) -> float | None:
        return self.right / self.linked if self.linked else None

    @property
    def recall(self) -> float | None:
        return self.right / self.true if self.true else None

    @property
    def f1(self) -> float | None:
        return 2 * self.right / (self.linked + self.true) if self.linked + self.true else None


def chances_of_one(weights: pl.DataFrame, *, left: int, right: int) -> pl.DataFrame:
    """`chance` of each pair when a record of the left is at most one of the right: rivals share it. The share of records that
    have their like is found by iteration (expectation-maximisation on one unknown)."""
    odds = weights.with_columns(_odds=pl.col("weight").clip(-60, 60).exp() / max(right, 1))
    share = 0.5
    for _ in range(ROUNDS):
        odds = _shared(odds, share)
        share = min(max(float(odds["chance"].sum()) / max(left, 1), 1e-6), 1 - 1e-6)
    return odds.drop("_odds")


def _shared(odds: pl.DataFrame, share: float) -> pl.DataFrame:
    own = pl.col("_odds") * share
    return odds.with_columns(chance=own / (1 - share + own.sum().over("left")))


def chances_of_pairs(weights: pl.DataFrame, *, records: int) -> pl.DataFrame:
    """The same within one table, where a record may have several likes."""
    pairs, share = max(records * (records - 1) / 2, 1), 1 / max(records, 2)
    odds = weights.with_columns(_odds=pl.col("weight").clip(-60, 60).exp())
    for _ in range(ROUNDS):
        own = pl.col("_odds") * (share / (1 - share))
        odds = odds.with_columns(chance=own / (1 + own))
        share = min(max(float(odds["chance"].sum()) / pairs, 1e-12), 0.5)
    return odds.drop("_odds")


def thresholds(candidates: pl.DataFrame, links: pl.DataFrame, *, at: Sequence[float] = THRESHOLDS) -> list[Threshold]:
    """Expected errors at each threshold. Candidates: chance; links: those of them that are the best of their record, and those
    that need no chance."""
    whole = float(candidates["chance"].sum())
    found = []
    for level in at:
        kept = links.filter(pl.col("chance") >= level)
        found.append(expected(level, links=kept.height, hoped=float(kept["chance"].sum()), whole=whole))
    return found


def expected(level: float, *, links: int, hoped: float, whole: float) -> Threshold:
    """`hoped`: the sum of the chances of the links kept; `whole`: of all candidates."""
    return Threshold(level, links, links - hoped, max(whole - hoped, 0.0))


def quality(links: pl.DataFrame, truth: pl.DataFrame) -> Quality:
    """Both tables: left, right, as texts; a pair once."""
    asked, known = (table.select("left", "right").drop_nulls().unique() for table in (links, truth))
    return Quality(asked.join(known, on=["left", "right"], how="semi").height, asked.height, known.height)
