"""Files kept as they came, by their hash."""

import hashlib
import shutil
from datetime import date
from pathlib import Path
from typing import Any

from beffroi.accounts.models import User
from beffroi.provenance.models import Snapshot, Source

BLOCK = 1024 * 1024


def register_source(code: str, *, title: str, publisher: str, **fields: Any) -> Source:
    source, _ = Source.objects.update_or_create(code=code, defaults={"title": title, "publisher": publisher, **fields})
    return source


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def take_snapshot(
    path: Path,
    *,
    source: Source,
    filename: str = "",
    as_of: date | None = None,
    published_on: date | None = None,
    by: User | None = None,
) -> Snapshot:
    """Keep the file in the data folder; the same file of a source, speaking for the same date, is one snapshot."""
    snapshot, _ = Snapshot.objects.get_or_create(
        source=source,
        sha256=_sha256(path),
        filename=(filename or path.name)[:255],
        as_of=as_of,
        defaults={"size": path.stat().st_size, "published_on": published_on, "taken_by": by},
    )
    kept = snapshot.path
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_name(f"{kept.name}.partial")
        shutil.copyfile(path, partial)
        partial.rename(kept)
    return snapshot
