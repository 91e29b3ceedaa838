"""What a file may weigh before reading it would harm the server."""

from dataclasses import dataclass, field


class UnreadableFile(ValueError):
    """The whole file is refused; the text is a French sentence that tells a person what to correct."""


@dataclass(frozen=True)
class Limits:
    uncompressed: int = 4 * 1024**3
    """Bytes once unpacked."""
    in_memory: int = 512 * 1024**2
    """Bytes of a document that is read whole: workbook, packed Parquet."""
    json: int = 128 * 1024**2
    """Bytes of a JSON document, which takes ten times as much once read."""
    ratio: int = 200
    """Unpacked bytes for one packed byte: beyond it, the archive is a trap (ordinary CSV packs 5 to 50 times)."""
    cell: int = 1024**2
    """Bytes of one cell; beyond it the row is rejected, not the file."""
    line: int = 64 * 1024**2
    """Characters of one record; beyond it a quote was never closed."""
    columns: int = 2000
    header: int = 300
    sheet_cells: int = 60_000_000
    """Cells of the rectangle that a sheet spans."""


@dataclass(frozen=True)
class ReadOptions:
    sheet: str | int | None = None
    """Name or position from 1 of the sheet; the first one by default."""
    header_row: int = 1
    encoding: str | None = None
    delimiter: str | None = None
    header_fills: bool = False
    """Whether columns without a header are named after the one before them."""
    limits: Limits = field(default_factory=Limits)
