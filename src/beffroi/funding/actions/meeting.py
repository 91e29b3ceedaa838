"""When a file joins an operation that a list already gave, the amounts of both that speak of the same money face each other."""

from django.db import transaction

from beffroi.funding.models import Line, LineClaim
from beffroi.funding.queries.lines import facts_of
from beffroi.funding.rules.lines import same_lines


@transaction.atomic
def meet_lines(application: int, operation: int) -> None:
    """A line of the file that is one line of the operation leaves it its claims; the others follow the file."""
    there = {line.pk: facts_of(line) for line in Line.objects.filter(operation=operation).exclude(application=application)}
    for line in Line.objects.filter(application=application, operation=None).order_by("pk"):
        found = same_lines(facts_of(line), there.values())
        if len(found) == 1:
            LineClaim.objects.filter(line=line).update(line=found[0])
    Line.objects.filter(application=application, operation=None).update(operation=operation)
