"""Why this figure: each kind of figure, the evidence behind it. A figure's key is `kind:rest`, and `rest` is the kind's own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.models import AnyUser
from beffroi.accounts.roles import may
from beffroi.core.figures import Figure
from beffroi.core.models import believed_at
from beffroi.funding import queries as money
from beffroi.funding.models import (
    Expenditure,
    ExpenditureClaim,
    ExpenditureSettlement,
    Line,
    LineClaim,
    LineSettlement,
    Sum,
    SumClaim,
    SumSettlement,
)
from beffroi.indicators.models import Cell, Observation, ObservationSettlement
from beffroi.indicators.queries import evidence as values
from beffroi.interactions import queries as activity
from beffroi.observatory.queries import evidence as observed
from beffroi.provenance.queries import Moment, anomalies_about, figure_of, standings
from beffroi.provenance.queries.evidence import COUNTED, Question
from beffroi.provenance.rules import Standing, is_known_on
from beffroi.publishing.datasets import BY_NAME
from beffroi.publishing.reports import evidence as reports
from beffroi.publishing.sheets import local_plans, organisation, overlaps, territory
from beffroi.publishing.sheets.money import evidence as explorer
from beffroi.reference.models import Framework, Item


@dataclass(frozen=True)
class ClaimRow:
    """A claim as the panel shows it: what it says, where from, and what became of it."""

    claim: Any
    state: Any
    sense: str = ""


@dataclass(frozen=True)
class Part:
    """One of the things that a count counts, or one of the lines that a total adds."""

    label: Any
    thing: Any = None
    figure: Figure | None = None


@dataclass(frozen=True)
class Evidence:
    title: Any
    formula: Any
    figure: Figure
    claims: Sequence[ClaimRow] = ()
    settlement: Any = None
    parts: Sequence[Part] = ()
    anomalies: Sequence[Any] = field(default=())
    subject: Any = None
    settle_address: str = ""


@dataclass(frozen=True)
class ClaimKind:
    """A table of subjects without value, with its claims and settlements."""

    subject: Any
    claims: Any
    settlements: Any
    link: str
    name: str
    related: tuple[str, ...]


CLAIM_KINDS = {
    "cell": ClaimKind(Cell, Observation, ObservationSettlement, "cell", "cell", ("indicator", "territory")),
    "line": ClaimKind(Line, LineClaim, LineSettlement, "line", "line", ("programme__framework", "item", "fund", "receiver")),
    "expenditure": ClaimKind(
        Expenditure,
        ExpenditureClaim,
        ExpenditureSettlement,
        "expenditure",
        "expenditure",
        ("programme__framework", "item", "fund"),
    ),
    "sum": ClaimKind(Sum, SumClaim, SumSettlement, "sum", "sum", ("programme__framework", "item")),
}


def _state(claim: Any, stands: Standing, moment: Moment) -> tuple[Any, str]:
    if not is_known_on(claim, moment.known_on):
        is_later = claim.recorded_from > moment.known_on
        return (_("pas encore connue à cette date") if is_later else _("corrigée depuis")), "unknown"
    if claim.stated_on is not None and claim.stated_on > moment.as_of:
        return _("dite après cette date"), "unknown"
    ids = {row.id for row in stands.claims}
    if claim.pk not in ids:
        settled = stands.settled is not None
        return (_("écartée par le règlement"), "unknown") if settled else (_("remplacée par un état plus récent"), "unknown")
    if stands.settled is not None:
        return _("retenue"), "good"
    return (_("en désaccord avec une autre"), "watch") if len(stands.rivals) > 1 else (_("tient"), "good")


def _claim_evidence(kind: ClaimKind, rest: str, viewer: AnyUser, moment: Moment) -> Evidence:
    subject = kind.subject.objects.visible_to(viewer).select_related(*kind.related).filter(pk=int(rest)).first()
    if subject is None:
        raise Http404
    stands = standings(
        [subject.pk],
        claims=kind.claims.objects,
        settlements=kind.settlements.objects,
        link=kind.link,
        moment=moment,
        viewer=viewer,
    )[subject.pk]
    rows = kind.claims.objects.filter(**{kind.link: subject}).visible_to(viewer)
    kept = kind.settlements.objects.filter(believed_at(moment.known_on), **{kind.link: subject}, claim__in=rows)
    settlement = kept.select_related("by").first()
    unit = getattr(subject, "unit", "") if kind.name == "cell" else "€"
    return Evidence(
        title=getattr(subject, "indicator", None) or subject,
        formula=_("Une valeur dite par une source, sans calcul de Beffroi."),
        figure=figure_of(stands, unit=unit, period=subject.written_period),
        claims=[
            ClaimRow(claim, *_state(claim, stands, moment))
            for claim in rows.select_related("load__snapshot__source", "by").order_by("-stated_on", "pk")
        ],
        settlement=settlement,
        anomalies=list(anomalies_about(kind.name, subject.pk, viewer=viewer)),
        subject=subject,
        settle_address=reverse("publishing:settle", args=[kind.name, subject.pk]) if _can_settle(rows, viewer) else "",
    )


def _can_settle(claims: Any, viewer: AnyUser) -> bool:
    return len(claims) > 1 and may(viewer, Permission.SETTLE)


def _claims_of(name: str) -> Callable[[str, AnyUser, Moment], Evidence]:
    return lambda rest, viewer, moment: _claim_evidence(CLAIM_KINDS[name], rest, viewer, moment)


def _items_evidence(rest: str, viewer: AnyUser, moment: Moment) -> Evidence:
    """`framework/level`: how many items of a level a framework lists."""
    code, _slash, level = rest.partition("/")
    framework = Framework.objects.visible_to(viewer).filter(code=code).first()
    if framework is None:
        raise Http404
    items = Item.objects.visible_to(viewer).of_framework(code)
    listed = list((items.at_level(level) if level else items).order_by("position", "sort_key"))
    return Evidence(
        title=framework,
        formula=_(
            "Le nombre d’éléments que la source liste à ce niveau ; chacun est compté une fois, même si plusieurs documents "
            "le nomment."
        ),
        figure=Figure(value=len(listed)),
        parts=[Part(item.label, item) for item in listed],
        anomalies=list(anomalies_about("framework", framework.pk, viewer=viewer)),
        subject=framework,
    )


def _counted(question: Question) -> Callable[[str, AnyUser, Moment], Evidence]:
    """What the data pages count, told by provenance itself."""

    def answer(rest: str, viewer: AnyUser, moment: Moment) -> Evidence:
        found = question(rest, viewer, moment)
        if found is None:
            raise Http404
        parts = [Part(label, thing, figure) for label, thing, figure in found.parts]
        return Evidence(title=found.title, formula=found.formula, figure=found.figure, parts=parts, subject=found.subject)

    return answer


def _dataset_evidence(rest: str, viewer: AnyUser, moment: Moment) -> Evidence:
    """How many rows of a published table this reader may take away."""
    if rest not in BY_NAME:
        raise Http404
    dataset = BY_NAME[rest]
    return Evidence(
        title=dataset.title,
        formula=_("Le nombre de lignes du jeu de données que vous pouvez voir à cette date : ses fichiers les donnent toutes."),
        figure=dataset.figure(viewer, moment),
        subject=dataset,
    )


KINDS: dict[str, Callable[[str, AnyUser, Moment], Evidence]] = {
    **{name: _claims_of(name) for name in CLAIM_KINDS},
    "items": _items_evidence,
    "dataset": _dataset_evidence,
    **{
        name: _counted(question)
        for name, question in (
            COUNTED | money.COUNTED | values.COUNTED | observed.COUNTED | reports.COUNTED | explorer.COUNTED | activity.COUNTED
        ).items()
    },
    "organisation": _counted(organisation.counted),
    "territory": _counted(territory.counted),
    "plans": _counted(local_plans.counted),
    "overlaps": _counted(overlaps.counted),
}


def evidence(key: str, *, viewer: AnyUser, moment: Moment) -> Evidence:
    kind, _colon, rest = key.partition(":")
    if kind not in KINDS:
        raise Http404
    try:
        return KINDS[kind](rest, viewer, moment)
    except (ValueError, OverflowError) as error:  # what is no number, or one that no row has
        raise Http404 from error
