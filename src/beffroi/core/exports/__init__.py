"""Any table as a file: CSV, Excel, JSON or Parquet, with what says where it comes from. A list page offers its rows with
`if (answer := exports.asked(request, rows, columns, "organisations")): return answer`."""

import tempfile
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import BadRequest
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from beffroi.core import simulation
from beffroi.core.exports.columns import Column, Type, figure_columns, read_rows
from beffroi.core.exports.files import write_parquet, write_workbook
from beffroi.core.exports.texts import csv_lines, json_parts

__all__ = ["FORMATS", "Column", "Type", "asked", "exported", "figure_columns", "read_rows"]

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
NOT_FILTERS = {"format", "as_of", "known_on", "page", "sort"}


def asked(
    request: HttpRequest, rows: Iterable[Any], columns: Sequence[Column], name: str, **about: Any
) -> HttpResponseBase | None:
    """The file that `?format=` asks for, or nothing: then the page answers. `about`: title, licence, source."""
    wanted = request.GET.get("format", "")
    if not wanted:
        return None
    return exported(request, rows, columns, name, to=wanted, **about)


def exported(
    request: HttpRequest, rows: Iterable[Any], columns: Sequence[Column], name: str, *, to: str, **about: Any
) -> HttpResponseBase:
    if to not in FORMATS:
        raise BadRequest(_("Format inconnu. Formats proposés : %(formats)s.") % {"formats": ", ".join(FORMATS)})
    read, said = read_rows(rows, columns), method(request, name, about)
    if to == "csv":
        answer: HttpResponseBase = StreamingHttpResponse(csv_lines(read, columns))
    elif to == "json":
        answer = StreamingHttpResponse(json_parts(read, columns, said))
    else:
        file = tempfile.TemporaryFile()  # noqa: SIM115 (the answer closes it)
        (write_workbook if to == "xlsx" else write_parquet)(file, read, columns, said)
        file.seek(0)
        answer = FileResponse(file)
    answer.headers["Content-Type"] = FORMATS[to]
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename(request, name)}.{to}"'
    return answer


def filename(request: HttpRequest, name: str) -> str:
    return simulation.filename(f"{name}-{getattr(request, 'as_of', timezone.localdate()).isoformat()}")


def method(request: HttpRequest, name: str, about: dict[str, Any]) -> dict[str, str]:
    """What somebody who finds the file next year needs to know of it."""
    filters = ", ".join(f"{key}={value}" for key, value in request.GET.items() if key not in NOT_FILTERS and value)
    said = {
        "title": str(about.get("title") or name),
        "source": str(about.get("source") or _("Beffroi ; chaque fait garde sa source")),
        "address": request.build_absolute_uri(),
        "exported_at": timezone.now().isoformat(timespec="seconds"),
        "as_of": getattr(request, "as_of", timezone.localdate()).isoformat(),
        "known_on": getattr(request, "known_on", timezone.now()).isoformat(timespec="seconds"),
        "licence": str(about.get("licence") or _("celle de chaque source")),
        "filters": filters or _("aucun"),
    }
    return simulation.about(said)
