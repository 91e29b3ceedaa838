from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, may, open_to_all, requires
from beffroi.actors import actions, queries
from beffroi.actors.enums import SameAsState
from beffroi.actors.forms import DecisionForm, PairFilter
from beffroi.actors.models import SameAs
from beffroi.actors.queries import desk as desk_queries
from beffroi.core.figures import Figure
from beffroi.core.refusals import told_on, told_to
from beffroi.core.requests import Request, back_to
from beffroi.core.text import row_number
from beffroi.provenance.queries import moment_of

PAGE = 20
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
    form = PairFilter(request.GET, loads=desk_queries.proposing_loads(request.user))
    wanted = _wanted(form, asked := _asked(request))
    page = Paginator(desk_queries.likeliest_first(wanted.pairs(request.user)), PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": _tabs(request, asked),
        "state": asked,
        "form": form,
        "page": page,
        "rows": queries.compared(list(page.object_list), moment=moment_of(request), viewer=request.user),
        "thresholds": _shown_errors(wanted, request) if asked == SameAsState.PROPOSED else [],
        "can_settle": may(request.user, Permission.SETTLE),
    }
    return render(request, "actors/same_as.html", context)


def _wanted(form: PairFilter, state: SameAsState) -> desk_queries.Desk:
    form.full_clean()
    said = form.cleaned_data
    return desk_queries.Desk(state, q=said.get("q", ""), load=said.get("load"), band=said.get("band", ""))


def _asked(request: Request) -> SameAsState:
    asked = request.GET.get("state", "")
    return SameAsState(asked) if asked in SameAsState.values else SameAsState.PROPOSED


def _tabs(request: Request, current: SameAsState) -> list[dict[str, object]]:
    pairs = SameAs.objects.visible_to(request.user).order_by()
    counts = dict(pairs.values_list("state").annotate(n=Count("pk")))
    return [_tab(one, counts.get(one.value, 0), current) for one in SameAsState]


def _tab(state: SameAsState, count: int, current: SameAsState) -> dict[str, object]:
    address = f"{reverse('actors:same_as')}?state={state.value}"
    return {"label": LABELS[state], "address": address, "count": count, "current": state == current}


def _shown_errors(wanted: desk_queries.Desk, request: Request) -> list[dict[str, Figure]]:
    rows = desk_queries.expected_errors(wanted.pairs(request.user))
    return [
        {
            "at": Figure(value=row.at, unit="ratio"),
            "links": Figure(value=row.links),
            "false_links": Figure(value=round(row.false_links, 1)),
            "missed_links": Figure(value=round(row.missed_links, 1)),
        }
        for row in rows
    ]


@requires(Permission.SETTLE)
@require_POST
def settle_many(request: SignedInRequest) -> HttpResponse:
    """The pairs that are ticked, for one reason."""
    ids = [pk for text in request.POST.getlist("pair") if (pk := row_number(text)) is not None][:PAGE]
    pairs = list(SameAs.objects.visible_to(request.user).filter(pk__in=ids).order_by("pk"))
    asked = request.POST.get("state", "")
    if asked not in SameAsState.values:
        messages.error(request, _("Dites si ces paires se réunissent ou restent distinctes : rien n’a changé."))
        return redirect(back_to(request, reverse("actors:same_as")))
    with told_to(request):
        done = len(
            actions.settle_pairs(pairs, state=SameAsState(asked), reason=request.POST.get("reason", ""), by=request.user)
        )
        messages.success(request, ngettext("%(n)d paire décidée.", "%(n)d paires décidées.", done) % {"n": done})
    return redirect(back_to(request, reverse("actors:same_as")))


@requires(Permission.SETTLE)
def settle(request: SignedInRequest, pk: int) -> HttpResponse:
    pair = get_object_or_404(SameAs.objects.visible_to(request.user).select_related("one", "other"), pk=pk)
    start = {"state": request.GET.get("state", "")}
    form = DecisionForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid() and form.cleaned_data["state"] in SameAsState.values:
        state = SameAsState(form.cleaned_data["state"])
        with told_on(form):
            actions.settle_same_as(pair, state=state, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, DONE[state])
            return redirect(f"{reverse('actors:same_as')}?state={state.value}")
    return render(
        request, "actors/settle_same_as.html", _settling(pair, form, request), status=200 if request.method == "GET" else 422
    )


def _settling(pair: SameAs, form: DecisionForm, request: Request) -> dict[str, object]:
    moment = moment_of(request)
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
