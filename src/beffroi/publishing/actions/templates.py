from django.db import transaction

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import User
from beffroi.publishing.enums import Act
from beffroi.publishing.reports import word


@transaction.atomic
def replace_template(file: bytes, *, by: User) -> None:
    """Only a template that gives a document is kept."""
    word.refuse_wrong_template(file)
    word.keep_template(file)
    record_act(Act.TEMPLATE_REPLACED, by=by, bytes=len(file))


@transaction.atomic
def restore_template(*, by: User) -> None:
    word.forget_template()
    record_act(Act.TEMPLATE_RESTORED, by=by)
