"""Relatedness, density and complexity."""

from django.utils.translation import gettext_lazy as _

from beffroi.analytics import relatedness
from beffroi.observatory.methods.declared import Column, Input, Method, Option, text, whole
from beffroi.observatory.methods.shared import ACTIVITY, TERRITORY, VALUE

YEAR = whole("year", "année : une analyse par année", required=False)
JOBS = Input(
    "jobs",
    "une ligne par cellule ; les lignes d’une même cellule s’additionnent, une absente vaut zéro, une inconnue est refusée",
    (TERRITORY, ACTIVITY, YEAR, VALUE),
)
RCA = Column("rca", "avantage comparatif révélé (Balassa) : part dans le territoire sur part partout")
MCP = whole("mcp", "1 : l’activité y est présente (le quotient atteint le seuil), 0 sinon")
DIVERSITY = whole("diversity", "activités présentes dans le territoire")
UBIQUITY = whole("ubiquity", "territoires où l’activité est présente")
ECI = Column("eci", "complexité du territoire : moyenne 0, écart-type 1")
PCI = Column("pci", "complexité de l’activité")
COI = Column("coi", "perspective de complexité du territoire : moyenne 0, écart-type 1")
DENSITY = Column(
    "density", "part de ce qui est proche de l’activité que le territoire a déjà, de 0 à 1 ; vide : proche de rien"
)
PRESENCE = Option("presence", str, "rca (le quotient atteint le seuil) ou given (la valeur est 0 ou 1)", "rca")
THRESHOLD = Option("threshold", float, "quotient à partir duquel une activité est présente", 1.0)
WITH_SELF = Option(
    "with_self", bool, "l’activité compte comme proche d’elle-même (ecomplexity le fait toujours)", default=False
)
SCALE = Option("scale", str, "échelle de pci : eci (moyenne et écart-type de eci) ou own (les siens)", "eci")
MEASURE = Option("measure", str, "proximity, association, probability, cosine ou jaccard", "proximity")

METHODS = (
    Method(
        "rca",
        _("Avantage comparatif révélé"),
        relatedness.rca,
        (JOBS,),
        (TERRITORY, ACTIVITY, YEAR, VALUE, RCA, MCP),
        (THRESHOLD,),
    ),
    Method(
        "proximity",
        _("Proximité des activités"),
        relatedness.proximity,
        (JOBS,),
        (ACTIVITY, text("other", "l’autre activité"), YEAR, Column("proximity", "proximité des deux, dans la mesure choisie")),
        (MEASURE, Option("at_least", float, "les paires en dessous sont omises", 0.0), PRESENCE, THRESHOLD),
        ("activity", "other"),
    ),
    Method(
        "density",
        _("Densité autour des activités"),
        relatedness.density,
        (JOBS,),
        (
            TERRITORY,
            ACTIVITY,
            YEAR,
            MCP,
            DENSITY,
            Column("density_expected", "densité que diversité et ubiquité donneraient seules : à comparer avant de lire"),
        ),
        (
            MEASURE,
            WITH_SELF,
            Option("linked_at", float, "proximité qui compte 1, en dessous 0 (EconGeo : probability et 1)"),
            PRESENCE,
            THRESHOLD,
        ),
    ),
    Method(
        "density_explained",
        _("Ce que la densité doit à la diversité"),
        relatedness.density_explained,
        (JOBS,),
        (
            YEAR,
            Column("share_explained", "carré de la corrélation entre densité et densité attendue"),
            text("warning", "ce qu’il faut savoir avant de lire une densité"),
        ),
        (WITH_SELF, PRESENCE, THRESHOLD),
    ),
    Method(
        "complexity",
        _("Complexité économique, densité et perspectives"),
        relatedness.complexity,
        (JOBS,),
        (
            *(TERRITORY, ACTIVITY, YEAR, VALUE, RCA, MCP, DIVERSITY, UBIQUITY, ECI, PCI, DENSITY, COI),
            Column("cog", "gain de perspective si l’activité apparaissait, en écarts-types de eci"),
        ),
        (WITH_SELF, SCALE, PRESENCE, THRESHOLD),
    ),
    Method(
        "territory_complexity",
        _("Complexité des territoires"),
        relatedness.territory_complexity,
        (JOBS,),
        (TERRITORY, YEAR, DIVERSITY, ECI, COI),
        (WITH_SELF, PRESENCE, THRESHOLD),
    ),
    Method(
        "activity_complexity",
        _("Complexité des activités"),
        relatedness.activity_complexity,
        (JOBS,),
        (ACTIVITY, YEAR, UBIQUITY, PCI),
        (SCALE, PRESENCE, THRESHOLD),
    ),
    Method(
        "reflections",
        _("Méthode des réflexions"),
        relatedness.reflections,
        (JOBS,),
        (
            text("side", "territory ou activity"),
            text("code", "territoire ou activité"),
            YEAR,
            Column("reflection", "moyenne des moyennes après ce nombre de pas"),
            Column("rescaled", "la même, de 0 à 100 (EconGeo)"),
            whole("steps", "nombre de pas"),
        ),
        (Option("steps", int, "nombre de pas", 20), PRESENCE, THRESHOLD),
    ),
)
