from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from beffroi.accounts.enums import Permission, Visibility
from beffroi.accounts.models import User
from beffroi.accounts.roles import may, open_to_all, requires
from beffroi.connectors.rejections import correction_lines
from beffroi.core.refusals import told_to
from beffroi.core.requests import Request
from beffroi.core.simulation import said_of_loads
from beffroi.provenance import actions, jobs
from beffroi.provenance.enums import Extent, LoadState
from beffroi.provenance.forms.imports import ImportForm
from beffroi.provenance.models import Load, Snapshot
from beffroi.provenance.queries import loads as questions

REJECTIONS_PER_PAGE = 50


@requires(Permission.IMPORT_DATA)
def new_load(request: Request) -> HttpResponse:
    chosen = {name: request.GET.get(name) for name in ("profile", "source", "snapshot")}
    form = ImportForm(request.POST or None, request.FILES or None, user=request.user, initial=chosen)
    if request.method == "POST" and (refused := said_of_loads()):
        form.add_error(None, refused)
    if request.method != "POST" or not form.is_valid():
        return render(request, "provenance/new_load.html", {"form": form}, status=422 if form.errors else 200)
    answers = form.cleaned_data
    snapshot = answers["snapshot"] or _kept(answers, request.user)
    return redirect(jobs.start_check(_requested(snapshot, answers, request.user)))


def _requested(snapshot: Snapshot, answers: dict[str, Any], user: User) -> Load:
    return actions.request_load(
        snapshot,
        profile=answers["profile"],
        by=user,
        extent=Extent(answers["extent"]),
        visibility=Visibility(answers["visibility"]),
        owner=answers["owner"],
    )


def _kept(answers: dict[str, Any], user: User) -> Snapshot:
    source = answers["source"] or actions.register_source(
        actions.free_source_code(answers["new_source"]),
        title=answers["new_source"],
        publisher=answers["publisher"],
        licence=answers["licence"],
    )
    dates = {"as_of": answers["as_of"], "published_on": answers["published_on"]}
    return actions.keep_upload(answers["file"], source=source, by=user, **dates)


def _found(request: Request, pk: int) -> Load:
    return get_object_or_404(questions.shown_loads(Load.objects.visible_to(request.user)), pk=pk)


@open_to_all
def load(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    column = request.GET.get("column", "")
    rejections = Paginator(questions.rejections_of(found, column=column), REJECTIONS_PER_PAGE)
    is_checked = found.state == LoadState.CHECKED
    context = {
        **_progress(request, found),
        "columns": questions.rejected_columns(found),
        "column": column,
        "page": rejections.get_page(request.GET.get("page")),
        "preview": questions.accepted_preview(found) if is_checked else None,
    }
    return render(request, "provenance/load.html", context)


def _progress(request: Request, found: Load) -> dict[str, Any]:
    row = questions.LoadRow(found, questions.load_figures(found))
    return {"load": found, "row": row, "steps": questions.steps(found), "can_import": may(request.user, Permission.IMPORT_DATA)}


@open_to_all
def load_progress(request: Request, pk: int) -> HttpResponse:
    """What the page asks every second while a load runs; once it no longer runs, the page is read again whole."""
    found = _found(request, pk)
    answer = render(request, "provenance/_load_progress.html", _progress(request, found))
    if not found.is_running:
        answer.headers["HX-Refresh"] = "true"
    return answer


@requires(Permission.IMPORT_DATA)
@require_POST
def cancel_load(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    if found.state == LoadState.APPLYING or found.is_over:
        messages.error(request, _("Il est trop tard pour arrêter ce chargement."))
    else:
        actions.cancel_load(found, by=request.user)
    return redirect(found)


@requires(Permission.IMPORT_DATA)
@require_POST
def apply_load(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    with told_to(request):
        jobs.start_apply(found, by=request.user)
    return redirect(found)


@open_to_all
def rejections_file(request: Request, pk: int) -> StreamingHttpResponse:
    """The refused rows under their own headers: corrected, the file is loaded again through the same profile."""
    found = _found(request, pk)
    lines = correction_lines(questions.refused_rows(found), found.columns, delimiter=found.delimiter)
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="rejets-{found.pk}.csv"'
    return answer
