"""What a correspondence would change in the totals, before it is saved."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from beffroi.accounts.roles import open_to_all
from beffroi.core.requests import Request
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets.money.trial import TrialForm, tried
from beffroi.reference.models import Crosswalk


@open_to_all
def trial(request: Request, pk: int) -> HttpResponseBase:
    found = get_object_or_404(Crosswalk.objects.visible_to(request.user).with_counts(), pk=pk)
    form = TrialForm(request.GET or None, crosswalk=found, viewer=request.user)
    context: dict[str, Any] = {"crosswalk": found, "form": form}
    if form.is_valid():
        said, moment = form.cleaned_data, Moment(request.as_of, request.known_on)
        context |= {"said": said, "changes": tried(found, said, viewer=request.user, moment=moment)}
        context["weight"] = "" if said["weight"] is None else format(Decimal(said["weight"]), "f")
    return render(request, "publishing/trial.html", context)
