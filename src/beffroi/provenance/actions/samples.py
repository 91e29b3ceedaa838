"""Files that serve to try a profile: kept a day for the person who sent them, never loaded."""

import hashlib
import re
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from beffroi.accounts.models import User

KEPT_SECONDS = 24 * 3600
NAME = re.compile(r"[0-9a-f]{64}(\.[A-Za-z0-9]{1,12}){0,2}")


def _folder(by: User) -> Path:
    return Path(settings.DATA) / "uploads" / "samples" / str(by.pk)


def keep_sample(upload: UploadedFile[Any], *, by: User) -> str:
    """The name under which the person finds it again."""
    folder = _folder(by)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - KEPT_SECONDS:
            old.unlink(missing_ok=True)
    content = b"".join(upload.chunks())
    suffixes = "".join(
        suffix for suffix in Path(upload.name or "").suffixes[-2:] if re.fullmatch(r"\.[A-Za-z0-9]{1,12}", suffix)
    )
    name = hashlib.sha256(content).hexdigest() + suffixes
    (folder / name).write_bytes(content)
    return name


def sample_path(name: str, *, by: User) -> Path | None:
    path = _folder(by) / name
    return path if NAME.fullmatch(name) and path.is_file() else None
