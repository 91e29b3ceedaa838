from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from beffroi.accounts.roles import open_to_all
from beffroi.actors.models import Organisation, Relation
from beffroi.core.requests import Request
from beffroi.funding.models import Agreement, Application, Call, Operation, OperationPartner, Step
from beffroi.governance.models import Body, Mandate, Meeting
from beffroi.indicators.models import Indicator
from beffroi.reference.models import Correspondence, Framework, Item, NamedSystem, Rule

# Where each kind of thing that a source states is shown, and which neighbour shows those that have no page of their own
PAGES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "framework": (Framework, ()),
    "item": (Item, ()),
    "organisation": (Organisation, ()),
    "system": (NamedSystem, ()),
    "indicator": (Indicator, ()),
    "operation": (Operation, ()),
    "agreement": (Agreement, ()),
    "body": (Body, ()),
    "correspondence": (Correspondence, ("crosswalk",)),
    "rule": (Rule, ("framework",)),
    "relation": (Relation, ("subject",)),
    "mandate": (Mandate, ("body",)),
    "meeting": (Meeting, ("body", "about_item", "about_framework", "about_organisation", "organiser")),
    "operation_partner": (OperationPartner, ("operation",)),
    "call": (Call, ()),
    "application": (Application, ()),
    "step": (Step, ("application",)),
}


@open_to_all
def subject(request: Request, kind: str, pk: int) -> HttpResponse:
    """The page of a thing of which one only has the kind and the number: an anomaly, a statement."""
    if kind not in PAGES:
        raise Http404
    model, neighbours = PAGES[kind]
    rows = model.objects.visible_to(request.user) if hasattr(model.objects, "visible_to") else model.objects.all()
    thing = get_object_or_404(rows, pk=pk)
    shown = next((found for name in neighbours if (found := getattr(thing, name)) is not None), None) if neighbours else thing
    if shown is None:
        raise Http404
    query = request.GET.urlencode()
    return redirect(shown.get_absolute_url() + (f"?{query}" if query else ""))
