"""A company's accounts beside those of its sector and size, as far as the reader may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation
from beffroi.actors.queries import same_as_group
from beffroi.core.figures import Figure
from beffroi.interactions.models import Accounts
from beffroi.interactions.queries.bodies import Bodies, bodies
from beffroi.interactions.rules import peers as rules
from beffroi.interactions.rules.peers import Ratio, Spread

LABELS: Mapping[str, Any] = {
    "va_rate": _("valeur ajoutée sur chiffre d’affaires"),
    "ebitda_margin": _("excédent brut sur chiffre d’affaires"),
    "productivity": _("valeur ajoutée par personne"),
    "turnover_per_head": _("chiffre d’affaires par personne"),
    "investment_rate": _("investissement sur valeur ajoutée"),
    "equity_ratio": _("fonds propres sur total du bilan"),
    "intangible_share": _("immobilisations incorporelles sur total du bilan"),
}
SIZES = (_("moins de 10 personnes"), _("10 à 49 personnes"), _("50 à 249 personnes"), _("250 personnes et plus"))
WORDS = {"below": _("dans le quart du bas"), "inside": _("dans la moitié du milieu"), "above": _("dans le quart du haut")}
FLOWS = ("turnover", "value_added", "ebitda", "investment")
YEAR = 12


@dataclass(frozen=True)
class PeerRow:
    ratio: Ratio
    own: float | None
    spread: Spread

    @property
    def label(self) -> Any:
        return LABELS[self.ratio.code]

    def _figure(self, value: float | None) -> Figure:
        shown = round(value) if value is not None and self.ratio.unit == "€" else value
        return Figure(value=shown, unit=self.ratio.unit)

    @property
    def own_figure(self) -> Figure:
        return self._figure(self.own)

    @property
    def quartiles(self) -> list[Figure | None]:
        """First, median, third; None where secrecy hides it."""
        found = (self.spread.first, self.spread.median, self.spread.third)
        return [None if value is None else self._figure(value) for value in found]

    @property
    def words(self) -> Any:
        return WORDS.get(rules.place_among(self.own, self.spread), "")


@dataclass(frozen=True)
class Comparison:
    """`peers`: the other companies of the sector, size and year; `missing`: why there is no comparison."""

    accounts: Accounts | None
    sector: str = ""
    band: int | None = None
    peers: int = 0
    rows: Sequence[PeerRow] = ()
    missing: Any = ""

    @property
    def size(self) -> Any:
        return "" if self.band is None else SIZES[self.band]


def comparison(company: Organisation, *, viewer: AnyUser) -> Comparison:
    own_ids = [row.pk for row in same_as_group(company, viewer)]
    seen = Accounts.objects.visible_to(viewer).select_related("organisation", "load__snapshot__source")
    own = seen.filter(organisation__in=own_ids).order_by("-year", "-load", "-pk").first()
    if own is None:
        return Comparison(None, missing=_("Aucun compte de cette entreprise n’est chargé, ou vous ne pouvez pas le voir."))
    sector, band = _sector(own), _band(own)
    if not sector or band is None:
        return Comparison(own, sector, band, missing=_("Son secteur ou son effectif n’est pas connu : ses pairs non plus."))
    others = _peers(seen.exclude(organisation__in=own_ids), own, (sector, band), bodies(viewer))
    return Comparison(own, sector, band, len(others), [_row(ratio, own, others) for ratio in rules.RATIOS])


def _sector(row: Accounts) -> str:
    """As the source of the accounts classes it; else the division of the register."""
    return str(row.sector or row.organisation.activity[:2])


def _band(row: Accounts) -> int | None:
    return rules.size_band(None if row.headcount is None else float(row.headcount))


def _peers(seen: Any, own: Accounts, like: tuple[str, int], known: Bodies) -> list[Accounts]:
    """One row a body, however many records it has: the last loaded, of the same kind of accounts, as the sources say."""
    sector, band = like
    same = Q(sector=sector) | Q(sector="", organisation__activity__startswith=sector)
    rows = seen.filter(same, year=own.year, kind=own.kind).order_by("load", "pk")
    by_body = {known.of(row.organisation_id): row for row in rows}
    return [row for row in by_body.values() if _band(row) == band]


def _row(ratio: Ratio, own: Accounts, others: Sequence[Accounts]) -> PeerRow:
    values = [value for row in others if (value := value_of(ratio, row)) is not None]
    return PeerRow(ratio, value_of(ratio, own), rules.spread(values))


def value_of(ratio: Ratio, row: Accounts) -> float | None:
    """Amounts in euros, those of a year brought to twelve months."""
    return rules.ratio(_amount(row, ratio.of), _amount(row, ratio.over))


def _amount(row: Accounts, name: str) -> float | None:
    value = getattr(row, name)
    if value is None or name == "headcount":
        return None if value is None else float(value)
    months = (row.months or YEAR) if name in FLOWS else YEAR
    return float(value) / 100 * YEAR / months
