"""What the rows of an operator's list name: companies, colleagues, places, found for all rows in a few queries."""

from collections.abc import Iterable

from beffroi.accounts.models import KeyHolder, Membership, Partner, User
from beffroi.actors.enums import NoSiren
from beffroi.actors.models import Organisation
from beffroi.actors.queries import organisation_search_rows
from beffroi.connectors.identifiers import siren_of
from beffroi.core import search
from beffroi.core.text import search_key
from beffroi.funding.queries.named import named_areas
from beffroi.provenance.actions import Refusal, StatedRow
from beffroi.provenance.models import Load

BATCH = 500


class Unfound(ValueError):
    """A cell names nothing, or several things: `column` and a sentence."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column


def refused(row: StatedRow, fault: Unfound) -> Refusal:
    value = row.values.get(fault.column)
    return Refusal(row.number, fault.column, "" if value is None else str(value), str(fault))


def owner_of(load: Load) -> Partner:
    """An operator's list is an operator's: without one, nobody could see what it holds."""
    if load.owner is None:
        raise Unfound("name", "Une liste d’opérateur se charge au nom d’une institution : choisissez-la au dépôt du fichier.")
    return load.owner


class Finder:
    """A number speaks before a name. What the institution may not see does not exist for its list."""

    def __init__(self, load: Load, rows: Iterable[StatedRow]) -> None:
        self.load, self.owner = load, owner_of(load)
        listed = list(rows)
        seen = Organisation.objects.visible_to(Reader(self.owner))
        sirens = {siren for row in listed if (siren := siren_of(row.text("siren")))}
        keys = {search_key(text)[:300] for row in listed if (text := row.text("name"))}
        self.by_siren: dict[str, Organisation] = {}
        self.by_name: dict[str, list[Organisation]] = {}
        for part in _parts(sirens):
            self.by_siren |= {str(one.siren): one for one in seen.filter(siren__in=part).order_by("-pk")}
        for part in _parts(keys):
            for one in seen.filter(sort_key__in=part).order_by("pk"):
                self.by_name.setdefault(one.sort_key, []).append(one)
        self.places = named_areas([text for row in listed if (text := row.text("place"))])
        members = Membership.objects.current().filter(partner=self.owner).values("user")
        self.colleagues = {user.email: user for user in User.objects.filter(pk__in=members, is_active=True)}
        self.made: list[int] = []

    def company(self, row: StatedRow) -> Organisation:
        number, name = row.text("siren"), row.text("name")
        if not number:
            return self._named(row, name)
        siren = siren_of(number)
        if siren is None:
            raise Unfound("siren", f"« {number} » n’est ni un SIREN ni un SIRET : sa clé est fausse.")
        if siren not in self.by_siren:
            raise Unfound("siren", "Aucune entreprise connue n’a ce numéro : chargez-la d’abord du répertoire SIRENE.")
        return self.by_siren[siren]

    def _named(self, row: StatedRow, name: str) -> Organisation:
        if not name:
            raise Unfound("name", "Une ligne donne le SIREN de l’entreprise, ou son nom.")
        found = self.by_name.setdefault(search_key(name)[:300], [])
        if len(found) > 1:
            raise Unfound("name", f"Plusieurs entreprises s’appellent « {name} » : donnez le SIREN.")
        if not found:
            found.append(self._introduced(name, self.place(row)))
        return found[0]

    def _introduced(self, name: str, place: int | None) -> Organisation:
        """A company that nobody brought yet, seen by those who see the list."""
        made: Organisation = Organisation.objects.create(
            name=name, kind="company", no_siren=NoSiren.NOT_STATED, sort_key=search_key(name)[:300], place_id=place,
            owner=self.owner, visibility=self.load.visibility,
        )  # fmt: skip
        self.made.append(made.pk)
        return made

    def place(self, row: StatedRow) -> int | None:
        text = row.text("place")
        if text and text not in self.places:
            raise Unfound("place", f"« {text} » n’est le nom ni le code d’un seul territoire officiel : donnez son code.")
        return self.places.get(text)

    def colleague(self, row: StatedRow) -> User | None:
        email = row.text("by").lower()
        if email and email not in self.colleagues:
            raise Unfound("by", f"« {email} » n’est l’adresse d’aucun membre présent de l’institution.")
        return self.colleagues.get(email)

    def index(self) -> None:
        """What the list brought can be found at once."""
        if self.made:
            search.index(organisation_search_rows(self.made))


class Reader(KeyHolder):
    """Who loads for an institution: with its eyes."""

    def __init__(self, owner: Partner) -> None:
        super(KeyHolder, self).__init__()
        self.partner_ids = frozenset({owner.pk})


def _parts(values: set[str]) -> Iterable[list[str]]:
    listed = sorted(values)
    return (listed[start : start + BATCH] for start in range(0, len(listed), BATCH))
