"""The organisations that the rows of a list name: found by their number or their exact name, else made, all at once."""

from collections.abc import Iterable

from beffroi.accounts.enums import Visibility
from beffroi.actors.enums import NoSiren, OrganisationKind
from beffroi.actors.models import ExternalId, Organisation
from beffroi.core.text import search_key
from beffroi.funding.loads.grants.identifiers import BY_NAME, Party
from beffroi.provenance.models import Load

BATCH = 500


class Parties:
    def __init__(self, load: Load) -> None:
        self.load = load
        self.ids: dict[str, int] = {}

    def of(self, party: Party | None) -> int | None:
        return None if party is None else self.ids.get(party.key)

    def find(self, parties: Iterable[Party]) -> None:
        wanted: dict[str, Party] = {}
        for party in parties:
            wanted.setdefault(party.key, party)
        self._known_sirens([party.value for party in wanted.values() if party.scheme == "siren"])
        by_scheme: dict[str, list[str]] = {}
        for party in wanted.values():
            by_scheme.setdefault(party.scheme, []).append(party.value)
        for scheme, values in by_scheme.items():
            self._known_numbers(scheme, values)
        self._known_names([party for party in wanted.values() if party.scheme == BY_NAME])
        self._make([party for key, party in wanted.items() if key not in self.ids])

    def _known_sirens(self, sirens: list[str]) -> None:
        for start in range(0, len(sirens), BATCH):
            rows = Organisation.objects.filter(siren__in=sirens[start : start + BATCH]).values_list("siren", "pk")
            self.ids |= {f"siren:{siren}": pk for siren, pk in rows}

    def _known_numbers(self, scheme: str, values: list[str]) -> None:
        for start in range(0, len(values), BATCH):
            rows = ExternalId.objects.filter(scheme=scheme, value__in=values[start : start + BATCH])
            self.ids |= {f"{scheme}:{value}": pk for value, pk in rows.values_list("value", "organisation_id")}

    def _known_names(self, parties: list[Party]) -> None:
        """A funder known by exactly one organisation of its name is that one."""
        names = {search_key(party.name)[:300]: party.key for party in parties if party.key not in self.ids}
        found: dict[str, list[int]] = {}
        for name, pk in Organisation.objects.filter(sort_key__in=list(names)).order_by("pk").values_list("sort_key", "pk"):
            found.setdefault(name, []).append(pk)
        self.ids |= {names[name]: pks[0] for name, pks in found.items() if len(pks) == 1}

    def _make(self, parties: list[Party]) -> None:
        made = Organisation.objects.bulk_create([self._organisation(party) for party in parties], batch_size=1_000)
        pairs = list(zip(parties, made, strict=True))
        self.ids |= {party.key: organisation.pk for party, organisation in pairs}
        ExternalId.objects.bulk_create(
            [
                ExternalId(organisation=organisation, scheme=party.scheme, value=party.value)
                for party, organisation in pairs
                if party.scheme != "siren"
            ],
            batch_size=1_000,
        )

    def _organisation(self, party: Party) -> Organisation:
        is_siren = party.scheme == "siren"
        return Organisation(
            name=party.name[:300],
            kind=OrganisationKind(party.kind),
            siren=party.value if is_siren else None,
            no_siren="" if is_siren else NoSiren.NATURAL_PERSON if party.is_person else NoSiren.NOT_STATED,
            sort_key=search_key(party.name)[:300],
            owner=self.load.owner,
            visibility=max(self.load.visibility, Visibility.PARTNERS) if party.is_person else self.load.visibility,
        )
