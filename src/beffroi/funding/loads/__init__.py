from beffroi.funding.loads.amounts import amounts
from beffroi.funding.loads.grants import grants
from beffroi.funding.loads.operations import close_partners, operations, written_partners

__all__ = ["amounts", "close_partners", "grants", "operations", "written_partners"]
