from argparse import ArgumentParser, Namespace
from datetime import datetime
from pathlib import Path

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone, translation

from beffroi.core.refusals import Refused
from beffroi.provenance.queries import Moment
from beffroi.publishing.reports import REPORTS, progress
from beffroi.publishing.reports.files import FORMATS, rendered
from beffroi.reference.models import Framework
from beffroi.web.commands.users import day
from beffroi.web.middleware import read_instant


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NOM", choices=list(REPORTS), help=", ".join(REPORTS))
    parser.add_argument("--framework", metavar="CODE", help="le cadre, pour « progress »")
    parser.add_argument("--as-of", type=day, metavar="DATE", required=True, help="faits à la date du (2010-03-31)")
    parser.add_argument("--known-on", metavar="DATE", default="", help="tels que connus le ; maintenant, à défaut")
    parser.add_argument("--format", choices=FORMATS, required=True, metavar="FORMAT", help=", ".join(FORMATS))
    parser.add_argument("--out", type=Path, metavar="FICHIER", required=True, help="où l’écrire")


def run(arguments: Namespace) -> int:
    """What a visitor may read: a file that leaves Beffroi is public."""
    framework = _framework(arguments)
    moment = Moment(arguments.as_of, _known_on(arguments.known_on))
    if not arguments.out.parent.is_dir():
        raise Refused(f"beffroi report : le dossier {arguments.out.parent} n’existe pas.")
    with translation.override("fr"):
        content = progress.content(framework, moment=moment, viewer=AnonymousUser())
        body = rendered(content, extension=arguments.format)
    try:
        arguments.out.write_bytes(body)
    except OSError as error:
        raise Refused(f"beffroi report : {arguments.out} ne s’écrit pas ({error.strerror}).") from error
    rows = content["reconciliation"]
    print(f"{arguments.out} : {rows['shown']} lignes des sources montrées, {rows['not_shown']} non montrées.")
    return 0


def _framework(arguments: Namespace) -> Framework:
    code = REPORTS[arguments.name].framework or arguments.framework
    if not code:
        raise Refused("beffroi report progress : dites lequel avec --framework CODE.")
    if arguments.framework and arguments.framework != code:
        raise Refused(f"beffroi report {arguments.name} : ce rapport porte sur « {code} », sans --framework.")
    framework: Framework | None = Framework.objects.visible_to(AnonymousUser()).filter(code=code).first()
    if framework is None:
        raise Refused(f"beffroi report : aucun cadre ne porte le code « {code} ».")
    return framework


def _known_on(text: str) -> datetime:
    try:
        return read_instant(text) or timezone.now()
    except ValueError as error:
        raise Refused(f"beffroi report : --known-on : {error}") from error
