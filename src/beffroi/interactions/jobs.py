"""What the schedule runs of the daily work."""

from datetime import datetime

from django.utils import timezone

from beffroi.interactions import actions
from beffroi.interactions.actions import privacy


def remind_operators(now: datetime) -> None:
    actions.send_reminders(on=timezone.localdate(now))


def forget_people(now: datetime) -> None:
    """Whoever nobody has met for three years, and what was read more than a year ago."""
    privacy.forget_old_people(on=timezone.localdate(now))
    privacy.forget_readings(now=now)
