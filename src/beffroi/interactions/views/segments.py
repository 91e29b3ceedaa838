"""Classifications of companies: the runs, one of them, two of them crossed."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.enums import Permission, Visibility
from beffroi.accounts.models import Partner
from beffroi.accounts.roles import SignedInRequest, may, open_to_all, requires
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.refusals import told_on
from beffroi.core.requests import Request
from beffroi.interactions.actions import segments as actions
from beffroi.interactions.forms.segments import ClassFilter, CrossForm, RunForm
from beffroi.interactions.queries import segments
from beffroi.interactions.queries.accounts import readable, years_known

CROSSED = (
    Column("one", gettext_lazy("Premier classement")),
    Column("other", gettext_lazy("Second classement")),
    Column("companies", gettext_lazy("Entreprises"), Type.INTEGER, gettext_lazy("Vide : secret (moins de trois entreprises).")),
    Column("share", gettext_lazy("Part de la ligne"), Type.NUMBER),
    Column("expected", gettext_lazy("Attendu sans lien"), Type.NUMBER),
)
CLASSES = (
    Column("siren", gettext_lazy("SIREN"), Type.CODE, value=lambda row: row.organisation.siren),
    Column("name", gettext_lazy("Entreprise"), value=lambda row: row.organisation.name),
    Column("segment", gettext_lazy("Classe")),
    Column("sector", gettext_lazy("Secteur"), Type.CODE, value=lambda row: row.inputs.get("sector")),
    Column("remarks", gettext_lazy("Remarques")),
)


def run_partner(request: SignedInRequest) -> Partner:
    memberships = request.user.current_memberships
    if not memberships:
        raise PermissionDenied(_("Seul un membre d’une institution partenaire classe des entreprises."))
    partner: Partner = memberships[0].partner
    return partner


def _years(request: Request) -> list[int]:
    if not may(request.user, Permission.IMPORT_DATA):
        return []
    partner = run_partner(request)  # type: ignore[arg-type]
    return years_known(readable(partner, Visibility.OWNER))


@open_to_all
def runs(request: Request) -> HttpResponse:
    rows = segments.runs_seen(request.user)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    years = _years(request)
    context: dict[str, Any] = {
        "page": page,
        "methods": segments.methods().values(),
        "seven": segments.seven_profiles(),
        "rows": [(run, segments.method_of(run)) for run in page],
        "can_run": bool(years),
    }
    return render(request, "interactions/segmentation.html", context)


@requires(Permission.IMPORT_DATA)
def add_run(request: SignedInRequest) -> HttpResponse:
    form = RunForm(request.POST or None, years=_years(request))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        with told_on(form, "year"):
            made = actions.run_segmentation(owner=run_partner(request), on=request.as_of, by=request.user, **told)
            messages.success(request, _("Le classement est fait et gardé tel quel."))
            return redirect("interactions:segmentation_run", made.pk)
    return render(request, "interactions/segmentation_form.html", {"form": form}, status=422 if form.errors else 200)


@open_to_all
def run(request: Request, pk: int) -> HttpResponseBase:
    found = get_object_or_404(segments.runs_seen(request.user), pk=pk)
    counts = segments.counts_of(found, request.user)
    form = ClassFilter(request.GET, classes=[(label, code) for label, code, _n in counts])
    rows = segments.classes_seen(found, request.user)
    if form.asked is not None:
        rows = rows.filter(segment=form.asked)
    if answer := exports.asked(request, rows, CLASSES, f"classement-{pk}", title=str(found)):
        return answer
    context = {"thing": found, "counts": counts, "form": form, **_run_page(request, found, rows)}
    return render(request, "interactions/segmentation_run.html", context)


def _run_page(request: Request, found: Any, rows: Any) -> dict[str, Any]:
    method = segments.method_of(found)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    shown = [(row, method.label_of(row.segment)) for row in page]
    return {"method": method, "page": page, "rows": shown, "thresholds": segments.thresholds_of(found)}


@open_to_all
def crossed(request: Request) -> HttpResponseBase:
    form = CrossForm(request.GET or None, runs=segments.runs_seen(request.user))
    if not form.is_valid() or form.cleaned_data["one"] == form.cleaned_data["other"]:
        return render(request, "interactions/crossed.html", {"form": form, "found": None})
    found = segments.crossed_runs(form.cleaned_data["one"], form.cleaned_data["other"], viewer=request.user)
    if answer := exports.asked(request, _lines(found), CROSSED, "classements-croises", title=_("Classements croisés")):
        return answer
    firsts, seconds = found.labels
    lines = [(label, found.table.line(row)) for label, row in zip(firsts, found.table.rows, strict=True)]
    texts = {"one_text": segments.run_text(found.one), "other_text": segments.run_text(found.other)}
    context = {"form": form, "found": found, "lines": lines, "columns": seconds, **texts}
    return render(request, "interactions/crossed.html", context)


class Line(NamedTuple):
    one: str
    other: str
    companies: int | None
    share: float | None
    expected: float | None


def _lines(found: segments.Crossing) -> list[Line]:
    firsts, seconds = found.labels
    return [
        Line(str(one), str(other), cell.companies, cell.share, cell.expected)
        for row, one in zip(found.table.rows, firsts, strict=True)
        for cell, other in zip(found.table.line(row), seconds, strict=True)
    ]
