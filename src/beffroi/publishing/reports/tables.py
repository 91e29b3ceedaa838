"""The tables of a section: what was aimed at and done, amounts by stage, what the sources state."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from beffroi.core import formats
from beffroi.core.figures import Figure
from beffroi.funding.enums import ExpenditureBase, ExpenditureState, Stage
from beffroi.indicators.enums import Progress, Status
from beffroi.publishing.reports.figures import figure
from beffroi.publishing.reports.first_page import SENSES, later, stages_said
from beffroi.publishing.reports.parts import FIRST, SHEETS, Block, Cell, Column, Linked, Section, Text
from beffroi.publishing.reports.stated import KINDS

Entry = dict[str, Any]
ARROWS = {"up": "↗", "down": "↘", "same": "→"}


def section_of(section: Entry, content: Entry, *, brief: bool) -> Section:
    blocks = [_progress_block(section), _sums_block(section), _totals_block(section)]
    if brief:
        blocks.append(_stages_block(section))
    else:
        rest = KINDS.keys() - FIRST
        blocks += [*_amount_blocks(section), *_stated_blocks(section, FIRST), _values_block(section)]
        blocks += _stated_blocks(section, rest)
    counts = content["reconciliation"]["sections"][section["code"]]
    texts = [
        Text(row["owner"], row["by"], datetime.fromisoformat(row["at"]), row["text"], row["code"]) for row in section["texts"]
    ]
    found = [block for block in blocks if block is not None and block.rows]
    return Section(section["code"], section["title"], section["heading"], found, texts, sum(counts.values()))


def source_text(rows: Iterable[Entry]) -> str:
    """Where each row stands: its place in the document, written once, and its line in the file."""
    places: dict[str, list[str]] = {}
    for row in rows:
        places.setdefault(row.get("place", ""), []).append(str(row.get("row", "")))
    told = ((f"« {place} » " if place else "") + f"l.{formats.NO_BREAK}{', '.join(lines)}" for place, lines in places.items())
    return " ; ".join(told)


def alone(row: Entry, label: str) -> Figure:
    """A value whose period has its own column."""
    return replace(figure(row["figure"], label=label), period="")


def _named(row: Entry) -> Cell:
    words = " · ".join(filter(None, [row["label"], row["breakdown"]]))
    return Linked(words, "indicator", row["indicator"])


def _progress_block(section: Entry) -> Block:
    cells = {entry["cell"]: entry for entry in section["values"]}
    rows = [_progress_row(row, cells) for row in section["progress"]] + list(_money_rows(section))
    columns = [
        Column(_("Objectif")), Column(_("Visé"), True), Column(_("Fait"), True), Column(_("Part"), True), Column(_("État")),
        Column(_("Évolution")), Column(_("Source")),
    ]  # fmt: skip
    return Block("progress", _("Objectifs et résultats"), columns, rows, "indicators")


def _progress_row(row: Entry, cells: Mapping[int, Entry]) -> list[Cell]:
    target, sense = cells[row["target"]], SENSES[row["progress"]]
    actual = cells[row["actual"]] if "actual" in row else None
    done = figure(actual["figure"], label=row["label"], sense=sense) if actual else Figure(sense=sense, label=row["label"])
    state = [str(Progress(row["progress"]).label)]
    if actual is not None:
        state += [later(row | {"actual": actual["figure"], "target": target["figure"]}), row.get("pairing", "")]
    return [
        _named(row),
        figure(target["figure"], label=row["label"]),
        done,
        _share(row, why=f"progress:{row['target']}"),
        " ; ".join(filter(None, state)),
        _trend(row, cells),
        source_text([*target["rows"], *(actual["rows"] if actual else [])]),
    ]


def _share(row: Entry, *, why: str = "") -> Cell:
    return Figure(value=Decimal(row["share"]), unit="ratio", why=why) if "share" in row else "–"


def _trend(row: Entry, cells: Mapping[int, Entry]) -> str:
    if "trend" not in row:
        return "–"
    before = cells[row["trend"]["previous"]]
    said = formats.figure_text(figure(before["figure"]))
    return f"{ARROWS[row['trend']['sense']]} {_('après')} {said} ({formats.period_text(before['period'])})"


def _money_rows(section: Entry) -> Iterable[list[Cell]]:
    amounts = {entry["key"]: entry for entry in section["amounts"]}
    for row in section["money_progress"]:
        target, actual, sense = amounts[row["target"]], amounts[row["actual"]], SENSES[row["progress"]]
        label = target["item"] or target["programme"]
        words = stages_said({"stages": [target["stage"], actual["stage"]]})
        yield [
            f"{label} · {_('montant')}",
            figure(target["figure"], label=label),
            figure(actual["figure"], label=label, sense=sense),
            _share(row),
            f"{Progress(row['progress']).label} ; {words}",
            "–",
            source_text([*target["rows"], *actual["rows"]]),
        ]


def _amount_title(role: str, stage: str) -> str:
    if role == "line":
        return _("Lignes des financeurs, stade « %(stage)s »") % {"stage": Stage(stage).label}
    if role == "expenditure":
        return _("Dépenses, état « %(state)s »") % {"state": ExpenditureState(stage).label}
    return _("Totaux et coûts imprimés, stade « %(stage)s »") % {"stage": Stage(stage).label}


def _amount_blocks(section: Entry) -> list[Block]:
    """One table for each stage: amounts of two stages are never side by side in a column that one could add."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for row in section["amounts"]:
        groups.setdefault((row["role"], row["stage"]), []).append(row)
    columns = [
        Column(_("Pour quoi"), weight=1.6), Column(_("Financeur")), Column(_("Bénéficiaire")), Column(_("Période"), weight=0.6),
        Column(_("Précision")),
        Column(_("Montant"), True, is_exact=True), Column(_("Source")),
    ]  # fmt: skip
    return [
        Block(f"amounts-{role}-{stage}", _amount_title(role, stage), columns, [_amount_row(row) for row in rows], "amounts")
        for (role, stage), rows in groups.items()
    ]


def _stages_block(section: Entry) -> Block:
    """At the front, how many amounts at each stage: no sum, the section's page has them one by one."""
    counts = Counter((row["role"], row["stage"]) for row in section["amounts"])
    rows: list[list[Cell]] = [[_amount_title(role, stage), Figure(value=count)] for (role, stage), count in counts.items()]
    return Block("stages", _("Montants connus, par stade"), [Column(_("Montants")), Column(_("Nombre"), True)], rows, "amounts")


def _amount_row(row: Entry) -> list[Cell]:
    what = row["item"] if row["item"] and row["item"] != "Programme (racine)" else row["programme"]
    base = str(ExpenditureBase(row["base"]).label) if row["base"] else ""
    words = " · ".join(filter(None, [row["label"], base, row["detail"]]))
    amount = alone(row, what)
    return [
        what, row["funder"] or "–", row["receiver"] or "–", formats.period_text(row["period"]), words, amount,
        source_text(row["rows"]),
    ]  # fmt: skip


def _sums_block(section: Entry) -> Block:
    cells = {entry["cell"]: entry for entry in section["values"]}
    columns = [
        Column(_("Total recalculé")), Column(_("Parties"), True), Column(_("Somme"), True), Column(_("Dit ailleurs"), True),
        Column(_("Accord")), Column(_("Source")),
    ]  # fmt: skip
    return Block("sums", _("Sommes vérifiées"), columns, [_sum_row(row, cells) for row in section["sums"]], "indicators")


def _sum_row(row: Entry, cells: Mapping[int, Entry]) -> list[Cell]:
    stated = cells[row["stated"]] if "stated" in row else None
    agrees = _("confirmé par un autre endroit du document") if row.get("agrees") else _("ne concorde pas")
    label = " · ".join(filter(None, [row["label"], row["breakdown"].replace("=", " : ")]))
    return [
        label,
        Figure(value=row["parts"]),
        figure(row["figure"], label=label),
        figure(stated["figure"], label=label) if stated else "–",
        agrees if stated else _("dit nulle part ailleurs"),
        source_text([line for cell in (*row["cells"], *([row["stated"]] if stated else [])) for line in cells[cell]["rows"]]),
    ]


def _totals_block(section: Entry) -> Block:
    amounts = {entry["key"]: entry for entry in section["amounts"]}
    columns = [
        Column(_("Pour quoi")),
        Column(_("Stade")),
        Column(_("Période")),
        Column(_("Lignes"), True),
        Column(_("Ensemble"), True, is_exact=True),
    ]
    rows = []
    for row in section["totals"]:
        first = amounts[row["lines"][0]]
        label = first["item"] or first["programme"]
        count = Figure(value=len(row["lines"]))
        period = formats.period_text(first["period"])
        total = figure(row["figure"], label=label)
        rows.append([label, str(Stage(row["stage"]).label), period, count, total])
    lead = _("Des financeurs différents, pour la même chose, au même stade : les seuls montants qui s’additionnent.")
    return Block("totals", _("Ce que plusieurs financeurs apportent ensemble"), columns, rows, "amounts", lead)


def _values_block(section: Entry) -> Block:
    columns = [
        Column(_("Indicateur"), weight=3), Column(_("Territoire")), Column(_("Période")), Column(_("Statut"), weight=0.7),
        Column(_("Valeur"), True),
        Column(_("Source")),
    ]  # fmt: skip
    rows = [
        [
            _named(row), row["territory"] or "–", formats.period_text(row["period"]) or "–", str(Status(row["status"]).label),
            alone(row, row["label"]), source_text(row["rows"]),
        ]
        for row in section["values"]
    ]  # fmt: skip
    return Block("values", _("Toutes les valeurs"), columns, rows, "indicators")


def _stated_blocks(section: Entry, kinds: Iterable[str]) -> list[Block]:
    asked = set(kinds)
    return [
        Block(
            kind,
            str(title),
            [*(_stated_column(kind, place, str(name)) for place, name in enumerate(columns)), Column(_("Source"))],
            _stated_rows(section, kind),
            _tab(kind),
        )
        for kind, (title, columns) in KINDS.items()
        if kind in asked and kind in section["stated"]
    ]


# The columns that carry a sentence rather than a word.
WIDE = {"meetings": 4, "bodies": 1, "relations": 4, "systems": 2, "operations": 3}


def _stated_column(kind: str, place: int, name: str) -> Column:
    return Column(name, weight=2 if place == WIDE.get(kind, 0) else 1.3 if place == 0 else 0.8)


def _tab(kind: str) -> str:
    return "meetings" if kind in ("meetings", "bodies") else "rest"


def _stated_rows(section: Entry, kind: str) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for row in section["stated"][kind]:
        cells: list[Cell] = [text or "–" for text in row["cells"]]
        thing = row.get("thing")
        if thing and thing[0] in SHEETS:
            cells[0] = Linked(str(cells[0]), thing[0], thing[1])
        rows.append([*cells, source_text([row])])
    return rows
