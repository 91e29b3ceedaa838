"""The operators' daily work at the size of a region: screens alone, then with 50 people reading and 8 writing at once.

`python -m benchmarks.activity [YEARS] [OPERATORS]`: an invented activity, then what each screen takes."""

import html
import http.client
import json
import logging
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import django

from benchmarks import places
from benchmarks.measures import Measure, percentile, tell
from tests import browsing, run

NAME = "bench_activity"
YEARS, OPERATORS = 10, 500
CEILING = 300  # milliseconds at the median
COMPANY_CEILING = 200  # at the 95th percentile, while typing
REPEATS = 9
READERS, WRITERS = 50, 8
THINK = (2.0, 8.0)  # seconds between two pages of a person
SECONDS = 60
SEED = 20261120
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def build(years: int, operators: int) -> None:
    places.make_blank(NAME)
    places.stand_in(NAME)
    from beffroi.web.commands import main

    start = time.perf_counter()
    asked = ["simulate", "activity", "--operators", str(operators), "--years", str(years), "--seed", str(SEED)]
    if code := main([*asked, "--until", "2026-11-20"]):
        raise SystemExit(code)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    note = f"{operators} operators, {years} years, {memory:.0f} MB of memory at most"
    tell(Measure("an invented activity", run.ENGINE, time.perf_counter() - start, "s", note=note))


@dataclass(frozen=True)
class Person:
    session: str
    company: int
    partner: str
    agreement: int


def people(count: int) -> list[Person]:
    """Signed in, each of an operator of its own, with a company that it follows."""
    from django.test import Client

    from beffroi.accounts.models import User
    from beffroi.funding.models import Agreement
    from beffroi.interactions.models import Visit

    found = []
    for user in User.objects.filter(email__startswith="agent-").order_by("pk")[: 2 * count : 2]:
        client = Client(SERVER_NAME="localhost")
        client.force_login(user)
        at = user.current_memberships[0].partner
        company = Visit.objects.filter(owner=at).order_by("-on").values_list("organisation", flat=True).first()
        agreement = Agreement.objects.filter(parties__organisation__partner=at).order_by("pk").first()
        found.append(Person(client.cookies["sessionid"].value, company, at.code, agreement.pk))
    return found


def addresses(person: Person) -> dict[str, str]:
    """The screens of the daily work, under the names that people give them."""
    who = f"organisation:{person.company}"
    return {
        "my week": "/activite/",
        "company sheet": f"/organisations/{person.company}",
        "visits": "/activite/visites/",
        "new visit": f"/activite/visites/nouvelle?about={who}",
        "companies while typing": f"/activite/visites/qui?q={quote('filature du')}",
        "needs": "/activite/besoins/",
        "events": "/activite/evenements/",
        "BOOSTER": "/activite/booster",
        "BOOSTER, the present month": "/activite/booster?mois=2026-11",
        "BOOSTER, list of visits": "/activite/booster/liste?mesure=visits&mois=2026-10",
        "indicators of the S3": "/activite/booster/indicateurs",
        "half-year": "/activite/booster/semestre/2026-S1",
        "reports": "/activite/rapports/",
        "report to a funder": f"/activite/rapports/{person.agreement}",
        "consolidation": f"/activite/rapports/consolidation/{person.partner}",
        "visit note": f"/activite/note?sujet={who}&le=2026-11-20",
    }


@dataclass
class Heard:
    """What came back: milliseconds of each screen, and every answer that was not one."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, name: str, status: int, spent: float) -> None:
        with self.lock:
            self.times[name].append(spent)
            if status >= 400:
                self.wrong.append(f"{status} {name}")


def ask(server: http.client.HTTPConnection, person: Person, address: str) -> tuple[int, float, str]:
    start = time.perf_counter()
    server.request("GET", address, headers={"Cookie": f"sessionid={person.session}"})
    answer = server.getresponse()
    body = answer.read().decode(errors="replace")
    return answer.status, 1000 * (time.perf_counter() - start), body


def known(server: http.client.HTTPConnection, person: Person) -> dict[str, str]:
    """Those screens that this version has."""
    return {name: at for name, at in addresses(person).items() if ask(server, person, at)[0] != 404}


def alone(site: str, person: Person) -> dict[str, str]:
    server = http.client.HTTPConnection(urlsplit(site).netloc, timeout=120)
    screens = known(server, person)
    for name, address in screens.items():
        answers = [ask(server, person, address) for _time in range(REPEATS)]
        spent = [milliseconds for _status, milliseconds, _body in answers]
        if wrong := {status for status, *_rest in answers if status != 200}:
            raise SystemExit(f"{name} ({address}) answers {wrong}")
        note = f"95 % {percentile(spent, 0.95):.0f} ms, the first {spent[0]:.0f} ms"
        tell(Measure(f"alone, {name}", run.ENGINE, statistics.median(spent), "ms", CEILING, repeats=spent, note=note))
    return screens


def read_pages(site: str, person: Person, names: list[str], heard: Heard, end: float, chance: random.Random) -> None:
    server = http.client.HTTPConnection(urlsplit(site).netloc, timeout=120)
    time.sleep(chance.uniform(0, THINK[1]))
    screens = addresses(person)
    while time.monotonic() < end:
        name = chance.choice(names)
        status, spent, _body = ask(server, person, screens[name])
        heard.add(name, status, spent)
        time.sleep(chance.uniform(*THINK))


def said_of(name: str, form: str) -> str:
    """The value of a field of the form."""
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', form)
    value = re.search(r'value="([^"]*)"', field[0]) if field else None
    return html.unescape(value[1]) if value else ""


def write_visits(site: str, person: Person, heard: Heard, end: float, chance: random.Random) -> None:
    """As a device does: each visit of the queue once, one after the other."""
    server = http.client.HTTPConnection(urlsplit(site).netloc, timeout=120)
    form = ask(server, person, f"/activite/visites/nouvelle?about=organisation:{person.company}")[2]
    token = TOKEN.search(form)
    assert token is not None
    fields = {name: said_of(name, form) for name in ("about", "who", "guide")}
    count = 0
    while time.monotonic() < end:
        count += 1
        said = fields | {"client_id": f"bench-{person.session[:8]}-{count}", "on": "2026-11-19", "state": "done",
                         "means": "call", "detail_visibility": "3", "visibility": "1"}  # fmt: skip
        start = time.perf_counter()
        headers = {"Cookie": f"sessionid={person.session}; csrftoken={token[1]}", "X-CSRFToken": token[1],
                   "Content-Type": "application/json", "Referer": site}  # fmt: skip
        server.request("POST", "/activite/visites/envoi", body=json.dumps(said), headers=headers)
        answer = server.getresponse()
        body = answer.read().decode(errors="replace")
        heard.add("write a visit", answer.status, 1000 * (time.perf_counter() - start))
        if answer.status >= 400 and len(heard.wrong) < 3:
            print(body[:300], file=sys.stderr)
        time.sleep(chance.uniform(0.2, 0.6))


def together(site: str, persons: list[Person], screens: dict[str, str]) -> Heard:
    heard, end = Heard(), time.monotonic() + SECONDS
    names, chance = list(screens), random.Random(SEED)
    jobs = [(read_pages, (site, person, names, heard, end)) for person in persons[:READERS]]
    writing = [(write_visits, (site, person, heard, end)) for person in persons[READERS:]]
    threads = [
        threading.Thread(target=function, args=(*about, random.Random(chance.random())))
        for function, about in (*jobs, *writing)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return heard


def tell_together(heard: Heard) -> None:
    for name, spent in sorted(heard.times.items()):
        ceiling = COMPANY_CEILING if name == "companies while typing" else CEILING
        value = percentile(spent, 0.95) if name == "companies while typing" else statistics.median(spent)
        note = f"{len(spent)} answers, 95 % {percentile(spent, 0.95):.0f} ms"
        tell(Measure(f"{READERS} readers and {WRITERS} writers, {name}", run.ENGINE, value, "ms", ceiling, note=note))
    note = ", ".join(sorted(set(heard.wrong)))[:200]
    tell(Measure("answers refused or failed", run.ENGINE, len(heard.wrong), "answers", 0, note=note))


def measure() -> None:
    django.setup()
    from django.db import connections

    from beffroi.interactions.models import Visit

    persons = people(READERS + WRITERS)
    before = Visit.objects.filter(client_id__startswith="bench-").count()
    connections.close_all()
    with browsing.serving(NAME, workers=2) as site:
        screens = alone(site, persons[0])
        heard = together(site, persons, screens)
    tell_together(heard)
    written = sum(1 for _one in heard.times["write a visit"])
    kept = Visit.objects.filter(client_id__startswith="bench-").count() - before
    tell(Measure("visits lost", run.ENGINE, written - kept, "visits", 0, note=f"{written} sent, {kept} kept"))


def main() -> None:
    """Under the settings of tests, as the server that `tests.browsing` starts: both share their sessions."""
    path = os.pathsep.join(sys.path)
    build(*[*map(int, sys.argv[1:]), *(YEARS, OPERATORS)[len(sys.argv) - 1 :]])
    command = [sys.executable, "-m", "benchmarks.activity", "measure"]
    subprocess.run(command, check=True, env=os.environ | run.environment(NAME) | {"PYTHONPATH": path})


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        logging.disable(logging.CRITICAL)  # a page that fails is told as a measure
        measure()
    else:
        main()
