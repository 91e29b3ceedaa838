"""The risk that the Union takes money back, deadline by deadline, each axis with its contribution."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from beffroi.accounts.models import AnyUser, audience
from beffroi.core.figures import Figure, Sense
from beffroi.funding.enums import ExpenditureBase
from beffroi.funding.models import Programme, Tranche
from beffroi.funding.queries.desk.ledger import Part, lowest
from beffroi.funding.queries.desk.progress import Progress
from beffroi.funding.queries.desk.tree import WHOLE
from beffroi.funding.rules.decommitment import Commitment, Contribution, Deadline, deadlines, next_deadline

ZERO = Decimal(0)


@dataclass(frozen=True)
class ContributionRow:
    """`item` is None for what no axis says."""

    item: Any
    due: Figure
    certified: Figure
    gap: Figure


@dataclass(frozen=True)
class DeadlineRow:
    deadline: Deadline
    committed: Figure
    prefinancing: Figure
    to_reach: Figure
    missing: Figure
    contributions: Sequence[ContributionRow]
    is_next: bool
    is_over: bool


@dataclass(frozen=True)
class Risk:
    """`tranches`: those that the reader sees. `lacks`: what is missing to say more, each with what to load."""

    rows: Sequence[DeadlineRow]
    tranches: Sequence[Tranche]
    certified: Figure
    at_risk: Figure
    due_on: date | None
    lacks: Sequence[str]


def risk_of(programme: Programme, progress: Progress, *, viewer: AnyUser, on: date) -> Risk:
    tranches = list(
        Tranche.objects.visible_to(viewer).filter(programme=programme).select_related("item", "rule", "fund").order_by("year")
    )
    counted = [row for row in tranches if row.is_seen_by(audience(viewer))]  # two versions of a total, no third one
    certified = progress.certified(WHOLE, ExpenditureBase.UNION_SHARE)
    found = deadlines(
        [_commitment(row, progress) for row in counted], certified=lowest(certified), by_part=_by_axis(progress, counted)
    )
    coming = next_deadline(found, on=on)
    rows = [_row(progress, deadline, certified, on=on, is_next=deadline == coming) for deadline in found]
    at_risk = next((row.missing for row in rows if row.is_next), Figure(unit="€"))
    return Risk(rows, tranches, certified, at_risk, coming.due_on if coming else None, lacks_of(counted, certified))


def _commitment(row: Tranche, progress: Progress) -> Commitment:
    scope = progress.amounts.tree.scope(row.item_id)
    return Commitment(row.year, row.amount, row.rule.years, row.prefinancing, scope if scope != WHOLE else None)


def _by_axis(progress: Progress, tranches: Sequence[Tranche]) -> dict[int | None, Decimal]:
    """The axes: the items that have a tranche or, failing that, those right under the programme that certified something."""
    tree = progress.amounts.tree
    axes = {tree.scope(row.item_id) for row in tranches} - {WHOLE}
    if not axes:
        said = {tree.scope(row.subject.item_id) for row in progress.amounts.expenditures} | {
            tree.scope(row["item_id"]) for row in progress.amounts.of_stage("certified")
        }
        axes = {tree.path(scope)[-2] for scope in said if scope != WHOLE}
    found: dict[int | None, Decimal] = {}
    for axis in sorted(axes):
        amount = lowest(progress.certified(axis, ExpenditureBase.UNION_SHARE))
        if amount is not None:
            found[axis] = amount
    return found


def _row(progress: Progress, found: Deadline, certified: Figure, *, on: date, is_next: bool) -> DeadlineRow:
    ledger, name = progress.amounts.ledger, found.due_on.isoformat()
    years = ", ".join(str(year) for year in found.years)
    committed = ledger.figure(
        f"risk/committed/{name}",
        found.committed,
        formula=_("La somme des tranches dont le délai est atteint ce jour-là : années %(years)s.") % {"years": years},
    )
    prefinancing = _prefinancing(progress, found)
    parts: list[Part] = [(_("Engagé"), None, committed), (_("Préfinancement"), None, prefinancing)]
    to_reach = ledger.figure(
        f"risk/reach/{name}",
        found.to_reach,
        formula=_("L’engagé moins le préfinancement : ce qui doit être certifié."),
        parts=parts,
    )
    missing = _missing(progress, found, to_reach, certified, on=on)
    contributions = [_contribution(progress, found, row) for row in found.contributions]
    return DeadlineRow(found, committed, prefinancing, to_reach, missing, contributions, is_next, found.is_over(on))


def _prefinancing(progress: Progress, found: Deadline) -> Figure:
    return progress.amounts.ledger.figure(
        f"risk/prefinancing/{found.due_on.isoformat()}",
        found.prefinancing if found.prefinancing_known else None,
        formula=_("Le préfinancement imputé à ces tranches : il compte comme utilisé. Sans lui, le risque est le plus grand."),
    )


def _missing(progress: Progress, found: Deadline, to_reach: Figure, certified: Figure, *, on: date) -> Figure:
    parts: list[Part] = [(_("À certifier"), None, to_reach), (_("Certifié, part de l’Union"), None, certified)]
    formula = _("Ce qui doit être certifié, moins ce qui l’est : perdu s’il ne l’est pas au plus tard le jour dit.")
    sense = Sense.UNKNOWN if found.missing is None else Sense.GOOD if not found.missing else Sense.BAD
    if found.missing and not found.is_over(on):
        sense = Sense.WATCH
    return progress.amounts.ledger.figure(
        f"risk/missing/{found.due_on.isoformat()}", found.missing, formula=formula, parts=parts, sense=sense
    )


def _contribution(progress: Progress, found: Deadline, row: Contribution) -> ContributionRow:
    tree, ledger = progress.amounts.tree, progress.amounts.ledger
    name = f"{found.due_on.isoformat()}/{row.part or 0}"
    item = tree.items.get(row.part or 0)
    due = ledger.figure(
        f"risk/due/{name}", row.due, formula=_("Les tranches de cet axe dont le délai est atteint, moins leur préfinancement.")
    )
    if item is not None:
        certified = progress.certified(row.part or 0, ExpenditureBase.UNION_SHARE)
    else:
        formula = _("Le certifié de l’ensemble du programme, moins celui des axes connus.")
        certified = ledger.figure(f"risk/rest/{name}", row.certified, formula=formula)
    gap = ledger.figure(
        f"risk/gap/{name}",
        row.gap,
        formula=_("Ce que l’axe doit, moins ce qu’il a certifié. Négatif : ce qu’il apporte aux autres."),
        parts=[(_("Dû"), None, due), (_("Certifié"), None, certified)],
    )
    return ContributionRow(item, due, certified, gap)


def lacks_of(tranches: Sequence[Tranche], certified: Figure) -> list[str]:
    found = []
    if not tranches:
        found.append(
            _(
                "Aucune tranche d’engagement n’est connue : chargez-les (profil « Tranches annuelles d’engagement ») ou "
                "saisissez-les."
            )
        )
    elif any(row.prefinancing_cents is None for row in tranches):
        found.append(_("Le préfinancement de certaines tranches est inconnu : le risque montré est le plus grand possible."))
    if not certified.is_known:
        found.append(
            _(
                "Le certifié en part de l’Union n’est pas connu pour l’ensemble du programme : chargez les dépenses certifiées "
                "sur cette base. Le coût total certifié ne le remplace pas."
            )
        )
    return found
