"""Clusters that overlap, by industry: what their relations, correspondences, fees and figures say of each pair."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.actors.enums import CLUSTERS, OrganisationKind, OverlapKind
from beffroi.actors.models import Organisation
from beffroi.actors.queries.overlaps import ClusterTies, cluster_ties
from beffroi.actors.queries.relations import statements_of
from beffroi.actors.rules.overlaps import BINDING, Industry, Overlap, Tie, industries, overlaps
from beffroi.actors.rules.pictures import Picture, Thing, ring
from beffroi.core.figures import Figure
from beffroi.core.text import search_key
from beffroi.funding.queries import money_rows
from beffroi.indicators.models import Cell
from beffroi.indicators.queries import cell_values
from beffroi.provenance.models import Statement
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.evidence import Counted
from beffroi.reference.models import Framework, Item

FEE_WORDS = ("cotisation", "adhesion")
PAIR_OF_CODES = ("a", "b")  # the dimensions by which a value is about two organisations


@dataclass(frozen=True)
class TieRow:
    """A row that says what two bodies share, as it is shown: with its words, its figure and its sources."""

    tie: Tie
    via: Any
    figure: Figure | None
    statements: Sequence[Statement] = field(default=())

    @property
    def kind(self) -> str:
        return str(self.tie.kind.label)

    @property
    def is_binding(self) -> bool:
        return self.tie.kind in BINDING


@dataclass(frozen=True)
class PairRow:
    one: Organisation
    other: Organisation
    overlap: Overlap
    rows: Sequence[TieRow]

    @property
    def kinds(self) -> list[str]:
        return [str(kind.label) for kind in self.overlap.kinds]


@dataclass(frozen=True)
class ShownIndustry:
    id: str
    title: str
    members: Sequence[Organisation]
    clusters: set[int]
    themes: Sequence[tuple[Any, int]]
    figures: Sequence[Figure]
    pairs: Sequence[PairRow]
    picture: Picture
    matrix: Mapping[str, Any]

    @property
    def caption(self) -> str:
        return _("%(group)s : ce que chaque paire a en commun, et qui le dit") % {"group": self.title}

    @property
    def count(self) -> int:
        return len(self.pairs)


@dataclass(frozen=True)
class Study:
    """Everything that overlaps among clusters of some kinds, at a moment. `across`: the pairs outside any industry."""

    industries: Sequence[ShownIndustry]
    across: Sequence[PairRow]
    clusters: int

    @property
    def pairs(self) -> Iterator[tuple[str, PairRow]]:
        for industry in self.industries:
            yield from ((industry.title, row) for row in industry.pairs)
        yield from (("", row) for row in self.across)


def chosen_kinds(asked: Iterable[str]) -> list[str]:
    return [kind for kind in asked if kind in OrganisationKind.values] or [kind.value for kind in CLUSTERS]


def study(kinds: Sequence[str], *, moment: Moment, viewer: AnyUser) -> Study:
    ties = cluster_ties(kinds, moment=moment, viewer=viewer)
    more, figures = _fees_and_figures(ties, moment, viewer)
    found = [row for row in overlaps([*ties.ties, *more]) if row.one in ties.bodies and row.other in ties.bodies]
    leads = {pk for pk, body in ties.bodies.items() if body.kind == OrganisationKind.EXCELLENCE_CLUSTER}
    groups = industries(found, clusters=ties.clusters, leads=leads)
    show = _Shower(ties, found, figures, moment, viewer, kinds)
    inside = {row for group in groups for row in group.overlaps}
    return Study(
        [show.industry(group) for group in groups], [show.pair(row) for row in found if row not in inside], len(ties.clusters)
    )


def _fees_and_figures(ties: ClusterTies, moment: Moment, viewer: AnyUser) -> tuple[list[Tie], dict[str, Figure]]:
    """Money that one body pays to another as a fee, and values that are about two bodies at once."""
    made: list[Tie] = []
    figures: dict[str, Figure] = {}
    ids = set(ties.bodies) | set(ties.lead_of)
    for row in money_rows("line", Q(fund__in=ids, receiver__in=ids), moment=moment, viewer=viewer):
        if any(word in search_key(row.subject.detail) for word in FEE_WORDS):
            payer, receiver = (ties.lead_of.get(end, end) for end in (row.subject.fund_id, row.subject.receiver_id))
            key = f"line:{row.subject.pk}"
            made.append(Tie(payer, receiver, OverlapKind.FEES, key, detail=row.subject.detail))
            figures[key] = row.figure
    for tie, figure in _values_of_pairs(ties, moment, viewer):
        made.append(tie)
        figures[tie.key] = figure
    return made, figures


def _values_of_pairs(ties: ClusterTies, moment: Moment, viewer: AnyUser) -> Iterator[tuple[Tie, Figure]]:
    one_name, other_name = PAIR_OF_CODES
    codes = {
        (code.scheme, code.value): ties.lead_of.get(body.pk, body.pk)
        for body in Organisation.objects.filter(pk__in=set(ties.bodies) | set(ties.lead_of)).prefetch_related("external_ids")
        for code in body.external_ids.all()
    }
    cells = Cell.objects.filter(dimensions__name=one_name).filter(dimensions__name=other_name)
    values = cell_values(cells.prefetch_related("dimensions"), moment=moment, viewer=viewer)
    for value in values:
        said = {row.name: row.value for row in value.cell.dimensions.all()}
        ends = [codes.get((value.cell.indicator.namespace, said[name])) for name in PAIR_OF_CODES]
        if ends[0] is not None and ends[1] is not None:
            detail = f"{value.cell.indicator} · {value.cell.breakdown}"
            yield Tie(ends[0], ends[1], OverlapKind.FIGURES, f"cell:{value.cell.pk}", detail=detail), value.figure


class _Shower:
    """Turns keys into what they name, read once for the whole page."""

    def __init__(
        self,
        ties: ClusterTies,
        found: Sequence[Overlap],
        figures: Mapping[str, Figure],
        moment: Moment,
        viewer: AnyUser,
        kinds: Any,
    ) -> None:
        self.bodies, self.clusters, self.figures = ties.bodies, ties.clusters, figures
        self.kinds = ",".join(kinds)
        every = [tie for row in found for tie in row.ties]
        self.things = _things({tie.via for tie in every if tie.via}, viewer)
        self.statements: dict[str, list[Statement]] = {}
        for table in ("relation", "correspondence"):
            ids = {int(tie.key.partition(":")[2]) for tie in every if tie.key.startswith(f"{table}:")}
            stated = statements_of(table, ids, moment=moment, viewer=viewer)
            self.statements.update({f"{table}:{pk}": rows for pk, rows in stated.items()})

    def pair(self, overlap: Overlap) -> PairRow:
        """Rows that say the same thing of a pair are shown once, with all their sources."""
        same: dict[tuple[Any, ...], list[Tie]] = defaultdict(list)
        for tie in overlap.ties:
            if not tie.via or tie.via in self.things:
                same[tie.kind, tie.via, tie.detail, tie.key if tie.key in self.figures else ""].append(tie)
        return PairRow(
            self.bodies[overlap.one], self.bodies[overlap.other], overlap, [self._row(ties) for ties in same.values()]
        )

    def _row(self, ties: Sequence[Tie]) -> TieRow:
        said = {(row.load.snapshot.source_id, row.place): row for tie in ties for row in self.statements.get(tie.key, ())}
        return TieRow(ties[0], self.things.get(ties[0].via), self.figures.get(ties[0].key), tuple(said.values()))

    def industry(self, group: Industry) -> ShownIndustry:
        members = [self.bodies[pk] for pk in group.members]
        roles = next((tie.via for row in group.overlaps for tie in row.ties if tie.kind == OverlapKind.ROLES), "")
        title = str(self.things.get(roles, members[0]))
        return ShownIndustry(
            id=f"groupe-{members[0].pk}",
            title=title,
            members=members,
            clusters=self.clusters,
            themes=[(self.things[key], count) for key, count in group.themes if key in self.things][:4],
            figures=self._figures(group),
            pairs=[self.pair(row) for row in sorted(group.overlaps, key=lambda row: (not row.is_binding, -len(row.kinds)))],
            picture=self._picture(members, group),
            matrix=_matrix(title, members, group),
        )

    def _figures(self, group: Industry) -> list[Figure]:
        key = f"overlaps:{group.members[0]}/{self.kinds}"
        return [
            Figure(value=group.kinds[kind], label=str(kind.label).capitalize(), why=f"{key}/{kind.value}")
            for kind in OverlapKind
            if group.kinds[kind]
        ]

    def _picture(self, members: Sequence[Organisation], group: Industry) -> Picture:
        things: dict[Any, Thing] = {
            row.pk: Thing(str(row), row.get_absolute_url(), "near" if row.pk in self.clusters else "far") for row in members
        }
        edges = [
            (row.one, row.other, "binding" if row.is_binding else "theme", ", ".join(str(kind.label) for kind in row.kinds))
            for row in group.overlaps
        ]
        return ring(things, edges)


def _things(keys: Iterable[str], viewer: AnyUser) -> dict[str, Any]:
    """What `table:number` names, as far as this reader sees it."""
    ids: dict[str, set[int]] = defaultdict(set)
    for key in keys:
        table, _colon, pk = key.partition(":")
        ids[table].add(int(pk))
    tables: tuple[tuple[str, Any], ...] = (("item", Item), ("framework", Framework), ("organisation", Organisation))
    found: dict[str, Any] = {}
    for table, model in tables:
        rows = model.objects.visible_to(viewer).filter(pk__in=ids[table]) if ids[table] else ()
        found.update({f"{table}:{row.pk}": row for row in rows})
    return found


def _matrix(title: str, members: Sequence[Organisation], group: Industry) -> dict[str, Any]:
    cells = {(row.one, row.other): row for row in group.overlaps}
    return {
        "caption": _("%(group)s : ce que chaque paire a en commun") % {"group": title},
        "corner": _("Structures"),
        "columns": [{"label": str(row)} for row in members],
        "rows": [
            {
                "label": str(row),
                "address": row.get_absolute_url(),
                "cells": [_cell(cells.get((min(row.pk, other.pk), max(row.pk, other.pk)))) for other in members],
            }
            for row in members
        ],
    }


def _cell(overlap: Overlap | None) -> dict[str, str] | None:
    if overlap is None:
        return None
    text = ", ".join(str(kind.label) for kind in overlap.kinds)
    return {"text": text, "strength": "partial" if overlap.is_binding else "related"}


def counted(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`lead/kinds/kind`: the pairs of an industry that share this."""
    lead, kinds, wanted = rest.split("/")
    found = study(chosen_kinds(kinds.split(",")), moment=moment, viewer=viewer)
    industry = next((row for row in found.industries if row.members[0].pk == int(lead)), None)
    if industry is None or wanted not in OverlapKind.values:
        return None
    kind = OverlapKind(wanted)
    pairs = [row for row in industry.pairs if kind in row.overlap.kinds]
    parts: list[tuple[Any, Any, Figure | None]] = [(f"{row.one} – {row.other}", None, None) for row in pairs]
    formula = _(
        "Le nombre de paires de structures que cela réunit, chacune comptée une fois quel que soit le nombre de sources."
    )
    return Counted(industry.title, formula, Figure(value=len(pairs), label=str(kind.label)), parts, industry.members[0])
