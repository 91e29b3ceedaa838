"""List of operations with the columns of Kohesio, as the Commission's validator of 2014-2020 asks for them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from beffroi.connectors.numbers import exact_number
from beffroi.core.exports import Type
from beffroi.funding.enums import SumKind
from beffroi.funding.models import Operation
from beffroi.publishing.datasets.standards.declared import RIVALS, Asked, Field, LeftOut, Publication, written_day
from beffroi.publishing.datasets.standards.facts import Described, described, fund_code

DAY = "%d/%m/%Y"
FUNDS = ("CF", "EAFRD", "EMFF", "ENI", "ERDF", "ESF", "YEI", "IPA II")
PERIODS = ("2014-2020", "2021-2027")
PERIOD = re.compile(r"(2014|2021)\s*[-–/]\s*(2020|2027)|\b(14|21)\s*[-–/]\s*(20|27)\b")
CCI = r"20[0-9]{2}[A-Z0-9]{2}[0-9]{2}[A-Z0-9]{2,4}[0-9]{3}"
CATEGORY = re.compile(r"\s*0*([0-9]{1,3})(?![0-9])")
POINT = r"-?[0-9]{1,3}(\.[0-9]+)?, ?-?[0-9]{1,3}(\.[0-9]+)?"
EXCHANGE = _("Le coût n’est pas en euros et son taux de change n’est pas connu.")


@dataclass(frozen=True)
class Row:
    described: Described
    updated: date

    @property
    def operation(self) -> Operation:
        return self.described.operation

    def said(self, name: str) -> str:
        return self.described.details.get(name, "")

    @property
    def eligible(self) -> Decimal | None:
        cost = self.described.cost(SumKind.ELIGIBLE_COST)
        return cost.value if cost else None

    @property
    def currency(self) -> str:
        cost = self.described.cost(SumKind.ELIGIBLE_COST)
        return cost.currency if cost else self.operation.currency

    @property
    def rate(self) -> Decimal | None:
        """As the source says it, else the Union's part of the eligible cost, when both are known for certain."""
        written = exact_number((self.said("co_financing_rate") or self.said("written_rate")).rstrip(" %"))
        if written is not None:
            return Decimal(written)
        parts = [line.value for line in self.described.union if line.currency == self.currency]
        if not parts or not self.eligible or None in parts:
            return None
        return round(100 * sum((part for part in parts if part is not None), Decimal(0)) / self.eligible, 2)

    @property
    def category(self) -> int | None:
        """The number that the category of intervention begins with."""
        found = CATEGORY.match(self.said("category") or (self.operation.item.label if self.operation.item else ""))
        return int(found[1]) if found else None

    @property
    def period(self) -> str:
        if (written := self.said("programming_period")) in PERIODS:
            return written
        framework = self.operation.programme.framework
        found = PERIOD.search(f"{framework.code} {framework.label}")
        first = (found[1] or f"20{found[3]}") if found else self.said("programme_code")[:4]
        return next((period for period in PERIODS if first and period.startswith(first)), "")

    @property
    def name(self) -> str:
        return "Personne physique" if self.described.is_person else self.described.name

    def place(self, name: str) -> str:
        is_precise = name != "nuts_code"
        return "" if self.described.is_person and is_precise else getattr(self.operation, name, "")


def rows(asked: Asked) -> Iterator[Row | LeftOut]:
    for one in described(asked):
        cost = one.cost(SumKind.ELIGIBLE_COST)
        if not one.is_of_the_union:
            text = gettext("Aucun argent de l’Union n’est connu pour cette opération.")
            yield LeftOut(one.operation.code, one.operation.title, text)
        elif cost is not None and cost.value is None:
            yield LeftOut(one.operation.code, one.operation.title, str(RIVALS))
        else:
            yield Row(one, asked.moment.as_of)


def _check(row: Row) -> str:
    if not (row.place("postcode") or row.place("nuts_code") or _point(row)):
        return gettext("Aucun lieu (code postal, NUTS ou coordonnées), le standard en exige un.")
    if row.currency != "EUR" and _exchange(row) is None:
        return str(EXCHANGE)
    if row.operation.start and row.operation.end and row.operation.start > row.operation.end:
        return gettext("La fin précède le début.")
    return ""


def _exchange(row: Row) -> Decimal | None:
    try:
        return Decimal(row.said("exchange_rate"))
    except InvalidOperation:
        return None


def _point(row: Row) -> str:
    return "" if row.described.is_person else row.said("coordinates")


def _day(name: str) -> Any:
    return lambda row: written_day(getattr(row.operation, name), DAY)


def _item(name: str) -> Any:
    return lambda row: getattr(row.operation.item, name) if row.operation.item else ""


KOHESIO = Publication(
    name="kohesio",
    title=_("Liste des opérations, colonnes de Kohesio"),
    description=_(
        "Les 33 colonnes du validateur de la Commission pour 2014-2020 ; les personnes physiques n’y sont pas nommées. "
        "Le taux est celui de la source, sinon la part de l’Union dans le coût éligible."
    ),
    standard="https://kohesio.ec.europa.eu/",
    records=rows,
    check=_check,
    day=DAY,
    fields=(
        Field(name="Operation_Unique_Identifier", value=lambda r: r.operation.code, type=Type.CODE, due=True),
        Field(name="CountryID", value=lambda r: r.said("country_id"), type=Type.CODE),
        Field(name="Operation_Name_Programme_Language", value=lambda r: r.operation.title, required=True),
        Field(name="Operation_Name_English", value=lambda r: r.said("title_en")),
        Field(name="Country", value=lambda r: r.said("country"), required=True),
        Field(name="Location_Indicator_Postcode", value=lambda r: r.place("postcode"), type=Type.CODE),
        Field(name="Operation_Start_Date", value=_day("start"), type=Type.CODE, required=True),
        Field(name="Operation_Expected_End_Date", value=lambda r: None, type=Type.CODE),
        Field(name="Operation_End_Date", value=_day("end"), type=Type.CODE, required=True),
        Field(name="CoFinancing_Rate", value=lambda r: r.rate, type=Type.NUMBER, required=True, low=Decimal(0),
              high=Decimal(100)),
        Field(name="Total_Eligible_Expenditure_amount", value=lambda r: r.eligible, type=Type.EUROS, required=True,
              low=Decimal(0)),
        Field(name="Total_Eligible_Expenditure_Currency", value=lambda r: r.currency, type=Type.CODE, required=True,
              pattern=r"[A-Z]{3}"),
        Field(name="Total_Eligible_Expenditure_Exchange_Rate", value=_exchange, type=Type.NUMBER),
        Field(name="Location_Indicator_NUTS_code", value=lambda r: r.place("nuts_code"), type=Type.CODE),
        Field(name="Beneficiary_Name", value=lambda r: r.name, required=True),
        Field(name="Location_Indicator_latitude_longitude", value=_point, type=Type.CODE, pattern=POINT,
              meaning=_("Longitude, latitude.")),
        Field(name="Category_Of_Intervention", value=lambda r: r.category, type=Type.INTEGER, required=True, low=Decimal(1),
              high=Decimal(123)),
        Field(name="Fund_Code", value=lambda r: fund_code(r.described.union_fund), type=Type.CODE, choices=FUNDS),
        Field(name="Programme_Code", value=lambda r: r.said("programme_code"), type=Type.CODE, pattern=CCI),
        Field(name="Operation_Summary_English", value=lambda r: ""),
        Field(name="Operation_Summary_Programme_Language", value=lambda r: r.operation.description, required=True),
        Field(name="Programming_Period", value=lambda r: r.period, type=Type.CODE, required=True, choices=PERIODS),
        Field(name="Programme_Name", value=lambda r: r.operation.programme.framework.label),
        Field(name="Program_Priority_Axis_Code", value=_item("code"), type=Type.CODE),
        Field(name="Program_Priority_Axis_Name", value=_item("label")),
        Field(name="Program_Specific_Objective_Code", value=lambda r: "", type=Type.CODE),
        Field(name="Program_Specific_Objective_Name", value=lambda r: ""),
        Field(name="Program_Thematic_Objective_Code", value=lambda r: "", type=Type.CODE),
        Field(name="Program_Thematic_Objective_Name", value=lambda r: ""),
        Field(name="Fund_Name", value=lambda r: r.described.union_fund),
        Field(name="Date_Of_Last_Update", value=lambda r: written_day(r.updated, DAY), type=Type.CODE),
        Field(name="Beneficiary_Unique_Identifier", value=lambda r: _identifier(r), type=Type.CODE),
        Field(name="Social_Media_Links", value=lambda r: "", type=Type.CODE),
    ),
)  # fmt: skip


def _identifier(row: Row) -> str:
    found = row.described.beneficiary
    return "" if found is None or row.described.is_person else found.siren or ""
