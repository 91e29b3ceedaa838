from django.http import HttpResponse
from django.shortcuts import render

from beffroi.accounts.roles import open_to_all
from beffroi.core.requests import Request
from beffroi.indicators.queries import behind_target
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.desk import source_rows
from beffroi.web import home as content


@open_to_all
def home(request: Request) -> HttpResponse:
    moment = Moment(request.as_of, request.known_on)
    if not request.user.is_authenticated:
        context = {
            "figures": content.role_figures(request.user, moment),
            "documents": source_rows(request.user, moment),
            "entrances": content.entrances(),
        }
        return render(request, "home/public.html", context)
    context = {
        "figures": content.followed_figures(request.user, moment),
        "changes": content.changes_since(request.user, content.last_visit(request.user), moment=moment),
        "waiting": content.waiting_for(request.user),
        "behind": behind_target(moment=moment, viewer=request.user)[: content.LISTED],
    }
    return render(request, "home/own.html", context)
