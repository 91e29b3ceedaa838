"""Organisations and what is said of them, as situations."""

from datetime import UTC, date, datetime
from typing import Any

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import User
from beffroi.actors.enums import NoSiren
from beffroi.actors.models import Contact, ExternalId, Name, Organisation, ProjectHolder, Relation, SameAs
from beffroi.core.text import search_key
from beffroi.provenance.models import Load, Profile, Snapshot, Source, Statement
from tests.accounts.factories import partner, person

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def organisation(name: str = "Pôle Textile", kind: str = "cluster", **fields: Any) -> Organisation:
    numbered = {} if fields.get("siren") else {"no_siren": NoSiren.NOT_STATED}
    return Organisation.objects.create(name=name, kind=kind, sort_key=search_key(name), **numbered, **fields)


def hidden(name: str = "Prospect réservé", *, at: str = "lille", **fields: Any) -> Organisation:
    """An organisation that only its owner may see."""
    return organisation(name, "company", owner=partner(at), visibility=Visibility.OWNER, **fields)


def relation(subject: Organisation, kind: str, object_: Organisation, **fields: Any) -> Relation:
    return Relation.objects.create(subject=subject, kind=kind, organisation=object_, recorded_from=LONG_AGO, **fields)


def pair(one: Organisation, other: Organisation, state: str = "proposed", **fields: Any) -> SameAs:
    first, second = sorted((one, other), key=lambda row: row.pk)
    values = {"rule": "même nom", "evidence": "Même nom.", "at": LONG_AGO} | fields
    return SameAs.objects.create(one=first, other=second, state=state, **values)


def document(code: str = "srde", *, as_of: date | None = date(2010, 3, 31)) -> Load:
    source = Source.objects.get_or_create(code=code, defaults={"title": code.upper(), "publisher": "Région"})[0]
    profile = Profile.objects.get_or_create(
        code="organisations", defaults={"label": "Organisations", "target": "organisations", "definition": {}}
    )[0]
    snapshot = Snapshot.objects.get_or_create(
        source=source, sha256="0" * 64, filename="f.csv", defaults={"size": 1, "as_of": as_of}
    )
    return Load.objects.get_or_create(snapshot=snapshot[0], profile=profile, defaults={"state": "applied"})[0]


def stated(thing: Any, kind: str, load: Load, *, row: int = 1) -> Statement:
    return Statement.objects.create(
        load=load,
        row=row,
        key=f"{kind}{thing.pk}",
        content_hash="0",
        subject_kind=kind,
        subject_id=thing.pk,
        label=str(thing),
        recorded_from=LONG_AGO,
    )


def named(thing: Organisation, text: str, kind: str = "alias") -> Name:
    return Name.objects.create(organisation=thing, text=text, kind=kind)


def coded(thing: Organisation, value: str, scheme: str = "srde") -> ExternalId:
    return ExternalId.objects.create(organisation=thing, value=value, scheme=scheme)


def contact(thing: Organisation, *, at: str = "lille", visibility: Visibility = Visibility.PARTNERS) -> Contact:
    return Contact.objects.create(
        organisation=thing, name="Alix Dubois", role="direction", owner=partner(at), visibility=visibility
    )


def holder(*, at: str = "lille", visibility: Visibility = Visibility.PARTNERS) -> ProjectHolder:
    return ProjectHolder.objects.create(
        name="Sam Petit", project="Atelier de recyclage", since=date(2026, 10, 1), owner=partner(at), visibility=visibility
    )


def settler(email: str = "regle@lille.example") -> User:
    return person(email, role=Role.ANALYST)
