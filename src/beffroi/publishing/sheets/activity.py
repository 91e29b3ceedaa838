"""What operators do with a company or a project holder: sections of both sheets."""

from collections import defaultdict
from typing import Any, Protocol

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.models import AnyUser
from beffroi.accounts.roles import may
from beffroi.actors.enums import OrganisationKind, RelationKind
from beffroi.actors.models import Organisation, ProjectHolder, Relation
from beffroi.core.formats import figure_text
from beffroi.funding.models import Line
from beffroi.funding.queries.amounts import RELATED, money_rows_of
from beffroi.interactions import queries
from beffroi.interactions.enums import VisitState
from beffroi.interactions.queries import Whom
from beffroi.interactions.queries.visits import Seen
from beffroi.interactions.rules.visits import usual_day
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets import Section
from beffroi.reference.models import Item

MOST_MONEY = 40
MOST_VISITS = 12


class Followed(Protocol):
    """Whom operators follow: a body with its records, or somebody with a project."""

    @property
    def whom(self) -> Whom: ...

    @property
    def thing(self) -> Organisation | ProjectHolder: ...


def chronology(body: Followed, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    events = [*queries.timeline(body.whom, viewer=viewer, moment=moment), *_money(body.whom, viewer, moment)]
    events.sort(key=lambda event: event["day"], reverse=True)
    return {"events": events, "count": len(events)} if events else None


def _money(whom: Whom, viewer: AnyUser, moment: Moment) -> list[dict[str, Any]]:
    """What a source dates, each amount at its stage; a whole year stands at its first day and says so."""
    dated = Q(receiver__in=whom.organisations, start__isnull=False, start__lte=moment.as_of)
    lines = Line.objects.visible_to(viewer).filter(dated).select_related(*RELATED).order_by("-start", "-pk")[:MOST_MONEY]
    return [_amount(row) for row in money_rows_of("line", list(lines), moment=moment, viewer=viewer)]


def _amount(row: Any) -> dict[str, Any]:
    line = row.subject
    title = f"{row.stage} : {figure_text(row.figure)}"
    about = line.operation or line.item or line.programme
    told = queries.event(line.start, line.fund or _now("financeur non précisé"), title, detail=str(about))
    if line.operation:
        told["address"] = line.operation.get_absolute_url()
    return told if line.start == line.end else {**told, "period": line.written_period}


def visits(body: Followed, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    """For partners: who saw it last, and what is planned; whoever may note one is offered to."""
    if not viewer.is_authenticated or not viewer.partner_ids:
        return None
    rows = list(queries.seen_visits(body.whom, viewer, moment)[:MOST_VISITS])
    may_note = may(viewer, Permission.NOTE_ACTIVITY)
    kind = getattr(body.thing, "kind", OrganisationKind.COMPANY)
    if not rows and (not may_note or kind != OrganisationKind.COMPANY):
        return None
    shown = [(row, queries.visit_detail(row, viewer)) for row in rows]
    last: dict[Any, Seen] = {}
    for row in rows:
        if row.state == VisitState.DONE and row.owner:
            last.setdefault(row.owner_id, Seen(row.owner.name, row.on, row.owner_id in viewer.partner_ids))
    key = f"{'holder' if isinstance(body.thing, ProjectHolder) else 'organisation'}:{body.thing.pk}"
    context = {"visits": shown, "last": list(last.values()), "key": key, "may_note": may_note}
    return {**context, "partner_ids": viewer.partner_ids, "usual_day": usual_day(timezone.localdate())}


def profile(body: Followed, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    """The clusters it is a member of when there are several, and the specialisations that these make possible."""
    records = list(body.whom.organisations)
    edges = Relation.objects.seen_at(moment, viewer).order_by("kind", "pk")
    clubs = list(
        edges.filter(subject__in=records, kind=RelationKind.MEMBER_OF, organisation__isnull=False).select_related(
            "organisation"
        )
    )
    possible = _possible(records, {row.organisation_id: row.organisation for row in clubs}, edges)
    if not (possible or len(clubs) > 1):
        return None
    return {"clubs": clubs if len(clubs) > 1 else [], "possible": possible}


def _possible(records: list[int], clubs: dict[Any, Any], edges: Any) -> list[tuple[Item, list[Any]]]:
    """Each with what makes it possible: a relation of its own (None), or a cluster of which it is a member."""
    ties = edges.filter(subject__in=[*records, *clubs], item__level__in=queries.AREA_LEVELS).select_related("item")
    found: dict[Item, list[Any]] = defaultdict(list)
    for tie in ties:
        reason = clubs.get(tie.subject_id)
        if reason not in found[tie.item]:
            found[tie.item].append(reason)
    return sorted(found.items(), key=lambda pair: (None not in pair[1], -len(pair[1]), pair[0].sort_key))


SECTIONS = (
    Section("visites", _("Qui l’a vue"), "interactions/_visits_section.html", visits),
    Section("profil", _("Pôles et spécialisations possibles"), "interactions/_profile_section.html", profile),
    Section("chronologie", _("Chronologie, tous opérateurs"), "interactions/_timeline_section.html", chronology),
)
