"""The dashboard of the operators' activity: the month, its lists, the half-year, the indicators of the S3, the letters."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.models import Partner
from beffroi.accounts.roles import SignedInRequest, open_to_all, signed_in
from beffroi.core import exports, simulation
from beffroi.core.days import month_named
from beffroi.core.exports import Column, Type
from beffroi.core.requests import Request
from beffroi.interactions.actions.letters import choose_letters
from beffroi.interactions.enums import Letter, Measure
from beffroi.interactions.models import LetterSubscription
from beffroi.interactions.queries.counted import DEPARTMENTS, Scope
from beffroi.interactions.queries.s3 import Period, s3_indicators
from beffroi.interactions.queries.shelf import Shelf
from beffroi.interactions.rules.counts import end_of, months_before
from beffroi.publishing.dashboards import booster as board
from beffroi.publishing.dashboards.booster_paper import booster_document, digest_document, method
from beffroi.publishing.dashboards.digest import Digest, NotAHalfYear, code_of, first_of
from beffroi.publishing.dashboards.lists import LIST_COLUMNS, listed
from beffroi.publishing.forms import BoosterFilter
from beffroi.publishing.reports.files import CONTENT_TYPES, printed_document
from beffroi.publishing.reports.parts import Document

PAPERS = ("pdf", "docx", "xlsx")
OPERATORS, LISTED = 50, 200  # a page
INDICATOR_COLUMNS = (
    Column("code", gettext_lazy("Code"), Type.CODE),
    Column("label", gettext_lazy("Indicateur")),
    Column("table", gettext_lazy("Tableau de suivi (volet)"), Type.INTEGER),
    Column("value", gettext_lazy("Valeur"), Type.NUMBER, value=lambda row: row.figure),
    Column("how", gettext_lazy("Comment, ou ce qui manque")),
)


def month_asked(text: str, on: date) -> date:
    """Without one, the last month that is over."""
    if not text:
        return months_before(on.replace(day=1), 1)
    if (month := month_named(text)) is None:
        raise BadRequest(_("« %(text)s » n’est pas un mois : attendu 2026-05.") % {"text": text[:20]})
    return month


def choices(request: Request, level: str) -> dict[str, list[tuple[str, Any]]]:
    return {
        "mois": board.month_choices(request.as_of),
        "operateur": [(str(pk), name) for pk, name in Partner.objects.order_by("name").values_list("pk", "name")],
        "domaine": list(board.area_choices(request.user)),
        "territoire": list(board.place_choices(level, request.user)),
        "par": list(board.LEVELS.items()),
    }


def asked(request: Request) -> tuple[BoosterFilter, board.Booster]:
    level = request.GET.get("par", DEPARTMENTS)
    level = level if level in board.LEVELS else DEPARTMENTS
    month = month_asked(request.GET.get("mois", ""), request.as_of)
    data = {**request.GET.dict(), "mois": f"{month:%Y-%m}", "par": level}
    form = BoosterFilter(data, choices=choices(request, level))
    form.full_clean()
    told = form.cleaned_data
    scope = Scope(told.get("operateur"), told.get("domaine"), told.get("territoire"), level)
    return form, board.Booster(month, scope, request.user, request.as_of, bool(request.GET.get("as_of")))


def paper_answer(document: Document, extension: str, name: str) -> HttpResponse:
    if extension not in PAPERS:
        raise BadRequest(_("Format inconnu. Formats proposés : %(formats)s.") % {"formats": ", ".join(PAPERS)})
    body = printed_document(document, extension=extension)
    answer = HttpResponse(body, content_type=CONTENT_TYPES[extension])
    answer["Content-Disposition"] = f'attachment; filename="{simulation.filename(name)}.{extension}"'
    return answer


@open_to_all
def booster(request: Request) -> HttpResponseBase:
    form, found = asked(request)
    if extension := request.GET.get("format", ""):
        document = booster_document(found, at=request.known_on)
        return paper_answer(document, extension, f"booster-{found.month:%Y-%m}")
    page = Paginator(found.by_operator, OPERATORS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "found": found,
        "page": page,
        "names": list(Measure),
        "before": f"{months_before(found.month, 1):%Y-%m}",
        "after": f"{months_before(found.month, -1):%Y-%m}" if found.is_over else "",
        "half": code_of(found.month),
        "method": method(),
    }
    return render(request, "publishing/booster.html", context)


@open_to_all
def booster_list(request: Request) -> HttpResponseBase:
    """What a number counts, as far as its reader may see: the same rows."""
    _form, found = asked(request)
    name = request.GET.get("mesure", "")
    if name not in Measure.values:
        raise Http404
    rows = listed(Measure(name), found)
    title = f"{Measure(name).label}, {found.title}"
    if answer := exports.asked(request, rows, LIST_COLUMNS, f"{name}-{found.month:%Y-%m}", title=title):
        return answer
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "publishing/booster_list.html", {"page": page, "title": title, "found": found, "name": name})


@open_to_all
def indicators(request: Request) -> HttpResponseBase:
    """Over a year that ends with the month asked."""
    month = month_asked(request.GET.get("mois", ""), request.as_of)
    period = Period(months_before(month, 11), end_of(month))
    only = request.GET.get("indicateur", "")
    rows = s3_indicators(period, shelf=Shelf(request.user, request.as_of), only=only)
    if only and not rows:
        raise Http404
    if answer := exports.asked(request, rows, INDICATOR_COLUMNS, "indicateurs-s3", title=_("Tableaux de suivi de la S3")):
        return answer
    months = board.month_choices(request.as_of)
    chosen = next(iter(rows), None) if only else None
    page = Paginator(chosen.rows if chosen else [], LISTED).get_page(request.GET.get("page"))
    context = {"rows": rows, "chosen": chosen, "page": page, "period": period, "months": months, "month": f"{month:%Y-%m}"}
    return render(request, "publishing/booster_indicators.html", context)


@open_to_all
def digest(request: Request, code: str) -> HttpResponseBase:
    try:
        first = first_of(code)
    except NotAHalfYear as error:
        raise Http404 from error
    found = Digest(first, request.user, request.as_of)
    if extension := request.GET.get("format", ""):
        return paper_answer(digest_document(found, at=request.known_on), extension, f"semestre-{code}")
    around = {"before": code_of(months_before(first, 6)), "after": code_of(months_before(first, -6)) if found.is_over else ""}
    return render(request, "publishing/booster_digest.html", {"found": found, "method": method(), **around})


@signed_in
def letters(request: SignedInRequest) -> HttpResponse:
    """What this person receives by e-mail."""
    if request.method == "POST":
        chosen = {Letter(name) for name in request.POST.getlist("letter") if name in Letter.values}
        choose_letters(chosen, by=request.user, on=timezone.localdate())
        messages.success(request, _("C’est enregistré."))
        return redirect("publishing:booster_letters")
    have = set(LetterSubscription.objects.filter(user=request.user).values_list("letter", flat=True))
    rows = [{"value": name.value, "label": name.label, "is_on": name.value in have} for name in Letter]
    return render(request, "publishing/booster_letters.html", {"rows": rows})
