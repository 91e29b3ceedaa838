"""Why the figures of events are what they are: the companies that each counts."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser, Partner
from beffroi.core.days import within
from beffroi.interactions.queries.attendance import followed_up
from beffroi.interactions.rules.follow_up import DUE
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.evidence import Counted
from beffroi.reference.models import Item


def of_follow_up(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`since/until/days/area/operator`: the share of flagged companies visited after an event."""
    parts = rest.split("/")
    if len(parts) != 5 or not viewer.is_authenticated or not viewer.partner_ids:
        return None
    found = followed_up(_asked(parts, viewer), on=moment.as_of, viewer=viewer)
    listed = [
        (f"{one.row.organisation} : {one.state.label}", one.row.organisation, None) for one in found.rows if one.state in DUE
    ]
    formula = _(
        "Entreprises signalées à un événement tenu où leur présence est notée, et visitées par un opérateur dans le délai qui "
        "suit, sur celles dont le délai est passé. Chacune compte une fois."
    )
    return Counted(_("Visitées après un événement"), formula, found.figures[0], listed)


def _asked(parts: list[str], viewer: AnyUser) -> dict[str, Any]:
    since, until, days, area, operator = parts
    return {
        "since": within(date.fromisoformat(since)),
        "until": within(date.fromisoformat(until)),
        "days": int(days),
        "area": Item.objects.visible_to(viewer).filter(pk=int(area)).first() if area else None,
        "operator": Partner.objects.filter(pk=int(operator)).first() if operator else None,
    }
