"""The note that one reads in the car: what is known of a company, an operator or a commune on a day, on one page.

Each sentence comes from a fact by a rule written here. Nothing is supposed: what is not known is not said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AnyUser, Everybody, User
from beffroi.actors.models import Organisation
from beffroi.actors.queries import same_as_group
from beffroi.core import formats
from beffroi.core.figures import Figure
from beffroi.core.search import search
from beffroi.core.text import row_number
from beffroi.funding.enums import InstalmentState, StepKind
from beffroi.funding.models import CENTS, Agreement, AgreementParty
from beffroi.funding.queries.agreements import AgreementSheet
from beffroi.funding.queries.files import files_asked
from beffroi.funding.queries.money import money
from beffroi.funding.queries.questions import Question
from beffroi.funding.rules.cycles import OVER
from beffroi.interactions.enums import ReferralState, VisitState
from beffroi.interactions.models import Need, Visit, VisitNote
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets.money.answers import answer_totals
from beffroi.reference.models import Item, PlaceMembership
from beffroi.reference.queries import same_place_ids

KINDS = ("organisation", "territory")
SEEN, NEEDS, FILES, AGREEMENTS, MONEY = 3, 6, 5, 4, 6  # lines of each part: it is one page
SAID, UNSAID = 3, 4


@dataclass(frozen=True)
class Choice:
    key: str
    title: str
    detail: str


def choices(words: str, *, viewer: User) -> list[Choice]:
    """What the words may name, the likeliest first."""
    found: list[Choice] = []
    for kind in KINDS:
        for group in search(words, viewer_partner_ids=viewer.partner_ids, kind=kind).groups:
            found += [Choice(f"{kind}:{row.subject_id}", row.title, row.detail) for row in group.results]
    return found


def subject_of(key: str, *, viewer: User) -> Organisation | Item | None:
    kind, _colon, pk = key.partition(":")
    number = row_number(pk)
    if kind not in KINDS or number is None:
        return None
    model: Any = Organisation if kind == "organisation" else Item
    found: Organisation | Item | None = model.objects.visible_to(viewer).filter(pk=number).first()
    return found


@dataclass
class Note:
    """About one subject, for one reader, on the day of the visit."""

    subject: Organisation | Item
    viewer: User
    on: date
    moment: Moment

    @property
    def is_place(self) -> bool:
        return isinstance(self.subject, Item)

    @cached_property
    def ids(self) -> list[int]:
        """The records of the body, or the same place in every year and what lies in it."""
        if isinstance(self.subject, Organisation):
            return [row.pk for row in same_as_group(self.subject, self.viewer)]
        same = list(same_place_ids(self.subject))
        return [*same, *PlaceMembership.objects.filter(whole__in=same).values_list("part", flat=True)]

    def _about(self, organisation: str = "organisation", place: str = "place") -> Q:
        if not self.is_place:
            return Q(**{f"{organisation}__in": self.ids})
        return Q(**{f"{place}__in": self.ids}) | Q(**{f"{place}__isnull": True, f"{organisation}__place__in": self.ids})

    @cached_property
    def visits(self) -> list[Visit]:
        """The last who saw them, whatever the operator."""
        rows = Visit.objects.visible_to(self.viewer, self.on).filter(self._about(), state=VisitState.DONE, on__lte=self.on)
        return list(rows.select_related("owner", "organisation", "holder").order_by("-on", "-pk")[:SEEN])

    @cached_property
    def _needs(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Need.objects.told_to(self.viewer).filter(self._about(), opened_on__lte=self.on)
        return rows.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=self.on))

    @cached_property
    def need_count(self) -> int:
        return int(self._needs.count())

    @cached_property
    def needs(self) -> list[dict[str, Any]]:
        rows = self._needs.select_related("subject_item", "owner", "organisation", "holder")
        found = list(rows.prefetch_related("referrals__partner").order_by("-opened_on", "-pk")[:NEEDS])
        return [_told_need(row, self.viewer) for row in found]

    @cached_property
    def files(self) -> list[Any]:
        """Those on their way, and the step at which they stand."""
        rows = files_asked({}, viewer=self.viewer, moment=self.moment).filter(self._about("applicant"))
        return list(rows.exclude(current__in=list(OVER)).distinct()[:FILES])

    @cached_property
    def sheets(self) -> list[AgreementSheet]:
        """The agreements of which they are a party, as they stand that day."""
        parties = AgreementParty.objects.filter(self._about("organisation", "organisation__place"))
        rows = Agreement.objects.visible_to(self.viewer).filter(pk__in=parties.order_by().values("agreement"))
        found = rows.filter(Q(start__isnull=True) | Q(start__lte=self.on)).order_by("-start", "pk")[:AGREEMENTS]
        moment = Moment(min(self.on, self.moment.as_of), self.moment.known_on)
        return [AgreementSheet(row, moment, self.viewer) for row in found]

    @cached_property
    def owed(self) -> list[tuple[AgreementSheet, Figure, Figure, Figure]]:
        """Voted, paid, and the difference: what is still owed under each agreement that carries votes."""
        rows = [sheet for sheet in self.sheets if sheet.voted]
        return [(sheet, _euros(sheet.voted), _euros(sheet.paid), _euros(max(0, sheet.voted - sheet.paid))) for sheet in rows]

    @property
    def _question(self) -> Question:
        if isinstance(self.subject, Item):
            return Question(territory=f"{self.subject.version.framework.code}:{self.subject.code}")
        return Question(where={"receiver": str(self.subject.pk)})

    @cached_property
    def money(self) -> list[Any]:
        """By stage, as this reader's audience may add it up."""
        return self._totals(self.viewer)[:MONEY]

    @cached_property
    def public_money(self) -> list[Any]:
        return self._totals(Everybody())

    def _totals(self, reader: AnyUser) -> list[Any]:
        found = money(self._question, viewer=reader, moment=self.moment)
        return [row for row in answer_totals(found.groups, self._question) if row.figure.is_known]

    @cached_property
    def promises(self) -> list[tuple[AgreementSheet, Any]]:
        """What is due to them and not paid; what is late first."""
        rows = [(sheet, row) for sheet in self.sheets for row in sheet.instalments]
        waiting = [(sheet, row) for sheet, row in rows if row.state in (InstalmentState.LATE, InstalmentState.COMING)]
        return sorted(waiting, key=lambda pair: pair[1].row.due_on or date.max)[:SAID]

    @property
    def expected(self) -> list[tuple[AgreementSheet, Any]]:
        """What they promised in return, and owe: documents due."""
        return [(sheet, row) for sheet in self.sheets for row in sheet.late]

    @cached_property
    def sayable(self) -> list[str]:
        return list(self._sayable())[:SAID]

    def _sayable(self) -> Iterator[str]:
        """What they know already, or what is public: the nearest to them first."""
        for sheet, row in self.promises:
            if row.row.due_on and row.row.due_on >= self.on:
                yield _("Le prochain versement de « %(title)s » est prévu le %(day)s : %(amount)s.") % {
                    "title": sheet.agreement, "day": formats.day_text(row.row.due_on), "amount": formats.figure_text(row.due),
                }  # fmt: skip
                break
        for row in self.needs:
            if row["taken"] and not self.is_place:
                yield _("Votre besoin « %(subject)s » est pris en charge par %(partner)s.") % {
                    "subject": row["need"].subject_item, "partner": row["taken"],
                }  # fmt: skip
                break
        yield from self._public_sentence()
        if self.visits and not self.is_place:
            yield _("%(partner)s vous a rencontrés le %(day)s.") % {
                "partner": self.visits[0].owner, "day": formats.day_text(self.visits[0].on),
            }  # fmt: skip
        if self.files and not self.is_place:
            yield _("Votre dossier « %(title)s » en est à l’étape : %(step)s.") % {
                "title": self.files[0].title, "step": step_text(self.files[0]),
            }  # fmt: skip

    def _public_sentence(self) -> Iterator[str]:
        for total in self.public_money[:1]:
            yield _("D’après les données publiques (%(stage)s) : %(amount)s.") % {
                "stage": total.words, "amount": formats.figure_text(total.figure),
            }  # fmt: skip

    @cached_property
    def unsayable(self) -> list[str]:
        return list(self._unsayable())[:UNSAID]

    def _unsayable(self) -> Iterator[str]:
        for row in self.files[:1]:
            yield _("Aucune décision n’est prise sur « %(title)s » (%(step)s) : n’annoncez ni accord, ni montant, ni date.") % {
                "title": row.title, "step": step_text(row),
            }  # fmt: skip
        if len(self.money) > len(self.public_money):
            yield _("Des montants ci-dessus ne sont connus que des partenaires : ne citez que ceux des données publiques.")
        if self._kept_notes:
            yield _(
                "Des notes de visite sont réservées à leurs lecteurs : ne répétez pas ce que l’entreprise a confié à un autre."
            )
        if isinstance(self.subject, Organisation) and not self.subject.is_published:
            yield _("Cette entreprise n’est pas diffusée par l’INSEE : ne citez ni son nom ni son adresse en public.")
        if isinstance(self.subject, Organisation) and self.subject.visibility > Visibility.PUBLIC:
            yield _("Que cette entreprise est suivie n’est pas public : ne le dites pas devant des tiers.")
        if self.expected:
            yield _("Un document est en retard : ne promettez pas de paiement avant de l’avoir reçu.")

    @cached_property
    def _kept_notes(self) -> bool:
        return bool(VisitNote.objects.visible_to(self.viewer).filter(visit__in=[row.pk for row in self.visits]).exists())


def _told_need(need: Need, viewer: User) -> dict[str, Any]:
    """What is needed and who answers, for those to whom it is told; of the others, that there is a need."""
    told = need.tells(viewer)
    return {"need": need, "told": told, "taken": _taken(need) if told else "", "waiting": _waiting(need) if told else ""}


def _euros(cents: int) -> Figure:
    return Figure(value=cents / CENTS, unit="€")


def _taken(need: Need) -> str:
    return ", ".join(str(row.partner) for row in need.referrals.all() if row.state == ReferralState.TAKEN_UP)


def _waiting(need: Need) -> str:
    return ", ".join(str(row.partner) for row in need.referrals.all() if row.state == ReferralState.WAITING)


def step_text(application: Any) -> str:
    return str(StepKind(application.current).label) if application.current else _("étape non dite")


def steps_shown(rows: Sequence[Any]) -> list[tuple[Any, str]]:
    return [(row, step_text(row)) for row in rows]
