"""Where a row says that its money goes: its codes as they should be written, and the official territory when it is certain."""

from dataclasses import dataclass
from functools import cached_property

from beffroi.core.text import search_key
from beffroi.provenance.actions import StatedRow
from beffroi.reference.models import Item

GEOGRAPHIES = {"commune": "geo-communes", "department": "geo-departements", "region": "geo-regions"}
FRANCE = "FR"


@dataclass(frozen=True)
class Place:
    item: int | None
    commune: str
    department: str
    region: str
    postcode: str
    nuts: str
    written: str


def padded(code: str, length: int) -> str:
    """A code of digits whose first zero a spreadsheet dropped."""
    code = code.strip().upper().removesuffix(".0")
    return code.zfill(length) if code.isdigit() and len(code) == length - 1 else code


class Places:
    @cached_property
    def items(self) -> dict[tuple[str, str], tuple[int, str]]:
        """(geography, code) -> the territory of the last vintage, with its name as it is compared."""
        rows = Item.objects.filter(version__framework__code__in=GEOGRAPHIES.values()).order_by("version__code")
        found = rows.values_list("version__framework__code", "code", "pk", "sort_key")
        return {(framework, code): (pk, name) for framework, code, pk, name in found}

    @cached_property
    def regions(self) -> dict[str, int]:
        return {name: pk for (framework, _), (pk, name) in self.items.items() if framework == GEOGRAPHIES["region"]}

    def of(self, row: StatedRow) -> Place:
        is_french = row.text("country").upper() == FRANCE
        length = 5 if is_french else 0
        commune = padded(row.text("commune_code"), length)
        department, postcode = padded(row.text("department_code"), 2 if is_french else 0), padded(row.text("postcode"), length)
        if is_french and not department and len(commune) == length:
            department = commune[: 3 if commune.startswith(("97", "98")) else 2]  # the code of a commune begins with it
        names = ("place", "commune_code", "commune", "postcode", "department_code", "department", "region", "nuts")
        return Place(
            self._item(row, commune, department) if is_french else None,
            commune[:5],
            department[:3],
            row.text("region").strip()[:120],
            postcode[:10],
            row.text("nuts").strip()[:5] if len(row.text("nuts").strip()) <= 5 else "",
            ", ".join(filter(None, (row.text(name).strip() for name in names)))[:300],
        )

    def _item(self, row: StatedRow, commune: str, department: str) -> int | None:
        """The commune whose code, name and department agree, else the department, else the region of that name: never a nearby
        one."""
        if department and not commune.startswith(department):
            commune = ""
        for level, code, name in (
            ("commune", commune, row.text("commune")),
            ("department", department, row.text("department")),
        ):
            known = self.items.get((GEOGRAPHIES[level], code))
            if known and (not name or _same(name, known[1])):
                return known[0]
        return self.regions.get(search_key(row.text("region")))


def _same(written: str, known: str) -> bool:
    words = ["saint" if word == "st" else "sainte" if word == "ste" else word for word in search_key(written).split()]
    return " ".join(words) == known
