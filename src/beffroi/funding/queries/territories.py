"""Which operations take place in a territory: its own, and those of the territories inside it."""

from dataclasses import dataclass

import polars as pl
from django.conf import settings

from beffroi.accounts.models import AnyUser
from beffroi.core.text import search_key
from beffroi.reference.models import Item, PlaceMembership

OFFICIAL = "geo-"
LEVELS = {"commune": "commune_code", "department": "department_code", "region": "region_name"}
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
    """`asked`: framework:code, REG-32, DEP-59, COM-59350, a bare code or the name of a region. Raises UnknownTerritory."""
    item = _item(asked)
    if item is not None:
        return _descent(item)
    level, code = _level(asked)
    region = REGIONS.get(code) if level == "region" else None
    if level == "region":
        return _of_region(region or code)
    column = LEVELS[level] if level else ""
    codes = {name: frozenset([code]) for name in (column or "commune_code", column or "department_code")}
    return Inside(frozenset(), codes, "" if column else code)


def _level(asked: str) -> tuple[str, str]:
    prefix, dash, code = asked.partition("-")
    levels = {"REG": "region", "DEP": "department", "COM": "commune"}
    if dash and prefix.upper() in levels:
        return levels[prefix.upper()], code
    if asked == settings.REGION or search_key(asked) in {search_key(name) for name in REGIONS.values()}:
        return "region", asked
    return "", asked


def _of_region(name: str) -> Inside:
    spelled = frozenset({name, name.replace("’", "'"), name.upper(), search_key(name)})
    return Inside(frozenset(), {"region_name": spelled})


def _item(asked: str) -> Item | None:
    framework, colon, code = asked.rpartition(":")
    level, plain = _level(asked)
    rows = Item.objects.filter(version__framework__kind="geography")
    if colon:
        rows = rows.filter(version__framework__code=framework, code=code)
    elif level:
        rows = rows.filter(level=level).filter(code=plain) | rows.filter(level=level, sort_key=search_key(plain))
    else:
        rows = rows.filter(code=plain)
    found = {item.version.framework.code: item for item in rows.select_related("version__framework").order_by("version__code")}
    official: list[Item] = [item for name, item in found.items() if name.startswith(OFFICIAL)]
    if len(official) == 1:
        return official[0]
    if len(found) > 1:
        said = ", ".join(f"{name}:{item.code} ({item.label})" for name, item in sorted(found.items()))
        raise UnknownTerritory(f"« {asked} » désigne plusieurs territoires : {said}.")
    if colon and not found:
        raise UnknownTerritory(f"« {asked} » n’est pas un territoire connu.")
    return next(iter(found.values()), None)


def _parts(wholes: set[int]) -> set[int]:
    """The territories that are in one of these and in no other of its geography: one that straddles two is inside neither."""
    rows = PlaceMembership.objects.order_by("pk").values_list("part", "whole", "whole__version")
    candidates = set(rows.filter(whole__in=wholes).values_list("part", flat=True))
    found: dict[tuple[int, int], set[int]] = {}
    for part, whole, version in rows.filter(part__in=candidates):
        found.setdefault((part, version), set()).add(whole)
    return {part for (part, _), within in found.items() if len(within) == 1 and within <= wholes}


def _descent(item: Item) -> Inside:
    """A territory, the territories below it and those that belong to it in another geography."""
    ids, fresh = {item.pk}, {item.pk}
    while fresh:
        below = set(Item.objects.filter(parent__in=fresh).order_by().values_list("pk", flat=True))
        below |= _parts(fresh)
        fresh = below - ids
        ids |= fresh
    codes: dict[str, set[str]] = {}
    for level, code, label in Item.objects.filter(pk__in=ids).order_by("pk").values_list("level", "code", "label"):
        if level in LEVELS:
            codes.setdefault(LEVELS[level], set()).add(label if level == "region" else code)
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
    if len(official or found) == 1:
        item = (official or list(found.values()))[0]
        return f"{item.version.framework.code}:{item.code}"
    if found:
        said = ", ".join(f"{name}:{code}" for name, code in sorted(found))
        raise UnknownTerritory(f"« {asked} » désigne plusieurs territoires : {said}. Écrire l’un de ces codes.")
    if not _looks_like_a_code(asked) and _level(asked)[0] != "region":
        raise UnknownTerritory(f"« {asked} » n’est le nom d’aucun territoire connu : écrire un code (59350, DEP-59, REG-32).")
    return asked


def _looks_like_a_code(asked: str) -> bool:
    return any(letter.isdigit() for letter in asked) or ":" in asked
