"""The sheet of an indicator: what it measures, its series beside its targets, every value, and where sources disagree."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.core.models import believed_at
from beffroi.indicators.models import Cell, Indicator, Observation, ObservationSettlement
from beffroi.indicators.queries import Aggregate, CellValue, Headline, TargetProgress, headline
from beffroi.indicators.queries.listing import first_target
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets import Query, Section, anomalies_section, sources_section
from beffroi.publishing.sheets.series import pictured

MOST_TOTALS = 4


def key_figures(values: Sequence[CellValue], targets: Sequence[TargetProgress], totals: Sequence[Aggregate]) -> list[Figure]:
    """The last value and its target; when values only exist by parts, the last totals of the known ones."""
    last, target = headline(values), first_target(targets)
    figures = [replace(row.figure, label=_total_label(row)) for row in last_totals(totals)]
    if last is not None and not (last.is_part and figures):
        figures.append(replace(last.value.figure, label=str(_("Dernière valeur")), note=_spoken(last)))
    if target is not None and (not figures or (last is not None and not last.is_part)):
        figures.append(replace(target.target.figure, label=str(_("Objectif")), note=_words(target.target)))
    if target is not None and target.share is not None and target.actual is not None:
        figures.append(replace(target.share, label=str(_("Part faite")), period=target.actual.cell.written_period))
    return figures


def last_totals(totals: Sequence[Aggregate]) -> list[Aggregate]:
    end = max((row.first.cell.end or date.min for row in totals), default=None)
    return [row for row in totals if (row.first.cell.end or date.min) == end][:MOST_TOTALS]


def _total_label(row: Aggregate) -> str:
    words = _("Total par %(axis)s") % {"axis": row.axis}
    return f"{words}, {row.rest.replace(';', ' · ').replace('=', ' : ')}" if row.rest else words


def _spoken(last: Headline) -> str:
    words = _words(last.value)
    return words if not last.is_part else _("%(words)s, une de %(n)s valeurs") % {"words": words, "n": last.others + 1}


def _words(value: CellValue) -> str:
    return value.cell.breakdown.replace(";", " · ").replace("=", " : ")


def rivals(values: Sequence[CellValue], viewer: AnyUser) -> list[dict[str, Any]]:
    """The values that sources contradict, the lowest and the highest face to face, each with who says it and where."""
    disputed = [value for value in values if value.figure.rivals]
    ids = {claim.id for value in disputed for claim in value.standing.rivals}
    claims = {
        row.pk: row
        for row in Observation.objects.visible_to(viewer).filter(pk__in=ids).select_related("load__snapshot__source", "by")
    }
    return [_faced(value, claims) for value in disputed]


def _faced(value: CellValue, claims: dict[int, Observation]) -> dict[str, Any]:
    ends = sorted(value.standing.rivals, key=lambda claim: (claim.bounds[0] or claim.bounds[1] or Decimal(0), claim.id))
    low, high = ends[0], ends[-1]
    figures = [replace(value.figure, value=claim.value, low=claim.low, high=claim.high, rivals=0) for claim in (low, high)]
    gap = high.value - low.value if high.value is not None and low.value is not None else None
    return {
        "value": value,
        "one": figures[0],
        "other": figures[1],
        "one_source": _said_by(claims.get(low.id)),
        "other_source": _said_by(claims.get(high.id)),
        "difference": Figure(value=gap, unit=value.figure.unit),
    }


def _said_by(claim: Observation | None) -> str:
    if claim is None:
        return ""
    if claim.load is None:
        return str(claim.by)
    row = _("ligne %(row)s") % {"row": claim.row}
    return ", ".join(str(part) for part in (claim.load.snapshot.source, claim.place, row) if part)


def settlements(indicator: Indicator, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    """Which claim a person or a rule kept, and why, as it was known."""
    cells, claims = Cell.objects.of(indicator).visible_to(viewer), Observation.objects.visible_to(viewer)
    rows = ObservationSettlement.objects.filter(believed_at(moment.known_on), cell__in=cells, claim__in=claims)
    found = rows.select_related("cell__territory", "claim", "by").order_by("-recorded_from", "pk")
    return counted("settlements", list(found))


def counted(name: str, rows: Sequence[Any]) -> dict[str, Any] | None:
    return {name: rows, "count": len(rows)} if rows else None


def _by_breakdown(value: CellValue) -> tuple[Any, ...]:
    cell = value.cell
    return cell.breakdown, cell.territory_id or 0, cell.end or date.min, cell.status, cell.pk


def sections(
    values: Sequence[CellValue], targets: Sequence[TargetProgress], totals: Sequence[Aggregate], *, chosen: str
) -> tuple[Section, ...]:
    """The values are read once: each section takes from them what it shows."""

    def shown(name: str, title: Any, template: str, rows: Sequence[Any]) -> Section:
        return Section(name, title, template, lambda of, viewer, moment: counted(name, rows))

    every = sorted(values, key=_by_breakdown)
    return (
        Section("definition", _("Ce qu’il mesure"), "indicators/_definition_section.html", lambda of, *_: {"indicator": of}),
        Section("series", _("Série"), "indicators/_series_section.html", lambda of, *_: pictured(values, targets, chosen)),
        shown("targets", _("Objectifs et ce qui en est fait"), "indicators/_targets_section.html", targets),
        shown("aggregates", _("Totaux des parties connues"), "indicators/_aggregates_section.html", totals),
        Section("rivals", _("Sources en désaccord"), "indicators/_rivals_section.html", rivals_section(values)),
        Section("settlements", _("Ce qui a été réglé"), "indicators/_settlements_section.html", settlements),
        shown("rows", _("Toutes les valeurs"), "indicators/_all_values_section.html", every),
        anomalies_section("indicator"),
        sources_section("indicator"),
    )


def rivals_section(values: Sequence[CellValue]) -> Query:
    return lambda of, viewer, moment: counted("rivals", rivals(values, viewer))
