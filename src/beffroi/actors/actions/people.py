"""Contacts and project holders: typed rows, kept with their history, owned by the partner that typed them."""

from typing import Any

from django.db import transaction

from beffroi.accounts.actions import record_act
from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import Partner, User
from beffroi.actors.enums import ActorAct, NoSiren
from beffroi.actors.models import Contact, Organisation, ProjectHolder
from beffroi.actors.queries import organisation_search_rows
from beffroi.core import search
from beffroi.core.text import search_key


@transaction.atomic
def add_contact(organisation: Organisation, *, owner: Partner, by: User | None, **fields: Any) -> Contact:
    contact = Contact.objects.create(organisation=organisation, owner=owner, **fields)
    record_act(ActorAct.CONTACT_ADDED, by=by, subject=("organisation", organisation.pk), contact=contact.pk)
    return contact


@transaction.atomic
def change_contact(contact: Contact, *, by: User, **fields: Any) -> Contact:
    _change(contact, fields)
    record_act(ActorAct.CONTACT_CHANGED, by=by, subject=("organisation", contact.organisation_id), contact=contact.pk)
    return contact


@transaction.atomic
def name_organisation(name: str, *, kind: str, owner: Partner, by: User | None, **fields: Any) -> Organisation:
    """A body that no source has brought yet: its number comes after, on its sheet."""
    organisation = _unnumbered(name, kind=kind, owner=owner, **fields)
    record_act(ActorAct.NAMED, by=by, subject=("organisation", organisation.pk))
    return organisation


@transaction.atomic
def open_to_partners(thing: Organisation | ProjectHolder) -> None:
    """What its owner alone could see is for partners from now on."""
    thing.visibility = Visibility.PARTNERS
    thing.save(update_fields=["visibility"])
    if isinstance(thing, Organisation):
        search.index(organisation_search_rows([thing.pk]))


@transaction.atomic
def add_project_holder(*, owner: Partner, by: User | None, **fields: Any) -> ProjectHolder:
    holder = ProjectHolder.objects.create(owner=owner, **fields)
    record_act(ActorAct.HOLDER_ADDED, by=by, subject=("project_holder", holder.pk))
    return holder


@transaction.atomic
def change_project_holder(holder: ProjectHolder, *, by: User, **fields: Any) -> ProjectHolder:
    _change(holder, fields)
    record_act(ActorAct.HOLDER_CHANGED, by=by, subject=("project_holder", holder.pk))
    return holder


@transaction.atomic
def become_organisation(holder: ProjectHolder, *, name: str, kind: str, created: str, by: User) -> Organisation:
    """On the day the project has a structure of its own; its number comes after, with its reason."""
    if holder.organisation is not None:
        return holder.organisation
    told = {"created": created, "place": holder.place, "owner": holder.owner, "visibility": holder.visibility}
    organisation = _unnumbered(name, kind=kind, **told)
    holder.organisation = organisation
    holder.save(update_fields=["organisation"])
    record_act(ActorAct.HOLDER_BECAME, by=by, subject=("organisation", organisation.pk), project_holder=holder.pk)
    return organisation


def _unnumbered(name: str, *, kind: str, **fields: Any) -> Organisation:
    organisation = Organisation.objects.create(
        name=name.strip(), kind=kind, no_siren=NoSiren.NOT_STATED, sort_key=search_key(name)[:300], **fields
    )
    search.index(organisation_search_rows([organisation.pk]))
    return organisation


def _change(row: Contact | ProjectHolder, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
