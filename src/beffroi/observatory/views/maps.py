from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from beffroi.accounts.roles import open_to_all
from beffroi.core import charts, exports
from beffroi.core.exports import Column, Type
from beffroi.core.requests import Request
from beffroi.observatory.forms import LookForm
from beffroi.observatory.queries import surveys
from beffroi.observatory.queries.results import Picture
from beffroi.provenance.queries import Moment

COLUMNS = (
    Column("framework", _("Géographie"), Type.CODE, "", lambda row: row.place.version.framework.code),
    Column("vintage", _("Millésime"), Type.CODE, "", lambda row: row.place.version.code),
    Column("code", _("Code"), Type.CODE, "", lambda row: row.place.code),
    Column("label", _("Territoire"), Type.TEXT, "", lambda row: row.place.label),
    Column("period", _("Période"), Type.TEXT),
    Column("value", _("Valeur"), Type.NUMBER, _("Vide : inconnu.")),
    Column("known", _("Valeurs connues"), Type.INTEGER, _("Combien de valeurs font la somme.")),
    Column("parts", _("Valeurs en tout"), Type.INTEGER),
    Column("secret", _("Secret"), Type.TEXT, _("Pourquoi la valeur n’est pas montrée.")),
)
IMAGES = {"svg": "image/svg+xml", "png": "image/png"}


@open_to_all
def indicator_map(request: Request) -> HttpResponseBase:
    form = LookForm(request.GET, viewer=request.user, moment=Moment(request.as_of, request.known_on), hidden=HIDDEN)
    asked = form.asked()
    if asked is None:
        return render(request, "observatory/map.html", {"form": form, "survey": None})
    survey = surveys.survey(asked)
    if answer := exports.asked(request, survey.rows, COLUMNS, "carte", title=survey.title):
        return answer
    if survey.map.picture and (answer := image(request, survey.map.picture)):
        return answer
    context: dict[str, Any] = {"form": form, "survey": survey, "asked": asked, "periods": periods(request, form)}
    return render(request, "observatory/map.html", context)


HIDDEN = ("start", "dimension", "depth")


def image(request: Request, picture: Picture) -> HttpResponse | None:
    """The figure that `?image=` asks for, drawn here."""
    wanted = request.GET.get("image", "")
    if wanted not in IMAGES:
        return None
    french = request.LANGUAGE_CODE == "fr"
    drawn: Any = charts.svg(picture.spec, french=french) if wanted == "svg" else charts.png(picture.spec, french=french)
    answer = HttpResponse(drawn, content_type=IMAGES[wanted])
    answer["Content-Disposition"] = f'attachment; filename="figure.{wanted}"'
    return answer


def periods(request: Request, form: LookForm) -> list[dict[str, Any]]:
    """The slider: each known period is a link."""
    field: Any = form.fields["end"]
    found = []
    for value, label in reversed(field.choices):
        query = request.GET.copy()
        query["end"] = value
        found.append({"label": label, "address": f"?{query.urlencode()}", "current": value == form.data.get("end")})
    return found if len(found) > 1 else []
