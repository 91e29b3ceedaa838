"""Specialisation and concentration."""

from django.utils.translation import gettext_lazy as _

from beffroi.analytics import agglomeration, tables
from beffroi.analytics import specialisation as methods
from beffroi.observatory.methods.declared import Column, Input, Method, Option, text, whole
from beffroi.observatory.methods.shared import ACTIVITY, JOBS, NOTE, REFERENCE, REFERENCE_TABLE, TERRITORY, TOTAL, VALUE

QUOTIENT = Column("location_quotient", "part dans le territoire sur part dans la référence ; 1 : autant qu’elle")
QUOTIENTS = (
    TERRITORY,
    ACTIVITY,
    VALUE,
    Column("territory_total", "total du territoire, même unité"),
    Column("activity_total", "total de l’activité dans la référence, même unité"),
    Column("share", "part de l’activité dans le territoire (0 à 1)"),
    Column("reference_share", "part de l’activité dans la référence (0 à 1)"),
    QUOTIENT,
    Column("additive_quotient", "différence des deux parts"),
    Column("symmetric_quotient", "(LQ − 1) / (LQ + 1), de −1 à 1"),
    NOTE,
)
THRESHOLDS = Input(
    "thresholds",
    "seuils abaissés de certaines activités",
    (ACTIVITY, Column("least_jobs", "effectif minimal"), Column("least_index", "indice minimal")),
    required=False,
)
INEQUALITIES = (
    Column("gini_of_quotients", "indice de Gini des quotients, chacun comptant autant (REAT) ; moins de 1"),
    Column(
        "locational_gini", "indice de Gini des quotients, pondérés par la référence ; moins de 1 (EconGeo en imprime la moitié)"
    ),
    Column("herfindahl", "somme des carrés des parts, de 1/n à 1"),
    Column("herfindahl_normalised", "(H − 1/n) / (1 − 1/n), de 0 à 1"),
    Column("equivalent_number", "1 / H : combien de parts égales donneraient le même indice"),
    NOTE,
)

METHODS = (
    Method(
        "location_quotient",
        _("Quotient de localisation"),
        methods.location_quotient,
        (JOBS, REFERENCE_TABLE),
        QUOTIENTS,
        (REFERENCE, TOTAL),
        ("territory", "activity"),
    ),
    Method(
        "specificities",
        _("Spécificités d’un territoire"),
        methods.specificities,
        (JOBS, REFERENCE_TABLE, THRESHOLDS),
        (
            *QUOTIENTS,
            Column("least_jobs", "effectif minimal appliqué"),
            Column("least_index", "indice minimal appliqué"),
            Column("specific", "vrai, faux, ou vide quand ce que l’on sait ne tranche pas", tables.FLAG),
        ),
        (
            REFERENCE,
            TOTAL,
            Option("least_jobs", float, "effectif minimal", methods.LEAST_JOBS),
            Option("least_index", float, "indice minimal", methods.LEAST_INDEX),
        ),
        ("territory", "activity"),
    ),
    Method(
        "standardised_quotient",
        _("Quotient de localisation standardisé"),
        methods.standardised_quotient,
        (JOBS, REFERENCE_TABLE),
        (
            TERRITORY,
            ACTIVITY,
            VALUE,
            QUOTIENT,
            Column("standardised_quotient", "écart à la moyenne de l’activité, en écarts-types (n − 1)"),
            whole("territories", "quotients connus de l’activité"),
            NOTE,
        ),
        (REFERENCE, TOTAL, Option("logarithm", bool, "sur les logarithmes (Tian 2013)", default=False)),
        ("territory", "activity"),
    ),
    Method(
        "specialisation",
        _("Spécialisation des territoires"),
        methods.specialisation,
        (JOBS, REFERENCE_TABLE),
        (
            TERRITORY,
            Column("total", "total du territoire, unité du fichier"),
            whole("activities", "activités de la référence"),
            Column("krugman", "somme des écarts de parts, de 0 à 2"),
            Column("specialisation_coefficient", "sa moitié, de 0 à 1 (INSEE)"),
            *INEQUALITIES,
        ),
        (REFERENCE, TOTAL),
        ("territory",),
    ),
    Method(
        "concentration",
        _("Concentration des activités"),
        methods.concentration,
        (JOBS,),
        (
            ACTIVITY,
            Column("total", "total de l’activité, unité du fichier"),
            whole("territories", "territoires comparés"),
            Column("krugman", "somme des écarts de parts, de 0 à 2"),
            Column("concentration_coefficient", "sa moitié, de 0 à 1"),
            *INEQUALITIES,
        ),
        (Option("reference", str, "l’activité qui sert de référence (sinon la somme des activités)"),),
        ("activity",),
    ),
    Method(
        "krugman_index",
        _("Indice de Krugman entre deux territoires"),
        methods.krugman_index,
        (JOBS,),
        (TERRITORY, text("other", "l’autre territoire"), Column("krugman", "0 : même structure ; 2 : rien en commun"), NOTE),
        (),
        ("territory", "other"),
    ),
    Method(
        "ellison_glaeser",
        _("Agglomération des établissements (Ellison-Glaeser)"),
        agglomeration.ellison_glaeser,
        (
            Input(
                "establishments",
                "une ligne par établissement ; les lignes d’un même établissement s’additionnent",
                (text("establishment", "identifiant de l’établissement"), TERRITORY, ACTIVITY, VALUE),
            ),
        ),
        (
            ACTIVITY,
            Column("total", "total de l’activité, unité du fichier"),
            whole("establishments", "établissements"),
            Column("raw_concentration", "G : somme des carrés des écarts de parts"),
            Column("herfindahl", "H : concentration des tailles des établissements"),
            Column("ellison_glaeser", "0 : au hasard ; au-dessus de 0,05 : très agglomérée ; négatif : dispersée"),
            NOTE,
        ),
        (),
        ("activity",),
    ),
)
