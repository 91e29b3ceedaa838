"""The register of companies of INSEE: legal units, establishments, and their history."""

from beffroi.actors.loads.sirene.establishments import establishments
from beffroi.actors.loads.sirene.periods import establishment_periods
from beffroi.actors.loads.sirene.units import legal_units

__all__ = ["establishment_periods", "establishments", "legal_units"]
