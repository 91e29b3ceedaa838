from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from beffroi.accounts.roles import open_to_all
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets import composed, item, territory
from beffroi.reference.enums import FrameworkKind, level_label
from beffroi.reference.models import Item


@open_to_all
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Item.objects.visible_to(request.user).select_related("version__framework", "parent"), pk=pk)
    framework = found.version.framework
    sections = territory.SECTIONS if framework.kind == FrameworkKind.GEOGRAPHY else item.SECTIONS
    context = {
        "thing": found,
        "kind": f"{level_label(found.level).capitalize()} · {framework}",
        "lead": found.label_en,
        "trail": [(framework, framework.get_absolute_url())],
        "figures": [],
        "sections": composed(sections, found, viewer=request.user, moment=Moment(request.as_of, request.known_on)),
    }
    return render(request, "publishing/sheet.html", context)
