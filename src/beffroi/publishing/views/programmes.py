from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import may, open_to_all
from beffroi.core import exports
from beffroi.core.exports import Column, Type, figure_columns
from beffroi.core.requests import Request
from beffroi.funding.models import Programme
from beffroi.funding.queries.desk import desk_of, programmes_at
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets import programme as sheet
from beffroi.reference.enums import RuleKind

PROGRAMMES = (
    Column("code", gettext_lazy("Code"), Type.CODE, value=lambda row: row.framework.code),
    Column("label", gettext_lazy("Programme"), value=lambda row: row.framework.label),
    Column("kind", gettext_lazy("Nature"), value=lambda row: row.framework.get_kind_display()),
)
ROWS = (
    Column("code", gettext_lazy("Code de l’élément"), Type.CODE, value=lambda row: row.item.code if row.item else ""),
    Column("item", gettext_lazy("Élément"), value=lambda row: row.item.label if row.item else _("Ensemble du programme")),
    *figure_columns("target", gettext_lazy("Prévu, en euros"), lambda row: row.target),
    *figure_columns("programmed", gettext_lazy("Programmé, somme des lignes, en euros"), lambda row: row.programmed),
    *figure_columns("rate", gettext_lazy("Taux de programmation"), lambda row: row.rate),
    *figure_columns("union_share", gettext_lazy("Certifié, part de l’Union, en euros"), lambda row: row.union_share),
    *figure_columns("total_cost", gettext_lazy("Certifié, coût total, en euros"), lambda row: row.total_cost),
    *figure_columns("paid", gettext_lazy("Payé, en euros"), lambda row: row.paid),
)


@open_to_all
def programmes(request: Request) -> HttpResponseBase:
    rows = programmes_at(request.user)
    if answer := exports.asked(request, rows, PROGRAMMES, "programmes", title=_("Programmes")):
        return answer
    return render(request, "publishing/programmes.html", {"programmes": rows})


@open_to_all
def desk(request: Request, code: str) -> HttpResponseBase:
    rows = Programme.objects.visible_to(request.user).select_related("framework")
    programme = get_object_or_404(rows, framework__code=code)
    found = desk_of(programme, viewer=request.user, moment=Moment(request.as_of, request.known_on))
    if answer := exports.asked(request, found.rows, ROWS, f"pilotage-{code}", title=str(programme)):
        return answer
    shown = sheet.shown_rows(found, everything=bool(request.GET.get("tout")))
    files = sheet.with_files(shown)
    context = {
        "desk": found,
        "rows": shown,
        "files": files,
        "sections": sheet.sections(found, shown, has_files=bool(files)),
        "pictures": [picture for picture in (sheet.target_picture(found), sheet.parts_picture(found)) if picture],
        "may_write": may(request.user, Permission.KEEP_PROGRAMME),
        "deadlines": programme.framework.rules.visible_to(request.user).filter(kind=RuleKind.DEADLINE).select_related("item"),
    }
    return render(request, "publishing/programme.html", context)
