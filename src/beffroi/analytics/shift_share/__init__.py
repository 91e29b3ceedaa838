"""Shift-share: what the change of a territory owes to the nation, to its activities and to itself."""

from beffroi.analytics.shift_share.effects import EmptyNation, IncompleteNation, OneYear, UnknownYear, shift_share
from beffroi.analytics.shift_share.territories import NoIndustry, NoReference, gerfin, local_effect, residue, territory_effects

__all__ = [
    "EmptyNation", "IncompleteNation", "NoIndustry", "NoReference", "OneYear", "UnknownYear",
    "gerfin", "local_effect", "residue", "shift_share", "territory_effects",
]  # fmt: skip
