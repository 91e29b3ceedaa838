"""Loads a file through a profile and prints what came of it as one JSON object."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from django.core.management import call_command
from django.db import transaction

from beffroi.connectors.rejections import correction_lines
from beffroi.core.refusals import Refused
from beffroi.core.simulation import said_of_loads
from beffroi.provenance import actions
from beffroi.provenance.enums import Extent, LoadState
from beffroi.provenance.models import Load, Profile, Source
from beffroi.provenance.queries.loads import refused_rows
from beffroi.reference.actions import seed_vocabularies
from beffroi.web.commands.users import day
from beffroi.web.loads import follow_up, run_load

COUNTS = ("read", "added", "changed", "unchanged", "closed", "rejected")
EXTENT = "full (ce qui n’y est plus est clos) ou delta ; sans source, un fichier d’un autre nom ajoute seulement"
LOCAL = {"code": "local", "title": "Fichiers chargés à la ligne de commande", "publisher": "Beffroi"}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("profile", metavar="PROFIL", help="code du profil (liste : docs/reference/profils-import.md)")
    parser.add_argument("file", metavar="FICHIER", type=Path)
    parser.add_argument("--source", metavar="CODE", default=LOCAL["code"], help="source à laquelle le fichier appartient")
    parser.add_argument("--as-of", type=day, metavar="DATE", help="date dont le fichier parle")
    parser.add_argument("--published-on", type=day, metavar="DATE", help="date de publication du fichier")
    parser.add_argument("--extent", choices=[str(extent) for extent in Extent], help=EXTENT)
    parser.add_argument("--rejects", type=Path, metavar="CHEMIN", help="écrit les lignes rejetées, à corriger et recharger")
    parser.add_argument("--dry-run", action="store_true", help="compte sans rien garder")


def run(arguments: Namespace) -> int:
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    actions.seed_profiles()
    seed_vocabularies()
    if refused := said_of_loads():
        raise Refused(refused)
    if not arguments.file.is_file():
        raise Refused(f"« {arguments.file} » n’est pas un fichier.")
    profile = Profile.objects.filter(code=arguments.profile).first()
    if profile is None:
        known = ", ".join(Profile.objects.values_list("code", flat=True))
        raise Refused(f"« {arguments.profile} » n’est pas un profil. Profils connus : {known}.")
    load = rehearsed(arguments, profile) if arguments.dry_run else loaded(arguments, profile)
    if load.state != LoadState.APPLIED:
        raise Refused(load.message)
    if not arguments.dry_run:
        follow_up(load)
    remarks = {"remarks": load.message.splitlines()} if load.message else {}
    print(json.dumps({name: getattr(load, name) for name in COUNTS} | remarks, ensure_ascii=False))
    return 0


def rehearsed(arguments: Namespace, profile: Profile) -> Load:
    with transaction.atomic():
        load = loaded(arguments, profile)
        transaction.set_rollback(True)
    return load


def loaded(arguments: Namespace, profile: Profile) -> Load:
    if arguments.source == LOCAL["code"]:
        actions.register_source(**LOCAL)
    source = Source.objects.filter(code=arguments.source).first()
    if source is None:
        raise Refused(f"« {arguments.source} » n’est pas une source connue.")
    snapshot = actions.take_snapshot(arguments.file, source=source, as_of=arguments.as_of, published_on=arguments.published_on)
    load = run_load(actions.request_load(snapshot, profile=profile, by=None, extent=extent_of(arguments, source, profile)))
    if arguments.rejects and load.rejected:
        write_rejects(load, arguments.rejects)
    return load


def extent_of(arguments: Namespace, source: Source, profile: Profile) -> Extent:
    """The files of the command line are not one publication: one replaces those of its own name, and adds to the others."""
    if arguments.extent:
        return Extent(arguments.extent)
    others = (
        Load.objects.applied().filter(snapshot__source=source, profile=profile).exclude(snapshot__filename=arguments.file.name)
    )
    return Extent.DELTA if source.code == LOCAL["code"] and others.exists() else Extent.FULL


def write_rejects(load: Load, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        out.writelines(correction_lines(refused_rows(load), load.columns, delimiter=load.delimiter))
