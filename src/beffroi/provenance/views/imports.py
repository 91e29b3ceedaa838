from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import may, open_to_all
from beffroi.core import exports
from beffroi.core.requests import Request
from beffroi.provenance.enums import LoadState
from beffroi.provenance.forms.imports import LoadFilterForm
from beffroi.provenance.models import Load
from beffroi.provenance.queries import Moment, desk
from beffroi.provenance.queries import loads as questions
from beffroi.provenance.queries.reconciliation import reconciliation
from beffroi.provenance.views.tables import LOAD_COLUMNS, SORTS, SOURCE_COLUMNS, ordered

RECENT, PER_PAGE = 12, 50


@open_to_all
def imports(request: Request) -> HttpResponseBase:
    rows = desk.source_rows(request.user, Moment(request.as_of, request.known_on))
    if answer := exports.asked(request, rows, SOURCE_COLUMNS, "sources"):
        return answer
    recent = questions.shown_loads(Load.objects.visible_to(request.user)).filter(started__lte=request.known_on)
    context = {
        "sources": rows,
        "recent": questions.load_rows(recent[:RECENT]),
        "can_import": may(request.user, Permission.IMPORT_DATA),
    }
    return render(request, "provenance/imports.html", context)


@open_to_all
def source(request: Request, code: str) -> HttpResponse:
    found = get_object_or_404(desk.visible_sources(request.user), code=code)
    moment = Moment(request.as_of, request.known_on)
    loads = questions.shown_loads(Load.objects.visible_to(request.user)).filter(snapshot__source=found)
    context = {
        "source": found,
        "last": desk.last_of(found, request.user, moment),
        "stated": desk.stated_by(found, request.user, moment),
        "snapshots": list(desk.snapshots_of(found, request.user)),
        "loads": questions.load_rows(loads.filter(started__lte=request.known_on)),
        "can_import": may(request.user, Permission.IMPORT_DATA),
    }
    return render(request, "provenance/source.html", context)


@open_to_all
def snapshot_file(request: Request, pk: int) -> FileResponse:
    """The file as it came, byte for byte."""
    snapshot = get_object_or_404(questions.visible_snapshots(request.user), pk=pk)
    path = snapshot.path
    if not path.is_file():
        raise Http404
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=snapshot.filename, content_type="application/octet-stream"
    )


@open_to_all
def loads(request: Request) -> HttpResponseBase:
    form = LoadFilterForm(request.GET, user=request.user, states=LoadState.choices)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = questions.shown_loads(Load.objects.visible_to(request.user)).filter(started__lte=request.known_on)
    chosen = {"snapshot__source": wanted.get("source"), "profile": wanted.get("profile"), "state": wanted.get("state")}
    found = ordered(
        found.filter(**{name: value for name, value in chosen.items() if value}), request.GET.get("sort", ""), SORTS
    )
    if answer := exports.asked(request, found, LOAD_COLUMNS, "chargements"):
        return answer
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "provenance/loads.html", {"form": form, "page": page, "rows": questions.load_rows(page)})


@open_to_all
def reconciled(request: Request) -> HttpResponseBase:
    found = reconciliation(request.user, Moment(request.as_of, request.known_on))
    if answer := exports.asked(request, found.loads, LOAD_COLUMNS, "rapprochement"):
        return answer
    return render(request, "provenance/reconciliation.html", {"found": found})
