"""A content in each of the formats that people ask for."""

from collections.abc import Callable
from typing import Any

from beffroi.publishing.models import canonical, content_hash
from beffroi.publishing.reports import page, pdf, word, workbook
from beffroi.publishing.reports.document import document
from beffroi.publishing.reports.parts import Document

CONTENT_TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}
FORMATS = tuple(CONTENT_TYPES)
WRITERS: dict[str, Callable[[Document, str], bytes]] = {
    "html": page.written,
    "pdf": pdf.written,
    "xlsx": workbook.written,
    "docx": word.written,
}


def printed_document(document: Document, *, extension: str) -> bytes:
    """A document that no framework's report makes: a dashboard, a funder's report, a note."""
    return WRITERS[extension](document, content_hash(pdf.printed(document, "")))


def rendered(content: dict[str, Any], *, extension: str, stamp: str = "") -> bytes:
    """`stamp`: that of the edition it belongs to; a report that is not frozen says its own."""
    written = stamp or content_hash(content)
    if extension == "json":
        return canonical({"content": content, "hash": written})
    return WRITERS[extension](document(content), written)
