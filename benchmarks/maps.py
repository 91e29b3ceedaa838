"""A map of 3 800 communes in a browser: from the press on its address to the picture, served by the product's own server.

`python -m benchmarks.maps [COMMUNES]`. The outlines are a grid of hexagons with wavy sides, as fine as the official ones."""

import json
import math
import sys
import time

from benchmarks import places
from benchmarks.measures import Measure, tell
from tests import browsing, run

COMMUNES, REPEATS, TARGET = 3_800, 5, 1.0
NAME = "bench_maps"
POINTS = 24  # of an outline: as many as a commune of the region has once generalised


def outline(number: int, across: int) -> list[list[list[tuple[float, float]]]]:
    """A rosette around its place in the grid, closed."""
    left, top = 1.5 + 2.7 * (number % across) / across, 48.9 + 2.1 * (number // across) / across
    size = 1.3 / across
    turns = [2 * math.pi * step / POINTS for step in range(POINTS)]
    ring = [
        (round(left + size * math.cos(turn) * (1 + 0.2 * math.cos(6 * turn)), 4), round(top + size * math.sin(turn), 4))
        for turn in turns
    ]
    return [[[*ring, ring[0]]]]


def write_communes(communes: int) -> int:
    """The key of an indicator that has a value for each."""
    from datetime import date

    from django.utils import timezone

    from beffroi.accounts.models import User
    from beffroi.indicators.models import Cell, Indicator, Observation
    from beffroi.reference.models import Boundary, Framework, Item, Version

    frame = Framework.objects.create(code="bench-communes", label="Communes mesurées", kind="geography")
    version = Version.objects.create(framework=frame, code="2026")
    rows = [
        Item(
            version=version, code=f"{90000 + number}", label=f"Commune {number}", level="commune", sort_key=f"commune {number}"
        )
        for number in range(communes)
    ]
    items = Item.objects.bulk_create(rows)
    across = math.ceil(math.sqrt(communes))
    Boundary.objects.bulk_create(
        Boundary(item=item, part="1", rings=json.dumps(outline(number, across))) for number, item in enumerate(items)
    )
    indicator = Indicator.objects.create(
        code="bench-map", label="Part mesurée", framework=frame, namespace="bench", sort_key="part mesuree"
    )
    period = {"written_period": "2024", "start": date(2024, 1, 1), "end": date(2024, 12, 31), "status": "actual"}
    cells = Cell.objects.bulk_create(
        Cell(indicator=indicator, territory=item, digest=f"{number:032}", **period) for number, item in enumerate(items)
    )
    told = {
        "recorded_from": timezone.now(),
        "by": User.objects.create_user("bench@example.org"),
        "stated_on": date(2024, 12, 31),
    }
    Observation.objects.bulk_create(
        Observation(
            cell=cell, value=number % 97, as_written=str(number % 97), key=cell.digest, content_hash=cell.digest, **told
        )
        for number, cell in enumerate(cells)
    )
    return indicator.pk


def seconds_to_picture(address: str) -> list[float]:
    """The first opening fetches the libraries, which a browser keeps: it is not counted."""
    from playwright.sync_api import sync_playwright

    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(browsing.CHROMIUM), args=browsing.FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        for _ in range(REPEATS + 1):
            start = time.perf_counter()
            page.goto(address, wait_until="commit")
            page.wait_for_selector(".chart-picture canvas, .chart-picture svg", state="visible")
            found.append(time.perf_counter() - start)
        browser.close()
    return found[1:]


def main(communes: int = COMMUNES) -> None:
    places.make_blank(NAME)
    places.stand_in(NAME)
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    indicator = write_communes(communes)
    with browsing.serving(NAME) as server:
        found = seconds_to_picture(f"{server}/observatoire/carte?indicator={indicator}&level=commune")
    tell(Measure(f"map of {communes} communes, picture in the browser", run.ENGINE, min(found), "s", TARGET, repeats=found))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
