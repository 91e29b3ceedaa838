"""What provenance publishes, and what every table of claims needs: which claim stands, and rows without hidden ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AnyUser
from beffroi.core.datasets import Dataset
from beffroi.core.exports import Column, Type
from beffroi.core.exports.columns import BATCH
from beffroi.provenance.models import Anomaly, Source
from beffroi.provenance.queries import Moment, claim_value, settlement_value
from beffroi.provenance.queries.desk import visible_sources
from beffroi.provenance.rules import SettlementValue, standing


def seen(viewer: AnyUser, *links: str) -> Q:
    """Rows of which each linked thing, when there is one, is visible too."""
    partners = viewer.partner_ids if viewer.is_authenticated else set()
    widest = Visibility.PARTNERS if partners else Visibility.PUBLIC
    condition = Q()
    for link in links:
        condition &= (
            Q(**{f"{link}__isnull": True}) | Q(**{f"{link}__visibility__lte": widest}) | Q(**{f"{link}__owner__in": partners})
        )
    return condition


@dataclass(frozen=True)
class StandingClaim:
    claim: Any
    stands: bool
    is_disputed: bool


def known_claims(claims: Any, viewer: AnyUser, moment: Moment) -> QuerySet[Any]:
    """What was stated on or before the date and known at the moment."""
    stated = Q(stated_on__isnull=True) | Q(stated_on__lte=moment.as_of)
    return claims.visible_to(viewer).known_on(moment.known_on).filter(stated)  # type: ignore[no-any-return]


def with_standing(claims: QuerySet[Any], *, link: str, settlements: Any, moment: Moment) -> Iterator[StandingClaim]:
    """Each claim with whether it stands. Claims come subject by subject: memory holds one subject at a time."""
    settled: dict[int, SettlementValue] = {
        getattr(row, f"{link}_id"): settlement_value(row)
        for row in settlements.filter(recorded_from__lte=moment.known_on).order_by("recorded_from")
    }
    ordered = claims.order_by(f"{link}_id", "pk").iterator(chunk_size=BATCH)
    for subject, group in groupby(ordered, key=lambda claim: getattr(claim, f"{link}_id")):
        rows = list(group)
        found = standing([claim_value(row) for row in rows], settled.get(subject), as_of=moment.as_of, known_on=moment.known_on)
        standing_ids = {claim.id for claim in found.claims}
        yield from (StandingClaim(row, row.pk in standing_ids, len(found.rivals) > 1) for row in rows)


def claim_columns() -> tuple[Column, ...]:
    """Where a value comes from and whether it stands: the same columns in every table of claims."""
    return (
        Column(
            "as_written",
            _("Comme écrit"),
            Type.TEXT,
            _("La valeur telle que la source l’écrit."),
            lambda row: row.claim.as_written,
        ),
        Column(
            "stands",
            _("Tient"),
            Type.BOOLEAN,
            _("Retenue à cette date, après révisions et règlements."),
            lambda row: row.stands,
        ),
        Column(
            "disputed", _("En désaccord"), Type.BOOLEAN, _("Une autre source dit autre chose."), lambda row: row.is_disputed
        ),
        Column(
            "stated_on", _("Date de la source"), Type.DATE, _("La date dont parle la source."), lambda row: row.claim.stated_on
        ),
        Column("source", _("Source"), Type.CODE, _("Code de la source, voir le jeu « sources »."), _source_code),
        Column("source_row", _("Ligne"), Type.INTEGER, _("Ligne du fichier chargé."), lambda row: row.claim.row),
        Column("source_place", _("Endroit"), Type.TEXT, _("Page ou tableau du document."), lambda row: row.claim.place),
        Column("recorded_from", _("Connue de Beffroi le"), Type.MOMENT, "", lambda row: row.claim.recorded_from),
    )


def _source_code(row: StandingClaim) -> str:
    load = row.claim.load
    return load.snapshot.source.code if load else ""


def item_columns(name: str, label: Any, of: Any) -> tuple[Column, ...]:
    """A code is never published without its framework and its vintage."""

    def part(read: Any) -> Any:
        return lambda row: read(item) if (item := of(row)) is not None else ""

    return (
        Column(
            f"{name}_framework",
            _("%(label)s : cadre") % {"label": label},
            Type.CODE,
            "",
            part(lambda item: item.version.framework.code),
        ),
        Column(
            f"{name}_vintage",
            _("%(label)s : millésime") % {"label": label},
            Type.CODE,
            "",
            part(lambda item: item.version.code),
        ),
        Column(f"{name}_code", _("%(label)s : code") % {"label": label}, Type.CODE, "", part(lambda item: item.code)),
        Column(f"{name}_label", label, Type.TEXT, "", part(lambda item: item.label)),
    )


def _anomalies(viewer: AnyUser, moment: Moment) -> QuerySet[Anomaly]:
    return Anomaly.objects.visible_to(viewer).filter(found_at__lte=moment.known_on)


def _sources(viewer: AnyUser, moment: Moment) -> QuerySet[Source]:
    return visible_sources(viewer)


ANOMALIES = Dataset(
    name="anomalies",
    title=_("Anomalies"),
    description=_(
        "Ce que les contrôles ont trouvé : ce qui est écrit, ce qui était attendu, et comment une personne l’a réglé."
    ),
    columns=(
        Column("check", _("Contrôle"), Type.CODE, _("Le contrôle qui l’a trouvée."), lambda row: row.check_name),
        Column("title", _("Objet")),
        Column("written", _("Ce qui est écrit")),
        Column("expected", _("Ce qui était attendu")),
        Column("difference", _("Écart")),
        Column("state", _("État"), Type.TEXT, "", lambda row: row.get_state_display()),
        Column("found_at", _("Trouvée le"), Type.MOMENT),
        Column("settled_at", _("Réglée le"), Type.MOMENT),
        Column("reason", _("Raison")),
    ),
    query=_anomalies,
)
SOURCES = Dataset(
    name="sources",
    title=_("Sources"),
    description=_("Les publications dont viennent les faits, leur éditeur et leur licence."),
    columns=(
        Column("code", _("Code"), Type.CODE),
        Column("title", _("Titre")),
        Column("publisher", _("Éditeur")),
        Column("publisher_siren", _("SIREN de l’éditeur"), Type.CODE),
        Column("licence", _("Licence")),
        Column("address", _("Adresse")),
        Column("periodicity", _("Périodicité")),
    ),
    query=_sources,
)
