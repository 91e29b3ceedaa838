"""The companies that the rows of an operator's list name by their SIREN; one that is not known yet is made when it is named."""

from collections.abc import Iterable, Iterator

from beffroi.accounts.models import Everybody
from beffroi.actors.enums import OrganisationKind
from beffroi.actors.models import Organisation
from beffroi.connectors.identifiers import siren_of
from beffroi.core.text import search_key
from beffroi.interactions.loads.finding import Reader
from beffroi.provenance.actions import StatedRow
from beffroi.provenance.models import Load

BATCH = 5_000


def siren_in(row: StatedRow) -> str | None:
    return siren_of(row.text("siren"))


def organisations_of(rows: Iterable[StatedRow], load: Load) -> dict[str, Organisation]:
    named: dict[str, str] = {}
    for row in rows:
        if siren := siren_in(row):
            named[siren] = named.get(siren) or row.text("name")
    found: dict[str, Organisation] = {}
    taken: set[str | None] = set()  # by a row that the institution of the list may not see: its name is not learnt from here
    seen = Organisation.objects.visible_to(Reader(load.owner) if load.owner else Everybody())
    for sirens in _batches(list(named)):
        found |= {row.siren: row for row in seen.filter(siren__in=sirens).order_by("pk") if row.siren}
        taken |= set(Organisation.objects.filter(siren__in=sirens).values_list("siren", flat=True))
    fresh = [_company(siren, name, load) for siren, name in named.items() if name and siren not in taken]
    made = Organisation.objects.bulk_create(fresh, batch_size=1_000)
    return found | {row.siren: row for row in made if row.siren}


def _batches(texts: list[str]) -> Iterator[list[str]]:
    return (texts[start : start + BATCH] for start in range(0, len(texts), BATCH))


def _company(siren: str, name: str, load: Load) -> Organisation:
    return Organisation(
        name=name[:300],
        kind=OrganisationKind.COMPANY,
        siren=siren,
        sort_key=search_key(name)[:300],
        owner=load.owner,
        visibility=load.visibility,
    )


UNKNOWN = "Cette entreprise n’est pas connue ici : ajoutez une colonne avec son nom, ou chargez d’abord son SIREN."
WRONG = "Ce n’est ni un SIREN ni un SIRET."


def reason_of(row: StatedRow) -> str:
    return UNKNOWN if siren_in(row) else WRONG
