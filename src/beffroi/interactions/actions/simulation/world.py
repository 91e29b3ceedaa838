"""Those who act and those whom they see: operators and their people, companies, priority areas, funders' agreements."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import Membership, Partner, User
from beffroi.actors.enums import NoSiren, OrganisationKind
from beffroi.actors.models import Organisation
from beffroi.core.text import search_key
from beffroi.funding.enums import AgreementKind, PartyRole
from beffroi.funding.models import Agreement, AgreementParty, DocumentDue
from beffroi.interactions.actions.simulation.writing import instants, new_ids, write
from beffroi.interactions.models import ActivityCost, ActivityShare
from beffroi.reference.enums import FrameworkKind
from beffroi.reference.models import Framework, Item, Version

if TYPE_CHECKING:
    from beffroi.interactions.actions.simulation import Asked

AREAS = (
    "Mobilités",
    "Santé et nutrition",
    "Bioéconomie",
    "Industries créatives",
    "Matériaux",
    "Énergies",
    "Numérique et robotique",
)
KINDS = (
    (OrganisationKind.CLUSTER, "Pôle simulé"),
    (OrganisationKind.CHAMBER, "Chambre simulée"),
    (OrganisationKind.AGENCY, "Agence simulée"),
    (OrganisationKind.UNIVERSITY, "Université simulée"),
    (OrganisationKind.FUND, "Fonds simulé"),
)
STARTS = (
    "Ateliers",
    "Atelier",
    "Fonderie",
    "Filature",
    "Verrerie",
    "Mécanique",
    "Brasserie",
    "Imprimerie",
    "Menuiserie",
    "Laboratoires",
    "Plasturgie",
    "Tôlerie",
    "Logiciels",
    "Conserverie",
    "Énergies",
    "Transports",
)
ENDS = (
    "du Val",
    "de la Lys",
    "des Moulins",
    "du Plateau",
    "de l’Écluse",
    "du Marais",
    "des Tilleuls",
    "de la Gare",
    "du Phare",
    "du Canal",
    "de la Baie",
    "du Beffroi",
    "des Remparts",
    "du Moulinel",
    "des Dunes",
    "de la Citadelle",
)
FUNDERS = (
    ("Région simulée", OrganisationKind.REGION, Decimal("0.5")),
    ("Fonds européen simulé", OrganisationKind.FUND, Decimal("0.3")),
)
OWN_SHARE = Decimal("0.2")
SHARED_KINDS = ("visite", "accompagnement", "evenement", "sensibilisation")
HOUR = 52_00  # cents
COMPANIES_OF_AN_OPERATOR = 40
PEOPLE_OF_AN_OPERATOR = 2


@dataclass(frozen=True)
class World:
    partners: "np.ndarray[Any, Any]"
    people: "np.ndarray[Any, Any]"  # two columns: those of each operator
    companies: "np.ndarray[Any, Any]"
    areas: "np.ndarray[Any, Any]"
    words: dict[str, "np.ndarray[Any, Any]"]  # the items of each level of the nomenclatures


def open_world(asked: "Asked") -> World:
    draw = np.random.default_rng([asked.seed, 0])
    since = date(asked.until.year - asked.years, 1, 1)
    partners = _partners(asked.operators)
    places = np.array(
        list(Item.objects.of_framework("geo-communes").order_by("code").values_list("pk", flat=True)), dtype=np.int64
    )
    companies = _companies(asked.operators * COMPANIES_OF_AN_OPERATOR, places, draw)
    bodies = _bodies(partners, places, draw)
    _agreements(partners, bodies, since)
    levels = ("need_subject", "support_kind", "event_kind", "guide_theme")
    words = {name: np.array(Item.objects.filter(level=name).order_by("pk").values_list("pk", flat=True)) for name in levels}
    return World(partners, _people(partners, since), companies, _areas(), words)


def _partners(count: int) -> "np.ndarray[Any, Any]":
    ids = new_ids(Partner, count)
    numbers = range(1, count + 1)
    names = [f"{KINDS[number % len(KINDS)][1]} n° {number:03d}" for number in numbers]
    write(Partner, {"id": ids, "code": [f"simule-{number:03d}" for number in numbers], "name": names})
    return ids


def _people(partners: "np.ndarray[Any, Any]", since: date) -> "np.ndarray[Any, Any]":
    """Nobody signs in as them: their password is none."""
    ids = new_ids(User, len(partners) * PEOPLE_OF_AN_OPERATOR)
    numbers = range(1, len(ids) + 1)
    mails = [f"agent-{number:04d}@simulation.beffroi.example" for number in numbers]
    flags = {"is_active": pl.Series([True] * len(ids)), "is_demo": pl.Series([False] * len(ids))}
    write(User, {"id": ids, "email": mails, "name": [f"Agent {number:04d}" for number in numbers], "password": "!", **flags})
    owners = np.repeat(partners, PEOPLE_OF_AN_OPERATOR)
    told = {"id": new_ids(Membership, len(ids)), "user_id": ids, "partner_id": owners}
    write(Membership, {**told, "role": str(Role.DEVELOPER), "since": since})
    return ids.reshape(-1, PEOPLE_OF_AN_OPERATOR)


def _organisations(names: list[str], kinds: Any, places: Any, **more: Any) -> "np.ndarray[Any, Any]":
    ids = new_ids(Organisation, len(names))
    blank = dict.fromkeys(
        (
            "acronym",
            "legal_category",
            "created",
            "diffusion",
            "state",
            "size",
            "headcount",
            "activity",
            "activity_version",
            "seat",
            "content_hash",
        ),
        "",
    )
    told = {"id": ids, "name": names, "sort_key": [search_key(name)[:300] for name in names], "kind": kinds, "place_id": places}
    write(Organisation, {**blank, **told, "no_siren": str(NoSiren.NOT_STATED), "visibility": 0, **more})
    return ids


def _companies(count: int, places: "np.ndarray[Any, Any]", draw: Any) -> "np.ndarray[Any, Any]":
    one, other = draw.integers(len(STARTS), size=count), draw.integers(len(ENDS), size=count)
    names = [f"{STARTS[a]} {ENDS[b]} {number}" for number, (a, b) in enumerate(zip(one, other, strict=True), 1)]
    return _organisations(names, str(OrganisationKind.COMPANY), _drawn(places, count, draw))


def _drawn(places: "np.ndarray[Any, Any]", count: int, draw: Any) -> Any:
    """Some communes have many companies, most have few."""
    if not len(places):
        return pl.Series([None] * count, dtype=pl.Int64)
    return draw.permutation(places)[np.minimum((draw.pareto(1.1, size=count) * len(places) / 60).astype(int), len(places) - 1)]


def _bodies(partners: "np.ndarray[Any, Any]", places: "np.ndarray[Any, Any]", draw: Any) -> "np.ndarray[Any, Any]":
    count = len(partners)
    numbers = range(1, count + 1)
    names = [f"{KINDS[number % len(KINDS)][1]} n° {number:03d}" for number in numbers]
    kinds = [str(KINDS[number % len(KINDS)][0]) for number in numbers]
    return _organisations(names, kinds, _drawn(places, count, draw), partner_id=partners)


def _areas() -> "np.ndarray[Any, Any]":
    framework, _new = Framework.objects.get_or_create(
        code="s3-simulee", defaults={"label": "Spécialisation simulée", "kind": FrameworkKind.STRATEGY}
    )
    version, _new = Version.objects.get_or_create(framework=framework, code="1")
    for position, label in enumerate(AREAS, 1):
        told = {"label": label, "level": "priority_area", "position": position, "sort_key": search_key(label)}
        Item.objects.get_or_create(version=version, code=f"das-{position}", defaults=told)
    return np.array(list(version.items.order_by("position").values_list("pk", flat=True)))


def _agreements(partners: "np.ndarray[Any, Any]", bodies: "np.ndarray[Any, Any]", since: date) -> None:
    """Each operator has one with each funder, and one key for all its activities: 50 %, 30 %, and its own 20 %."""
    kinds = Item.objects.of_framework("activites").filter(code__in=SHARED_KINDS).order_by("pk").values_list("pk", flat=True)
    funders = _organisations(
        [name for name, _kind, _part in FUNDERS],
        [str(kind) for _name, kind, _part in FUNDERS],
        pl.Series([None] * len(FUNDERS), dtype=pl.Int64),
    )
    for funder, (name, _kind, part) in zip(funders, FUNDERS, strict=True):
        ids = new_ids(Agreement, len(partners))
        titles = [f"Convention n° {number:03d} avec {name}" for number in range(1, len(ids) + 1)]
        told = {
            "id": ids,
            "namespace": "simulation",
            "code": [f"{funder}-{number:03d}" for number in range(1, len(ids) + 1)],
            "kind": str(AgreementKind.OBJECTIVES),
            "title": titles,
            "sort_key": [search_key(title) for title in titles],
            "base": "",
            "note": "",
            "start": since,
            "owner_id": partners,
            "visibility": int(Visibility.PARTNERS),
        }
        write(Agreement, told)
        _parties(ids, np.full(len(ids), funder), PartyRole.FUNDER)
        _parties(ids, bodies, PartyRole.BENEFICIARY)
        write(
            DocumentDue,
            {
                "id": new_ids(DocumentDue, len(ids)),
                "agreement_id": ids,
                "label": "Rapport d’activité de l’année",
                "due_on": date(since.year + 1, 3, 31),
                "note": "",
            },
        )
        _keys(partners, kinds, since, agreement=ids, share=part)
    _keys(partners, kinds, since, agreement=None, share=OWN_SHARE)
    told = {"id": new_ids(ActivityCost, len(partners)), "owner_id": partners, "since": since, "cents": HOUR}
    write(ActivityCost, {**told, "visibility": int(Visibility.PARTNERS)})


def _parties(agreements: Any, organisations: Any, role: PartyRole) -> None:
    told = {"id": new_ids(AgreementParty, len(agreements)), "agreement_id": agreements, "organisation_id": organisations}
    write(AgreementParty, {**told, "role": str(role), "detail": ""})


def _keys(partners: Any, kinds: Any, since: date, *, agreement: Any, share: Decimal) -> None:
    for kind in kinds:
        told = {"id": new_ids(ActivityShare, len(partners)), "kind_id": int(kind), "since": since, "owner_id": partners}
        paid = {} if agreement is None else {"agreement_id": agreement}
        write(ActivityShare, {**told, **paid, "share": float(share), "visibility": int(Visibility.PARTNERS)})


__all__ = ["World", "instants", "open_world"]
