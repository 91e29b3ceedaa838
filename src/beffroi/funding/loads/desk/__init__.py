from beffroi.funding.loads.desk.envelopes import deadline_rules, envelopes, tranches
from beffroi.funding.loads.desk.plans import plan_cells
from beffroi.funding.loads.desk.systems import system_rows

__all__ = ["deadline_rules", "envelopes", "plan_cells", "system_rows", "tranches"]
