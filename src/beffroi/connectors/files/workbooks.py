"""XLSX, XLS and ODS sheets."""

import re
import zipfile
import zlib
from collections.abc import Iterator

import fastexcel
import polars as pl

from beffroi.connectors.files.containers import ZIP, Payload
from beffroi.connectors.files.documents import RowsInMemory
from beffroi.connectors.files.limits import Limits, ReadOptions, UnreadableFile
from beffroi.connectors.files.table import RawTable

CELL_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})(\d{1,9})["']""")
ODS_REPEAT = re.compile(rb"""number-(columns|rows)-repeated\s*=\s*["'](\d+)["']""")
ODS_MOST = {b"columns": 16_384, b"rows": 1_048_576}
CHUNK, OVERLAP = 1024**2, 64
DAMAGED = "Le classeur est abîmé, protégé par un mot de passe ou incomplet : enregistrez-le de nouveau puis renvoyez-le."


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    tail = b""
    with archive.open(name) as stream:
        while chunk := stream.read(CHUNK):
            yield tail + chunk
            tail = chunk[-OVERLAP:]


def _refuse_vast_sheet(archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
    """One cell far away makes the reader allocate the whole rectangle: gigabytes for a file of a few bytes."""
    columns: set[bytes] = set()
    last_row = 0
    for chunk in _chunks(archive, name):
        found = CELL_REFERENCE.findall(chunk)
        columns.update(letters for letters, _ in found)
        last_row = max(last_row, max((int(row) for _, row in found), default=0))
    last_column = max(map(_column_number, columns), default=0)
    if last_column > limits.columns or last_column * last_row > limits.sheet_cells:
        raise UnreadableFile(
            f"Une feuille s’étend sur {last_row} lignes et {last_column} colonnes : effacez les cellules lointaines."
        )


def _refuse_vast_ods(archive: zipfile.ZipFile) -> None:
    for chunk in _chunks(archive, "content.xml"):
        if any(int(times) > ODS_MOST[side] for side, times in ODS_REPEAT.findall(chunk)):
            raise UnreadableFile("Une feuille répète une cellule au-delà de ce qu’un classeur peut contenir.")


def _refuse_vast(payload: Payload, limits: Limits) -> None:
    with payload.path.open("rb") as file:
        if not file.read(4).startswith(ZIP):
            return
    try:
        with zipfile.ZipFile(payload.path) as archive:
            names = archive.namelist()
            if "content.xml" in names:
                _refuse_vast_ods(archive)
            for name in [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]:
                _refuse_vast_sheet(archive, name, limits)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile(DAMAGED) from error


def _sheet_name(names: list[str], wanted: str | int | None) -> str:
    if not names:
        raise UnreadableFile("Le classeur ne contient aucune feuille.")
    if wanted is None:
        return names[0]
    if isinstance(wanted, int):
        if not 1 <= wanted <= len(names):
            raise UnreadableFile(f"Le classeur n’a que {len(names)} feuilles : la n° {wanted} n’existe pas.")
        return names[wanted - 1]
    if wanted not in names:
        raise UnreadableFile(f"La feuille « {wanted} » n’existe pas ; celles du classeur : {', '.join(names)}.")
    return wanted


def _all_rows(payload: Payload, options: ReadOptions) -> pl.DataFrame:
    try:
        workbook = fastexcel.read_excel(payload.content(options.limits.in_memory))
        name = _sheet_name(workbook.sheet_names, options.sheet)
        found: pl.DataFrame = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
        return found
    except fastexcel.FastExcelError as error:
        raise UnreadableFile(DAMAGED) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the reader's own crash on a damaged workbook is no Exception
            raise UnreadableFile(DAMAGED) from error
        raise


def open_workbook(payload: Payload, options: ReadOptions) -> RawTable:
    _refuse_vast(payload, options.limits)
    found = _all_rows(payload, options)
    rows = enumerate(found.iter_rows(), start=1)
    header = next(((at, cells) for at, cells in rows if at >= options.header_row and any(cells)), None)
    if header is None:
        raise UnreadableFile("La feuille est vide ou n’a pas de ligne d’en-tête à l’endroit indiqué.")
    below = found.slice(header[0])
    table = RowsInMemory([cell or "" for cell in header[1]], below.iter_rows, below.height, options, first=header[0] + 1)
    table.refuse_no_row()
    return table
