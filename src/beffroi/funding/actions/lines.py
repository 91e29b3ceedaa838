"""Amounts typed by hand: each is a claim on a line, which faces what files claim of the same line."""

from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import Partner, User
from beffroi.core.refusals import Refused
from beffroi.core.text import digest
from beffroi.funding.enums import FundingAct, Instrument, Origin, Stage
from beffroi.funding.models import CENTS, Application, Line, LineClaim, Operation
from beffroi.funding.queries.lines import facts_of, lines_about
from beffroi.funding.rules import cycles
from beffroi.funding.rules.lines import LineFacts, same_lines
from beffroi.provenance.actions import record_typed_claim, withdraw_typed_claim

ORGANISATIONS = ("fund", "manager", "payer", "receiver")
TOLD_APART = ("stage", "fund", "origin", "instrument", "currency", "start", "end")


@transaction.atomic
def record_line(
    about: Application | Operation,
    *,
    stage: Stage,
    amount: Decimal,
    stated_on: date,
    owner: Partner,
    by: User,
    at: datetime,
    line: Line | None = None,
    as_written: str = "",
    **said: Any,
) -> LineClaim:
    """`said`: fund, manager, payer, receiver, instrument, origin, currency, start, end, written_period. `line`: the known line
    that the amount is about; without it, the one line that the amount could be about, or a new one."""
    known = line or _same_line(about, {"stage": stage, **said}) or _new_line(about, {"stage": stage, **said}, owner)
    claim = record_typed_claim(
        known,
        claims=LineClaim,
        link="line",
        values={"cents": int((amount * CENTS).to_integral_value(ROUND_HALF_EVEN))},
        as_written=as_written or f"{amount:f}",
        stated_on=stated_on,
        owner=owner,
        visibility=cycles.seen_at_stage(known.stage, about.visibility),
        by=by,
        at=at,
    )
    subject = ("operation" if isinstance(about, Operation) else "application", about.pk)
    record_act(FundingAct.LINE_RECORDED, by=by, subject=subject, line=known.pk, stage=known.stage)
    assert isinstance(claim, LineClaim)
    return claim


@transaction.atomic
def withdraw_line_claim(claim: LineClaim, *, by: User, at: datetime) -> LineClaim:
    """What a person typed no longer stands; what files say of the same line does."""
    withdraw_typed_claim(claim, at=at)
    record_act(FundingAct.LINE_WITHDRAWN, by=by, subject=("line", claim.line_id), claim=claim.pk)
    return claim


def _same_line(about: Application | Operation, said: dict[str, Any]) -> Line | None:
    lines = {line.pk: line for line in lines_about(about)}
    found = same_lines(_facts(said), [facts_of(line) for line in lines.values()])
    if len(found) > 1:
        raise Refused(
            _("Plusieurs montants connus correspondent : choisissez lequel, ou précisez financeur, instrument ou période.")
        )
    return lines[found[0]] if found else None


def _facts(said: dict[str, Any]) -> LineFacts:
    fund = said.get("fund")
    named = {name: said[name] for name in TOLD_APART if name != "fund" and said.get(name) is not None}
    return LineFacts(fund=fund.pk if fund else None, **named)


def _new_line(about: Application | Operation, said: dict[str, Any], owner: Partner) -> Line:
    fields = {"instrument": Instrument.UNSTATED, "origin": Origin.UNSTATED, "currency": about.currency} | _place_of(about)
    fields |= {name: value for name, value in said.items() if value not in (None, "")}
    kind = "operation" if isinstance(about, Operation) else "application"
    parts = [fields.get(name) for name in (*TOLD_APART, *ORGANISATIONS)]
    named = [None if part is None else str(getattr(part, "pk", part)) for part in parts]
    visibility = cycles.seen_at_stage(str(said["stage"]), about.visibility)
    line: Line = Line.objects.get_or_create(
        digest=digest("typed", kind, str(about.pk), *named), defaults={**fields, "owner": owner, "visibility": visibility}
    )[0]
    return line


def _place_of(about: Application | Operation) -> dict[str, Any]:
    """Where a new line stands: in its file, its operation, or both."""
    shared = {"programme": about.programme, "item": about.item}
    if isinstance(about, Operation):
        application = Application.objects.filter(operation=about).first()
        return {**shared, "operation": about, "application": application, "receiver": about.beneficiary}
    return {**shared, "operation": about.operation, "application": about, "receiver": about.applicant}
