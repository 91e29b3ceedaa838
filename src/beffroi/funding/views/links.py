from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, may, open_to_all, requires
from beffroi.core.refusals import told_to
from beffroi.core.requests import Request, back_to
from beffroi.core.text import row_number
from beffroi.funding import actions
from beffroi.funding.enums import LinkState
from beffroi.funding.forms.links import LinkFilter
from beffroi.funding.models import LineLink
from beffroi.funding.queries import link_desk
from beffroi.provenance.queries import moment_of

PAGE = 20
LABELS = {
    LinkState.PROPOSED: _("À décider"),
    LinkState.ACCEPTED: _("Rapprochées"),
    LinkState.REFUSED: _("Distinctes"),
}


@open_to_all
def links(request: Request) -> HttpResponse:
    state = _state(request.GET.get("state", ""), LinkState.PROPOSED)
    form = LinkFilter(request.GET, loads=link_desk.linking_loads(request.user))
    form.full_clean()
    asked = {name: form.cleaned_data.get(name) or None for name in ("q", "band", "load")}
    found = link_desk.asked_links(request.user, state=state, q=asked["q"] or "", band=asked["band"] or "", load=asked["load"])
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    moment = moment_of(request)
    context = {
        "tabs": _tabs(request, state),
        "state": state,
        "form": form,
        "page": page,
        "rows": link_desk.faced(list(page.object_list), viewer=request.user, moment=moment),
        "can_settle": may(request.user, Permission.SETTLE),
    }
    return render(request, "funding/links.html", context)


def _state(asked: str, otherwise: LinkState) -> LinkState:
    return LinkState(asked) if asked in LinkState.values else otherwise


def _tabs(request: Request, current: LinkState) -> list[dict[str, object]]:
    rows = LineLink.objects.current().visible_to(request.user).order_by()
    counts = dict(rows.values_list("state").annotate(n=Count("pk")))
    address = reverse("funding:links")
    return [
        {
            "label": LABELS[one],
            "address": f"{address}?state={one.value}",
            "count": counts.get(one.value, 0),
            "current": one == current,
        }
        for one in LinkState
    ]


@requires(Permission.SETTLE)
@require_POST
def settle_links(request: SignedInRequest) -> HttpResponse:
    """One link, by its own button, or those that are ticked, for one reason."""
    ids = [pk for text in request.POST.getlist("link") if (pk := row_number(text)) is not None][:PAGE]
    found = list(LineLink.objects.visible_to(request.user).filter(pk__in=ids).order_by("pk"))
    state = _state(request.POST.get("state", ""), LinkState.ACCEPTED)
    with told_to(request):
        done = actions.settle_line_links(found, state=state, reason=request.POST.get("reason", ""), by=request.user)
        said = ngettext("%(n)d rapprochement décidé.", "%(n)d rapprochements décidés.", done) % {"n": done}
        messages.success(request, said)
    return redirect(back_to(request, reverse("funding:links")))
