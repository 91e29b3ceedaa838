"""BOOSTER and the half-yearly information as documents: PDF, Excel, Word."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from beffroi.core.figures import Figure
from beffroi.interactions.enums import Measure
from beffroi.interactions.queries.s3 import S3Row
from beffroi.interactions.rules.counts import Step
from beffroi.publishing.dashboards.booster import Booster, Line, MeasureRow
from beffroi.publishing.dashboards.digest import Digest
from beffroi.publishing.dashboards.paper import block, paper
from beffroi.publishing.reports.parts import Block, Document


def method() -> list[str]:
    return [
        _("Une entreprise touchée est visitée, accompagnée ou présente à un événement dans le mois ; elle compte une fois."),
        _("Les fiches d’un même organisme comptent pour une, comme un porteur de projet et l’entreprise qu’il a créée."),
        _("Un événement compte quand son organisateur a confirmé qu’il s’est tenu."),
        _("Un besoin pris en charge compte une fois, le jour de la première prise en charge, même rendu ensuite."),
        _("« Rien reçu » n’est pas zéro : rien n’est venu de cet opérateur, ou rien qu’il partage."),
        _("Une chose de deux domaines prioritaires compte dans chacun, et une fois dans l’ensemble."),
        _("De chaque étape à la suivante : ce qui suit la visite dans les six mois après son mois, parmi l’étape d’avant."),
        _(
            "Ces étapes et ce qui suit les événements sont recomptés une fois par minute au plus ; le reste l’est dès qu’une "
            "activité change. Une entreprise qui change de lieu ou de fiche change les comptes du lendemain."
        ),
        _("Ce que les opérateurs gardent pour eux, les prospects réservés et la cellule de crise n’y sont pas."),
        _("Le tableau de bord compte des opérateurs, jamais des personnes."),
    ]


def _measures(rows: Sequence[MeasureRow], *, before: str) -> Block:
    columns = [_("Mesure"), (_("Période"), True), (before, True), _("Écart"), (_("Un an avant"), True), _("Écart sur un an")]
    told = [[row.label, row.now.text, row.before.text, row.since_before, row.year_before.text, row.since_year] for row in rows]
    return block(_("Ensemble"), columns, told)


def _lines(title: Any, rows: Sequence[Line]) -> Block:
    columns = [title, *((name.label, True) for name in Measure)]
    return block(title, columns, [[line.label, *(number.text for number in line.numbers)] for line in rows])


def _indicators(rows: Sequence[S3Row]) -> Block:
    told = [[row.label, row.figure if row.figure else _("non mesuré"), row.how] for row in rows]
    return block(_("Tableaux de suivi de la S3"), [_("Indicateur"), (_("Valeur"), True), _("Comment, ou ce qui manque")], told)


def booster_document(found: Booster, *, at: datetime) -> Document:
    steps = [[label, step.reached, _dash(step.of), _share(step)] for label, step in found.steps]
    parts = [
        (_("Le mois"), [_measures(found.measures, before=_("Un mois avant"))]),
        (_("De la visite au résultat"), [block(_("Étapes"), [_("Entreprises"), (_("Nombre"), True), (_("Parmi"), True),
                                                             (_("Part"), True)], steps)]),
        (_("Par domaine prioritaire"), [_lines(_("Domaine prioritaire"), found.by_area)]),
        (_("Par territoire"), [_lines(_("Territoire"), found.by_zone)]),
        (_("Par opérateur"), [_lines(_("Opérateur"), found.by_operator)]),
    ]  # fmt: skip
    title = _("BOOSTER, l’activité des opérateurs : %(month)s") % {"month": found.title}
    return paper(title, _("Tableau de bord mensuel"), parts, on=found.on, at=at, lead=_heard(found.complete), method=method())


def _dash(value: int | None) -> int | str:
    return "–" if value is None else value


def _share(step: Step) -> Figure | str:
    return "–" if step.of is None else Figure(value=step.share, unit="ratio")


def _heard(complete: Figure) -> str:
    return _("%(known)s opérateurs sur %(parts)s ont envoyé quelque chose.") % {
        "known": complete.known,
        "parts": complete.parts,
    }


def digest_document(found: Digest, *, at: datetime) -> Document:
    parts = [
        (_("Le semestre"), [_measures(found.measures, before=_("Six mois avant"))]),
        (_("Indicateurs de la stratégie"), [_indicators(found.indicators)]),
    ]
    heard = Figure(value=found.heard, known=found.heard, parts=len(found.operators))
    title = _("L’activité des opérateurs : %(period)s") % {"period": found.title}
    return paper(title, _("Information semestrielle"), parts, on=found.on, at=at, lead=_heard(heard), method=method())
