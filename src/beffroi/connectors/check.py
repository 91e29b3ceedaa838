"""Reads a file through a profile and stages what is right: structure first, then cells, then records and the whole file."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from beffroi.connectors.cells import Converted, converted
from beffroi.connectors.files import FAULT, ROW, SURPLUS, RawTable
from beffroi.connectors.locating import open_for
from beffroi.connectors.long import made_long, without_foot
from beffroi.connectors.matching import Match, matched
from beffroi.connectors.profile import Column, Profile
from beffroi.connectors.row_checks import WRITTEN, Labels, SeenOnce, broken
from beffroi.connectors.staging import REJECTION_SCHEMA, Checked, Staging
from beffroi.connectors.totals import printed_totals, without_totals
from beffroi.connectors.words import digest, folded

BATCH = 50_000
EXTRAS = "_extras"
SHOWN, SAID = 500, 500


class CheckCancelled(Exception):
    """Somebody asked to stop; nothing is left in the folder."""


class Check:
    """One file against one profile, batch after batch."""

    def __init__(self, profile: Profile, table: RawTable, staging: Staging) -> None:
        self.profile, self.table, self.staging = profile, table, staging
        self.match: Match = matched(profile, table.columns)
        self.columns = [self._for_format(column) for column in profile.columns]
        self.read = self.rejected = 0
        labels = Labels(profile)
        self.uniques = [SeenOnce(check.fields, labels) for check in profile.checks if check.kind == "unique"]

    def _for_format(self, column: Column) -> Column:
        """Only texts write numbers with a comma: workbooks, JSON and Parquet give them with a point."""
        return column if self.table.delimiter else column.model_copy(update={"decimal_comma": "auto"})

    def add(self, raw: pl.DataFrame) -> None:
        raw = raw.filter(~_is_blank(self.table.columns))
        shapeless = raw.filter(pl.col(FAULT).is_not_null())
        sound = raw.filter(pl.col(FAULT).is_null())
        long = made_long(self.profile, sound, self.table.columns)
        cells = {column.to: converted(self._cells(long, column), column) for column in self.columns}
        reasons = [_reasons(shapeless[ROW], "", None, shapeless[FAULT])]
        totals = printed_totals(long, self.profile, self.match.headers)
        reasons += [without_totals(self._cell_reasons(long, column, cells[column.to]), totals) for column in self.columns]
        typed = _without(self._typed(long, cells), pl.concat(reasons)).with_columns(_total=pl.col(ROW).is_in(totals.to_list()))
        reasons += [
            without_totals(_reasons(typed[ROW], column, None, sentences), totals)
            for column, sentences in broken(typed, self.profile)
        ]
        refused = pl.concat(reasons)
        self._stage(raw, _without(typed, refused), refused)

    def _stage(self, raw: pl.DataFrame, right: pl.DataFrame, refused: pl.DataFrame) -> None:
        for unique in self.uniques:
            unique.add(right)
        self.staging.add(self._staged(right))
        self.staging.reject(_with_content(refused, raw, self.table.columns))
        self.read += raw.height
        self.rejected += refused["row"].n_unique()

    def _cells(self, raw: pl.DataFrame, column: Column) -> pl.Series:
        header = self.match.headers[column.to]
        return raw[header] if header else pl.Series([None] * raw.height, dtype=pl.String)

    def _cell_reasons(self, raw: pl.DataFrame, column: Column, cells: Converted) -> pl.DataFrame:
        header = self.match.headers[column.to] or column.name
        return _reasons(raw[ROW], header, self._cells(raw, column), cells.fault)

    def _typed(self, raw: pl.DataFrame, cells: dict[str, Converted]) -> pl.DataFrame:
        """`_row`, the fields, and the canonical text of each under its prefix."""
        series = [raw[ROW]]
        for field, found in cells.items():
            series += [values.alias(name) for name, values in found.columns.items()]
            series.append(found.normal.alias(WRITTEN + field))
        frame = pl.DataFrame(series)
        constants = [
            pl.lit(text).alias(prefix + name) for name, text in self.profile.constants.items() for prefix in ("", WRITTEN)
        ]
        frame = frame.with_columns(constants)
        if self.match.kept:
            extras = [_json_of(row) for row in raw.select(self.match.kept).iter_rows(named=True)]
            text = pl.Series(extras, dtype=pl.String)
            frame = frame.with_columns(text.alias(EXTRAS), text.alias(WRITTEN + EXTRAS))
        return frame

    def _staged(self, typed: pl.DataFrame) -> pl.DataFrame:
        written = sorted(name for name in typed.columns if name.startswith(WRITTEN))
        named = [pl.lit(name.removeprefix(WRITTEN) + "=") + pl.col(name) for name in written]
        content = pl.concat_str(named, separator="\x1f", ignore_nulls=True)
        key = [pl.col(WRITTEN + field).fill_null("\x00") for field in self.profile.key]
        texts = typed.select(hash=content, key=pl.concat_str(key, separator="\x1f") if key else content)
        hashes = [digest(text) for text in texts["hash"]]
        keys = [digest(text) for text in texts["key"]] if key else hashes
        return typed.drop([*written, "_total"]).with_columns(
            pl.Series("_key", keys, dtype=pl.String),
            pl.Series("_hash", hashes, dtype=pl.String),
            (typed["_total"] | self._is_total(typed)).alias("_total"),
        )

    def _is_total(self, typed: pl.DataFrame) -> pl.Series:
        column = self.profile.total_column
        if column is None:
            return pl.Series([False] * typed.height, dtype=pl.Boolean)
        labels = {folded(label) for label in self.profile.total_labels}
        texts = typed[WRITTEN + column]
        totals = [text for text in texts.unique().drop_nulls() if folded(text) in labels]
        return texts.is_in(totals).fill_null(False)

    def refuse_repeats(self) -> None:
        """Rows of the file that a check of uniqueness forbids leave the parts already written."""
        sentences: dict[int, str] = {}
        for unique in self.uniques:
            sentences = unique.repeats() | sentences
        if not sentences:
            return
        rows = sorted(sentences)
        found = self.table.rows(rows)
        self.staging.remove(set(rows))
        refused = _reasons(pl.Series(rows), "", None, pl.Series([sentences[row] for row in rows]))
        contents = [json.dumps(found[row], ensure_ascii=False) for row in rows]
        self.staging.reject(refused.with_columns(pl.Series("content", contents)))
        self.rejected += len(rows)

    def result(self) -> Checked:
        table = self.table
        return Checked(
            self.read, self.read - self.rejected, self.rejected, table.encoding, table.delimiter,
            table.columns, self.match.ignored, self.staging.parts,
        )  # fmt: skip


def _is_blank(columns: list[str]) -> pl.Expr:
    return pl.all_horizontal((pl.col(name).is_null() | pl.col(name).str.contains(r"^\s*$")) for name in columns)


def _without(rows: pl.DataFrame, reasons: pl.DataFrame) -> pl.DataFrame:
    return rows.join(reasons.select(pl.col("row").alias(ROW)).unique(), on=ROW, how="anti", maintain_order="left")


def _json_of(row: dict[str, str | None]) -> str | None:
    filled = {name: text.strip() for name, text in sorted(row.items()) if text and text.strip()}
    return json.dumps(filled, ensure_ascii=False) if filled else None


def _reasons(rows: pl.Series, column: str, values: pl.Series | None, sentences: pl.Series) -> pl.DataFrame:
    """Where there is a sentence, one reason."""
    frame = pl.DataFrame([
        rows.alias("row").cast(pl.Int64),
        pl.Series("column", [column] * rows.len(), dtype=pl.String),
        (values if values is not None else pl.Series([None] * rows.len(), dtype=pl.String)).alias("value"),
        sentences.alias("sentence").cast(pl.String),
    ])  # fmt: skip
    return frame.filter(pl.col("sentence").is_not_null()).with_columns(
        pl.col("value").str.slice(0, SHOWN).fill_null(""), pl.col("sentence").str.slice(0, SAID)
    )


def _with_content(reasons: pl.DataFrame, raw: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Each reason with the row as it came."""
    rows = raw.filter(pl.col(ROW).is_in(reasons["row"].unique().to_list())) if reasons.height else raw.clear()
    names = [*columns, SURPLUS]
    contents = [
        json.dumps({name: row[name] or "" for name in names if name != SURPLUS or row[name]}, ensure_ascii=False)
        for row in rows.iter_rows(named=True)
    ]
    content = pl.DataFrame({"row": rows[ROW], "content": pl.Series(contents, dtype=pl.String)})
    return reasons.join(content, on="row", how="left", maintain_order="left").select(list(REJECTION_SCHEMA))


def _batches(check: Check, is_cancelled: Callable[[], bool]) -> Iterator[pl.DataFrame]:
    for frame in without_foot(check.table.batches(BATCH), check.profile):
        if is_cancelled():
            raise CheckCancelled
        yield frame


def check(
    profile: Profile,
    path: Path | str,
    *,
    folder: Path,
    on_progress: Callable[[int, float], None] = lambda rows, share: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Checked:
    """Stages in `folder` the rows of a file that a profile accepts, typed, with `_row`, `_key`, `_hash` and `_total`, and
    the reasons of the others. `on_progress` is told rows read and the share of the file, 0 to 1, after each batch.

    Raises UnreadableFile when the file as a whole is wrong, CheckCancelled when asked to stop; the folder is then empty.
    """
    staging = Staging(folder)
    try:
        work = Check(profile, open_for(profile, path), staging)
        for frame in _batches(work, is_cancelled):
            work.add(frame)
            on_progress(work.read, work.table.progress)
        work.refuse_repeats()
        checked = work.result()
        staging.finish(checked)
    except BaseException:
        staging.clear()
        raise
    return checked
