"""The template that comes with Beffroi, built here so that one can read what is in it. Its marks are those of docxtpl."""

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

FACE = "Source Sans 3"
INK, BRICK, SECOND = RGBColor(0x22, 0x30, 0x3C), RGBColor(0x8F, 0x2D, 0x1F), RGBColor(0x51, 0x60, 0x6D)
SIZES = {"Normal": 10, "Title": 22, "Heading 1": 16, "Heading 2": 13, "Heading 3": 11, "List Bullet": 10}


def shipped_template() -> bytes:
    word: Any = Document()
    _styles(word)
    _first_page(word)
    word.add_page_break()
    _chapters(word)
    _end(word)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _styles(word: Any) -> None:
    for name, size in SIZES.items():
        style = word.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FACE, Pt(size), INK
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:asciiTheme"), "")
        for theme in ("w:asciiTheme", "w:hAnsiTheme"):
            style.element.rPr.rFonts.attrib.pop(qn(theme), None)
        style.element.rPr.rFonts.set(qn("w:hAnsi"), FACE)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "fr-FR")
    word.styles["Normal"].element.get_or_add_rPr().append(language)
    word.core_properties.title, word.core_properties.author = "{{ title }}", "Beffroi"


def _line(word: Any, text: str, *, style: str = "Normal", size: float | None = None, colour: RGBColor | None = None) -> Any:
    paragraph = word.add_paragraph(style=style)
    run = paragraph.add_run(text)
    if size:
        run.font.size = Pt(size)
    if colour is not None:
        run.font.color.rgb = colour
    return paragraph


def _first_page(word: Any) -> None:
    _line(word, "{{ kind }}", colour=BRICK)
    _line(word, "{{ title }}", style="Title")
    _line(word, "{{ state }}")
    _line(word, "{{ challenges }}")
    _line(word, "{%p for caveat in caveats %}")
    _line(word, "{{ caveat }}", colour=BRICK)
    _line(word, "{%p endfor %}")
    _line(word, "{%p for group in groups %}")
    _line(word, "{{ group.title }} ({{ group.messages|length }})", style="Heading 2")
    _line(word, "{%p for message in group.messages %}")
    paragraph = _line(word, "{{ message.text }} ", style="List Bullet")
    paragraph.add_run("{{ message.notes }}").font.superscript = True
    _line(word, "{%p endfor %}")
    _line(word, "{%p endfor %}")
    _line(word, "{{ words.stamp }} : {{ stamp }}", size=8, colour=SECOND)


def _chapters(word: Any) -> None:
    _line(word, "{%p for chapter in chapters %}")
    _line(word, "{%p if chapter.title %}")
    _line(word, "{{ chapter.title }}", style="Heading 1")
    _line(word, "{%p endif %}")
    _line(word, "{%p for section in chapter.sections %}")
    _line(word, "{{ section.title }}", style="Heading 2")
    _line(word, "{{ section.heading }}", size=9, colour=SECOND)
    _line(word, "{%p for text in section.texts %}")
    _line(word, "{{ text.text }}")
    _line(word, "{{ text.by }}", size=9, colour=SECOND)
    _line(word, "{%p endfor %}")
    _line(word, "{%p for block in section.blocks %}")
    _line(word, "{{ block.title }}", style="Heading 3")
    _table(word)
    _line(word, "{%p endfor %}")
    _line(word, "{%p endfor %}")
    _line(word, "{%p endfor %}")


def _table(word: Any) -> None:
    """One row of titles repeated on each page, one row for each row of the data; columns come from the data too."""
    table = word.add_table(rows=4, cols=3)
    table.style = "Table Grid"
    rows = (
        ("{%tc for column in block.columns %}", "{{ column.title }}", "{%tc endfor %}"),
        ("{%tr for row in block.rows %}", "", ""),
        ("{%tc for cell in row %}", "{{ cell.text }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", ""),
    )
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            run = cell.paragraphs[0].add_run(text)
            run.font.size, run.bold = Pt(8), row is table.rows[0]
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.LEFT
    header = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(header)


def _end(word: Any) -> None:
    _line(word, "{{ words.end }}", style="Heading 1")
    _line(word, "{%p for block in end %}")
    _line(word, "{{ block.title }}", style="Heading 3")
    _table(word)
    _line(word, "{%p endfor %}")
    _line(word, "{{ words.method }}", style="Heading 1")
    _line(word, "{%p for line in method %}")
    _line(word, "{{ line }}", style="List Bullet")
    _line(word, "{%p endfor %}")
    _line(word, "{{ words.notes }}", style="Heading 1")
    _line(word, "{%p for note in notes %}")
    _line(word, "{{ note.number }}. {{ note.text }}", size=8.5)
    _line(word, "{%p endfor %}")
