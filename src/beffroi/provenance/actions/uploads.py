"""Files that people send through the site: written to the data folder, then kept as snapshots like any other."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import slugify

from beffroi.accounts.models import User
from beffroi.provenance.actions.snapshots import take_snapshot
from beffroi.provenance.models import Snapshot, Source


@contextmanager
def written_upload(upload: UploadedFile[Any]) -> Iterator[Path]:
    """The uploaded file on disk, for as long as the block lasts."""
    folder = Path(settings.DATA) / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=_suffixes(upload.name or "")) as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        yield Path(file.name)


def _suffixes(name: str) -> str:
    return "".join(Path(name).suffixes[-2:])


def keep_upload(
    upload: UploadedFile[Any], *, source: Source, as_of: date | None, published_on: date | None, by: User
) -> Snapshot:
    with written_upload(upload) as path:
        return take_snapshot(
            path, source=source, filename=upload.name or path.name, as_of=as_of, published_on=published_on, by=by
        )


def free_source_code(title: str) -> str:
    """A code for a new source, made from its title and taken by no other."""
    wanted = slugify(title)[:70] or "source"
    taken = set(Source.objects.filter(code__startswith=wanted).values_list("code", flat=True))
    return next(
        code for number in range(1, len(taken) + 2) if (code := wanted if number == 1 else f"{wanted}-{number}") not in taken
    )
