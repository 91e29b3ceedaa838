"""What a source row said in full, read back from the kept file: nothing of it is copied in the database."""

from collections import defaultdict
from collections.abc import Iterable

from beffroi.connectors.files import UnreadableFile
from beffroi.connectors.locating import open_for
from beffroi.connectors.matching import matched
from beffroi.connectors.profile import load_profile
from beffroi.provenance.models import Load


def raw_fields(rows: Iterable[tuple[int, int]]) -> dict[tuple[int, int], dict[str, str]]:
    """For each (load, row): the fields of its profile as they were written; a file that is no longer there says nothing."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for load, row in rows:
        wanted[load].add(row)
    found: dict[tuple[int, int], dict[str, str]] = {}
    for load in Load.objects.filter(pk__in=wanted).select_related("profile", "snapshot"):
        found |= {(load.pk, row): fields for row, fields in _fields_of(load, wanted[load.pk]).items()}
    return found


def _fields_of(load: Load, rows: set[int]) -> dict[int, dict[str, str]]:
    profile = load_profile(load.profile.definition)
    try:
        table = open_for(profile, load.snapshot.path)
        headers = {field: header for field, header in matched(profile, table.columns).headers.items() if header}
        raw = table.rows(rows)
    except UnreadableFile:
        return {}
    return {row: {field: cells.get(header) or "" for field, header in headers.items()} for row, cells in raw.items()}
