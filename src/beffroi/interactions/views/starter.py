"""The path of project holders (STARTER), awareness actions in schools, and a company beside its peers."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, may, requires, signed_in
from beffroi.actors.models import Organisation
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.refusals import told_on
from beffroi.interactions import actions
from beffroi.interactions.forms.support import SchoolFilter, SchoolForm
from beffroi.interactions.models import SchoolAction
from beffroi.interactions.queries import starter as queries
from beffroi.interactions.queries.peers import comparison
from beffroi.interactions.queries.supports import paths
from beffroi.interactions.rules.peers import LEAST_FOR_MEDIAN, LEAST_FOR_QUARTILES
from beffroi.interactions.views.acting import form_page, own
from beffroi.interactions.views.own import own_partner

PATHS = (
    Column("project", _("Projet"), value=lambda row: str(row.support.subject)),
    Column("company", _("Entreprise créée"), value=lambda row: _created(row)),
    Column("owner", _("Opérateur"), value=lambda row: str(row.support.owner)),
    Column("since", _("Depuis le"), Type.DATE, "", lambda row: row.support.since),
    Column("last", _("Dernière étape"), value=lambda row: str(row.last.kind.label) if row.last else ""),
    Column("last_on", _("le"), Type.DATE, "", lambda row: row.last.on if row.last else None),
    Column("due", _("Étape attendue"), value=lambda row: row.due_label),
    Column("due_on", _("à partir du"), Type.DATE, "", lambda row: row.due.on if row.due else None),
    Column("hours", _("Heures"), Type.NUMBER, "", lambda row: row.hours.value),
    Column("state", _("État"), value=lambda row: row.support.get_state_display()),
)
ACTIONS = (
    Column("title", _("Action")),
    Column("school", _("Établissement"), value=lambda row: str(row.school or row.school_name)),
    Column("on", _("Date"), Type.DATE),
    Column("pupils", _("Élèves et étudiants"), Type.INTEGER, _("Vide : pas compté.")),
    Column("minutes", _("Durée en minutes"), Type.INTEGER),
    Column("place", _("Lieu"), value=lambda row: row.place.label if row.place else ""),
    Column("owner", _("Opérateur"), value=lambda row: str(row.owner or "")),
)
SCHOOL_CRUMBS = (
    (_("Accompagnements"), "interactions:supports"),
    (_("Sensibilisation"), "interactions:school_actions"),
)


def _created(row: object) -> str:
    holder = row.support.holder  # type: ignore[attr-defined]
    return str(holder.organisation or "") if holder else ""


@signed_in
def path(request: SignedInRequest) -> HttpResponseBase:
    on = timezone.localdate()
    rows = paths(request.user, on=on)
    if answer := exports.asked(request, rows, PATHS, "parcours", title=_("Parcours des porteurs de projet")):
        return answer
    context = {
        "page": Paginator(rows, 50).get_page(request.GET.get("page")),
        "figures": queries.path_figures(rows, viewer=request.user, on=on),
        "may_note": may(request.user, Permission.NOTE_ACTIVITY),
    }
    return render(request, "interactions/starter.html", context)


@signed_in
def school_actions(request: SignedInRequest) -> HttpResponseBase:
    form = SchoolFilter(request.GET)
    form.full_clean()
    rows = queries.school_actions(form.cleaned_data, viewer=request.user)
    if answer := exports.asked(request, rows, ACTIONS, "sensibilisation", title=_("Sensibilisation en milieu scolaire")):
        return answer
    found = list(rows)
    context = {
        "form": form,
        "page": Paginator(found, 50).get_page(request.GET.get("page")),
        "figures": queries.school_figures(found),
        "may_note": may(request.user, Permission.NOTE_ACTIVITY),
        "own_partners": request.user.partner_ids,
    }
    return render(request, "interactions/school_actions.html", context)


@requires(Permission.NOTE_ACTIVITY)
def save_school_action(request: SignedInRequest, pk: int = 0) -> HttpResponse:
    found = own(request, get_object_or_404(SchoolAction, pk=pk)) if pk else SchoolAction(owner=own_partner(request.user))
    form = SchoolForm(
        request.POST or None, instance=found, viewer=request.user, initial={} if pk else {"on": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.save_school_action(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("L’action est notée."))
            return redirect("interactions:school_actions")
    title = _("Modifier une action en milieu scolaire") if pk else _("Noter une action en milieu scolaire")
    return form_page(request, form, title=title, verb=_("Enregistrer"), crumbs=SCHOOL_CRUMBS)


@signed_in
def peers(request: SignedInRequest, pk: int) -> HttpResponse:
    company = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    found = comparison(company, viewer=request.user)
    context = {"thing": company, "found": found, "least": LEAST_FOR_MEDIAN, "least_of_quartiles": LEAST_FOR_QUARTILES}
    return render(request, "interactions/peers.html", context)
