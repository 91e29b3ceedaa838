from django.http import HttpResponse
from django.shortcuts import render

from beffroi.accounts.roles import open_to_all
from beffroi.core import search as index
from beffroi.core.requests import Request
from beffroi.web.palette import offered_actions
from beffroi.web.search_page import asked_kind, count_figure, found_for, partner_ids, shown_groups

SHOWN_IN_PALETTE = 4


@open_to_all
def search(request: Request) -> HttpResponse:
    text, kind = request.GET.get("q", "").strip(), asked_kind(request)
    if request.GET.get("fragment"):
        return palette(request, text)
    every, found = found_for(request, text, kind=kind)
    context = {
        "text": text,
        "kind": kind,
        "found": found,
        "figure": count_figure(every),
        "tabs": shown_groups(every, request),
        "groups": shown_groups(found, request),
    }
    return render(request, "search/search.html", context)


@open_to_all
def palette(request: Request, text: str) -> HttpResponse:
    """What the command palette offers while one types: things to do, then things."""
    found = index.search(text, viewer_partner_ids=partner_ids(request.user), limit=SHOWN_IN_PALETTE)
    context = {
        "text": text,
        "actions": offered_actions(text, user=request.user),
        "groups": shown_groups(found, request),
        "figure": count_figure(found),
    }
    return render(request, "search/_palette.html", context)
