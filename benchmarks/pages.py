"""Every named page of the demonstration: how long it takes in the process and through the server, how many queries it asks,
and how many when there are twice as many rows."""

import html
import http.client
import json
import logging
import os
import re
import statistics
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

import django

from benchmarks import demo, places
from benchmarks.measures import Measure, percentile, tell
from tests import browsing, run
from tests.queries import counted

REPEATS = 9
TARGET = 150  # milliseconds, at the median
FETCHED, KEPT = 12, 3  # pages looked at, and kept, for each name
DOUBLED = "bench_doubled"
LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)')
NEVER = re.compile(r"^/(static|langue|demo/connexion|comptes|healthz|readyz)|/(fichier|rejets\.csv)$")
EXTRA = ("/search?q=textile", "/search?q=inovation+sante")


@dataclass(frozen=True)
class Page:
    name: str
    address: str
    size: int
    queries: int


def signed_in() -> "Client":  # type: ignore[name-defined]  # noqa: F821
    from django.test import Client

    from beffroi.accounts.models import User

    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    client.force_login(User.objects.filter(is_demo=True).order_by("pk").first())
    return client


def _links(body: str) -> list[str]:
    found = (html.unescape(link) for link in LINK.findall(body))
    return [link for link in dict.fromkeys(found) if not NEVER.search(link) and not urlsplit(link).query]


def _fetched(client: "Client", address: str) -> tuple[Page, str] | None:  # type: ignore[name-defined]  # noqa: F821
    with counted() as made:
        answer = client.get(address)
        body = "" if answer.streaming else answer.content.decode()
    if answer.status_code != 200 or not body:
        if answer.status_code >= 400:
            tell(Measure(f"error {answer.status_code} {address}", run.ENGINE, answer.status_code, "status", 399))
        return None
    return Page(answer.resolver_match.view_name, address, len(body), made.total()), body


def walked() -> list[Page]:
    """From the home page along every link, a few pages of each name; of those the smallest, the largest and the first."""
    client, waiting, seen = signed_in(), deque(["/", *EXTRA]), {"/", *EXTRA}
    found: dict[str, list[Page]] = {}
    from django.urls import resolve

    while waiting:
        address = waiting.popleft()
        name = resolve(urlsplit(address).path).view_name
        if len(found.setdefault(name, [])) >= FETCHED:
            continue
        if (page := _fetched(client, address)) is not None:
            found[name].append(page[0])
            fresh = [link for link in _links(page[1]) if link not in seen]
            waiting.extend(fresh)
            seen.update(fresh)
    return [page for pages in found.values() for page in _chosen(pages)]


def _chosen(pages: list[Page]) -> list[Page]:
    by_size = sorted(pages, key=lambda page: page.size)
    wanted = [*by_size[-1:], *by_size[:1], *pages[:1]]
    return list(dict.fromkeys(wanted))[:KEPT]


def _milliseconds(ask: Callable[[], object]) -> list[float]:
    spent = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        ask()
        spent.append(1000 * (time.perf_counter() - start))
    return spent


def _in_process(pages: list[Page]) -> Iterator[tuple[Page, list[float]]]:
    client = signed_in()
    for page in pages:
        yield page, _milliseconds(lambda: client.get(page.address))  # noqa: B023


def _through_server(pages: list[Page], session: str) -> Iterator[tuple[Page, list[float]]]:
    with browsing.serving(demo.NAME) as address:
        server = http.client.HTTPConnection(urlsplit(address).netloc)
        for page in pages:
            yield page, _milliseconds(lambda: _asked(server, page.address, session))  # noqa: B023
        server.close()


def _asked(server: http.client.HTTPConnection, address: str, session: str) -> None:
    server.request("GET", address, headers={"Cookie": f"sessionid={session}"})
    answer = server.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{answer.status} {address}")


def _tell_times(how: str, timed: list[tuple[Page, list[float]]]) -> None:
    medians = [statistics.median(spent) for _, spent in timed]
    everything = [one for _, spent in timed for one in spent]
    slow = sum(median > TARGET for median in medians)
    note = f"{len(timed)} pages, {slow} over {TARGET} ms; 95th percentile of all answers {percentile(everything, 0.95):.0f} ms"
    tell(Measure(f"median page {how}", run.ENGINE, statistics.median(medians), "ms", TARGET, note=note))
    for page, spent in sorted(timed, key=lambda pair: -statistics.median(pair[1])):
        note = f"95 % {percentile(spent, 0.95):.0f} ms, {page.queries} queries, {page.size // 1024} KB"
        what = f"{how} {page.name} {page.address[:60]}"
        tell(Measure(what, run.ENGINE, statistics.median(spent), "ms", TARGET, repeats=spent, note=note))


def measure_times() -> None:
    django.setup()
    pages = walked()
    (run.data_folder(demo.NAME) / "pages.json").write_text(json.dumps([asdict(page) for page in pages]))
    _tell_times("in the process", list(_in_process(pages)))
    session = signed_in().cookies["sessionid"].value
    _close()
    _tell_times("through the server", list(_through_server(pages, session)))


def measure_queries() -> None:
    """The same addresses, once every row is there twice."""
    django.setup()
    from benchmarks.doubled import double_rows

    rows = double_rows()
    pages = [Page(**page) for page in json.loads((run.data_folder(demo.NAME) / "pages.json").read_text())]
    client, grown = signed_in(), []
    for page in pages:
        if (again := _fetched(client, page.address)) is not None and again[0].queries > page.queries:
            grown.append((again[0].queries, page))
    note = f"{rows} rows copied"
    tell(Measure("pages that ask more when rows double", run.ENGINE, len(grown), f"of {len(pages)}", 0, note=note))
    for queries, page in sorted(grown, key=lambda pair: pair[1].queries - pair[0]):
        what = f"queries doubled {page.name} {page.address[:60]}"
        tell(Measure(what, run.ENGINE, queries, "queries", page.queries, note=f"{page.queries} before"))


def _close() -> None:
    from django.db import connections

    connections.close_all()


def main() -> None:
    if not demo.has_one():
        subprocess.run([sys.executable, "-m", "benchmarks.demo"], check=True)
    _step("times", demo.NAME)
    places.make_copy(demo.NAME, DOUBLED)
    _step("queries", DOUBLED)


def _step(step: str, name: str) -> None:
    """Under the settings of tests, as the server that `tests.browsing` starts: both share their sessions."""
    command = [sys.executable, "-m", "benchmarks.pages", step]
    path = os.pathsep.join(sys.path)
    subprocess.run(command, check=True, env=os.environ | run.environment(name) | {"PYTHONPATH": path})


STEPS: dict[str, Callable[[], None]] = {"times": measure_times, "queries": measure_queries}

if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # a page that fails is told as a measure
    STEPS.get((sys.argv[1:] or [""])[0], main)()
