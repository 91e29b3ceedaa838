"""The days and months that addresses, forms and files may name: those that sums of days never leave."""

from datetime import date

from django.utils.translation import gettext as _

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)


def is_within(day: date) -> bool:
    return FIRST_DAY <= day <= LAST_DAY


def within(day: date) -> date:
    """Raises ValueError, with a sentence."""
    if not is_within(day):
        raise ValueError(_("« %(text)s » : les dates vont de 1900 à 2200.") % {"text": day.isoformat()})
    return day


def month_named(text: str) -> date | None:
    """The first day of `2026-05`; None when no such month is known."""
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return day if is_within(day) else None
