"""That system says, Beffroi says, difference, cause."""

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.requests import Request
from beffroi.funding.queries.desk import system_comparison
from beffroi.funding.queries.desk.systems import system_sources
from beffroi.funding.views.typed import programme_of
from beffroi.provenance.models import Source
from beffroi.provenance.queries import moment_of

COLUMNS = (
    Column("code", gettext_lazy("Opération"), Type.CODE, value=lambda row: row.compared.code),
    Column("title", gettext_lazy("Intitulé")),
    Column("stage", gettext_lazy("Stade")),
    Column("theirs", gettext_lazy("Leur système, en euros"), Type.EUROS, value=lambda row: row.theirs.value),
    Column("ours", gettext_lazy("Beffroi, en euros"), Type.EUROS, value=lambda row: row.ours.value),
    Column("difference", gettext_lazy("Écart en euros"), Type.EUROS, value=lambda row: row.difference.value),
    Column("cause", gettext_lazy("Cause")),
    Column("row", gettext_lazy("Ligne du fichier"), Type.INTEGER, value=lambda row: row.compared.row),
)


@open_to_all
def systems(request: Request, code: str) -> HttpResponseBase:
    """Each system whose export is loaded for this programme."""
    programme = programme_of(request, code)
    sources = system_sources(programme, viewer=request.user)
    return render(request, "funding/systems.html", {"programme": programme, "sources": sources})


@open_to_all
def system(request: Request, code: str, source: str) -> HttpResponseBase:
    programme = programme_of(request, code)
    stated = get_object_or_404(
        Source.objects.filter(pk__in=[row.pk for row in system_sources(programme, viewer=request.user)]), code=source
    )
    found = system_comparison(programme, stated, viewer=request.user, moment=moment_of(request))
    title = _("Écarts avec %(system)s") % {"system": stated}
    if answer := exports.asked(request, found.rows, COLUMNS, f"ecarts-{source}", title=title):
        return answer
    page = Paginator(found.rows, 100).get_page(request.GET.get("page"))
    return render(request, "funding/system.html", {"programme": programme, "found": found, "page": page})
