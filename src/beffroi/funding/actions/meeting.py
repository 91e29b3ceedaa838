"""When a file joins an operation that a list already gave, the amounts of both that speak of the same money face each other."""

from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from beffroi.funding.enums import LinkState
from beffroi.funding.models import Line, LineClaim, LineLink
from beffroi.funding.queries.lines import facts_of
from beffroi.funding.rules.lines import same_lines

SEVERAL = "plusieurs montants du dossier et de l’opération pourraient être le même argent"


@transaction.atomic
def meet_lines(application: int, operation: int) -> None:
    """A line of the file that is one line of the operation, and alone in being so, leaves it its claims. Where several could
    be, nobody chooses: links are proposed, so that nothing is surely counted twice. Each line follows the file."""
    there = [facts_of(line) for line in Line.objects.filter(operation=operation).exclude(application=application)]
    rows = Line.objects.filter(Q(claims__recorded_to=None), claims__isnull=False, application=application, operation=None)
    met = {line.pk: same_lines(facts_of(line), there) for line in rows.distinct().order_by("pk")}
    wanted = Counter(pk for found in met.values() for pk in found)
    unclear = []
    for line, found in met.items():
        if len(found) == 1 and wanted[found[0]] == 1:
            LineClaim.objects.filter(line=line).update(line=found[0])
        else:
            unclear += [(line, other) for other in found]
    _propose(unclear)
    Line.objects.filter(application=application, operation=None).update(operation=operation)


def _propose(pairs: Iterable[tuple[int, int]]) -> None:
    at = timezone.now()
    ordered = [(min(pair), max(pair)) for pair in pairs]
    links = [
        LineLink(one_id=one, other_id=other, state=LinkState.PROPOSED, rule=SEVERAL[:80], recorded_from=at)
        for one, other in ordered
        if not LineLink.objects.filter(one=one, other=other).exists()
    ]
    LineLink.objects.bulk_create(links)
