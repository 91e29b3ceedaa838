"""What the pages of files show: cards with their age, the way gone, the steps as a timeline, what is prefilled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from beffroi.accounts.enums import Permission, Visibility
from beffroi.accounts.models import AnyUser, AuditEvent
from beffroi.accounts.roles import may
from beffroi.actors.models import Organisation
from beffroi.core.figures import Figure
from beffroi.core.text import row_number
from beffroi.funding.enums import Cycle, FundingAct, StepKind
from beffroi.funding.models import Application, Call, Operation, Programme, Step
from beffroi.funding.queries.calls import RELATED as OF_CALLS
from beffroi.funding.queries.files import BoardColumn, as_dated, dated_steps, past_steps
from beffroi.funding.rules import cycles
from beffroi.provenance.queries import Moment

OLD = 60  # days at one step beyond which a card is marked


@dataclass(frozen=True)
class Card:
    file: Any
    days: int | None
    moves: list[StepKind]

    @property
    def age(self) -> Figure:
        return Figure(value=self.days, unit=_("jours"))

    @property
    def step(self) -> str:
        return str(StepKind(self.file.current).label) if self.file.current else ""

    @property
    def is_old(self) -> bool:
        return self.days is not None and self.days > OLD and self.file.current not in cycles.OVER


@dataclass(frozen=True)
class ShownColumn:
    step: StepKind
    count: Figure
    cards: list[Card]
    others: int


def cards(files: Iterable[Any], *, on: date, user: AnyUser | None = None) -> list[Card]:
    return [_card(file, on, user) for file in files]


def _card(file: Any, on: date, user: AnyUser | None) -> Card:
    keeps = user is not None and user.is_authenticated and may(user, Permission.EDIT_FILES)
    is_own = keeps and (file.owner_id is None or file.owner_id in getattr(user, "partner_ids", ()))
    moves = cycles.following(Cycle(file.cycle), StepKind(file.current) if file.current else None) if is_own else []
    return Card(file, (on - file.since).days if file.since else None, moves)


def shown_column(column: BoardColumn, cycle: Cycle, *, on: date, user: AnyUser) -> ShownColumn:
    return ShownColumn(column.step, Figure(value=column.count), cards(column.files, on=on, user=user), column.others)


def possible_steps(application: Application) -> list[StepKind]:
    """What may follow, then what may have been forgotten."""
    cycle, steps = Cycle(application.cycle), dated_steps(application)
    after = cycles.following(cycle, steps[-1].kind if steps else None)
    done = {step.kind for step in steps}
    forgotten = [
        kind
        for kind in StepKind
        if kind in cycles.NEXT[cycle] and kind not in after and (kind not in done or kind in cycles.REPEATED)
        and any(cycles.can_lead(cycle, kind, step.kind) for step in steps)
    ]  # fmt: skip
    return after + forgotten


def missing_to_operation(application: Application) -> list[str]:
    steps = dated_steps(application)
    blockers = cycles.blockers_to_operation(
        cycle=Cycle(application.cycle),
        steps=[step.kind for step in steps],
        current=steps[-1].kind if steps else None,
        has_operation=application.operation_id is not None,
    )
    return [str(blocker.label) for blocker in blockers]


def path(application: Application, steps: list[Step]) -> list[dict[str, str]]:
    """The way of the life cycle: done, current, to do; an exit closes it."""
    done = [StepKind(step.kind) for step in steps]
    current = done[-1] if done else None
    way = list(cycles.PATHS[Cycle(application.cycle)])
    shown = way if current is None or current in way else [*(kind for kind in way if kind in done), current]
    states = {kind: "current" if kind == current else "done" if kind in done else "todo" for kind in shown}
    return [{"label": str(kind.label), "state": state} for kind, state in states.items()]


def events(application: Application, steps: list[Step], *, can_correct: bool = False) -> list[dict[str, Any]]:
    odd = cycles.oddities([as_dated(step) for step in steps], Cycle(application.cycle))
    return [
        {
            "day": step.on,
            "period": "",
            "kind": step.who,
            "title": " ".join(filter(None, [str(step), step.number and _("n° %(number)s") % {"number": step.number}])),
            "detail": " · ".join(filter(None, [step.reason, step.comment, odd.get(step.pk, ""), _origin(step)])),
            "sense": "bad" if step.pk in odd else "watch" if step.kind in cycles.REASONED else "good",
            "address": reverse("funding:correct_step", args=[step.pk]) if can_correct and step.recorded_to is None else "",
        }
        for step in reversed(steps)
    ]


def _origin(step: Step) -> str:
    if step.load is not None:
        return _("%(source)s, ligne %(row)s") % {"source": step.load.snapshot.source, "row": step.row}
    return _("saisi par %(by)s") % {"by": step.by}


def history(application: Application, *, viewer: AnyUser) -> list[dict[str, Any]]:
    """What people did to the file, what they changed in it, and the steps that were corrected; the last first."""
    acts = AuditEvent.objects.filter(subject_kind="application", subject_id=application.pk).select_related("by")
    changed = [FundingAct.APPLICATION_CHANGED, FundingAct.STEP_CORRECTED, FundingAct.STEP_REMOVED]
    found: list[tuple[Any, dict[str, Any]]] = [
        (act.at, _event(act.at, act.by, FundingAct(act.act).label)) for act in acts.exclude(act__in=changed)
    ]
    found += [(step.recorded_to, _corrected(step)) for step in past_steps(application)]
    found += list(_changes(application))
    return [event for _at, event in sorted(found, key=lambda pair: str(pair[0]), reverse=True)]


def _event(at: Any, by: Any, title: object, detail: str = "") -> dict[str, Any]:
    return {
        "day": at,
        "period": "",
        "kind": str(by or _("Beffroi")),
        "title": title,
        "detail": detail,
        "address": "",
        "sense": "",
    }


def _corrected(step: Step) -> dict[str, Any]:
    day = date_format(step.on, "SHORT_DATE_FORMAT") if step.on else _("sans date")
    was = _("Il était écrit : %(step)s, %(day)s") % {"step": step, "day": day}
    return _event(step.recorded_to, step.ended_by, _("étape corrigée ou retirée"), " · ".join(filter(None, [was, step.reason])))


def _changes(application: Application) -> Iterable[tuple[Any, dict[str, Any]]]:
    rows = list(application.history.select_related("history_user").order_by("-history_date", "-history_id"))
    for new, old in zip(rows, rows[1:], strict=False):
        named = [change for change in new.diff_against(old).changes if change.field not in ("sort_key", "operation")]
        said = [f"{_field(change.field)} : « {change.old} » → « {change.new} »" for change in named]
        if said:
            yield new.history_date, _event(new.history_date, new.history_user, _("dossier modifié"), " ; ".join(said))


def _field(name: str) -> str:
    in_cents = {"total_cents": _("coût total (centimes)"), "eligible_cents": _("coût éligible (centimes)")}
    return in_cents.get(name) or str(getattr(Application._meta.get_field(name), "verbose_name", name))


def asked_operation(asked: Mapping[str, Any], viewer: AnyUser) -> Operation | None:
    pk = row_number(asked.get("operation"))
    rows = Operation.objects.visible_to(viewer).filter(application=None)
    found: Operation | None = rows.select_related("programme", "item", "place", "beneficiary").filter(pk=pk).first()
    return found


def prefilled(asked: Mapping[str, Any], viewer: AnyUser, *, on: date) -> dict[str, Any]:
    """What is known already: from the call, from the operation that is taken up, from the organisation that asks."""
    found: dict[str, Any] = {"on": on, "visibility": Visibility.PARTNERS}
    if call := Call.objects.visible_to(viewer).select_related(*OF_CALLS).filter(pk=row_number(asked.get("call"))).first():
        item = call.item.code if call.item else ""
        found |= {"call": call, "programme": call.programme, "cycle": call.cycle, "item_name": item}
    if operation := asked_operation(asked, viewer):
        found |= _of_operation(operation)
    if body := Organisation.objects.visible_to(viewer).filter(pk=row_number(asked.get("organisation"))).first():
        found |= {"applicant": body}
    if programme := Programme.objects.visible_to(viewer).filter(pk=row_number(asked.get("programme"))).first():
        found |= {"programme": programme}
    return found


def _of_operation(operation: Operation) -> dict[str, Any]:
    return {
        "title": operation.title,
        "code": operation.code,
        "description": operation.description,
        "programme": operation.programme,
        "item_name": operation.item.code if operation.item else "",
        "applicant": operation.beneficiary or operation.written_beneficiary,
        "place": operation.place,
        "start": operation.start,
        "end": operation.end,
        "visibility": min(operation.visibility, Visibility.PARTNERS),
    }


def gains(initial: Mapping[str, Any], viewer: AnyUser, moment: Moment) -> dict[str, Any]:
    """At the side of the form: the criteria of the call, and what is known of who asks."""
    body, call = initial.get("applicant"), initial.get("call")
    files = Application.objects.visible_to(viewer).filter(applicant=body) if isinstance(body, Organisation) else []
    gain = _(
        "Le dossier entre au tableau avec son numéro ; son demandeur retrouvé n’est plus à décrire ; son délai court ; "
        "décidé, il devient une opération sans ressaisie."
    )
    return {"gain": gain, "call": call, "criteria": call.criteria.all() if call else [], "known_files": files}
