"""Files: received, corrected, turned into operations."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import Partner, User
from beffroi.actors.enums import RelationKind
from beffroi.core import search
from beffroi.core.refusals import Refused
from beffroi.core.text import search_key
from beffroi.funding.actions.costs import record_costs
from beffroi.funding.actions.lines import record_line
from beffroi.funding.actions.meeting import meet_lines
from beffroi.funding.actions.steps import add_step, hold_file
from beffroi.funding.actions.typing import refuse_impossible
from beffroi.funding.enums import FundingAct, PlaceBasis, Stage, StepKind
from beffroi.funding.models import Application, Call, Operation
from beffroi.funding.queries import operation_search_rows
from beffroi.funding.queries.files import application_search_rows, dated_steps
from beffroi.funding.rules import cycles


@transaction.atomic
def submit_application(
    *,
    owner: Partner,
    by: User,
    on: date,
    at: datetime,
    requested: Mapping[str, Decimal] | None = None,
    operation: Operation | None = None,
    **fields: Any,
) -> Application:
    """`requested`: the amount asked of each origin of funds. A file that is taken up for a known operation has no receipt."""
    if operation is None and (blockers := blockers_to_receiving(on=on, fields=fields)):
        raise Refused(*blockers)
    namespace = f"dossiers:{owner.code}"[:80]
    fields["code"] = fields.get("code") or _free_code(namespace, on.year)
    application = Application(
        owner=owner, namespace=namespace, operation=operation, sort_key=search_key(fields["title"])[:300], **fields
    )
    application.full_clean(exclude=["owner"])
    application.save()
    if operation is None:
        add_step(application, kind=StepKind(next(iter(cycles.NEXT[application.cycle]))), on=on, by=by, at=at)  # type: ignore[index]
    for origin, amount in (requested or {}).items():
        record_line(application, stage=Stage.REQUESTED, origin=origin, amount=amount, stated_on=on, owner=owner, by=by, at=at)
    search.index(application_search_rows([application.pk]))
    record_act(FundingAct.APPLICATION_SUBMITTED, by=by, subject=("application", application.pk))
    return application


def blockers_to_receiving(*, on: date, fields: Mapping[str, Any]) -> list[Any]:
    call: Call | None = fields.get("call")
    return cycles.blockers_to_submission(
        on=on,
        opens=call.opens if call else None,
        closes=call.closes if call else None,
        has_applicant=any(fields.get(name) for name in ("applicant", "holder", "written_applicant")),
    )


def _free_code(namespace: str, year: int) -> str:
    """The next number of the year."""
    taken = Application.objects.filter(namespace=namespace, code__startswith=f"{year}-").values_list("code", flat=True)
    numbers = [int(code[5:]) for code in taken if code[5:].isdigit()]
    return f"{year}-{max(numbers, default=0) + 1:04d}"


@transaction.atomic
def change_application(application: Application, *, by: User, **fields: Any) -> Application:
    for name, value in fields.items():
        setattr(application, name, value)
    application.sort_key = search_key(application.title)[:300]
    application.full_clean(exclude=["owner"])
    application.save()
    search.index(application_search_rows([application.pk]))
    record_act(FundingAct.APPLICATION_CHANGED, by=by, subject=("application", application.pk))
    return application


@transaction.atomic
def turn_into_operation(
    application: Application, *, owner: Partner, by: User, at: datetime, operation: Operation | None = None
) -> Operation:
    """A new operation, or one that a list already gave; the amounts of the file go with it."""
    hold_file(application)
    steps = dated_steps(application)
    blockers = cycles.blockers_to_operation(
        cycle=application.cycle,  # type: ignore[arg-type]
        steps=[step.kind for step in steps],
        current=steps[-1].kind if steps else None,
        has_operation=application.operation_id is not None,
    )
    if blockers:
        raise Refused(*blockers)
    made = operation or _new_operation(application, steps, at)
    record_costs(application, made, owner=owner, by=by, at=at)
    application.operation = made
    application.save(update_fields=["operation"])
    meet_lines(application.pk, made.pk)
    search.index(operation_search_rows([made.pk]))
    record_act(FundingAct.BECAME_OPERATION, by=by, subject=("application", application.pk), operation=made.pk)
    return made


COPIED = ("programme", "namespace", "code", "title", "description", "item", "place", "start", "end", "written_identifier",
          "currency", "sort_key", "owner", "visibility")  # fmt: skip


def _new_operation(application: Application, steps: list[cycles.Dated], at: datetime) -> Operation:
    decision = cycles.DECISION[application.cycle]  # type: ignore[index]
    operation = Operation(
        **{name: getattr(application, name) for name in COPIED},
        place_basis=PlaceBasis.REALISED if application.place_id else PlaceBasis.UNSTATED,
        decided_on=next((step.on for step in steps if step.kind == decision), None),
        beneficiary=application.applicant,
        written_beneficiary=application.applicant_name[:300],
    )
    refuse_impossible(operation)
    operation.save()
    if application.applicant_id:
        operation.partners.create(organisation_id=application.applicant_id, role=RelationKind("leads"), recorded_from=at)
    return operation
