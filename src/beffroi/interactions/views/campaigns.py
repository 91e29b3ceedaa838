"""Prospecting lists: made from criteria or from a list, followed, shared."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, may, requires, signed_in
from beffroi.actors.enums import Headcount
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.refusals import told_on
from beffroi.core.text import row_numbers
from beffroi.interactions.actions import campaigns as actions
from beffroi.interactions.enums import TargetState
from beffroi.interactions.forms.campaigns import CampaignForm, ChangeForm, CriteriaForm, ListForm, TargetFilter
from beffroi.interactions.models import Campaign
from beffroi.interactions.queries import campaigns
from beffroi.interactions.queries.candidates import preview
from beffroi.interactions.views.own import own_partner

LISTED = 50
COLUMNS = (
    Column("siren", gettext_lazy("SIREN"), Type.CODE, value=lambda row: row.organisation.siren),
    Column("name", gettext_lazy("Entreprise"), value=lambda row: row.organisation.name),
    Column("place", gettext_lazy("Lieu"), value=lambda row: str(row.organisation.place or "")),
    Column("activity", gettext_lazy("Activité, ce jour-là"), Type.CODE, value=lambda row: row.facts.get("activity")),
    Column("headcount", gettext_lazy("Effectif, ce jour-là"), value=lambda row: headcount(row.facts.get("headcount"))),
    Column("last_visit", gettext_lazy("Dernière visite, ce jour-là"), value=lambda row: row.facts.get("last_visit", "")),
    Column("potential", gettext_lazy("Potentiel, ce jour-là"), value=lambda row: row.facts.get("potential", "")),
    Column("partner", gettext_lazy("Opérateur"), value=lambda row: str(row.partner or "")),
    Column("caller", gettext_lazy("Suivie par"), value=lambda row: str(row.caller or "")),
    Column("due_on", gettext_lazy("À faire avant le"), Type.DATE),
    Column("state", gettext_lazy("État"), value=lambda row: str(TargetState(row.shown_state).label)),
)


def headcount(code: str | None) -> str:
    return str(Headcount(code).label) if code in Headcount.values else ""


def _found(request: SignedInRequest, pk: int) -> Campaign:
    campaign: Campaign = get_object_or_404(campaigns.campaigns_seen(request.user), pk=pk)
    return campaign


def _works_on(campaign: Campaign, request: SignedInRequest) -> bool:
    if not may(request.user, Permission.NOTE_ACTIVITY):
        return False
    return campaigns.invitable_campaigns(request.user).filter(pk=campaign.pk).exists()


@signed_in
def listed(request: SignedInRequest) -> HttpResponse:
    page = Paginator(campaigns.campaigns_seen(request.user), 50).get_page(request.GET.get("page"))
    progress = campaigns.progress_of(list(page), viewer=request.user, on=request.as_of)
    context = {
        "page": page,
        "rows": [(one, progress[one.pk]) for one in page],
        "may_add": may(request.user, Permission.NOTE_ACTIVITY),
    }
    return render(request, "interactions/campaigns.html", context)


@requires(Permission.NOTE_ACTIVITY)
def add_campaign(request: SignedInRequest) -> HttpResponse:
    """The address holds the criteria: what is previewed is what is frozen."""
    criteria = CriteriaForm(request.GET or None, viewer=request.user)
    form = CampaignForm(request.POST or None)
    is_asked = criteria.is_valid() and not criteria.criteria.is_empty
    if request.method == "POST" and is_asked and form.is_valid():
        with told_on(form):
            owner, on = own_partner(request.user), request.as_of
            made = actions.freeze_campaign(criteria.criteria, owner=owner, by=request.user, on=on, **form.cleaned_data)
            messages.success(request, _("La liste est arrêtée. Répartissez-la entre opérateurs et personnes."))
            return redirect(made)
    found = preview(criteria.criteria, viewer=request.user, on=request.as_of) if is_asked else None
    context = {"criteria": criteria, "form": form, "found": found, "words": criteria.words if is_asked else {}}
    return render(request, "interactions/campaign_form.html", context, status=422 if form.errors or criteria.errors else 200)


@requires(Permission.NOTE_ACTIVITY)
def add_list(request: SignedInRequest) -> HttpResponse:
    form = ListForm(request.POST or None)
    unknown: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        listed = actions.campaign_from_list(
            told.pop("text"), owner=own_partner(request.user), by=request.user, on=request.as_of, **told
        )
        unknown = listed.unknown
        if listed.campaign:
            _tell(request, unknown)
            return redirect(listed.campaign)
        form.add_error("text", _("Aucune ligne ne nomme une entreprise connue : rien n’est enregistré."))
    context = {"form": form, "unknown": unknown}
    return render(request, "interactions/campaign_list_form.html", context, status=422 if form.errors else 200)


def _tell(request: SignedInRequest, unknown: dict[str, str]) -> None:
    messages.success(request, _("La liste est arrêtée. Répartissez-la entre opérateurs et personnes."))
    if unknown:
        lines = " ; ".join(list(unknown)[:20])
        messages.warning(
            request,
            ngettext(
                "%(n)s ligne ne nomme personne de connu : %(lines)s",
                "%(n)s lignes ne nomment personne de connu : %(lines)s",
                len(unknown),
            )
            % {"n": len(unknown), "lines": lines},
        )


@signed_in
def campaign(request: SignedInRequest, pk: int) -> HttpResponseBase:
    found = _found(request, pk)
    operators = campaigns.operators_of(found)
    callers = campaigns.callers_of(operators)
    form = TargetFilter(request.GET, operators=operators, callers=callers)
    rows = campaigns.targets_asked(found, form.asked(), viewer=request.user, on=request.as_of)
    if answer := exports.asked(request, rows, COLUMNS, f"campagne-{pk}", title=str(found)):
        return answer
    return _page(request, found, form, ChangeForm(operators=operators, callers=callers), rows)


def _page(request: SignedInRequest, found: Campaign, form: Any, change: ChangeForm, rows: Any) -> HttpResponse:
    works = _works_on(found, request)
    page = Paginator(rows, LISTED).get_page(request.GET.get("page"))
    context = {
        "thing": found,
        "form": form,
        "change": change if works else None,
        "owns": works and found.owner_id in request.user.partner_ids,
        "page": page,
        "rows": [(row, TargetState(row.shown_state)) for row in page],
        "operators": campaigns.by_operator(found, viewer=request.user, on=request.as_of),
        "states": list(TargetState),
        "words": found.criteria.get("words", {}),
        "shared": list(found.partners.order_by("name", "pk")),
    }
    return render(request, "interactions/campaign.html", context, status=422 if change.errors else 200)


def _worked(request: SignedInRequest, pk: int) -> Campaign:
    found = _found(request, pk)
    if not _works_on(found, request):
        raise PermissionDenied(_("Seuls les opérateurs qui mènent cette campagne la suivent."))
    return found


@require_POST
@requires(Permission.NOTE_ACTIVITY)
def change_targets(request: SignedInRequest, pk: int) -> HttpResponse:
    """The targets ticked, or all those of the filters of the page."""
    found = _worked(request, pk)
    operators = campaigns.operators_of(found)
    callers = campaigns.callers_of(operators)
    form = TargetFilter(request.GET, operators=operators, callers=callers)
    rows = campaigns.targets_asked(found, form.asked(), viewer=request.user, on=request.as_of)
    change = ChangeForm(request.POST, operators=operators, callers=callers)
    if not change.is_valid():
        return _page(request, found, form, change, rows)
    asked = rows if "every" in request.POST else rows.filter(pk__in=_ticked(request))
    _apply(request, found, asked, change)
    return redirect(f"{found.get_absolute_url()}?{request.GET.urlencode()}")


def _ticked(request: SignedInRequest) -> list[int]:
    return row_numbers(request.POST.getlist("target"))


def _apply(request: SignedInRequest, found: Campaign, asked: Any, form: ChangeForm) -> None:
    told = form.cleaned_data
    state = TargetState(told["state"]) if told["state"] else None
    change = actions.Change(told["partner"], told["caller"], told["due_on"], state)
    rows = actions.workable(found, request.user).filter(pk__in=asked.order_by().values("pk"))
    if change.partner and found.owner_id not in request.user.partner_ids and change.partner.pk not in request.user.partner_ids:
        raise PermissionDenied(_("Seul l’opérateur qui a fait la liste la répartit entre d’autres."))
    changed, left = actions.change_targets(rows, change, by=request.user)
    text = ngettext("%(n)s cible changée.", "%(n)s cibles changées.", changed) % {"n": changed}
    if left:
        kept = ngettext(
            "%(n)s laissée telle quelle : son état ne le permet pas.",
            "%(n)s laissées telles quelles : leur état ne le permet pas.",
            left,
        )
        text += f" {kept % {'n': left}}"
    messages.success(request, text)


@require_POST
@requires(Permission.NOTE_ACTIVITY)
def deal(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _worked(request, pk)
    if found.owner_id not in request.user.partner_ids:
        raise PermissionDenied(_("Seul l’opérateur qui a fait la liste la répartit entre d’autres."))
    dealt = actions.deal_targets(found.targets.all(), campaigns.operators_of(found), by=request.user)
    messages.success(request, ngettext("%(n)s cible répartie.", "%(n)s cibles réparties à parts égales.", dealt) % {"n": dealt})
    return redirect(found)


@requires(Permission.NOTE_ACTIVITY)
def share(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _worked(request, pk)
    if found.owner_id not in request.user.partner_ids:
        raise PermissionDenied(_("Seul l’opérateur qui a fait la liste la partage."))
    same = ("title", "purpose", "since", "until", "visibility")
    initial = {**{name: getattr(found, name) for name in same}, "partners": list(found.partners.all())}
    form = CampaignForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.share_campaign(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("C’est enregistré."))
            return redirect(found)
    return render(
        request, "interactions/campaign_share.html", {"form": form, "thing": found}, status=422 if form.errors else 200
    )
