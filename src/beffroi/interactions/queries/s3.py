"""The indicators of the four monitoring tables of the S3: those that the activity gives, with their list, and the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser, audience
from beffroi.core.figures import Figure
from beffroi.indicators.models import Indicator
from beffroi.interactions.enums import Measure
from beffroi.interactions.queries.counted import KINDS, Scope, facts

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


def flagged(period: Period, viewer: AnyUser, on: date) -> QuerySet[Any]:
    """The companies to visit after an event, with their first visit since then."""
    rows = _facts(Measure.PARTICIPATIONS, period, viewer, on).filter(flagged=True, organisation__isnull=False)
    visits = KINDS[Measure.VISITS].rows(audience(viewer), on).filter(on__lte=on, organisation=OuterRef("organisation"))
    after = visits.filter(on__gt=OuterRef("day")).order_by().values("organisation").annotate(first=Min("on")).values("first")
    found: QuerySet[Any] = rows.annotate(day=TruncDate("event__starts")).annotate(visited_on=Subquery(after))
    return found


def visited_after_event(period: Period, viewer: AnyUser, on: date) -> Found | None:
    rows = list(flagged(period, viewer, on).select_related("organisation", "event").order_by("event__starts", "pk"))
    if not rows:
        return None
    seen = [row for row in rows if row.visited_on is not None]
    figure = Figure(value=len(seen) / len(rows), unit="ratio", known=len(seen), parts=len(rows))
    return Found(figure, [(row.organisation, row.event, row.visited_on, row.event) for row in rows])


def visited_and_supported(period: Period, viewer: AnyUser, on: date) -> Found | None:
    supports = _facts(Measure.SUPPORTS, period, viewer, on).filter(organisation=OuterRef("organisation")).order_by()
    visits = _facts(Measure.VISITS, period, viewer, on).filter(organisation__isnull=False)
    rows = visits.filter(Exists(supports)).order_by("organisation__sort_key", "organisation")
    named = list(rows.values_list("organisation", "organisation__name").annotate(first=Min("on"), times=Count("pk")))
    if not named and not visits.exists():
        return None
    return Found(Figure(value=len(named)), [(name, times, first, pk) for pk, name, first, times in named])


def taking_part_in_rri(period: Period, viewer: AnyUser, on: date) -> Found | None:
    is_rri = Q(event__kind__code=RRI)
    rows = _facts(Measure.PARTICIPATIONS, period, viewer, on).filter(is_rri, organisation__isnull=False)
    if not _facts(Measure.EVENTS, period, viewer, on).filter(kind__code=RRI).exists():
        return None
    named = list(rows.order_by("organisation__sort_key", "pk").select_related("organisation", "event"))
    companies = {row.organisation_id for row in named}
    return Found(
        Figure(value=len(companies)), [(row.organisation, row.event, row.event.starts.date(), row.event) for row in named]
    )


def projects(period: Period, viewer: AnyUser, on: date) -> Found | None:
    rows = _facts(Measure.SUPPORTS, period, viewer, on)
    if not rows.exists():
        return None
    found = list(rows.filter(kind__code=PROJECTS).select_related("organisation", "holder", "owner").order_by("since", "pk"))
    return Found(Figure(value=len(found)), [(row.subject, row.owner, row.since, row) for row in found])


COMPUTED: dict[str, tuple[Promise, Counted]] = {
    "s3-v3-part-visitees": (
        _("Entreprises signalées lors d’un événement de la période et visitées après lui, sur celles qui ont été signalées."),
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
