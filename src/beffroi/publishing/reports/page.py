"""The whole report as one HTML file that needs nothing else: its style is inside."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from beffroi.publishing.reports.parts import Document

STYLES = ("css/tokens.css", "css/report.css")


def written(document: Document, stamp: str) -> bytes:
    style = mark_safe("\n".join(_text(name) for name in STYLES))  # our own files, nothing typed by anybody
    return render_to_string("publishing/report_file.html", {"document": document, "hash": stamp, "style": style}).encode()


def _text(name: str) -> str:
    found = finders.find(name)
    return Path(found).read_text("utf-8") if isinstance(found, str) else ""
