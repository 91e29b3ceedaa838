"""The texts on screen: written in French in the code, translated to English in `locale/en`.

`python -m beffroi.web.messages` collects them; `--check` says what is missing; `--compile` writes what the server reads.
French needs no translation but has its own plural (0 is singular): `locale/fr` holds the counted texts only.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PRODUCT = Path(__file__).resolve().parents[1]
LOCALES = Path(__file__).resolve().parent / "locale"
HEADER = "# Written by « make messages ». Translations are typed here; all the rest is collected from the code."
FUNCTIONS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

Text = str | tuple[str, ...]


def _as_python(path: Path) -> bytes:
    """Python as it is; a template as the calls that Django makes of its texts, without the indents that would break them."""
    source = path.read_text()
    if path.suffix != ".py":
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    return source.encode()


def _sources() -> list[Path]:
    templates = (
        path for folder in PRODUCT.glob("*/templates") for path in folder.rglob("*") if path.suffix in {".html", ".txt"}
    )
    programs = (path for path in PRODUCT.rglob("*.py") if "migrations" not in path.parts)
    return sorted([*templates, *programs])


def _texts(path: Path) -> Iterator[tuple[Text, str | None]]:
    """The texts of a file, each with its context."""
    for _line, text, _comments, context in extract("python", io.BytesIO(_as_python(path)), keywords=FUNCTIONS):
        yield text, context


def collected() -> Catalog:
    catalog = Catalog(charset="utf-8", fuzzy=False)
    for path in _sources():
        for text, context in _texts(path):
            catalog.add(text, locations=[(str(path.relative_to(PRODUCT)), 0)], context=context)
    return catalog


def _po(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "django.po"


def committed(language: str) -> Catalog:
    with _po(language).open("rb") as file:
        return read_po(file, locale=language)


def _messages(catalog: Catalog) -> list[Message]:
    return sorted((message for message in catalog if message.id), key=lambda message: (str(message.id), message.context or ""))


def merged(language: str, texts: Catalog) -> Catalog:
    """What is collected, with the translations that are known already. French fills its counted texts by itself."""
    known = committed(language) if _po(language).exists() else Catalog(locale=language)
    catalog = Catalog(locale=language, charset="utf-8", fuzzy=False, header_comment=HEADER, project="Beffroi", version="1")
    for message in _messages(texts):
        old = known.get(message.id, message.context)
        if language == "en":
            files = sorted({(name, 0) for name, _line in message.locations})
            catalog.add(message.id, old.string if old else None, locations=files, context=message.context)
        elif message.pluralizable:
            catalog.add(message.id, message.id, context=message.context)
    return catalog


def _as_text(catalog: Catalog) -> str:
    """Without the dates that would change at each run."""
    target = io.BytesIO()
    write_po(target, catalog, width=0, include_lineno=False, sort_output=False)
    lines = target.getvalue().decode().splitlines(keepends=True)
    return "".join(
        line
        for line in lines
        if not line.startswith(('"POT-Creation', '"PO-Revision', '"Generated', '"Last-Tr', '"Language-Team', '"Report'))
    )


def update() -> None:
    texts = collected()
    for language in ("en", "fr"):
        _po(language).parent.mkdir(parents=True, exist_ok=True)
        _po(language).write_text(_as_text(merged(language, texts)))


def compile_catalogs() -> None:
    for language in ("en", "fr"):
        with _po(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, committed(language))


def _as_tuple(text: object) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text) if isinstance(text, tuple | list) else ()


def _problem(message: Message) -> str:
    translations = _as_tuple(message.string)
    if not translations or not all(translations):
        return "not translated"
    if message.fuzzy:
        return "fuzzy"
    asked = {name for text in _as_tuple(message.id) for name in PLACEHOLDER.findall(text)}
    if any(set(PLACEHOLDER.findall(text)) - asked for text in translations) or asked - set(
        PLACEHOLDER.findall(translations[-1])
    ):
        return "the placeholders differ"
    return ""


def problems() -> list[str]:
    """What keeps the product from being whole in both languages, one sentence each."""
    texts = collected()
    stale = [
        f"locale/{language}/LC_MESSAGES/django.po is not up to date: run « make messages »"
        for language in ("en", "fr")
        if not _po(language).exists() or _po(language).read_text() != _as_text(merged(language, texts))
    ]
    return stale + [
        f"{problem}: {message.id!r}" for message in _messages(merged("en", texts)) if (problem := _problem(message))
    ]


def _say(lines: Iterable[str], shown: int = 40) -> int:
    found = list(lines)
    print("\n".join(found[:shown]) or "Translations are complete.")
    if len(found) > shown:
        print(f"... {len(found)} in all")
    return 1 if found else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m beffroi.web.messages")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--compile", action="store_true")
    asked = parser.parse_args()
    if asked.check:
        return _say(problems())
    if not asked.compile:
        update()
    compile_catalogs()
    return 0


if __name__ == "__main__":
    sys.exit(main())
