"""The desk of a programme as its page shows it: which rows, and their pictures."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from beffroi.core.figures import Figure
from beffroi.funding.queries.desk import Desk
from beffroi.funding.queries.desk.progress import ItemRow
from beffroi.publishing.charts import Spec, Table, bar_chart, target_chart

MILLION = 1_000_000
SHOWN_DEPTH = 1
NAMED = 60


def shown_rows(desk: Desk, *, everything: bool) -> list[ItemRow]:
    """The axes, and below them what carries an amount or files; all of it when asked."""
    return [row for row in desk.rows if everything or row.depth <= SHOWN_DEPTH or is_said(row)]


def is_said(row: ItemRow) -> bool:
    figures = (row.target, row.programmed, row.paid, *row.certified.values(), row.files)
    return bool(row.printed) or any(figure is not None and figure.is_known for figure in figures)


def with_files(rows: Sequence[ItemRow]) -> list[ItemRow]:
    return [row for row in rows if row.files is not None or row.printed_files or row.operations is not None]


def _millions(figure: Figure) -> float | None:
    return None if figure.value is None else float(figure.value) / MILLION


def _name(row: ItemRow, desk: Desk) -> str:
    return str(row.item or desk.programme)[:NAMED]


def target_picture(desk: Desk) -> tuple[Any, Spec, Table] | None:
    """What is programmed beside what is aimed at, where both are known."""
    rows = [row for row in desk.rows if row.target.value is not None and row.programmed.value is not None]
    if not rows:
        return None
    data = [{"x": _name(row, desk), "y": _millions(row.programmed), "target": _millions(row.target)} for row in rows]
    table = Table([_("Élément"), _("Programmé"), _("Prévu")], [[_name(row, desk), row.programmed, row.target] for row in rows])
    return (
        _("Programmé (barre) et prévu (trait), en millions d’euros"),
        target_chart(data, x="x", y="y", target="target", y_title=_("millions d’euros")),
        table,
    )


def parts_picture(desk: Desk) -> tuple[Any, Spec, Table] | None:
    """What is programmed for each item at the end of the tree."""
    above = {desk.rows[nth].scope for nth in range(len(desk.rows) - 1) if desk.rows[nth + 1].depth > desk.rows[nth].depth}
    rows = [row for row in desk.rows if row.scope not in above and row.programmed.value is not None]
    if len(rows) < 2:
        return None
    data = [{"x": _millions(row.programmed), "y": _name(row, desk)} for row in rows]
    table = Table([_("Élément"), _("Programmé")], [[_name(row, desk), row.programmed] for row in rows])
    return (
        _("Programmé par élément, en millions d’euros"),
        bar_chart(data, x="x", y="y", x_title=_("millions d’euros programmés"), unknown=_("inconnu")),
        table,
    )


def sections(desk: Desk, rows: Sequence[ItemRow], *, has_files: bool) -> list[dict[str, Any]]:
    """The index of the page."""
    found = [
        ("avancement", _("Programmé, prévu et calendrier")),
        ("certification", _("Certifié et payé")),
        ("dossiers", _("Dossiers")) if has_files else None,
        ("enveloppes", _("Enveloppes par fonds et gestionnaire")),
        ("degagement", _("Dégagement d’office")),
        ("regles", _("Règles de cofinancement")),
        ("maquette", _("Maquette financière")),
        ("systemes", _("Autres systèmes")),
    ]
    return [{"id": part[0], "title": part[1]} for part in found if part is not None]
