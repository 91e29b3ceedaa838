"""List of operations, Regulation (EU) 2021/1060 art. 49(3): names of natural persons gone after two years."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from beffroi.core.exports import Type
from beffroi.funding.enums import SumKind
from beffroi.funding.models import Operation
from beffroi.publishing.datasets.standards.declared import ENGLISH, Asked, Field, LeftOut, Publication
from beffroi.publishing.datasets.standards.facts import Described, described
from beffroi.publishing.queries import named_operations

NAME = "art49"
PERSON = {"fr": "Personne physique", "en": "Natural person"}
LEGAL = {"fr": "Personne morale", "en": "Legal entity"}


@dataclass(frozen=True)
class Listed:
    described: Described
    language: str
    is_named: bool
    updated: str

    @property
    def operation(self) -> Operation:
        return self.described.operation

    @property
    def beneficiary(self) -> str:
        return PERSON[self.language] if self.described.is_person and not self.is_named else self.described.name

    @property
    def kind(self) -> str:
        words = PERSON if self.described.is_person else LEGAL
        return words[self.language] if self.described.beneficiary else ""

    @property
    def siren(self) -> str:
        found = self.described.beneficiary
        return "" if found is None or self.described.is_person else found.siren or ""

    def cost(self, kind: str) -> Decimal | None:
        cost = self.described.cost(kind)
        return cost.value if cost else None

    @property
    def currency(self) -> str:
        costs = [cost.currency for kind in SumKind.values if (cost := self.described.cost(kind))]
        return next((line.currency for line in self.described.union), next(iter(costs), self.operation.currency))

    @property
    def union(self) -> Decimal | None:
        """Nothing when one part is not known for certain."""
        parts = [line.value for line in self.described.union if line.currency == self.currency]
        return None if not parts or None in parts else sum((part for part in parts if part is not None), Decimal(0))

    @property
    def rate(self) -> str:
        details = self.described.details
        return details.get("co_financing_rate") or details.get("written_rate") or ""

    @property
    def item(self) -> str:
        item = self.operation.item
        return "" if item is None else item.label

    @property
    def place(self) -> str:
        """For a natural person, the region alone (point m)."""
        if self.described.is_person:
            return self.operation.region_name
        return str(self.operation.place or self.operation.written_place)

    @property
    def postcode(self) -> str:
        return "" if self.described.is_person else self.operation.postcode

    @property
    def nuts(self) -> str:
        return self.operation.nuts_code[:4] if self.described.is_person else self.operation.nuts_code


def listed(asked: Asked) -> Iterator[Listed | LeftOut]:
    named = named_operations(NAME, on=asked.moment.as_of)
    for one in described(asked):
        if not one.is_of_the_union:
            text = gettext("Aucun argent de l’Union n’est connu pour cette opération.")
            yield LeftOut(one.operation.code, one.operation.title, text)
            continue
        language = ENGLISH if asked.language == ENGLISH else "fr"
        yield Listed(one, language, one.operation.pk in named, asked.moment.as_of.isoformat())


ART49 = Publication(
    name=NAME,
    title=_("Liste des opérations (règlement (UE) 2021/1060, article 49, paragraphe 3)"),
    description=_(
        "Les opérations qui reçoivent de l’argent de l’Union, à mettre à jour tous les quatre mois. Le nom d’une personne "
        "physique n’y est que si la liste a été notée comme publiée, et deux ans au plus après la première fois."
    ),
    standard="https://eur-lex.europa.eu/eli/reg/2021/1060/oj",
    records=listed,
    languages=("fr", "en"),
    formats=("csv", "xlsx"),
    options=("programme", "lang"),
    names_persons=True,
    fields=(
        Field(name="Code de l'opération", english="Operation code", value=lambda r: r.operation.code, type=Type.CODE,
              required=True, meaning=_("Code unique.")),
        Field(name="Intitulé de l'opération", english="Operation name", value=lambda r: r.operation.title, required=True),
        Field(name="Bénéficiaire", english="Beneficiary", value=lambda r: r.beneficiary, due=True,
              meaning=_("Points a et b. Une personne physique n’est nommée que deux ans.")),
        Field(name="Type de bénéficiaire", english="Beneficiary type", value=lambda r: r.kind),
        Field(name="Identifiant du bénéficiaire", english="Beneficiary identifier", value=lambda r: r.siren, type=Type.CODE,
              meaning=_("SIREN.")),
        Field(name="Contractant", english="Contractor", value=lambda r: None,
              meaning=_("Point a, marchés publics : Beffroi ne le tient pas, la colonne est vide.")),
        Field(name="Objet et réalisations", english="Purpose and achievements", value=lambda r: r.operation.description,
              due=True, meaning=_("Point e.")),
        Field(name="Date de début", english="Start date", value=lambda r: r.operation.start, type=Type.DATE, due=True),
        Field(name="Date de fin", english="End date", value=lambda r: r.operation.end, type=Type.DATE, due=True),
        Field(name="Coût total", english="Total cost", value=lambda r: r.cost(SumKind.TOTAL_COST), type=Type.EUROS, due=True,
              meaning=_("Point h. Vide si inconnu, ou si les sources se contredisent.")),
        Field(name="Coût éligible", english="Eligible cost", value=lambda r: r.cost(SumKind.ELIGIBLE_COST), type=Type.EUROS,
              meaning=_("Ce que demandait le règlement 1303/2013.")),
        Field(name="Montant UE", english="Union amount", value=lambda r: r.union, type=Type.EUROS,
              meaning=_("Programmé, ou au premier stade connu.")),
        Field(name="Devise", english="Currency", value=lambda r: r.currency, type=Type.CODE),
        Field(name="Fonds", english="Fund", value=lambda r: r.described.union_fund, due=True, meaning=_("Point i.")),
        Field(name="Programme", english="Programme", value=lambda r: r.operation.programme.framework.label),
        Field(name="Objectif spécifique", english="Specific objective", value=lambda r: r.item, due=True,
              meaning=_("Point j.")),
        Field(name="Taux de cofinancement", english="Union co-financing rate", value=lambda r: r.rate, type=Type.CODE, due=True,
              meaning=_("Point k, comme la source l’écrit.")),
        Field(name="Localisation", english="Location", value=lambda r: r.place, due=True, meaning=_("Points l et m.")),
        Field(name="Code postal", english="Postcode", value=lambda r: r.postcode, type=Type.CODE),
        Field(name="NUTS", english="NUTS", value=lambda r: r.nuts, type=Type.CODE),
        Field(name="Pays", english="Country", value=lambda r: r.described.details.get("country", ""), type=Type.CODE, due=True),
        Field(name="Type d'intervention", english="Type of intervention",
              value=lambda r: r.described.details.get("category", ""), due=True, meaning=_("Point n.")),
        Field(name="Date de mise à jour", english="Date of last update", value=lambda r: r.updated, type=Type.CODE),
    ),
)  # fmt: skip
