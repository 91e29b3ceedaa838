from argparse import ArgumentParser, Namespace

from django.conf import settings
from django.core.management import call_command

from beffroi.web import demo
from beffroi.web.commands.parser import Refused
from beffroi.web.commands.serve import serve


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--no-serve", action="store_true", help="prépare et s’arrête")
    parser.add_argument("--port", type=int, default=8000, metavar="N", help="port d’écoute (8000)")


def run(arguments: Namespace) -> int:
    if not settings.DEMO:
        raise Refused(f"La démonstration ne s’ouvre pas en mode « {settings.MODE} » : retirez BEFFROI_MODE.")
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    demo.build()
    print(f"La région est prête : {demo.summary()}", flush=True)
    return 0 if arguments.no_serve else serve("127.0.0.1", arguments.port)
