from beffroi.actors.models.establishments import Establishment, EstablishmentPeriod
from beffroi.actors.models.labels import Label
from beffroi.actors.models.organisations import ExternalId, Name, Organisation
from beffroi.actors.models.people import Contact, ProjectHolder
from beffroi.actors.models.relations import OBJECTS, Relation, RelationQuerySet, said_by
from beffroi.actors.models.same_as import SameAs, SameAsQuerySet

__all__ = [
    "Contact",
    "Establishment",
    "EstablishmentPeriod",
    "ExternalId",
    "Label",
    "Name",
    "OBJECTS",
    "Organisation",
    "ProjectHolder",
    "Relation",
    "RelationQuerySet",
    "SameAs",
    "SameAsQuerySet",
    "said_by",
]
