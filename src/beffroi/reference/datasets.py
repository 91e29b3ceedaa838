from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.core.datasets import Dataset
from beffroi.core.exports import Column, Type
from beffroi.provenance.datasets import seen
from beffroi.provenance.queries import Moment
from beffroi.reference.models import Item, NamedSystem, Rule


def _items(viewer: AnyUser, moment: Moment) -> QuerySet[Item]:
    rows = Item.objects.visible_to(viewer).filter(seen(viewer, "version__framework", "parent"))
    return rows.select_related("version__framework", "parent").order_by("version", "position", "sort_key", "pk")


def _rules(viewer: AnyUser, moment: Moment) -> QuerySet[Rule]:
    rows = Rule.objects.visible_to(viewer).filter(seen(viewer, "framework", "item"))
    return rows.select_related("framework", "item").order_by("framework", "kind", "label", "pk")


def _systems(viewer: AnyUser, moment: Moment) -> QuerySet[NamedSystem]:
    return NamedSystem.objects.visible_to(viewer).order_by("sort_key", "pk")


ITEMS = Dataset(
    name="items",
    title=_("Éléments des stratégies et nomenclatures"),
    description=_(
        "Axes, actions, spécialisations, territoires : chaque élément de chaque cadre, avec son millésime et son parent."
    ),
    columns=(
        Column("framework", _("Cadre"), Type.CODE, _("Code du cadre."), lambda row: row.version.framework.code),
        Column("framework_label", _("Nom du cadre"), Type.TEXT, "", lambda row: row.version.framework.label),
        Column(
            "vintage",
            _("Millésime"),
            Type.CODE,
            _("Version du cadre ; l’année pour un territoire."),
            lambda row: row.version.code,
        ),
        Column("code", _("Code"), Type.CODE),
        Column("label", _("Intitulé")),
        Column("level", _("Niveau"), Type.CODE),
        Column("parent_code", _("Code du parent"), Type.CODE, "", lambda row: row.parent.code if row.parent else ""),
        Column("position", _("Rang"), Type.INTEGER),
    ),
    query=_items,
)
RULES = Dataset(
    name="rules",
    title=_("Règles des programmes"),
    description=_(
        "Ce que les programmes exigent ou visent : éligibilité, cofinancement, sélection, gouvernance, compte rendu, délais."
    ),
    columns=(
        Column("framework", _("Cadre"), Type.CODE, "", lambda row: row.framework.code),
        Column("item_code", _("Élément"), Type.CODE, "", lambda row: row.item.code if row.item else ""),
        Column("kind", _("Nature"), Type.TEXT, "", lambda row: row.get_kind_display()),
        Column("label", _("Règle")),
        Column("value", _("Valeur")),
    ),
    query=_rules,
)
SYSTEMS = Dataset(
    name="systems",
    title=_("Outils, registres et méthodes"),
    description=_("Ce que les documents décrivent ou demandent comme outils, registres, procédures, réseaux et méthodes."),
    columns=(
        Column("label", _("Nom")),
        Column("document", _("Document"), Type.CODE, _("Code de la source."), lambda row: row.namespace),
        Column("kind", _("Nature"), Type.TEXT, "", lambda row: row.get_kind_display()),
        Column("purpose", _("À quoi il sert")),
        Column("users", _("Qui s’en sert")),
        Column("inputs", _("Ce qui y entre")),
        Column("outputs", _("Ce qui en sort")),
        Column("frequency", _("Rythme")),
    ),
    query=_systems,
)
