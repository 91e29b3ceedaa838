from beffroi.funding.actions.agreements import (
    add_agreement,
    change_agreement,
    receive_document,
    record_payment,
    remove_part,
    save_part,
)
from beffroi.funding.actions.applications import change_application, submit_application, turn_into_operation
from beffroi.funding.actions.calls import change_call, open_call
from beffroi.funding.actions.caveats import state_caveats
from beffroi.funding.actions.envelopes import remove_envelope, remove_tranche, save_envelope, save_tranche
from beffroi.funding.actions.labels import NewLabel, label_operations
from beffroi.funding.actions.lines import record_line, withdraw_line_claim
from beffroi.funding.actions.links import propose_line_links, settle_line_links
from beffroi.funding.actions.measures import declare_measures
from beffroi.funding.actions.plans import (
    adopt_version,
    adoption_blockers,
    keeper_of,
    open_version,
    remove_cell,
    save_cell,
    withdraw_version,
    write_cells,
)
from beffroi.funding.actions.regimes import give_regime, save_regime
from beffroi.funding.actions.sandboxes import (
    close_sandbox,
    make_move,
    open_sandbox,
    propose_amendment,
    undo_move,
)
from beffroi.funding.actions.steps import correct_step, record_step, remove_step
from beffroi.funding.actions.typing import ChangedMeanwhile, seen_mark

__all__ = [
    "ChangedMeanwhile",
    "add_agreement",
    "adopt_version",
    "adoption_blockers",
    "change_agreement",
    "change_application",
    "change_call",
    "close_sandbox",
    "correct_step",
    "declare_measures",
    "give_regime",
    "keeper_of",
    "NewLabel",
    "label_operations",
    "make_move",
    "open_call",
    "open_sandbox",
    "open_version",
    "propose_amendment",
    "propose_line_links",
    "receive_document",
    "record_line",
    "record_payment",
    "record_step",
    "remove_cell",
    "remove_envelope",
    "remove_part",
    "remove_step",
    "remove_tranche",
    "save_cell",
    "save_envelope",
    "save_part",
    "save_regime",
    "save_tranche",
    "seen_mark",
    "settle_line_links",
    "state_caveats",
    "submit_application",
    "turn_into_operation",
    "undo_move",
    "withdraw_line_claim",
    "withdraw_version",
    "write_cells",
]
