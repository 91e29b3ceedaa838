"""Why the figures that Beffroi computes from cells: what each adds, what is missing, what a source prints."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.indicators.enums import Aggregation, Agreement
from beffroi.indicators.models import Cell
from beffroi.indicators.queries.aggregates import Aggregate, aggregate_of
from beffroi.indicators.queries.targets import behind_target, targets_about
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.evidence import Counted, Question

HOW = {
    Aggregation.SUM: _(
        "La somme des parties connues, calculée par Beffroi. Une partie inconnue n’est pas comptée, jamais prise pour zéro."
    ),
    Aggregation.MEAN: _("La moyenne simple des parties connues, calculée par Beffroi. Une partie inconnue n’est pas comptée."),
}
PRINTED = {
    Agreement.AGREES: _("Le total que la source imprime : il concorde"),
    Agreement.DIFFERS: _("Le total que la source imprime : il ne concorde pas"),
    Agreement.INCOMPLETE: _("Le total que la source imprime : des parties nous manquent"),
    Agreement.NOTHING_TO_COMPARE: _("Le total que la source imprime : il ne se compare pas"),
}


def of_aggregate(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`cell/axis`: the total over an axis that this cell is a line of."""
    pk, _slash, axis = rest.partition("/")
    found = aggregate_of(int(pk), axis, moment=moment, viewer=viewer)
    if found is None:
        return None
    indicator = found.first.cell.indicator
    return Counted(indicator, HOW[Aggregation(indicator.aggregation)], found.figure, _parts(found), indicator)


def _parts(found: Aggregate) -> list[tuple[object, object, Figure | None]]:
    parts: list[tuple[object, object, Figure | None]] = [(item, item, line.figure) for item, line in found.lines]
    parts += [(item, item, Figure()) for item in found.missing if item.pk not in {line.pk for line, _ in found.lines}]
    if found.whole is not None:
        parts.append((PRINTED[found.agreement], None, found.whole.figure))
    return parts


def of_behind(rest: str, viewer: AnyUser, moment: Moment) -> Counted:
    """Nothing, or a framework's code: the targets that their results do not reach."""
    about = Q(indicator__framework__code=rest) if rest else Q()
    rows = behind_target(moment=moment, viewer=viewer, about=about)
    parts = [(row.target.cell.indicator, row.target.cell.indicator, row.figure) for row in rows]
    formula = _("Les objectifs que leur dernier résultat connu n’atteint pas, chacun avec ce résultat, le plus loin d’abord.")
    return Counted(_("Objectifs en retard"), formula, Figure(value=len(rows)), parts)


def of_progress(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """A target's cell: what part of it is done, and by which result."""
    same = Cell.objects.filter(pk=int(rest)).values("indicator")
    rows = targets_about(Q(indicator__in=same), moment=moment, viewer=viewer)
    row = next((row for row in rows if row.target.cell.pk == int(rest)), None)
    if row is None or row.share is None or row.actual is None:
        return None
    formula = _("Le résultat rapporté à l’objectif, calculé par Beffroi.")
    parts = [(_("Résultat"), None, row.actual.figure), (_("Objectif"), None, row.target.figure)]
    indicator = row.target.cell.indicator
    return Counted(indicator, formula, row.share, parts, indicator)


COUNTED: dict[str, Question] = {"aggregate": of_aggregate, "behind": of_behind, "progress": of_progress}
