"""What the publication of lists asks for by itself."""

from datetime import datetime

from django.utils import timezone

from beffroi.publishing import actions


def withdraw_old_names(now: datetime) -> None:
    actions.withdraw_old_names(on=timezone.localdate(now))
