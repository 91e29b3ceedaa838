from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from beffroi.accounts.roles import SignedInRequest, open_to_all, signed_in
from beffroi.actors.models import ProjectHolder
from beffroi.core.requests import Request
from beffroi.funding.models import Operation
from beffroi.governance.models import Body
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets import body, composed, holder, item, operation
from beffroi.publishing.views.territories import territory_sheet
from beffroi.reference.enums import FrameworkKind, level_label
from beffroi.reference.models import Item


@open_to_all
def item_sheet(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(Item.objects.visible_to(request.user).select_related("version__framework", "parent"), pk=pk)
    framework = found.version.framework
    if framework.kind == FrameworkKind.GEOGRAPHY:
        return territory_sheet(request, found)
    context = {
        "thing": found,
        "kind": f"{level_label(found.level).capitalize()} · {framework}",
        "lead": found.label_en,
        "trail": [(framework, framework.get_absolute_url())],
        "figures": [],
        "sections": composed(item.SECTIONS, found, viewer=request.user, moment=Moment(request.as_of, request.known_on)),
    }
    return render(request, "publishing/sheet.html", context)


@open_to_all
def operation_sheet(request: Request, pk: int) -> HttpResponse:
    rows = Operation.objects.visible_to(request.user).select_related("programme__framework", "item", "place", "application")
    found = get_object_or_404(rows, pk=pk)
    context = {
        "thing": found,
        "kind": _("Opération"),
        "lead": found.programme,
        "trail": [(_("Financements"), reverse("funding:operations"))],
        "figures": [],
        "sections": composed(operation.SECTIONS, found, viewer=request.user, moment=Moment(request.as_of, request.known_on)),
    }
    return render(request, "publishing/sheet.html", context)


@open_to_all
def body_sheet(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(Body.objects.visible_to(request.user).select_related("framework"), pk=pk)
    context = {
        "thing": found,
        "kind": _("Instance"),
        "lead": found.framework or "",
        "trail": [(_("Instances"), reverse("governance:bodies"))],
        "figures": [],
        "sections": composed(body.SECTIONS, found, viewer=request.user, moment=Moment(request.as_of, request.known_on)),
    }
    return render(request, "publishing/sheet.html", context)


@signed_in
def holder_sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = ProjectHolder.objects.visible_to(request.user).select_related("place", "owner", "organisation")
    found = get_object_or_404(rows, pk=pk)
    moment = Moment(request.as_of, request.known_on)
    context = {
        "thing": found,
        "kind": _("Porteur de projet"),
        "lead": found.name,
        "trail": [(_("Acteurs"), reverse("actors:directory")), (_("Porteurs de projet"), reverse("actors:holders"))],
        "figures": [],
        "sections": composed(holder.SECTIONS, holder.Holder(found), viewer=request.user, moment=moment),
    }
    return render(request, "publishing/organisation.html", context)
