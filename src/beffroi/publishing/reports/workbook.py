"""The report as a workbook: what matters first, then each kind of row on its sheet, with the section it belongs to."""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill

from beffroi.core import formats
from beffroi.core.figures import Figure, Sense
from beffroi.publishing.reports.parts import Block, Cell, Document

SHADE = PatternFill("solid", fgColor="F4F1EC")
COLOURS = {Sense.GOOD: "1C6B48", Sense.WATCH: "8A5A00", Sense.BAD: "A3261B", Sense.UNKNOWN: "6B7280"}
WIDTHS = (34, 34, 18, 18, 18, 30, 18, 40)
EXCEL_TEXT = 32_767
EUROS, PLAIN, SHARE = "#,##0.00\\ [$€-40C]", "#,##0.######", "0.0%"


def written(document: Document, stamp: str) -> bytes:
    book = Workbook(write_only=True)
    _summary(book, document, stamp)
    tabs = (
        ("indicators", _("Indicateurs")),
        ("amounts", _("Montants")),
        ("meetings", _("Réunions")),
        ("rest", _("Tout le reste")),
    )
    for tab, title in tabs:
        _tables(book, title, document, tab)
    _method(book, document)
    book.properties.title, book.properties.creator = document.title, "Beffroi"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet(book: Workbook, title: str) -> Any:
    sheet = book.create_sheet(title)
    for place, width in enumerate(WIDTHS):
        sheet.column_dimensions[chr(ord("A") + place)].width = width
    return sheet


def _cell(sheet: Any, value: Cell | Decimal | int, *, bold: bool = False, shaded: bool = False) -> Any:
    """Texts are declared as such: Excel never reads them as formulas."""
    cell = WriteOnlyCell(sheet)
    if isinstance(value, Figure) and value.value is not None:
        cell.value = value.value
        cell.number_format = {"€": EUROS, "ratio": SHARE}.get(value.unit, PLAIN)
        cell.font = Font(bold=bold, color=COLOURS.get(value.sense))
    elif isinstance(value, Decimal | int):
        cell.value = value
    else:
        text = formats.figure_text(value) if isinstance(value, Figure) else str(value)
        cell._value, cell.data_type = ILLEGAL_CHARACTERS_RE.sub("", text)[:EXCEL_TEXT], "s"
        cell.font = Font(bold=bold)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    if shaded:
        cell.fill = SHADE
    return cell


def _append(sheet: Any, row: Iterable[Cell], *, bold: bool = False, shaded: bool = False) -> None:
    sheet.append([_cell(sheet, value, bold=bold, shaded=shaded) for value in row])


def _summary(book: Workbook, document: Document, stamp: str) -> None:
    sheet = _sheet(book, _("Synthèse"))
    _append(sheet, [document.title], bold=True)
    known = formats.day_text(document.known_on.date())
    _append(
        sheet, [_("État au %(day)s, tel que connu le %(known)s") % {"day": formats.day_text(document.as_of), "known": known}]
    )
    for text in filter(None, [document.challenges, *document.caveats]):
        _append(sheet, [text])
    for group in document.groups:
        _append(sheet, [""])
        _append(
            sheet,
            [group.title, _("Précision"), _("Fait"), _("Visé"), _("Unité"), _("Remarque"), _("Notes")],
            bold=True,
            shaded=True,
        )
        for row in group.messages:
            notes = ", ".join(str(number) for number in row.notes)
            _append(sheet, [row.label, row.detail, row.actual, row.target or "", row.actual.unit, row.remark, notes])
    _append(sheet, [""])
    _append(sheet, [f"{_('Empreinte')} {stamp}"])


def _tables(book: Workbook, title: str, document: Document, tab: str) -> None:
    """The unit and period of a figure have their own columns: a number alone is a number that adds up."""
    sheet = _sheet(book, title)
    for chapter in document.chapters:
        for section in chapter.sections:
            for block in section.blocks:
                if block.tab == tab:
                    _block(sheet, block, " · ".join(filter(None, [chapter.title, section.title])))


def _block(sheet: Any, block: Block, where: str) -> None:
    numeric = [place for place, column in enumerate(block.columns) if column.is_numeric]
    titles = [column.title for column in block.columns]
    extra = [f"{titles[place]} ({word})" for place in numeric for word in (_("unité"), _("période"))]
    _append(sheet, [f"{where} – {block.title}"], bold=True)
    _append(sheet, [_("Section"), *titles, *extra], bold=True, shaded=True)
    for row in block.rows:
        _append(sheet, [where, *row, *_units(row, numeric)])
    _append(sheet, [""])


def _units(row: Sequence[Cell], numeric: Sequence[int]) -> list[Cell]:
    found: list[Cell] = []
    for place in numeric:
        one = row[place]
        found += [one.unit, formats.period_text(one.period)] if isinstance(one, Figure) else ["", ""]
    return found


def _method(book: Workbook, document: Document) -> None:
    sheet = _sheet(book, _("Méthode"))
    for line in document.method:
        _append(sheet, [line])
    for source in document.sources:
        _append(sheet, [_("Source"), source["title"], source["publisher"], source["licence"]])
    for block in filter(lambda block: block.rows, (document.reconciliation, document.not_shown)):
        _append(sheet, [""])
        _append(sheet, [block.title], bold=True)
        _append(sheet, [column.title for column in block.columns], bold=True, shaded=True)
        for row in block.rows:
            _append(sheet, row)
    _append(sheet, [""])
    _append(sheet, [_("Notes")], bold=True)
    for note in document.notes:
        _append(sheet, [str(note.number), note.text])
