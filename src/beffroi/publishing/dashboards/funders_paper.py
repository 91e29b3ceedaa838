"""A funder's report, and the consolidation, as documents."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from beffroi.core import formats
from beffroi.funding.queries.agreements import AgreementSheet
from beffroi.publishing.dashboards.funders import Consolidation, FunderReport, Outcome, Sums
from beffroi.publishing.dashboards.paper import block, paper
from beffroi.publishing.reports.parts import Block, Document


def method() -> list[str]:
    return [
        _("Une activité est notée une fois ; chaque rapport vient des mêmes faits."),
        _("Les heures et les euros se partagent selon les parts en vigueur le jour de l’activité : les parts font 100 %."),
        _("Les résultats (visites, entreprises, emplois) sont entiers dans chaque rapport, avec ceux qui les cofinancent ; "
          "la consolidation les compte une fois."),
        _("« 31 sur 34 » : le nombre de faits qui disent leur durée. Une durée qui n’est pas dite n’est pas zéro."),
        _("Ce que l’opérateur garde pour lui seul n’est dans aucun rapport."),
    ]  # fmt: skip


def period_text(work: Any) -> str:
    return _("du %(first)s au %(last)s") % {"first": formats.day_text(work.first), "last": formats.day_text(work.last)}


def _outcomes(rows: Sequence[Outcome]) -> Block:
    told = [[row.label, row.figure, row.with_whom or "–"] for row in rows]
    return block(_("Résultats, entiers"), [_("Résultat"), (_("Nombre"), True), _("Cofinancé avec")], told)


def _sums(sums: Sums) -> list[Any]:
    return [sums.count, sums.hours, sums.part_hours, sums.part_money]


def report_document(found: FunderReport, sheet: AgreementSheet | None, *, at: datetime) -> Document:
    columns = [_("Nature"), (_("Activités"), True), (_("Heures"), True), (_("Heures, part"), True), (_("Euros, part"), True),
               _("Cofinancé avec")]  # fmt: skip
    rows = [[row.label, *_sums(row.sums), row.with_whom or "–"] for row in found.rows]
    rows.append([_("Ensemble"), *_sums(found.total), ""])
    documents = [[line.row.label, line.row.due_on or "–", line.state.label] for line in (sheet.documents if sheet else [])]
    parts = [
        (_("Activité"), [block(_("Par nature"), columns, rows), _outcomes(found.outcomes)]),
        (_("Documents attendus"), [block(_("Documents"), [_("Document"), _("Attendu le"), _("État")], documents)]),
    ]
    if found.excluded:
        told = [[str(row.thing), row.on, why] for row, why in found.excluded]
        parts.append((_("Exclu de ce rapport"), [block(_("Activités"), [_("Activité"), _("Date"), _("Payé par")], told)]))
    title = _("Rapport d’activité : %(agreement)s") % {"agreement": found.agreement}
    lead = f"{found.work.partner}, {period_text(found.work)}"
    return paper(title, _("Rapport à un financeur"), parts, on=found.work.last, at=at, lead=lead, method=method())


def consolidation_document(found: Consolidation, *, at: datetime) -> Document:
    columns = [_("Qui paie"), (_("Activités, entières"), True), (_("Heures, part"), True), (_("Euros, part"), True)]
    rows = [[row.payer, row.sums.count, row.sums.part_hours, row.sums.part_money] for row in found.rows]
    rows.append([_("Ensemble, chaque activité une fois"), found.total.count, found.total.hours, found.total.money])
    parts = [(_("Qui paie quoi"), [block(_("Parts"), columns, rows), _outcomes(found.outcomes)])]
    title = _("Consolidation de l’activité : %(partner)s") % {"partner": found.partner}
    return paper(title, _("Consolidation"), parts, on=found.work.last, at=at, lead=period_text(found.work), method=method())
