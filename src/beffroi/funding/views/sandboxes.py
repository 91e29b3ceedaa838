"""Trying moves in the financing plan, and proposing them as an amendment."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, own_partner, requires
from beffroi.core.formats import euros_text
from beffroi.core.refusals import told_on, told_to
from beffroi.funding import actions
from beffroi.funding.forms.desk import MoveForm, ProposeForm, RevisionForm, SandboxForm, written_key
from beffroi.funding.models import CENTS, Move, PlanVersion, Sandbox
from beffroi.funding.queries.desk import SandboxPage, sandbox_page
from beffroi.funding.rules.plans import Shift
from beffroi.provenance.queries import moment_of


def _box(request: SignedInRequest, pk: int) -> Sandbox:
    rows = Sandbox.objects.visible_to(request.user).select_related("base__plan__programme__framework", "by", "proposal")
    found: Sandbox = get_object_or_404(rows, pk=pk)
    return found


@requires(Permission.KEEP_PROGRAMME)
@require_POST
def open_sandbox(request: SignedInRequest, pk: int) -> HttpResponse:
    version = get_object_or_404(PlanVersion.objects.visible_to(request.user), pk=pk)
    form = SandboxForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Dites en quelques mots ce que vous voulez essayer."))
        return redirect(version)
    box = actions.open_sandbox(version, owner=own_partner(request), by=request.user, **form.cleaned_data)
    return redirect(box)


@requires(Permission.KEEP_PROGRAMME)
def sandbox(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page of a sandbox; its form tries a move."""
    box = _box(request, pk)
    page = sandbox_page(box, viewer=request.user, moment=moment_of(request))
    form = _move_form(page, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        source, target = form.keys
        shift = Shift(source, target, form.cleaned_data["cents"] / CENTS)
        with told_on(form):
            said = {"reason": form.cleaned_data["reason"], "revision": form.cleaned_data["revision"]}
            actions.make_move(box, shift, by=request.user, **said)
            return redirect(box)
        box.refresh_from_db()
        form = _reread(form, box)
    return _shown(request, box, page, form)


def _reread(form: MoveForm, box: Sandbox) -> MoveForm:
    """What was typed stays; the next try acts on what the page now shows."""
    form.data = {**dict(form.data.items()), "revision": str(box.revision)}
    return form


def _shown(request: SignedInRequest, box: Sandbox, page: SandboxPage, form: MoveForm) -> HttpResponse:
    fresh = sandbox_page(box, viewer=request.user, moment=moment_of(request)) if form.errors else page
    context: dict[str, Any] = {
        "box": box,
        "programme": box.base.plan.programme,
        "page": fresh,
        "form": form,
        "propose": ProposeForm(initial={"revision": box.revision, "label": box.label}, prefix="propose"),
    }
    return render(request, "funding/sandbox.html", context, status=422 if form.errors else 200)


def _move_form(page: SandboxPage, data: Any) -> MoveForm:
    reading = page.after
    sources = [
        (written_key(key), f"{reading.label(key)} : {euros_text(amount, exact=True)}")
        for key, amount in sorted(reading.cells.items(), key=lambda row: (reading.tree.places.get(row[0].item, 0), row[0]))
        if amount
    ]
    items = [(str(pk), f"{item.code} · {item.label}"[:120]) for pk, item in reading.tree.items.items()]
    places = [(f"{place[0]}|{place[1]}", reading.place_label(place)) for place in reading.places]
    return MoveForm(data, sources=sources, items=items, places=places, initial={"revision": page.box.revision})


@requires(Permission.KEEP_PROGRAMME)
@require_POST
def undo_move(request: SignedInRequest, pk: int) -> HttpResponse:
    seen = Sandbox.objects.visible_to(request.user)
    move = get_object_or_404(Move.objects.filter(sandbox__in=seen).select_related("sandbox__base"), pk=pk)
    return _acted(request, move.sandbox, lambda revision: actions.undo_move(move, revision=revision, by=request.user))


@requires(Permission.KEEP_PROGRAMME)
@require_POST
def close_sandbox(request: SignedInRequest, pk: int) -> HttpResponse:
    box = _box(request, pk)
    return _acted(request, box, lambda revision: actions.close_sandbox(box, revision=revision, by=request.user))


def _acted(request: SignedInRequest, box: Sandbox, act: Any) -> HttpResponse:
    form = RevisionForm(request.POST)
    with told_to(request):
        act(form.cleaned_data["revision"] if form.is_valid() else 0)
    return redirect(box)


@requires(Permission.KEEP_PROGRAMME)
@require_POST
def propose(request: SignedInRequest, pk: int) -> HttpResponse:
    box, form = _box(request, pk), ProposeForm(request.POST, prefix="propose")
    if not form.is_valid():
        messages.error(
            request, _("Un avenant a un intitulé et une justification : rien n’est proposé, vos mouvements sont gardés.")
        )
        return redirect(box)
    with told_to(request):
        version = actions.propose_amendment(box, by=request.user, **form.cleaned_data)
        messages.success(request, _("L’avenant est proposé : vos partenaires le lisent, une décision le mettra en vigueur."))
        return redirect(version)
    return redirect(box)
