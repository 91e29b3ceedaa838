"""The shape of what a program sends and reads: the documentation of the interface is drawn from here."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.utils import timezone
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from beffroi.core.days import within
from beffroi.interactions.enums import OWN_NUMBERS, EventState, NeedResult, Potential, VisitMeans, VisitState

MOST_ROWS = 200


def _not_to_come(on: date) -> date:
    if on > timezone.localdate():
        raise ValueError("Ce jour est à venir : donnez celui où cela a eu lieu.")
    return on


def _not_ours(number: str) -> str:
    if number.startswith(OWN_NUMBERS):
        raise ValueError("Les numéros qui commencent par beffroi-, liste-, plan- ou web- sont ceux que Beffroi donne.")
    return number


Number = Annotated[
    str,
    Field(
        min_length=1,
        max_length=64,
        pattern=r"^[\w.:/-]+$",
        description="Votre propre numéro de la ligne. Le même numéro avec le même contenu rend la même ligne.",
    ),
    AfterValidator(_not_ours),
]
Level = Annotated[
    Literal["owner", "partners"],
    Field(description="Qui lit le détail : votre institution seule (owner), ou tous les partenaires (partners)."),
]
Day = Annotated[date, AfterValidator(within)]
PlaceCode = Annotated[str, Field(max_length=20, description="Code officiel : commune, EPCI, département ou région.")]
Email = Annotated[str, Field(max_length=254, description="Courriel d’un membre présent de votre institution.")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Company(Strict):
    """Par son SIREN (ou SIRET), ou par son nom exact quand elle n’a pas de numéro."""

    siren: Annotated[str, Field(max_length=20)] = ""
    name: Annotated[str, Field(max_length=300)] = ""

    @model_validator(mode="after")
    def _one_of_the_two(self) -> "Company":
        if not self.siren and not self.name:
            raise ValueError("Donnez le SIREN de l’entreprise, ou son nom.")
        return self


class Area(Strict):
    """Un domaine prioritaire : le code du cadre et celui de l’élément."""

    framework: Annotated[str, Field(max_length=80)]
    code: Annotated[str, Field(max_length=80)]


class NeedHeard(Strict):
    subject: Annotated[str, Field(max_length=80, description="Code du sujet : voir « codes ».")]
    text: Annotated[str, Field(max_length=5000)] = ""


class VisitPush(Strict):
    """Une visite, faite ou prévue."""

    client_id: Number
    company: Company
    on: Day
    state: Literal[VisitState.DONE, VisitState.PLANNED] = VisitState.DONE
    means: VisitMeans = VisitMeans.ON_SITE
    by: Email | None = None
    place: PlaceCode | None = None
    area: Area | None = None
    minutes: Annotated[int, Field(ge=1, le=1440)] | None = None
    potential: Potential | None = None
    text: Annotated[str, Field(max_length=20000, description="Ce qui s’est dit ; lu selon detail_visibility.")] = ""
    needs: Annotated[list[NeedHeard], Field(max_length=20)] = Field(default_factory=list)
    detail_visibility: Level = "owner"


class NeedPush(Strict):
    """Un besoin d’une entreprise déjà connue."""

    client_id: Number
    company: Company
    subject: Annotated[str, Field(max_length=80, description="Code du sujet : voir « codes ».")]
    opened_on: Annotated[Day, AfterValidator(_not_to_come)]
    text: Annotated[str, Field(max_length=5000)] = ""
    by: Email | None = None
    place: PlaceCode | None = None
    area: Area | None = None
    detail_visibility: Level = "owner"


class EventPush(Strict):
    """Un événement que votre institution organise. Une heure sans fuseau est celle de Paris."""

    client_id: Number
    title: Annotated[str, Field(min_length=1, max_length=300)]
    starts: datetime
    ends: datetime
    state: Literal[EventState.DRAFT, EventState.ANNOUNCED] = EventState.DRAFT
    kind: Annotated[str, Field(max_length=80, description="Code de la nature : voir « codes ».")] | None = None
    description: Annotated[str, Field(max_length=10000)] = ""
    venue: Annotated[str, Field(max_length=300)] = ""
    place: PlaceCode | None = None
    capacity: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    by: Email | None = None
    visibility: Level = "partners"

    @model_validator(mode="after")
    def _in_order(self) -> "EventPush":
        within(self.starts.date()), within(self.ends.date())
        if self.ends.tzinfo == self.starts.tzinfo and self.ends <= self.starts:
            raise ValueError("Un événement finit après avoir commencé.")
        return self


class Row(BaseModel):
    id: int
    client_id: str
    address: Annotated[str, Field(description="La page de la ligne dans Beffroi.")]
    recorded_at: datetime


class CompanyRow(BaseModel):
    siren: str
    name: str


class AboutRow(Row):
    company: CompanyRow
    place: str | None
    area: Area | None


class VisitRow(AboutRow):
    on: Day
    state: VisitState
    means: VisitMeans
    minutes: int | None


class NeedRow(AboutRow):
    subject: str
    opened_on: date
    text: str
    closed_on: date | None
    result: NeedResult | Literal[""]


class EventRow(Row):
    title: str
    starts: datetime
    ends: datetime
    state: EventState
    place: str | None
    kind: str | None


class FieldError(BaseModel):
    field: str
    sentence: str


class Problem(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[FieldError] | None = None


class Outcome(BaseModel):
    """Ce qu’est devenue une ligne de l’envoi : 201 écrite, 200 déjà reçue, 409 ou 422 refusée, et pourquoi."""

    index: int
    client_id: str
    status: Literal[200, 201, 409, 422]
    id: int | None = None
    problem: Problem | None = None


class BatchAnswer(BaseModel):
    rows: list[Outcome]
    written: int
    known: int
    refused: int


class Code(BaseModel):
    code: str
    label: str


class Codes(BaseModel):
    need_subjects: list[Code]
    event_kinds: list[Code]
