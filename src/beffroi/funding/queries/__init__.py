from beffroi.funding.queries import agreements, amounts, de_minimis, delays, desk, printed
from beffroi.funding.queries.agreements import (
    agreement_search_rows,
    agreement_sheet,
    agreements_about,
    agreements_asked,
    blockers_to_paying,
    held_by_institutions_of,
    previous_of,
    proposed_payment,
    worked_for,
)
from beffroi.funding.queries.amounts import (
    TABLES,
    MoneyRow,
    amounts_asked,
    money_about,
    money_rows,
    money_rows_of,
    of_contract,
    operation_ids,
    operation_search_rows,
    operations_about,
    partners_of,
    parts_in_operations,
)
from beffroi.funding.queries.de_minimis import counters, may_count, undertaking
from beffroi.funding.queries.printed import PrintedSum, printed_about, printed_sums, printed_tables
from beffroi.provenance.queries.evidence import Question

COUNTED: dict[str, Question] = (
    amounts.COUNTED | printed.COUNTED | delays.COUNTED | agreements.COUNTED | de_minimis.COUNTED | desk.COUNTED
)

__all__ = [
    "COUNTED",
    "TABLES",
    "MoneyRow",
    "PrintedSum",
    "agreement_search_rows",
    "agreement_sheet",
    "agreements_about",
    "agreements_asked",
    "amounts_asked",
    "blockers_to_paying",
    "counters",
    "held_by_institutions_of",
    "may_count",
    "money_about",
    "money_rows",
    "money_rows_of",
    "of_contract",
    "operation_ids",
    "operation_search_rows",
    "operations_about",
    "partners_of",
    "parts_in_operations",
    "printed_about",
    "printed_sums",
    "printed_tables",
    "previous_of",
    "proposed_payment",
    "undertaking",
    "worked_for",
]
