from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.exports import Column, figure_columns
from beffroi.core.requests import Request
from beffroi.funding.forms import PrintedFilter
from beffroi.funding.queries import printed_sums, printed_tables
from beffroi.provenance.queries import moment_of
from beffroi.reference.models import Framework

PAGE = 50
COLUMNS = (
    Column("programme", _("Programme"), value=lambda row: row.row.subject.programme.framework.label),
    Column("item", _("Élément"), value=lambda row: row.row.subject.item.label if row.row.subject.item else ""),
    Column("label", _("Total imprimé")),
    Column("period", _("Période, comme écrite"), value=lambda row: row.row.subject.written_period),
    *figure_columns("listed", _("Somme des lignes"), lambda row: row.listed),
    *figure_columns("printed", _("Imprimé"), lambda row: row.row.figure),
    *figure_columns("gap", _("Écart"), lambda row: row.gap),
    Column("state", _("Ce que disent les lignes"), value=lambda row: row.state.label),
    Column("parts", _("D’où vient l’écart"), value=lambda row: _said(row.parts)),
)


def _said(parts: object) -> str:
    return " ; ".join(f"{part.label} : {part.figure.value}" for part in parts)  # type: ignore[attr-defined]


@open_to_all
def printed(request: Request) -> HttpResponseBase:
    """Every printed total beside the sum of its lines."""
    programmes = Framework.objects.visible_to(request.user).filter(programme__sums__isnull=False).distinct()
    form = PrintedFilter(request.GET, programmes=programmes)
    form.full_clean()
    chosen, state = form.cleaned_data.get("programme"), form.cleaned_data.get("state") or ""
    about = Q(programme__framework=chosen) if chosen else Q()
    moment = moment_of(request)
    found = [row for row in printed_sums(about, moment=moment, viewer=request.user) if state in ("", row.state)]
    if answer := exports.asked(request, found, COLUMNS, "totaux-imprimes", title=_("Totaux imprimés et leurs lignes")):
        return answer
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    section = {"tables": printed_tables(found, shown=page.object_list), "names": True}
    return render(request, "funding/printed.html", {"form": form, "section": section, "count": len(found), "page": page})
