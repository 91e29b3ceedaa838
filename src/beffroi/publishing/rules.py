"""Until when a list of the Union names a natural person. Pure."""

from datetime import date

YEARS_NAMED = 2  # Regulation (EU) 2021/1060, article 49(3), last subparagraph


def end_of_naming(first: date) -> date:
    """The first day on which the name is gone; a 29 February ends on 1 March."""
    try:
        return first.replace(year=first.year + YEARS_NAMED)
    except ValueError:
        return date(first.year + YEARS_NAMED, 3, 1)


def last_first_day(on: date) -> date:
    """Names first published on this day or before are gone on `on`."""
    try:
        return on.replace(year=on.year - YEARS_NAMED)
    except ValueError:
        return date(on.year - YEARS_NAMED, 2, 28)
