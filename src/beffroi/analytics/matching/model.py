"""The probabilistic model: Splink 5 on DuckDB (Fellegi and Sunter 1969; m by expectation-maximisation, u on random pairs, rare
values weighing more). What training leaves unknown is found here, and takes the share that its level declares."""

import logging
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from tempfile import gettempdir
from typing import Any

import duckdb
import polars as pl
from splink import DuckDBAPI, Linker, block_on
from splink.internals.exceptions import EMTrainingException

from beffroi.analytics.matching.comparisons import COMPARISONS, USED, Comparison, Level

RANDOM_PAIRS = 150_000
SAMPLE = 10_000  # records that train the model
FEWEST = 30  # pairs under which a training session teaches nothing
BELIEF = 20.0  # pairs that the declared share of a level is worth beside those that training saw
# Each session compares pairs that agree on some columns, and teaches what the other columns do.
SESSIONS = (("core",), ("place_in_street",), ("day", "postcode"), ("other",))
PRIOR = 1e-4  # of two random records; taken off again, the prior in use is that of `errors`
LEAST = 1e-6
CLOSED: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
RAREST = 0.5 / RANDOM_PAIRS  # of random pairs, for a level that none of them reached
NATURAL = math.log(2)
FEW, MOST_SMALLER = 5, 20
WHOLE_NAMES = {"core", "fixed"}
SHORT_LIST = 2_000  # a whole name is no more frequent for being in a short register
HOPELESS = math.log(1e-3)  # pairs that stay a thousand times unlikelier than likely are left out


@dataclass
class Model:
    """`settings`: those of Splink once trained. `untrained`: the levels that no pair of the sessions taught, in plain words."""

    settings: dict[str, Any]
    comparisons: Sequence[Comparison]
    sessions: list[str] = field(default_factory=list)
    untrained: list[str] = field(default_factory=list)


def comparable(left: pl.DataFrame, right: pl.DataFrame) -> list[Comparison]:
    """The comparisons of which both tables know something."""
    known = {name for name in USED if left[name].null_count() < left.height and right[name].null_count() < right.height}
    return [comparison for comparison in COMPARISONS if known.intersection(comparison.columns)]


def trained(left: pl.DataFrame, right: pl.DataFrame, pairs: pl.DataFrame, *, within: bool, seed: int) -> Model:
    """u on random records of both tables; m on records with those that they may be."""
    comparisons = comparable(left, right)
    model = Model(_settings(comparisons, within), comparisons)
    asked, drawn = _sample(left, seed), _sample(right, seed)
    with _linker([drawn] if within else [asked, drawn], model.settings) as linker:
        linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=seed, num_chunks=1)
        _keep(linker, model, "u", 0)
    met = pairs.filter(pl.col("left").is_in(asked["row"].implode()))
    known = right.filter(pl.col("row").is_in(met["right"].implode()))
    tables = [pl.concat([asked, known]).unique("row").sort("row")] if within else [asked, known]
    for columns in SESSIONS:
        _train(model, columns, tables)
    model.untrained = list(_untrained(model))
    return model


def _train(model: Model, columns: tuple[str, ...], tables: list[pl.DataFrame]) -> None:
    """One session of expectation-maximisation on the pairs that agree on these columns; too few of them teach nothing."""
    agreeing = tables[0].select("row", *columns).drop_nulls().join(tables[-1].drop_nulls(list(columns)), on=list(columns))
    met = agreeing.filter(pl.col("row") < pl.col("row_right")).height if len(tables) == 1 else agreeing.height
    if met < FEWEST:
        return
    with _linker(tables, model.settings) as linker:
        try:
            session = linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(*columns), estimate_without_term_frequencies=True
            )
        except (EMTrainingException, ValueError):  # a level that no likely pair reaches: Splink stops there
            return
        share = float(session.core_model_settings.probability_two_random_records_match)
        _keep(linker, model, "m", met * share)
    model.sessions.append(", ".join(columns))


def _keep(linker: Linker, model: Model, kind: str, pairs: float) -> None:
    """What a session taught of each level, beside what is declared when pairs are few."""
    found = linker._settings_obj.core_model_settings.comparisons
    for declared, comparison in zip(model.settings["comparisons"], found, strict=True):
        levels = comparison._comparison_levels_excluding_null
        for level, taught in zip(declared["comparison_levels"][1:], levels, strict=True):
            values = [row["probability"] for row in getattr(taught, f"_trained_{kind}_probabilities")]
            shares = [value for value in values if isinstance(value, float)]
            if kind == "u":
                level["u_probability"] = max([*shares[-1:], RAREST])
            elif shares:
                level["taught"] = [*level.get("taught", []), (shares[-1], pairs)]


def _untrained(model: Model) -> Iterator[str]:
    """Gives each level its m; those of levels that nothing taught are declared ones."""
    for comparison, declared in zip(model.comparisons, model.settings["comparisons"], strict=True):
        levels = [*comparison.levels, comparison.rest]
        for level, row in zip(levels, declared["comparison_levels"][1:], strict=True):
            taught = [] if level.is_fixed else row.get("taught", [])
            row.pop("taught", None)
            if not taught and not level.is_fixed:
                yield f"{comparison.name}: {level.text}"
            weight = sum(pairs for _, pairs in taught)
            mean = sum(share * pairs for share, pairs in taught)
            row["m_probability"] = max((mean + BELIEF * level.likely) / (weight + BELIEF), LEAST)


def weights(left: pl.DataFrame, right: pl.DataFrame, pairs: pl.DataFrame, *, model: Model, within: bool) -> pl.DataFrame:
    """left, right, weight (natural logarithm of how many times likelier if they are the same), and each comparison's level:
    -1 unknown, 0 its rest, then upwards."""
    asked = left.filter(pl.col("row").is_in(pairs["left"].implode()))
    known = right.filter(pl.col("row").is_in(pairs["right"].implode()))
    tables = [pl.concat([asked, known]).unique("row").sort("row")] if within else [asked, known]
    names = [comparison.name for comparison in model.comparisons]
    with _linker(tables, model.settings) as linker:
        for column in _frequent(model.comparisons):
            table = _frequencies(right, column, tables[0], within=within)
            linker.table_management.register_term_frequency_lookup(linker._db_api.register(table.to_arrow()), column)
        blocked = linker._db_api.register(_keyed(pairs, within).to_arrow())
        linker.table_management.register_blocked_pairs_for_predict(blocked)
        least = (_log_odds(PRIOR) + math.log(right.height) + HOPELESS) / NATURAL
        found = linker.inference.predict(threshold_match_weight=least, warning_mode="never").as_duckdbpyrelation()
        wanted = ["row_l", "row_r", "match_weight", *(f"gamma_{name}" for name in names)]
        rows = pl.from_arrow(found.select(*wanted).to_arrow_table())
    assert isinstance(rows, pl.DataFrame)
    ends = ("row_l", "row_r")
    return rows.select(
        (pl.min_horizontal(*ends) if within else pl.col("row_l")).alias("left"),
        (pl.max_horizontal(*ends) if within else pl.col("row_r")).alias("right"),
        (pl.col("match_weight") * NATURAL - _log_odds(PRIOR)).alias("weight"),
        *(pl.col(f"gamma_{name}").cast(pl.Int8).alias(name) for name in names),
    )


def _log_odds(chance: float) -> float:
    return math.log(chance / (1 - chance))


def retaught(scored: pl.DataFrame, model: Model) -> pl.DataFrame:
    """The weights with the m that the chances of the pairs now give. The sessions of Splink take sisters at one address for one
    company; here the rivals of a record share its chance, and the levels of likely pairs alone count."""
    weight = pl.col("weight")
    for comparison, declared in zip(model.comparisons, model.settings["comparisons"], strict=True):
        seen = scored.filter(pl.col(comparison.name) >= 0).group_by(comparison.name).agg(pl.col("chance").sum())
        sums = dict(seen.iter_rows())
        change = dict(_changes(comparison, declared["comparison_levels"][1:], sums))
        weight = weight + pl.col(comparison.name).replace_strict(change, default=0.0, return_dtype=pl.Float64)
    return scored.with_columns(weight=weight)


def _changes(comparison: Comparison, rows: list[dict[str, Any]], sums: dict[int, float]) -> Iterator[tuple[int, float]]:
    """Each level and the logarithm of what its m is multiplied by."""
    total, count = sum(sums.values()), len(comparison.levels)
    for place, (level, row) in enumerate(zip([*comparison.levels, comparison.rest], rows, strict=True)):
        if level.is_fixed:
            continue
        before = row["m_probability"]
        row["m_probability"] = max((sums.get(count - place, 0.0) + BELIEF * before) / (total + BELIEF), LEAST)
        yield count - place, math.log(row["m_probability"] / before)


def _settings(comparisons: Sequence[Comparison], within: bool) -> dict[str, Any]:
    return {
        "link_type": "dedupe_only" if within else "link_only",
        "unique_id_column_name": "row",
        "comparisons": [
            {
                "output_column_name": comparison.name,
                "comparison_levels": [
                    {"sql_condition": comparison.unknown, "label_for_charts": "?", "is_null_level": True},
                    *(_level(level) for level in comparison.levels),
                    _level(comparison.rest),
                ],
            }
            for comparison in comparisons
        ],
        "blocking_rules_to_generate_predictions": [],
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
        "probability_two_random_records_match": PRIOR,
    }


def _level(level: Level) -> dict[str, Any]:
    stated: dict[str, Any] = {"sql_condition": level.sql, "label_for_charts": level.text, "m_probability": level.likely}
    stated |= {"fix_m_probability": level.is_fixed}
    if level.frequency:
        stated |= {"tf_adjustment_column": level.frequency, "disable_tf_exact_match_detection": True}
    return stated


@contextmanager
def _linker(tables: list[pl.DataFrame], settings: dict[str, Any]) -> Iterator[Linker]:
    """Nothing is fetched from elsewhere: extensions of DuckDB are downloads."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    with duckdb.connect(config=CLOSED | {"temp_directory": gettempdir()}) as connection:
        api = DuckDBAPI(connection)
        names = ("a_left", "b_right")
        given = [
            api.register(table.select("row", *USED).to_arrow(), dataset_display_name=name)
            for table, name in zip(tables, names, strict=False)
        ]
        own = settings | {"comparisons": [_without_training(row) for row in settings["comparisons"]]}
        yield Linker(given if len(given) > 1 else given[0], own, log_level=logging.ERROR, validate_settings=False)


def _without_training(comparison: dict[str, Any]) -> dict[str, Any]:
    levels = [{name: value for name, value in level.items() if name != "taught"} for level in comparison["comparison_levels"]]
    return comparison | {"comparison_levels": levels}


def _sample(table: pl.DataFrame, seed: int) -> pl.DataFrame:
    return table if table.height <= SAMPLE else table.sample(SAMPLE, seed=seed).sort("row")


def _keyed(pairs: pl.DataFrame, within: bool) -> pl.DataFrame:
    ends = [pl.col(name).cast(pl.String) for name in ("left", "right")]
    if not within:
        ends = [pl.lit(f"{name}-__-") + end for name, end in zip(("a_left", "b_right"), ends, strict=True)]
    return pairs.select(pl.lit("0").alias("match_key"), ends[0].alias("join_key_l"), ends[1].alias("join_key_r"))


def _frequent(comparisons: Sequence[Comparison]) -> list[str]:
    columns = (level.frequency for comparison in comparisons for level in comparison.levels)
    return list(dict.fromkeys(column for column in columns if column))


def _frequencies(register: pl.DataFrame, column: str, asked: pl.DataFrame, *, within: bool) -> pl.DataFrame:
    """The share of each value that the compared records have, in the register. In a list of companies most names are there
    once, and many more exist: a value seen r times counts for (r + 1) n(r + 1) / n(r) times (Good 1953)."""
    values = register.select(column).drop_nulls()
    counted = values.group_by(column).agg(pl.len().alias("_seen"))
    times = counted.group_by("_seen").len().sort("_seen") if not within else pl.DataFrame({"_seen": [], "len": []})
    many = dict(times.iter_rows())
    good = {seen: (seen + 1) * many[seen + 1] / many[seen] for seen in range(1, FEW + 1) if {seen, seen + 1} <= many.keys()}
    kept = {float(seen): max(min(value, float(seen)), seen / MOST_SMALLER) for seen, value in good.items()}
    wanted = counted.join(asked.select(column).unique(), on=column, how="semi").with_columns(pl.col("_seen").cast(pl.Float64))
    share = pl.col("_seen").replace(kept) if kept else pl.col("_seen")
    least = SHORT_LIST if column in WHOLE_NAMES and not within else 1
    return wanted.select(column, (share / max(values.height, least)).alias(f"tf_{column}"))
