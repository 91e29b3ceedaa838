"""The report for Word: a template that the client may change with Word itself, filled in a sandbox."""

import io
import os
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from beffroi.publishing.reports.parts import Document
from beffroi.publishing.reports.pdf import printed
from beffroi.publishing.reports.word_template import shipped_template

TEMPLATE_BYTES = 5 * 1024 * 1024
UNPACKED_BYTES = 50 * 1024 * 1024


class WrongTemplate(Exception):
    pass


def template_path() -> Path:
    return Path(settings.DATA) / "uploads" / "report-template.docx"


def is_replaced() -> bool:
    return template_path().is_file()


def template_bytes() -> bytes:
    return template_path().read_bytes() if is_replaced() else shipped_template()


def keep_template(file: bytes) -> None:
    path = template_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_bytes(file)
    os.replace(partial, path)


def forget_template() -> None:
    template_path().unlink(missing_ok=True)


def written(document: Document, stamp: str) -> bytes:
    return filled(template_bytes(), printed(document, stamp))


def filled(template: bytes, data: dict[str, Any]) -> bytes:
    """The sandbox lets a template read the data and nothing else; texts are escaped, they are never markup."""
    word = DocxTemplate(io.BytesIO(template))
    word.render(data, jinja_env=SandboxedEnvironment(autoescape=True, undefined=StrictUndefined), autoescape=True)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


EXAMPLE: dict[str, Any] = {
    "language": "fr", "title": "…", "kind": "…", "state": "…", "challenges": "", "caveats": [], "groups": [], "chapters": [],
    "end": [], "words": {"end": "", "method": "", "notes": "", "stamp": "", "page": ""}, "method": [], "notes": [], "stamp": "",
}  # fmt: skip


def refuse_wrong_template(file: bytes) -> None:
    """Tried before it is kept: a template that cannot be filled would stop every report."""
    if len(file) > TEMPLATE_BYTES:
        raise WrongTemplate(_("Ce fichier dépasse 5 Mo."))
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            if sum(part.file_size for part in archive.infolist()) > UNPACKED_BYTES:
                raise WrongTemplate(_("Ce fichier est trop grand une fois ouvert."))
        filled(file, EXAMPLE)
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise WrongTemplate(_("Ce fichier n’est pas un document Word (.docx).")) from error
    except TemplateError as error:
        raise WrongTemplate(_("Le modèle ne se remplit pas : %(error)s") % {"error": error.message}) from error
