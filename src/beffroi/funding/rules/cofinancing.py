"""Rates with their base, parity of State and Region, the holder's own share. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from beffroi.core.text import search_key
from beffroi.funding.enums import Origin, Verdict

ZERO, ONE = Decimal(0), Decimal(1)
# "Tending towards parity" gives no number: Beffroi reads it as met within five points, and says so beside the figure.
PARITY_MARGIN = Decimal("0.05")
PUBLIC = {Origin.EU, Origin.STATE, Origin.REGION, Origin.DEPARTMENT, Origin.MUNICIPAL, Origin.AGENCY}
SHARE = re.compile(r"(\d{1,3})(?:[.,](\d+))?\s*(?:%|\s*(?:-|à|a)\s*(\d{1,3})(?:[.,](\d+))?\s*%)")
OF_HOLDER = ("porteur", "autofinancement", "maitre d ouvrage", "maitrise d ouvrage", "beneficiaire")


@dataclass(frozen=True)
class Rate:
    """A share never goes without what it is a share of."""

    amount: Decimal | None
    base: Decimal | None
    base_kind: str

    @property
    def value(self) -> Decimal | None:
        return self.amount / self.base if self.amount is not None and self.base else None


def aid_rate(aid: Decimal | None, *, base: Decimal | None, base_kind: str) -> Rate:
    return Rate(aid, base, base_kind)


@dataclass(frozen=True)
class Parity:
    state: Decimal
    region: Decimal
    margin: Decimal = PARITY_MARGIN

    @property
    def share(self) -> Decimal | None:
        """The State's share of what both bring."""
        both = self.state + self.region
        return self.state / both if both else None

    @property
    def verdict(self) -> Verdict:
        if self.share is None:
            return Verdict.CANNOT_SAY
        return Verdict.MET if abs(self.share - Decimal("0.5")) <= self.margin else Verdict.NOT_MET


def parity(amounts: Mapping[str, Decimal]) -> Parity:
    """From amounts by origin."""
    return Parity(amounts.get(Origin.STATE, ZERO), amounts.get(Origin.REGION, ZERO))


@dataclass(frozen=True)
class OwnShare:
    """What the holder brings of the whole: `low` is the least asked, `high` what the text says at the most demanding."""

    own: Decimal | None
    base: Decimal
    low: Decimal
    high: Decimal

    @property
    def value(self) -> Decimal | None:
        return self.own / self.base if self.own is not None and self.base else None

    @property
    def verdict(self) -> Verdict:
        """Under the least asked it fails, from the most it holds; between both, it depends on the project."""
        if self.value is None or self.low <= self.value < self.high:
            return Verdict.CANNOT_SAY
        return Verdict.MET if self.value >= self.high else Verdict.NOT_MET


def own_share(amounts: Mapping[str, Decimal], *, low: Decimal, high: Decimal) -> OwnShare:
    return OwnShare(amounts.get(Origin.BENEFICIARY), sum(amounts.values(), ZERO), low, high)


@dataclass(frozen=True)
class Asked:
    """What a rule's text asks, where it can be read by a machine: `kind` is parity, own_share or exception."""

    kind: str
    low: Decimal = ZERO
    high: Decimal = ZERO


def asked_by(label: str, value: str) -> Asked | None:
    """None: a person must read the rule."""
    words = search_key(label)
    if "parite" in search_key(value):
        return Asked("parity")
    found = SHARE.search(value)
    if found is None or not any(word in words for word in OF_HOLDER):
        return None
    low = _share(found[1], found[2])
    high = _share(found[3], found[4]) if found[3] else low
    return Asked("own_share", low, high) if high else Asked("exception")


def _share(whole: str, decimals: str | None) -> Decimal:
    return Decimal(f"{whole}.{decimals or 0}") / 100


def by_origin(cells: Sequence[tuple[str, Decimal]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for origin, amount in cells:
        found[origin] = found.get(origin, ZERO) + amount
    return found
