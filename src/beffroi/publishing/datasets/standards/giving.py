"""Grants in the flat table of 360Giving: one row for each grant, with the identifiers of org-id.guide."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from beffroi.core.exports import Type
from beffroi.core.text import digest
from beffroi.funding.models import Operation
from beffroi.publishing.datasets.standards.declared import Asked, Field, LeftOut, Publication
from beffroi.publishing.datasets.standards.scdl import Award, awards

REGISTER = "FR-INSEE"  # SIRENE in org-id.guide
PREFIX = "360G-beffroi"


@dataclass(frozen=True)
class Given:
    award: Award
    prefix: str
    modified: str

    @property
    def operation(self) -> Operation:
        return self.award.operation

    @property
    def identifier(self) -> str:
        """The same grant has the same identifier in every list, and two grants of one operation never have the same."""
        line = self.award.described.digests.get(self.award.line.pk, "")
        return f"{self.prefix}-{digest(self.operation.namespace, self.operation.code, line)[:16]}"

    @property
    def payer(self) -> str:
        return organisation_id(self.award.publisher.siren, self.award.publisher.name)

    @property
    def receiver(self) -> str:
        found = self.award.described.beneficiary
        return organisation_id(found.siren if found else None, self.award.described.rna or self.award.described.name)


def organisation_id(siren: str | None, name: str) -> str:
    """Of a body without SIREN, a code that its name alone gives, as 360Giving asks for."""
    if siren:
        return f"{REGISTER}-{siren}"
    return f"{PREFIX}-org:{digest(name)[:16]}" if name else ""


def given(asked: Asked) -> Iterator[Given | LeftOut]:
    prefix, modified = asked.prefix or PREFIX, f"{asked.moment.as_of.isoformat()}T00:00:00Z"
    for award in awards(asked):
        yield award if isinstance(award, LeftOut) else Given(award, prefix, modified)


GIVING = Publication(
    name="360giving",
    title=_("Subventions, table plate de 360Giving"),
    description=_(
        "Les mêmes subventions que le fichier SCDL, avec les colonnes de 360Giving. Le préfixe des identifiants est celui que "
        "360Giving donne à son éditeur : l’option --prefix le remplace."
    ),
    standard="https://standard.threesixtygiving.org/",
    records=given,
    options=("publisher", "programme", "prefix"),
    fields=(
        Field(name="Identifier", value=lambda g: g.identifier, type=Type.CODE, required=True),
        Field(name="Title", value=lambda g: g.operation.title, required=True),
        Field(name="Description", value=lambda g: g.operation.description or g.operation.title, required=True,
              meaning=_("L’intitulé quand la source n’a pas de description.")),
        Field(name="Currency", value=lambda g: g.award.line.currency, type=Type.CODE, required=True, pattern=r"[A-Z]{3}"),
        Field(name="Amount Awarded", value=lambda g: g.award.line.value, type=Type.EUROS, required=True, low=Decimal(0)),
        Field(name="Award Date", value=lambda g: g.award.day, type=Type.DATE, required=True),
        Field(name="Planned Dates:Start Date", value=lambda g: g.operation.start, type=Type.DATE),
        Field(name="Planned Dates:End Date", value=lambda g: g.operation.end, type=Type.DATE),
        Field(name="Recipient Org:Identifier", value=lambda g: g.receiver, type=Type.CODE, required=True),
        Field(name="Recipient Org:Name", value=lambda g: g.award.described.name, required=True),
        Field(name="Funding Org:Identifier", value=lambda g: g.payer, type=Type.CODE, required=True),
        Field(name="Funding Org:Name", value=lambda g: g.award.publisher.name, required=True),
        Field(name="Grant Programme:Title", value=lambda g: g.operation.programme.framework.label),
        Field(name="Last Modified", value=lambda g: g.modified, type=Type.CODE),
    ),
)  # fmt: skip
