"""JSON and Parquet tables."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from beffroi.connectors.files.containers import Payload
from beffroi.connectors.files.limits import ReadOptions, UnreadableFile
from beffroi.connectors.files.table import Cells, RawTable, Record, header_of

PARQUET_BATCH = 20_000
GEOMETRY = "geometry"
NOT_A_CELL = (pa.types.is_nested, pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary)


class RowsInMemory(RawTable):
    """Rows already read, the first data row being 2 as under a header."""

    def __init__(
        self, names: list[str], found: Callable[[], Iterator[Cells]], height: int, options: ReadOptions, *, first: int = 2
    ) -> None:
        super().__init__(options.limits)
        self.found, self.height, self.first, self.at = found, height, first, 0
        self.header = header_of(names, options.limits)

    @property
    def progress(self) -> float:
        return self.at / max(1, self.height)

    def records(self) -> Iterator[Record]:
        for at, cells in enumerate(self.found()):
            self.at = at + 1
            yield at + self.first, cells


def _no_repeat(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise UnreadableFile(f"Un objet JSON répète la clé « {next(n for n in names if names.count(n) > 1)[:80]} ».")
    return found


def _parsed(payload: Payload, options: ReadOptions) -> Any:
    """Numbers stay as they are written, so that no digit is lost."""
    try:
        return json.loads(
            payload.content(options.limits.json),
            parse_int=str,
            parse_float=str,
            parse_constant=str,
            object_pairs_hook=_no_repeat,
        )
    except RecursionError as error:
        raise UnreadableFile("Le document JSON est trop imbriqué pour être un tableau.") from error
    except UnicodeDecodeError as error:
        raise UnreadableFile("Le document JSON n’est pas en UTF-8.") from error
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"Le document JSON est incorrect à la ligne {error.lineno}, colonne {error.colno}.") from error


def _objects(document: Any) -> list[dict[str, Any]]:
    if isinstance(document, dict):
        lists = [value for value in document.values() if isinstance(value, list)]
        if len(lists) != 1:
            raise UnreadableFile("Le document JSON doit contenir une seule liste d’objets.")
        document = lists[0]
    if not isinstance(document, list) or not all(isinstance(item, dict) for item in document):
        raise UnreadableFile("Le document JSON doit être une liste d’objets, un par ligne du tableau.")
    return [_feature(item) if item.get("type") == "Feature" else item for item in document]


def _feature(item: dict[str, Any]) -> dict[str, Any]:
    """A GeoJSON feature as a row: its properties, then its geometry."""
    properties = item.get("properties")
    return {**(properties if isinstance(properties, dict) else {}), GEOMETRY: item.get("geometry")}


def _json_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    return json.dumps(value, ensure_ascii=False)


def open_json(payload: Payload, options: ReadOptions) -> RawTable:
    objects = _objects(_parsed(payload, options))
    names = list(dict.fromkeys(name for item in objects for name in item))
    if not names:
        raise UnreadableFile("Le document JSON ne contient aucun objet à lire.")
    table = RowsInMemory(
        names, lambda: ([_json_text(item.get(name)) for name in names] for item in objects), len(objects), options
    )
    table.encoding = "utf-8"
    table.refuse_no_row()
    return table


class ParquetTable(RawTable):
    """Read by row groups; a table whose columns are lists or structures is refused."""

    def __init__(self, payload: Payload, options: ReadOptions) -> None:
        super().__init__(options.limits)
        self.content = payload.path if payload.is_plain else io.BytesIO(payload.content(self.limits.in_memory))
        self.height = self.at = 0
        with self._file() as file:
            self.header = header_of(file.schema_arrow.names, options.limits)
            self.height = file.metadata.num_rows
            self._refuse_nested(file.schema_arrow)
            self._refuse_bomb(file)

    def _file(self) -> pq.ParquetFile:
        try:
            return pq.ParquetFile(self.content)
        except (pa.ArrowException, OSError) as error:
            raise UnreadableFile("La table Parquet est abîmée ou incomplète : envoyez-la de nouveau.") from error

    def _refuse_nested(self, schema: pa.Schema) -> None:
        nested = [field.name for field in schema if any(test(field.type) for test in NOT_A_CELL)]
        if nested:
            raise UnreadableFile("Ces colonnes ne tiennent pas dans une cellule de texte : " + ", ".join(nested) + ".")

    def _refuse_bomb(self, file: pq.ParquetFile) -> None:
        groups = (file.metadata.row_group(index).total_byte_size for index in range(file.metadata.num_row_groups))
        if sum(groups) > self.limits.uncompressed:
            raise UnreadableFile("La table Parquet est trop volumineuse une fois décompressée.")

    @property
    def progress(self) -> float:
        return self.at / max(1, self.height)

    def records(self) -> Iterator[Record]:
        self.at = 0
        try:
            with self._file() as file:
                for batch in file.iter_batches(PARQUET_BATCH):
                    for cells in _as_text(pl.from_arrow(pa.Table.from_batches([batch]))).iter_rows():
                        self.at += 1
                        yield self.at + 1, cells
        except (pa.ArrowException, OSError, pl.exceptions.PolarsError) as error:
            raise UnreadableFile("La table Parquet est abîmée ou incomplète : envoyez-la de nouveau.") from error


def _as_text(frame: Any) -> pl.DataFrame:
    """A number that is not one (NaN) is how Parquet writers say unknown."""
    texts: pl.DataFrame = frame.with_columns(pl.selectors.float().fill_nan(None)).with_columns(pl.all().cast(pl.String))
    return texts


def open_parquet(payload: Payload, options: ReadOptions) -> RawTable:
    table = ParquetTable(payload, options)
    table.refuse_no_row()
    return table
