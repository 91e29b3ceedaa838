"""Where the table of a profile is in a file: at the place it says, else lower or on another sheet when it may be looked for."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from beffroi.connectors.files import RawTable, ReadOptions, UnreadableFile, open_table
from beffroi.connectors.matching import matched
from beffroi.connectors.profile import Profile

ROWS, SHEETS = 15, 8
WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".ods"}


def open_for(profile: Profile, path: Path | str) -> RawTable:
    """The table that a profile reads. Raises UnreadableFile, which says what is wrong where the profile looks first."""
    try:
        return _matching(profile, path, profile.read_options)
    except UnreadableFile as error:
        found = _elsewhere(profile, Path(path)) if profile.seeks_header else None
        if found is None:
            raise error
        return found


def _matching(profile: Profile, path: Path | str, options: ReadOptions) -> RawTable:
    table = open_table(path, options=options)
    matched(profile, table.columns)
    return table


def _elsewhere(profile: Profile, path: Path) -> RawTable | None:
    for options in _places(profile, path):
        try:
            return _matching(profile, path, options)
        except UnreadableFile:
            continue
    return None


def _places(profile: Profile, path: Path) -> Iterator[ReadOptions]:
    first = profile.read_options
    sheets: list[str | int | None] = [*range(1, SHEETS + 1)] if WORKBOOKS.intersection(path.suffixes) else [first.sheet]
    for sheet in sheets:
        for row in range(1, ROWS + 1):
            yield replace(first, sheet=sheet, header_row=row)
