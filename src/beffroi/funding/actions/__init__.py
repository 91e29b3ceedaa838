from beffroi.funding.actions.caveats import state_caveats
from beffroi.funding.actions.envelopes import remove_envelope, remove_tranche, save_envelope, save_tranche
from beffroi.funding.actions.measures import declare_measures
from beffroi.funding.actions.plans import (
    adopt_version,
    adoption_blockers,
    cells_of,
    open_version,
    remove_cell,
    save_cell,
    withdraw_version,
    write_cells,
)
from beffroi.funding.actions.sandboxes import (
    close_sandbox,
    kept_moves,
    make_move,
    open_sandbox,
    propose_amendment,
    shifts_of,
    undo_move,
)
from beffroi.funding.actions.typing import Refused, seen_mark

__all__ = [
    "Refused",
    "adopt_version",
    "adoption_blockers",
    "cells_of",
    "close_sandbox",
    "declare_measures",
    "kept_moves",
    "make_move",
    "open_sandbox",
    "open_version",
    "propose_amendment",
    "remove_cell",
    "remove_envelope",
    "remove_tranche",
    "save_cell",
    "save_envelope",
    "save_tranche",
    "seen_mark",
    "shifts_of",
    "state_caveats",
    "undo_move",
    "withdraw_version",
    "write_cells",
]
