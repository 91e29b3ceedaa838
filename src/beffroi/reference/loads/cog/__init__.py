"""The official geographic code of INSEE: communes of a year and their zones, passages from year to year, names."""

from beffroi.reference.loads.cog.communes import communes
from beffroi.reference.loads.cog.labels import zone_labels
from beffroi.reference.loads.cog.passages import movements, passages
from beffroi.reference.loads.cog.populations import populations

__all__ = ["communes", "movements", "passages", "populations", "zone_labels"]
