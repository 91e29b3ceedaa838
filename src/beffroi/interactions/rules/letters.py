"""Which letters are due on a day: those of the period that has just ended, from the first working day that follows it."""

from datetime import date

from beffroi.interactions.enums import Letter
from beffroi.interactions.rules.calendar import first_working_day
from beffroi.interactions.rules.counts import months_before

HALF_YEARS = (1, 7)  # the months that follow a half-year


def due_letters(on: date) -> dict[Letter, date]:
    """Each letter due, and the first day of its period. A letter that could not leave that day leaves on the next ones."""
    month = on.replace(day=1)
    if on < first_working_day(month):
        return {}
    due = {Letter.MONTHLY: months_before(month, 1)}
    if month.month in HALF_YEARS:
        due[Letter.HALF_YEAR] = months_before(month, 6)
    return due
