"""What the lists are made from: operations with their costs and their lines, as everybody may read them at a moment."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any

import polars as pl
from django.contrib.auth.models import AnonymousUser

from beffroi.actors.models import ExternalId, Organisation
from beffroi.core.text import search_key
from beffroi.funding.enums import Stage
from beffroi.funding.models import Line, Operation
from beffroi.funding.queries.consolidated import as_counted, ledger
from beffroi.funding.queries.costs import Cost, costs_of, euros_of
from beffroi.publishing.datasets.standards.declared import Asked

BATCH = 2_000
# One grant said at several stages is published at the first of these that is known: stages are never added
AWARDED = (Stage.VOTED, Stage.AGREED, Stage.PROGRAMMED, Stage.UNSTATED)
# How lists write the funds of the Union -> the code that the Commission gives them
UNION_FUNDS = {
    "feder": "ERDF", "erdf": "ERDF", "efrr": "ERDF", "fse": "ESF", "esf": "ESF", "fse plus": "ESF", "iej": "YEI", "yei": "YEI",
    "fc": "CF", "cf": "CF", "fonds de cohesion": "CF", "feader": "EAFRD", "eafrd": "EAFRD", "feamp": "EMFF", "emff": "EMFF",
    "ftj": "JTF", "jtf": "JTF", "ipa": "IPA II", "eni": "ENI",
    "fonds europeen de developpement regional": "ERDF", "european regional development fund": "ERDF",
    "europski fond za regionalni razvoj": "ERDF", "fonds social europeen": "ESF", "european social fund": "ESF",
    "europski socijalni fond": "ESF", "europski socijani fond": "ESF", "kohezijski fond": "CF",
}  # fmt: skip


@dataclass(frozen=True)
class Money:
    """A line that counts once, whatever the number of sources that say it. `low` and `high`: what is certain and what is
    possible at most; `is_double`: it may be money that another line says already."""

    pk: int
    fund: Organisation | None
    payer: Organisation | None
    stage: str
    instrument: str
    origin: str
    currency: str
    start: date | None
    end: date | None
    low: Decimal | None
    high: Decimal | None
    is_double: bool = False

    @property
    def value(self) -> Decimal | None:
        return self.low if self.low == self.high else None

    @property
    def publisher(self) -> Organisation | None:
        return self.payer or self.fund


@dataclass(frozen=True)
class Described:
    operation: Operation
    costs: dict[str, list[Cost]] = field(default_factory=dict)
    lines: tuple[Money, ...] = ()
    rna: str = ""
    digests: Mapping[int, str] = field(default_factory=dict)

    @property
    def details(self) -> dict[str, str]:
        return dict(self.operation.details)

    @property
    def beneficiary(self) -> Organisation | None:
        return self.operation.beneficiary

    @property
    def is_person(self) -> bool:
        """Whether the public may not read the beneficiary's name: a natural person, or a unit that INSEE does not publish."""
        return self.beneficiary is not None and not self.beneficiary.is_published

    @property
    def name(self) -> str:
        return self.operation.written_beneficiary or str(self.beneficiary or "")

    def cost(self, kind: str) -> Cost | None:
        found = self.costs.get(kind, [])
        return next((cost for cost in found if cost.currency == self.operation.currency), next(iter(found), None))

    @cached_property
    def awarded(self) -> tuple[Money, ...]:
        """Of each funder and instrument, the lines of the first stage of award."""
        groups: dict[tuple[Any, ...], dict[str, list[Money]]] = defaultdict(lambda: defaultdict(list))
        for line in self.lines:
            key = (line.publisher and line.publisher.pk, line.instrument, line.origin, line.currency)
            groups[key][line.stage].append(line)
        firsts = (next((stages[stage] for stage in AWARDED if stage in stages), []) for stages in groups.values())
        return tuple(line for lines in firsts for line in lines)

    @property
    def is_of_one_publisher(self) -> bool:
        return len({line.publisher.pk for line in self.lines if line.publisher}) == 1

    @property
    def union(self) -> list[Money]:
        return [line for line in self.awarded if line.origin == "eu" or (line.fund and fund_code(line.fund.name))]

    @property
    def union_fund(self) -> str:
        names = [line.fund.name for line in self.union if line.fund]
        return names[0] if names else self.details.get("fund", "")

    @property
    def is_of_the_union(self) -> bool:
        rate = self.details.get("co_financing_rate") or self.details.get("written_rate")
        return bool(self.union or rate or fund_code(self.details.get("fund", "")))


def fund_code(name: str) -> str:
    return UNION_FUNDS.get(search_key(name), "")


def described(asked: Asked, *, with_costs: bool = True) -> Iterator[Described]:
    """The public operations, of one programme or all, by code; without their costs, those that have a line."""
    rows = Operation.objects.visible_to(AnonymousUser()).select_related(
        "programme__framework", "item", "place__version__framework", "beneficiary"
    )
    if asked.programme:
        rows = rows.filter(programme__framework__code=asked.programme)
    source, lines = rows.order_by("namespace", "code").iterator(chunk_size=BATCH), _lines(asked)
    while batch := list(islice(source, BATCH)):
        ids = [row.pk for row in batch] if with_costs else []
        costs = costs_of(ids, viewer=AnonymousUser(), moment=asked.moment) if ids else {}
        numbers = _rna([row.beneficiary_id for row in batch if row.beneficiary_id])
        digests = dict(Line.objects.filter(operation__in=[row.pk for row in batch]).values_list("pk", "digest"))
        for row in batch:
            found = tuple(lines.get(row.pk, ()))
            if found or row.pk in costs:
                yield Described(row, costs.get(row.pk, {}), found, numbers.get(row.beneficiary_id or 0, ""), digests)


READ = (
    "pk", "operation_id", "fund_id", "payer_id", "stage", "instrument", "origin", "currency", "start", "end", "low", "high",
    "is_double",
)  # fmt: skip


def _lines(asked: Asked) -> dict[int, list[Money]]:
    """What is certain and what is possible at most, as every total counts them; unknown when no source says an amount."""
    lines = as_counted(ledger(AnonymousUser(), asked.moment).lines)
    final = lines.filter(pl.col("operation_id").is_not_null() & (pl.col("transit") == 0))
    rows = final.select(READ).with_columns(pl.col(pl.Categorical).cast(pl.String)).sort("pk").collect()
    ids = {pk for name in ("fund_id", "payer_id") for pk in rows[name].drop_nulls().unique()}
    bodies = Organisation.objects.visible_to(AnonymousUser()).in_bulk(ids)
    found: dict[int, list[Money]] = defaultdict(list)
    for row in rows.iter_rows(named=True):
        found[row["operation_id"]].append(_money(row, bodies))
    return found


def _money(row: Mapping[str, Any], bodies: Mapping[int, Organisation]) -> Money:
    return Money(
        row["pk"], bodies.get(row["fund_id"]), bodies.get(row["payer_id"]), row["stage"], row["instrument"], row["origin"],
        row["currency"], row["start"], row["end"], euros_of(row["low"]), euros_of(row["high"]), row["is_double"],
    )  # fmt: skip


def _rna(organisations: Iterable[int]) -> dict[int, str]:
    rows = ExternalId.objects.filter(organisation__in=list(organisations), scheme="rna")
    return dict(rows.values_list("organisation_id", "value"))
