"""Agreements typed by hand or loaded, and the money that their votes and payments are. A framework never becomes money."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from beffroi.accounts.actions import record_act
from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import Partner, User
from beffroi.actors.models import Organisation
from beffroi.core import search
from beffroi.core.refusals import Refused
from beffroi.core.text import digest
from beffroi.funding.enums import AgreementAct, Instrument, PartyRole, Stage
from beffroi.funding.models import (
    CENTS,
    Agreement,
    AgreementParty,
    Deliberation,
    DocumentDue,
    Instalment,
    Line,
    LineClaim,
    Programme,
)
from beffroi.funding.models.agreements import AgreementPart
from beffroi.funding.queries.agreements import (
    agreement_search_rows,
    blockers_to_holding_money,
    blockers_to_paying,
    blockers_to_voting,
    blockers_to_voting_less,
    party_of,
)
from beffroi.funding.rules.agreements import origin_of
from beffroi.provenance.models import Load
from beffroi.reference.enums import FrameworkKind
from beffroi.reference.models import Framework

# The money of agreements that name no programme
NO_PROGRAMME = "conventions"
Part = TypeVar("Part", bound=AgreementPart)


@transaction.atomic
def add_agreement(
    *, owner: Partner, by: User, funder: Organisation | None = None, beneficiary: Organisation | None = None, **fields: Any
) -> Agreement:
    agreement = Agreement(owner=owner, namespace=owner.code, **fields)
    agreement.full_clean()
    agreement.save()
    for role, organisation in ((PartyRole.FUNDER, funder), (PartyRole.BENEFICIARY, beneficiary)):
        if organisation is not None:
            AgreementParty.objects.create(agreement=agreement, organisation=organisation, role=role)
    search.index(agreement_search_rows([agreement.pk]))
    record_act(AgreementAct.ADDED, by=by, subject=("agreement", agreement.pk), code=agreement.code)
    return agreement


@transaction.atomic
def change_agreement(agreement: Agreement, *, by: User, **fields: Any) -> Agreement:
    """Its votes and payments follow: whose they are, under which programme, and who sees them."""
    _hold(agreement.pk)
    for name, value in fields.items():
        setattr(agreement, name, value)
    agreement.full_clean()
    agreement.save()
    _restate_money(agreement, by=by)
    search.index(agreement_search_rows([agreement.pk]))
    record_act(AgreementAct.CHANGED, by=by, subject=("agreement", agreement.pk))
    return agreement


@transaction.atomic
def save_part(part: Part, *, by: User, **fields: Any) -> Part:
    """A party, a measure, an amendment... of an agreement, new or changed. A vote of money is checked first."""
    agreement = _hold(_agreement_of(part))
    for name, value in fields.items():
        setattr(part, name, value)
    if isinstance(part, Deliberation):
        _refuse_vote(part, agreement)
    part.full_clean()
    part.save()
    act = AgreementAct.PART_SAVED
    if isinstance(part, Deliberation) and (part.cents or part.line_id):
        _state_money(part, said={"by": by})
        act = AgreementAct.VOTE_RECORDED
    elif isinstance(part, AgreementParty):
        _restate_money(agreement, by=by)
    record_act(act, by=by, subject=("agreement", _agreement_of(part)), part=type(part).__name__, row=part.pk)
    return part


@transaction.atomic
def remove_part(part: AgreementPart, *, by: User) -> None:
    """What it said of money no longer stands; its history keeps it."""
    agreement = _hold(_agreement_of(part))
    part.refresh_from_db()  # it may have been paid since the page was shown
    if isinstance(part, Deliberation) and (blockers := blockers_to_voting_less(part, cents=0)):
        raise Refused(*blockers)
    if isinstance(part, Deliberation | Instalment) and part.line_id:
        _withdraw(part.line_id)
    record_act(AgreementAct.PART_REMOVED, by=by, subject=("agreement", agreement.pk), part=type(part).__name__, said=str(part))
    part.delete()
    if isinstance(part, AgreementParty):
        _restate_money(agreement, by=by)


@transaction.atomic
def record_payment(instalment: Instalment, *, cents: int, on: date, by: User) -> Instalment:
    _hold(instalment.agreement_id)
    instalment = Instalment.objects.select_for_update().select_related("agreement").get(pk=instalment.pk)
    if blockers := blockers_to_paying(instalment, cents=cents, on=on):
        raise Refused(*blockers)
    instalment.paid_cents, instalment.paid_on = cents, on
    instalment.full_clean()
    instalment.save()
    _state_money(instalment, said={"by": by})
    record_act(AgreementAct.PAYMENT_RECORDED, by=by, subject=("agreement", instalment.agreement_id), instalment=instalment.pk)
    return instalment


@transaction.atomic
def receive_document(document: DocumentDue, *, on: date, note: str = "", by: User) -> DocumentDue:
    document.received_on = on
    document.note = note or document.note
    document.full_clean()
    document.save()
    record_act(AgreementAct.DOCUMENT_RECEIVED, by=by, subject=("agreement", document.agreement_id), document=document.pk)
    return document


def state_loaded_vote(vote: Deliberation, *, load: Load, row: int) -> Deliberation:
    """A vote that a row of a file states; the load is the transaction and the trace."""
    if vote.cents and (blockers := blockers_to_voting(vote)):
        raise Refused(*blockers)
    vote.save()
    if vote.cents or vote.line_id:
        _state_money(vote, said={"load": load, "row": row})
    return vote


def withdraw_votes(rows: Iterable[tuple[int, int]], *, at: datetime) -> None:
    """What rows of files said was voted, by load and row, no longer stands."""
    said = {(load, row) for load, row in rows}
    current = LineClaim.objects.filter(line__deliberation__isnull=False, recorded_to__isnull=True)
    found = current.filter(load__in={load for load, _ in said}).values_list("pk", "load_id", "row")
    gone = [pk for pk, load, row in found if (load, row) in said]
    LineClaim.objects.filter(pk__in=gone).update(recorded_to=at)


def _agreement_of(part: AgreementPart) -> int:
    return int(part.agreement_id)  # type: ignore[attr-defined]


def _hold(agreement: int) -> Agreement:
    """Until the end of the transaction: two people who vote, pay or name a party at once do it one after the other."""
    held: Agreement = Agreement.objects.select_for_update().get(pk=agreement)
    return held


def _refuse_vote(vote: Deliberation, agreement: Agreement) -> None:
    vote.agreement = agreement
    blockers = blockers_to_voting(vote) if vote.cents else []
    if blockers := blockers + blockers_to_voting_less(vote, cents=vote.cents or 0):
        raise Refused(*blockers)


def _restate_money(agreement: Agreement, *, by: User) -> None:
    """The votes and payments that stand say whose they are now; an agreement that holds some stays one that may."""
    stands = Q(line__claims__recorded_to__isnull=True, line__claims__isnull=False)
    rows: list[Deliberation | Instalment] = [
        *agreement.deliberations.filter(stands).distinct(),
        *agreement.instalments.filter(stands).distinct(),
    ]
    if rows and (blockers := blockers_to_holding_money(agreement)):
        raise Refused(*blockers)
    for row in rows:
        row.agreement = agreement
        _state_money(row, said={"by": by})


def _state_money(row: Deliberation | Instalment, *, said: dict[str, Any]) -> None:
    """The line that a vote or a payment is, with what is now said of it; `said`: by whom, or by which row of a file."""
    is_vote = isinstance(row, Deliberation)
    cents = row.cents if isinstance(row, Deliberation) else row.paid_cents
    if row.line is None:
        row.line = _new_line(row, Stage.VOTED if is_vote else Stage.PAID)
        row.save(update_fields=["line"])
    for name, value in _facts_of(row).items():
        setattr(row.line, name, value)
    row.line.save()
    stated_on = row.on if isinstance(row, Deliberation) else row.paid_on
    current = row.line.claims.filter(recorded_to__isnull=True).first()
    told = (cents, stated_on, row.line.visibility)
    if current is None or (current.cents, current.stated_on, current.visibility) != told:
        _withdraw(row.line.pk)
        _claim(row.line, cents, {**said, "stated_on": stated_on})


def _new_line(row: Deliberation | Instalment, stage: Stage) -> Line:
    return Line.objects.create(digest=digest("agreement", type(row).__name__, str(row.pk)), stage=stage, **_facts_of(row))


def _facts_of(row: Deliberation | Instalment) -> dict[str, Any]:
    agreement = row.agreement
    fund, receiver = party_of(agreement, PartyRole.FUNDER), party_of(agreement, PartyRole.BENEFICIARY)
    start, end, written = _period_of(row)
    return {
        "programme": agreement.programme or _programme_of_agreements(),
        "fund": fund,
        "payer": fund,
        "receiver": receiver,
        "origin": origin_of(fund.kind if fund else ""),
        "instrument": Instrument.GRANT,
        "start": start,
        "end": end,
        "written_period": written,
        "detail": f"convention={agreement.code}"[:500],
        "aid_regime": agreement.aid_regime,
        "owner": agreement.owner,
        # What is voted is known to partners at least, whoever keeps the text of the agreement
        "visibility": min(agreement.visibility, Visibility.PARTNERS),
    }


def _period_of(row: Deliberation | Instalment) -> tuple[date, date, str]:
    if isinstance(row, Deliberation):
        year = row.year or row.on.year
        return date(year, 1, 1), date(year, 12, 31), str(year)
    assert row.paid_on is not None
    return row.paid_on, row.paid_on, row.paid_on.isoformat()


def _programme_of_agreements() -> Programme:
    framework, _ = Framework.objects.get_or_create(
        code=NO_PROGRAMME, defaults={"label": "Conventions sans programme", "kind": FrameworkKind.PROGRAMME}
    )
    return Programme.objects.get_or_create(framework=framework)[0]


def _withdraw(line: int) -> None:
    LineClaim.objects.filter(line=line, recorded_to__isnull=True).update(recorded_to=timezone.now())


def _claim(line: Line, cents: int | None, said: dict[str, Any]) -> None:
    if cents is None:
        return
    LineClaim.objects.create(
        line=line,
        cents=cents,
        **said,
        key=line.digest,
        content_hash=digest(str(cents)),
        as_written=f"{cents / CENTS:.2f} €",
        recorded_from=timezone.now(),
        owner=line.owner,
        visibility=line.visibility,
    )
