"""The visit note as one printed page."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from beffroi.core import formats
from beffroi.publishing.dashboards.paper import block, paper
from beffroi.publishing.reports.parts import Document
from beffroi.publishing.sheets.visit_note import Note, step_text


def note_document(note: Note, *, at: datetime) -> Document:
    said = [[_("à dire"), line] for line in note.sayable] + [[_("à taire"), line] for line in note.unsayable]
    known: list[list[Any]] = [[_("voté, payé, dû"), f"{sheet.agreement}", _three(*figures)] for sheet, *figures in note.owed]
    known += [[_("montants"), total.words, formats.figure_text(total.figure)] for total in note.money]
    known += [[_("vus"), f"{row.owner}" + (f" ({row.subject})" if note.is_place else ""), row.on] for row in note.visits]
    known += [[_("besoin ouvert"), _need(row, note), row["need"].opened_on] for row in note.needs]
    known += [[_("dossier"), row.title, step_text(row)] for row in note.files]
    known += [
        [_("promis"), row.row.label, f"{_day(row.row.due_on)} · {formats.figure_text(row.due)}"] for _s, row in note.promises
    ]
    known += [[_("attendu d’eux"), row.row.label, _day(row.row.due_on)] for _s, row in note.expected]
    parts = [
        (
            _("Dire et taire"),
            [block(_("Phrases"), ["", _("Phrase")], said or [["–", _("Aucun fait connu ne donne de phrase.")]])],
        ),
        (
            _("Ce qui est connu"),
            [block(_("Faits"), ["", _("Quoi"), _("Précision")], known or [["–", _("Rien n’est connu ici."), ""]])],
        ),
    ]
    lead = _("Pour une visite le %(day)s.") % {"day": formats.day_text(note.on)}
    return paper(str(note.subject), _("Note avant visite"), parts, on=note.on, at=at, lead=lead, method=_sources())


def _sources() -> list[str]:
    return [_("Réservé à la personne qui l’a préparée. Chaque phrase vient d’un fait ; ce qui n’est pas connu n’est pas dit.")]


def _three(voted: Any, paid: Any, owed: Any) -> str:
    return " · ".join(formats.figure_text(figure) for figure in (voted, paid, owed))


def _need(row: dict[str, Any], note: Note) -> str:
    where = f" ({row['need'].subject})" if note.is_place else ""
    if not row["told"]:
        return _("un besoin, gardé par %(who)s") % {"who": row["need"].owner} + where
    who = row["taken"] or row["waiting"] or _("à personne")
    return f"{row['need'].subject_item}, {who}{where}"


def _day(day: Any) -> str:
    return formats.day_text(day)
