"""What the members of a cell see of it: its board, its totals with the part that nobody stated."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.models import AnyUser, Membership, User
from beffroi.accounts.queries import administered
from beffroi.actors.models import Organisation
from beffroi.connectors.identifiers import siren_of
from beffroi.core.figures import Figure, Number
from beffroi.core.text import search_key
from beffroi.funding.queries.named import named_organisations
from beffroi.interactions.enums import CrisisCause, WayOut
from beffroi.interactions.models import CrisisCase, CrisisCell, CrisisMember
from beffroi.interactions.rules.crisis import LARGEST, SIZES, is_silent, size_of

SIZE_LABELS = {
    "under_10": gettext_lazy("moins de 10 salariés"),
    "10_50": gettext_lazy("10 à 50 salariés"),
    "51_250": gettext_lazy("51 à 250 salariés"),
    "over_250": gettext_lazy("plus de 250 salariés"),
}
FOLLOWED = "followed"


def present_member(cell: CrisisCell, user: User) -> CrisisMember | None:
    return cell.members.filter(user=user, until__isnull=True).first()


def present_leads(cell: CrisisCell) -> QuerySet[CrisisMember]:
    """Those who lead it and can still sign in."""
    current = Membership.objects.current().filter(user=OuterRef("user"))
    return cell.members.filter(Exists(current), leads=True, until__isnull=True, user__is_active=True)


def leads_cell(cell: CrisisCell, user: AnyUser) -> bool:
    return user.is_authenticated and present_leads(cell).filter(user=user.pk).exists()


def companies_called(text: str, *, viewer: AnyUser) -> list[Organisation]:
    """Of this number, or of exactly this name: part of a name never picks a company by itself."""
    found = named_organisations(text, viewer=viewer)
    key = search_key(text)
    return [one for one in found if siren_of(text) or key in (one.sort_key, search_key(one.acronym))]


def cells_seen(user: AnyUser) -> QuerySet[CrisisCell]:
    followed = Count("cases", filter=Q(cases__out_on__isnull=True), distinct=True)
    members = Count("members", filter=Q(members__until__isnull=True), distinct=True)
    cells = CrisisCell.objects.visible_to(user).select_related("owner")
    return cells.annotate(followed=followed, every=Count("cases", distinct=True), named=members)


def cells_without_lead(user: AnyUser) -> QuerySet[CrisisCell]:
    """Of the institutions that this person administers: cells that nobody can open any more."""
    if not user.is_authenticated:
        return CrisisCell.objects.none()
    current = Membership.objects.current().filter(user=OuterRef("user"))
    led = CrisisMember.objects.filter(
        Exists(current), cell=OuterRef("pk"), leads=True, until__isnull=True, user__is_active=True
    )
    return CrisisCell.objects.filter(~Exists(led), owner__in=administered(user), until__isnull=True)


def cases_of(cell: CrisisCell, user: AnyUser) -> QuerySet[CrisisCase]:
    rows = CrisisCase.objects.visible_to(user).filter(cell=cell).select_related("organisation", "by")
    return rows.prefetch_related("treatments").order_by("out_on", "since", "pk")


@dataclass(frozen=True)
class Card:
    """A company on the board; its age counts from its entry, its silence from the last treatment."""

    case: CrisisCase
    treatments: Sequence[str]
    days: int
    last_news: date
    is_silent: bool

    @property
    def age(self) -> Figure:
        return Figure(value=self.days, unit=_("jours"))

    @property
    def need(self) -> Figure:
        return Figure(value=self.case.need, unit="€")

    @property
    def jobs(self) -> Figure:
        return Figure(value=self.case.jobs)

    @property
    def size(self) -> str:
        return str(SIZE_LABELS.get(size_of(self.case.headcount), ""))


def cards(cases: Iterable[CrisisCase], *, on: date) -> list[Card]:
    return [_card(case, on) for case in cases]


def _card(case: CrisisCase, on: date) -> Card:
    treatments = list(case.treatments.all())
    last = max([case.since, *(row.on for row in treatments)])
    labels = list({search_key(row.label): row.label for row in treatments}.values())
    end = case.out_on or on
    return Card(case, labels, max(0, (end - case.since).days), last, is_silent(last, out_on=case.out_on, on=on))


@dataclass(frozen=True)
class Group:
    """A column of the board and a line of the totals. `key` is empty where nobody said."""

    key: str
    label: str
    cards: Sequence[Card]

    @property
    def count(self) -> Figure:
        return Figure(value=len(self.cards))

    @property
    def jobs(self) -> Figure:
        return _sum(card.case.jobs for card in self.cards)

    @property
    def need(self) -> Figure:
        return _sum((card.case.need for card in self.cards), unit="€")


def _sum(values: Iterable[Number | None], unit: str = "") -> Figure:
    """What is known, and of how many companies: unknown is not zero."""
    every = list(values)
    known = [Decimal(value) for value in every if value is not None]
    total = sum(known, Decimal(0)) if known or not every else None
    return Figure(value=total, unit=unit, known=len(known), parts=len(every) or None)


Keys = Callable[[Card], Iterable[str]]
NOT_STATED = gettext_lazy("non dit")


def _treatments(card: Card) -> list[str]:
    return [search_key(label) for label in card.treatments] or [""]


def _written(labels: Iterable[str]) -> dict[str, str]:
    return {search_key(label): label for label in sorted(labels, key=search_key) if label}


def _way(card: Card) -> list[str]:
    return [card.case.way_out or FOLLOWED]


@dataclass(frozen=True)
class Reading:
    """A way of sorting the companies of a cell. `labels`: the groups in order, from the cards."""

    label: Any
    keys: Keys
    labels: Callable[[Sequence[Card]], dict[str, str]]
    none: Any = NOT_STATED


READINGS: dict[str, Reading] = {
    "cause": Reading(
        gettext_lazy("nature de la difficulté"),
        lambda card: [card.case.cause],
        lambda cards: {cause.value: str(cause.label) for cause in CrisisCause},
    ),
    "treatment": Reading(
        gettext_lazy("traitement"),
        _treatments,
        lambda cards: _written(label for card in cards for label in card.treatments),
        gettext_lazy("aucun traitement dit"),
    ),
    "way_out": Reading(
        gettext_lazy("sortie"),
        _way,
        lambda cards: {FOLLOWED: _("encore suivie"), **{way.value: str(way.label) for way in WayOut}},
    ),
    "size": Reading(
        gettext_lazy("taille"),
        lambda card: [size_of(card.case.headcount)],
        lambda cards: {name: str(SIZE_LABELS[name]) for name in (*(name for _top, name in SIZES), LARGEST)},
    ),
    "sector": Reading(
        gettext_lazy("secteur"),
        lambda card: [search_key(card.case.sector)],
        lambda cards: _written(card.case.sector for card in cards),
    ),
}
BOARDS = ("cause", "treatment", "way_out")


def groups(cards: Sequence[Card], by: str) -> list[Group]:
    """Every company is in a group; of treatments it may be in several. The group that nobody stated comes last, if any."""
    reading = READINGS[by]
    found: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        for key in reading.keys(card):
            found[key].append(card)
    named = [Group(key, label, found[key]) for key, label in reading.labels(cards).items()]
    return named + ([Group("", str(reading.none), found[""])] if found[""] else [])


def totals(cards: Sequence[Card]) -> list[tuple[Any, list[Group]]]:
    return [(reading.label, groups(cards, by)) for by, reading in READINGS.items()]


def key_figures(cards: Sequence[Card]) -> list[Figure]:
    whole = Group("", "", cards)
    still = [card for card in cards if card.case.out_on is None]
    good = [card for card in cards if card.case.way_out == WayOut.POSITIVE]
    return [
        whole.count.with_label(_("entreprises entrées dans la cellule")),
        Figure(value=len(still), label=_("encore suivies")),
        whole.need.with_label(_("besoin de financement")),
        whole.jobs.with_label(_("emplois concernés")),
        Figure(value=len(good), label=_("en sortie positive a priori")),
    ]


def labels_of(cell: CrisisCell, user: AnyUser) -> list[str]:
    """The treatments already written in this cell."""
    return list(_written(label for card in cards(cases_of(cell, user), on=cell.since) for label in card.treatments).values())


def cause_called(key: str) -> str:
    return key if key in CrisisCause else ""


def history_of(case: CrisisCase) -> QuerySet[Any]:
    """Its earlier states, for the members who read the case."""
    found: QuerySet[Any] = case.history.select_related("history_user").order_by("-history_date", "-history_id")
    return found
