"""What each person finds at home: figures by role, what changed since last time, what waits. Plain tables, to be grepped."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Act, Permission, Role
from beffroi.accounts.models import AnyUser, AuditEvent, User
from beffroi.accounts.roles import may
from beffroi.actors.enums import SameAsState
from beffroi.actors.models import Organisation, SameAs
from beffroi.core.figures import Figure
from beffroi.funding.enums import VersionState
from beffroi.funding.models import PlanVersion
from beffroi.funding.queries.files import own_files, standing_still
from beffroi.funding.queries.link_desk import waiting_links
from beffroi.indicators.queries.following import followed_rows
from beffroi.interactions.queries.week import due_referrals, planned_visits
from beffroi.provenance.enums import LoadState
from beffroi.provenance.models import Anomaly, Load
from beffroi.provenance.queries import Moment
from beffroi.publishing.models import Edition
from beffroi.publishing.why import evidence
from beffroi.web.context import address_of

FIGURES: dict[str, Promise] = {
    "behind:": _("Objectifs en retard"),
    "items:s3-hdf-2021-2027/specialisation": _("Spécialisations de la stratégie S3"),
    "items:s3-hdf-2021-2027/priority_area": _("Domaines prioritaires de la stratégie S3"),
    "items:prospective-industrie-hdf/variable": _("Variables de la prospective industrielle"),
    "contract:cper-hdf-2021-2027": _("Engagements du contrat de plan État-Région"),
    "programmes:": _("Programmes à piloter"),
    "dataset:organisations": _("Acteurs connus"),
    "dataset:operations": _("Opérations connues"),
    "dataset:observations": _("Valeurs d’indicateurs, chacune avec sa source"),
    "dataset:meetings": _("Réunions et actes datés"),
}
PAGES = {"behind:": "indicators:behind", "programmes:": "publishing:programmes"}
FOR_ALL = ("behind:", "items:s3-hdf-2021-2027/specialisation", "contract:cper-hdf-2021-2027")
BY_ROLE: dict[Role, tuple[str, ...]] = {
    Role.DEVELOPER: ("items:s3-hdf-2021-2027/priority_area", "dataset:organisations", "behind:"),
    Role.BUREAU_HEAD: ("items:s3-hdf-2021-2027/specialisation", "dataset:meetings", "behind:"),
    Role.PROGRAMME_OFFICER: ("programmes:", "contract:cper-hdf-2021-2027", "behind:"),
    Role.ELECTED: FOR_ALL,
    Role.ANALYST: ("items:prospective-industrie-hdf/variable", "dataset:observations", "behind:"),
    Role.FUNDER_OFFICER: ("contract:cper-hdf-2021-2027", "dataset:organisations", "behind:"),
    Role.ADMINISTRATOR: ("dataset:observations", "dataset:organisations", "behind:"),
}
SHOWN = 3
STILL = 30  # days without a step after which a file waits for its keeper
LISTED = 5
FIRST_VISIT = timedelta(days=30)  # without an earlier visit, what changed in a month
ENTRANCES: tuple[tuple[str, Promise, Promise], ...] = (
    (
        "reference:frameworks",
        _("Stratégies"),
        _("Les documents qui engagent, leurs axes et actions, et ce qui passe de l’un à l’autre."),
    ),
    ("actors:directory", _("Acteurs"), _("Qui fait quoi, avec qui, depuis quand.")),
    (
        "publishing:territories",
        _("Territoires"),
        _("Ce que l’on sait d’une commune, d’une intercommunalité ou d’une zone d’emploi."),
    ),
    (
        "publishing:money",
        _("Où va l’argent"),
        _("Combien, de qui, pour quoi, pour quel territoire : chaque euro compté une fois."),
    ),
    (
        "interactions:week",
        _("Activité"),
        _("Qui voir cette semaine, qui l’a déjà vu, ce que les entreprises demandent et ce que cela devient."),
    ),
    (
        "observatory:home",
        _("Observatoire"),
        _("Cartes, spécialisation, effet local, comparaisons : ce que les chiffres disent d’un territoire."),
    ),
    ("indicators:list", _("Indicateurs"), _("Ce qui était visé, ce qui est fait, ce qui se contredit.")),
    (
        "publishing:programmes",
        _("Programmes"),
        _("Ce qui est prévu, programmé, certifié et payé, les enveloppes, la maquette et ce qui risque d’être perdu."),
    ),
    ("publishing:reports", _("Rapports"), _("L’avancement à une date, à imprimer et à citer.")),
    ("publishing:datasets", _("Jeux de données"), _("Tout ce qui précède, à télécharger.")),
)


@dataclass(frozen=True)
class Waiting:
    """Something that a person may settle: how many, and where."""

    text: Any
    count: int
    address: str
    things: Sequence[Any] = ()

    @property
    def figure(self) -> Figure:
        return Figure(value=self.count)


@dataclass(frozen=True)
class Followed:
    """A figure at home; `thing`, or the page of that name, tells more."""

    label: Any
    figure: Figure
    thing: Any = None
    page: str = ""


def role_figures(user: AnyUser, moment: Moment) -> list[Followed]:
    role = next(iter(sorted(user.roles)), None) if user.is_authenticated else None
    keys = BY_ROLE.get(role, FOR_ALL) if role else FOR_ALL
    return [figure for key in keys if (figure := _figure(key, user, moment)) is not None]


def _figure(key: str, user: AnyUser, moment: Moment) -> Followed | None:
    try:
        found = evidence(key, viewer=user, moment=moment)
    except Http404:
        return None
    return Followed(FIGURES[key], replace(found.figure, why=key, label=str(FIGURES[key])), found.subject, PAGES.get(key, ""))


def followed_figures(user: AnyUser, moment: Moment) -> list[Followed]:
    """What the person follows, completed by what the role suggests."""
    rows = followed_rows(user, moment=moment, limit=SHOWN)
    chosen = [Followed(row.indicator, row.last.value.figure if row.last else Figure(), row.indicator) for row in rows]
    return [*chosen, *role_figures(user, moment)][:SHOWN]


def last_visit(user: User) -> datetime | None:
    """The sign-in before this one."""
    visits = AuditEvent.objects.filter(by=user, act=Act.SIGNED_IN).order_by("-at").values_list("at", flat=True)
    return next(iter(visits[1:2]), None)


def changes_since(user: AnyUser, visit: datetime | None, *, moment: Moment) -> dict[str, Any]:
    since = visit or moment.known_on - FIRST_VISIT
    loads = Load.objects.visible_to(user).applied().filter(ended__gt=since, ended__lte=moment.known_on)
    found = Anomaly.objects.visible_to(user).open().filter(found_at__gt=since, found_at__lte=moment.known_on)
    editions = Edition.objects.filter(frozen_at__gt=since, frozen_at__lte=moment.known_on)
    return {
        "visit": visit,
        "loads": loads.select_related("snapshot__source", "profile").order_by("-ended", "-pk")[:LISTED],
        "loads_figure": Figure(value=loads.count()),
        "anomalies": found.order_by("-found_at", "-pk")[:LISTED],
        "anomalies_figure": Figure(value=found.count()),
        "editions": editions[:LISTED],
    }


def waiting_for(user: AnyUser) -> list[Waiting]:
    """What this person may settle, and nothing that waits for somebody else."""
    found: list[Waiting] = []
    if may(user, Permission.SETTLE):
        anomalies = Anomaly.objects.visible_to(user).open()
        found.append(
            Waiting(
                _("Contradictions à régler"), anomalies.count(), address_of("provenance:anomalies"), list(anomalies[:SHOWN])
            )
        )
        found.append(
            Waiting(_("Doublons proposés, à confirmer ou refuser"), proposed_pairs(user), address_of("actors:same_as"))
        )
        found.append(Waiting(_("Lignes qui pourraient être le même argent"), waiting_links(user), address_of("funding:links")))
    if may(user, Permission.IMPORT_DATA):
        checked = Load.objects.visible_to(user).filter(state=LoadState.CHECKED).select_related("snapshot", "profile")
        found.append(
            Waiting(_("Fichiers contrôlés, à charger"), checked.count(), address_of("provenance:loads"), list(checked[:SHOWN]))
        )
    if may(user, Permission.KEEP_PROGRAMME):
        proposed = PlanVersion.objects.visible_to(user).filter(state=VersionState.PROPOSED)
        text = _("Versions de maquette proposées, à décider")
        found.append(Waiting(text, proposed.count(), address_of("publishing:programmes"), list(proposed[:SHOWN])))
    if may(user, Permission.EDIT_FILES):
        found.append(waiting_files(user, on=timezone.localdate()))
    if may(user, Permission.NOTE_ACTIVITY):
        found += waiting_activity(user, on=timezone.localdate())
    return [one for one in found if one.count]


def waiting_activity(user: Any, *, on: date) -> list[Waiting]:
    """The visits of the person that are planned or still to be noted, and the needs that wait for their institution."""
    week = address_of("interactions:week")
    planned, due = planned_visits(user, today=on), due_referrals(user)
    needs = [row.need for row in due]
    return [
        Waiting(_("Visites prévues, ou à noter"), len(planned), week, planned[:SHOWN]),
        Waiting(_("Besoins qui attendent votre réponse"), len(due), f"{week}#a-faire", needs[:SHOWN]),
    ]


def waiting_files(user: Any, *, on: date) -> Waiting:
    """The files of the person's institutions that have not moved for long."""
    rows = own_files(user, moment=Moment(on, timezone.now())).filter(standing_still(on, STILL))
    address = f"{address_of('funding:files')}?view=list&waiting={STILL}"
    return Waiting(_("Dossiers sans étape depuis un mois ou plus"), rows.count(), address, list(rows[:SHOWN]))


def proposed_pairs(user: AnyUser) -> int:
    seen = Organisation.objects.visible_to(user).values("pk")
    return SameAs.objects.filter(state=SameAsState.PROPOSED, one__in=seen, other__in=seen).count()


def entrances() -> list[tuple[str, Any, Any]]:
    return [(address, label, text) for name, label, text in ENTRANCES if (address := address_of(name))]
