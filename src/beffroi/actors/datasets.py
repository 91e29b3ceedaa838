from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import OBJECTS, Organisation, Relation
from beffroi.core.datasets import Dataset
from beffroi.core.exports import Column, Type
from beffroi.provenance.datasets import item_columns, seen
from beffroi.provenance.queries import Moment


def _organisations(viewer: AnyUser, moment: Moment) -> QuerySet[Organisation]:
    """Natural persons and units that INSEE does not let be published are in no published table."""
    rows = Organisation.objects.visible_to(viewer).publishable()
    return rows.select_related("place__version__framework").order_by("sort_key", "pk")


def _relations(viewer: AnyUser, moment: Moment) -> QuerySet[Relation]:
    rows = Relation.objects.visible_to(viewer).known_on(moment.known_on).filter(seen(viewer, "subject", *OBJECTS))
    closed = Organisation.objects.unpublishable().values("pk")
    rows = rows.exclude(subject__in=closed).exclude(organisation__in=closed)
    return rows.select_related("subject", *OBJECTS).order_by("subject__sort_key", "kind", "pk")


def _object_kind(row: Relation) -> str:
    return next(name for name in OBJECTS if getattr(row, f"{name}_id") is not None)


def _object_code(row: Relation) -> str:
    thing = row.object
    return str(getattr(thing, "siren", None) or getattr(thing, "code", "") or "")


def _state(row: Organisation) -> str:
    return str(row.get_state_display())


ORGANISATIONS = Dataset(
    name="organisations",
    title=_("Organisations"),
    description=_(
        "Entreprises, laboratoires, pôles, agences et financeurs que les sources nomment, sans les personnes physiques ni les "
        "unités que l’INSEE ne laisse pas publier."
    ),
    columns=(
        Column("siren", _("SIREN"), Type.CODE, _("Vide quand la source ne le donne pas.")),
        Column("no_siren", _("Pourquoi sans SIREN"), Type.TEXT, "", lambda row: row.get_no_siren_display()),
        Column("name", _("Nom")),
        Column("acronym", _("Sigle")),
        Column("kind", _("Nature"), Type.TEXT, "", lambda row: row.get_kind_display()),
        Column("legal_category", _("Catégorie juridique"), Type.CODE),
        Column("state", _("État au registre"), Type.TEXT, _("SIRENE ; vide quand il n’est pas chargé."), _state),
        Column("activity", _("Activité principale"), Type.CODE, _("Code dans la nomenclature de la colonne suivante.")),
        Column("activity_version", _("Nomenclature d’activité"), Type.CODE, _("NAP, NAF1993, NAFRev1, NAFRev2 ou NAF2025.")),
        Column("headcount", _("Tranche d’effectif"), Type.CODE, _("Classe de SIRENE, deux ans avant.")),
        Column("size", _("Catégorie d’entreprise"), Type.CODE, _("PME, ETI ou GE, groupe compris.")),
        *item_columns("place", _("Lieu"), lambda row: row.place),
        Column("created", _("Création"), Type.TEXT, _("Comme la source l’écrit.")),
    ),
    query=_organisations,
)
RELATIONS = Dataset(
    name="relations",
    title=_("Relations entre acteurs"),
    description=_("Qui est membre, financeur, animateur, partenaire de quoi, avec les dates que donnent les sources."),
    columns=(
        Column("subject_siren", _("SIREN de l’acteur"), Type.CODE, "", lambda row: row.subject.siren),
        Column("subject", _("Acteur"), Type.TEXT, "", lambda row: row.subject.name),
        Column("kind", _("Relation"), Type.TEXT, "", lambda row: row.get_kind_display()),
        Column("object_kind", _("Sorte d’objet"), Type.CODE, _("organisation, item, framework ou system."), _object_kind),
        Column("object_code", _("Code de l’objet"), Type.CODE, _("SIREN ou code dans son cadre."), _object_code),
        Column("object", _("Objet"), Type.TEXT, "", lambda row: str(row.object)),
        Column("since", _("Depuis"), Type.DATE),
        Column("until", _("Jusqu’au"), Type.DATE),
        Column("detail", _("Précision")),
        Column("share", _("Part"), Type.NUMBER),
    ),
    query=_relations,
)
