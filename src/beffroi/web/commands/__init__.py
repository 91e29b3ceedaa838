"""The command line `beffroi`: one module per command, listed here."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

import django
from django.core.exceptions import ImproperlyConfigured

from beffroi.core.refusals import Refused
from beffroi.web.commands.parser import Parser

COMMANDS: tuple[tuple[str, str], ...] = (
    ("demo", "prépare la démonstration et l’ouvre"),
    ("load", "charge un fichier selon un profil"),
    ("checks", "contrôle les faits et liste les anomalies"),
    ("analyse", "applique une méthode d’analyse à des fichiers"),
    ("money", "totalise l’argent par territoire, financeur, programme, stade…"),
    ("convert", "dit un tableau par commune dans les codes d’une autre année ou d’un zonage"),
    ("match", "rattache les enregistrements d’un fichier à ceux d’un autre, ou trouve ses doublons"),
    ("export", "écrit un jeu de données publié dans un fichier"),
    ("report", "écrit un rapport"),
    ("users", "liste, ouvre et ferme des comptes, donne des rôles"),
    ("serve", "ouvre le site : serveur et travaux de fond"),
    ("simulate", "invente une activité, pour mesurer et montrer, dans une base à part"),
    ("tick", "lance les travaux périodiques qui sont dus"),
    ("reindex", "refait l’index de recherche"),
)
ON_FILES_ALONE = {"analyse", "match"}  # neither database nor site: no setting can make it unsafe
WRONG = 2  # the exit code of what the caller can correct: arguments, settings, a busy port
FAILED = 1


def main(argv: Sequence[str] | None = None) -> int:
    arguments = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beffroi.web.settings")
    if arguments[:1] == ["demo"]:
        os.environ.setdefault("BEFFROI_MODE", "demo")
    try:
        django.setup()
        parsed = command_line().parse_args(arguments)
        if parsed.command not in ON_FILES_ALONE:
            refuse_unsafe_settings()
        return int(parsed.run(parsed))
    except (Refused, ImproperlyConfigured) as refusal:
        print(refusal, file=sys.stderr)
        return WRONG
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if os.environ.get("BEFFROI_DEBUG") == "1":
            raise
        print(unexpected(error), file=sys.stderr)
        return FAILED


def refuse_unsafe_settings() -> None:
    from beffroi.web.safety import present_blockers_to_settings

    if blockers := present_blockers_to_settings():
        raise Refused("\n".join(blockers))


def command_line() -> Parser:
    parser = Parser(prog="beffroi", description="Un seul jeu de faits, chacun avec son origine.")
    commands = parser.add_subparsers(title="commandes", metavar="COMMANDE", required=True, dest="command")
    for name, meaning in COMMANDS:
        if find_spec(f"{__name__}.{name}") is None:
            continue
        module = import_module(f"{__name__}.{name}")
        command = commands.add_parser(name, help=meaning, description=meaning)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser


def unexpected(error: Exception) -> str:
    said = " ".join(str(error).split())[:300]
    return f"Erreur inattendue : {type(error).__name__}. {said} (BEFFROI_DEBUG=1 en montre le détail.)"
