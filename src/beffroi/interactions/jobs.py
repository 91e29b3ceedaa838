"""What the schedule runs of the daily work."""

from datetime import datetime

from django.utils import timezone

from beffroi.interactions import actions


def remind_operators(now: datetime) -> None:
    actions.send_reminders(on=timezone.localdate(now))
