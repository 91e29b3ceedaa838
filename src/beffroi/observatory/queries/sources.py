"""Which files the observatory stands on, and whether they were loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.indicators.models import Cell
from beffroi.indicators.queries import published_indicators
from beffroi.reference.models import Boundary, Item

QUESTIONS: Sequence[tuple[str, Any, Any]] = (
    (
        "observatory:map",
        _("Où en est chaque territoire ?"),
        _("La carte d’un indicateur, à tout niveau et à toute période connue."),
    ),
    (
        "observatory:methods",
        _("En quoi, combien, par rapport à qui ?"),
        _("Spécialisation, effet local, contribution, inégalités, proximité, composite : chaque méthode avec sa formule."),
    ),
    (
        "observatory:specialisations",
        _("Que disent les chiffres des spécialisations choisies ?"),
        _("Emploi, spécificité et croissance des activités de chaque spécialisation de la stratégie."),
    ),
    (
        "observatory:documents",
        _("Que disent les tableaux des documents ?"),
        _("Chaque décomposition imprimée, recalculée ligne par ligne."),
    ),
    (
        "observatory:portfolios",
        _("De quels domaines sont ces projets ?"),
        _("Une liste d’intitulés classée dans les domaines et les spécialisations, avec ses raisons, à confirmer."),
    ),
    ("observatory:runs", _("Qu’a-t-on déjà analysé ?"), _("Les analyses gardées, à rouvrir et à comparer avec aujourd’hui.")),
)


@dataclass(frozen=True)
class FileToLoad:
    """A file of public statistics, and the profile that reads it."""

    profile: str
    label: Any
    is_there: bool


def files_to_load(viewer: AnyUser) -> list[FileToLoad]:
    """In the order in which they are loaded: codes, then outlines, then values."""
    values = Cell.objects.visible_to(viewer).order_by()
    given = set(values.filter(indicator__code__in=[row["code"] for row in published_indicators()])
                .values_list("indicator__namespace", flat=True).distinct())  # fmt: skip
    levels = set(
        Item.objects.filter(version__framework__kind="geography").order_by().values_list("level", flat=True).distinct()
    )
    drawn = set(Boundary.objects.order_by().values_list("item__level", flat=True).distinct())
    return [
        FileToLoad(
            "territoires", _("Codes des communes, zones d’emploi, intercommunalités (INSEE)"), "employment_zone" in levels
        ),
        FileToLoad("nomenclature-naf", _("Codes de la NAF (INSEE)"), Item.objects.of_framework("naf-rev2").exists()),
        FileToLoad("contours-communes", _("Contours des territoires, un profil par niveau (IGN, Eurostat)"), bool(drawn)),
        FileToLoad("urssaf-effectifs", _("Effectifs salariés par commune et APE (Urssaf)"), "urssaf" in given),
        FileToLoad("eurostat-pib-nuts3", _("Produit intérieur brut et autres tableaux d’Eurostat"), "eurostat" in given),
        FileToLoad("anct-indicateurs-communes", _("Indicateurs par commune (CGET)"), "anct" in given),
    ]
