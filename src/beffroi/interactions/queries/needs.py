"""Needs: what an operator sent and received, on a board and as a list, and the life of each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.models import AnyUser
from beffroi.accounts.roles import may
from beffroi.core.figures import Figure
from beffroi.core.text import search_key
from beffroi.interactions.enums import NEED_SUBJECT, NeedSide, ReferralState
from beffroi.interactions.models import Need, Referral
from beffroi.interactions.rules import needs as rules
from beffroi.reference.models import Item

SUBJECTS = "besoins"
RELATED = ("organisation", "holder", "owner", "subject_item", "place", "by", "item")
CARDS = 12  # of a column of the board; the list has them all
SHOWN = [state for state in ReferralState if state != ReferralState.WITHDRAWN]
LONG = 45  # days after which what was taken up and not closed is marked: the last of the reminders


def need_subjects() -> QuerySet[Item]:
    rows: QuerySet[Item] = Item.objects.of_framework(SUBJECTS).at_level(NEED_SUBJECT)
    return rows.order_by("position", "pk")


def keeps(need: Need, user: AnyUser) -> bool:
    """Who wrote it sends it, takes it back and closes it."""
    return user.is_authenticated and may(user, Permission.NOTE_ACTIVITY) and need.owner_id in user.partner_ids


def receives(referral: Referral, user: AnyUser) -> bool:
    return user.is_authenticated and may(user, Permission.NOTE_ACTIVITY) and referral.partner_id in user.partner_ids


def side_of(side: str, viewer: AnyUser) -> Q:
    """What the reader's institutions sent, or received."""
    own = viewer.partner_ids if viewer.is_authenticated else set()
    return Q(partner__in=own) & ~Q(state=ReferralState.WITHDRAWN) if side == NeedSide.RECEIVED else Q(need__owner__in=own)


def sent_referrals(side: str, viewer: AnyUser) -> QuerySet[Referral]:
    rows: QuerySet[Referral] = Referral.objects.filter(side_of(side, viewer))
    return rows


def unsent_needs(viewer: AnyUser) -> QuerySet[Need]:
    """Open, and in nobody's hands."""
    held = Referral.objects.filter(need=OuterRef("pk"), state__in=rules.OPEN)
    rows: QuerySet[Need] = Need.objects.of(viewer).filter(~Exists(held), closed_on__isnull=True)
    return rows


@dataclass(frozen=True)
class Card:
    """A need on the board: as it was sent, or still to send."""

    need: Need
    referral: Referral | None
    days: int
    is_late: bool
    moves: list[ReferralState]

    @property
    def age(self) -> Figure:
        return Figure(value=self.days, unit=_("jours"))


@dataclass(frozen=True)
class Column:
    code: str
    label: str
    count: int
    cards: list[Card]

    @property
    def others(self) -> int:
        return self.count - len(self.cards)

    @property
    def figure(self) -> Figure:
        return Figure(value=self.count, label=self.label)


def board(side: str, *, viewer: AnyUser, on: date) -> list[Column]:
    """A column for each state, the longest wait first in those that wait, the last first in those that are over."""
    rows = sent_referrals(side, viewer)
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    nth = Window(RowNumber(), partition_by=F("state"), order_by=[F("closed_on").desc(nulls_first=True), F("sent_on"), F("pk")])
    first = rows.annotate(nth=nth).filter(nth__lte=CARDS, state__in=SHOWN).select_related(*_of_need(), "partner")
    cards: dict[str, list[Card]] = {}
    for row in first.order_by("nth", "pk"):
        cards.setdefault(row.state, []).append(card(row, viewer=viewer, on=on))
    columns = [Column(state, str(state.label), counts.get(state, 0), cards.get(state, [])) for state in SHOWN]
    return columns if side == NeedSide.RECEIVED else [_to_send(viewer, on), *columns]


def _of_need() -> tuple[str, ...]:
    return ("need", *(f"need__{name}" for name in RELATED))


def _to_send(viewer: AnyUser, on: date) -> Column:
    rows = unsent_needs(viewer).select_related(*RELATED).order_by("opened_on", "pk")
    shown = list(rows[: CARDS + 1])
    count = rows.count() if len(shown) > CARDS else len(shown)
    cards = [Card(need, None, (on - need.opened_on).days, False, []) for need in shown[:CARDS]]
    return Column("unsent", _("à transmettre"), count, cards)


def card(referral: Referral, *, viewer: AnyUser, on: date) -> Card:
    state = ReferralState(referral.state)
    moves = rules.following(
        state, is_sender=keeps(referral.need, viewer), is_receiver=receives(referral, viewer)
    )  # what may be done of it from here
    days = (on - since(referral)).days
    late = referral.due_on < on if state == ReferralState.WAITING else state == ReferralState.TAKEN_UP and days > LONG
    return Card(referral.need, referral, days, late, moves)


def since(referral: Referral) -> date:
    """The day from which it stands where it is."""
    return referral.closed_on or referral.answered_on or referral.sent_on


def needs_asked(asked: Mapping[str, Any], *, viewer: AnyUser, on: date) -> QuerySet[Need]:
    side = asked.get("side") or NeedSide.SENT
    mine = sent_referrals(side, viewer)
    rows = Need.objects.visible_to(viewer)
    rows = rows.of(viewer) if side == NeedSide.SENT else rows.filter(pk__in=mine.order_by().values("need"))
    if words := search_key(asked.get("q") or ""):
        rows = rows.filter(Q(organisation__sort_key__contains=words) | Q(holder__project__icontains=asked["q"].strip()))
    if asked.get("subject"):
        rows = rows.filter(subject_item=asked["subject"])
    rows = _in_state(rows, asked.get("state") or "", mine, viewer)
    if asked.get("late"):
        late = mine.filter(need=OuterRef("pk"), state=ReferralState.WAITING, due_on__lt=on)
        rows = rows.filter(Exists(late))
    shown = mine.select_related("partner", "service").order_by("sent_on", "pk")
    found: QuerySet[Need] = rows.select_related(*RELATED).prefetch_related(Prefetch("referrals", shown, to_attr="shown"))
    return found


def _in_state(rows: Any, state: str, mine: QuerySet[Referral], viewer: AnyUser) -> Any:
    if state == "unsent":
        return rows.filter(pk__in=unsent_needs(viewer).order_by().values("pk"))
    return rows.filter(Exists(mine.filter(need=OuterRef("pk"), state=state))) if state else rows


def flat(needs: Iterable[Any]) -> Iterator[tuple[Need, Referral | None]]:
    """A line for each operator to whom a need was sent, one for a need that was sent to nobody."""
    for need in needs:
        yield from ((need, referral) for referral in need.shown or [None])


def seen_need(pk: int, viewer: AnyUser) -> Need | None:
    shown = Referral.objects.select_related("partner", "service", "sent_by", "answered_by").prefetch_related("reminders")
    rows = Need.objects.visible_to(viewer).select_related(*RELATED, "visit")
    found: Need | None = rows.prefetch_related(Prefetch("referrals", shown.order_by("sent_on", "pk"))).filter(pk=pk).first()
    return found


def seen_referrals(need: Need, viewer: AnyUser) -> list[Referral]:
    """All for those to whom the need is told by its level; their own for those to whom it was sent."""
    rows = list(need.referrals.all())
    if need.shows_detail_to(viewer):
        return rows
    own = viewer.partner_ids if viewer.is_authenticated else set()
    return [row for row in rows if row.partner_id in own and row.state != ReferralState.WITHDRAWN]


def life(need: Need, referrals: Iterable[Referral], viewer: AnyUser) -> list[dict[str, Any]]:
    """What happened to it, in the order of the days."""
    events = [_event(need.opened_on, _("exprimé"), str(need.owner))]
    for row in referrals:
        events += list(_events_of(row, keeps_why=tells_why(row, need, viewer)))
    if need.closed_on:
        events.append(_event(need.closed_on, _("besoin clos"), need.get_result_display()))
    return sorted(events, key=lambda event: event["day"])


def tells_why(referral: Referral, need: Need, viewer: AnyUser) -> bool:
    """The reason and the words of an answer are for its two sides."""
    own = viewer.partner_ids if viewer.is_authenticated else set()
    return bool({referral.partner_id, need.owner_id} & own)


def _events_of(row: Referral, *, keeps_why: bool) -> Iterator[dict[str, Any]]:
    yield _event(row.sent_on, _("transmis"), str(row.partner))
    for reminder in row.reminders.all():
        yield _event(reminder.on, _("rappel à %(days)s jours") % {"days": reminder.days}, str(row.partner), "watch")
    if row.answered_on and row.state != ReferralState.REFUSED:
        yield _event(row.answered_on, _("pris en charge"), str(row.partner), "good")
    if row.closed_on:
        said = [row.get_reason_display(), row.get_result_display(), row.comment] if keeps_why else []
        sense = {"refused": "bad", "closed": "good"}.get(row.state, "")
        yield _event(row.closed_on, row.get_state_display(), str(row.partner), sense, " · ".join(filter(None, said)))


def _event(day: date, kind: str, title: str, sense: str = "", detail: str = "") -> dict[str, Any]:
    return {"day": day, "kind": kind, "title": title, "sense": sense, "detail": detail, "address": ""}
