"""A list as its standard wants it written, and beside it what is not in it and why."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _

from beffroi.connectors.files.delimited import neutralised
from beffroi.core.exports import Type
from beffroi.core.exports.columns import Value
from beffroi.core.exports.files import write_workbook
from beffroi.publishing.datasets.standards.declared import Asked, Built, Field, LeftOut, Publication

REPORT = ("code", "intitulé", "motif")


def written(value: Value, field: Field, day: str) -> str:
    """A free text that a spreadsheet would run begins with an apostrophe; codes, dates, amounts and coordinates, of which the
    standard checks the form, never do."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.strftime(day)
    if isinstance(value, Decimal):
        return f"{value.quantize(Decimal('0.01')):f}" if field.type == Type.EUROS else f"{value.normalize():f}"
    return neutralised(str(value)) if field.type == Type.TEXT else str(value)


def csv_text(built: Built, publication: Publication, language: str) -> Iterator[str]:
    """RFC 4180, commas, points for decimals, UTF-8 without a byte order mark: what every validator reads."""
    yield _line([field.named(language) for field in built.fields])
    for row in built.rows:
        yield _line([written(value, field, publication.day) for value, field in zip(row, built.fields, strict=True)])


def _line(cells: Iterable[Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def workbook(file: IO[bytes], built: Built, publication: Publication, asked: Asked) -> None:
    write_workbook(file, built.rows, built.columns(asked.language), method(built, publication, asked))


def workbook_file(built: Built, publication: Publication, asked: Asked) -> IO[bytes]:
    """A temporary file, which whoever sends it closes."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    workbook(file, built, publication, asked)
    file.seek(0)
    return file


def method(built: Built, publication: Publication, asked: Asked) -> dict[str, str]:
    said = {f"{count} × {reason}": "" for reason, count in built.reasons}
    return {
        "title": str(publication),
        "source": publication.standard,
        "as_of": asked.moment.as_of.isoformat(),
        "known_on": asked.moment.known_on.isoformat(timespec="seconds"),
        _("Lignes publiées"): str(len(built.rows)),
        _("Lignes laissées de côté"): str(len(built.left_out)),
        **said,
    }


def report_text(left_out: Sequence[LeftOut]) -> Iterator[str]:
    """The companion of a list: each row that is not in it, with the reason."""
    yield "\ufeff" + _line(REPORT)
    for row in left_out:
        yield _line([neutralised(row.code), neutralised(row.title), row.reason])
