"""Needs: the board, the list, the sheet, and the forms by which they are opened, sent, answered and closed."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.models import Partner
from beffroi.accounts.roles import SignedInRequest, may, requires, signed_in
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.refusals import told_on
from beffroi.interactions import actions
from beffroi.interactions.enums import NeedSide, ReferralState
from beffroi.interactions.forms.needs import AnswerForm, CloseNeedForm, NeedFilter, NeedForm, SendForm
from beffroi.interactions.models import Need, Referral, Service
from beffroi.interactions.queries import needs as queries
from beffroi.interactions.queries import subjects
from beffroi.interactions.queries.proposals import proposals
from beffroi.interactions.rules.needs import OPEN
from beffroi.interactions.views.acting import form_page, own
from beffroi.interactions.views.own import own_partner

COLUMNS = (
    Column("subject", _("Sujet"), value=lambda row: row[0].subject_item.label),
    Column("company", _("Entreprise ou projet"), value=lambda row: str(row[0].subject)),
    Column("text", _("Besoin"), value=lambda row: row[0].text),
    Column("place", _("Lieu"), value=lambda row: row[0].place.label if row[0].place else ""),
    Column("opened_on", _("Exprimé le"), Type.DATE, "", lambda row: row[0].opened_on),
    Column("owner", _("Émetteur"), value=lambda row: str(row[0].owner)),
    Column("partner", _("Opérateur"), value=lambda row: str(row[1].partner) if row[1] else ""),
    Column("state", _("État"), value=lambda row: row[1].get_state_display() if row[1] else ""),
    Column("sent_on", _("Transmis le"), Type.DATE, "", lambda row: row[1].sent_on if row[1] else None),
    Column("due_on", _("Réponse attendue le"), Type.DATE, "", lambda row: row[1].due_on if row[1] else None),
    Column("answered_on", _("Répondu le"), Type.DATE, "", lambda row: row[1].answered_on if row[1] else None),
    Column("reason", _("Motif du refus"), value=lambda row: row[1].get_reason_display() if row[1] else ""),
    Column("result", _("Résultat"), value=lambda row: row[1].get_result_display() if row[1] else ""),
    Column("closed_on", _("Besoin clos le"), Type.DATE, "", lambda row: row[0].closed_on),
)
CRUMBS = ((_("Besoins"), "interactions:needs"),)
TITLES = {
    ReferralState.TAKEN_UP: (_("Prendre en charge un besoin"), _("Prendre en charge")),
    ReferralState.REFUSED: (_("Refuser un besoin"), _("Refuser")),
    ReferralState.CLOSED: (_("Dire ce qui a été fait d’un besoin"), _("Clore")),
    ReferralState.WITHDRAWN: (_("Retirer un envoi"), _("Retirer l’envoi")),
}
MOVES: dict[str, Any] = {
    ReferralState.TAKEN_UP: actions.take_up,
    ReferralState.REFUSED: actions.refuse,
    ReferralState.CLOSED: actions.close_referral,
    ReferralState.WITHDRAWN: actions.withdraw_referral,
}


@signed_in
def needs(request: SignedInRequest) -> HttpResponseBase:
    """What the reader's institutions sent or received, by state, or the list."""
    form = NeedFilter(request.GET)
    form.full_clean()
    side = form.cleaned_data.get("side") or NeedSide.SENT
    is_list = request.GET.get("view") == "list"
    rows = queries.needs_asked(form.cleaned_data, viewer=request.user, on=timezone.localdate())
    if answer := exports.asked(request, queries.flat(rows), COLUMNS, "besoins", title=_("Besoins")):
        return answer
    context: dict[str, Any] = {"form": form, "side": side, "is_list": is_list, "on": timezone.localdate()}
    context |= _listed(request, rows) if is_list else _board(request, side)
    context["tabs"] = _tabs(request, side)
    context["may_note"] = may(request.user, Permission.NOTE_ACTIVITY)
    return render(request, "interactions/needs.html", context)


def _tabs(request: SignedInRequest, side: str) -> list[dict[str, Any]]:
    view = "&view=list" if request.GET.get("view") == "list" else ""
    return [{"label": one.label, "address": f"?side={one.value}{view}", "current": one.value == side} for one in NeedSide]


def _listed(request: SignedInRequest, rows: Any) -> dict[str, Any]:
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return {"page": page, "count": page.paginator.count}


def _board(request: SignedInRequest, side: str) -> dict[str, Any]:
    columns = queries.board(side, viewer=request.user, on=timezone.localdate())
    return {"columns": columns, "count": sum(column.count for column in columns)}


@signed_in
def need(request: SignedInRequest, pk: int) -> HttpResponse:
    found = queries.seen_need(pk, request.user)
    if found is None:
        raise Http404
    keeps, tells = queries.keeps(found, request.user), found.tells(request.user)
    referrals = queries.seen_referrals(found, request.user) if tells else []
    cards = [queries.card(row, viewer=request.user, on=timezone.localdate()) for row in referrals]
    is_held = any(row.state in OPEN for row in referrals)
    context = {
        "thing": found,
        "tells": tells,
        "keeps": keeps,
        "cards": [(card, queries.tells_why(card.referral, found, request.user)) for card in cards if card.referral],
        "events": queries.life(found, referrals, request.user) if tells else [],
        "is_held": is_held,
        "may_close": keeps and not found.closed_on and not is_held,
        "own_partners": request.user.partner_ids,
    }
    return render(request, "interactions/need.html", context)


@requires(Permission.NOTE_ACTIVITY)
def open_need(request: SignedInRequest) -> HttpResponse:
    owner = own_partner(request.user)
    form = NeedForm(request.POST or None, viewer=request.user, initial=_known(request))
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            made = actions.open_need(owner=owner, by=request.user, at=timezone.now(), **form.said)
            messages.success(request, _("Le besoin est noté. Choisissez qui peut y répondre."))
            return redirect("interactions:send_need", made.pk)
    lead = _(
        "Une entreprise ou un porteur de projet, un sujet, une phrase ; les opérateurs qui peuvent répondre viennent ensuite."
    )
    return form_page(request, form, title=_("Noter un besoin"), verb=_("Enregistrer"), crumbs=CRUMBS, lead=lead)


def _known(request: SignedInRequest) -> dict[str, Any]:
    """What the page one comes from already says."""
    return {"opened_on": timezone.localdate(), "about": subjects.of_key(request.GET.get("about", ""), viewer=request.user)}


def _kept(request: SignedInRequest, pk: int) -> Need:
    found: Need = own(request, get_object_or_404(Need.objects.visible_to(request.user).select_related(*queries.RELATED), pk=pk))
    return found


@requires(Permission.NOTE_ACTIVITY)
def send_need(request: SignedInRequest, pk: int) -> HttpResponse:
    """The operators proposed, why, and how they answer; the company's consent is asked."""
    found = _kept(request, pk)
    on = timezone.localdate()
    rows = proposals(found, viewer=request.user, on=on)
    free = [row.service.pk for row in rows if not row.is_there]
    held = found.referrals.filter(state__in=OPEN).values("partner")
    choices: dict[str, Any] = {"services": Service.objects.filter(pk__in=free).select_related("owner").order_by("pk")}
    choices["others"] = Partner.objects.exclude(pk__in=held)
    form = SendForm(request.POST or None, **choices, initial={"on": on})
    if request.method == "POST" and form.is_valid() and _sent(request, found, form):
        return redirect(found)
    ticked = set(request.POST.getlist("services"))
    context = {"thing": found, "form": form, "rows": rows, "ticked": ticked}
    return render(request, "interactions/send_need.html", context, status=422 if form.errors else 200)


def _sent(request: SignedInRequest, found: Need, form: SendForm) -> bool:
    said = form.cleaned_data
    to = form.chosen(said)
    with told_on(form):
        actions.send_need(found, to=to, on=said["on"], consented_on=said["consented_on"], by=request.user)
        told = _("Le besoin est transmis à : %(names)s. Leurs équipes reçoivent un courriel.")
        messages.success(request, told % {"names": ", ".join(str(partner) for partner in to)})
        return True
    return False


@requires(Permission.NOTE_ACTIVITY)
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """`to`: the state that one asks for, of those that one may give it."""
    referral = _in_hand(request, pk)
    to = request.GET.get("to", "")
    if to not in MOVES:
        raise Http404
    form = AnswerForm(request.POST or None, to=to, initial={"on": timezone.localdate(), "comment": referral.comment})
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            MOVES[to](referral, by=request.user, **form.cleaned_data)
            messages.success(request, _("C’est noté ; l’autre institution en est prévenue par courriel."))
            return redirect(referral.need)
    title, verb = TITLES[ReferralState(to)]
    return form_page(request, form, title=title, verb=verb, thing=referral.need, crumbs=CRUMBS)


def _in_hand(request: SignedInRequest, pk: int) -> Referral:
    """Each side has its own moves; a move that is not one's own is refused, and said."""
    rows = Referral.objects.visible_to(request.user).select_related("need__subject_item", "need__organisation", "need__holder")
    found: Referral = get_object_or_404(rows, pk=pk)
    is_withdrawal = request.GET.get("to") == ReferralState.WITHDRAWN
    if not (queries.keeps(found.need, request.user) if is_withdrawal else queries.receives(found, request.user)):
        raise PermissionDenied(_("L’opérateur qui a reçu ce besoin y répond ; celui qui l’a transmis le retire."))
    return found


@requires(Permission.NOTE_ACTIVITY)
def close_need(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _kept(request, pk)
    last = found.referrals.exclude(result="").order_by("-closed_on", "-pk").values_list("result", flat=True).first()
    form = CloseNeedForm(request.POST or None, initial={"on": timezone.localdate(), "result": last or ""})
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.close_need(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Le besoin est clos ; il reste dans l’histoire de l’entreprise."))
            return redirect(found)
    return form_page(request, form, title=_("Clore un besoin"), verb=_("Clore"), thing=found, crumbs=CRUMBS)
