from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.requests import Request
from beffroi.funding.enums import Cycle
from beffroi.funding.forms import DelayFilter
from beffroi.funding.models import Application
from beffroi.funding.queries.delays import delays as found_delays
from beffroi.funding.queries.delays import reached
from beffroi.funding.queries.files import usual_cycle
from beffroi.provenance.queries import moment_of

COLUMNS = (
    Column("group", _("Groupe")),
    Column("start", _("De l’étape"), value=lambda row: row.start.label),
    Column("end", _("À l’étape"), value=lambda row: row.end.label),
    Column(
        "count", _("Dossiers mesurés"), Type.INTEGER, _("Ils ont les deux dates, dans l’ordre."), lambda row: row.delay.count
    ),
    Column("median", _("Médiane (jours)"), Type.NUMBER, "", lambda row: row.delay.median),
    Column(
        "first_quartile", _("Premier quartile"), Type.NUMBER, _("Dès quatre dossiers."), lambda row: row.delay.first_quartile
    ),
    Column(
        "third_quartile", _("Troisième quartile"), Type.NUMBER, _("Dès quatre dossiers."), lambda row: row.delay.third_quartile
    ),
    Column("longest", _("Le plus long"), Type.INTEGER, "", lambda row: row.delay.longest),
    Column("running", _("En cours"), Type.INTEGER, "", lambda row: row.delay.running),
    Column("late", _("En retard"), Type.INTEGER, _("Vide si aucun délai n’est annoncé."), lambda row: row.delay.late),
    Column("left", _("Sortis avant"), Type.INTEGER, "", lambda row: row.delay.left),
    Column("unknown", _("Dates inconnues"), Type.INTEGER, "", lambda row: row.delay.unknown),
)


@open_to_all
def delays(request: Request) -> HttpResponseBase:
    form = DelayFilter(request.GET, viewer=request.user)
    form.full_clean()
    files = Application.objects.visible_to(request.user)
    asked = {**form.cleaned_data, "cycle": form.cleaned_data.get("cycle") or usual_cycle(files)}
    rows = found_delays(asked, viewer=request.user, moment=moment_of(request))
    if answer := exports.asked(request, rows, COLUMNS, "delais", title=_("Délais des dossiers")):
        return answer
    steps = reached(asked, viewer=request.user, moment=moment_of(request))
    context = {"form": form, "rows": rows, "reached": [one for one in steps if one.count], "cycle": Cycle(asked["cycle"])}
    return render(request, "funding/delays.html", context)
