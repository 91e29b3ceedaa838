"""One report a funder, the consolidation of them all, the dialogue, and the standard sheet of a cluster."""

from datetime import date
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.models import Partner
from beffroi.accounts.roles import SignedInRequest, signed_in
from beffroi.actors.models import Organisation
from beffroi.core import exports
from beffroi.core.days import within
from beffroi.core.exports import Column, Type
from beffroi.core.text import search_key
from beffroi.funding.models import Agreement
from beffroi.funding.queries import agreement_sheet, agreements_asked, held_by_institutions_of, previous_of, worked_for
from beffroi.interactions.queries.shares import Work, operators_of
from beffroi.interactions.rules.counts import months_before, year_before
from beffroi.provenance.queries import Moment
from beffroi.publishing.dashboards.cluster import cluster_document, cluster_sheet
from beffroi.publishing.dashboards.funders import Consolidation, FunderReport, year_of
from beffroi.publishing.dashboards.funders_paper import consolidation_document, method, report_document
from beffroi.publishing.views.booster import paper_answer

LISTED = 200  # activities shown below a report; its files have them all
ROW_COLUMNS = (
    Column("code", gettext_lazy("Code"), Type.CODE),
    Column("label", gettext_lazy("Nature")),
    Column("count", gettext_lazy("Activités"), Type.INTEGER, value=lambda row: row.sums.count),
    Column("hours", gettext_lazy("Heures"), Type.NUMBER, value=lambda row: row.sums.hours),
    Column("part_hours", gettext_lazy("Heures, part de la convention"), Type.NUMBER, value=lambda row: row.sums.part_hours),
    Column("part_money", gettext_lazy("Euros, part de la convention"), Type.EUROS, value=lambda row: row.sums.part_money),
    Column("with_whom", gettext_lazy("Cofinancé avec")),
)


def _day(text: str, otherwise: date) -> date:
    if not text:
        return otherwise
    try:
        return within(date.fromisoformat(text))
    except ValueError as error:
        raise BadRequest(_("« %(text)s » n’est pas une date : attendu 2026-01-31.") % {"text": text[:20]}) from error


def _period(request: SignedInRequest) -> tuple[date, date]:
    """The year looked at, until the day looked at."""
    first, last = year_of(request.as_of)
    first, last = _day(request.GET.get("du", ""), first), _day(request.GET.get("au", ""), min(last, request.as_of))
    if last < first:
        raise BadRequest(_("La fin de la période ne précède pas son début."))
    if months_before(last, 36) > first:
        raise BadRequest(_("Une période de trois ans au plus : un rapport porte sur une année ou une convention."))
    return first, last


def _work(request: SignedInRequest, partner: Partner) -> Work:
    return Work(partner, *_period(request))


def _agreement(request: SignedInRequest, pk: int) -> tuple[Agreement, Partner, list[Partner]]:
    """With its operators, and the one looked at: of several, the one asked, else the reader's own, else the first named."""
    rows = Agreement.objects.visible_to(request.user).select_related("programme__framework", "owner")
    found = get_object_or_404(rows, pk=pk)
    operators = operators_of(found)
    if not operators or not request.user.partner_ids:
        raise Http404
    if not held_by_institutions_of(request.user).filter(pk=found.pk).exists():
        raise PermissionDenied(_("Les heures et les euros de cette convention sont lus par ses parties seulement."))
    if (asked := request.GET.get("operateur", "")) and asked not in {row.code for row in operators}:
        raise Http404
    looked_at = min(operators, key=lambda row: (row.code != asked, row.pk not in request.user.partner_ids))
    return found, looked_at, operators


def _reads_work(request: SignedInRequest, partner: Partner) -> bool:
    """The operator itself, and those who fund it."""
    pays = held_by_institutions_of(request.user).filter(Exists(worked_for().filter(organisation__partner=partner)))
    return partner.pk in request.user.partner_ids or pays.exists()


@signed_in
def reports(request: SignedInRequest) -> HttpResponse:
    """The agreements of which the beneficiary notes its activity here; those of the reader's institutions first."""
    words = request.GET.get("q", "")
    held = held_by_institutions_of(request.user)
    rows = agreements_asked({"q": words}, viewer=request.user, on=request.as_of).filter(Exists(worked_for()))
    rows = rows.annotate(is_held=Exists(held.filter(pk=OuterRef("pk"))))
    everything = "toutes" in request.GET or bool(words)
    rows = rows if everything else rows.filter(is_held=True)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    partners = Partner.objects.filter(pk__in=request.user.partner_ids)
    context = {"page": page, "partners": partners, "words": words, "everything": everything}
    return render(request, "publishing/activity_reports.html", context)


@signed_in
def report(request: SignedInRequest, pk: int) -> HttpResponseBase:
    agreement, partner, operators = _agreement(request, pk)
    found = FunderReport(agreement, _work(request, partner), request.user)
    sheet = agreement_sheet(pk, moment=Moment(request.as_of, request.known_on), viewer=request.user)
    extension = request.GET.get("format", "")
    if extension in ("pdf", "docx", "xlsx"):
        return paper_answer(report_document(found, sheet, at=request.known_on), extension, f"rapport-{pk}-{found.work.last:%Y}")
    if answer := exports.asked(request, found.rows, ROW_COLUMNS, f"rapport-{pk}", title=str(agreement)):
        return answer
    context = {
        "found": found,
        "sheet": sheet,
        "partner": partner,
        "thing": agreement,
        "method": method(),
        "listed": found.paid[-LISTED:][::-1],
        "operators": operators,
        "is_operator": partner.pk in request.user.partner_ids,
    }
    return render(request, "publishing/activity_report.html", context)


@signed_in
def consolidation(request: SignedInRequest, code: str) -> HttpResponse:
    """What an operator told all its funders, counted once."""
    partner = get_object_or_404(Partner, code=code)
    if not request.user.partner_ids:
        raise Http404
    if not _reads_work(request, partner):
        raise PermissionDenied(_("Ce qu’un opérateur dit à tous ses financeurs est lu par lui et par eux."))
    found = Consolidation(partner, _work(request, partner))
    if extension := request.GET.get("format", ""):
        return paper_answer(consolidation_document(found, at=request.known_on), extension, f"consolidation-{code}")
    return render(request, "publishing/activity_consolidation.html", {"found": found, "method": method()})


@signed_in
def dialogue(request: SignedInRequest, pk: int) -> HttpResponse:
    """The file of a management dialogue: this agreement and the one before, the activity, what the other funders were told."""
    agreement, partner, _operators = _agreement(request, pk)
    moment, work = Moment(request.as_of, request.known_on), _work(request, partner)
    before = previous_of(agreement, viewer=request.user)
    sheets = [agreement_sheet(row.pk, moment=moment, viewer=request.user) for row in (agreement, before) if row is not None]
    earlier = Work(partner, year_before(work.first), year_before(work.last))
    context = {
        "thing": agreement,
        "partner": partner,
        "sheets": sheets,
        "found": FunderReport(agreement, work, request.user),
        "earlier": FunderReport(agreement, earlier, request.user),
        "told": Consolidation(partner, work),
    }
    return render(request, "publishing/activity_dialogue.html", context)


@signed_in
def cluster(request: SignedInRequest, pk: int) -> HttpResponse:
    """The standard sheet of a cluster: the same rubrics for all, « non mesuré » where nothing is known."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user).select_related("partner"), pk=pk)
    partner, year = organisation.partner, year_of(request.as_of)
    free = partner is not None and _reads_work(request, partner)  # others: the whole year, which tells no single activity
    work = Work(partner, *(_period(request) if free else (year[0], min(year[1], request.as_of)))) if partner else None
    rubrics = cluster_sheet(organisation, work, viewer=request.user, moment=Moment(request.as_of, request.known_on))
    if extension := request.GET.get("format", ""):
        document = cluster_document(organisation, rubrics, on=request.as_of, at=request.known_on)
        return paper_answer(document, extension, f"fiche-{search_key(organisation.name).replace(' ', '-')[:60]}")
    context: dict[str, Any] = {"thing": organisation, "rubrics": rubrics, "work": work}
    return render(request, "publishing/cluster_sheet.html", context)
