"""A table of text as it came: headers, and rows that keep the number a person sees in the file."""

import unicodedata
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from beffroi.connectors.files.limits import Limits, UnreadableFile

ROW, FAULT, SURPLUS = "_row", "_fault", "_surplus"
CORRECTION = ("_ligne", "_colonne", "_motif")
"""Columns that a file of rejections adds, ignored when it comes back corrected."""
RESERVED = {ROW, FAULT, SURPLUS, "_key", "_hash", "_total", "_extras"}
BATCH_CHARACTERS = 32 * 1024**2
KEPT_OF_A_HUGE_CELL = 32_000

Cells = Sequence[str | None]
Record = tuple[int, Cells]


@dataclass(frozen=True)
class Header:
    columns: list[str]
    kept: list[int]
    """Positions of the columns; the others have no header, or come from a file of rejections."""
    nameless: list[int]
    width: int

    @property
    def is_whole(self) -> bool:
        return len(self.kept) == self.width


def _clean(cell: str | None) -> str:
    return " ".join(_printable(unicodedata.normalize("NFC", (cell or "").removeprefix("\ufeff"))).split())


def _printable(text: str) -> str:
    return text.translate({0: None, 0x1F: None})


def _refuse_wrong_names(names: list[str], limits: Limits) -> None:
    if len(names) > limits.columns:
        raise UnreadableFile(f"Le tableau a {len(names)} colonnes ; au plus {limits.columns} sont lues.")
    if long := next((name for name in names if len(name) > limits.header), None):
        raise UnreadableFile(f"Un en-tête fait {len(long)} caractères : « {long[:60]}… ». Vérifiez la ligne d’en-tête.")
    if taken := sorted(RESERVED.intersection(names)):
        raise UnreadableFile("Ces en-têtes sont réservés à Beffroi : " + ", ".join(taken) + ". Renommez ces colonnes.")


def repeated_header(name: str, nth: int) -> str:
    return f"{name} ({nth})"


def _told_apart(names: list[str]) -> list[str]:
    """Columns of one header keep their rank beside it: only a profile that reads one of them must refuse the file."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += bool(name)
        found.append(name if seen[name] < 2 else repeated_header(name, seen[name]))
    return found


def header_of(cells: Cells, limits: Limits) -> Header:
    """Columns of the header row. Raises UnreadableFile when it is blank, has gaps or is too long."""
    names = _told_apart([_clean(cell) for cell in cells])
    _refuse_wrong_names(names, limits)
    filled = [position for position, name in enumerate(names) if name]
    if not filled:
        raise UnreadableFile("La ligne d’en-tête est vide : indiquez la ligne où sont les noms des colonnes.")
    if gaps := [position + 1 for position in range(filled[-1]) if not names[position]]:
        raise UnreadableFile("Des colonnes n’ont pas d’en-tête : n° " + ", ".join(map(str, gaps)) + ".")
    kept = [position for position in filled if names[position] not in CORRECTION]
    nameless = list(range(filled[-1] + 1, len(names)))
    return Header([names[position] for position in kept], kept, nameless, len(names))


@dataclass
class Batch:
    numbers: list[int] = field(default_factory=list)
    cells: list[Cells] = field(default_factory=list)
    faults: dict[int, tuple[str, str | None]] = field(default_factory=dict)


class RawTable(ABC):
    """What `open_table` gives. `encoding` and `delimiter` are empty for formats that have none."""

    encoding = ""
    delimiter = ""
    is_lossy = False
    """Whether decoding may have lost bytes: a row with the replacement character is then refused."""
    header: Header

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.consumed = 0

    @abstractmethod
    def records(self) -> Iterator[Record]:
        """Rows after the header with their numbers, from the start each time it is called."""

    @property
    @abstractmethod
    def progress(self) -> float:
        """Share of the file already read, from 0 to 1."""

    @property
    def columns(self) -> list[str]:
        return self.header.columns

    def refuse_no_row(self) -> None:
        if next((True for _, cells in self.records() if any(cells)), None) is None:
            raise UnreadableFile("Le fichier ne contient que la ligne d’en-tête : il n’y a aucune ligne à lire.")

    def batches(self, size: int = 50_000) -> Iterator[pl.DataFrame]:
        """Frames of at most `size` rows: every column as text (null when empty), `_row` (the header being 1 unless lines
        come before it), `_fault` (why the row cannot be read, else null) and `_surplus` (the cells beyond the last column)."""
        batch, start = Batch(), self.consumed
        for number, cells in self.records():
            if not any(cells):
                continue
            self._add(batch, number, cells)
            if len(batch.numbers) >= size or self.consumed - start > BATCH_CHARACTERS:
                yield self._frame(batch)
                batch, start = Batch(), self.consumed
        if batch.numbers:
            yield self._frame(batch)

    def rows(self, numbers: Collection[int]) -> dict[int, dict[str, str]]:
        """These rows as they came, by number; an empty cell is an empty text, a number that is no row is left out."""
        wanted, found = set(numbers), {}
        for frame in self.batches(5_000):
            for row in frame.filter(pl.col(ROW).is_in(list(wanted))).iter_rows(named=True):
                found[row[ROW]] = {name: row[name] or "" for name in self._names_with(row)}
            if not wanted or frame[ROW][-1] >= max(wanted):
                break
        return found

    def _names_with(self, row: dict[str, str | None]) -> list[str]:
        return [*self.columns, SURPLUS] if row[SURPLUS] else self.columns

    def _add(self, batch: Batch, number: int, cells: Cells) -> None:
        if len(cells) != self.header.width or not self.header.is_whole:
            cells = self._squared(batch, number, cells)
        batch.numbers.append(number)
        batch.cells.append(cells)

    def _squared(self, batch: Batch, number: int, cells: Cells) -> Cells:
        """The cells of the named columns; those missing or in excess make a fault, never a shift."""
        header = self.header
        nameless = [cells[position] for position in header.nameless if position < len(cells)]
        surplus = [cell for cell in [*nameless, *cells[header.width :]] if cell]
        needed = header.width - len(header.nameless)
        if surplus:
            text = f"La ligne a {len(cells)} cellules pour {needed} colonnes : un séparateur est de trop ou sans guillemets."
            batch.faults[number] = (text, _printable(" | ".join(surplus)))
        elif len(cells) < needed:
            batch.faults[number] = (f"La ligne a {len(cells)} cellules pour {needed} colonnes : il en manque.", None)
        return [cells[position] if position < len(cells) else None for position in header.kept]

    def _frame(self, batch: Batch) -> pl.DataFrame:
        columns = zip(*batch.cells, strict=True)
        series = [pl.Series(name, cells, dtype=pl.String) for name, cells in zip(self.columns, columns, strict=True)]
        faults = [batch.faults.get(number, (None, None)) for number in batch.numbers] if batch.faults else []
        nothing = [None] * len(batch.numbers)
        frame = pl.DataFrame(series).with_columns(
            pl.Series(ROW, batch.numbers, dtype=pl.Int64),
            pl.Series(FAULT, [sentence for sentence, _ in faults] or nothing, dtype=pl.String),
            pl.Series(SURPLUS, [surplus for _, surplus in faults] or nothing, dtype=pl.String),
        )
        return self._without_bad_cells(self._restored(frame))

    def _restored(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(pl.col(self.columns).replace("", None))

    def _without_bad_cells(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Cells too long, with control characters or with bytes lost in decoding make a fault of their row."""
        cells = pl.col(self.columns)
        tests = [(f"fait plus de {self.limits.cell // 1024} Ko", cells.str.len_bytes() > self.limits.cell)]
        tests.append(("contient un caractère de contrôle", cells.str.contains(r"[\x00\x1f]")))
        if self.is_lossy:
            tests.append(
                ("contient un caractère illisible dans l’encodage du fichier", cells.str.contains("\ufffd", literal=True))
            )
        for sentence, test in tests:
            frame = self._fault_where(frame, sentence, test)
        if frame[FAULT].null_count() == frame.height:
            return frame
        shortened = cells.str.replace_all(r"[\x00\x1f]", "").str.slice(0, KEPT_OF_A_HUGE_CELL)
        return frame.with_columns(pl.when(pl.col(FAULT).is_null()).then(cells).otherwise(shortened).name.keep())

    def _fault_where(self, frame: pl.DataFrame, sentence: str, test: pl.Expr) -> pl.DataFrame:
        found = frame.select(test.fill_null(False))
        for name in [name for name in self.columns if found[name].any()]:
            text = pl.lit(f"La cellule « {name[:80]} » {sentence}.")
            hit = found[name] & frame[FAULT].is_null()
            frame = frame.with_columns(pl.when(hit).then(text).otherwise(pl.col(FAULT)).alias(FAULT))
        return frame
