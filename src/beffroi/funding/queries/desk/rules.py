"""The rules of a programme that its amounts can be held against: met, not met, or one cannot say, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.funding.enums import Verdict
from beffroi.funding.queries.desk.reading import SENSES, Reading
from beffroi.funding.queries.desk.tree import WHOLE
from beffroi.funding.rules.cofinancing import Asked, asked_by
from beffroi.reference.enums import RuleKind
from beffroi.reference.models import Framework, Rule


@dataclass(frozen=True)
class RuleCheck:
    """A rule read on one item. `exceptions`: what the programme says of whom it does not bind."""

    rule: Rule
    item: Any
    figure: Figure
    verdict: Verdict
    reason: str = ""
    exceptions: Sequence[Rule] = ()

    @property
    def sense(self) -> str:
        return str(SENSES[self.verdict])


@dataclass(frozen=True)
class Checks:
    """`unread`: the rules of cofinancing that only a person can hold against a file."""

    rows: Sequence[RuleCheck]
    unread: int


def checks_of(framework: Framework, reading: Reading, *, viewer: AnyUser) -> Checks:
    rules = list(Rule.objects.visible_to(viewer).filter(framework=framework, kind=RuleKind.COFINANCING).select_related("item"))
    asked = [(rule, found) for rule in rules if (found := asked_by(rule.label, rule.value)) is not None]
    exceptions = [rule for rule, found in asked if found.kind == "exception"]
    rows: list[RuleCheck] = []
    for rule, found in asked:
        if found.kind == "parity":
            rows += _parity(rule, reading)
        elif found.kind == "own_share":
            rows.append(_own(rule, found, reading, exceptions))
    return Checks(rows, len(rules) - len(asked))


def _scope(rule: Rule, reading: Reading) -> int:
    return reading.tree.scope(rule.item_id) if rule.item_id in reading.tree.items else WHOLE


def _lack(reading: Reading) -> str:
    if reading.cells:
        return _("La maquette ne dit pas ce montant pour cet élément.")
    return _("La maquette financière n’est pas chargée : chargez-la (profil « Maquette financière d’un programme »).")


def _parity(rule: Rule, reading: Reading) -> list[RuleCheck]:
    """Each sub-axis that the rule is about; the item itself where the plan says nothing of its parts."""
    scope = _scope(rule, reading)
    about = [place for place in reading.parity_scopes if reading.tree.is_under(place, scope)] or [scope]
    rows = []
    for place in about:
        figure, verdict = reading.parity(place)
        reason = _lack(reading) if verdict == Verdict.CANNOT_SAY else _("But à atteindre, pas obligation.")
        rows.append(RuleCheck(rule, reading.tree.items.get(place) or rule.item, figure, verdict, reason))
    return rows


def _own(rule: Rule, asked: Asked, reading: Reading, exceptions: Sequence[Rule]) -> RuleCheck:
    scope = _scope(rule, reading)
    figure, verdict = reading.own_share(scope, asked.low, asked.high)
    between = figure.value is not None and verdict == Verdict.CANNOT_SAY
    reason = _("Entre les deux bornes, cela dépend du projet.") if between else ""
    if not reason and verdict == Verdict.CANNOT_SAY:
        reason = _lack(reading)
    said = [row for row in exceptions if reading.tree.is_under(_scope(row, reading), scope)]
    return RuleCheck(rule, rule.item, figure, verdict, reason or _bounds(asked), said)


def _bounds(asked: Asked) -> str:
    low, high = (f"{share * Decimal(100):.0f}" for share in (asked.low, asked.high))
    return _("Au moins %(low)s %% du total, tous financeurs, jusqu’à %(high)s %% selon le projet.") % {"low": low, "high": high}
