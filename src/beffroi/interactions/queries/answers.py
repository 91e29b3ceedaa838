"""How operators answer: rates, delays and refusals, over what the reader may read."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.models import AnyUser, Partner
from beffroi.core.figures import Figure
from beffroi.interactions.enums import ReferralState, RefusalReason
from beffroi.interactions.models import Referral
from beffroi.interactions.rules import needs as rules
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.evidence import Counted
from beffroi.reference.models import Item

LISTED = 300
FORMULAS = {
    "within": gettext_lazy(
        "Les besoins auxquels l’opérateur a répondu dans ce délai, sur ceux transmis depuis au moins ce nombre de jours. "
        "Un envoi retiré avant toute réponse n’est pas compté ; ce qui est trop récent non plus."
    ),
    "accepted": gettext_lazy("Les besoins pris en charge ou clos avec un résultat, sur ceux qui ont reçu une réponse."),
}


def as_sent(row: Referral) -> rules.Sent:
    state = ReferralState(row.state)
    return rules.Sent(state, row.sent_on, row.answered_on, row.reason, row.need.subject_item_id)


def referrals_between(viewer: AnyUser, start: date | None, end: date | None) -> list[Referral]:
    rows = Referral.objects.visible_to(viewer).select_related(
        "need__subject_item", "need__organisation", "need__holder", "partner"
    )
    if start:
        rows = rows.filter(sent_on__gte=start)
    rows = rows.filter(sent_on__lte=end) if end else rows
    return list(rows.order_by("sent_on", "pk"))


@dataclass(frozen=True)
class AnswerRow:
    """An operator, or all of them."""

    partner: Partner | None
    rows: list[rules.Sent]
    on: date

    @property
    def key(self) -> str:
        return str(self.partner.pk) if self.partner else ""

    @property
    def sent(self) -> int:
        return sum(row.state != ReferralState.WITHDRAWN for row in self.rows)

    @property
    def waiting(self) -> int:
        return sum(row.state == ReferralState.WAITING for row in self.rows)

    @property
    def delay(self) -> Figure:
        return Figure(value=rules.reply_days(self.rows), unit=_("jours"))

    @property
    def within(self) -> list[tuple[rules.Rate, Figure]]:
        rates = [(days, rules.answered_within(days, self.rows, on=self.on)) for days in rules.DELAYS]
        return [
            (rate, Figure(value=rate.value, unit="ratio", why=f"answers:{days}/{self.key}"))
            for days, rate in rates
        ]  # fmt: skip

    @property
    def accepted(self) -> tuple[rules.Rate, Figure]:
        rate = rules.acceptance(self.rows)
        return rate, Figure(value=rate.value, unit="ratio", why=f"answers:accepted/{self.key}")


def answers(found: Sequence[Referral], *, on: date) -> list[AnswerRow]:
    """All of them, then each operator, by name."""
    by_partner: dict[int, list[rules.Sent]] = defaultdict(list)
    partners = {row.partner_id: row.partner for row in found}
    for row in found:
        by_partner[row.partner_id].append(as_sent(row))
    rows = [AnswerRow(partners[pk], sent, on) for pk, sent in by_partner.items()]
    whole = AnswerRow(None, [as_sent(row) for row in found], on)
    return [whole, *sorted(rows, key=lambda row: str(row.partner))] if found else []


@dataclass(frozen=True)
class RefusedSubject:
    """The refusals of a subject, by reason."""

    subject: Item
    reasons: list[int]
    sent: int

    @property
    def total(self) -> int:
        return sum(self.reasons)


def refusals(found: Sequence[Referral]) -> list[RefusedSubject]:
    """Those most refused first; reasons in the order of RefusalReason."""
    subjects = {row.need.subject_item_id: row.need.subject_item for row in found}
    counted = rules.refusals(as_sent(row) for row in found)
    sent: dict[int, int] = defaultdict(int)
    for row in found:
        sent[row.need.subject_item_id] += row.state != ReferralState.WITHDRAWN
    rows = [RefusedSubject(subjects[pk], [by[reason] for reason in RefusalReason], sent[pk]) for pk, by in counted.items()]
    return sorted(rows, key=lambda row: (-row.total, row.subject.label))


def of_answers(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`3/partner`, `5/partner`, `accepted/partner`; without a partner, all of them."""
    name, _slash, partner = rest.partition("/")
    found = [row for row in referrals_between(viewer, None, moment.as_of) if not partner or row.partner_id == int(partner)]
    rows = [as_sent(row) for row in found]
    if name not in {"accepted", *map(str, rules.DELAYS)} or not found:
        return None
    rate = rules.acceptance(rows) if name == "accepted" else rules.answered_within(int(name), rows, on=moment.as_of)
    title = _("Prises en charge") if name == "accepted" else _("Réponses en %(days)s jours") % {"days": name}
    parts: list[tuple[Any, Any, Figure | None]] = [
        (_("comptés"), None, Figure(value=rate.count)),
        (_("sur"), None, Figure(value=rate.total)),
        (_("trop récents ou sans réponse"), None, Figure(value=rate.pending)),
    ]
    parts += [(f"{row.need} → {row.partner} : {row.get_state_display()}", row.need, None) for row in found[:LISTED]]
    formula = FORMULAS["accepted" if name == "accepted" else "within"]
    return Counted(title, formula, Figure(value=rate.value, unit="ratio"), parts)
