from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.exports import Column, figure_columns
from beffroi.core.requests import Request
from beffroi.funding.forms import AmountFilter
from beffroi.funding.queries import amounts_asked, money_rows_of
from beffroi.provenance.queries import moment_of
from beffroi.reference.models import Framework

COLUMNS = (
    Column("programme", _("Programme"), value=lambda row: row.subject.programme.framework.label),
    Column("item", _("Élément"), value=lambda row: row.subject.item.label if row.subject.item else ""),
    Column("fund", _("Financeur"), value=lambda row: row.subject.fund.name if row.subject.fund else ""),
    Column("receiver", _("Bénéficiaire"), value=lambda row: str(row.receiver or "")),
    Column("stage", _("Stade"), value=lambda row: row.stage),
    Column("period", _("Période, comme écrite"), value=lambda row: row.subject.written_period),
    Column("detail", _("Ventilation"), value=lambda row: row.subject.detail),
    *figure_columns("amount", _("Montant en euros"), lambda row: row.figure),
)


@open_to_all
def amounts(request: Request) -> HttpResponseBase:
    """Every amount as its source states it. Nothing is added here: stages, roles and bases do not add up."""
    programmes = Framework.objects.visible_to(request.user).filter(programme__isnull=False)
    form = AmountFilter(request.GET, programmes=programmes)
    form.full_clean()
    role, moment = form.cleaned_data.get("role") or "line", moment_of(request)
    subjects = amounts_asked(role, {**form.cleaned_data, "words": form.cleaned_data["q"]}, viewer=request.user)
    if request.GET.get("format"):
        rows = money_rows_of(role, list(subjects), moment=moment, viewer=request.user)
        answer = exports.asked(request, rows, COLUMNS, "montants", title=_("Montants"))
        assert answer is not None  # a format was asked
        return answer
    page = Paginator(subjects, 50).get_page(request.GET.get("page"))
    rows = money_rows_of(role, list(page.object_list), moment=moment, viewer=request.user)
    return render(
        request,
        "funding/amounts.html",
        {"form": form, "page": page, "role": role, "section": {"line": [], "sum": [], "expenditure": [], role: rows}},
    )
