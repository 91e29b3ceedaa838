from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import may, open_to_all, requires
from beffroi.core import exports
from beffroi.core.refusals import told_to
from beffroi.core.requests import Request
from beffroi.provenance import actions
from beffroi.provenance.forms.anomalies import AnomalyFilterForm, SettleForm
from beffroi.provenance.queries import anomalies as questions
from beffroi.provenance.views.tables import ANOMALY_COLUMNS, ANOMALY_SORTS, ordered

PER_PAGE = 30


@open_to_all
def anomalies(request: Request) -> HttpResponseBase:
    counts = questions.counts_by_check(request.user)
    form = AnomalyFilterForm(request.GET, user=request.user, checks=[count.name for count in counts])
    found = questions.chosen_anomalies(request.user, **form.choices())
    if answer := exports.asked(request, found, ANOMALY_COLUMNS, "anomalies"):
        return answer
    page = Paginator(ordered(found, request.GET.get("sort", ""), ANOMALY_SORTS), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "counts": counts, "page": page, "can_settle": may(request.user, Permission.SETTLE)}
    return render(request, "provenance/anomalies.html", context)


@open_to_all
def anomaly(request: Request, pk: int) -> HttpResponse:
    return show_anomaly(request, pk, SettleForm())


def show_anomaly(request: Request, pk: int, form: SettleForm, status: int = 200) -> HttpResponse:
    found = get_object_or_404(questions.shown_anomalies(request.user), pk=pk)
    can_settle = may(request.user, Permission.SETTLE)
    context = {"anomaly": found, "subjects": questions.subjects_of(found, request.user), "form": form, "can_settle": can_settle}
    return render(request, "provenance/anomaly.html", context, status=status)


@requires(Permission.SETTLE)
@require_POST
def settle(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(questions.shown_anomalies(request.user), pk=pk)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return show_anomaly(request, pk, form, status=422)
    with told_to(request):
        actions.settle_anomaly(found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
    return redirect(found)


@requires(Permission.SETTLE)
@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(questions.shown_anomalies(request.user), pk=pk)
    with told_to(request):
        actions.reopen_anomaly(found, by=request.user)
    return redirect(found)
