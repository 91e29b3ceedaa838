"""The indicators of the four monitoring tables of the S3: those that the activity gives, with their list, and the others."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.core.text import search_key
from beffroi.indicators.models import Indicator
from beffroi.interactions.enums import FollowUp, Measure
from beffroi.interactions.models import Visit
from beffroi.interactions.queries.attendance import follow_up_figures, followed_up
from beffroi.interactions.queries.bodies import bodies
from beffroi.interactions.queries.counted import Scope, facts
from beffroi.interactions.queries.counts import PATIENCE
from beffroi.interactions.queries.shelf import Shelf
from beffroi.interactions.rules.follow_up import FOLLOWED_DAYS, Share

FRAMEWORK = "s3-hdf-2021-2027"
RRI, PROJECTS = "rri", "montage"  # natures of activity


@dataclass(frozen=True)
class Period:
    first: date
    last: date


@dataclass(frozen=True)
class Asked:
    period: Period
    viewer: AnyUser
    on: date

    def facts(self, measure: Measure) -> QuerySet[Any]:
        about: dict[str, Any] = {"viewer": self.viewer, "on": self.on, "scope": Scope()}
        return facts(measure, self.period.first, min(self.period.last, self.on), **about)

    @property
    def follow_up(self) -> dict[str, Any]:
        """The question of the page of what follows events, over the period, with the delay that it proposes."""
        return {"since": self.period.first, "until": self.period.last, "days": FOLLOWED_DAYS}


# What is counted: what it is, a detail, a date, where it is shown
ListRow = tuple[Any, Any, Any, Any]


@dataclass(frozen=True)
class Computed:
    """`count`: the number as it is kept, None where nothing measures it; `figure`: how it is shown; `follows`: what comes
    after the period tells too."""

    how: Promise
    count: Callable[[Asked], Any]
    rows: Callable[[Asked], Sequence[ListRow]]
    figure: Callable[[Asked, Any], Figure] = lambda asked, kept: Figure(value=kept)
    follows: bool = False


@dataclass(frozen=True)
class S3Row:
    code: str
    label: Any
    table: int
    how: Any
    asked: Asked
    figure: Figure | None = None

    @cached_property
    def rows(self) -> Sequence[ListRow]:
        return COMPUTED[self.code].rows(self.asked) if self.figure else ()


def _followed(asked: Asked) -> dict[str, int] | None:
    share = followed_up(asked.follow_up, on=asked.on, viewer=asked.viewer).share
    return {state.value: count for state, count in share.counts.items()} or None


def _share(asked: Asked, kept: dict[str, int]) -> Figure:
    counts = Counter({FollowUp(state): count for state, count in kept.items()})
    return follow_up_figures(Share(counts), asked.follow_up)[0]


def _followed_rows(asked: Asked) -> list[ListRow]:
    return [
        (one.row.organisation, f"{one.row.event} · {one.state.label}", one.visit and one.visit.on, one.row.event)
        for one in followed_up(asked.follow_up, on=asked.on, viewer=asked.viewer).rows
    ]


def _visited_and_supported(asked: Asked) -> set[int] | None:
    known = bodies(asked.viewer)
    visited = {body for body in known.of_rows(asked.facts(Measure.VISITS)) if body > 0}
    return visited & known.of_rows(asked.facts(Measure.SUPPORTS)) if visited else None


def _number_of(found: Sized | None) -> int | None:
    return None if found is None else len(found)


def _visited_rows(asked: Asked) -> list[ListRow]:
    known, both = bodies(asked.viewer), _visited_and_supported(asked) or set()
    visits: dict[int, list[Visit]] = defaultdict(list)
    rows = asked.facts(Measure.VISITS).filter(known.about(both)).select_related("organisation", "holder__organisation")
    for row in rows.order_by("on", "pk").iterator(chunk_size=2_000):
        visits[known.of(row.organisation_id, row.holder_id) or 0].append(row)
    named = [_visited(visits[body]) for body in both if body in visits]
    return sorted(named, key=lambda row: (search_key(row[0]), row[3]))


def _visited(rows: Sequence[Visit]) -> tuple[str, int, date, int]:
    company = rows[0].organisation or rows[0].holder.organisation  # type: ignore[union-attr]
    assert company is not None
    return company.name, len(rows), rows[0].on, company.pk


def _rri(asked: Asked) -> QuerySet[Any]:
    rows = asked.facts(Measure.PARTICIPATIONS).filter(event__kind__code=RRI, organisation__isnull=False)
    return rows.order_by("organisation__sort_key", "pk")


def _taking_part_in_rri(asked: Asked) -> int | None:
    if not asked.facts(Measure.EVENTS).filter(kind__code=RRI).exists():
        return None
    return len(bodies(asked.viewer).of_rows(_rri(asked)))


def _rri_rows(asked: Asked) -> list[ListRow]:
    rows = _rri(asked).select_related("organisation", "event")
    return [(row.organisation, row.event, timezone.localdate(row.event.starts), row.event) for row in rows]


def _of_projects(asked: Asked) -> QuerySet[Any]:
    return asked.facts(Measure.SUPPORTS).filter(kind__code=PROJECTS)


def _projects(asked: Asked) -> int | None:
    return _of_projects(asked).count() if asked.facts(Measure.SUPPORTS).exists() else None


def _project_rows(asked: Asked) -> list[ListRow]:
    rows = _of_projects(asked).select_related("organisation", "holder", "owner").order_by("since", "pk")
    return [(row.subject, row.owner, row.since, row) for row in rows]


COMPUTED: dict[str, Computed] = {
    "s3-v3-part-visitees": Computed(
        _(
            "Entreprises signalées à un événement tenu dans la période, où leur présence est notée, et visitées dans les "
            "90 jours qui suivent, sur celles dont ce délai est passé. Chacune compte une fois."
        ),
        _followed,
        _followed_rows,
        _share,
        follows=True,
    ),
    "s3-v3-visitees-accompagnees": Computed(
        _("Entreprises différentes visitées dans la période et dont un accompagnement a commencé dans la période."),
        lambda asked: _number_of(_visited_and_supported(asked)),
        _visited_rows,
    ),
    "s3-v3-participants-rri": Computed(
        _("Entreprises différentes présentes à un événement de nature « RRI » ; il en faut un dans la période."),
        _taking_part_in_rri,
        _rri_rows,
    ),
    "s3-v3-projets-dev-innovation": Computed(
        _("Accompagnements de nature « montage de projet ou de dossier » commencés dans la période."),
        _projects,
        _project_rows,
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


def s3_indicators(period: Period, *, shelf: Shelf, only: str = "") -> list[S3Row]:
    """In the order of the tables; without the strategy in the database, those that the activity gives."""
    rows = Indicator.objects.visible_to(shelf.viewer).filter(framework__code=FRAMEWORK, code__in=[*COMPUTED, *ELSEWHERE])
    labels: dict[str, Any] = dict(NAMES) | dict(rows.values_list("code", "label"))
    wanted = sorted((code for code in labels if only in ("", code)), key=_table)
    asked = Asked(period, shelf.viewer, shelf.on)
    return [_row(code, labels[code], asked, shelf) for code in wanted]


def _table(code: str) -> tuple[int, bool, str]:
    return _number(code), code not in COMPUTED, code


def _number(code: str) -> int:
    part = code.removeprefix("s3-v")[:1]
    return int(part) if part.isdigit() else 4


def _row(code: str, label: Any, asked: Asked, shelf: Shelf) -> S3Row:
    if code not in COMPUTED:
        return S3Row(code, label, _number(code), ELSEWHERE[code], asked)
    one = COMPUTED[code]
    last = asked.on if one.follows else min(asked.period.last, asked.on)
    name, patience = f"{code} {asked.period}", PATIENCE if one.follows else 0
    kept = shelf.read(name, asked.period.first, last, partial(one.count, asked), patience=patience)
    return S3Row(code, label, _number(code), one.how, asked, None if kept is None else one.figure(asked, kept))
