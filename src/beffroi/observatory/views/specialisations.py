from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, may, open_to_all, requires
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.requests import Request
from beffroi.observatory.forms import LookForm
from beffroi.observatory.queries import specialisations
from beffroi.provenance.queries import Moment
from beffroi.reference import actions

COLUMNS = (
    Column("specialisation", _("Spécialisation"), Type.TEXT, "", lambda row: row.specialisation.label),
    Column("territory", _("Territoire"), Type.TEXT, "", lambda row: row.place.label),
    Column("industries", _("Activités"), Type.TEXT, "", lambda row: " ; ".join(one.code for one in row.industries)),
    *exports.figure_columns("jobs", _("Emplois"), lambda row: row.jobs),
    Column("quotient", _("Indice de spécificité"), Type.NUMBER, "", lambda row: row.quotient.value),
    Column("growth", _("Croissance"), Type.NUMBER, _("0,05 : 5 %."), lambda row: row.growth.value),
    Column("is_secret", _("Secret"), Type.BOOLEAN, _("Secret statistique : les chiffres ne sont pas montrés.")),
    Column("density", _("Proximité des points forts"), Type.NUMBER, _("De 0 à 1."), lambda row: row.density.value),
)


@open_to_all
def compared(request: Request) -> HttpResponseBase:
    form = LookForm(request.GET, viewer=request.user, moment=Moment(request.as_of, request.known_on), hidden=("rest",))
    chosen = {name: request.GET.get(name, "") for name in ("place", "chosen")}
    found = specialisations.compared(form.asked(with_rest=False), request.user, **chosen)
    if answer := exports.asked(request, [*found.rows, *found.others], COLUMNS, "specialisations", title=_("Spécialisations")):
        return answer
    context: dict[str, Any] = {
        "form": form,
        "found": found,
        "places": specialisations.options_of(found.places),
        "choices": specialisations.options_of(row.specialisation for row in found.rows),
        "may_open": may(request.user, Permission.EDIT_REFERENCE),
    }
    return render(request, "observatory/specialisations.html", context)


@require_POST
@requires(Permission.EDIT_REFERENCE)
def open_crosswalk(request: SignedInRequest) -> HttpResponse:
    found = specialisations.compared(None, request.user)
    if found.source is None or found.target is None:
        raise Http404
    return redirect(actions.open_crosswalk(found.source, found.target, by=request.user))
