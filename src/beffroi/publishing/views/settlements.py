from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import requires
from beffroi.core.requests import Request
from beffroi.provenance import actions
from beffroi.provenance.queries import Moment
from beffroi.publishing.forms import SettleClaimsForm
from beffroi.publishing.why import CLAIM_KINDS, ClaimKind, evidence


def _kind(name: str) -> ClaimKind:
    if name not in CLAIM_KINDS:
        raise Http404
    return CLAIM_KINDS[name]


def _claims(request: Request, kind: ClaimKind, pk: int) -> Any:
    """The claims that this reader sees about a subject that this reader sees."""
    subject = get_object_or_404(kind.subject.objects.visible_to(request.user), pk=pk)
    claims = kind.claims.objects.filter(**{kind.link: subject}).visible_to(request.user).current()
    return claims.select_related("load__snapshot__source", "by").order_by("-stated_on", "pk")


@requires(Permission.SETTLE)
def settle(request: Request, kind: str, pk: int) -> HttpResponse:
    chosen = _kind(kind)
    claims = _claims(request, chosen, pk)
    form = SettleClaimsForm(request.POST or None, claims=claims)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        table = {"settlements": chosen.settlements, "link": chosen.link}
        actions.settle_claims(answers["claim"], reason=answers["reason"], by=request.user, at=timezone.now(), **table)
        messages.success(request, _("C’est réglé : cette valeur tient, et chacun en voit la raison."))
        return redirect("publishing:why", f"{kind}:{pk}")
    found = evidence(f"{kind}:{pk}", viewer=request.user, moment=Moment(request.as_of, request.known_on))
    context = {"form": form, "claims": claims, "evidence": found, "kind": kind, "pk": pk}
    return render(request, "publishing/settle.html", context, status=422 if form.errors else 200)


@requires(Permission.SETTLE)
@require_POST
def unsettle(request: Request, kind: str, pk: int) -> HttpResponse:
    chosen = _kind(kind)
    get_object_or_404(chosen.subject.objects.visible_to(request.user), pk=pk)
    actions.unsettle_claims(pk, settlements=chosen.settlements, link=chosen.link, by=request.user, at=timezone.now())
    messages.success(request, _("Le règlement est annulé : les valeurs se font de nouveau face."))
    return redirect("publishing:why", f"{kind}:{pk}")
