"""The columns of the lists of the data pages, as files, and the orders they may be read in."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from beffroi.core.exports import Column, Type
from beffroi.provenance.queries.loads import COUNTS, load_figure

SORTS = {
    "started": ("started", "pk"),
    "source": ("snapshot__source__title", "pk"),
    "file": ("snapshot__filename", "pk"),
    "state": ("state", "pk"),
    "read": ("read", "pk"),
    "rejected": ("rejected", "pk"),
}
ANOMALY_SORTS = {
    "check": ("check_name", "title", "pk"),
    "title": ("title", "pk"),
    "found": ("found_at", "pk"),
    "state": ("state", "pk"),
}


def ordered(rows: QuerySet[Any], sort: str, sorts: Mapping[str, tuple[str, ...]]) -> QuerySet[Any]:
    names = sorts.get(sort.removeprefix("-"))
    if names is None:
        return rows
    return rows.order_by(*(f"-{name}" if sort.startswith("-") else name for name in names))


def _count(name: str) -> Column:
    return Column(name, COUNTS[name], Type.INTEGER, value=lambda load: load_figure(load, name).value)


SOURCE_COLUMNS = (
    Column("code", _("code"), Type.CODE, value=lambda row: row.source.code),
    Column("title", _("titre"), value=lambda row: row.source.title),
    Column("publisher", _("éditeur"), value=lambda row: row.source.publisher),
    Column("licence", _("licence"), value=lambda row: row.source.licence),
    Column("last", _("dernier état"), Type.DATE, value=lambda row: row.last),
    Column("months_fresh", _("fraîche pendant (mois)"), Type.INTEGER, value=lambda row: row.source.months_fresh),
    Column("files", _("fichiers"), Type.INTEGER, value=lambda row: row.files.value),
    Column("rows", _("lignes"), Type.INTEGER, value=lambda row: row.rows.value),
)
LOAD_COLUMNS = (
    Column("load", _("chargement"), Type.INTEGER, value=lambda load: load.pk),
    Column("source", _("source"), value=lambda load: load.snapshot.source.title),
    Column("file", _("fichier"), value=lambda load: load.snapshot.filename),
    Column("sha256", _("empreinte"), Type.CODE, value=lambda load: load.snapshot.sha256),
    Column("profile", _("profil"), Type.CODE, value=lambda load: load.profile.code),
    Column("as_of", _("date de valeur"), Type.DATE, value=lambda load: load.snapshot.as_of),
    Column("state", _("état"), value=lambda load: load.get_state_display()),
    Column("started", _("demandé"), Type.MOMENT, value=lambda load: load.started),
    *(_count(name) for name in COUNTS),
    Column("difference", _("écart"), Type.INTEGER, value=lambda load: load.difference if load.state == "applied" else None),
)
ANOMALY_COLUMNS = (
    Column("check", _("contrôle"), Type.CODE, value=lambda row: row.check_name),
    Column("title", _("objet"), value=lambda row: row.title),
    Column("written", _("ce qui est écrit"), value=lambda row: row.written),
    Column("expected", _("ce qui était attendu"), value=lambda row: row.expected),
    Column("difference", _("écart"), value=lambda row: row.difference),
    Column("state", _("état"), value=lambda row: row.get_state_display()),
    Column("found_at", _("trouvée le"), Type.MOMENT, value=lambda row: row.found_at),
    Column("reason", _("raison"), value=lambda row: row.reason),
)
