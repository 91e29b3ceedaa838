"""Cells of one column, from text to what the profile says. Each distinct text is read once."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from beffroi.connectors.identifiers import follows_luhn, is_siret
from beffroi.connectors.numbers import exact_number, without_currency
from beffroi.connectors.periods import MONTHS, UnreadablePeriod, full_year, parse_period
from beffroi.connectors.profile import Column, Type
from beffroi.connectors.words import folded

DECIMAL = pl.Decimal(38, 6)
YES, NO = {"oui", "o", "vrai", "true", "yes", "y", "1", "x"}, {"non", "n", "faux", "false", "no", "0"}
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?", re.ASCII)
YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?: \d{2}:\d{2}(?::\d{2})?)?", re.ASCII)
EXCEL_DAY = re.compile(r"[2-6]\d{4}(?:\.0+)?", re.ASCII)
FRENCH_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: \d{2}:\d{2}(?::\d{2})?)?", re.ASCII)
NAMED_DAY = re.compile(r"(\d{1,2})(?:er|\.)?[ -]+([^\W\d_]+)\.?[ -]+(\d{2}|\d{4})")
NAMED_MONTH = re.compile(r"([^\W\d_]+)\.?[ -]+(\d{2}|\d{4})")
WHOLE_YEAR = re.compile(r"(\d{4})\.0+", re.ASCII)
HUNDRED = Decimal(100)
Read = tuple[str | date | bool | None, ...]


class CellFault(ValueError):
    """The cell cannot be read; the text says what was expected."""


@dataclass(frozen=True)
class Converted:
    """`columns`: what is staged; `normal`: the text that stands for the value in digests; `fault`: null where all is well."""

    columns: dict[str, pl.Series]
    normal: pl.Series
    fault: pl.Series


def _number(text: str, column: Column) -> str:
    number = exact_number(text, comma=column.decimal_comma, multiplier=column.multiplier)
    if number is None:
        raise CellFault("n’est pas un nombre : attendu par exemple 1234,5")
    if len(number.lstrip("-").partition(".")[0]) > 18:
        raise CellFault("est un nombre trop grand")
    return number


def read_decimal(text: str, column: Column) -> Read:
    """« 45 % » is 0.45 where the profile says that a share may be written so: the sign says it."""
    if column.percent_sign and text.endswith("%"):
        column = column.model_copy(update={"multiplier": column.multiplier / HUNDRED})
        number = _number(text.removesuffix("%").strip(), column)
    else:
        number = _number(text, column)
    return number, number, text


def read_euros(text: str, column: Column) -> Read:
    plain, currency = without_currency(text)
    if currency not in (None, "EUR"):
        raise CellFault(f"n’est pas en euros mais en {currency}")
    number = _number(plain, column)
    return number, number, text


def read_money(text: str, column: Column) -> Read:
    """An amount and the currency written beside it, unknown when there is none."""
    plain, currency = without_currency(text)
    number = _number(plain, column)
    return f"{number} {currency or ''}", number, text, currency


def read_integer(text: str, column: Column) -> Read:
    number = _number(text, column)
    if "." in number:
        raise CellFault("n’est pas un nombre entier")
    return number, number


def _day(text: str) -> date | None:
    """The day of an ISO or French date, with or without a time; None when the text has another shape."""
    if match := ISO_DAY.fullmatch(text) or YEAR_FIRST.fullmatch(text):
        year, month, day = match.groups()
    elif match := FRENCH_DAY.fullmatch(text):
        day, month, year = match.groups()
    elif (match := NAMED_DAY.fullmatch(text)) and folded(match[2]) in MONTHS:
        day, month, year = match[1], str(MONTHS[folded(match[2])]), full_year(match[3])
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise CellFault("n’est pas une date qui existe") from error


def _excel_hint(text: str) -> str:
    """A number of days as a spreadsheet keeps it is not read: nothing tells it from another number."""
    if not EXCEL_DAY.fullmatch(text):
        return ""
    day = date(1899, 12, 30) + timedelta(days=int(float(text)))
    return f" ; si c’est un jour compté par un tableur ({day:%d/%m/%Y}), donnez à la colonne un format de date"


def _named_month(text: str) -> str | None:
    """« Mrz 16 », « mars 2016 »."""
    match = NAMED_MONTH.fullmatch(text)
    month = MONTHS.get(folded(match[1])) if match else None
    return f"{full_year(match[2])}-{month:02}" if match and month else None


def read_date(text: str, column: Column) -> Read:
    found = _day(text)
    if found is None:
        raise CellFault(f"n’est pas une date : attendu 31/03/2010 ou 2010-03-31{_excel_hint(text)}")
    return found.isoformat(), found


def read_period(text: str, column: Column) -> Read:
    """A spreadsheet may have turned a day into a date of its own, or a year into a number."""
    found = _day(text)
    year = WHOLE_YEAR.fullmatch(text)
    plain = found.isoformat() if found else year[1] if year else _named_month(text) or text
    try:
        period = parse_period(plain)
    except UnreadablePeriod as error:
        expected = "n’est pas une période : attendu 2009, 2009-03, 2009-03-31, 2009-Q1, 2009-S1 ou 2007/2009"
        raise CellFault(f"{expected}{_excel_hint(text)}") from error
    return period.text, period.text, period.start, period.end


def read_boolean(text: str, column: Column) -> Read:
    word = folded(text)
    if word not in YES | NO:
        raise CellFault("n’est ni oui ni non")
    return ("1", True) if word in YES else ("0", False)


def _identifier(text: str, length: int, noun: str, example: str) -> str:
    """A spreadsheet drops the zeros that an identifier begins with: they are put back, the key tells if it is right."""
    digits = re.sub(r"[\s.\u00a0\u202f]", "", text.removesuffix(".0"))
    if not digits.isascii() or not digits.isdigit() or not length - 3 <= len(digits) <= length:
        raise CellFault(f"n’est pas un {noun} : attendu {length} chiffres, par exemple {example}")
    return digits.zfill(length)


def read_siren(text: str, column: Column) -> Read:
    siren = _identifier(text, 9, "SIREN", "237000026")
    if not follows_luhn(siren):
        raise CellFault("n’est pas un SIREN : un chiffre est faux (la clé ne correspond pas)")
    return siren, siren


def read_siret(text: str, column: Column) -> Read:
    siret = _identifier(text, 14, "SIRET", "23700002600011")
    if not is_siret(siret):
        raise CellFault("n’est pas un SIRET : un chiffre est faux (la clé ne correspond pas)")
    return siret, siret


def read_choice(text: str, column: Column) -> Read:
    known = {folded(value): value for value in column.choices.values()}
    known |= {folded(written): value for written, value in column.choices.items()}
    if (word := folded(text)) not in known:
        expected = ", ".join(list(column.choices)[:12]) + ("…" if len(column.choices) > 12 else "")
        raise CellFault(f"n’est pas un choix connu : attendu {expected}")
    return known[word], known[word]


def read_breakdown(text: str, column: Column) -> Read:
    """`b=2;a=1;remark` is kept as `a=1;b=2;note=remark`: the same parts in another order are the same breakdown."""
    pairs = []
    for part in filter(None, map(str.strip, text.split(";"))):
        name, equals, value = part.partition("=")
        pairs.append((name.strip(), value.strip()) if equals else ("note", part))
    if any(not name for name, _ in pairs):
        raise CellFault("n’est pas une ventilation : attendu clé=valeur;clé=valeur")
    canonical = ";".join(f"{name}={value}" for name, value in sorted(pairs)) or None
    return canonical, canonical, text


READERS: dict[Type, Callable[[str, Column], Read]] = {
    Type.INTEGER: read_integer, Type.DECIMAL: read_decimal, Type.EUROS: read_euros, Type.MONEY: read_money,
    Type.DATE: read_date,
    Type.PERIOD: read_period, Type.BOOLEAN: read_boolean, Type.SIREN: read_siren, Type.SIRET: read_siret,
    Type.CHOICE: read_choice, Type.BREAKDOWN: read_breakdown,
}  # fmt: skip
READ_AS = {Type.DATE: pl.Date, Type.BOOLEAN: pl.Boolean}
STAGED_AS = {Type.DECIMAL: DECIMAL, Type.EUROS: DECIMAL, Type.MONEY: DECIMAL, Type.INTEGER: pl.Int64()}


def _dtype(column: Column, name: str) -> pl.DataType:
    if name.endswith(("_start", "_end")) and column.type is Type.PERIOD:
        return pl.Date()
    return READ_AS.get(column.type, pl.String)()


def staged_schema(column: Column) -> dict[str, pl.DataType]:
    """The fields that a column fills, each with the type it has once staged."""
    types = {name: _dtype(column, name) for name in column.staged_names}
    return types | ({column.to: STAGED_AS[column.type]} if column.type in STAGED_AS else {})


def plain_text(cells: pl.Series) -> pl.Series:
    """Texts that two ways of saving the same file share: composed letters, one kind of line end, no space around."""
    texts = cells.str.strip_chars().str.replace_all("\r\n", "\n", literal=True)
    if texts.str.contains(r"[^\x00-\x7f]").any():
        texts = texts.str.normalize("NFC")
    return texts.replace("", None)


def _read_each(texts: list[str], column: Column) -> tuple[list[Read], list[str | None]]:
    reader, width = READERS[column.type], 1 + len(column.staged_names)
    reads: list[Read] = []
    faults: list[str | None] = []
    for text in texts:
        try:
            reads.append(reader(text, column))
            faults.append(None)
        except CellFault as fault:
            reads.append((None,) * width)
            faults.append(f"« {text[:120]} » {fault}.")
    return reads, faults


def _lookup(texts: pl.Series, column: Column) -> pl.DataFrame:
    """One row for each distinct text: what it reads as, or its fault."""
    distinct = texts.drop_nulls().unique().to_list()
    reads, faults = _read_each(distinct, column)
    names = ["_normal", *column.staged_names]
    parts = zip(*reads, strict=True) if reads else [[]] * len(names)
    series = [
        pl.Series(name, list(part), dtype=pl.String() if name == "_normal" else _dtype(column, name))
        for name, part in zip(names, parts, strict=True)
    ]
    return pl.DataFrame([pl.Series("_text", distinct, dtype=pl.String), *series, pl.Series("_fault", faults, dtype=pl.String)])


def _converted_text(cells: pl.Series, texts: pl.Series, column: Column) -> Converted:
    kept = (texts if column.trim else pl.select(pl.when(texts.is_not_null()).then(cells)).to_series()).alias(column.to)
    most = column.max_length or 2**31
    message = pl.format(
        "« {}… » fait {} caractères ; au plus {} sont acceptés.", texts.str.slice(0, 60), texts.str.len_chars(), most
    )
    fault = pl.select(pl.when(texts.str.len_chars() > most).then(message)).to_series()
    return Converted({column.to: kept}, texts, fault.cast(pl.String))


def converted(cells: pl.Series, column: Column) -> Converted:
    """The cells of a column as its profile types them. Texts are trimmed and composed (NFC) first; empty is null."""
    texts = plain_text(cells)
    if column.default is not None:
        texts = texts.fill_null(column.default)
        cells = pl.select(pl.when(texts.is_not_null() & cells.is_null()).then(texts).otherwise(cells)).to_series()
    if column.zeros or column.prefix:
        texts = cells = _completed(texts, column)
    if column.type is Type.TEXT:
        found = _converted_text(cells, texts, column)
    else:
        joined = pl.DataFrame([texts.alias("_text")]).join(
            _lookup(texts, column), on="_text", how="left", maintain_order="left"
        )
        final = STAGED_AS.get(column.type)
        staged = {name: joined[name] for name in column.staged_names}
        if final is not None:
            staged[column.to] = staged[column.to].cast(final)
        found = Converted(staged, joined["_normal"], joined["_fault"])
    return _with_required(found, texts, column) if column.required else found


def _completed(texts: pl.Series, column: Column) -> pl.Series:
    """The zeros that a spreadsheet dropped, then the prefix that makes an address of a code."""
    padded = texts.str.zfill(column.zeros) if column.zeros else texts
    return pl.Series(texts.name, column.prefix + padded, dtype=pl.String) if column.prefix else padded


def _with_required(found: Converted, texts: pl.Series, column: Column) -> Converted:
    missing = pl.when(texts.is_null()).then(pl.lit(f"« {column.name} » est obligatoire et la cellule est vide."))
    fault = pl.select(missing.otherwise(found.fault)).to_series()
    return Converted(found.columns, found.normal, fault)
