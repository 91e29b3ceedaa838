from beffroi.interactions.actions.areas import choose_area
from beffroi.interactions.actions.catalogue import end_offer, end_service, save_offer, save_service
from beffroi.interactions.actions.needs import (
    close_need,
    close_referral,
    open_need,
    refuse,
    send_need,
    send_reminders,
    take_up,
    withdraw_referral,
)
from beffroi.interactions.actions.nomenclatures import seed_nomenclatures
from beffroi.interactions.actions.replies import ask_for_notes, receive_reply
from beffroi.interactions.actions.support import (
    end_support,
    note_result,
    note_step,
    open_support,
    save_school_action,
)
from beffroi.interactions.actions.visits import (
    Heard,
    Newcomer,
    Note,
    change_visit,
    end_reservations,
    note_visit,
    plan_visit,
)

__all__ = [
    "Heard",
    "Newcomer",
    "Note",
    "ask_for_notes",
    "change_visit",
    "choose_area",
    "close_need",
    "close_referral",
    "end_offer",
    "end_reservations",
    "end_service",
    "end_support",
    "note_result",
    "note_step",
    "note_visit",
    "open_need",
    "open_support",
    "plan_visit",
    "refuse",
    "save_offer",
    "save_school_action",
    "save_service",
    "receive_reply",
    "seed_nomenclatures",
    "send_need",
    "send_reminders",
    "take_up",
    "withdraw_referral",
]
