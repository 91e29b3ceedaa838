"""CSV and TSV, read record by record: memory does not grow with the file."""

import csv
import io
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from functools import partial

import polars as pl

from beffroi.connectors.files.containers import CountedStream, Payload
from beffroi.connectors.files.encodings import Encoding, detected_encoding
from beffroi.connectors.files.limits import ReadOptions, UnreadableFile
from beffroi.connectors.files.table import CORRECTION, Batch, Cells, RawTable, Record, header_of

DELIMITERS = ",;\t|"
SAMPLE = 128 * 1024
BUFFER = 256 * 1024
END = "\x00fin\x00"  # read after the last line: a cell that holds it began with a quote that was never closed
OPEN_QUOTE = "Un guillemet s’ouvre dans une cellule et ne s’y referme pas : il avalerait les lignes suivantes."
FORMULA = r"^'('*[=+\-@\t\r])"


def neutralised(text: str) -> str:
    """The text with an apostrophe first when a spreadsheet would run it as a formula; reading it back takes it off."""
    return "'" + text if text.lstrip("'")[:1] in tuple("=+-@\t\r") else text


def _records(sample: str, delimiter: str) -> list[list[str]]:
    found: list[list[str]] = []
    with suppress(csv.Error):  # a quote never closed: what comes before it is enough
        found.extend(cells for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if cells)
    return found


def _regularity(sample: str, delimiter: str) -> float:
    """How well a delimiter cuts a sample: the share of rows as wide as the header, then the width."""
    widths = [len(cells) for cells in _records(sample, delimiter)]
    if not widths or widths[0] < 2:
        return 0
    return sum(width == widths[0] for width in widths) / len(widths) + min(widths[0], 50) / 100


def sniffed_delimiter(sample: str) -> str:
    """The delimiter that cuts the sample into rows of one width; a comma when there is a single column."""
    whole_lines = sample[: sample.rfind("\n") + 1] if len(sample) >= SAMPLE else sample
    best = max(DELIMITERS, key=lambda delimiter: _regularity(whole_lines, delimiter))
    return best if _regularity(whole_lines, best) else ","


class _Lines:
    """Lines that a reader takes, which can be given back to another."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines, self.taken = lines, list[str]()
        self.given_back: deque[str] = deque()
        self.records: Iterator[list[str]] | None = None

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.given_back.popleft() if self.given_back else next(self.lines)
        self.taken.append(line)
        return line

    def reader(self, delimiter: str) -> Iterator[list[str]]:
        if self.records is None:
            self.records = csv.reader(self, delimiter=delimiter)
        return self.records

    def first_alone(self) -> str:
        """The first line of the record; the others will be read again."""
        first, *others = self.taken
        self.given_back.extendleft(reversed(others))
        self.records = None
        return first


class DelimitedTable(RawTable):
    def __init__(self, payload: Payload, encoding: Encoding, options: ReadOptions) -> None:
        super().__init__(options.limits)
        self.payload, self.options = payload, options
        self.encoding, self.is_lossy, self.size = encoding.name, encoding.is_lossy, encoding.size
        self.stream: CountedStream | None = None
        self.open_quotes: dict[int, str] = {}
        self.delimiter = self._delimiter()
        self.header_row, cells = self._header()
        self.header = header_of(cells, options.limits)

    @property
    def progress(self) -> float:
        return min(1.0, self.stream.done / max(1, self.size)) if self.stream else 0.0

    def records(self) -> Iterator[Record]:
        for number, cells in self._all_records():
            if number > self.header_row:
                yield number, cells

    def _text(self) -> io.TextIOWrapper:
        self.stream = self.payload.open_stream()
        return io.TextIOWrapper(io.BufferedReader(self.stream, BUFFER), self.encoding, errors="replace", newline="")

    def _sample(self) -> str:
        with self._text() as text:
            return text.read(SAMPLE)

    def _delimiter(self) -> str:
        sample = self._sample()
        said = next(iter(sample.splitlines()), "")
        if said.lower().startswith("sep=") and said[4:] in DELIMITERS:
            return said[4:]
        if self.options.delimiter:
            return self.options.delimiter
        lines = sample.splitlines(keepends=True)
        above = 0 if CORRECTION[-1] in said else self.options.header_row - 1
        return sniffed_delimiter("".join(lines[above:]))

    def _header(self) -> Record:
        """The header row that the profile says, or the first filled one after it. Excel's `sep=` line comes before it; a
        file of rejections has its header first whatever the profile says."""
        for number, cells in self._all_records():
            if number == 1 and set(CORRECTION) <= set(cells):
                return number, cells
            is_hint = number == 1 and cells[:1] and cells[0].lower() in ("sep=", f"sep={self.delimiter}")
            if number >= self.options.header_row and any(cells) and not is_hint:
                return number, [cell.removeprefix("'") if neutralised(cell) != cell else cell for cell in cells]
        raise UnreadableFile(f"Le fichier n’a pas de ligne {self.options.header_row} : la ligne d’en-tête manque.")

    def _lines(self, text: io.TextIOWrapper) -> Iterator[str]:
        for line in iter(partial(text.readline, self.limits.line), ""):
            if len(line) >= self.limits.line:
                raise UnreadableFile("Une ligne du fichier est démesurée : est-ce bien un tableau en texte ?")
            self.consumed += len(line)
            yield line
        self.is_read = True
        yield END

    def _all_records(self) -> Iterator[tuple[int, list[str]]]:
        csv.field_size_limit(self.limits.line)
        number, self.is_read = 0, False
        with self._text() as text:
            lines = _Lines(self._lines(text))
            try:
                while (cells := next(lines.reader(self.delimiter), None)) is not None:
                    number += 1
                    if self._swallows(lines.taken, cells):
                        self.open_quotes[number] = OPEN_QUOTE
                        cells = lines.first_alone().rstrip("\r\n").split(self.delimiter)
                    elif self.is_read and cells and cells[-1].endswith(END):
                        self._refuse_open_quote(number, cells)
                        return
                    yield number, cells
                    lines.taken.clear()
            except csv.Error as error:
                raise UnreadableFile(f"Après la ligne {number}, un guillemet ouvert n’est jamais refermé.") from error

    def _swallows(self, lines: list[str], cells: list[str]) -> bool:
        """Whether a record of several lines holds whole records: a quote was opened in a cell and never closed there. A cell
        of several lines has none that is as wide as the table and closes all its quotes, unless the record has all its cells:
        a text with many commas is one of them."""
        width = self.header.width if hasattr(self, "header") else 0
        if len(lines) < 2 or width < 3 or len(cells) == width:
            return False
        closed = (line for line in lines[1:] if line != END and line.count('"') % 2 == 0)
        return any(len(next(csv.reader([line], delimiter=self.delimiter), [])) == width for line in closed)

    def _add(self, batch: Batch, number: int, cells: Cells) -> None:
        super()._add(batch, number, cells)
        if number in self.open_quotes:
            batch.faults[number] = (self.open_quotes[number], None)

    def _refuse_open_quote(self, number: int, cells: list[str]) -> None:
        if cells != [END]:
            raise UnreadableFile(f"Le guillemet ouvert à la ligne {number} n’est jamais refermé : il avale la suite.")

    def _restored(self, frame: pl.DataFrame) -> pl.DataFrame:
        frame = super()._restored(frame)
        guarded = [name for name in self.columns if frame[name].str.starts_with("'").any()]
        return frame.with_columns(pl.col(guarded).str.replace(FORMULA, "$1")) if guarded else frame


def open_delimited(payload: Payload, options: ReadOptions) -> RawTable:
    table = DelimitedTable(payload, detected_encoding(payload, options.encoding), options)
    table.refuse_no_row()
    return table
