"""Files that people should never send: real ones, saved in every format, then broken in every way we know of."""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

import openpyxl
import polars as pl
from hypothesis import strategies as st

from beffroi.connectors.profile import Profile, seeded_profiles

FACTS = Path(__file__).parents[2] / "src" / "beffroi" / "web" / "data" / "facts"
SAMPLE = 12
OTHER_NAMES = {"lieux": "places", "anciennes-regions": "former_regions"}
PROFILES = {profile.code: profile for profile in seeded_profiles()}
Rows = list[list[str]]
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="a">{}</table:table></office:spreadsheet></office:body>'
    "</office:document-content>"
)
NASTY = (
    "", " ", "=1+1", "@SOMME(A1)", "+33 3 20", "-", "=HYPERLINK(1)",
    "\x00", "a\x00b", "\ufffd", "\ufeff", "\u202e", "é" * 600,
    "1e308", "-1e99", "1e400", "NaN", "inf", "9" * 40, "0,1,2", "1 000 000,5", "-0", "0x10", "١٢", "½", "12%",
    "0000-00-00", "9999-12-31", "10000-01-01", "2009-02-30", "31/02/2010", "2007/1900", "2009-Q9", "0001", "99999",
    "a=1;a=2", "=;=", ";;;", "{", "[]", "{\"a\": 1}", "None", "null", "\"", "'", "';DROP TABLE", "\r\n", "\u2028", "\ud7ff",
    "🦊" * 50, "x\x1fy",
)  # fmt: skip
EXTENSIONS = (
    ".csv",
    ".tsv",
    ".xlsx",
    ".xls",
    ".ods",
    ".json",
    ".parquet",
    ".gz",
    ".zip",
    ".csv.gz",
    ".csv.zip",
    ".pdf",
    "",
    ".CSV",
)


@dataclass(frozen=True)
class Sent:
    name: str
    content: bytes

    def __repr__(self) -> str:
        return f"{self.name} {len(self.content)} bytes {self.content[:80]!r}"


@cache
def real_rows(code: str) -> Rows:
    """The header and first rows of a real file for this profile; its headers alone when there is none."""
    name = OTHER_NAMES.get(code, code.removeprefix("facts-").replace("-", "_"))
    for path in [FACTS / f"{name}.csv", *sorted(FACTS.glob(f"*/{name}.csv"))]:
        if path.exists():
            with path.open(encoding="utf-8-sig", newline="") as file:
                return list(islice(csv.reader(file), SAMPLE))
    names = [column.name for column in PROFILES[code].columns]
    return [names, *([f"{name} {number}" for name in names] for number in range(3))]


def as_csv(rows: Rows, delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def as_xlsx(rows: Rows) -> bytes:
    book, out = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("a")
    for row in rows:
        sheet.append([openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", cell)[:32_000] for cell in row])
    book.save(out)
    return out.getvalue()


def _escaped(text: str) -> str:
    legal = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", text)
    return legal.replace("&", "&amp;").replace("<", "&lt;").replace("\ufffe", "")


def as_ods(rows: Rows) -> bytes:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = ["<table:table-row>" + "".join(cell.format(_escaped(text)) for text in row) + "</table:table-row>" for row in rows]
    return zipped({"mimetype": ODS_TYPE.encode(), "content.xml": ODS.format("".join(lines)).encode()})


def as_json(rows: Rows) -> bytes:
    header, *others = rows or [[]]
    return json.dumps([dict(zip(header, row, strict=False)) for row in others]).encode()


def as_parquet(rows: Rows) -> bytes:
    header, *others = rows or [[]]
    names = list(dict.fromkeys(header))
    columns = {name: [row[at] if at < len(row) else None for row in others] for at, name in enumerate(names)}
    out = io.BytesIO()
    pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String)).write_parquet(out)
    return out.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


FORMATS: dict[str, Callable[[Rows], bytes]] = {
    ".csv": as_csv,
    ".tsv": lambda rows: as_csv(rows, "\t"),
    ".xlsx": as_xlsx,
    ".ods": as_ods,
    ".json": as_json,
    ".parquet": as_parquet,
    ".csv.gz": lambda rows: gzip.compress(as_csv(rows, ";"), mtime=0),
    ".zip": lambda rows: zipped({"a.csv": as_csv(rows, ";")}),
}


@st.composite
def odd_rows(draw: st.DrawFn, profile: Profile) -> Rows:
    """Real rows with strange cells, or a header that does not fit them."""
    rows = [list(row) for row in real_rows(profile.code)]
    for _ in range(draw(st.integers(0, 6))):
        row = rows[draw(st.integers(0, len(rows) - 1))]
        at = draw(st.integers(0, max(0, len(row) - 1)))
        kind = draw(st.sampled_from(("replace", "replace", "text", "insert", "remove", "repeat", "empty")))
        if kind == "insert":
            row.insert(at, draw(st.sampled_from(NASTY)))
        elif kind == "remove" and row:
            del row[at]
        elif kind == "repeat":
            row.extend(row[:1])
        elif kind == "empty":
            row.clear()
        elif row:
            row[at] = draw(st.text(max_size=40) if kind == "text" else st.sampled_from(NASTY))
    return rows


@st.composite
def broken_bytes(draw: st.DrawFn, content: bytes) -> bytes:
    """What a failing disk, a cut line or a wrong program does to a file."""
    harm = draw(st.sampled_from(("none", "none", "cut", "flip", "insert", "twice", "recode", "quote", "ends")))
    at = len(content) * draw(st.integers(0, 9_999)) // 10_000  # a workbook holds the hour: its length is never twice the same
    if harm == "cut":
        return content[:at]
    if harm == "flip":
        return content[:at] + draw(st.binary(min_size=1, max_size=8)) + content[at + 1 :]
    if harm == "insert":
        return content[:at] + draw(st.binary(max_size=60)) + content[at:]
    if harm == "recode":
        encoding = draw(
            st.sampled_from(("cp1252", "utf-16", "utf-16-be", "cp1253", "utf-8-sig", "utf-32", "cp500", "shift-jis"))
        )
        return content.decode("utf-8", "replace").encode(encoding, "replace")
    simple = {"twice": content + content, "quote": content[:at] + b'"' + content[at:], "ends": content.replace(b"\n", b"\r")}
    return simple.get(harm, content)


@st.composite
def sent_files(draw: st.DrawFn, profile: Profile) -> Sent:
    if draw(st.integers(0, 9)) == 0:
        return Sent("fichier" + draw(st.sampled_from(EXTENSIONS)), draw(st.binary(max_size=300)))
    extension = draw(st.sampled_from(tuple(FORMATS)))
    content = draw(broken_bytes(FORMATS[extension](draw(odd_rows(profile)))))
    kept = draw(st.integers(0, 9)) > 0
    return Sent("fichier" + (extension if kept else draw(st.sampled_from(EXTENSIONS))), content)


def giants(profile: Profile) -> dict[str, Sent]:
    """What is too heavy to be drawn at random: vast cells, bombs, endless lines."""
    header, first = real_rows(profile.code)[:2]
    vast = [header, [first[0], *(["x" * 10_000_000] * (len(first) > 1)), *first[2:]], first]
    zeros = b"0" * 60_000_000
    return {
        "a cell of 10 MB": Sent("a.csv", as_csv(vast)),
        "a cell of 10 MB in JSON": Sent("a.json", as_json(vast)),
        "a cell of 10 MB in Parquet": Sent("a.parquet", as_parquet(vast)),
        "a zip bomb": Sent("a.zip", zipped({"a.csv": zeros})),
        "a gzip bomb": Sent("a.csv.gz", gzip.compress(zeros, mtime=0)),
        "a workbook bomb": Sent("a.ods", zipped({"mimetype": ODS_TYPE.encode(), "content.xml": zeros})),
        "a zip of zips": Sent("a.zip", zipped({"b.zip": zipped({"a.csv": zeros})})),
        "an archive of two": Sent("a.zip", zipped({"a.csv": b"a\n1\n", "b.csv": b"a\n1\n"})),
        "an endless line": Sent("a.csv", as_csv([header]) + b"x" * 70_000_000),
        "a million delimiters": Sent("a.csv", b";" * 1_000_000),
        "five thousand columns": Sent("a.csv", as_csv([[f"c{n}" for n in range(5_000)], ["1"] * 5_000])),
        "a deep JSON": Sent("a.json", b"[" * 100_000),
        "a huge number in JSON": Sent("a.json", b'[{"a": ' + b"9" * 5_000 + b"}]"),
        "nothing": Sent("a.csv", b""),
        "a header alone": Sent("a.csv", as_csv([header])),
        "blank lines": Sent("a.csv", b"\n\n\n\r\n"),
        "a header twice": Sent("a.csv", as_csv([header + header, first + first])),
    }
