"""One command for a whole installation: the web server and the worker, which live and stop together."""

import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from types import FrameType

from django.conf import settings
from django.core.management import call_command

from beffroi.core.refusals import Refused
from beffroi.core.simulation import repeat_mark
from beffroi.interactions.actions import seed_nomenclatures
from beffroi.reference.actions import seed_vocabularies
from beffroi.web.safety import present_blockers

PATIENCE = 10  # seconds left to a process to finish what it does
WORKER = [sys.executable, "-m", "beffroi.web.worker"]


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, metavar="N", help="port d’écoute (8000)")
    parser.add_argument("--host", default="127.0.0.1", metavar="ADRESSE", help="adresse d’écoute (127.0.0.1)")


def run(arguments: Namespace) -> int:
    return serve(arguments.host, arguments.port)


def serve(host: str, port: int) -> int:
    """Ends when one of the two ends, or when it is asked to."""
    refuse_busy_port(host, port)
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    seed_nomenclatures()
    seed_vocabularies()
    repeat_mark()
    if blockers := present_blockers():
        raise Refused("\n".join(blockers))
    if settings.PRODUCTION:
        call_command("collectstatic", interactive=False, verbosity=0)
    print(f"Beffroi est ouvert : http://{host}:{port}/ (Ctrl-C pour arrêter)", flush=True)
    return run_together([server(host, port), WORKER])


def server(host: str, port: int) -> list[str]:
    options = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "2", "--log-level", "warning"]
    return [sys.executable, "-m", "granian", *options, "--host", host, "--port", str(port), "beffroi.web.wsgi:application"]


def refuse_busy_port(host: str, port: int) -> None:
    try:
        with socket.create_server((host, port)):
            pass
    except (OSError, OverflowError) as error:
        raise Refused(f"Le port {port} de {host} n’est pas libre : choisissez-en un autre avec --port.") from error


def run_together(commands: Sequence[Sequence[str]]) -> int:
    is_asked_to_stop = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal is_asked_to_stop
        is_asked_to_stop = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    children = [subprocess.Popen(command, start_new_session=True) for command in commands]
    while not is_asked_to_stop and all(child.poll() is None for child in children):
        time.sleep(0.2)
    stop_all(children)
    if not is_asked_to_stop:
        print("Le serveur ou les travaux de fond se sont arrêtés d’eux-mêmes : tout est arrêté.", file=sys.stderr)
    return 0 if is_asked_to_stop else 1


def stop_all(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
