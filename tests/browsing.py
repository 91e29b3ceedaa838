"""A person's browser in front of a server of its own, on a fresh copy of the demo."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import run

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
ROOT = Path(__file__).parents[1]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
AXE_RUN = "() => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
PATIENCE = 30


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=PATIENCE).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server does not answer at {address}")


@contextmanager
def serving(name: str, workers: int = 1) -> Iterator[str]:
    """The product's own server on the data of this name; `beffroi serve` has two workers."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--workers",
        str(workers),
        "--blocking-threads",
        "2",
        "--no-ws",
        "--log-level",
        "warning",
    ]
    log = (run.data_folder(name) / "server.log").open("wb")
    with subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port), "beffroi.web.wsgi:application"],
        env=os.environ | run.environment(name) | {"BEFFROI_TEST_DEMO": "1"},
        stdout=log,
        stderr=subprocess.STDOUT,
    ) as server:
        try:
            _wait_for(f"{address}/healthz", server)
            yield address
        finally:
            server.terminate()


def watch(page: Any) -> list[str]:
    """The list that the page's script errors and refused resources will be added to."""
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    return troubles


def violations(page: Any) -> list[str]:
    """What axe finds against WCAG 2.2 AA on the page as it stands: rule, help and the first element concerned."""
    page.evaluate(AXE.read_text())
    found = page.evaluate(AXE_RUN)["violations"]
    return [f"{rule['id']} ({rule['impact']}): {rule['help']} {rule['nodes'][0]['html'][:200]}" for rule in found]


def enter(page: Any, name: str) -> None:
    """Log-in as one does in the demonstration: one press on a person."""
    page.goto("/comptes/connexion/")
    page.get_by_role("button", name=name).first.click()
    page.wait_for_url(lambda address: "/connexion" not in address)
