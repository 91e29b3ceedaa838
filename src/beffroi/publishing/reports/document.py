"""A report's content as a document: messages with their footnotes, then sections made of tables. Every format prints this."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beffroi.core import formats
from beffroi.core.figures import Figure
from beffroi.publishing.reports.first_page import Notes, challenges_said, groups
from beffroi.publishing.reports.parts import Block, Cell, Chapter, Column, Document, Section
from beffroi.publishing.reports.tables import section_of

Entry = dict[str, Any]


def document(content: Entry, *, only: str = "", brief: bool = False) -> Document:
    """`only`: the one section that a page shows. `brief`: sections carry what stands at the front alone."""
    notes = Notes({row["code"]: row["title"] for row in content["sources"]})
    messages = groups(content["messages"], notes)
    shown = [section for section in content["sections"] if not only or section["code"] == only]
    return Document(
        title=content["title"],
        framework=content["framework"],
        as_of=date.fromisoformat(content["as_of"]),
        known_on=datetime.fromisoformat(content["known_on"]),
        groups=messages,
        challenges=challenges_said(content["challenges"], notes),
        notes=list(notes.numbers.values()),
        caveats=[f"{row['programme']} : {row['text']}" for row in content["caveats"]],
        chapters=_chapters(content, [section_of(row, content, brief=brief) for row in shown]),
        sources=content["sources"],
        reconciliation=_reconciliation(content),
        not_shown=_not_shown(content),
        method=method(content),
    )


def _chapters(content: Entry, sections: Sequence[Section]) -> list[Chapter]:
    challenge_of = {row["code"]: row["challenge"] for row in content["sections"]}
    labels = {row["code"]: row["label"] for row in (content["challenges"] or {"described": []})["described"]}
    chapters: list[Chapter] = []
    for section in sections:
        code = challenge_of[section.code]
        if code and chapters and chapters[-1].code == code:
            chapters[-1] = Chapter(code, chapters[-1].title, [*chapters[-1].sections, section])
        else:
            title = f"{_('Enjeu')} {code.rpartition('-')[2]} – {labels.get(code, '')}" if code else ""
            chapters.append(Chapter(code, title, [section]))
    return chapters


def _reconciliation(content: Entry) -> Block:
    reconciled = content["reconciliation"]
    titles = {row["code"]: row["title"] for row in content["sections"]}
    rows: list[list[Cell]] = [
        [titles[code], ", ".join(f"{kind} {count}" for kind, count in kinds.items()), Figure(value=sum(kinds.values()))]
        for code, kinds in reconciled["sections"].items()
    ]
    rows.append([_("Non montrées"), "", Figure(value=reconciled["not_shown"])])
    rows.append([_("Ensemble"), "", Figure(value=reconciled["rows"])])
    lead = _("Chaque ligne des sources est dans une section et une seule, ou dans la liste de ce qui n’est pas montré.")
    columns = [Column(_("Section")), Column(_("Lignes par fichier")), Column(_("Lignes"), True)]
    return Block("reconciliation", _("Le compte des lignes"), columns, rows, "method", lead)


def _not_shown(content: Entry) -> Block:
    rows = [[row["ref"].partition("/")[2], row["place"] or "–", row["reason"]] for row in content["not_shown"]]
    return Block(
        "not-shown",
        _("Ce qui n’est pas montré"),
        [Column(_("Ligne")), Column(_("Endroit")), Column(_("Raison"))],
        rows,
        "method",
    )


def method(content: Entry) -> list[str]:
    rows = content["reconciliation"]["rows"]
    return [
        ngettext("%(n)s ligne des sources est rendue.", "%(n)s lignes des sources sont rendues.", rows)
        % {"n": formats.number_text(rows)},
        _("Un objectif rencontre le dernier résultat de sa période ; à défaut le premier d’après, et cela est écrit."),
        _("« En retard » : le résultat n’atteint pas l’objectif. Sans sens déclaré, on ne peut pas dire."),
        _("Une évolution n’est donnée qu’entre deux périodes de même durée, ou entre deux états cumulés."),
        _("Les montants restent à leur stade ; seuls s’additionnent des financeurs différents, à un même stade."),
        _("Deux sources qui ne disent pas la même valeur donnent une fourchette, jusqu’à ce qu’une personne règle."),
    ]
