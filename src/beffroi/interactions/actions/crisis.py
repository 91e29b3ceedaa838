"""Crisis cells: who is a member, which companies are followed. The audit trail says who did what, never of which company."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import Partner, User
from beffroi.core.refusals import Refused
from beffroi.interactions.enums import CrisisAct, CrisisBlocker, WayOut
from beffroi.interactions.models import CrisisCase, CrisisCell, CrisisMember, CrisisTreatment
from beffroi.interactions.queries import crisis as queries
from beffroi.interactions.rules import crisis as rules


def _refuse(blockers: Sequence[CrisisBlocker]) -> None:
    if blockers:
        raise Refused(*blockers)


def _hold(cell: CrisisCell) -> None:
    """Two people who act on a cell at once do it one after the other."""
    cell.until = CrisisCell.objects.select_for_update(no_key=True).get(pk=cell.pk).until


def _hold_case(case: CrisisCase) -> None:
    _hold(case.cell)
    held = CrisisCase.objects.select_for_update(no_key=True).get(pk=case.pk)
    case.out_on, case.way_out = held.out_on, held.way_out


@transaction.atomic
def open_cell(name: str, *, owner: Partner, since: date, by: User) -> CrisisCell:
    """Whoever opens it leads it: nobody else of the institution sees it until named."""
    cell = CrisisCell.objects.create(name=name.strip(), owner=owner, since=since)
    CrisisMember.objects.create(cell=cell, user=by, leads=True, since=since)
    record_act(CrisisAct.CELL_OPENED, by=by, subject=("crisis_cell", cell.pk))
    return cell


@transaction.atomic
def close_cell(cell: CrisisCell, *, until: date, by: User) -> CrisisCell:
    _hold(cell)
    _refuse(rules.blockers_to_closing(followed=cell.cases.filter(out_on__isnull=True).count()))
    cell.until = max(until, cell.since)
    cell.save(update_fields=["until"])
    record_act(CrisisAct.CELL_CLOSED, by=by, subject=("crisis_cell", cell.pk))
    return cell


@transaction.atomic
def add_member(cell: CrisisCell, user: User, *, leads: bool, since: date, by: User) -> CrisisMember:
    """Somebody who is already a member may be given the lead."""
    _hold(cell)
    present = queries.present_member(cell, user)
    gains_lead = present is not None and leads and not present.leads
    _refuse(
        rules.blockers_to_naming(
            can_sign_in=user.is_active and bool(user.partner_ids),
            is_member=present is not None and not gains_lead,
            is_closed=cell.until is not None,
        )
    )
    member = present or CrisisMember(cell=cell, user=user, since=since)
    member.leads = leads
    member.save()
    record_act(CrisisAct.MEMBER_ADDED, by=by, subject=("crisis_cell", cell.pk), member=user.pk, leads=leads)
    return member


@transaction.atomic
def name_a_lead(cell: CrisisCell, user: User, *, since: date, by: User) -> CrisisMember:
    """When nobody who leads it can sign in any more, the institution's administrator hands it over, without seeing it."""
    _hold(cell)
    _refuse([CrisisBlocker.HAS_A_LEAD] if queries.present_leads(cell).exists() else [])
    return add_member(cell, user, leads=True, since=since, by=by)


@transaction.atomic
def remove_member(cell: CrisisCell, user: User, *, until: date, by: User) -> None:
    """From the next page on, the person sees nothing of the cell."""
    _hold(cell)
    present = queries.present_member(cell, user)
    leads = present is not None and present.leads
    others = queries.present_leads(cell).exclude(user=user).count()
    _refuse(rules.blockers_to_removing(is_member=present is not None, leads=leads, other_leads=others))
    assert present is not None
    present.until = max(until, present.since)
    present.save(update_fields=["until"])
    record_act(CrisisAct.MEMBER_REMOVED, by=by, subject=("crisis_cell", cell.pk), member=user.pk)


@transaction.atomic
def open_case(cell: CrisisCell, *, by: User, **fields: Any) -> CrisisCase:
    _hold(cell)
    followed = cell.cases.filter(out_on__isnull=True)
    organisation = fields.get("organisation")
    is_followed = organisation is not None and followed.filter(organisation=organisation).exists()
    _refuse(rules.blockers_to_following(is_closed=cell.until is not None, is_followed=is_followed))
    case = CrisisCase.objects.create(cell=cell, by=by, **fields)
    record_act(CrisisAct.CASE_OPENED, by=by, subject=("crisis_case", case.pk))
    return case


@transaction.atomic
def change_case(case: CrisisCase, *, by: User, **fields: Any) -> CrisisCase:
    _hold_case(case)
    _refuse([CrisisBlocker.CLOSED_CELL] if case.cell.until else [])
    for name, value in fields.items():
        setattr(case, name, value)
    case.save()
    record_act(CrisisAct.CASE_CHANGED, by=by, subject=("crisis_case", case.pk))
    return case


@transaction.atomic
def note_treatment(case: CrisisCase, *, label: str, on: date, by: User, **fields: Any) -> CrisisTreatment:
    _hold_case(case)
    _refuse([CrisisBlocker.CLOSED_CELL] if case.cell.until else [])
    treatment = CrisisTreatment.objects.create(case=case, label=" ".join(label.split()), on=on, **fields)
    record_act(CrisisAct.TREATMENT_NOTED, by=by, subject=("crisis_case", case.pk))
    return treatment


@transaction.atomic
def leave_cell(case: CrisisCase, *, way_out: WayOut, on: date, by: User) -> CrisisCase:
    _hold_case(case)
    _refuse(rules.blockers_to_leaving(since=case.since, out_on=case.out_on, on=on))
    case.way_out, case.out_on = way_out, on
    case.save(update_fields=["way_out", "out_on"])
    record_act(CrisisAct.CASE_LEFT, by=by, subject=("crisis_case", case.pk))
    return case
