"""The pages of docs/methods: what a method is and its worked examples, from its spec, then what its declaration says."""

import inspect
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from beffroi.observatory.methods import METHODS
from beffroi.observatory.methods.declared import Column, Input, Method, Option

SPECS = Path(__file__).resolve().parents[3] / "tests" / "analytics" / "specs"
FOLDER = "../methods"


def method_pages() -> dict[str, Callable[[], str]]:
    """Each page by its place from docs/reference."""
    pages: dict[str, Callable[[], str]] = {f"{FOLDER}/README.md": contents_page}
    return pages | {f"{FOLDER}/{method.name}.md": partial(method_page, method) for method in METHODS}


def contents_page() -> str:
    about = "Chaque page donne la formule, des exemples que les tests refont, et les colonnes (`beffroi analyse --list`).\n\n"
    return "# Méthodes d’analyse\n\n" + about + "".join(f"- [{method.label}]({method.name}.md)\n" for method in METHODS)


def method_page(method: Method) -> str:
    spec = (SPECS / f"{method.name}.md").read_text(encoding="utf-8")
    parts = [f"# {method.label}\n\n{spec}", *(_input(entry) for entry in method.inputs)]
    if method.options:
        parts.append(_options(method.options))
    parts.append(_columns("Colonnes rendues", method.output))
    parts.append(f"## En Python\n\n`{_place(method)}`\n\n```\n{inspect.getdoc(method.run)}\n```\n")
    return "\n".join(parts)


def _place(method: Method) -> str:
    signature = inspect.signature(method.run)
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in signature.parameters.values()]
    shown = signature.replace(parameters=bare, return_annotation=inspect.Signature.empty)
    return f"{method.run.__module__}.{method.run.__qualname__}{shown}"


def _input(entry: Input) -> str:
    optional = "" if entry.required else " (facultatif)"
    return _columns(f"Fichier « {entry.name} »{optional}", entry.columns, f"{entry.meaning}\n\n")


def _columns(title: str, columns: Iterable[Column], about: str = "") -> str:
    rows = (f"| `{column.name}` | {column.meaning}{'' if column.required else ' (facultative)'} |\n" for column in columns)
    return f"## {title}\n\n{about}| colonne | sens |\n| --- | --- |\n{''.join(rows)}"


def _options(options: Iterable[Option]) -> str:
    rows = (f"| `{option.flag}` | {option.meaning} | {_default(option)} |\n" for option in options)
    return f"## Options\n\n| option | sens | sinon |\n| --- | --- | --- |\n{''.join(rows)}"


def _default(option: Option) -> str:
    return "" if option.default is None or option.kind is bool else str(option.default)
