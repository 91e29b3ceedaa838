"""A financing plan and its versions from a file: one row an amount."""

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl
from django.utils import timezone

from beffroi.actors.enums import OrganisationKind
from beffroi.actors.models import Organisation
from beffroi.funding.enums import ContractStatus, Origin, VersionKind, VersionState
from beffroi.funding.loads.desk.envelopes import year_of
from beffroi.funding.loads.desk.finding import Finder, Unfound, cents_of, fraction_of_cent
from beffroi.funding.loads.desk.writing import build, remove_unstated, write
from beffroi.funding.models import FinancingPlan, PlanCell, PlanVersion, Programme
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements
from beffroi.provenance.models import Load, Statement

CELL = "plan_cell"
ORIGINS: dict[str, Origin] = {
    OrganisationKind.STATE: Origin.STATE,
    OrganisationKind.REGION: Origin.REGION,
    OrganisationKind.DEPARTMENT: Origin.DEPARTMENT,
    OrganisationKind.METROPOLIS: Origin.MUNICIPAL,
}


def plan_cells(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=lambda rows: _cells(rows, load), close=remove_unstated(CELL, PlanCell))


def _cells(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    finder = Finder(load, rows, ("funder",))
    versions = Versions(load)
    made = [(row, finder_row(finder, row)) for row in rows]
    kinds = dict(Organisation.objects.filter(pk__in=[org for _, (_, org) in made if org]).values_list("pk", "kind"))

    def make(row: StatedRow) -> PlanCell:
        programme = finder.programme(row)
        item, funder = finder.item(row, programme), finder.organisation(row, "funder")
        if fraction_of_cent(row, "amount"):
            raise Unfound("amount", "Un montant s’arrête au centime : rien n’est arrondi à la place de la source.")
        year = year_of(row)
        return PlanCell(
            version=versions.of(row, programme),
            item_id=item,
            funder_id=funder,
            origin=row.text("origin") or ORIGINS.get(kinds.get(funder or 0, ""), Origin.UNSTATED),
            year=year,
            contract_status=row.text("contract_status") or ContractStatus.CONTRACTUALISED,
            cents=cents_of(row, "amount") or 0,
        )

    built, refusals = build(rows, make)
    yield from refusals
    yield from write(built, kind=CELL, load=load, said=("cents",))


def finder_row(finder: Finder, row: StatedRow) -> tuple[StatedRow, int | None]:
    try:
        return row, finder.organisation(row, "funder")
    except Unfound:
        return row, None


class Versions:
    """The versions that the rows of a file belong to; all the rows of one say the same of it."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.found: dict[tuple[int, int], PlanVersion] = {}
        self.said: dict[tuple[int, int], dict[str, Any]] = {}

    def of(self, row: StatedRow, programme: Programme) -> PlanVersion:
        place = (programme.pk, row["version"])
        said = self._said(row)
        if self.said.setdefault(place, said) != said:
            sentence = (
                "Les lignes de cette version n’ont pas toutes le même intitulé, la même nature, le même état et la même date."
            )
            raise Unfound("version", sentence)
        if place not in self.found:
            self.found[place] = self._version(programme, row["version"], said)
        return self.found[place]

    def _said(self, row: StatedRow) -> dict[str, Any]:
        state = row.text("state") or VersionState.PROPOSED
        if state == VersionState.IN_FORCE and row["decided_on"] is None:
            raise Unfound("decided_on", "Une version en vigueur a la date de sa décision : remplissez cette colonne.")
        label = row.text("label") or f"Version {row['version']}"
        kind = row.text("kind") or VersionKind.INITIAL
        return {"label": label[:200], "kind": kind, "state": state, "decided_on": row["decided_on"]}

    def _version(self, programme: Programme, number: int, said: dict[str, Any]) -> PlanVersion:
        plan = FinancingPlan.objects.get_or_create(programme=programme)[0]
        held = plan.versions.filter(number=number).first()
        if held is not None and not self._is_ours(held):
            raise Unfound(
                "version",
                f"La version n° {number} a été saisie à l’écran ou vient d’une autre source : donnez un autre numéro.",
            )
        current = plan.versions.filter(state=VersionState.IN_FORCE).exclude(number=number).first()
        if said["state"] == VersionState.IN_FORCE and current is not None:
            raise Unfound(
                "state",
                f"La version n° {current.number} est déjà en vigueur : chargez celle-ci comme proposée, puis mettez-la en "
                f"vigueur à l’écran.",
            )
        defaults = {**said, "at": timezone.now(), "owner": self.load.owner, "visibility": self.load.visibility}
        return PlanVersion.objects.update_or_create(plan=plan, number=number, defaults=defaults)[0]

    def _is_ours(self, version: PlanVersion) -> bool:
        cells = version.cells.order_by().values("pk")
        rows = Statement.objects.filter(subject_kind=CELL, subject_id__in=cells)
        return not cells.exists() or rows.filter(load__snapshot__source=self.load.snapshot.source_id).exists()
