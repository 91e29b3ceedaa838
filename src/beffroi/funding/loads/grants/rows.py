"""What a row of a list says: which operation, for whom, from whom, how much. Nothing is read from the database here."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from beffroi.analytics.conversion import MILLION, largest_remainder
from beffroi.connectors.periods import parse_period
from beffroi.core.text import digest, search_key
from beffroi.funding.loads.grants.identifiers import Party, beneficiary_of, funder_of
from beffroi.provenance.actions import Refusal, StatedRow

# The measures of a row that are somebody's money, and whose: `amount` is the funder's that the row names.
ORIGINS = {
    "amount": "", "amount_eu": "eu", "amount_state": "state", "amount_region": "region", "amount_department": "department",
    "amount_municipal": "municipal", "amount_agency": "agency", "amount_private": "private", "amount_own": "beneficiary",
    "amount_other": "unstated", "amount_ineligible": "unstated",
}  # fmt: skip
COSTS = ("total_cost", "eligible_cost")


@dataclass
class Grant:
    """`cents` of each measure, after the part of this beneficiary; `bounded` when that part is not known. `leads`: whether
    its amount stands for the decision that several rows repeat."""

    row: StatedRow
    namespace: str
    identifier: str
    programme: str
    beneficiary: Party | None
    funder: Party | None
    nth: int = 1
    cents: dict[str, int] = field(default_factory=dict)
    bounded: bool = False
    leads: bool = True

    @property
    def identity(self) -> tuple[str, str]:
        return self.namespace, self.code

    @property
    def code(self) -> str:
        return self.identifier if self.nth == 1 else f"{self.identifier} #{self.nth}"

    @property
    def title(self) -> str:
        return (self.row.text("title") or self.row.text("code") or self.row.text("reference") or self.identifier)[:500]

    @property
    def period(self) -> tuple[date | None, date | None, str]:
        """When the money was decided, else when the operation takes place."""
        if year := self.row.text("year"):
            found = parse_period(year)
            return found.start, found.end, year[:40]
        for name in ("exercise", "date"):
            if self.row.values.get(f"{name}_start"):
                return self.row[f"{name}_start"], self.row[f"{name}_end"], self.row.text(name)[:40]
        start, end = dates_of(self.row)
        return start, end or start, written_dates(self.row)[:40]

    @property
    def parties(self) -> Iterator[Party]:
        yield from (party for party in (self.beneficiary, self.funder) if party is not None)
        if fund := self.row.text("fund"):
            yield Party.named(fund, kind="fund")

    def currency(self, measure: str) -> str:
        return (self.row.text(f"{measure}_currency") or self.row.text("currency") or "EUR").upper()[:3]


def dates_of(row: StatedRow) -> tuple[date | None, date | None]:
    """The dates of the operation; neither when the end comes before the start: one of them is wrong."""
    start, end = row.values.get("start_start"), row.values.get("end_end")
    return (None, None) if start and end and end < start else (start, end)


def written_dates(row: StatedRow) -> str:
    return " – ".join(filter(None, [row.text("start"), row.text("end")]))


def cents_of(amount: Decimal) -> int:
    return int((amount * 100).to_integral_value(ROUND_HALF_EVEN))


def read_grants(rows: list[StatedRow], source: str) -> tuple[list[Grant], list[Refusal]]:
    """Every row as a grant, and what a person should know of rows that are loaded all the same."""
    remarks: list[Refusal] = []
    found = [read_grant(row, source, remarks) for row in rows]
    _split_totals(found, remarks)
    _number_repeats(found)
    for grant in found:
        _remark_amounts(grant, remarks)
    return found, remarks


def read_grant(row: StatedRow, source: str, remarks: list[Refusal]) -> Grant:
    beneficiary, funder = beneficiary_of(row, source, remarks), funder_of(row, remarks)
    programme = row.text("programme") or "Programme non précisé"
    namespace, identifier = _identity(row, source, programme, beneficiary, funder)
    cents = {name: cents_of(row[name]) for name in (*ORIGINS, *COSTS) if row.values.get(name) is not None}
    return Grant(row, namespace, identifier, programme, beneficiary, funder, cents=cents)


def _year(row: StatedRow) -> str:
    if row.text("year"):
        return row.text("year")[:4]
    day = next((row.values[name] for name in ("exercise_start", "date_start", "start_start") if row.values.get(name)), None)
    return str(day.year) if day else ""


def _identity(row: StatedRow, source: str, programme: str, beneficiary: Party | None, funder: Party | None) -> tuple[str, str]:
    """Two files that give an operation the same number, programme and year speak of the same one. A number that its funder
    gives to a decision needs both parties besides. Without any, a text is known by the file's source alone."""
    shared = f"{search_key(row.text('programme_scheme') + ' ' + programme)[:66]} {_year(row)}".strip()
    if code := row.text("code"):
        return shared, code if len(code) <= 70 else f"{code[:56]} {digest(code)[:12]}"
    who = [party.key if party else None for party in (funder, beneficiary)]
    reference = row.text("reference")
    if reference and all(party is not None and party.is_certain for party in (funder, beneficiary)):
        return shared, f"{reference[:50]} · {digest(*who, reference)[:12]}"
    texts = [search_key(row.text(name)) for name in ("title", "reference", "date", "start", "end", "exercise")]
    return f"{source[:60]}", digest(search_key(programme), *who, *texts)[:24]


def _split_totals(grants: list[Grant], remarks: list[Refusal]) -> None:
    """Where the file repeats the amount of a decision for each of its beneficiaries, each has its own part of it."""
    groups: dict[tuple[Any, ...], list[Grant]] = defaultdict(list)
    for grant in grants:
        if grant.row.text("amount_is") == "total" and "amount" in grant.cents:
            asked = ("reference", "date", "title", "amount")
            funder = grant.funder.key if grant.funder else ""
            groups[(funder, *(str(grant.row.values.get(name)) for name in asked))].append(grant)
    for group in groups.values():
        _split(group, remarks)


def _split(group: list[Grant], remarks: list[Refusal]) -> None:
    shares = {str(at): grant.row.values.get("share") for at, grant in enumerate(group)}
    total = group[0].cents["amount"]
    if any(share is None for share in shares.values()):
        if len(group) > 1:
            _bound(group, remarks)
        return
    parts = {at: int(Decimal(share or 0) * MILLION) for at, share in shares.items()}
    if sum(parts.values()) <= MILLION:
        for at, cents in largest_remainder(total, parts, MILLION).items():
            group[int(at)].cents["amount"] = cents
        return
    for grant in group:
        grant.cents["amount"] = cents_of(grant.row["amount"] * Decimal(grant.row["share"]))
    written = f"{Decimal(sum(parts.values())) / MILLION:f}".rstrip("0").rstrip(".").replace(".", ",")
    text = f"Les parts des bénéficiaires d’une même décision font {written} ; attendu 1 au plus. Chacune compte comme écrite."
    remarks += [Refusal(grant.row.number, "share", str(grant.row["share"]), text) for grant in group]


def _bound(group: list[Grant], remarks: list[Refusal]) -> None:
    text = "Le montant est répété pour plusieurs bénéficiaires sans leur part : il compte au plus, jamais avec certitude."
    for grant in group:
        grant.bounded, grant.leads = True, grant is group[0]
        remarks.append(Refusal(grant.row.number, "share", "", text))


def _number_repeats(grants: Iterable[Grant]) -> None:
    """Rows of one identity are several operations, in the order of their amounts: another file gives them another order."""
    same: dict[tuple[str, str], list[Grant]] = defaultdict(list)
    for grant in grants:
        same[grant.namespace, grant.identifier].append(grant)
    for group in same.values():
        for nth, grant in enumerate(sorted(group, key=lambda one: (sorted(one.cents.items()), one.row.number)), 1):
            grant.nth = nth


def _remark_amounts(grant: Grant, remarks: list[Refusal]) -> None:
    row, cents = grant.row, grant.cents
    if row.values.get("start_start") and row.values.get("end_end") and row["end_end"] < row["start_start"]:
        remarks.append(
            row_remark(row, "end", "La fin de l’opération précède son début : les deux dates sont gardées comme écrites.")
        )
    eligible = cents.get("eligible_cost")
    if eligible is not None and cents.get("amount_eu", cents.get("amount", 0)) > eligible:
        remarks.append(row_remark(row, "eligible_cost", "Le financement dépasse le coût éligible ; il compte comme écrit."))
    if not any(name in cents for name in (*ORIGINS, *COSTS)):
        remarks.append(
            row_remark(row, "amount", "La ligne n’a aucun montant : l’opération est gardée, son montant est inconnu.")
        )


def row_remark(row: StatedRow, column: str, sentence: str) -> Refusal:
    return Refusal(row.number, column, str(row.values.get(column) or ""), sentence)
