from beffroi.publishing.actions.editions import freeze_edition, sign_edition
from beffroi.publishing.actions.names import record_publication, withdraw_old_names
from beffroi.publishing.actions.templates import replace_template, restore_template
from beffroi.publishing.actions.texts import NotThisPartner, write_text

__all__ = [
    "NotThisPartner",
    "freeze_edition",
    "record_publication",
    "replace_template",
    "restore_template",
    "sign_edition",
    "withdraw_old_names",
    "write_text",
]
