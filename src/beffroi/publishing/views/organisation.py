from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from beffroi.accounts.actions import record_reading
from beffroi.accounts.enums import Reading
from beffroi.accounts.roles import open_to_all
from beffroi.actors.models import Organisation
from beffroi.core.requests import Request
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets import composed, organisation


@open_to_all
def sheet(request: Request, pk: int) -> HttpResponse:
    rows = Organisation.objects.visible_to(request.user).select_related("place", "owner", "partner")
    found = get_object_or_404(rows, pk=pk)
    body = organisation.united(found, request.user)
    moment = Moment(request.as_of, request.known_on)
    sections = composed(organisation.SECTIONS, body, viewer=request.user, moment=moment)
    if organisation.shows_contacts(sections):
        record_reading(Reading.CONTACTS_READ, ("organisation", pk), by=request.user)
    context = {
        "thing": found,
        "kind": found.get_kind_display().capitalize(),
        "lead": found.acronym,
        "trail": [(_("Acteurs"), reverse("actors:directory"))],
        "figures": organisation.key_figures(body, sections),
        "sections": sections,
    }
    return render(request, "publishing/organisation.html", context)
