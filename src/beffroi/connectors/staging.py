"""What a check leaves in a folder for the load to apply: typed parts, rejections, and a last file that says all is there."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import polars as pl

MANIFEST, PARTS, REJECTIONS = "checked.json", "part-*.parquet", "rejections-*.parquet"
REJECTION_SCHEMA = {"row": pl.Int64, "column": pl.String, "value": pl.String, "sentence": pl.String, "content": pl.String}


class UnfinishedStaging(ValueError):
    """The folder holds no finished check."""

    def __init__(self) -> None:
        super().__init__("Le contrôle de ce fichier n’est pas terminé : relancez-le.")


@dataclass(frozen=True)
class Checked:
    """`read` = `accepted` + `rejected` rows; `columns`: those of the file, in its order; `ignored`: those no field uses."""

    read: int
    accepted: int
    rejected: int
    encoding: str = ""
    delimiter: str = ""
    columns: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    parts: int = 0


class Staging:
    """Writes parts; nothing counts until `finish`. A folder left half-written by a kill is emptied at the next check."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.parts, self.rejections = folder, 0, 0
        self.clear()

    def clear(self) -> None:
        (self.folder / MANIFEST).unlink(missing_ok=True)  # first: without it the rest is worth nothing
        for pattern in (PARTS, REJECTIONS, "*.partial"):
            for path in self.folder.glob(pattern):
                path.unlink()
        self.folder.mkdir(parents=True, exist_ok=True)

    def add(self, rows: pl.DataFrame) -> None:
        if rows.height:
            _write(rows, self.folder / f"part-{self.parts:05}.parquet")
            self.parts += 1

    def reject(self, rejections: pl.DataFrame) -> None:
        if rejections.height:
            _write(rejections, self.folder / f"rejections-{self.rejections:05}.parquet")
            self.rejections += 1

    def remove(self, rows: set[int]) -> None:
        """Takes rows out of the parts already written."""
        for path in sorted(self.folder.glob(PARTS)) if rows else []:
            frame = pl.read_parquet(path)
            kept = frame.filter(~pl.col("_row").is_in(list(rows)))
            if kept.height < frame.height:
                _write(kept, path)

    def finish(self, checked: Checked) -> None:
        partial = self.folder / f"{MANIFEST}.partial"
        partial.write_text(json.dumps(asdict(checked), ensure_ascii=False), "utf-8")
        partial.replace(self.folder / MANIFEST)


def _write(frame: pl.DataFrame, path: Path) -> None:
    partial = path.with_suffix(".partial")
    frame.write_parquet(partial)
    partial.replace(path)


def finished_check(folder: Path) -> Checked | None:
    """What a finished check counted; None when there is none, or only the remains of one."""
    try:
        return Checked(**json.loads((folder / MANIFEST).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def read_staged(folder: Path, columns: list[str] | None = None) -> Iterator[pl.DataFrame]:
    """Accepted rows, part by part. Raises UnfinishedStaging when no check has ended there."""
    if finished_check(folder) is None:
        raise UnfinishedStaging
    for path in sorted(folder.glob(PARTS)):
        yield pl.read_parquet(path, columns=columns)


def discard(folder: Path) -> None:
    """Removes the folder once its load is applied or given up."""
    shutil.rmtree(folder, ignore_errors=True)
