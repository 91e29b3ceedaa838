"""Linking records to a register, beside plain Splink 5 with sensible settings on the same tables, in the same run.

`python -m benchmarks.matching [RECORDS COMPANIES]`; with a side and a folder: that side alone, whose memory is then its own."""

import logging
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.companies import COLUMNS, records, register
from benchmarks.measures import Measure, tell

RECORDS, COMPANIES = 100_000, 1_000_000
LEAST_F1 = 0.975
MEMORY = "8GB"  # for the peer; beyond it, its tables go to disk
OURS, PLAIN = "ours", "plain"


def write_tables(folder: Path, size: int, companies: int) -> None:
    known = register(companies)
    records(size, known).write_parquet(folder / "records.parquet")
    known.select(COLUMNS).write_parquet(folder / "companies.parquet")


def linked_by_ours(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    from beffroi.analytics import matching

    tables = (table.rename({"created": "date"}) for table in (left, right))
    return matching.link(*tables).kept(0.5).select("left", "right")


def linked_by_splink(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """As its guides advise: names in lower case without accents, n-gram-like and exact levels with term frequencies, several
    blocking rules, u on random pairs, m by expectation-maximisation on two rules; the best company of each record."""
    import splink.comparison_library as library
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    with duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": tempfile.gettempdir()}) as connection:
        api = DuckDBAPI(connection)
        settings = SettingsCreator(
            link_type="link_only",
            unique_id_column_name="id",
            comparisons=[
                library.JaroWinklerAtThresholds("name", [0.95, 0.88, 0.8]).configure(term_frequency_adjustments=True),
                library.JaroWinklerAtThresholds("address", [0.95, 0.88]).configure(term_frequency_adjustments=True),
                library.LevenshteinAtThresholds("postcode", [1]).configure(term_frequency_adjustments=True),
                library.JaroWinklerAtThresholds("city", [0.9]).configure(term_frequency_adjustments=True),
                library.ExactMatch("naf").configure(term_frequency_adjustments=True),
                library.ExactMatch("year"),
            ],
            blocking_rules_to_generate_predictions=[
                block_on("name"),
                block_on("address"),
                block_on("postcode", "substr(name, 1, 4)"),
                block_on("postcode", "substr(longest, 1, 4)"),
                block_on("city", "substr(longest, 1, 4)"),
                block_on("postcode", "naf"),
            ],
            retain_matching_columns=False,
        )
        tables = [
            api.register(_plain(table).to_arrow(), dataset_display_name=name) for table, name in ((left, "l"), (right, "r"))
        ]
        linker = Linker(tables, settings, log_level=logging.ERROR)
        linker.training.estimate_probability_two_random_records_match([block_on("name", "postcode")], recall=0.4)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6 + 1, seed=1)
        for rule in (block_on("name"), block_on("address")):
            linker.training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=1e6)
        found = linker.inference.predict(threshold_match_probability=0.5, warning_mode="never").as_duckdbpyrelation()
        rows = pl.DataFrame(found.select("id_l", "id_r", "match_probability").to_arrow_table())
    best = rows.sort("match_probability", "id_r", descending=[True, False]).unique("id_l", keep="first", maintain_order=True)
    return best.select(left="id_l", right="id_r")


def _plain(table: pl.DataFrame) -> pl.DataFrame:
    plain = (
        pl.col(name).str.to_lowercase().str.normalize("NFKD").str.replace_all(r"[^a-z0-9 ]", "")
        for name in ("name", "address", "city")
    )
    forms = r"\b(sarl|sas|sa|eurl|sasu|sci|snc|association|scop|gie)\b"
    read = table.with_columns(*plain).with_columns(
        pl.col("name").str.replace_all(forms, "").str.strip_chars(), year=pl.col("created").str.slice(0, 4)
    )
    return read.with_columns(
        longest=pl.col("name")
        .str.split(" ")
        .list.eval(pl.element().sort_by(pl.element().str.len_chars(), descending=True))
        .list.first()
    ).select(pl.all().replace("", None))


SIDES = {OURS: linked_by_ours, PLAIN: linked_by_splink}


def run_side(side: str, folder: Path) -> None:
    left, right = (pl.read_parquet(folder / f"{name}.parquet") for name in ("records", "companies"))
    left = left.with_columns(pl.all().replace("", None))
    start = time.perf_counter()
    found = SIDES[side](left.drop("truth"), right)
    seconds = time.perf_counter() - start
    truth = left.select(left="id", right="truth").drop_nulls()
    right_ones = found.join(truth, on=["left", "right"], how="semi").height
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(seconds, right_ones / max(found.height, 1), right_ones / max(truth.height, 1), peak)


def measured(side: str, folder: Path) -> list[float]:
    """Seconds, precision, recall, megabytes: the last words that a side says."""
    command = [sys.executable, "-m", __spec__.name, side, str(folder)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return [float(word) for word in said[-4:]]


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def main(size: int = RECORDS, companies: int = COMPANIES) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_tables(folder, size, companies)
        seconds, precision, recall, peak = measured(OURS, folder)
        plain_seconds, plain_precision, plain_recall, plain_peak = measured(PLAIN, folder)
    what = f"link {size} x {companies}"
    theirs = f"plain Splink: F1 {f1(plain_precision, plain_recall):.4f}, {plain_peak:.0f} MB; ours {peak:.0f} MB"
    ratio = f"{plain_seconds / seconds:.1f} times faster; {theirs}"
    tell(Measure(f"{what}: time beside plain Splink", "both", seconds, "s", plain_seconds, note=ratio))
    detail = f"precision {precision:.4f}, recall {recall:.4f}"
    tell(Measure(f"{what}: F1", "both", f1(precision, recall), "", LEAST_F1, is_floor=True, note=detail))


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in SIDES:
        run_side(sys.argv[1], Path(sys.argv[2]))
    else:
        main(*(int(number) for number in sys.argv[1:]))
