import os
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from argparse import ArgumentParser, Namespace

from django.conf import settings
from django.core.management import call_command

from beffroi.core.refusals import Refused
from beffroi.web import demo
from beffroi.web.commands.serve import serve

HOST = "127.0.0.1"
PATIENCE = 30  # seconds in which the server comes up


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--no-serve", action="store_true", help="prépare et s’arrête")
    parser.add_argument("--port", type=int, default=8000, metavar="N", help="port d’écoute (8000)")


def run(arguments: Namespace) -> int:
    if not settings.DEMO:
        raise Refused(f"La démonstration ne s’ouvre pas en mode « {settings.MODE} » : retirez BEFFROI_MODE.")
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    demo.build()
    print(f"La région est prête : {demo.summary()}", flush=True)
    if arguments.no_serve:
        return 0
    if has_screen():
        threading.Thread(target=open_when_ready, args=[f"http://{HOST}:{arguments.port}/"], daemon=True).start()
    return serve(HOST, arguments.port)


def has_screen() -> bool:
    """A server without a screen would open a browser of the terminal over the server's own words."""
    return sys.platform in {"darwin", "win32"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_when_ready(address: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{address}healthz", timeout=1).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
        else:
            webbrowser.open(address)
            return
