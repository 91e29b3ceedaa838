"""XLSX, XLS and ODS sheets."""

import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, iterparse

import fastexcel
import polars as pl

from beffroi.connectors.files.containers import BROKEN, ZIP, Payload
from beffroi.connectors.files.documents import RowsInMemory
from beffroi.connectors.files.limits import Limits, ReadOptions, UnreadableFile
from beffroi.connectors.files.table import RawTable

CELL_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})(\d{1,9})["']""")
NEXT = " (suite)"
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


def _refuse_extent(rows: int, columns: int, limits: Limits) -> None:
    """One cell far away makes the reader allocate the whole rectangle: gigabytes for a file of a few bytes."""
    if columns > limits.columns or columns * rows > limits.sheet_cells:
        raise UnreadableFile(f"Une feuille s’étend sur {rows} lignes et {columns} colonnes : effacez les cellules lointaines.")


def _refuse_vast_sheet(archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
    columns: set[bytes] = set()
    last_row = 0
    for chunk in _chunks(archive, name):
        found = CELL_REFERENCE.findall(chunk)
        columns.update(letters for letters, _ in found)
        last_row = max(last_row, max((int(row) for _, row in found), default=0))
    _refuse_extent(last_row, max(map(_column_number, columns), default=0), limits)


def _repeated(element: Element, side: str) -> int:
    return int(next((text for name, text in element.attrib.items() if name.endswith(f"number-{side}-repeated")), 1))


def _is_filled(cell: Element) -> bool:
    return len(cell) > 0 or any(name.endswith("}value") for name in cell.attrib)


def _refuse_vast_ods(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Cells and rows may say how many times they are repeated; empty ones at the end count for nothing."""
    rows = columns = width = widest = 0
    with archive.open("content.xml") as stream:
        for _, element in iterparse(stream):
            tag = element.tag.rpartition("}")[2]
            if tag in ("table-cell", "covered-table-cell"):
                columns += _repeated(element, "columns")
                width = columns if _is_filled(element) else width
            elif tag == "table-row":
                rows += _repeated(element, "rows")
                widest = max(widest, width)
                _refuse_extent(rows if width else 0, widest, limits)
                columns = width = 0
                element.clear()
            elif tag == "table":
                rows = widest = 0


def _refuse_vast(payload: Payload, limits: Limits) -> None:
    with payload.path.open("rb") as file:
        if not file.read(4).startswith(ZIP):
            return
    try:
        with zipfile.ZipFile(payload.path) as archive:
            names = archive.namelist()
            if "content.xml" in names:
                _refuse_vast_ods(archive, limits)
            for name in [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]:
                _refuse_vast_sheet(archive, name, limits)
    except UnreadableFile:
        raise
    except (*BROKEN, ParseError) as error:
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


def _filled(names: list[str]) -> list[str]:
    """A column without a header goes on with the one before it; the first has its header."""
    return [name or (f"{names[place - 1]}{NEXT}" if place and names[place - 1] else "") for place, name in enumerate(names)]


def open_workbook(payload: Payload, options: ReadOptions) -> RawTable:
    _refuse_vast(payload, options.limits)
    found = _all_rows(payload, options)
    rows = enumerate(found.iter_rows(), start=1)
    header = next(((at, cells) for at, cells in rows if at >= options.header_row and any(cells)), None)
    if header is None:
        raise UnreadableFile("La feuille est vide ou n’a pas de ligne d’en-tête à l’endroit indiqué.")
    below = found.slice(header[0])
    names = [cell or "" for cell in header[1]]
    table = RowsInMemory(
        _filled(names) if options.header_fills else names, below.iter_rows, below.height, options, first=header[0] + 1
    )
    table.refuse_no_row()
    return table
