from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.requests import Request
from beffroi.observatory.queries import documents
from beffroi.provenance.queries import Moment

COLUMNS = (
    Column("table", _("Tableau"), Type.TEXT, "", lambda row: row[0].title),
    Column("line", _("Ligne"), Type.TEXT, "", lambda row: row[1].label),
    Column("printed", _("Imprimé"), Type.TEXT, _("Les colonnes imprimées, dans l’ordre."), lambda row: printed_words(row[1])),
    Column("computed", _("Recalculé"), Type.NUMBER, "", lambda row: row[1].computed.value),
    Column("gap", _("Écart"), Type.NUMBER, "", lambda row: row[1].gap.value),
    Column("right", _("Concorde"), Type.BOOLEAN, _("Vide : une valeur manque."), lambda row: row[1].is_right),
)


def printed_words(line: documents.Line) -> str:
    return " ; ".join("" if figure.value is None else str(figure.value) for figure in line.printed)


@open_to_all
def printed(request: Request) -> HttpResponseBase:
    looks: dict[str, Any] = {"viewer": request.user, "moment": Moment(request.as_of, request.known_on)}
    tables = documents.printed_tables(**looks)
    lines = [(table, line) for table in tables for line in table.lines]
    if answer := exports.asked(request, lines, COLUMNS, "tableaux-recalcules", title=_("Tableaux recalculés")):
        return answer
    context = {"tables": tables, "groups": documents.key_figures(**looks), "classes": documents.nameless_classes(**looks)}
    return render(request, "observatory/documents.html", context)
