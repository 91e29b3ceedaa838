"""Invents an activity in a database of its own, which refuses real files from then on and says what it is on every page."""

import json
from argparse import ArgumentParser, Namespace
from datetime import date

from django.conf import settings
from django.core.management import call_command
from django.db.models import Model
from django.utils import timezone

from beffroi.accounts.actions import open_demo_accounts
from beffroi.accounts.enums import Role
from beffroi.accounts.models import Partner
from beffroi.core import simulation
from beffroi.core.models import Simulation
from beffroi.core.refusals import Refused
from beffroi.interactions.actions import seed_nomenclatures
from beffroi.interactions.actions.simulation import Asked, simulate_activity
from beffroi.interactions.models import Visit
from beffroi.provenance.actions import seed_profiles
from beffroi.provenance.models import Load
from beffroi.web import demo, search_index
from beffroi.web.commands.users import day

GEOGRAPHY = (
    "territories",
    "places",
    "boundaries",
    "communes",
    "commune_populations",
    "code_passages",
    "commune_movements",
    "zone_labels",
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=["activity"], metavar="activity", help="ce qui est inventé : l’activité des opérateurs")
    parser.add_argument("--operators", type=int, default=20, metavar="N", help="nombre d’opérateurs (20)")
    parser.add_argument("--years", type=int, default=2, metavar="N", help="nombre d’années (2)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="graine : la même donne les mêmes lignes (1)")
    parser.add_argument("--visits", type=int, default=0, metavar="N", help="visites par an (140 par opérateur)")
    parser.add_argument("--until", type=day, metavar="DATE", help="dernier jour (aujourd’hui)")


def run(arguments: Namespace) -> int:
    refuse_sizes(arguments)
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    until: date = arguments.until or timezone.localdate()
    asked = Asked(arguments.operators, arguments.years, arguments.seed, until, arguments.visits)
    mark = simulation.mark_simulated(seed=asked.seed, operators=asked.operators, years=asked.years, real=already_there())
    counts = simulate_activity(mark, asked, tell=lambda text: print(f"année {text}", flush=True))
    finish()
    print(json.dumps(counts, ensure_ascii=False))
    return 0


def refuse_sizes(arguments: Namespace) -> None:
    for name, least, most in (("operators", 2, 2_000), ("years", 1, 30), ("visits", 0, 1_000_000)):
        if not least <= getattr(arguments, name) <= most:
            raise Refused(f"--{name} : un nombre de {least} à {most} est attendu.")


def already_there() -> Model | None:
    """What is real, or already invented; official codes are neither, and are loaded when they are not there."""
    real = Load.objects.applied().exclude(profile__target__in=GEOGRAPHY).select_related("profile", "snapshot").first()
    found: Model | None = real or Simulation.objects.first() or Visit.objects.first() or Partner.objects.first()
    if found is None:
        seed_profiles()
        seed_nomenclatures()
        if not Load.objects.applied().exists():
            demo.load_territories()
    return found


def finish() -> None:
    """What people find: the index of search, and the accounts of the demonstration where it is one."""
    search_index.reindex()
    partners = list(Partner.objects.filter(code__startswith="simule-").order_by("code"))
    if settings.DEMO:
        open_demo_accounts(
            {role: partners[place % len(partners)] for place, role in enumerate(Role)}, since=timezone.localdate()
        )
