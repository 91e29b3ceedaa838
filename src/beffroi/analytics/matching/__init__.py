"""Record linkage of two tables, or of one with itself: by number, then by the exact name and place, then by probability.

Source: Fellegi and Sunter, « A Theory for Record Linkage », JASA 1969; probabilities by Splink 5 on DuckDB. A record of the
left is at most one of the right, several records of the left may be one of the right. Candidates with their chance and what
speaks for and against; no decision: a person, or a rule that says its threshold, decides. Same tables, same seed, same answer.
"""

from dataclasses import dataclass, field

import polars as pl

from beffroi.analytics.matching import candidates, errors, model, spelling
from beffroi.analytics.matching.errors import THRESHOLDS, Quality, Threshold, expected, quality, thresholds
from beffroi.analytics.matching.evidence import Argument, reasons
from beffroi.analytics.matching.prepared import FIELDS, prepared
from beffroi.analytics.tables import TEXT, Refusal, Table, require

__all__ = ["FIELDS", "RECORDS", "Argument", "Linkage", "NothingToCompare", "Quality", "RepeatedRecord", "Threshold", "dedupe",
           "THRESHOLDS", "expected", "explained", "link", "quality", "reasons", "thresholds"]  # fmt: skip

# One row per record. Any of FIELDS besides: name, acronym, address (number and street), postcode, city, naf (activity), date
# (of creation or birth: a year, a day), siren, siret, number (any other identifier, not trusted). Texts; null is unknown.
RECORDS = Table("records", {"id": TEXT})
LINKS = {"left": pl.String, "right": pl.String, "step": pl.String, "chance": pl.Float64}
IDENTIFIER, EXACT, PROBABLE = "identifier", "exact", "probable"
SURE = 1.0
SIDES = {"for": True, "against": False}
ROUNDS = 5  # of learning from likely links what links look like
EXACT_CHANCE = 0.9985  # of links by exact normalised name and place (measured, design of methods, « record linkage »)


class NothingToCompare(Refusal):
    def __init__(self, table: str) -> None:
        fields = ", ".join(FIELDS)
        super().__init__(f"La table « {table} » n’a ni nom ni numéro à comparer ; colonnes possibles : {fields}.")


class RepeatedRecord(Refusal):
    def __init__(self, table: str, found: str) -> None:
        super().__init__(f"La table « {table} » a plusieurs lignes d’identifiant « {found} », ou une ligne sans identifiant.")


@dataclass(frozen=True)
class Linkage:
    """`links`: left, right, step, chance; for each record its best candidate, whatever its chance. `candidates`: left, right,
    chance, and the level of each comparison; `untrained`: levels that the two tables could not teach (their shares are declared
    ones); `thresholds`: errors to expect."""

    links: pl.DataFrame
    candidates: pl.DataFrame
    thresholds: list[Threshold]
    untrained: list[str] = field(default_factory=list)

    def kept(self, threshold: float = 0.5) -> pl.DataFrame:
        """The links that reach a threshold; 0.5: likelier right than wrong."""
        return self.links.filter(pl.col("chance") >= threshold)


def link(left: pl.DataFrame, right: pl.DataFrame, *, seed: int = 1) -> Linkage:
    """Each record of the left to the one of the right that it may be. Raises MissingColumns, RepeatedRecord, NothingToCompare.
    An empty table gives no link."""
    one, other = _required(left, "left"), _required(right, "right")
    if one.is_empty() or other.is_empty():
        return _nothing()
    asked, known = _telling(prepared(one), prepared(other))
    numbered = _by_number(asked, known)
    rest = asked.join(numbered, left_on="row", right_on="left", how="anti")
    exact = _by_name_and_place(rest, known)
    rest = rest.join(exact, left_on="row", right_on="left", how="anti")
    scored, untrained = _probable(rest, known, seed=seed)
    return _linkage([(numbered, IDENTIFIER, SURE), (exact, EXACT, EXACT_CHANCE)], scored, asked, known, untrained)


def dedupe(records: pl.DataFrame, *, seed: int = 1) -> Linkage:
    """Pairs of records of one table that may be one; each pair once, in the order of the table. Raises as `link` does."""
    table = _required(records, "records")
    if table.height < 2:
        return _nothing()
    own = prepared(table)
    known = spelling.frequencies(own["words"])
    own = spelling.with_telling_words(own, known, {})
    pairs = candidates.pairs(own, own, within=True)
    if pairs.is_empty():
        return _nothing()
    taught = model.trained(own, own, pairs, within=True, seed=seed)
    found = model.weights(own, own, pairs, model=taught, within=True)
    scored = errors.chances_of_pairs(found, records=own.height)
    for _ in range(ROUNDS):
        scored = errors.chances_of_pairs(model.retaught(scored, taught).drop("chance"), records=own.height)
    named = _named(scored, own, own)
    links = named = named.with_columns(pl.lit(PROBABLE).alias("step"))
    return Linkage(links, named, errors.thresholds(named, links), taught.untrained)


def _required(table: pl.DataFrame, name: str) -> pl.DataFrame:
    require(table, RECORDS)
    known = table.select(pl.col("id").cast(pl.String).replace("", None))["id"]
    if known.null_count() or known.n_unique() < len(known):
        twice = known.filter(known.is_duplicated()).drop_nulls()
        raise RepeatedRecord(name, twice[0] if len(twice) else "")
    if not {"name", "siren", "siret", "number"}.intersection(table.columns):
        raise NothingToCompare(name)
    return table


def _telling(left: pl.DataFrame, right: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both tables with their telling words, those of the left as the right spells them."""
    known = spelling.frequencies(right["words"])
    meant = spelling.corrections(spelling.frequencies(left["words"]), known)
    return spelling.with_telling_words(left, known, meant), spelling.with_telling_words(right, known, {})


def _by_number(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """The same establishment, else the same company where the right has it once."""
    found = [_alone(left, right, [number]) for number in ("siret", "siren")]
    return pl.concat(found).unique("left", keep="first", maintain_order=True)


def _by_name_and_place(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """The only one of that name there, when nothing that both say contradicts it."""
    found = pl.concat([_alone(left, right, ["core", place]) for place in ("postcode", "city")]).unique(maintain_order=True)
    said = ["row", "form", "year", "activity", "siren", "street"]
    both = found.join(left.select(said), left_on="left", right_on="row").join(
        right.select(said), left_on="right", right_on="row", suffix="_right"
    )
    agrees = (
        (pl.col("form") == pl.col("form_right")).fill_null(True)
        & ((pl.col("year") - pl.col("year_right")).abs() <= 1).fill_null(True)
        & (pl.col("activity").str.slice(0, 2) == pl.col("activity_right").str.slice(0, 2)).fill_null(True)
        & (pl.col("siren") == pl.col("siren_right")).fill_null(True)
        & (pl.col("street") == pl.col("street_right")).fill_null(True)
    )
    return both.filter(agrees).filter(pl.len().over("left") == 1).select("left", "right")


def _alone(left: pl.DataFrame, right: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """left, right: rows that agree on columns which one record of the right has alone."""
    asked = left.select(pl.col("row").alias("left"), *columns).drop_nulls()
    known = right.select(pl.col("row").alias("right"), *columns).drop_nulls().join(asked, on=columns, how="semi")
    return asked.join(known.unique(columns, keep="none"), on=columns).select("left", "right").sort("left")


def _probable(left: pl.DataFrame, right: pl.DataFrame, *, seed: int) -> tuple[pl.DataFrame | None, list[str]]:
    """The candidates of records that are left, and what training did not teach."""
    pairs = _not_two_numbers(candidates.pairs(left, right), left, right)
    if pairs.is_empty():
        return None, []
    taught = model.trained(left, right, pairs, within=False, seed=seed)
    found = model.weights(left, right, pairs, model=taught, within=False)
    scored = errors.chances_of_one(found, left=left.height, right=right.height)
    for _ in range(ROUNDS):
        again = model.retaught(scored, taught).drop("chance")
        scored = errors.chances_of_one(again, left=left.height, right=right.height)
    return scored, taught.untrained


def _not_two_numbers(pairs: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Two right numbers that differ are those of two companies."""
    numbered = [table.select("row", "siren").drop_nulls() for table in (left, right)]
    both = pairs.join(numbered[0], left_on="left", right_on="row").join(
        numbered[1], left_on="right", right_on="row", suffix="_right"
    )
    apart = both.filter(pl.col("siren") != pl.col("siren_right"))
    return pairs.join(apart, on=["left", "right"], how="anti")


def _linkage(
    sure: list[tuple[pl.DataFrame, str, float]],
    scored: pl.DataFrame | None,
    left: pl.DataFrame,
    right: pl.DataFrame,
    untrained: list[str],
) -> Linkage:
    found = [
        rows.select("left", "right", pl.lit(step).alias("step"), pl.lit(chance).alias("chance")) for rows, step, chance in sure
    ]
    best = _best(scored)
    links = _named(pl.concat([*found, best], how="diagonal"), left, right)
    rivals = [] if scored is None else [scored.with_columns(pl.lit(PROBABLE).alias("step"))]
    proposed = _named(pl.concat([*found, *rivals], how="diagonal"), left, right)
    return Linkage(links, proposed, errors.thresholds(proposed, links), untrained)


def _best(scored: pl.DataFrame | None) -> pl.DataFrame:
    if scored is None:
        return pl.DataFrame(schema={"left": pl.Int64, "right": pl.Int64, "step": pl.String, "chance": pl.Float64})
    ranked = scored.sort(["left", "chance", "right"], descending=[False, True, False])
    first = ranked.unique("left", keep="first", maintain_order=True)
    return first.select("left", "right", pl.lit(PROBABLE).alias("step"), pl.exclude("left", "right", "weight"))


def _named(rows: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """The records by their own identifiers."""
    ids = (
        left.select(pl.col("row").alias("left"), "id"),
        right.select(pl.col("row").alias("right"), pl.col("id").alias("_other")),
    )
    named = (
        rows.join(ids[0], on="left").join(ids[1], on="right").sort("left", "chance", "right", descending=[False, True, False])
    )
    return named.with_columns(left=pl.col("id"), right=pl.col("_other")).drop("id", "_other")


def _nothing() -> Linkage:
    links = pl.DataFrame(schema=LINKS)
    return Linkage(links, links, errors.thresholds(links, links))


def explained(rows: pl.DataFrame) -> pl.DataFrame:
    """Links or candidates with what speaks `for` and `against` each, as lists of sentences."""
    said = [reasons(row) for row in rows.iter_rows(named=True)]
    sides = {name: [[one.text for one in found if one.is_for is side] for found in said] for name, side in SIDES.items()}
    return rows.with_columns(*(pl.Series(name, texts, dtype=pl.List(pl.String)) for name, texts in sides.items()))
