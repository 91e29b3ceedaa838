"""The report on paper: Typst draws it from data given as JSON, and never reads a text as its own source."""

import json
from pathlib import Path
from typing import Any

import typst
from django.contrib.staticfiles import finders
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from beffroi.core import formats
from beffroi.core.figures import Figure
from beffroi.publishing.reports.parts import Block, Cell, Document, Message

FOLDER = Path(__file__).resolve().parent / "typst"
FACE = "vendor/fonts/SourceSans3-400.ttf"


def written(document: Document, stamp: str) -> bytes:
    """Tagged and accessible (PDF/UA-1)."""
    font = finders.find(FACE)
    folders = [str(Path(font).parent)] if isinstance(font, str) else []
    return bytes(
        typst.compile(
            str(FOLDER / "report.typ"),
            root=str(FOLDER),
            font_paths=folders,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": json.dumps(printed(document, stamp), ensure_ascii=False)},
            pdf_standards=["ua-1"],
        )
    )


def text_of(cell: Cell, *, exact: bool = False) -> str:
    if not isinstance(cell, Figure):
        return str(cell)
    text = formats.figure_text(cell, exact=exact)
    return f"{text} ({formats.period_text(cell.period)})" if cell.period else text


def sense_of(cell: Cell) -> str:
    return cell.sense.value if isinstance(cell, Figure) else ""


def printed(document: Document, stamp: str) -> dict[str, Any]:
    return {
        "language": (get_language() or "fr")[:2],
        "title": document.title,
        "kind": document.kind or _("Rapport d’avancement"),
        "state": _("État au %(day)s, tel que connu le %(known)s")
        % {"day": formats.day_text(document.as_of), "known": formats.day_text(document.known_on.date())},
        "challenges": document.challenges,
        "caveats": list(document.caveats),
        "groups": [
            {"title": group.title, "sense": group.sense.value, "messages": [_message(row) for row in group.messages]}
            for group in document.groups
        ],
        "chapters": [
            {
                "title": chapter.title,
                "sections": [
                    {
                        "title": section.title,
                        "heading": section.heading,
                        "texts": [{"text": row.text, "by": f"{row.owner}, {row.by}"} for row in section.texts],
                        "blocks": [_block(block) for block in section.blocks],
                    }
                    for section in chapter.sections
                ],
            }
            for chapter in document.chapters
        ],
        "end": [_block(block) for block in (document.reconciliation, document.not_shown) if block.rows],
        "words": {
            "end": _("Le compte des lignes"), "method": _("Méthode et sources"), "notes": _("Notes"), "stamp": _("Empreinte"),
            "page": _("page"),
        },
        "method": [*document.method, *(f"{row['title']}, {row['publisher']}" for row in document.sources)],
        "notes": [{"number": note.number, "text": note.text} for note in document.notes],
        "stamp": stamp,
    }  # fmt: skip


def _message(row: Message) -> dict[str, Any]:
    return {"text": row.sentence, "notes": ", ".join(str(number) for number in row.notes)}


def _block(block: Block) -> dict[str, Any]:
    lines = [
        [{"text": text_of(cell, exact=column.is_exact), "sense": sense_of(cell)} for cell, column in line]
        for line in block.lines
    ]
    columns = [{"title": column.title, "numeric": column.is_numeric, "weight": column.weight} for column in block.columns]
    return {"title": block.title, "lead": block.lead, "columns": columns, "rows": lines}
