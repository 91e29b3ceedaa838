from collections.abc import Iterator

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.exports import Column
from beffroi.core.requests import Request
from beffroi.provenance.queries import Moment
from beffroi.publishing.forms import OverlapFilter
from beffroi.publishing.sheets import overlaps
from beffroi.publishing.sheets.overlaps import PairRow, Study, TieRow

Line = tuple[str, PairRow, TieRow]
COLUMNS = (
    Column("group", _("Groupe"), value=lambda row: row[0]),
    Column("one", _("Structure"), value=lambda row: row[1].one.name),
    Column("other", _("Autre structure"), value=lambda row: row[1].other.name),
    Column("kind", _("Ce qu’elles ont en commun"), value=lambda row: row[2].kind),
    Column("via", _("Par"), value=lambda row: str(row[2].via or "")),
    Column("detail", _("Précision"), value=lambda row: row[2].tie.detail),
    Column(
        "source",
        _("Source"),
        value=lambda row: " ; ".join(f"{one.load.snapshot.source}, {one.place}" for one in row[2].statements),
    ),
)


def _lines(found: Study) -> Iterator[Line]:
    for group, pair in found.pairs:
        yield from ((group, pair, row) for row in pair.rows)


@open_to_all
def page(request: Request) -> HttpResponseBase:
    form = OverlapFilter(request.GET)
    form.full_clean()
    kinds = overlaps.chosen_kinds(form.cleaned_data.get("kind", []))
    found = overlaps.study(kinds, moment=Moment(request.as_of, request.known_on), viewer=request.user)
    if answer := exports.asked(request, _lines(found), COLUMNS, "recouvrements", title=_("Recouvrements entre pôles")):
        return answer
    context = {"form": form, "study": found, "shows_across": bool(request.GET.get("across"))}
    return render(request, "publishing/overlaps.html", context)
