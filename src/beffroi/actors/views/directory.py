from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.accounts.roles import open_to_all
from beffroi.actors import queries
from beffroi.actors.forms import DirectoryFilter
from beffroi.actors.models import Organisation
from beffroi.actors.queries.directory import Groups
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.requests import Request
from beffroi.provenance.queries import Moment, moment_of
from beffroi.reference.models import Item

COLUMNS = (
    Column("name", _("Nom"), value=lambda row: row.organisation.name),
    Column("acronym", _("Sigle"), value=lambda row: row.organisation.acronym),
    Column("other_names", _("Autres noms"), value=lambda row: " ; ".join(row.other_names)),
    Column("kind", _("Nature"), value=lambda row: row.organisation.get_kind_display()),
    Column("siren", _("SIREN"), Type.CODE, value=lambda row: row.organisation.siren),
    Column("no_siren", _("Pourquoi sans SIREN"), value=lambda row: row.organisation.get_no_siren_display()),
    Column("place", _("Lieu"), value=lambda row: row.organisation.place.label if row.organisation.place else ""),
    Column(
        "place_code",
        _("Code du lieu"),
        Type.CODE,
        value=lambda row: row.organisation.place.code if row.organisation.place else "",
    ),
    Column(
        "place_vintage",
        _("Millésime du code"),
        value=lambda row: row.organisation.place.version.code if row.organisation.place else "",
    ),
    Column(
        "records",
        _("Fiches réunies"),
        Type.INTEGER,
        _("Les fiches réunies comptent pour un acteur."),
        value=lambda row: row.records,
    ),
    Column("documents", _("Documents"), Type.INTEGER, value=lambda row: row.documents),
    Column("relations", _("Relations"), Type.INTEGER, value=lambda row: row.relations),
)
BATCH, PAGE = 2_000, 50


@open_to_all
def directory(request: Request) -> HttpResponseBase:
    moment, form = moment_of(request), _filter(request)
    groups = queries.same_as_groups(request.user)
    asked = {**form.cleaned_data, "kinds": form.kinds, "sort": request.GET.get("sort")}
    found = queries.directory(asked, groups=groups, moment=moment, viewer=request.user)
    rows = _in_batches(found, groups, moment, request.user)
    if answer := exports.asked(request, rows, COLUMNS, "acteurs", title=_("Acteurs")):
        return answer
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = queries.directory_rows(list(page.object_list), groups=groups, moment=moment, viewer=request.user)
    context = {"form": form, "page": page, "rows": shown, "united": sum(map(len, groups)), "groups": len(groups)}
    return render(request, "actors/directory.html", context)


def _filter(request: Request) -> DirectoryFilter:
    seen = Organisation.objects.visible_to(request.user).order_by()
    form = DirectoryFilter(
        request.GET,
        places=Item.objects.visible_to(request.user).filter(pk__in=seen.values("place")).order_by("sort_key"),
        sources=queries.naming_sources(request.user),
    )
    form.full_clean()
    return form


def _in_batches(found: Any, groups: Groups, moment: Moment, viewer: AnyUser) -> Iterator[queries.DirectoryRow]:
    rows = found.select_related("place__version")
    for start in range(0, rows.count(), BATCH):
        yield from queries.directory_rows(list(rows[start : start + BATCH]), groups=groups, moment=moment, viewer=viewer)
