"""What an amount of a source is: a funder's line, spending on a base, or a printed total. Pure."""

from beffroi.funding.enums import BudgetSection, ContractStatus, ExpenditureBase, Instrument, Origin, Stage
from beffroi.indicators.rules import NOT_STATED, NOT_TO_BE_ADDED

COST = "cout-total"
# Sources of the Union's money by their own names (regulation (EU) 2021/1060, article 1, and earlier periods).
EU_FUNDS = frozenset({"feder", "fse", "feader", "feamp", "fse+", "ue", "union europeenne"})
ORIGIN_OF_KIND = {
    "state": Origin.STATE,
    "region": Origin.REGION,
    "department": Origin.DEPARTMENT,
    "epci": Origin.MUNICIPAL,
    "metropolis": Origin.MUNICIPAL,
    "agency": Origin.AGENCY,
    "company": Origin.PRIVATE,
}
SECTIONS = {"investissement": BudgetSection.INVESTMENT, "fonctionnement": BudgetSection.OPERATING}
INSTRUMENTS = {
    "avance remboursable": Instrument.REPAYABLE_ADVANCE,
    "avances remboursables": Instrument.REPAYABLE_ADVANCE,
    "prêt d’honneur": Instrument.HONOUR_LOAN,
    "prêts d'honneur": Instrument.HONOUR_LOAN,
    "garantie": Instrument.GUARANTEE,
    "subvention": Instrument.GRANT,
}


def is_printed_total(funder: str, dimensions: dict[str, str]) -> bool:
    """A cost or a total that the source prints beside its lines: it checks them, it is never added to them."""
    if funder == COST or funder.startswith("total-") or funder.endswith("-total"):
        return True
    nature = dimensions.get("nature", "")
    return any(NOT_TO_BE_ADDED in value for value in dimensions.values()) or nature.split(",")[0].strip() in {
        "total",
        "budget prévisionnel total",
        "coût total du projet global",
    }


def role(funder: str, stage: str, dimensions: dict[str, str]) -> str:
    if stage == Stage.CERTIFIED:
        return "expenditure"
    return "sum" if is_printed_total(funder, dimensions) else "line"


def stage(written: str, *, is_contract: bool, stated: str) -> Stage:
    """`contracted` means contractualised in a State-Region contract, where it comes before programming, and agreed elsewhere."""
    if stated.startswith(NOT_STATED):
        return Stage.UNSTATED
    if written == "contracted":
        return Stage.CONTRACTUALISED if is_contract else Stage.AGREED
    return Stage(written)


def origin(kind: str, name: str) -> Origin:
    return Origin.EU if name in EU_FUNDS else ORIGIN_OF_KIND.get(kind, Origin.UNSTATED)


def expenditure_base(funder: str, fund_origin: Origin) -> ExpenditureBase:
    if funder == COST:
        return ExpenditureBase.TOTAL
    return ExpenditureBase.UNION_SHARE if fund_origin == Origin.EU else ExpenditureBase.UNSTATED


def section(dimensions: dict[str, str]) -> BudgetSection:
    return SECTIONS.get(dimensions.get("nature", "").removeprefix("dont "), BudgetSection.UNSTATED)


def instrument(dimensions: dict[str, str]) -> Instrument:
    return INSTRUMENTS.get(dimensions.get("nature", ""), Instrument.UNSTATED)


def contract_status(stage: Stage) -> ContractStatus:
    return ContractStatus.CONTRACTUALISED if stage == Stage.CONTRACTUALISED else ContractStatus.UNSTATED
