"""The lines of a file or of an operation, as a person who types an amount meets them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation
from beffroi.funding.models import Application, Line, LineClaim, Operation
from beffroi.funding.queries.amounts import money_rows
from beffroi.funding.rules.lines import LineFacts, same_lines
from beffroi.provenance.queries import Moment


def of_file(about: Application | Operation) -> Q:
    """The lines of an operation and of the file that it comes from."""
    if isinstance(about, Operation):
        return Q(operation=about) | Q(application__operation=about)
    return Q(application=about) | Q(operation=about.operation_id) if about.operation_id else Q(application=about)


def money_of_file(about: Application, *, moment: Moment, viewer: AnyUser) -> dict[str, Any] | None:
    """As on the sheet of an operation: lines, printed totals and expenditures apart."""
    whose = {"line": of_file(about), "sum": Q(operation=about.operation_id), "expenditure": Q(operation=about.operation_id)}
    roles = whose if about.operation_id else {"line": whose["line"]}
    groups = {role: money_rows(role, roles[role], moment=moment, viewer=viewer) if role in roles else [] for role in whose}
    count = sum(len(rows) for rows in groups.values())
    return {**groups, "count": count} if count else None


def lines_about(about: Application | Operation) -> QuerySet[Line]:
    """Whoever may see them: an amount typed without seeing the others still meets them."""
    return Line.objects.filter(of_file(about)).select_related("fund").order_by("pk")


def facts_of(line: Line) -> LineFacts:
    return LineFacts(
        id=line.pk,
        stage=line.stage,
        fund=line.fund_id,
        origin=line.origin,
        instrument=line.instrument,
        currency=line.currency,
        start=line.start,
        end=line.end,
    )


def typed_claims(about: Application | Operation, *, viewer: AnyUser) -> QuerySet[LineClaim]:
    """The amounts that people typed and that still stand."""
    lines = Line.objects.filter(of_file(about)).values("pk")
    rows = LineClaim.objects.visible_to(viewer).current().filter(load=None, line__in=lines)
    return rows.select_related("line__fund", "by", "owner").order_by("-recorded_from", "-pk")


def typed_lines(operations: Iterable[int]) -> dict[int, list[tuple[LineFacts, str]]]:
    """The lines typed by hand of these operations, and the digest of each: a file that states one of them meets it."""
    wanted = set(operations)
    rows = Line.objects.filter(operation__isnull=False, claims__load=None, claims__recorded_to=None).distinct().order_by("pk")
    found: dict[int, list[tuple[LineFacts, str]]] = {}
    for line in rows:
        if line.operation_id in wanted:
            found.setdefault(line.operation_id, []).append((facts_of(line), line.digest))
    return found


def met_line(wanted: LineFacts, known: list[tuple[LineFacts, str]]) -> str | None:
    """The digest of the one line that was typed for the same money."""
    digests = {facts.id: digest for facts, digest in known}
    found = same_lines(wanted, [facts for facts, _ in known])
    return digests[found[0]] if len(found) == 1 else None


def funders(*, viewer: AnyUser) -> QuerySet[Organisation]:
    """Who already funds something, to be proposed beside a field."""
    return Organisation.objects.visible_to(viewer).filter(lines_funded__isnull=False).distinct().order_by("sort_key")
