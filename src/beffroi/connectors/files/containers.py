"""What a file holds, told by its first bytes, and its content unpacked under limits."""

import gzip
import io
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePath
from typing import IO, Any, cast

from beffroi.connectors.files.limits import Limits, UnreadableFile

HEAD = 4096
RATIO_STARTS_AT = 10 * 1024**2  # a small file may pack very well without harm
ZIP, GZIP, PARQUET, OLE = b"PK\x03\x04", b"\x1f\x8b", b"PAR1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BINARY = {b"%PDF": "un document PDF", b"\x89PNG": "une image", b"\xff\xd8\xff": "une image", b"GIF8": "une image",
          b"{\\rtf": "un document RTF", b"Rar!": "une archive RAR", b"7z\xbc\xaf": "une archive 7z",
          b"BZh": "une archive bzip2", b"\xfd7zXZ": "une archive xz", b"SQLite format 3": "une base SQLite"}  # fmt: skip


# What Python's readers of archives raise on damaged bytes (found by fuzzing).
BROKEN = (EOFError, OSError, ValueError, RuntimeError, LookupError, OverflowError, struct.error, zlib.error, lzma.LZMAError,
          zipfile.BadZipFile)  # fmt: skip


class Kind(Enum):
    TEXT = "un texte délimité"
    JSON = "un document JSON"
    PARQUET = "une table Parquet"
    WORKBOOK = "un classeur"


EXTENSIONS = {".csv": Kind.TEXT, ".tsv": Kind.TEXT, ".tab": Kind.TEXT, ".json": Kind.JSON, ".parquet": Kind.PARQUET,
              ".xlsx": Kind.WORKBOOK, ".xlsm": Kind.WORKBOOK, ".xls": Kind.WORKBOOK, ".ods": Kind.WORKBOOK}  # fmt: skip


class CountedStream(io.RawIOBase):
    """Unpacked bytes, counted, stopped at the limits; a damaged archive becomes a sentence."""

    def __init__(self, stream: IO[bytes], packed: int, limits: Limits) -> None:
        self.stream, self.packed, self.limits, self.done = stream, packed, limits, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self.stream.read(len(buffer))
        except BROKEN as error:
            raise UnreadableFile("L’archive est abîmée ou incomplète : envoyez-la de nouveau.") from error
        self.done += len(data)
        self._stop_at_limits()
        buffer[: len(data)] = data
        return len(data)

    def _stop_at_limits(self) -> None:
        if self.done > self.limits.uncompressed:
            raise UnreadableFile(f"Le fichier dépasse {self.limits.uncompressed // 1024**2} Mo une fois décompressé.")
        if self.done > max(RATIO_STARTS_AT, self.packed * self.limits.ratio):
            raise UnreadableFile(
                f"Décompressée, l’archive pèserait plus de {self.limits.ratio} fois sa taille : elle n’est pas lue."
            )

    def close(self) -> None:
        self.stream.close()
        super().close()


@dataclass(frozen=True)
class Payload:
    """The content of a file once unpacked. `open_stream` starts it again from its first byte."""

    path: Path
    kind: Kind
    packed: int
    limits: Limits
    opener: Callable[[], IO[bytes]]
    is_plain: bool = True
    """Whether the file itself is the content, neither in a gzip nor in a zip."""

    def open_stream(self) -> CountedStream:
        return CountedStream(self.opener(), self.packed, self.limits)

    def content(self, most: int) -> bytes:
        """All bytes, for formats that cannot be read little by little."""
        with io.BufferedReader(self.open_stream()) as stream:
            data = stream.read(most + 1)
        if len(data) > most:
            raise UnreadableFile(f"Ce document dépasse {most // 1024**2} Mo : envoyez-le en CSV.")
        return data


def _zip_kind(names: list[str]) -> Kind | None:
    if "[Content_Types].xml" in names:
        if any(name.startswith("xl/") for name in names):
            return Kind.WORKBOOK
        raise UnreadableFile("C’est un document bureautique sans feuille de calcul : envoyez un classeur ou un CSV.")
    return Kind.WORKBOOK if "mimetype" in names and "content.xml" in names else None


def _members(path: Path) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            return [member for member in archive.infolist() if not member.is_dir()]
    except BROKEN as error:
        raise UnreadableFile("Le fichier est abîmé ou incomplet : envoyez-le de nouveau.") from error


def _refuse_bomb(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if total > limits.in_memory or total > max(RATIO_STARTS_AT, packed * limits.ratio):
        raise UnreadableFile("Le classeur est trop volumineux une fois décompressé : envoyez-le en CSV.")


def _open_member(path: Path, name: str) -> IO[bytes]:
    try:
        return zipfile.ZipFile(path).open(name)
    except BROKEN as error:
        raise UnreadableFile("L’archive est protégée ou abîmée : envoyez le fichier sans mot de passe.") from error


def _single_member(members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    real = [member for member in members if not member.filename.startswith("__MACOSX/")]
    if len(real) != 1:
        raise UnreadableFile(f"L’archive contient {len(real)} fichiers : envoyez-en une qui n’en contient qu’un.")
    return real[0]


def _kind_of(head: bytes, extension: str) -> Kind:
    """The kind that the content shows; the extension only says if a text is JSON."""
    if head.startswith(PARQUET):
        return Kind.PARQUET
    if head.startswith(OLE):
        return Kind.WORKBOOK
    for magic, noun in BINARY.items():
        if head.startswith(magic):
            raise UnreadableFile(f"C’est {noun}, pas un tableau : envoyez un CSV, un classeur, un JSON ou un Parquet.")
    if head.startswith((ZIP, GZIP)):
        raise UnreadableFile("L’archive contient une autre archive : envoyez le fichier directement.")
    looks_json = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"[", b"{")
    return Kind.JSON if extension == ".json" or (looks_json and extension not in EXTENSIONS) else Kind.TEXT


def _agreed(kind: Kind, extension: str) -> Kind:
    said = EXTENSIONS.get(extension, kind)
    if said is not kind:
        raise UnreadableFile(f"L’extension {extension} annonce {said.value} mais le contenu est {kind.value} : renommez-le.")
    return kind


def _head(opener: Callable[[], IO[bytes]], packed: int, limits: Limits) -> bytes:
    with CountedStream(opener(), packed, limits) as stream:
        return stream.read(HEAD) or b""


def _unpacker(path: Path, head: bytes) -> tuple[Callable[[], IO[bytes]], str]:
    if head.startswith(GZIP):
        return lambda: cast("IO[bytes]", gzip.open(path)), PurePath(path.stem).suffix.lower()
    member = _single_member(_members(path))
    return lambda: _open_member(path, member.filename), PurePath(member.filename).suffix.lower()


def open_payload(path: Path, limits: Limits) -> Payload:
    """What is in the file. Raises UnreadableFile when it is missing, empty, damaged, a trap or not a table."""
    try:
        packed = os.stat(path).st_size
        head = _head(lambda: path.open("rb"), packed, limits)
    except OSError as error:
        raise UnreadableFile("Le fichier est introuvable ou ne peut pas être ouvert.") from error
    if not head:
        raise UnreadableFile("Le fichier est vide.")
    extension = path.suffix.lower()
    if head.startswith(ZIP) and (workbook := _zip_kind([member.filename for member in _members(path)])):
        _refuse_bomb(_members(path), limits)
        return Payload(path, _agreed(workbook, extension), packed, limits, lambda: path.open("rb"))
    if not head.startswith((ZIP, GZIP)):
        return Payload(path, _agreed(_kind_of(head, extension), extension), packed, limits, lambda: path.open("rb"))
    opener, extension = _unpacker(path, head)
    if not (head := _head(opener, packed, limits)):
        raise UnreadableFile("L’archive contient un fichier vide.")
    return Payload(path, _agreed(_kind_of(head, extension), extension), packed, limits, opener, is_plain=False)
