"""Writes a published dataset, or a list in the form of a standard, in a file; the suffix of its name says the format."""

from argparse import ArgumentParser, Namespace
from datetime import datetime, time
from pathlib import Path

from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.utils import timezone

from beffroi.core.datasets import Dataset
from beffroi.core.exports import FORMATS, read_rows
from beffroi.core.exports.files import write_parquet, write_workbook
from beffroi.core.exports.texts import csv_lines, json_parts
from beffroi.core.refusals import Refused
from beffroi.provenance.queries import Moment
from beffroi.web.commands.publish import add_options, publish
from beffroi.web.commands.users import day


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NOM", help="nom du jeu de données ou de la liste (docs/reference/jeux-de-donnees.md)")
    formats = ", ".join(FORMATS)
    parser.add_argument("--out", type=Path, required=True, metavar="CHEMIN", help=f"fichier à écrire ({formats}) ou dossier")
    parser.add_argument("--as-of", type=day, metavar="DATE", help="ce que les sources disaient à cette date")
    parser.add_argument("--known-on", type=day, metavar="DATE", help="ce que Beffroi en savait à la fin de ce jour")
    add_options(parser)


def run(arguments: Namespace) -> int:
    from beffroi.publishing.datasets import BY_NAME  # they read models, which exist once Django is ready
    from beffroi.publishing.datasets.standards import BY_NAME as LISTS

    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    moment = Moment(arguments.as_of or timezone.localdate(), known_on(arguments))
    if arguments.name in LISTS:
        return publish(LISTS[arguments.name], arguments, moment)
    dataset, form = BY_NAME.get(arguments.name), arguments.out.suffix.lower().removeprefix(".")
    if dataset is None:
        known = ", ".join([*BY_NAME, *LISTS])
        raise Refused(f"« {arguments.name} » n’est ni un jeu publié ni une liste. Jeux et listes : {known}.")
    if form not in FORMATS:
        raise Refused(f"« {arguments.out.name} » doit finir par {', '.join(f'.{name}' for name in FORMATS)}.")
    if not arguments.out.parent.is_dir():
        raise Refused(f"Le dossier « {arguments.out.parent} » n’existe pas.")
    write(dataset, arguments.out, form, moment)
    return 0


def known_on(arguments: Namespace) -> datetime:
    if arguments.known_on is None:
        return timezone.now()
    return timezone.make_aware(datetime.combine(arguments.known_on, time.max))


def write(dataset: Dataset, path: Path, form: str, moment: Moment) -> None:
    rows, said = read_rows(dataset.read(AnonymousUser(), moment), dataset.columns), method(dataset, moment)
    if form in ("csv", "json"):
        parts = csv_lines(rows, dataset.columns) if form == "csv" else json_parts(rows, dataset.columns, said)
        with path.open("wb") as out:
            out.writelines(part if isinstance(part, bytes) else part.encode() for part in parts)
        return
    with path.open("wb") as file:
        (write_workbook if form == "xlsx" else write_parquet)(file, rows, dataset.columns, said)


def method(dataset: Dataset, moment: Moment) -> dict[str, str]:
    return {
        "title": str(dataset),
        "source": "Beffroi ; chaque fait garde sa source",
        "exported_at": timezone.now().isoformat(timespec="seconds"),
        "as_of": moment.as_of.isoformat(),
        "known_on": moment.known_on.isoformat(timespec="seconds"),
        "licence": str(dataset.licence),
    }
