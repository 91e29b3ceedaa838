"""The rows of a stored file, as its profile names their columns: what a source wrote, whatever became of it since."""

from functools import lru_cache
from pathlib import Path

from beffroi.connectors.files import ROW, open_table
from beffroi.connectors.matching import matched
from beffroi.connectors.profile import Profile
from beffroi.provenance.models import Load

Raw = dict[str, str]
FILES_KEPT = 64


def stored_rows(load: Load) -> dict[int, Raw]:
    return _rows_of(load.snapshot.path, Profile.model_validate(load.profile.definition).model_dump_json())


@lru_cache(maxsize=FILES_KEPT)
def _rows_of(path: Path, definition: str) -> dict[int, Raw]:
    """A stored file never changes, its name is its hash: it is read once."""
    profile = Profile.model_validate_json(definition)
    table = open_table(path, options=profile.read_options)
    headers = {field: header for field, header in matched(profile, table.columns).headers.items() if header is not None}
    return {
        row[ROW]: {field: row[header] or "" for field, header in headers.items()}
        for frame in table.batches()
        for row in frame.iter_rows(named=True)
    }
