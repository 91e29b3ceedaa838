"""Names of natural persons in the lists of the Union: until two years after their first publication."""

from datetime import date

from beffroi.publishing.models import PublishedName

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


def named_operations(publication: str, *, on: date) -> set[int]:
    """The operations whose beneficiary, a natural person, is named in a list on a day."""
    rows = PublishedName.objects.filter(publication=publication, withdrawn_on=None, first_published__gt=last_first_day(on))
    return set(rows.filter(first_published__lte=on).values_list("operation_id", flat=True))
