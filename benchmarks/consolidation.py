"""A million lines of money: to totals in memory, from the database, and on the pages of the money explorer.

`python -m benchmarks.consolidation [LINES]`. The peer is the same question asked of the database through the ORM, with the
same rules: the last statement of each source, the lowest and the highest of rivals."""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import polars as pl

from benchmarks import places
from benchmarks.measures import Measure, tell
from tests import run

LINES = 1_000_000
SEED = 20260103
TERRITORIES, ITEMS, FUNDERS, RECEIVERS, SOURCES = 3_800, 60, 40, 50_000, 8
STAGES, INSTRUMENTS = ("planned", "voted", "programmed", "paid"), ("grant", "loan", "repayable_advance")
YEARS = range(2014, 2027)
SEVERAL = 0.2  # lines that a second source states, half of them otherwise
KEYS = ["place_id", "item_id", "fund_id", "year"]
PAGES = {
    "by funder": {"by": "fund"},
    "a territory, by item and year": {"by": "item", "then": "year", "territory": "T00012"},
    "a funder, by territory, all stages": {"by": "territory", "stage": "all", "fund": "3"},
    "flow from funders to items": {"by": "fund", "then": "item", "view": "flow"},
}


def chosen(chance: np.random.Generator, count: int, size: int) -> np.ndarray:
    """Most money goes to few: a rank among `count`, drawn by Zipf's law."""
    weights = 1 / np.arange(1, count + 1)
    return chance.choice(count, size, p=weights / weights.sum()) + 1


def generated(count: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lines and claims as the database keeps them; a funder has a few items, a receiver one territory."""
    chance = np.random.default_rng(SEED)
    funder, receiver = chosen(chance, FUNDERS, count), chosen(chance, RECEIVERS, count)
    place = chosen(chance, TERRITORIES, RECEIVERS + 1)[receiver]
    year = chance.choice(np.array(YEARS), count)
    lines = pl.DataFrame(
        {
            "id": np.arange(1, count + 1),
            "digest": [f"{number:032x}" for number in range(count)],
            "fund_id": funder,
            "receiver_id": receiver + FUNDERS,
            "item_id": (funder * 7 + chance.integers(0, 4, count)) % ITEMS + 1,
            "receiver_item_id": place + ITEMS,
            "stage": chance.choice(STAGES, count, p=[0.1, 0.4, 0.2, 0.3]),
            "instrument": chance.choice(INSTRUMENTS, count, p=[0.9, 0.06, 0.04]),
            "start": [date(int(y), 1, 1) for y in year],
            "end": [date(int(y), 12, 31) for y in year],
        }
    )
    again = chance.choice(count, int(count * SEVERAL), replace=False) + 1
    about = np.concatenate([np.arange(1, count + 1), again])
    cents = chance.lognormal(13, 2, count).astype(np.int64)[about - 1]
    cents[count:] += np.where(chance.random(len(again)) < 0.5, 0, 1_000)
    source = np.concatenate(
        [chance.integers(1, SOURCES // 2 + 1, count), chance.integers(SOURCES // 2 + 1, SOURCES + 1, len(again))]
    )
    return lines, pl.DataFrame({"line_id": about, "cents": cents, "load_id": source})


def _named(version: Any, level: str, mark: str, label: str, count: int) -> list[Any]:
    from beffroi.reference.models import Item

    return [
        Item(version=version, code=f"{mark}{n:05}", label=f"{label} {n}", level=level, sort_key=f"{n:05}")
        for n in range(1, count + 1)
    ]


def _pointed_at() -> int:
    """The items, territories, organisations and loads that generated rows point at; the number of their programme."""
    from django.utils import timezone

    from beffroi.actors.models import Organisation
    from beffroi.funding.models import Programme
    from beffroi.provenance import actions
    from beffroi.provenance.models import Load, Profile, Snapshot, Source
    from beffroi.reference.models import Framework, Item, Version

    items = Framework.objects.create(code="mesure", label="Mesure", kind="programme")
    ground = Framework.objects.create(code="geo-mesure", label="Territoires", kind="geography")
    of_items, of_ground = (Version.objects.create(framework=framework) for framework in (items, ground))
    rows = [*_named(of_items, "axis", "E", "Élément", ITEMS), *_named(of_ground, "commune", "T", "Commune", TERRITORIES)]
    Item.objects.bulk_create(rows, batch_size=1_000)
    bodies = [
        Organisation(name=f"Organisation {n}", kind="company", no_siren="not_stated", sort_key=f"{n:06}")
        for n in range(FUNDERS + RECEIVERS)
    ]
    Organisation.objects.bulk_create(bodies, batch_size=1_000)
    actions.seed_profiles()
    profile, now = Profile.objects.first(), timezone.now()
    for n in range(1, SOURCES + 1):
        source = Source.objects.create(code=f"s{n}", title=f"Source {n}", publisher="Mesure")
        snapshot = Snapshot.objects.create(source=source, filename="m.csv", sha256=f"{n:064x}", size=1, as_of=date(2026, 1, 1))
        Load.objects.create(snapshot=snapshot, profile=profile, state="applied", ended=now)
    return int(Programme.objects.create(framework=items).pk)


def _kept(lines: pl.DataFrame, claims: pl.DataFrame) -> None:
    """The generated rows in the database, and its statistics up to date."""
    from django.db import connection, transaction
    from django.utils import timezone

    from beffroi.core.bulk import copy_frame
    from beffroi.funding.models import Line, LineClaim

    programme, now = _pointed_at(), timezone.now()
    constant = {
        **dict.fromkeys(("written_period", "detail"), ""), "programme_id": programme, "currency": "EUR", "origin": "region",
        "section": "unstated", "contract_status": "unstated", "visibility": 0,
    }  # fmt: skip
    said = {
        "as_written": "1", "qualifiers": "{}", "place": "", "occurrence": 1, "content_hash": "x", "visibility": 0,
        "stated_on": date(2026, 1, 1), "recorded_from": now.strftime("%Y-%m-%d %H:%M:%S"),
    }  # fmt: skip
    with transaction.atomic():
        copy_frame(Line._meta.db_table, lines.with_columns(**{name: pl.lit(value) for name, value in constant.items()}))
        numbered = claims.with_row_index("row", 2).with_columns(key=pl.format("k{}", "row"))
        copy_frame(LineClaim._meta.db_table, numbered.with_columns(**{name: pl.lit(value) for name, value in said.items()}))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def by_orm() -> int:
    """The same totals as the database gives them to Django's ORM."""
    from django.db.models import Exists, Max, Min, OuterRef, Subquery, Sum
    from django.db.models.functions import ExtractYear

    from beffroi.funding.models import Line, LineClaim

    known = LineClaim.objects.filter(recorded_to__isnull=True, visibility=0)
    same = known.filter(line=OuterRef("line"), load__snapshot__source=OuterRef("load__snapshot__source"))
    later = same.filter(stated_on__gt=OuterRef("stated_on"))
    about = known.filter(line=OuterRef("pk")).exclude(Exists(later)).order_by().values("line")
    rows = Line.objects.filter(visibility=0).annotate(
        low=Subquery(about.annotate(v=Min("cents")).values("v")), high=Subquery(about.annotate(v=Max("cents")).values("v"))
    )
    keys = ("receiver_item", "item", "fund", "stage", "instrument", "currency")
    groups = rows.order_by().values(*keys, year=ExtractYear("start")).annotate(certain=Sum("low"), at_most=Sum("high"))
    return sum(row["certain"] for row in groups)


def timed(work: Callable[[], Any], repeats: int) -> tuple[list[float], Any]:
    spent, found = [], None
    for _ in range(repeats):
        start = time.perf_counter()
        found = work()
        spent.append(time.perf_counter() - start)
    return spent, found


def _consolidated(count: int) -> None:
    from django.contrib.auth.models import AnonymousUser
    from django.utils import timezone

    from beffroi.analytics.consolidation import consolidate, totals
    from beffroi.funding.queries.consolidated import as_tables, consolidated, ledger
    from beffroi.provenance.queries import Moment

    viewer, moment = AnonymousUser(), Moment(timezone.localdate(), timezone.now())
    tables = as_tables(viewer, moment)
    spent, found = timed(
        lambda: consolidate(tables.lines, tables.claims, by=KEYS, links=tables.links, manages=tables.manages), 5
    )
    memory = statistics.median(spent)
    tell(Measure(f"{count} lines to {found.groups.height} totals, in memory", run.ENGINE, memory, "s", 1.0, repeats=spent))
    orm, total = timed(by_orm, 1)
    assert total == found.groups["certain"].sum(), "the peer answers the same"
    tell(Measure("the same by the ORM", run.ENGINE, orm[0], "s"))
    target = 20 if run.ENGINE == "postgresql" else None
    tell(Measure("times faster than the ORM", run.ENGINE, orm[0] / memory, "×", target, is_floor=True))
    read, _ = timed(lambda: consolidated(viewer, moment), 1)
    tell(Measure("from the database to consolidated lines", run.ENGINE, read[0], "s"))
    ledger(viewer, moment)
    again, _ = timed(lambda: totals(ledger(viewer, moment).lines, KEYS), 5)
    tell(Measure("kept lines to the same totals", run.ENGINE, statistics.median(again), "s", repeats=again))


def _pages() -> None:
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    for name, asked in PAGES.items():
        assert client.get("/financements/explorateur", asked).status_code == 200
        spent, _ = timed(lambda asked=asked: client.get("/financements/explorateur", asked), 9)
        repeats = [1000 * second for second in spent]
        tell(Measure(f"money explorer, {name}", run.ENGINE, statistics.median(repeats), "ms", 300, repeats=repeats))


def measure(count: int) -> None:
    places.make_blank("consolidation")
    places.stand_in("consolidation")
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    start = time.perf_counter()
    _kept(*generated(count))
    print(f"{datetime.now(UTC):%H:%M} {count} lines in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    _consolidated(count)
    _pages()


def main() -> None:
    measure(LINES)


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else LINES)
