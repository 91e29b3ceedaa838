"""Lines that several sources tell: links that a rule makes or proposes, and what people decide of them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import AuditEvent, User
from beffroi.analytics.line_links import SAME, found_links
from beffroi.core.refusals import Refused
from beffroi.funding.enums import NEXT_LINK, LinkAct, LinkState
from beffroi.funding.models import LineLink
from beffroi.funding.queries.links import told_lines
from beffroi.provenance.models import Load

RULES = {
    SAME: "même bénéficiaire, même financeur, même montant, même période, même programme",
    "could be": "même bénéficiaire, même montant, dates ou intitulés proches",
}


@transaction.atomic
def propose_line_links(load: Load | None = None) -> int:
    """What the rules find among the lines of the receivers of a load, or among all; what was proposed, accepted or refused
    once is left as it was decided."""
    known = set(LineLink.objects.values_list("one_id", "other_id").distinct().order_by())
    at, fresh = timezone.now(), []
    for row in found_links(told_lines(load)):
        pair = (int(row["one"]), int(row["other"]))
        if pair in known:
            continue
        state = LinkState.ACCEPTED if row["kind"] == SAME else LinkState.PROPOSED
        fresh.append(
            LineLink(
                one_id=pair[0],
                other_id=pair[1],
                state=state,
                rule=RULES[row["kind"]],
                score=row["score"],
                arguments=row["arguments"],
                recorded_from=at,
                load=load,
            )
        )
    LineLink.objects.bulk_create(fresh, batch_size=1_000)
    if fresh:
        accepted = sum(link.state == LinkState.ACCEPTED for link in fresh)
        subject = ("load", load.pk) if load else None
        record_act(LinkAct.PROPOSED_BY_RULE, by=None, subject=subject, proposed=len(fresh) - accepted, accepted=accepted)
    return len(fresh)


@transaction.atomic
def settle_line_links(links: Sequence[LineLink], *, state: LinkState, reason: str, by: User) -> int:
    """Accepts, refuses, or puts back among the proposals: what was believed before is kept, closed. All of them, or none."""
    if not reason.strip():
        raise Refused("Dites pourquoi : deux lignes se rapprochent ou se séparent avec une raison.")
    if not links:
        raise Refused("Cochez au moins un rapprochement.")
    if wrong := [link for link in links if link.recorded_to or state not in NEXT_LINK[LinkState(link.state)]]:
        label = LinkState(wrong[0].state).label
        raise Refused(f"{len(wrong)} rapprochement(s) ont déjà été décidés (état « {label} ») : rechargez la page.")
    at = timezone.now()
    closed = LineLink.objects.filter(pk__in=[link.pk for link in links], recorded_to__isnull=True).update(recorded_to=at)
    if closed != len(links):
        raise Refused("Quelqu’un vient de décider de ces rapprochements : rechargez la page.")
    made = LineLink.objects.bulk_create([_decided(link, state, reason.strip()[:500], by, at) for link in links])
    acts = [
        AuditEvent(
            act=LinkAct(f"line_link_{state.value}"), by=by, subject_kind="line_link", subject_id=link.pk, detail=_told(link)
        )
        for link in made
    ]
    AuditEvent.objects.bulk_create(acts)
    return len(made)


def _decided(link: LineLink, state: LinkState, reason: str, by: User, at: datetime) -> LineLink:
    return LineLink(
        one_id=link.one_id,
        other_id=link.other_id,
        state=state,
        rule=link.rule if state == LinkState.PROPOSED else "",
        score=link.score,
        arguments=link.arguments,
        load_id=link.load_id,
        reason=reason,
        by=by,
        recorded_from=at,
    )


def _told(link: LineLink) -> dict[str, object]:
    return {"one": link.one_id, "other": link.other_id, "reason": link.reason}
