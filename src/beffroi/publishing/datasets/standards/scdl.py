"""Grants of a public body, SCDL subventions 2.1.1: one file for each publisher (law 2000-321 art. 10, decree 2017-779)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from beffroi.actors.models import Organisation
from beffroi.connectors.identifiers import is_rna, is_siret
from beffroi.core.exports import Type
from beffroi.funding.enums import Instrument
from beffroi.funding.models import Operation
from beffroi.publishing.datasets.standards.declared import (
    DAYS,
    DOUBLE,
    RIVALS,
    SIRET,
    UNKNOWN_AMOUNT,
    Asked,
    Field,
    LeftOut,
    Publication,
    shortened,
)
from beffroi.publishing.datasets.standards.facts import Described, Money, described

CASH, KIND = "aide en numéraire", "aide en nature"
NATURES = (CASH, KIND, f"{CASH};{KIND}", f"{KIND};{CASH}")
NATURE_OF = {Instrument.GRANT: CASH, Instrument.IN_KIND: KIND}
SMALLEST_SHARE = Decimal("0.01")
CENT = Decimal("0.01")
PERSON = _("Le bénéficiaire est une personne physique, ou une unité que l’INSEE ne diffuse pas : elle n’est pas publiée.")


@dataclass(frozen=True)
class Award:
    described: Described
    line: Money
    publisher: Organisation
    siret: str

    @property
    def operation(self) -> Operation:
        return self.described.operation

    def said(self, name: str) -> str:
        return self.described.details.get(name, "")

    @property
    def day(self) -> date | None:
        return self.operation.decided_on

    @property
    def beneficiary_siret(self) -> str:
        written = self.operation.written_identifier.replace(" ", "")
        seat = self.described.beneficiary.seat if self.described.beneficiary else ""
        return written if is_siret(written) else seat

    @property
    def rna(self) -> str:
        return self.described.rna if is_rna(self.described.rna) else ""

    @property
    def nature(self) -> str:
        written = self.said("nature").lower()
        return written if written in NATURES else NATURE_OF.get(Instrument(self.line.instrument), "")

    @property
    def parts(self) -> tuple[Decimal, Decimal]:
        """The amount of the decision and the part of this beneficiary, when the source gives both and they make what stands;
        else what stands, whole."""
        value = self.line.value or Decimal(0)
        try:
            whole, share = Decimal(self.said("decision_amount")), Decimal(self.said("share"))
        except InvalidOperation:
            return value, Decimal(1)
        agrees = SMALLEST_SHARE <= share <= 1 and abs(whole * share - value) <= CENT
        return (whole, share) if agrees else (value, Decimal(1))


def awards(asked: Asked) -> Iterator[Award | LeftOut]:
    """One row for each line that a publisher awards."""
    for one in described(asked, with_costs=False):
        for line in one.awarded:
            publisher = line.publisher
            siret = "" if publisher is None else _siret(one, publisher, asked.publisher)
            if publisher is None or not _is_asked(publisher, siret, asked.publisher):
                continue
            reason = _reason(one, line)
            yield (
                LeftOut(one.operation.code, one.operation.title, reason, publisher.siren or "")
                if reason
                else Award(one, line, publisher, siret)
            )


def _siret(one: Described, publisher: Organisation, asked: str) -> str:
    """That of the source when it is the publisher's own: the source of an operation names one of its funders. Else the one
    that is asked, else that of the seat."""
    written = one.details.get("funder_id", "").replace(" ", "")
    if is_siret(written) and (written[:9] == publisher.siren or (not publisher.siren and one.is_of_one_publisher)):
        return written
    return asked if is_siret(asked) and asked[:9] == publisher.siren else publisher.seat


def _is_asked(publisher: Organisation, siret: str, asked: str) -> bool:
    """A SIRET asks for what that establishment awards, a SIREN for all that the body awards."""
    return not asked or siret == asked or (not is_siret(asked) and publisher.siren == asked)


def _reason(one: Described, line: Money) -> str:
    if one.is_person:
        return str(PERSON)
    if line.instrument not in (Instrument.GRANT, Instrument.IN_KIND, Instrument.UNSTATED):
        kind = Instrument(line.instrument).label
        return gettext("Ce n’est pas une subvention mais : %(kind)s.") % {"kind": kind}
    if line.currency != "EUR":
        return gettext("Le montant est en %(currency)s, le standard est en euros.") % {"currency": line.currency}
    if line.value is None:
        return str(DOUBLE if line.is_double else UNKNOWN_AMOUNT if line.low is None else RIVALS)
    return ""


def _check(award: Award) -> str:
    if not award.beneficiary_siret and not award.rna:
        return gettext("Le bénéficiaire n’a ni SIRET ni numéro RNA connu, le standard exige l’un des deux.")
    return ""


def _period(award: Award) -> str:
    return award.said("payment").replace("_", "/").replace(" ", "")


def _notified(award: Award) -> str:
    return {"oui": "oui", "non": "non"}.get(award.said("notification").strip().lower(), "")


SCDL = Publication(
    name="scdl",
    title=_("Subventions, données essentielles (SCDL 2.1.1)"),
    description=_(
        "Les subventions que chaque financeur attribue, un fichier par financeur, dans le schéma national. "
        "Les prêts, avances et garanties n’en sont pas ; une subvention dite à plusieurs stades compte une fois."
    ),
    standard="https://schema.data.gouv.fr/scdl/subventions/2.1.1/",
    records=awards,
    check=_check,
    options=("publisher", "programme"),
    one_file_for_each="idAttribuant",
    fields=(
        Field(name="nomAttribuant", value=lambda a: a.publisher.name, required=True, meaning=_("Qui attribue.")),
        Field(name="idAttribuant", value=lambda a: a.siret, type=Type.CODE, required=True, pattern=SIRET,
              meaning=_("SIRET : celui de la source, celui demandé, ou celui du siège connu.")),
        Field(name="dateConvention", value=lambda a: a.day, type=Type.DATE, required=True),
        Field(name="referenceDecision", value=lambda a: a.said("reference"), type=Type.CODE, due=True),
        Field(name="nomBeneficiaire", value=lambda a: a.described.name, required=True),
        Field(name="idBeneficiaire", value=lambda a: a.beneficiary_siret, type=Type.CODE, due=True, pattern=SIRET,
              meaning=_("SIRET écrit par la source, sinon celui du siège.")),
        Field(name="rnaBeneficiaire", value=lambda a: a.rna, type=Type.CODE, pattern=r"W[0-9]{9}"),
        Field(name="objet", value=lambda a: shortened(a.operation.title, 256), required=True, most=256,
              meaning=_("Coupé à 256 signes.")),
        Field(name="montant", value=lambda a: a.parts[0], type=Type.EUROS, required=True,
              meaning=_("Total de la décision, avant partage entre bénéficiaires.")),
        Field(name="nature", value=lambda a: a.nature, type=Type.CODE, required=True, choices=NATURES),
        Field(name="conditionsVersement", value=lambda a: shortened(a.said("conditions"), 256), required=True, most=256),
        Field(name="datesPeriodeVersement", value=_period, type=Type.CODE, required=True, pattern=DAYS),
        Field(name="idRAE", value=lambda a: a.said("rae"), type=Type.CODE, most=5),
        Field(name="notificationUE", value=_notified, type=Type.CODE, required=True, choices=("oui", "non")),
        Field(name="pourcentageSubvention", value=lambda a: a.parts[1], type=Type.NUMBER, required=True,
              low=SMALLEST_SHARE, high=Decimal(1), meaning=_("Part de ce bénéficiaire, de 0,01 à 1.")),
        Field(name="dispositifAide", value=lambda a: a.said("scheme"), type=Type.CODE),
    ),
)  # fmt: skip
