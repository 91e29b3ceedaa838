"""Runs every check and lists what contradicts what."""

import json
from argparse import ArgumentParser, Namespace

from django.core.management import call_command

from beffroi.provenance.models import Anomaly
from beffroi.web.checks import run_checks

COLUMNS = ("check_name", "title", "written", "expected", "difference")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--format", choices=["table", "json"], default="table", help="table ou json")


def run(arguments: Namespace) -> int:
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    recorded = run_checks()
    rows = list(Anomaly.objects.open().prefetch_related("about").order_by("check_name", "title", "pk"))
    print(as_json(rows) if arguments.format == "json" else as_table(rows))
    if arguments.format == "table":
        print(f"{len(rows)} à régler : {recorded.new} nouvelles, {recorded.gone} disparues.")
    return 0


def as_json(rows: list[Anomaly]) -> str:
    found = [
        {name: getattr(row, name) for name in COLUMNS} | {"subjects": [str(subject) for subject in row.about.all()]}
        for row in rows
    ]
    return json.dumps(found, ensure_ascii=False, indent=1)


def as_table(rows: list[Anomaly]) -> str:
    lines = []
    for row in rows:
        lines.append(f"{row.check_name} · {row.title}")
        lines.append(f"    écrit   : {row.written}")
        lines.append(f"    attendu : {row.expected}" + (f" (écart {row.difference})" if row.difference else ""))
    return "\n".join(lines)
