"""Which encoding a delimited file is written in: all of it is read once, because one bad byte may come last."""

import codecs
import io
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from beffroi.connectors.files.containers import Payload
from beffroi.connectors.files.limits import UnreadableFile

CHUNK = 1024**2
SAMPLE = 256 * 1024
BOMS = [(codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")]  # fmt: skip
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
TEXT_FAMILIES = ("utf-8", "utf-16", "utf-32", "cp", "iso8859", "mac", "ascii")
UNDEFINED_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")

# Letters beyond ASCII that running text of a language uses, the usual ones first: an order is enough to tell encodings apart.
ALPHABETS = {
    "cp1252": ["éèàêçùôîâûëïœÉÀÈÊÇ’«»°–…€", "äöüßÄÖÜ–“„", "ñáéíóúüÑ¿¡ºª", "ãçáéíóúâêõàÃÇºª", "àèéìòùÈÀ°’", "åäöøæÅÄÖØÆ"],
    "cp1250": ["łąężćóśńźŁŚŻŹĆ–„”", "íáéěčřžýšůúťďňóČŘŠŽÚ", "áéíóöőúüűÁÉÖÜŐ–", "šćčžđŠĆČŽĐ", "ăîâşţÎŞŢ–„”", "áíéčžýšúľťôňäŕď"],
    "cp1253": ["αοιετσνηυρπκμλςίόάέήώγδβχθύφωξζψϊΑΕΠΚΜΤΣΔΙΟΓΗΝΡΛΒΘΧΦΆΈΌ«»–"],
}


@dataclass(frozen=True)
class Encoding:
    name: str
    is_lossy: bool = False
    size: int = 0
    """Bytes of the whole content."""


def _share_explained(text: str, alphabet: str) -> float:
    """Between 0 and 1: how much the letters beyond ASCII of a text are those of a language, usual letters counting more."""
    letters = [letter for letter in text if letter > "\x7f" and letter not in "\u00a0\u202f"]
    weight = {letter: 1 - 0.5 * rank / len(alphabet) for rank, letter in enumerate(alphabet)}
    return sum(weight.get(letter, -0.5) for letter in letters) / max(1, len(letters))


def _likeness(sample: bytes, encoding: str) -> float:
    text = sample.decode(encoding, errors="replace")
    return max(_share_explained(text, alphabet) for alphabet in ALPHABETS[encoding])


def _one_byte_encoding(sample: bytes) -> str:
    """Western (French first), Central European or Greek; charset-normalizer decides between two that explain it alike."""
    scores = {encoding: _likeness(sample, encoding) for encoding in ALPHABETS}
    best = max(scores, key=lambda encoding: scores[encoding])
    close = [encoding for encoding, score in scores.items() if score > scores[best] - 0.04]
    if len(close) > 1:
        guess = from_bytes(sample, cp_isolation=close).best()
        best = close[0] if guess is None or "cp1252" in close else guess.encoding
    if best == "cp1252" and UNDEFINED_IN_CP1252.search(sample):
        return "latin-1"
    return best


def _is_damaged_utf8(sample: bytes) -> bool:
    """Mostly right UTF-8: a few bytes were lost, the rows that hold them are rejected."""
    text = sample.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    return sum(letter > "\x7f" for letter in text) - bad > 10 * bad


@dataclass
class _Reading:
    is_utf8: bool = True
    sample: bytes = b""
    size: int = 0


def _refuse_binary(chunk: bytes) -> None:
    if len(CONTROL.findall(chunk[:SAMPLE])) > max(5, len(chunk[:SAMPLE]) / 100):
        raise UnreadableFile("Ce n’est pas un texte : enregistrez le tableau en CSV (UTF-8) ou envoyez un classeur.")


def _read_through(payload: Payload) -> _Reading:
    reading, decoder = _Reading(), codecs.getincrementaldecoder("utf-8")()
    with io.BufferedReader(payload.open_stream(), CHUNK) as stream:
        while chunk := stream.read(CHUNK):
            if not reading.size:
                _refuse_binary(chunk)
            reading.size += len(chunk)
            if len(reading.sample) < SAMPLE and not chunk.isascii():
                reading.sample += b"\n".join(line for line in chunk.split(b"\n") if not line.isascii())[:SAMPLE]
            reading.is_utf8 = reading.is_utf8 and _decodes(decoder, chunk)
    reading.is_utf8 = reading.is_utf8 and _decodes(decoder, b"", final=True)
    return reading


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _size(payload: Payload) -> int:
    with io.BufferedReader(payload.open_stream(), CHUNK) as stream:
        return sum(len(chunk) for chunk in iter(lambda: stream.read(CHUNK), b""))


def detected_encoding(payload: Payload, wanted: str | None) -> Encoding:
    """A byte order mark wins over what the profile asks, which wins over what the content looks like."""
    with payload.open_stream() as stream:
        head = stream.read(4) or b""
    mark = next((name for bom, name in BOMS if head.startswith(bom)), None)
    if mark == "utf-8-sig":
        reading = _read_through(payload)
        return Encoding(mark, is_lossy=not reading.is_utf8, size=reading.size)
    if mark:
        return Encoding(mark, is_lossy=True, size=_size(payload))
    if wanted:
        return Encoding(_known(wanted), is_lossy=True, size=_size(payload))
    reading = _read_through(payload)
    if reading.is_utf8:
        return Encoding("utf-8", size=reading.size)
    if _is_damaged_utf8(reading.sample):
        return Encoding("utf-8", is_lossy=True, size=reading.size)
    return Encoding(_one_byte_encoding(reading.sample), is_lossy=True, size=reading.size)


def _known(name: str) -> str:
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        found = ""
    if not found.startswith(TEXT_FAMILIES):
        raise UnreadableFile(f"L’encodage « {name[:40]} » n’est pas connu : choisissez par exemple utf-8 ou cp1252.")
    return {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(found, found)  # no byte order mark: the usual order
