from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.requests import Request
from beffroi.observatory.forms import LookForm
from beffroi.observatory.queries import profiles
from beffroi.provenance.queries import Moment
from beffroi.reference.models import Item

COLUMNS = (
    Column("activity", "Activité", Type.TEXT, "", lambda row: row.label),
    Column("jobs", "Emplois", Type.NUMBER, "", lambda row: row.jobs.value),
    Column("share", "Part ici", Type.NUMBER, "De 0 à 1.", lambda row: row.share.value),
    Column("region_share", "Part dans la région", Type.NUMBER, "De 0 à 1.", lambda row: row.region_share.value),
    Column("reference_share", "Part dans l’ensemble connu", Type.NUMBER, "De 0 à 1.", lambda row: row.reference_share.value),
    Column("quotient", "Indice de spécificité", Type.NUMBER, "1 : autant que l’ensemble.", lambda row: row.quotient.value),
    Column("specific", "Spécifique", Type.BOOLEAN, "Au moins 500 emplois et un indice d’au moins 1,8."),
    Column("secret", "Secret", Type.TEXT, "Pourquoi la valeur n’est pas montrée."),
)


@open_to_all
def profile(request: Request, pk: int) -> Any:
    place = get_object_or_404(Item.objects.visible_to(request.user).select_related("version__framework"), pk=pk)
    moment = Moment(request.as_of, request.known_on)
    given = request.GET.copy()
    given["level"] = place.level
    form = LookForm(given, viewer=request.user, moment=moment, hidden=("level", "rest"))
    asked = form.asked(with_rest=False)
    found = profiles.profile(place, asked) if asked and asked.level == place.level else None
    if found and (answer := exports.asked(request, found.activities, COLUMNS, f"profil-{place.code}", title=place.label)):
        return answer
    return show(request, place, form, found)


def show(request: Request, place: Item, form: LookForm, found: profiles.Profile | None) -> HttpResponse:
    return render(request, "observatory/profile.html", {"place": place, "form": form, "profile": found})
