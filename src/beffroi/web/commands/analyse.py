"""Runs a method of analysis on files: `beffroi analyse METHOD --in FILE[,FILE] --out FILE`; or a kept analysis again, from the
base: `beffroi analyse --run N`."""

from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from beffroi.analytics.tables import Refusal
from beffroi.core.refusals import Refused
from beffroi.observatory.methods import METHODS
from beffroi.observatory.methods.declared import Column, Input, Method, Option
from beffroi.observatory.methods.files import read_table, write_table
from beffroi.web.commands.replays import replay
from beffroi.web.commands.users import day

RUN_HELP = (
    "refait l’analyse gardée numéro N avec ses réglages, les droits de qui l’a gardée et ce qui était alors connu, et dit si "
    "le résultat est celui qui est gardé ; code 1 s’il diffère"
)
IN_HELP = "les tables que la méthode lit, CSV ou Parquet, dans l’ordre, séparées par des virgules"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--list", action="store_true", help="liste les méthodes")
    parser.add_argument("--run", dest="run_number", metavar="N", type=int, help=RUN_HELP)
    parser.add_argument("--as-of", metavar="DATE", type=day, help="avec --run : ce que les sources disaient à une autre date")
    parser.add_argument("--out", metavar="FICHIER", type=Path, help="avec --run : où écrire le résultat, .csv ou .parquet")
    methods = parser.add_subparsers(title="méthodes", metavar="MÉTHODE", dest="method")
    for method in METHODS:
        label, hyphened = str(method.label), method.name.replace("_", "-")
        one = methods.add_parser(
            method.name,
            aliases=[hyphened] if hyphened != method.name else [],
            formatter_class=RawDescriptionHelpFormatter,
            help=label,
            description=label,
            epilog=_columns(method),
        )
        _add_method_arguments(one, method)


def _add_method_arguments(parser: ArgumentParser, method: Method) -> None:
    parser.add_argument("--in", dest="files", metavar="FICHIER[,FICHIER]", required=True, help=IN_HELP)
    parser.add_argument("--out", metavar="FICHIER", type=Path, required=True, help="où écrire : .csv ou .parquet")
    for option in method.options:
        _add_option(parser, option)
    parser.set_defaults(analyse=partial(_analyse, method))


def _add_option(parser: ArgumentParser, option: Option) -> None:
    default = "" if option.default is None or option.kind is bool else f" ; sinon {option.default}"
    help_text = option.meaning.replace("%", "%%") + default
    if option.kind is bool:
        parser.add_argument(option.flag, dest=f"option_{option.name}", action="store_true", help=help_text)
        return
    kind = _names if option.kind is list else option.kind
    parser.add_argument(
        option.flag, dest=f"option_{option.name}", metavar="VALEUR", type=kind, required=option.required, help=help_text
    )


def _names(written: str) -> list[str]:
    return [name.strip() for name in written.split(",") if name.strip()]


def _columns(method: Method) -> str:
    inputs = [line for entry in method.inputs for line in _input_lines(entry)]
    return "\n".join([*inputs, "colonnes rendues :", *_column_lines(method.output)])


def _input_lines(entry: Input) -> list[str]:
    optional = "" if entry.required else " (facultatif)"
    return [f"fichier « {entry.name} »{optional} : {entry.meaning}", *_column_lines(entry.columns), ""]


def _column_lines(columns: Iterable[Column]) -> list[str]:
    return [f"  {column.name:<32}{column.meaning}{'' if column.required else ' (facultative)'}".rstrip() for column in columns]


def run(arguments: Namespace) -> int:
    if arguments.list:
        print("\n".join(f"{method.name:<32}{method.label}" for method in METHODS))
        return 0
    if arguments.run_number is not None:
        return _replay(arguments)
    if arguments.method is None:
        raise Refused("beffroi analyse : il manque : MÉTHODE. Liste : beffroi analyse --list")
    return int(arguments.analyse(arguments))


def _replay(arguments: Namespace) -> int:
    from beffroi.web.commands import refuse_unsafe_settings

    if arguments.method is not None:
        raise Refused("beffroi analyse : --run refait une analyse gardée, avec sa méthode ; ne donnez pas de MÉTHODE.")
    refuse_unsafe_settings()
    return replay(arguments)


def _analyse(method: Method, arguments: Namespace) -> int:
    options: dict[str, Any] = {option.name: getattr(arguments, f"option_{option.name}") for option in method.options}
    try:
        write_table(method.result(_given(method, arguments.files), options), arguments.out)
    except Refusal as refusal:
        raise Refused(" ".join(str(refusal).split())) from refusal
    return 0


def _given(method: Method, written: str) -> list[pl.DataFrame | None]:
    """An empty name leaves out an optional table."""
    names = [written] if Path(written).is_file() else [name.strip() for name in written.split(",")]
    if len(names) > len(method.inputs):
        raise Refused(f"{method.name} lit {len(method.inputs)} fichier(s) au plus, {len(names)} sont donnés.")
    missing = [
        entry.name for number, entry in enumerate(method.inputs) if entry.required and not "".join(names[number : number + 1])
    ]
    if missing:
        raise Refused(f"{method.name} : il manque le fichier « {missing[0]} ».")
    return [read_table(Path(name), entry) if name else None for name, entry in zip(names, method.inputs, strict=False)]
