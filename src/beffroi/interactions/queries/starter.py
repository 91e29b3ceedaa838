"""The path of project holders in figures, and awareness actions in schools."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.interactions.enums import SupportStepKind
from beffroi.interactions.models import SchoolAction, Support
from beffroi.interactions.queries.bodies import bodies
from beffroi.interactions.queries.supports import Path, hours, paths
from beffroi.interactions.rules import support as rules
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.evidence import Counted

YEARS = tuple(rules.AGES.values())
COUNTS = {
    "holders": gettext_lazy(
        "Les porteurs de projet accueillis sur le parcours, que vous pouvez lire, chacun une fois "
        "même suivi par plusieurs opérateurs."
    ),
    "created": gettext_lazy("Ceux dont l’entreprise est créée."),
    "transmitted": gettext_lazy("Ceux dont l’entreprise a été transmise."),
}
LABELS = {
    "holders": gettext_lazy("porteurs de projet"),
    "created": gettext_lazy("entreprises créées"),
    "transmitted": gettext_lazy("transmises"),
}
DONE = {"created": SupportStepKind.CREATED, "transmitted": SupportStepKind.TRANSMITTED}


@dataclass(frozen=True)
class Walked:
    """A project holder, or the company, whoever accompanied it: one path, the steps of all in the order of their days."""

    support: Support
    steps: list[rules.Step]


def walked(found: Sequence[Path], viewer: AnyUser) -> list[Walked]:
    known = bodies(viewer)
    groups: dict[int | None, list[Path]] = defaultdict(list)
    for path in found:
        groups[known.of(path.support.organisation_id, path.support.holder_id)].append(path)
    return [
        Walked(group[0].support, sorted((step for path in group for step in path.steps), key=lambda step: step.on))
        for group in groups.values()
    ]


def counted_paths(name: str, found: Sequence[Walked]) -> list[Walked]:
    kind = DONE.get(name)
    return [path for path in found if kind is None or any(step.kind == kind for step in path.steps)]


def survival_of(found: Sequence[Walked], years: int, *, on: date) -> rules.Survival:
    return rules.survival([path.steps for path in found], years, on=on)


def survival_figure(found: rules.Survival, years: int) -> Figure:
    """Its bounds while the fate of some is unknown."""
    label = ngettext("en vie à %(years)s an", "en vie à %(years)s ans", years) % {"years": years}
    known: dict[str, Any] = {"known": found.alive + found.ceased, "parts": found.created} if found.created else {}
    told: dict[str, Any] = {"unit": "ratio", "label": label, "why": f"survival:{years}", **known}
    return Figure(value=found.low, **told) if not found.unknown else Figure(low=found.low, high=found.high, **told)


def path_figures(found: Sequence[Path], *, viewer: AnyUser, on: date) -> list[Figure]:
    each = walked(found, viewer)
    counts = [
        Figure(value=len(counted_paths(name, each)), label=str(label), why=f"starter:{name}") for name, label in LABELS.items()
    ]
    known = [path.minutes for path in found if path.minutes is not None]
    spent = hours(sum(known) if known else None).with_label(str(_("d’accompagnement")))
    return [*counts, spent, *(survival_figure(survival_of(each, years, on=on), years) for years in YEARS)]


def school_actions(asked: Mapping[str, Any], *, viewer: AnyUser) -> QuerySet[SchoolAction]:
    rows = SchoolAction.objects.visible_to(viewer).select_related("school", "place", "owner")
    if asked.get("mine"):
        rows = rows.filter(owner__in=viewer.partner_ids if viewer.is_authenticated else ())
    bounds = {"on__gte": asked.get("start"), "on__lte": asked.get("end")}
    found: QuerySet[SchoolAction] = rows.filter(**{name: value for name, value in bounds.items() if value})
    return found.order_by("-on", "-pk")


def school_figures(rows: Sequence[SchoolAction]) -> list[Figure]:
    """Of how many actions the number of pupils is known is said beside it."""
    known = [row.pupils for row in rows if row.pupils is not None]
    minutes = [row.minutes for row in rows if row.minutes is not None]
    schools = {row.school_id or row.school_name.casefold() for row in rows} - {""}
    return [
        Figure(value=len(rows), label=str(_("actions"))),
        Figure(value=len(schools), label=str(_("établissements"))),
        Figure(value=sum(known) if known else None, label=str(_("élèves et étudiants")), known=len(known), parts=len(rows)),
        hours(sum(minutes) if minutes else None).with_label(str(_("devant eux"))),
    ]


def of_survival(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`years`: alive at that age, over those created long enough ago."""
    if rest not in map(str, YEARS):
        return None
    years, found = int(rest), counted_paths("created", walked(paths(viewer, on=moment.as_of), viewer))
    rate = survival_of(found, years, on=moment.as_of)
    formula = _(
        "Sur les entreprises créées depuis assez longtemps, celles qu’une étape montre en vie à cet âge. Si le sort de "
        "certaines n’est pas connu, le taux est entre deux bornes : toutes cessées, ou toutes en vie."
    )
    parts: list[tuple[Any, Any, Figure | None]] = [
        (_("créées depuis assez longtemps"), None, Figure(value=rate.created)),
        (_("en vie à cet âge"), None, Figure(value=rate.alive)),
        (_("cessées avant"), None, Figure(value=rate.ceased)),
        (_("sort inconnu"), None, Figure(value=rate.unknown)),
        (_("créées trop récemment"), None, Figure(value=rate.too_young)),
    ]
    parts += [(path.support.subject, path.support, None) for path in found]
    return Counted(
        ngettext("En vie à %(years)s an", "En vie à %(years)s ans", years) % {"years": years},
        formula,
        survival_figure(rate, years),
        parts,
    )


def of_starter(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    if rest not in COUNTS:
        return None
    found = counted_paths(rest, walked(paths(viewer, on=moment.as_of), viewer))
    parts = [(path.support.subject, path.support, None) for path in found]
    return Counted(LABELS[rest], COUNTS[rest], Figure(value=len(found)), parts)
