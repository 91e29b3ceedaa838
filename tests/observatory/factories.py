"""A small region told as a table: zone, activity, then jobs in 2018 and 2022."""

from datetime import date

from beffroi.indicators.models import Indicator
from beffroi.reference.models import Framework, Item, PlaceMembership, Version
from tests.indicators.factories import framework, indicator, tell

JOBS = (
    "Lens  | 2910Z | 400 |  600",
    "Lens  | 8610Z | 400 |  400",
    "Lille | 2910Z | 100 |  100",
    "Lille | 8610Z | 900 |  900",
    "Douai | 2910Z | 200 |  200",
    "Douai | 8610Z | 780 |  800",
)
PLACES = ("Lens", "Lille", "Douai", "Vide")


def region(rows: tuple[str, ...]) -> Indicator:
    """Employment zones of one region, and the jobs of each by activity."""
    zones = geography("geo-zones-emploi", "2020")
    whole = Item.objects.create(
        version=geography("geo-regions", "2020"), code="32", label="Nord", level="region", sort_key="nord"
    )
    places = {name: zone(zones, name, whole) for name in PLACES}
    jobs = indicator(framework(code="activites", kind="classification"), "Emplois", unit="emplois")
    for row in rows:
        name, code, before, after = (part.strip() for part in row.split("|"))
        tell(jobs, f"actual | 2018 | naf={code} | {before}", f"actual | 2022 | naf={code} | {after}", territory=places[name])
    return jobs


def geography(code: str, year: str) -> Version:
    made = Framework.objects.create(code=code, label=code, kind="geography")
    return Version.objects.create(framework=made, code=year, valid_from=date(int(year), 1, 1))


def zone(version: Version, name: str, whole: Item) -> Item:
    code = f"ze-{name.lower()}"
    made = Item.objects.create(version=version, code=code, label=name, level="employment_zone", sort_key=name.lower())
    PlaceMembership.objects.create(part=made, whole=whole)
    return made


def square(code: str) -> list[list[list[tuple[float, float]]]]:
    """Side by side in the order of the places."""
    left = 2.0 + PLACES.index(code.removeprefix("ze-").title())
    return [[[(left, 50.0), (left + 1, 50.0), (left + 1, 51.0), (left, 51.0), (left, 50.0)]]]
