from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, may, open_to_all, requires
from beffroi.actors import actions, queries
from beffroi.actors.enums import SameAsState
from beffroi.actors.forms import DecisionForm
from beffroi.actors.models import SameAs
from beffroi.core.requests import Request
from beffroi.provenance.queries import Moment

LABELS = {
    SameAsState.PROPOSED: _("À décider"),
    SameAsState.ACCEPTED: _("Réunies"),
    SameAsState.REFUSED: _("Distinctes"),
}
DONE = {
    SameAsState.PROPOSED: _("La paire est de nouveau à décider."),
    SameAsState.ACCEPTED: _("Les deux fiches n’en font plus qu’une à l’écran ; chacune garde ses sources."),
    SameAsState.REFUSED: _("Les deux fiches restent distinctes ; la paire ne sera plus proposée."),
}


@open_to_all
def desk(request: Request) -> HttpResponse:
    asked = request.GET.get("state", "")
    state = SameAsState(asked) if asked in SameAsState.values else SameAsState.PROPOSED
    pairs = SameAs.objects.visible_to(request.user)
    found = pairs.filter(state=state).select_related("one__place", "other__place", "by")
    page = Paginator(found, 20).get_page(request.GET.get("page"))
    shown = queries.compared(list(page.object_list), moment=Moment(request.as_of, request.known_on), viewer=request.user)
    counts = dict(pairs.order_by().values_list("state").annotate(n=Count("pk")))
    context = {
        "tabs": [_tab(one, counts.get(one.value, 0), state) for one in SameAsState],
        "state": state,
        "page": page,
        "rows": shown,
        "can_settle": may(request.user, Permission.SETTLE),
    }
    return render(request, "actors/same_as.html", context)


def _tab(state: SameAsState, count: int, current: SameAsState) -> dict[str, object]:
    address = f"{reverse('actors:same_as')}?state={state.value}"
    return {"label": LABELS[state], "address": address, "count": count, "current": state == current}


@requires(Permission.SETTLE)
def settle(request: SignedInRequest, pk: int) -> HttpResponse:
    pair = get_object_or_404(SameAs.objects.visible_to(request.user).select_related("one", "other"), pk=pk)
    start = {"state": request.GET.get("state", "")}
    form = DecisionForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid() and form.cleaned_data["state"] in SameAsState.values:
        state = SameAsState(form.cleaned_data["state"])
        try:
            actions.settle_same_as(pair, state=state, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, DONE[state])
            return redirect(f"{reverse('actors:same_as')}?state={state.value}")
        except actions.SettlementRefused as refusal:
            form.add_error(None, str(refusal))
    return render(
        request, "actors/settle_same_as.html", _settling(pair, form, request), status=200 if request.method == "GET" else 422
    )


def _settling(pair: SameAs, form: DecisionForm, request: Request) -> dict[str, object]:
    moment = Moment(request.as_of, request.known_on)
    wanted = form["state"].value()
    state = SameAsState(wanted) if wanted in SameAsState.values else SameAsState.ACCEPTED
    return {
        "pair": pair,
        "form": form,
        "row": queries.compared([pair], moment=moment, viewer=request.user)[0],
        "wanted": {
            SameAsState.ACCEPTED: _("Réunir ces deux fiches"),
            SameAsState.REFUSED: _("Laisser ces deux fiches distinctes"),
            SameAsState.PROPOSED: _("Remettre cette paire à décider"),
        }[state],
    }
