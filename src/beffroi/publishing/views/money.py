"""The money explorer: a question in plain words, its answer in figures that open their lines, and its address to share."""

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.requests import Request
from beffroi.funding.queries.questions import UnaskedMoney
from beffroi.funding.queries.territories import UnknownTerritory
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets.money import files
from beffroi.publishing.sheets.money.asked import KEYS, PICTURES, MoneyForm, chosen, in_words, question_asked
from beffroi.publishing.sheets.money.page import Explored, explored

EMPTY: dict[str, Any] = {"words": "", "found": None}


@open_to_all
def money(request: Request) -> HttpResponseBase:
    form, moment = MoneyForm(request.GET, viewer=request.user), Moment(request.as_of, request.known_on)
    context: dict[str, Any] = {**EMPTY, "form": form, "chosen": list(chosen(request.GET, viewer=request.user))}
    if not form.is_valid():
        return render(request, "publishing/money.html", context)
    try:
        question = question_asked(form, request.GET, viewer=request.user)
        found = explored(question, viewer=request.user, moment=moment)
    except (UnaskedMoney, UnknownTerritory) as refusal:
        form.add_error("territory" if isinstance(refusal, UnknownTerritory) else None, str(refusal))
        return render(request, "publishing/money.html", context)
    words = in_words(form, question)
    if to := request.GET.get("format"):
        return exports.exported(
            request, found.groups[:], list(files.columns(question)), "argent", to=to, title=words, **files.ABOUT
        )
    picture = found.picture(form.cleaned_data["view"], level=form.map_level, viewer=request.user, moment=moment)
    context |= {"words": words, "found": found, "picture": picture, "keys": [KEYS[key] for key in question.by]}
    return render(request, "publishing/money.html", context | paged(request, found))


def paged(request: Request, found: Explored) -> dict[str, Any]:
    page = Paginator(cast("list[Any]", found.groups), 50).get_page(request.GET.get("page"))
    return {"page": page, "views": _views(request)}


def _views(request: Request) -> list[dict[str, Any]]:
    """The pictures of the same answer: a link each, the rest of the address kept."""
    return [
        {"label": label, "address": f"?{_with(request, view=name)}", "current": request.GET.get("view", "") == name}
        for name, label in PICTURES.items()
    ]


def _with(request: Request, **changes: str) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
    query.pop("page", None)
    return query.urlencode()
