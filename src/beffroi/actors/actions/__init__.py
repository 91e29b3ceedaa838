"""What people change of organisations: each act says who and why."""

from beffroi.actors.actions.identity import add_establishment, set_siren
from beffroi.actors.actions.people import (
    add_contact,
    add_project_holder,
    become_organisation,
    change_contact,
    change_project_holder,
    name_organisation,
    open_to_partners,
)
from beffroi.actors.actions.same_as import propose_numbers, propose_same_as, settle_pairs, settle_same_as

__all__ = [
    "add_contact",
    "add_establishment",
    "add_project_holder",
    "become_organisation",
    "change_contact",
    "change_project_holder",
    "name_organisation",
    "open_to_partners",
    "propose_numbers",
    "propose_same_as",
    "set_siren",
    "settle_pairs",
    "settle_same_as",
]
