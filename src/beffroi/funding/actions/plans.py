"""Versions of a financing plan and their amounts."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from beffroi.accounts.actions import record_act
from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import Partner, User
from beffroi.core.refusals import Refused
from beffroi.funding.actions.typing import refuse_impossible, refuse_twin, refuse_unseen
from beffroi.funding.enums import ProgrammeAct, VersionKind, VersionState
from beffroi.funding.models import CENTS, FinancingPlan, PlanCell, PlanVersion, Programme
from beffroi.funding.queries.desk.cells import cells_of, in_force
from beffroi.funding.rules.plans import CellKey, Cells, blockers_to_adoption, blockers_to_withdrawal


def plan_of(programme: Programme) -> FinancingPlan:
    return FinancingPlan.objects.get_or_create(programme=programme)[0]


@transaction.atomic
def open_version(
    programme: Programme, *, label: str, kind: str, by: User | None, owner: Partner | None, visibility: int, **values: Any
) -> PlanVersion:
    """A proposal, empty or with the amounts of the version it starts from."""
    plan = plan_of(programme)
    FinancingPlan.objects.select_for_update().get(pk=plan.pk)  # two people who open one at once get two numbers
    last = plan.versions.aggregate(last=Max("number"))["last"] or 0
    version = PlanVersion.objects.create(
        plan=plan,
        number=last + 1,
        label=label.strip(),
        kind=kind,
        by=by,
        at=timezone.now(),
        owner=owner,
        visibility=visibility,
        **values,
    )
    if version.based_on is not None:
        write_cells(version, cells_of(version.based_on))
    record_act(ProgrammeAct.VERSION_OPENED, by=by, subject=("plan_version", version.pk), kind=kind)
    return version


def write_cells(version: PlanVersion, cells: Cells) -> None:
    """At once; the history of an amount begins with the version that holds it."""
    rows = [_cell(version, key, amount) for key, amount in cells.items()]
    PlanCell.objects.bulk_create(rows, batch_size=500)


def _cell(version: PlanVersion, key: CellKey, amount: Decimal) -> PlanCell:
    cell = PlanCell(
        version=version,
        item_id=key.item or None,
        funder_id=key.funder or None,
        origin=key.origin,
        year=key.year or None,
        contract_status=key.status,
        cents=int(amount * CENTS),
    )
    cell.digest = cell.identity
    return cell


@transaction.atomic
def save_cell(cell: PlanCell, *, by: User, seen: str = "", **values: Any) -> PlanCell:
    """Only a proposal is typed: what was decided on changes by an amendment."""
    _refuse_decided(cell.version)
    if cell.pk is not None:
        refuse_unseen(cell, seen)
    for name, value in values.items():
        setattr(cell, name, value)
    cell.digest = cell.identity
    said = _("Cette version a déjà un montant pour cet élément, ce financeur, cette année et ce statut : corrigez-le.")
    refuse_twin(cell, cell.digest, said=said, version=cell.version)
    refuse_impossible(cell)
    cell.save()
    record_act(ProgrammeAct.CELL_SAVED, by=by, subject=("plan_version", cell.version_id), cents=cell.cents)
    return cell


@transaction.atomic
def remove_cell(cell: PlanCell, *, by: User, seen: str) -> None:
    _refuse_decided(cell.version)
    refuse_unseen(cell, seen)
    record_act(ProgrammeAct.CELL_REMOVED, by=by, subject=("plan_version", cell.version_id), cents=cell.cents)
    cell.delete()


def _refuse_decided(version: PlanVersion) -> None:
    held = PlanVersion.objects.select_for_update().get(pk=version.pk)
    if not held.is_open:
        raise Refused(_("Les montants d’une version décidée ne se corrigent pas : ils changent par un avenant."))


def adoption_blockers(version: PlanVersion) -> list[str]:
    """What keeps a version from being in force, for the screen and for the act. A first version, or one revised as a whole,
    starts from no other."""
    current = in_force(version.plan)
    is_on_it = version.kind == VersionKind.MID_TERM or current is None or version.based_on_id == current.pk
    return blockers_to_adoption(state=version.state, is_on_the_one_in_force=is_on_it, cells=version.cells.count())


def keeper_of(version: PlanVersion) -> int | None:
    """Which institution decides that a version enters into force: the one that keeps the version in force, else its own."""
    current = in_force(version.plan)
    return version.owner_id if current is None or current.owner_id is None else current.owner_id


@transaction.atomic
def adopt_version(version: PlanVersion, *, decided_on: date, by: User | None) -> PlanVersion:
    """The version in force until then is replaced, and stays to be read. What is in force is kept by the same institution and
    seen by those who saw what it replaces, by partners at least."""
    FinancingPlan.objects.select_for_update().get(pk=version.plan_id)
    version.refresh_from_db()
    if blockers := adoption_blockers(version):
        raise Refused(*blockers)
    keeper = keeper_of(version)
    if by is not None and keeper is not None and keeper not in by.partner_ids:
        raise Refused(
            _("La maquette en vigueur est tenue par une autre institution : c’est elle qui adopte ce qui la remplace.")
        )
    version.visibility = min(version.visibility, Visibility.PARTNERS)
    if (current := in_force(version.plan)) is not None:
        current.state = VersionState.REPLACED
        current.save(update_fields=["state"])
        version.visibility = min(version.visibility, current.visibility)
    version.owner_id = keeper
    version.state, version.decided_on = VersionState.IN_FORCE, decided_on
    version.save(update_fields=["state", "decided_on", "owner", "visibility"])
    record_act(ProgrammeAct.VERSION_ADOPTED, by=by, subject=("plan_version", version.pk), decided_on=decided_on.isoformat())
    return version


@transaction.atomic
def withdraw_version(version: PlanVersion, *, reason: str, by: User) -> PlanVersion:
    PlanVersion.objects.select_for_update().get(pk=version.pk)
    version.refresh_from_db()
    if blockers := blockers_to_withdrawal(state=version.state):
        raise Refused(*blockers)
    version.state = VersionState.WITHDRAWN
    version.save(update_fields=["state"])
    record_act(ProgrammeAct.VERSION_WITHDRAWN, by=by, subject=("plan_version", version.pk), reason=reason)
    return version
