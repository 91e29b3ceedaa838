from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.core.datasets import Dataset
from beffroi.core.exports import Column, Type
from beffroi.indicators.models import Cell, Indicator, Observation, ObservationSettlement
from beffroi.provenance.datasets import StandingClaim, claim_columns, item_columns, known_claims, seen, with_standing
from beffroi.provenance.queries import Moment


def _indicators(viewer: AnyUser, moment: Moment) -> QuerySet[Indicator]:
    rows = Indicator.objects.visible_to(viewer).filter(seen(viewer, "framework", "item"))
    return rows.select_related("framework", "item").order_by("sort_key", "pk")


def _observations(viewer: AnyUser, moment: Moment) -> QuerySet[Observation]:
    rows = known_claims(Observation.objects, viewer, moment).filter(seen(viewer, "cell", "cell__indicator", "cell__territory"))
    return rows.select_related("cell__indicator__framework", "cell__territory__version__framework", "load__snapshot__source")


def _observation_rows(rows: QuerySet[Observation], viewer: AnyUser, moment: Moment) -> Iterator[StandingClaim]:
    return with_standing(rows, link="cell", settlements=ObservationSettlement.objects, moment=moment)


def _cell(name: str) -> Any:
    return lambda row: getattr(row.claim.cell, name)


def _indicator(name: str) -> Any:
    return lambda row: getattr(row.claim.cell.indicator, name)


INDICATORS = Dataset(
    name="indicators",
    title=_("Indicateurs"),
    description=_("Ce qui est mesuré, dans quelle unité, pour quel cadre, et dans quel sens c’est mieux."),
    columns=(
        Column("document", _("Document"), Type.CODE, _("Code de la source qui le définit."), lambda row: row.namespace),
        Column("code", _("Code"), Type.CODE),
        Column("label", _("Intitulé")),
        Column("definition", _("Définition")),
        Column("unit", _("Unité")),
        Column("kind", _("Nature"), Type.TEXT, "", lambda row: row.get_kind_display()),
        Column("framework", _("Cadre"), Type.CODE, "", lambda row: row.framework.code),
        Column("item_code", _("Élément"), Type.CODE, "", lambda row: row.item.code if row.item else ""),
        Column("direction", _("Sens"), Type.TEXT, "", lambda row: row.get_direction_display()),
        Column("periodicity", _("Périodicité")),
        Column("aggregation", _("Agrégation"), Type.TEXT, "", lambda row: row.get_aggregation_display()),
    ),
    query=_indicators,
)
OBSERVATIONS = Dataset(
    name="observations",
    title=_("Valeurs des indicateurs"),
    description=_(
        "Une ligne par valeur qu’une source donne : constaté, objectif, jalon ou prévision, avec ce qui tient à la date."
    ),
    columns=(
        Column("indicator_document", _("Document de l’indicateur"), Type.CODE, "", _indicator("namespace")),
        Column("indicator", _("Indicateur"), Type.CODE, "", _indicator("code")),
        Column("indicator_label", _("Intitulé"), Type.TEXT, "", _indicator("label")),
        Column("unit", _("Unité"), Type.TEXT, "", lambda row: row.claim.cell.unit or row.claim.cell.indicator.unit),
        *item_columns("territory", _("Territoire"), lambda row: row.claim.cell.territory),
        Column("period", _("Période"), Type.TEXT, _("Comme la source l’écrit."), _cell("written_period")),
        Column("start", _("Début"), Type.DATE, "", _cell("start")),
        Column("end", _("Fin"), Type.DATE, "", _cell("end")),
        Column("breakdown", _("Ventilation"), Type.TEXT, "", _cell("breakdown")),
        Column("status", _("Statut"), Type.TEXT, "", lambda row: row.claim.cell.get_status_display()),
        Column("value", _("Valeur"), Type.NUMBER, _("Vide si inconnue, jamais zéro à la place."), lambda row: row.claim.value),
        Column("low", _("Au moins"), Type.NUMBER, "", lambda row: row.claim.low),
        Column("high", _("Au plus"), Type.NUMBER, "", lambda row: row.claim.high),
        *claim_columns(),
    ),
    query=_observations,
    rows=_observation_rows,
)
CLAIM_COLUMNS = (
    *OBSERVATIONS.columns,
    Column(
        "qualifiers", _("Qualificatifs"), Type.TEXT, _("Comment la valeur est écrite."), lambda row: said(row.claim.qualifiers)
    ),
)


def said(qualifiers: dict[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in qualifiers.items())


def claims_of_cells(cells: QuerySet[Cell], *, viewer: AnyUser, moment: Moment) -> Iterator[StandingClaim]:
    """What each source says of these cells, for a file: with its place, its row and whether it stands."""
    claims = _observations(viewer, moment).filter(cell__in=cells.order_by().values("pk"))
    return _observation_rows(claims, viewer, moment)
