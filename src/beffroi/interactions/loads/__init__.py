from beffroi.interactions.loads.accounts import company_accounts
from beffroi.interactions.loads.classes import company_classes
from beffroi.interactions.loads.members import members
from beffroi.interactions.loads.targets import campaign_targets
from beffroi.interactions.loads.visits import visits

__all__ = ["campaign_targets", "company_accounts", "company_classes", "members", "visits"]
