"""What is known here of the de minimis aids of a single undertaking: its records, its group, its awards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.models import AnyUser
from beffroi.actors.enums import RelationKind
from beffroi.actors.models import Organisation, Relation
from beffroi.actors.queries import same_as_group
from beffroi.actors.rules.components import components
from beffroi.core.figures import Figure, Sense
from beffroi.funding.enums import Family, LinkState, RegimeKind
from beffroi.funding.models import CENTS, AidRegime, Line, LineLink
from beffroi.funding.queries.amounts import MoneyRow, money_rows
from beffroi.funding.rules import de_minimis as rules
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.evidence import Counted, Question

# Control of one undertaking by another: more than half of its shares (Regulation (EU) 2023/2831, article 2(2))
MAJORITY = Decimal("0.5")
MOST_MEMBERS = 200


@dataclass(frozen=True)
class Undertaking:
    """`doubtful`: links of capital of which no source gives the share; their ends are not counted."""

    asked: Organisation
    members: list[Organisation]
    doubtful: list[Relation]

    @property
    def ids(self) -> list[int]:
        return [member.pk for member in self.members]


@dataclass(frozen=True)
class AidRow:
    """An award with its regime; `basis`: why it counts under that regime. `rows`: the lines that tell it, one for each source
    that does. `is_double`: it could be another of these awards, and nobody has decided."""

    rows: Sequence[MoneyRow]
    regime: AidRegime
    on: date | None
    basis: Any
    is_double: bool = False

    @property
    def row(self) -> MoneyRow:
        return self.rows[0]

    @property
    def aid(self) -> rules.Aid:
        """Several sources that do not say the same amount give a range, as everywhere."""
        said = [end for row in self.rows for end in (row.value, row.figure.low, row.figure.high)]
        known = [int(Decimal(end) * CENTS) for end in said if end is not None]
        low, high = min(known, default=None), max(known, default=None)
        return rules.Aid(self.row.subject.pk, low, high, self.on, self.regime.family, self.is_double)


@dataclass(frozen=True)
class FamilyCounter:
    family: Family
    counter: rules.Counter
    rows: list[AidRow]
    others: list[AidRow]

    def figure(self, cents: int, label: object, why: str = "", sense: Sense = Sense.NEUTRAL) -> Figure:
        return Figure(value=Decimal(cents) / CENTS, unit="€", label=str(label), why=why, sense=sense)

    def _sense(self) -> Sense:
        return Sense.BAD if self.counter.certain > self.counter.ceiling.cents else Sense.NEUTRAL

    def figures(self, pk: int) -> list[Figure]:
        why = f"deminimis:{pk}/{self.family}/{self.counter.on.isoformat()}"
        found = [
            self.figure(self.counter.certain, _("Connu ici"), why, self._sense()),
            self.figure(self.counter.ceiling.cents, _("Plafond"), why),
            self.figure(self.counter.left, _("Reste, d’après ce qui est connu ici"), why),
        ]
        if uncertain := self.counter.at_most - self.counter.certain:
            found.insert(1, self.figure(uncertain, _("Incertain, compté dans le « au plus »"), why, Sense.WATCH))
        if self.counter.unknown:
            label = _("Aides dont personne ne dit le montant")
            found.insert(1, Figure(value=len(self.counter.unknown), label=label, why=why, sense=Sense.WATCH))
        return found


def undertaking(organisation: Organisation, *, moment: Moment, viewer: AnyUser) -> Undertaking:
    """Its records, those whom it controls and those who control it, and so on, as sources say on the day."""
    found = {row.pk: row for row in same_as_group(organisation, viewer)}
    doubtful: dict[int, Relation] = {}
    fresh = set(found)
    while fresh and len(found) < MOST_MEMBERS:
        edges = _capital(fresh, moment, viewer)
        doubtful |= {edge.pk: edge for edge in edges if not _controls(edge)}
        ends = [end for edge in edges if _controls(edge) for end in (edge.subject, edge.organisation)]
        fresh = {end.pk for end in ends if end is not None} - set(found)
        found |= {end.pk: end for end in ends if end is not None}
    apart = [edge for edge in doubtful.values() if not {edge.subject_id, edge.organisation_id} <= set(found)]
    return Undertaking(organisation, sorted(found.values(), key=lambda row: (row.sort_key, row.pk)), apart)


def _capital(ids: Iterable[int], moment: Moment, viewer: AnyUser) -> list[Relation]:
    kinds = (RelationKind.OWNS, RelationKind.SHAREHOLDER_OF)
    rows = Relation.objects.seen_at(moment, viewer).filter(kind__in=kinds, organisation__isnull=False)
    current = rows.filter(Q(until__isnull=True) | Q(until__gte=moment.as_of))
    ends = Q(subject__in=list(ids)) | Q(organisation__in=list(ids))
    return list(current.filter(ends).select_related("subject", "organisation").order_by("pk"))


def _controls(edge: Relation) -> bool:
    if edge.share is None:
        return edge.kind == RelationKind.OWNS
    return bool(edge.share > MAJORITY)


def aids_of(who: Undertaking, *, moment: Moment, viewer: AnyUser) -> list[AidRow]:
    """The awards under a de minimis regime that this reader may see, each once: lines of several sources that are the same
    money are one award."""
    to_them = Q(currency="EUR") & (Q(receiver__in=who.ids) | Q(operation__beneficiary__in=who.ids))
    rows = {row.subject.pk: row for row in money_rows("line", to_them, moment=moment, viewer=viewer)}
    said = _said(rows)
    links = LineLink.objects.visible_to(viewer).known_at(moment).filter(one__in=list(said), other__in=list(said))
    pairs = list(links.order_by("pk").values_list("one_id", "other_id", "state"))
    same = [(one, other) for one, other, state in pairs if state == LinkState.ACCEPTED]
    found = [_told(group, said, rows) for award in _awards(said, same) for group in _each_once(award, same)]
    undecided = [(one, other) for one, other, state in pairs if state == LinkState.PROPOSED]
    return sorted(_with_doubles(found, undecided), key=lambda aid: (aid.on is not None, aid.on or date.min, aid.row.subject.pk))


Said = dict[int, tuple[AidRegime, Any, Line]]


def _said(rows: Iterable[int]) -> Said:
    """The lines under a de minimis regime, with why."""
    regimes = {regime.pk: regime for regime in AidRegime.objects.all()}
    found: Said = {}
    for line in Line.objects.filter(pk__in=list(rows)).select_related("operation", "deliberation").order_by("pk"):
        regime, basis = _regime(line, regimes)
        if regime is not None and regime.kind == RegimeKind.DE_MINIMIS:
            found[line.pk] = regime, basis, line
    return found


def _awards(said: Said, same: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The lines of each award that count: those of its first stage."""
    first: dict[Any, int] = {}
    ties = [*same]
    for pk, (_found, _basis, line) in said.items():
        key = line.operation_id or (line.programme_id, line.receiver_id, line.detail), line.fund_id
        ties.append((first.setdefault(key, pk), pk))
    return [rules.award_of((pk, said[pk][2].stage) for pk in group) for group in components(ties)]


def _each_once(award: Sequence[int], same: Iterable[tuple[int, int]]) -> list[tuple[int, ...]]:
    """The lines of an award, those that are the same money together."""
    kept = set(award)
    return components([*((pk, pk) for pk in award), *((one, other) for one, other in same if {one, other} <= kept)])


def _told(group: Sequence[int], said: Said, rows: Mapping[int, MoneyRow]) -> AidRow:
    regime, basis, _line = said[group[0]]
    days = [day for pk in group if (day := _award_day(said[pk][2])) is not None]
    return AidRow([rows[pk] for pk in group], regime, max(days, default=None), basis)


def _with_doubles(aids: Sequence[AidRow], undecided: Iterable[tuple[int, int]]) -> list[AidRow]:
    """Awards that could be one: the last of them is certain, the others count in the at most only."""
    whose = {row.subject.pk: place for place, aid in enumerate(aids) for row in aid.rows}
    ties = [(whose[one], whose[other]) for one, other in undecided if one in whose and other in whose]
    doubles: set[int] = set()
    for group in components(ties):
        kept = max(group, key=lambda place: (aids[place].on or date.min, -place))
        doubles |= set(group) - {kept}
    return [replace(aid, is_double=place in doubles) for place, aid in enumerate(aids)]


def _regime(line: Line, regimes: dict[int, AidRegime]) -> tuple[AidRegime | None, Any]:
    """What people or a list say of the line or of its operation; else the one regulation that the list cites."""
    operation = line.operation
    pk = line.aid_regime_id or (operation.aid_regime_id if operation else None)
    if pk is not None:
        return regimes[pk], _("dit pour cette aide")
    text = " ".join(str(operation.details.get(name, "")) for name in ("notification", "scheme")) if operation else ""
    code = rules.cited(text, [regime.code for regime in regimes.values()])
    return next((regime for regime in regimes.values() if regime.code == code), None), _("cité par la liste qui la publie")


def _award_day(line: Line) -> date | None:
    """The day of the vote or of the decision; a year or a span is no day."""
    if hasattr(line, "deliberation"):
        voted: date = line.deliberation.on
        return voted
    if line.operation and line.operation.decided_on:
        return line.operation.decided_on
    return line.start if line.start is not None and line.start == line.end else None


def counters(
    who: Undertaking, *, on: date, moment: Moment, viewer: AnyUser, always: Family | None = Family.GENERAL
) -> list[FamilyCounter]:
    """One for each family of aids that is known; `always`: the one that is shown even when nothing is."""
    aids = aids_of(who, moment=moment, viewer=viewer)
    ceilings = [_ceiling(regime) for regime in AidRegime.objects.filter(kind=RegimeKind.DE_MINIMIS)]
    plain = [aid.aid for aid in aids]
    families = [Family(name) for name in Family.values if name == always or any(aid.family == name for aid in plain)]
    made = ((family, rules.counter(plain, ceilings, family=family, on=on)) for family in families)
    return [_family(family, found, aids) for family, found in made if found is not None]


def _family(family: Family, found: rules.Counter, aids: list[AidRow]) -> FamilyCounter:
    own = [aid for aid in aids if aid.regime.family == family]
    counted = {*found.counted, *found.undated}
    return FamilyCounter(
        family,
        found,
        [aid for aid in own if aid.row.subject.pk in counted],
        [aid for aid in own if aid.row.subject.pk not in counted],
    )


def _ceiling(regime: AidRegime) -> rules.Ceiling:
    """Complete by the constraint of the database."""
    assert regime.ceiling_cents is not None
    assert regime.start is not None
    return rules.Ceiling(
        regime.code, regime.family, regime.ceiling_cents, regime.start, regime.end, regime.window, regime.years
    )


def of_counter(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`pk/family/day`: the awards that the counter adds."""
    pk, family, day = rest.split("/")
    organisation = Organisation.objects.visible_to(viewer).filter(pk=int(pk)).first()
    if organisation is None or not may_count(viewer):
        return None
    who = undertaking(organisation, moment=moment, viewer=viewer)
    asked = counters(who, on=date.fromisoformat(day), moment=moment, viewer=viewer)
    found = next((one for one in asked if one.family == family), None)
    if found is None:
        return None
    formula = gettext_lazy(
        "La somme des aides de minimis connues ici, à l’entreprise unique, dont l’octroi est dans la durée du plafond. Une "
        "aide sans date, ou qui est peut-être une autre dite deux fois, compte dans le « au plus » ; un montant sur lequel des "
        "sources diffèrent compte à son plus bas, et à son plus haut dans le « au plus ». Ce qui n’est pas chargé ici n’y est "
        "pas : le registre officiel fait foi."
    )
    parts = [(aid.row.subject.operation or aid.row.subject, aid.row.subject.operation, aid.row.figure) for aid in found.rows]
    return Counted(organisation, formula, found.figure(found.counter.certain, _("Connu ici")), parts, organisation)


def may_count(viewer: AnyUser) -> bool:
    """The counter gathers what several institutions know: it is for partners."""
    return bool(viewer.is_authenticated and viewer.partner_ids)


COUNTED: dict[str, Question] = {"deminimis": of_counter}
