"""Which operations take place in a territory: its own, and those of the territories inside it, in every loaded year."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl
from django.conf import settings

from beffroi.accounts.models import AnyUser
from beffroi.core.text import search_key
from beffroi.reference.models import Item, PlaceMembership, Succession
from beffroi.reference.queries import communes_inside

OFFICIAL = "geo-"
COMMUNES = "geo-communes"
LEVELS = {"commune": "commune_code", "department": "department_code", "region": "region_name", "former_region": "region_name"}
PREFIXES = {"REG": ("region", "former_region"), "DEP": ("department",), "COM": ("commune",), "EPCI": ("epci",),
            "ZE": ("employment_zone",)}  # fmt: skip
# A bare code is one of these before it is that of a living area or of a canton
USUAL = ("commune", "department", "region", "former_region", "epci")
MOST_PARAMETERS = 5_000
# Names of the regions of 2016 (INSEE), for lists that name them while no geography is loaded.
REGIONS = {
    "01": "Guadeloupe", "02": "Martinique", "03": "Guyane", "04": "La Réunion", "06": "Mayotte", "11": "Île-de-France",
    "24": "Centre-Val de Loire", "27": "Bourgogne-Franche-Comté", "28": "Normandie", "32": "Hauts-de-France", "44": "Grand Est",
    "52": "Pays de la Loire", "53": "Bretagne", "75": "Nouvelle-Aquitaine", "76": "Occitanie", "84": "Auvergne-Rhône-Alpes",
    "93": "Provence-Alpes-Côte d’Azur", "94": "Corse",
}  # fmt: skip


class UnknownTerritory(ValueError):
    """No territory, or several, have this code; the text says what to write."""


@dataclass(frozen=True)
class Inside:
    """The codes and territories that make a territory."""

    items: frozenset[int]
    codes: dict[str, frozenset[str]]
    written: str = ""

    def condition(self) -> pl.Expr:
        """Where a row contradicts itself, its department decides: neither its commune nor its region draw it elsewhere."""
        found = pl.col("place_id").is_in(list(self.items)).fill_null(False)
        department = pl.col("department_code").fill_null("")
        sound = {"commune_code": pl.col("commune_code").str.starts_with(department), "region_name": department == ""}
        for column, codes in self.codes.items():
            alone = pl.lit(True) if list(self.codes) == ["region_name"] else sound.get(column, pl.lit(True))
            found |= (pl.col(column).is_in(list(codes)) & alone).fill_null(False)
        if self.written:
            found |= pl.col("nuts_code").str.starts_with(self.written) | (pl.col("postcode") == self.written)
        return found.fill_null(False)


def inside(asked: str) -> Inside:
    """`asked`: framework:code, framework@year:code, REG-32, DEP-59, COM-59350, EPCI-200093201, ZE-0054, a bare code or the
    name of a region. Raises UnknownTerritory."""
    item = _item(asked)
    if item is not None:
        return _descent(item)
    levels, code = _levels(asked)
    if "region" in levels:
        return _of_region(REGIONS.get(code, code))
    column = LEVELS.get(levels[0], "") if levels else ""
    if levels and not column:
        raise UnknownTerritory(f"« {asked} » demande une géographie qui n’est pas chargée : chargez les communes d’une année.")
    codes = {name: frozenset([code]) for name in (column or "commune_code", column or "department_code")}
    return Inside(frozenset(), codes, "" if column else code)


def _levels(asked: str) -> tuple[tuple[str, ...], str]:
    prefix, dash, code = asked.partition("-")
    if dash and prefix.upper() in PREFIXES:
        return PREFIXES[prefix.upper()], code
    if asked == settings.REGION or search_key(asked) in {search_key(name) for name in REGIONS.values()}:
        return PREFIXES["REG"], asked
    return (), asked


def _of_region(name: str) -> Inside:
    spelled = frozenset({name, name.replace("’", "'"), name.upper(), search_key(name)})
    return Inside(frozenset(), {"region_name": spelled})


def _item(asked: str) -> Item | None:
    """The territory of the latest year that has this code, unless a year is asked."""
    address, colon, code = asked.rpartition(":")
    framework, _, year = address.partition("@")
    levels, plain = _levels(asked)
    rows = Item.objects.filter(version__framework__kind="geography")
    if colon:
        rows = rows.filter(version__framework__code=framework, code=code)
        rows = rows.filter(version__code=year) if year else rows
    elif levels:
        rows = rows.filter(level__in=levels).filter(code=plain) | rows.filter(level__in=levels, sort_key=search_key(plain))
    else:
        rows = rows.filter(code=plain)
    found = {item.version.framework.code: item for item in rows.select_related("version__framework").order_by("version__code")}
    return _chosen(found, asked, levels=levels, is_named=bool(colon))


def _chosen(found: dict[str, Item], asked: str, *, levels: tuple[str, ...], is_named: bool) -> Item | None:
    """A region of today before a former one, the latest zoning before an older one; never one of two things."""
    official = {name: item for name, item in found.items() if name.startswith(OFFICIAL)}
    usual = [item for item in official.values() if item.level in USUAL]
    if levels and official:
        return max(official.values(), key=lambda item: (-levels.index(item.level), item.version.framework.code))
    if len(usual) == 1 or len(official) == 1:
        return (usual if len(usual) == 1 else list(official.values()))[0]
    if len(found) > 1:
        said = ", ".join(f"{name}:{item.code} ({item.label})" for name, item in sorted(found.items()))
        raise UnknownTerritory(f"« {asked} » désigne plusieurs territoires : {said}.")
    if is_named and not found:
        raise UnknownTerritory(f"« {asked} » n’est pas un territoire connu.")
    return next(iter(found.values()), None)


def _parts(wholes: set[int], known: set[int]) -> set[int]:
    """The territories that are in these and in no other of their geography: one that goes on elsewhere is not inside."""
    rows = PlaceMembership.objects.order_by("pk").values_list("part", "whole", "whole__version")
    candidates = {row[0] for some in _batches(wholes) for row in rows.filter(whole__in=some)}
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for some in _batches(candidates):
        for part, whole, version in rows.filter(part__in=some):
            found[part, version].add(whole)
    return {part for (part, _), within in found.items() if within <= known}


def _batches(ids: Iterable[int]) -> Iterable[list[int]]:
    listed = sorted(ids)
    return (listed[at : at + MOST_PARAMETERS] for at in range(0, len(listed), MOST_PARAMETERS))


def _below(wholes: set[int]) -> set[int]:
    children = Item.objects.order_by()
    return {pk for some in _batches(wholes) for pk in children.filter(parent__in=some).values_list("pk", flat=True)}


def _descent(item: Item) -> Inside:
    """A territory, the territories below it and those that belong to it in another geography, that year and the others."""
    ids, fresh = {item.pk}, {item.pk}
    while fresh:
        fresh = (_below(fresh) | _parts(fresh, ids)) - ids
        ids |= fresh
    ids |= _former_regions(ids)
    return _with_other_years(item, _items(ids))


def _items(ids: set[int]) -> list[Item]:
    rows = Item.objects.select_related("version__framework").order_by("pk")
    return [item for some in _batches(ids) for item in rows.filter(pk__in=some)]


def _former_regions(ids: set[int]) -> set[int]:
    """The former regions that were wholly united in one of these."""
    edges = Succession.objects.filter(before__level="former_region").order_by("pk").values_list("before", "after")
    after: dict[int, set[int]] = defaultdict(set)
    for one, other in edges:
        after[one].add(other)
    return {pk for pk, wholes in after.items() if wholes <= ids}


def _with_other_years(asked: Item, items: list[Item]) -> Inside:
    """The communes of the other years that are wholly the same place, and the departments and regions, whose codes last."""
    ids = {item.pk for item in items}
    codes: dict[str, set[str]] = defaultdict(set)
    for item in items:
        if item.level in LEVELS and item.level != "commune":
            codes[LEVELS[item.level]].add(item.code if item.level == "department" else item.label)
    lasting = [item for item in items if item.level in ("department", "region", "former_region")]
    for item in lasting:
        same = Item.objects.filter(version__framework=item.version.framework_id, code=item.code).order_by()
        ids |= set(same.values_list("pk", flat=True))
    communes = [item for item in items if item.version.framework.code == COMMUNES]
    if communes:
        more, names = _communes_of_every_year(communes)
        ids |= more
        codes["commune_code"] |= names
    elif asked.level == "commune":
        codes["commune_code"].add(asked.code)
    return Inside(frozenset(ids), {column: frozenset(found) for column, found in codes.items()})


def territory_called(asked: str, *, viewer: AnyUser) -> str:
    """What `inside` understands, for a code or for the name of one territory. Raises UnknownTerritory."""
    asked = asked.strip()
    rows = Item.objects.visible_to(viewer).filter(version__framework__kind="geography", sort_key=search_key(asked)[:200])
    found = {
        (item.version.framework.code, item.code): item
        for item in rows.select_related("version__framework").order_by("version__code", "pk")
    }
    official = [item for (name, _), item in found.items() if name.startswith(OFFICIAL)]
    usual = [item for item in official if item.level in USUAL]
    if len(usual or official or found) == 1:
        item = (usual or official or list(found.values()))[0]
        return f"{item.version.framework.code}:{item.code}"
    if found:
        said = ", ".join(f"{name}:{code}" for name, code in sorted(found))
        raise UnknownTerritory(f"« {asked} » désigne plusieurs territoires : {said}. Écrire l’un de ces codes.")
    if not _looks_like_a_code(asked) and "region" not in _levels(asked)[0]:
        raise UnknownTerritory(f"« {asked} » n’est le nom d’aucun territoire connu : écrire un code (59350, DEP-59, REG-32).")
    return asked


def _looks_like_a_code(asked: str) -> bool:
    return any(letter.isdigit() for letter in asked) or ":" in asked


def _communes_of_every_year(communes: list[Item]) -> tuple[set[int], set[str]]:
    """Items and codes. A list writes codes without their year: one that is another place in some year is left out."""
    years: dict[int, set[str]] = defaultdict(set)
    for item in communes:
        years[int(item.version.code)].add(item.code)
    year = max(years)
    within = communes_inside(years[year], year=year) | {other: found for other, found in years.items() if other != year}
    candidates = sorted({code for found in within.values() for code in found})
    ids, doubtful = {item.pk for item in communes}, set()
    for some in (candidates[at : at + MOST_PARAMETERS] for at in range(0, len(candidates), MOST_PARAMETERS)):
        rows = Item.objects.filter(version__framework__code=COMMUNES, code__in=some).order_by()
        for pk, code, vintage in rows.values_list("pk", "code", "version__code"):
            if code in within.get(int(vintage), ()):
                ids.add(pk)
            else:
                doubtful.add(code)
    return ids, set(candidates) - doubtful
