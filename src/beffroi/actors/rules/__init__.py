"""Decisions about organisations, on plain values. Pure."""

from beffroi.actors.rules.identity import blockers_to_siren, blockers_to_siret, is_same_body, is_siren, is_siret

__all__ = ["blockers_to_siren", "blockers_to_siret", "is_same_body", "is_siren", "is_siret"]
