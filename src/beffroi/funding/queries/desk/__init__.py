from beffroi.funding.queries.desk.evidence import COUNTED
from beffroi.funding.queries.desk.page import Desk, desk_of, programmes_at
from beffroi.funding.queries.desk.plans import PlanPage, compared_versions, plan_page
from beffroi.funding.queries.desk.sandboxes import SandboxPage, sandbox_page
from beffroi.funding.queries.desk.systems import SystemComparison, system_comparison

__all__ = [
    "COUNTED",
    "Desk",
    "PlanPage",
    "SandboxPage",
    "SystemComparison",
    "compared_versions",
    "desk_of",
    "plan_page",
    "programmes_at",
    "sandbox_page",
    "system_comparison",
]
