"""The list of loaders: which destination of a profile is written by which app. Plain code, so that one can grep it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeAlias

import polars as pl
from django.utils import timezone
from django_tasks import task

from beffroi.actors import loads as actors
from beffroi.actors.actions import propose_numbers, propose_same_as
from beffroi.funding import loads as funding
from beffroi.funding.actions import propose_line_links
from beffroi.funding.queries.consolidated import make_ready
from beffroi.funding.queries.unnumbered import unnumbered
from beffroi.governance import loads as governance
from beffroi.indicators import loads as indicators
from beffroi.interactions import loads as interactions
from beffroi.provenance import actions
from beffroi.provenance.actions import Loader, Outcome, Refusal, StatedRow, Written
from beffroi.provenance.enums import LoadState
from beffroi.provenance.models import Load, Statement
from beffroi.provenance.queries import Moment
from beffroi.reference import loads as reference
from beffroi.web import search_index
from beffroi.web.checks import run_checks

Writer: TypeAlias = Callable[[list[StatedRow], Load], Iterable[Written | Refusal]]

EDGES: dict[str, Writer] = {"operation": funding.written_partners, "instance": governance.written_mandates}


def relations(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    """One file of edges, of which the objects belong to several apps."""
    return actions.record_statements(frames, load=load, write=lambda rows: _written_edges(rows, load), close=_close_edges)


def _written_edges(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    by_kind: dict[str, list[StatedRow]] = {}
    for row in rows:
        by_kind.setdefault(row["object"].partition(":")[0], []).append(row)
    for kind, write in EDGES.items():
        yield from write(by_kind.pop(kind, []), load)
    yield from actors.written_relations([row for group in by_kind.values() for row in group], load)


def _close_edges(statements: list[Statement], at: datetime) -> None:
    for close in (actors.close_relations, funding.close_partners, governance.close_mandates):
        close(statements, at)


LOADERS: dict[str, Loader] = {
    "frameworks": reference.frameworks,
    "items": reference.items,
    "correspondences": reference.correspondences,
    "rules": reference.rules,
    "systems": reference.systems,
    "territories": reference.territories,
    "places": reference.places,
    "boundaries": reference.boundaries,
    "communes": reference.communes,
    "commune_populations": reference.populations,
    "code_passages": reference.passages,
    "commune_movements": reference.movements,
    "zone_labels": reference.zone_labels,
    "organisations": actors.organisations,
    "legal_units": actors.legal_units,
    "establishments": actors.establishments,
    "establishment_periods": actors.establishment_periods,
    "relations": relations,
    "indicators": indicators.indicators,
    "observations": indicators.observations,
    "operations": funding.operations,
    "funding": funding.amounts,
    "grants": funding.grants,
    "agreements": funding.agreements,
    "envelopes": funding.envelopes,
    "tranches": funding.tranches,
    "deadline_rules": funding.deadline_rules,
    "plan_cells": funding.plan_cells,
    "system_rows": funding.system_rows,
    "calls": funding.calls,
    "files": funding.files,
    "visits": interactions.visits,
    "members": interactions.members,
    "bodies": governance.bodies,
    "meetings": governance.meetings,
    "company_accounts": interactions.company_accounts,
    "campaign_targets": interactions.campaign_targets,
    "company_classes": interactions.company_classes,
}


def run_load(load: Load) -> Load:
    """Check, then apply what is accepted: the whole of a load for the command line."""
    return found_again(write_load(load))


def write_load(load: Load) -> Load:
    """The same for the demonstration, which indexes everything once, at its end."""
    with actions.sole_worker(load.pk):
        load = actions.check_load(load)
        return apply_checked(load) if load.state == LoadState.CHECKED else load


def apply_checked(load: Load) -> Load:
    return actions.apply_load(load, loader=LOADERS[load.profile.target])


def found_again(load: Load) -> Load:
    """What a load wrote can be found at once."""
    if load.state == LoadState.APPLIED:
        search_index.follow_load(load)
    return load


OF_MONEY = {"grants", "operations", "funding"}


def follow_up(load: Load) -> None:
    """What a load gives people to look at: records that could be one, lines that several sources
    tell, and what now contradicts what."""
    if load.profile.target == "organisations":
        propose_same_as()
    if load.profile.target == "grants":
        propose_numbers(unnumbered(load), load=load)
    if load.profile.target in OF_MONEY:
        propose_line_links(load)
    run_checks()
    make_ready(Moment(timezone.localdate(), timezone.now()))


@task()
def apply_load_task(load_id: int) -> None:
    """What a person accepted on screen (settings.APPLY_TASK); a load killed half-way left nothing and is written again."""
    with actions.sole_worker(load_id) as is_mine:
        load = Load.objects.filter(pk=load_id, state=LoadState.APPLYING).first()
        if not is_mine or load is None:
            return
        try:
            found_again(apply_checked(load))
            follow_up(load)
        except Exception as error:
            actions.give_up(load, error)
            raise
