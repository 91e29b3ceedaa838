"""`beffroi serve` as an administrator runs it: real processes, their own database, a mail that the worker sends."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

pytestmark = pytest.mark.any_time
BEFFROI = [sys.executable, "-m", "beffroi.web.commands"]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(what: Callable[[], object], *, seconds: int = 120) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return
        time.sleep(0.2)
    raise AssertionError("waited in vain")


def answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=2).status_code == 200
    except requests.RequestException:
        return False


def status_of_a_body_of(size: int, *, site: str) -> int:
    connection = http.client.HTTPConnection(site.removeprefix("http://"), timeout=5)
    connection.putrequest("POST", "/comptes/connexion/")
    connection.putheader("Content-Length", str(size))
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BEFFROI_", "DJANGO_"))}
    return kept | {"BEFFROI_MODE": "development", "BEFFROI_DATA": str(tmp_path / "data")}


@pytest.fixture
def served(environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    port = free_port()
    command = [*BEFFROI, "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    yield process, f"http://127.0.0.1:{port}"
    if process.poll() is None:
        process.terminate()
        process.wait(20)


def test_server_and_worker_start_work_and_stop_together(served, environment, tmp_path):
    process, site = served
    wait_for(lambda: answers(f"{site}/readyz"))
    added = subprocess.run([*BEFFROI, "users", "add", "a@b.example", "--name", "Anne"], env=environment, check=False)
    assert added.returncode == 0
    wait_for(lambda: list((tmp_path / "data" / "mails").glob("*.log")))
    assert status_of_a_body_of(10**10, site=site) == 413, "answered while nothing of the body was sent"
    wait_for(lambda: answers(f"{site}/healthz"))
    process.send_signal(signal.SIGTERM)
    log = process.communicate(timeout=25)[0]
    assert process.returncode == 0
    assert not answers(f"{site}/healthz")
    assert "GET /healthz 200" in log
    assert "a@b.example" not in log
