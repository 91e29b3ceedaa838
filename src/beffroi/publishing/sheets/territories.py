"""The list of territories: official codes with their vintage, the names that documents give them, and what is known of each."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation
from beffroi.core.text import search_key
from beffroi.funding.models import Operation
from beffroi.indicators.queries import value_counts
from beffroi.indicators.queries.scope import Listed
from beffroi.provenance.queries import Moment
from beffroi.reference.enums import FrameworkKind, Strength, level_label
from beffroi.reference.models import Correspondence, Framework, Item
from beffroi.reference.queries.codes import PLACES

LEVELS = (
    "country",
    "group_of_countries",
    "region",
    "former_region",
    "area",
    "department",
    "employment_zone",
    "local_plan",
    "epci",
)
RELATED = ("version__framework", "parent", "place")


@dataclass(frozen=True)
class Facts:
    """What is known of each territory: values, operations and organisations, all names together."""

    values: Mapping[int, int]
    operations: Mapping[int, int]
    organisations: Mapping[int, int]
    names: Mapping[int, Sequence[str]]
    official: Mapping[int, int] = field(default_factory=dict)

    @property
    def ids(self) -> set[int]:
        return set(self.values) | set(self.operations) | set(self.organisations)

    def total(self, pk: int) -> int:
        return sum(counts.get(pk, 0) for counts in (self.values, self.operations, self.organisations))


@dataclass(frozen=True)
class TerritoryRow:
    item: Item
    values: int
    operations: int
    organisations: int
    names: Sequence[str]

    @property
    def listed(self) -> Listed:
        return Listed("indicators:values", (("territory", self.item.pk),))

    @property
    def level(self) -> str:
        return level_label(self.item.level)

    @property
    def population(self) -> int | None:
        return population(self.item)

    @property
    def vintage(self) -> str:
        """The year of an official code; a list that a document makes has none."""
        return self.item.version.code if self.item.version.valid_from else ""


def known_facts(*, moment: Moment, viewer: AnyUser) -> Facts:
    """In four queries; what a document says of a name counts for the official territory that the name is."""
    pairs = Correspondence.objects.known_on(moment.known_on).filter(
        strength=Strength.FULL,
        source__version__framework__code=PLACES,
        target__version__framework__kind=FrameworkKind.GEOGRAPHY,
    )
    official: dict[int, int] = {}
    names: dict[int, list[str]] = defaultdict(list)
    for source, target, label, own in pairs.order_by("pk").values_list("source", "target", "source__label", "target__label"):
        official.setdefault(source, target)
        if search_key(label) != search_key(own):
            names[target].append(label)

    def folded(counts: Mapping[int, int]) -> Counter[int]:
        found: Counter[int] = Counter()
        for pk, n in counts.items():
            found[official.get(pk, pk)] += n
        return found

    return Facts(
        folded(value_counts(moment=moment, viewer=viewer)),
        folded(_by_place(Operation.objects.visible_to(viewer))),
        folded(_by_place(Organisation.objects.visible_to(viewer))),
        names,
        official,
    )


def population(item: Item) -> int | None:
    """A place named by a document has no row of its own."""
    return getattr(getattr(item, "place", None), "population", None)


def _by_place(rows: Any) -> dict[int, int]:
    counts = rows.filter(place__isnull=False).order_by().values("place").annotate(n=Count("pk"))
    return {row["place"]: row["n"] for row in counts}


def geographies(viewer: AnyUser) -> list[Framework]:
    rows = Framework.objects.visible_to(viewer).filter(kind=FrameworkKind.GEOGRAPHY)
    return list(rows.annotate(size=Count("versions__items")).filter(size__gt=0).order_by("size", "sort_key"))


def territories_asked(asked: Mapping[str, Any], facts: Facts, *, viewer: AnyUser) -> list[int]:
    """Those that have facts, the most first; or every territory of the geography that is asked. Only their numbers: a
    country has thousands of communes and a page shows fifty."""
    rows = Item.objects.visible_to(viewer).filter(version__framework__kind=FrameworkKind.GEOGRAPHY)
    about = Q()
    for word in search_key(asked.get("q", "")).split():
        about &= Q(sort_key__contains=word) | Q(code=word.upper()) | Q(code=word)
    if level := asked.get("level"):
        about &= Q(level=level)
    if inside := asked.get("inside"):
        about &= Q(inside__whole=inside) | Q(parent=inside)
    if framework := asked.get("framework"):
        about &= Q(version__framework=framework)
    elif not inside:
        about &= Q(pk__in=facts.ids) if not asked.get("q") else ~Q(pk__in=facts.official)
    found = rows.filter(about).order_by("sort_key", "pk").values_list("pk", "level", "place__population").distinct()
    return [pk for pk, _, _ in _sorted(list(found), asked.get("sort", ""), facts)]


def _sorted(found: list[Any], asked: str, facts: Facts) -> list[Any]:
    """`found` comes by name; what has no number comes last either way."""
    orders: dict[str, Any] = {
        "population": lambda row: row[2],
        "values": lambda row: facts.values.get(row[0]),
        "level": lambda row: rank(row[1]),
    }
    name = asked.removeprefix("-")
    if name == "label":
        return found[::-1] if asked.startswith("-") else found
    key = orders.get(name, lambda row: facts.total(row[0]) or None)
    known = [row for row in found if key(row) is not None]
    unknown = [row for row in found if key(row) is None]
    return sorted(known, key=key, reverse=asked.startswith("-") or name not in orders) + unknown


def territory_rows(ids: Sequence[int], facts: Facts) -> list[TerritoryRow]:
    """The territories of these numbers in this order, in two queries."""
    items = Item.objects.select_related(*RELATED).prefetch_related("inside__whole").in_bulk(ids)
    return [territory_row(items[pk], facts) for pk in ids if pk in items]


def rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def territory_row(item: Item, facts: Facts) -> TerritoryRow:
    pk = item.pk
    counts = (facts.values.get(pk, 0), facts.operations.get(pk, 0), facts.organisations.get(pk, 0))
    return TerritoryRow(item, *counts, facts.names.get(pk, ()))
