from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.exports import Column
from beffroi.core.requests import Request
from beffroi.core.text import search_key
from beffroi.funding.forms import OperationFilter
from beffroi.funding.queries import operations_about
from beffroi.reference.models import Framework

COLUMNS = (
    Column("code", _("Code")),
    Column("title", _("Intitulé")),
    Column("programme", _("Programme"), value=lambda row: row.programme.framework.label),
    Column("item_code", _("Code de l’élément"), value=lambda row: row.item.code if row.item else ""),
    Column("item", _("Élément"), value=lambda row: row.item.label if row.item else ""),
    Column("place", _("Lieu"), value=lambda row: row.place.label if row.place else ""),
    Column("period", _("Période, comme écrite"), value=lambda row: row.written_period),
    Column("description", _("Précision")),
)


@open_to_all
def operations(request: Request) -> HttpResponseBase:
    programmes = Framework.objects.visible_to(request.user).filter(programme__operations__isnull=False).distinct()
    form = OperationFilter(request.GET, programmes=programmes)
    form.full_clean()
    about = Q(sort_key__contains=search_key(form.cleaned_data["q"]))
    if programme := form.cleaned_data.get("programme"):
        about &= Q(programme__framework=programme)
    rows = operations_about(about, viewer=request.user)
    if answer := exports.asked(request, rows, COLUMNS, "operations", title=_("Opérations")):
        return answer
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "funding/operations.html", {"form": form, "page": page})
