"""Agreements that a reader may see, and what stands in each on a day: its terms, votes, schedule and documents."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.models import AnyUser, AuditEvent
from beffroi.actors.models import Organisation
from beffroi.core.figures import Figure, Sense
from beffroi.core.search import SearchRow, address_of
from beffroi.core.text import search_key
from beffroi.funding.enums import AgreementAct, DocumentState, InstalmentState, PartyRole, PaymentBlocker, VoteBlocker
from beffroi.funding.models import CENTS, Agreement, AgreementParty, Deliberation, DocumentDue, Instalment
from beffroi.funding.rules import agreements as rules
from beffroi.indicators.queries import TargetProgress, targets_about
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.evidence import Counted, Question

PAID_TO_ACT = (PartyRole.BENEFICIARY, PartyRole.OPERATOR)
THIS = OuterRef("pk")


def agreements_asked(asked: dict[str, Any], *, viewer: AnyUser, on: date) -> QuerySet[Agreement]:
    rows: QuerySet[Agreement] = Agreement.objects.visible_to(viewer).select_related("owner", "programme__framework")
    seen = Organisation.objects.visible_to(viewer).order_by()
    if words := search_key(asked.get("q") or ""):
        named = Q(parties__organisation__in=seen.filter(sort_key__contains=words))
        rows = rows.filter(Q(sort_key__contains=words) | Q(code__iexact=asked["q"].strip()) | named).distinct()
    if asked.get("kind"):
        rows = rows.filter(kind=asked["kind"])
    rows = rows.annotate(has_late=Exists(late_documents(on).filter(agreement=OuterRef("pk"))))
    if asked.get("late"):
        rows = rows.filter(has_late=True)
    parties = AgreementParty.objects.filter(organisation__in=seen).select_related("organisation")
    return rows.prefetch_related(Prefetch("parties", parties), above(viewer)).order_by("sort_key", "pk")


def worked_for(agreement: Any = THIS) -> QuerySet[AgreementParty]:
    """The parties whose activity the agreement pays, and who note it here."""
    return AgreementParty.objects.filter(agreement=agreement, role__in=PAID_TO_ACT, organisation__partner__isnull=False)


def held_by_institutions_of(viewer: AnyUser) -> QuerySet[Agreement]:
    """Hours and euros of an activity are for those who pay and those who are paid: the agreements that the reader's
    institutions keep, or are a party of."""
    own = viewer.partner_ids if viewer.is_authenticated else set()
    parts = AgreementParty.objects.filter(organisation__partner__in=own).order_by()
    rows: QuerySet[Agreement] = Agreement.objects.visible_to(viewer).order_by()
    return rows.filter(Q(owner__in=own) | Q(pk__in=parts.values("agreement")))


def above(viewer: AnyUser) -> Prefetch[Any]:
    """The agreement over each; one that this reader may not see is not named."""
    return Prefetch("parent", Agreement.objects.visible_to(viewer))


def late_documents(on: date) -> QuerySet[DocumentDue]:
    """Due before this day and not received by then."""
    return DocumentDue.objects.filter(due_on__lt=on).filter(Q(received_on__isnull=True) | Q(received_on__gt=on))


def agreements_about(organisations: Iterable[int], *, moment: Moment, viewer: AnyUser) -> list[Agreement]:
    rows = agreements_asked({}, viewer=viewer, on=moment.as_of).filter(parties__organisation__in=list(organisations))
    return list(rows.distinct())


def party_of(agreement: Agreement, role: PartyRole) -> Organisation | None:
    party = agreement.parties.filter(role=role).select_related("organisation").order_by("pk").first()
    return None if party is None else party.organisation


def terms_of(agreement: Agreement, *, on: date) -> rules.Terms:
    changes = [rules.Change(row.signed_on, row.ceiling_cents, row.end) for row in agreement.amendments.all()]
    return rules.terms_on(on, ceiling=agreement.ceiling_cents, end=agreement.end, changes=changes)


def below(agreement: Agreement) -> list[Agreement]:
    """The agreements under this one, at any depth."""
    found: list[Agreement] = []
    fresh = [agreement]
    while fresh:
        fresh = list(Agreement.objects.filter(parent__in=fresh).exclude(pk__in=[row.pk for row in found]).order_by("pk"))
        found += fresh
    return found


@dataclass(frozen=True)
class VoteRow:
    """`is_own`: of the agreement itself, not of one that applies it."""

    row: Deliberation
    voted: Figure | None
    is_own: bool


@dataclass(frozen=True)
class InstalmentRow:
    row: Instalment
    state: InstalmentState
    days: int
    due: Figure
    paid: Figure


@dataclass(frozen=True)
class DocumentRow:
    row: DocumentDue
    state: DocumentState
    days: int

    @property
    def is_late(self) -> bool:
        return self.state == DocumentState.LATE


@dataclass(frozen=True)
class IndicatorRow:
    row: Any
    targets: Sequence[TargetProgress]


@dataclass
class AgreementSheet:
    """An agreement as it stands on a day, for one reader."""

    agreement: Agreement
    moment: Moment
    viewer: AnyUser

    @property
    def on(self) -> date:
        return self.moment.as_of

    @cached_property
    def terms(self) -> rules.Terms:
        return terms_of(self.agreement, on=self.on)

    @property
    def counts(self) -> bool:
        return rules.carries_votes(self.agreement.kind)

    @cached_property
    def parties(self) -> list[Any]:
        visible = Organisation.objects.visible_to(self.viewer).order_by().values("pk")
        return list(self.agreement.parties.filter(organisation__in=visible).select_related("organisation"))

    @cached_property
    def family(self) -> list[Agreement]:
        """Those whose votes count under its ceiling, and that this reader may see."""
        return [row for row in below(self.agreement) if row.is_seen_by(self.viewer)]

    @cached_property
    def votes(self) -> list[Deliberation]:
        """With money and held by this day: its own, or those of the agreements under it."""
        rows = Deliberation.objects.filter(agreement__in=[self.agreement, *self.family], cents__isnull=False, on__lte=self.on)
        return list(rows.select_related("agreement").order_by("on", "pk"))

    @cached_property
    def vote_rows(self) -> list[VoteRow]:
        """Every deliberation held by this day, and the votes that apply a framework."""
        own = list(self.agreement.deliberations.filter(on__lte=self.on))
        others = [row for row in self.votes if row.agreement_id != self.agreement.pk]
        return [
            VoteRow(row, None if row.cents is None else _euros(row.cents, why=f"line:{row.line_id}"), row in own)
            for row in (*own, *others)
        ]

    @cached_property
    def voted(self) -> int:
        return sum(row.cents or 0 for row in self.votes)

    @cached_property
    def instalments(self) -> list[InstalmentRow]:
        return [_instalment(row, self.on) for row in self.agreement.instalments.all()]

    @cached_property
    def payments(self) -> list[Instalment]:
        rows = Instalment.objects.filter(agreement__in=[self.agreement, *self.family], paid_on__lte=self.on)
        return list(rows.select_related("agreement").order_by("paid_on", "pk"))

    @cached_property
    def paid(self) -> int:
        return sum(row.paid_cents or 0 for row in self.payments)

    @cached_property
    def documents(self) -> list[DocumentRow]:
        rows = self.agreement.documents.all()
        return [
            DocumentRow(
                row,
                rules.document_state(row.due_on, row.received_on, on=self.on),
                rules.days_late(row.due_on, row.received_on, on=self.on),
            )
            for row in rows
        ]

    @property
    def late(self) -> list[DocumentRow]:
        return [row for row in self.documents if row.is_late]

    @property
    def late_payments(self) -> list[InstalmentRow]:
        return [row for row in self.instalments if row.state == InstalmentState.LATE]

    @cached_property
    def measures(self) -> list[Any]:
        return list(self.agreement.measures.select_related("item"))

    @cached_property
    def indicators(self) -> list[IndicatorRow]:
        rows = list(self.agreement.indicators.select_related("indicator"))
        ids = [row.indicator_id for row in rows]
        found = targets_about(Q(indicator__in=ids), moment=self.moment, viewer=self.viewer) if ids else []
        return [IndicatorRow(row, [one for one in found if one.target.cell.indicator_id == row.indicator_id]) for row in rows]

    @property
    def most_by_rate(self) -> int | None:
        return rules.most_by_rate(self.agreement.base_cents, self.agreement.rate)

    @property
    def rate(self) -> Figure | None:
        """Always with its base."""
        if self.agreement.rate is None:
            return None
        return Figure(value=self.agreement.rate, unit="ratio", note=self.agreement.base)

    @property
    def base(self) -> Figure:
        return _euros(self.agreement.base_cents)

    @property
    def figures(self) -> list[Figure]:
        return [figure for name in FIGURES if (figure := self.figure(name)) is not None]

    def figure(self, name: str) -> Figure | None:
        return FIGURES[name](self)

    @property
    def events(self) -> list[dict[str, Any]]:
        """What people wrote, the last first."""
        acts = AuditEvent.objects.filter(subject_kind="agreement", subject_id=self.agreement.pk, at__lte=self.moment.known_on)
        return [
            {
                "day": act.at,
                "kind": str(act.by or _("chargement")),
                "title": _act(act.act),
                "detail": act.detail.get("said", ""),
            }
            for act in acts.select_related("by")
        ]


def _act(name: str) -> str:
    return str(AgreementAct(name).label) if name in AgreementAct.values else name.replace("_", " ")


def _instalment(row: Instalment, on: date) -> InstalmentRow:
    state = rules.instalment_state(row.due_on, cents=row.cents, paid=row.paid_cents, paid_on=row.paid_on, on=on)
    is_paid = state in (InstalmentState.PAID, InstalmentState.PARTLY_PAID)
    why = f"line:{row.line_id}" if row.line_id else ""
    paid = _euros(row.paid_cents if is_paid else None, why=why)
    return InstalmentRow(row, state, rules.days_late(row.due_on, row.paid_on, on=on), _euros(row.cents), paid)


def _euros(cents: int | None, *, label: object = "", why: str = "", sense: Sense = Sense.NEUTRAL, note: str = "") -> Figure:
    value = None if cents is None else Decimal(cents) / CENTS
    return Figure(value=value, unit="€", label=str(label), why=why, sense=sense, note=note)


def _ceiling(sheet: AgreementSheet) -> Figure | None:
    note = "" if sheet.counts else _("un plafond, pas de l’argent")
    why = f"agreement:{sheet.agreement.pk}/ceiling"
    return None if sheet.terms.ceiling is None else _euros(sheet.terms.ceiling, label=_("Plafond"), why=why, note=note)


def _voted(sheet: AgreementSheet) -> Figure:
    above = sheet.terms.ceiling is not None and sheet.voted > sheet.terms.ceiling
    label = _("Voté") if sheet.counts else _("Voté par les conventions d’application")
    sense = Sense.BAD if above else Sense.NEUTRAL
    return _euros(sheet.voted, label=label, why=f"agreement:{sheet.agreement.pk}/voted", sense=sense)


def _paid(sheet: AgreementSheet) -> Figure:
    return _euros(sheet.paid, label=_("Payé"), why=f"agreement:{sheet.agreement.pk}/paid")


def _late(sheet: AgreementSheet) -> Figure:
    sense = Sense.BAD if sheet.late else Sense.NEUTRAL
    why = f"agreement:{sheet.agreement.pk}/late"
    return Figure(value=len(sheet.late), label=_("Documents en retard"), sense=sense, why=why)


FIGURES = {"ceiling": _ceiling, "voted": _voted, "paid": _paid, "late": _late}
FORMULAS = {
    "ceiling": gettext_lazy(
        "Ce que la convention et ses avenants signés à cette date permettent au plus. Ce n’est pas de l’argent."
    ),
    "voted": gettext_lazy(
        "La somme des votes tenus à cette date : ceux de la convention, ou ceux des conventions qui l’appliquent."
    ),
    "paid": gettext_lazy("La somme des paiements faits à cette date."),
    "late": gettext_lazy("Les documents dont la date est passée et qui ne sont pas reçus."),
}


def agreement_sheet(pk: int, *, moment: Moment, viewer: AnyUser) -> AgreementSheet | None:
    rows = Agreement.objects.visible_to(viewer).select_related("owner", "programme__framework", "aid_regime")
    found = rows.prefetch_related(above(viewer)).filter(pk=pk).first()
    return None if found is None else AgreementSheet(found, moment, viewer)


def previous_of(agreement: Agreement, *, viewer: AnyUser) -> Agreement | None:
    """The agreement of the same kind between the same funder and beneficiary that ended or began before this one."""
    fund, receiver = party_of(agreement, PartyRole.FUNDER), party_of(agreement, PartyRole.BENEFICIARY)
    if agreement.start is None or fund is None or receiver is None:
        return None
    rows = Agreement.objects.visible_to(viewer).filter(kind=agreement.kind, start__lt=agreement.start)
    rows = rows.filter(parties__organisation=fund, parties__role=PartyRole.FUNDER)
    found: Agreement | None = (
        rows.filter(
            Exists(AgreementParty.objects.filter(agreement=OuterRef("pk"), organisation=receiver, role=PartyRole.BENEFICIARY))
        )
        .order_by("-start", "-pk")
        .first()
    )
    return found


def blockers_to_voting(vote: Deliberation) -> list[VoteBlocker]:
    agreement = vote.agreement
    others = agreement.deliberations.exclude(pk=vote.pk).exclude(cents=None).values_list("cents", flat=True)
    return rules.blockers_to_vote(
        agreement.kind,
        cents=vote.cents or 0,
        voted=sum(cents or 0 for cents in others),
        ceiling=terms_of(agreement, on=vote.on).ceiling,
        has_funder=agreement.parties.filter(role=PartyRole.FUNDER).exists(),
        has_beneficiary=agreement.parties.filter(role=PartyRole.BENEFICIARY).exists(),
    )


def blockers_to_holding_money(agreement: Agreement) -> list[VoteBlocker]:
    return rules.blockers_to_holding_money(
        agreement.kind,
        has_funder=agreement.parties.filter(role=PartyRole.FUNDER).exists(),
        has_beneficiary=agreement.parties.filter(role=PartyRole.BENEFICIARY).exists(),
    )


def blockers_to_voting_less(vote: Deliberation, *, cents: int) -> list[VoteBlocker]:
    """`cents`: what the vote would say; 0 when it is taken back."""
    agreement = vote.agreement
    votes = dict(agreement.deliberations.exclude(cents=None).values_list("pk", "cents"))
    before = votes.pop(vote.pk, None) or 0
    paid = agreement.instalments.aggregate(paid=Sum("paid_cents"))["paid"] or 0
    others = sum(voted or 0 for voted in votes.values())
    return rules.blockers_to_voting_less(cents=cents, before=before, others=others, paid=paid)


def blockers_to_paying(instalment: Instalment, *, cents: int, on: date) -> list[PaymentBlocker]:
    paid, voted, most = payment_facts(instalment, on=on)
    return rules.blockers_to_payment(
        cents=cents,
        paid=paid,
        voted=voted,
        most=most,
        late_documents=list(late_documents(on).filter(agreement=instalment.agreement_id)),
        is_paid=instalment.paid_on is not None,
    )


def payment_facts(instalment: Instalment, *, on: date) -> tuple[int, int, int | None]:
    """What is already paid, what is voted, and what the rate allows at most, in cents."""
    agreement = instalment.agreement
    paid = agreement.instalments.exclude(pk=instalment.pk).exclude(paid_cents=None).values_list("paid_cents", flat=True)
    voted = agreement.deliberations.filter(on__lte=on).exclude(cents=None).values_list("cents", flat=True)
    most = rules.most_by_rate(agreement.base_cents, agreement.rate)
    return sum(cents or 0 for cents in paid), sum(cents or 0 for cents in voted), most


def proposed_payment(instalment: Instalment, *, on: date) -> int:
    paid, voted, most = payment_facts(instalment, on=on)
    return rules.payment_proposed(cents=instalment.cents, paid=paid, voted=voted, most=most)


def of_agreement(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`pk/name`: why a key figure of an agreement."""
    pk, _slash, name = rest.partition("/")
    sheet = agreement_sheet(int(pk), moment=moment, viewer=viewer)
    figure = sheet.figure(name) if sheet is not None and name in FIGURES else None
    if sheet is None or figure is None:
        return None
    return Counted(sheet.agreement, FORMULAS[name], figure, list(_evidence(sheet, name)), sheet.agreement)


def _evidence(sheet: AgreementSheet, name: str) -> Iterator[tuple[Any, Any, Figure | None]]:
    if name == "ceiling":
        yield _("plafond d’origine"), None, _euros(sheet.agreement.ceiling_cents)
        for row in sheet.agreement.amendments.all():
            yield f"{row} · {row.signed_on:%d/%m/%Y}", None, _euros(row.ceiling_cents) if row.ceiling_cents else None
    elif name == "voted":
        for vote in sheet.votes:
            yield f"{vote} · {vote.on:%d/%m/%Y}", vote.agreement, _euros(vote.cents, why=f"line:{vote.line_id}")
    elif name == "paid":
        for paid in sheet.payments:
            yield paid.label, paid.agreement, _euros(paid.paid_cents, why=f"line:{paid.line_id}")
    else:
        for late in sheet.late:
            yield late.row.label, None, Figure(value=late.days, unit=_("jours"))


def agreement_search_rows(ids: Iterable[int] | None) -> Iterator[SearchRow]:
    rows = Agreement.objects.all() if ids is None else Agreement.objects.filter(pk__in=list(ids))
    for row in rows.prefetch_related("parties__organisation").iterator(chunk_size=2_000):
        bodies = [party.organisation for party in row.parties.all()]
        yield SearchRow(
            kind="agreement",
            id=row.pk,
            title=row.title,
            detail=str(row.get_kind_display()),
            address=address_of(row),
            texts=(row.code, *(body.name for body in bodies if body.visibility <= row.visibility)),
            owner_id=row.owner_id,
            visibility=row.visibility,
        )


COUNTED: dict[str, Question] = {"agreement": of_agreement}
