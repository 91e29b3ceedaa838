"""The indicators of the four monitoring tables of the S3: those that the activity gives, with their list, and the others."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.core.text import search_key
from beffroi.indicators.models import Indicator
from beffroi.interactions.enums import Measure
from beffroi.interactions.models import Visit
from beffroi.interactions.queries.attendance import followed_up
from beffroi.interactions.queries.bodies import bodies
from beffroi.interactions.queries.counted import Scope, facts
from beffroi.interactions.rules.follow_up import FOLLOWED_DAYS

FRAMEWORK = "s3-hdf-2021-2027"
RRI, PROJECTS = "rri", "montage"  # natures of activity


@dataclass(frozen=True)
class Period:
    first: date
    last: date


@dataclass(frozen=True)
class Found:
    """`rows`: what is counted, each as (what, detail, date, where it is shown)."""

    figure: Figure
    rows: Sequence[tuple[Any, Any, Any, Any]]


@dataclass(frozen=True)
class S3Row:
    code: str
    label: Any
    table: int
    how: Any
    found: Found | None = None


Counted = Callable[[Period, AnyUser, date], Found | None]


def _facts(measure: Measure, period: Period, viewer: AnyUser, on: date) -> QuerySet[Any]:
    return facts(measure, period.first, min(period.last, on), viewer=viewer, on=on, scope=Scope())


def visited_after_event(period: Period, viewer: AnyUser, on: date) -> Found | None:
    """The rule of the page of what follows events, over the period, with the delay that it proposes."""
    asked = {"since": period.first, "until": period.last, "days": FOLLOWED_DAYS}
    found = followed_up(asked, on=on, viewer=viewer)
    if not found.rows:
        return None
    rows = [
        (one.row.organisation, f"{one.row.event} · {one.state.label}", one.visit and one.visit.on, one.row.event)
        for one in found.rows
    ]
    return Found(found.figures[0], rows)


def visited_and_supported(period: Period, viewer: AnyUser, on: date) -> Found | None:
    known = bodies(viewer)
    supported = known.of_rows(_facts(Measure.SUPPORTS, period, viewer, on))
    visits: dict[int, list[Visit]] = defaultdict(list)
    rows = _facts(Measure.VISITS, period, viewer, on).select_related("organisation", "holder__organisation")
    for row in rows.order_by("on", "pk").iterator(chunk_size=2_000):
        visits[known.of(row.organisation_id, row.holder_id) or 0].append(row)
    if not any(body > 0 for body in visits):
        return None
    named = [_visited(told) for body, told in visits.items() if body > 0 and body in supported]
    return Found(Figure(value=len(named)), sorted(named, key=lambda row: (search_key(row[0]), row[3])))


def _visited(rows: Sequence[Visit]) -> tuple[str, int, date, int]:
    company = rows[0].organisation or rows[0].holder.organisation  # type: ignore[union-attr]
    assert company is not None
    return company.name, len(rows), rows[0].on, company.pk


def taking_part_in_rri(period: Period, viewer: AnyUser, on: date) -> Found | None:
    is_rri = Q(event__kind__code=RRI)
    rows = _facts(Measure.PARTICIPATIONS, period, viewer, on).filter(is_rri, organisation__isnull=False)
    if not _facts(Measure.EVENTS, period, viewer, on).filter(kind__code=RRI).exists():
        return None
    named = list(rows.order_by("organisation__sort_key", "pk").select_related("organisation", "event"))
    companies = bodies(viewer).of_subjects(row.organisation for row in named)
    return Found(
        Figure(value=len(companies)),
        [(row.organisation, row.event, timezone.localdate(row.event.starts), row.event) for row in named],
    )


def projects(period: Period, viewer: AnyUser, on: date) -> Found | None:
    rows = _facts(Measure.SUPPORTS, period, viewer, on)
    if not rows.exists():
        return None
    found = list(rows.filter(kind__code=PROJECTS).select_related("organisation", "holder", "owner").order_by("since", "pk"))
    return Found(Figure(value=len(found)), [(row.subject, row.owner, row.since, row) for row in found])


COMPUTED: dict[str, tuple[Promise, Counted]] = {
    "s3-v3-part-visitees": (
        _(
            "Entreprises signalées à un événement tenu dans la période, où leur présence est notée, et visitées dans les "
            "90 jours qui suivent, sur celles dont ce délai est passé. Chacune compte une fois."
        ),
        visited_after_event,
    ),
    "s3-v3-visitees-accompagnees": (
        _("Entreprises différentes visitées dans la période et dont un accompagnement a commencé dans la période."),
        visited_and_supported,
    ),
    "s3-v3-participants-rri": (
        _("Entreprises différentes présentes à un événement de nature « RRI » ; il en faut un dans la période."),
        taking_part_in_rri,
    ),
    "s3-v3-projets-dev-innovation": (
        _("Accompagnements de nature « montage de projet ou de dossier » commencés dans la période."),
        projects,
    ),
}
# Of the other indicators: what it would take to know them
ELSEWHERE: dict[str, Promise] = {
    "s3-v1-mise-en-oeuvre": _("La stratégie ne dit pas lesquels : ils varient selon les actions."),
    "s3-v1-chercheurs-par-spec": _("Demande le nombre de chercheurs par spécialisation, que personne n’envoie."),
    "s3-v1-part-projets-collab": _("Vient des opérations et de leurs partenaires, pas de l’activité des opérateurs."),
    "s3-v1-part-aides-innovation": _("Vient des aides accordées, pas de l’activité des opérateurs."),
    "s3-v1-entreprises-potentiel": _("Demande de dire à quelle spécialisation chaque entreprise à potentiel se rattache."),
    "s3-v1-emplois-spec": _("Demande les emplois par spécialisation, que le registre des entreprises ne donne pas."),
    "s3-v1-comparaison-regions": _("Demande les spécialisations d’autres régions."),
    "s3-v2-mise-en-oeuvre": _("La stratégie ne dit pas lesquels : ils varient selon les actions."),
    "s3-v2-pistes-transmises": _("Vient des décisions des instances, pas de l’activité des opérateurs."),
    "s3-v2-spec-lancees": _("Vient du cycle de vie des spécialisations, pas de l’activité des opérateurs."),
    "s3-v3-mise-en-oeuvre": _("La stratégie ne dit pas lesquels : ils varient selon les actions."),
    "s3-v3-visites-portail": _("Demande la fréquentation du portail de recherche, que personne n’envoie."),
    "s3-v3-lisibilite": _("Est un jugement daté : il se demande aux entreprises et aux opérateurs."),
    "s3-v4-reunions": _("Vient des réunions des instances, pas de l’activité des opérateurs."),
    "s3-v4-spec-validees-abandonnees": _("Vient des décisions des instances, pas de l’activité des opérateurs."),
    "s3-v4-feder-par-spec": _("Vient des opérations du FEDER, pas de l’activité des opérateurs."),
    "s3-etp-suivi": _("Demande le temps passé au suivi par chaque institution."),
}
NAMES: dict[str, Promise] = {
    "s3-v3-part-visitees": _("Part des entreprises signalées visitées après un événement"),
    "s3-v3-visitees-accompagnees": _("Entreprises visitées et accompagnées"),
    "s3-v3-participants-rri": _("Entreprises participant aux RRI"),
    "s3-v3-projets-dev-innovation": _("Projets de développement et d’innovation"),
}


def s3_indicators(period: Period, *, viewer: AnyUser, on: date, only: str = "") -> list[S3Row]:
    """In the order of the tables; without the strategy in the database, those that the activity gives."""
    rows = Indicator.objects.visible_to(viewer).filter(framework__code=FRAMEWORK, code__in=[*COMPUTED, *ELSEWHERE])
    labels: dict[str, Any] = dict(NAMES) | dict(rows.values_list("code", "label"))
    wanted = sorted((code for code in labels if only in ("", code)), key=_table)
    return [_row(code, labels[code], period, viewer, on) for code in wanted]


def _table(code: str) -> tuple[int, bool, str]:
    return _number(code), code not in COMPUTED, code


def _number(code: str) -> int:
    part = code.removeprefix("s3-v")[:1]
    return int(part) if part.isdigit() else 4


def _row(code: str, label: Any, period: Period, viewer: AnyUser, on: date) -> S3Row:
    if code not in COMPUTED:
        return S3Row(code, label, _number(code), ELSEWHERE[code])
    how, count = COMPUTED[code]
    return S3Row(code, label, _number(code), how, count(period, viewer, on))
