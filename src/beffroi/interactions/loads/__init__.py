from beffroi.interactions.loads.members import members
from beffroi.interactions.loads.visits import visits

__all__ = ["members", "visits"]
