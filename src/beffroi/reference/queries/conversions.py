"""Codes of a geography of a year said in another: communes of another year, or the zones that contain them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from beffroi.analytics.conversion import Tie
from beffroi.core.text import search_key
from beffroi.reference.models import Framework, Item, PlaceMembership, Version
from beffroi.reference.queries.passages import known_passages
from beffroi.reference.rules import Part, Passage, carried, composed, ties_of, ties_to_wholes

COMMUNES, DEPARTMENTS = "geo-communes", "geo-departements"
SHORT = {"dep": DEPARTMENTS, "departement": DEPARTMENTS, "reg": "geo-regions", "region": "geo-regions", "commune": COMMUNES,
         "ancienneregion": "geo-anciennes-regions", "com": COMMUNES}  # fmt: skip


class UnknownGeography(ValueError):
    """What is asked names no geography that is loaded; the text says which are."""


@dataclass(frozen=True)
class Geography:
    """A framework of territories in a year: « 2024 » is the communes of 2024, « epci@2019 », « ze2020 »."""

    framework: str
    year: int | None

    @property
    def is_communes(self) -> bool:
        return self.framework == COMMUNES


@dataclass(frozen=True)
class Bridge:
    """The ties from the codes of one geography to those of another, and what cannot cross: codes that the first does not have
    in that year (`unknown`). `labels`: the names of what they lead to. `year`: of the target."""

    ties: list[Tie]
    unknown: list[str]
    labels: Mapping[str, str]
    year: int


def geography(asked: str) -> Geography:
    name, at, year = asked.strip().partition("@")
    if name.isdigit() and len(name) == 4 and not at:
        return Geography(COMMUNES, int(name))
    if at and not year.isdigit():
        raise UnknownGeography(f"« {asked} » : l’année s’écrit en quatre chiffres après l’arobase, par exemple epci@2024.")
    return Geography(_framework(name), int(year) if at else None)


def _plain(text: str) -> str:
    return search_key(text).replace(" ", "").removeprefix("geo").rstrip("s")


def _framework(name: str) -> str:
    rows = Framework.objects.filter(kind="geography", code__startswith="geo-").order_by("code")
    codes: list[str] = list(rows.values_list("code", flat=True))
    found = [code for code in codes if _plain(code) == _plain(name) or code == SHORT.get(_plain(name))]
    if not found:
        known = ", ".join(code.removeprefix("geo-") for code in codes) or "aucune : chargez d’abord les communes d’une année"
        raise UnknownGeography(f"« {name} » n’est pas une géographie chargée. Géographies : {known}, ou une année.")
    return found[0]


def years_of(framework: str) -> list[int]:
    codes = Version.objects.filter(framework__code=framework).order_by("code").values_list("code", flat=True)
    return [int(code) for code in codes if code.isdigit()]


def bridge(codes: Sequence[str], *, start: Geography, end: Geography, by_population: bool = False) -> Bridge:
    """Raises UnknownGeography. Population apportions nothing unless asked."""
    first, last = _years(start, end)
    parts, unknown = _communes_of(codes, start, first)
    passages = known_passages()
    there = composed(parts, carried({code for part in parts.values() for code in part}, passages, start=first, end=last))
    known = _codes(COMMUNES, last)
    if end.is_communes:
        ties = [tie for tie in ties_of(there, by_population=by_population) if not known or tie.target in known]
        return Bridge(ties, unknown, known, last)
    ties = ties_to_wholes(there, _wholes(end.framework, last), by_population=by_population)
    return Bridge(ties, unknown, _codes(end.framework, last), last)


def _years(start: Geography, end: Geography) -> tuple[int, int]:
    first = start.year or max(years_of(start.framework), default=0)
    nearest = min(years_of(end.framework), key=lambda year: (abs(year - first), year < first), default=first)
    last = end.year or nearest
    for asked, year in ((start, first), (end, last)):
        if not asked.is_communes and year not in years_of(asked.framework):
            known = ", ".join(map(str, years_of(asked.framework)))
            name = asked.framework.removeprefix("geo-")
            raise UnknownGeography(f"« {name} » n’est pas chargé pour {year} ; années : {known}.")
    return first, last


def _codes(framework: str, year: int) -> dict[str, str]:
    rows = Item.objects.filter(version__framework__code=framework, version__code=str(year)).order_by()
    return dict(rows.values_list("code", "label"))


def _communes_of(codes: Iterable[str], start: Geography, year: int) -> tuple[dict[str, Part], list[str]]:
    """Each code as communes of its year: itself, or those of the zone with their share of its population."""
    wanted = list(dict.fromkeys(codes))
    if start.is_communes:
        known = _codes(COMMUNES, year)
        unknown = [code for code in wanted if known and code not in known]
        return {code: {code: Decimal(1)} for code in wanted if not known or code in known}, unknown
    inside: dict[str, list[str]] = defaultdict(list)
    for commune, zones in _wholes(start.framework, year).items():
        for zone in zones:
            inside[zone].append(commune)
    counts = _populations(year)
    return {code: _shared(inside[code], counts) for code in wanted if code in inside}, [c for c in wanted if c not in inside]


def _shared(communes: Sequence[str], counts: Mapping[str, int]) -> Part:
    total = sum(counts.get(code, 0) for code in communes)
    if not total or any(code not in counts for code in communes):
        return dict.fromkeys(communes)
    return {code: Decimal(counts[code]) / total for code in communes}


def _populations(year: int) -> dict[str, int]:
    rows = Item.objects.filter(version__framework__code=COMMUNES, version__code=str(year), place__population__isnull=False)
    return dict(rows.order_by().values_list("code", "place__population"))


def _wholes(framework: str, year: int) -> dict[str, list[str]]:
    """Commune -> the zones of a geography that contain it that year, directly or through its department."""
    direct = _pairs(COMMUNES, framework, year)
    if direct:
        return direct
    above = _pairs(DEPARTMENTS, framework, year)
    departments = _pairs(COMMUNES, DEPARTMENTS, year)
    return {code: [zone for name in names for zone in above.get(name, ())] for code, names in departments.items()}


def _pairs(part: str, whole: str, year: int) -> dict[str, list[str]]:
    rows = PlaceMembership.objects.filter(
        part__version__framework__code=part,
        part__version__code=str(year),
        whole__version__framework__code=whole,
        whole__version__code=str(year),
    )
    found: dict[str, list[str]] = defaultdict(list)
    for inner, outer in rows.order_by("part__code", "whole__code").values_list("part__code", "whole__code"):
        found[inner].append(outer)
    return found


def communes_inside(codes: Iterable[str], *, year: int, passages: Sequence[Passage] | None = None) -> dict[int, set[str]]:
    """The communes of each other loaded year that are wholly what these communes of a year are."""
    within, known = set(codes), known_passages() if passages is None else passages
    touched = {code for passage in known for code in (passage.source, passage.target)}
    found: dict[int, set[str]] = {year: within}
    for other in years_of(COMMUNES):
        if other != year:
            known_codes = set(_codes(COMMUNES, other))
            moved = carried(known_codes & touched, known, start=other, end=year)
            found[other] = {code for code, part in moved.items() if part.keys() <= within} | ((known_codes & within) - touched)
    return found
