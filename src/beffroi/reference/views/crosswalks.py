from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, may, open_to_all, requires
from beffroi.core import exports
from beffroi.core.exports import Column
from beffroi.core.refusals import told_on
from beffroi.core.requests import Request
from beffroi.provenance.queries import moment_of
from beffroi.reference import actions
from beffroi.reference.forms import CorrespondenceForm, CrosswalkFilter
from beffroi.reference.models import Crosswalk, Item
from beffroi.reference.queries import CrosswalkPicture, correspondences_at, crosswalk_picture

COLUMNS = (
    Column("from_code", _("Code de départ"), value=lambda row: row.source.code),
    Column("from", _("De"), value=lambda row: row.source.label),
    Column("to_code", _("Code d’arrivée"), value=lambda row: row.target.code),
    Column("to", _("Vers"), value=lambda row: row.target.label),
    Column("strength", _("Force"), value=lambda row: row.get_strength_display()),
    Column("weight", _("Part"), value=lambda row: row.weight),
    Column("reason", _("Pourquoi"), value=lambda row: row.reason),
)


@open_to_all
def crosswalks(request: Request) -> HttpResponseBase:
    rows = Crosswalk.objects.visible_to(request.user).with_counts()
    return render(request, "reference/crosswalks.html", {"crosswalks": rows})


@open_to_all
def crosswalk(request: Request, pk: int) -> HttpResponseBase:
    found = get_object_or_404(Crosswalk.objects.visible_to(request.user).with_counts(), pk=pk)
    moment = moment_of(request)
    rows = correspondences_at(found, moment, viewer=request.user)
    if answer := exports.asked(request, rows, COLUMNS, f"correspondances-{pk}", title=str(found)):
        return answer
    form = CrosswalkFilter(request.GET)
    form.full_clean()
    picture = crosswalk_picture(
        found, viewer=request.user, moment=moment, words=form.cleaned_data["q"], strength=form.cleaned_data["strength"]
    )
    context = {"crosswalk": found, "form": form, "picture": picture, "matrix": _matrix(found, picture)}
    context["correction"] = correction_form(found, request) if may(request.user, Permission.EDIT_REFERENCE) else None
    return render(request, "reference/crosswalk.html", context)


def _matrix(found: Crosswalk, picture: CrosswalkPicture) -> dict[str, Any]:
    return {
        "caption": _("Correspondances de « %(one)s » vers « %(other)s »")
        % {"one": found.source.framework, "other": found.target.framework},
        "corner": _("De ↓ vers →"),
        "columns": [{"label": item.label, "address": item.get_absolute_url()} for item in picture.columns],
        "rows": [
            {
                "label": item.label,
                "address": item.get_absolute_url(),
                "cells": [_cell(picture.cells.get((item.pk, column.pk)), found) for column in picture.columns],
            }
            for item in picture.rows
        ],
    }


def _cell(edge: Any, found: Crosswalk) -> dict[str, Any] | None:
    if edge is None:
        return None
    share = "" if edge.weight is None else f" {edge.weight * 100:.0f} %"
    address = f"{found.get_absolute_url()}?source={edge.source_id}&target={edge.target_id}#corriger"
    return {"text": f"{edge.get_strength_display()}{share}", "strength": edge.strength, "address": address}


def correction_form(found: Crosswalk, request: Request) -> CorrespondenceForm:
    sources, targets = (Item.objects.visible_to(request.user).filter(version=side) for side in (found.source, found.target))
    if request.method == "POST":
        return CorrespondenceForm(request.POST, sources=sources, targets=targets)
    start = {name: request.GET.get(name) for name in ("source", "target", "strength", "weight")}
    return CorrespondenceForm(initial=start, sources=sources, targets=targets)


@requires(Permission.EDIT_REFERENCE)
def correct(request: SignedInRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(Crosswalk.objects.visible_to(request.user).with_counts(), pk=pk)
    form = correction_form(found, request)
    if request.method == "POST" and form.is_valid():
        said: dict[str, Any] = form.cleaned_data
        weight: Decimal | None = said.pop("weight")
        with told_on(form):
            actions.correct_correspondence(found, weight=weight, by=request.user, **said)
            messages.success(request, _("La correspondance est corrigée ; l’ancienne reste dans l’historique."))
            return redirect(found)
    return render(
        request, "reference/correction.html", {"crosswalk": found, "form": form}, status=200 if request.method == "GET" else 422
    )
