"""A question about money as an address says it: what one reads, shares and opens again is the same text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import parse_qsl, urlencode

from beffroi.funding.enums import Origin, SumKind

LINES, ELIGIBLE, TOTAL = "lines", "eligible_cost", "total_cost"
COSTS = {ELIGIBLE: SumKind.ELIGIBLE_COST, TOTAL: SumKind.TOTAL_COST}
PLACES = ("territory", "commune", "department", "region", "nuts", "postcode")
OF_OPERATIONS = {"programme", "item", "receiver", "year", "operation", "place_basis", "currency", *PLACES}
OF_LINES = OF_OPERATIONS | {
    "fund", "payer", "manager", "stage", "instrument", "origin", "section", "contract_status", "eligible"
}  # fmt: skip
PUBLIC = "public"  # where an origin is asked: all those that are public bodies
PUBLIC_ORIGINS = tuple(
    str(one) for one in (Origin.EU, Origin.STATE, Origin.REGION, Origin.DEPARTMENT, Origin.MUNICIPAL, Origin.AGENCY)
)
EITHER = "organisation"  # money in and out
WRITTEN_PLACE = "written_territory"  # the code of a place that is no known territory
OF_CHOICE = OF_LINES | {EITHER, WRITTEN_PLACE}
ELEMENT = "element"  # in an address, the very item; `item` is an item and what is below it


class UnaskedMoney(ValueError):
    """What is asked makes no sense; the text is for the person who asked."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """`where`: a key -> the value that lines must have, a number of row for what has one, nothing for what is not stated.
    `into`: the framework by whose items the totals are read, through its crosswalks."""

    by: Sequence[str] = ()
    measure: str = LINES
    currency: str = ""
    territory: str = ""
    item: str = ""
    stage: str = ""
    into: str = ""
    period: tuple[date, date] | None = None
    where: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = OF_OPERATIONS if self.measure in COSTS else OF_LINES
        if unknown := [key for key in self.by if key not in known]:
            raise UnaskedMoney(f"On ne peut pas regrouper par {', '.join(unknown)} ; au choix : {', '.join(sorted(known))}.")
        if unknown := [key for key in self.where if key not in OF_CHOICE]:
            raise UnaskedMoney(f"On ne peut pas choisir par {', '.join(unknown)} ; au choix : {', '.join(sorted(OF_CHOICE))}.")
        if self.measure in COSTS and (self.stage or self.into):
            raise UnaskedMoney("Un coût n’a ni stade ni correspondance : ils ne se demandent que pour les lignes.")

    @property
    def address(self) -> str:
        """Without `by`: what is counted, not how it is shown."""
        said = {name: getattr(self, name) for name in PLAIN}
        if self.period:
            said["period"] = "/".join(day.isoformat() for day in self.period)
        said |= {ELEMENT if key == "item" else key: value for key, value in self.where.items()}
        return urlencode({name: value for name, value in said.items() if value or name in _keys_of(self.where)})


PLAIN = ("territory", "item", "stage", "currency")


def _keys_of(where: Mapping[str, str]) -> set[str]:
    return {ELEMENT if key == "item" else key for key in where}


def question_of(address: str) -> Question:
    """Raises UnaskedMoney or ValueError."""
    said = dict(parse_qsl(address, keep_blank_values=True))
    plain = {name: said.pop(name) for name in PLAIN if name in said}
    start, _, end = said.pop("period", "").partition("/")
    period = (date.fromisoformat(start), date.fromisoformat(end)) if start else None
    return Question(**plain, period=period, where={"item" if key == ELEMENT else key: value for key, value in said.items()})
