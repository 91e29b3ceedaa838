from beffroi.funding.loads.agreements import agreements
from beffroi.funding.loads.amounts import amounts
from beffroi.funding.loads.calls import calls
from beffroi.funding.loads.desk import deadline_rules, envelopes, plan_cells, system_rows, tranches
from beffroi.funding.loads.files import files
from beffroi.funding.loads.grants import grants
from beffroi.funding.loads.operations import close_partners, operations, written_partners

__all__ = [
    "agreements",
    "amounts",
    "calls",
    "close_partners",
    "deadline_rules",
    "envelopes",
    "files",
    "grants",
    "operations",
    "plan_cells",
    "system_rows",
    "tranches",
    "written_partners",
]
