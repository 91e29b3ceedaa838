"""Inequality, convergence and secrecy."""

from django.utils.translation import gettext_lazy as _

from beffroi.analytics import convergence, inequality, secrecy
from beffroi.observatory.methods.declared import Column, Input, Method, Option, text, whole
from beffroi.observatory.methods.shared import ACTIVITY, END, JOBS, NOTE, START, TERRITORY, VALUE, YEAR

MEASURE = text("measure", "nom de la mesure")
WEIGHT = Column("weight", "ce que compte chaque unité (population)", required=False)
PANEL = Input(
    "panel",
    "une ligne par territoire et par année",
    (TERRITORY, YEAR, Column("value", "niveau qui se compare (euros par habitant)")),
)
SECRET = text("secret", "pourquoi la valeur est cachée : few_units, dominance, unknown_units, deducible ; vide : montrée")
UNITS = whole("units", "nombre d’unités de la cellule")

METHODS = (
    Method(
        "inequality",
        _("Inégalité et concentration d’une distribution"),
        inequality.inequality,
        (
            Input(
                "distribution",
                "une ligne par unité",
                (
                    Column("value", "ce qu’a l’unité"),
                    WEIGHT,
                    Column("reference", "les quantités auxquelles l’indice de Hoover compare", required=False),
                ),
            ),
        ),
        (MEASURE, Column("value", "sa valeur ; vide : indéfinie"), NOTE),
        (Option("epsilon", float, "aversion à l’inégalité de l’indice d’Atkinson", 0.5),),
    ),
    Method(
        "theil_decomposition",
        _("Indices de Theil dans les groupes et entre eux"),
        inequality.theil_decomposition,
        (Input("distribution", "une ligne par unité", (text("group", "groupe"), Column("value", "ce qu’a l’unité"), WEIGHT)),),
        (
            MEASURE,
            text("group", "groupe"),
            Column("share", "part du groupe dans le total (theil_t) ou dans les poids (theil_l)"),
            Column("inequality", "indice du groupe"),
            Column("within", "ce qu’il apporte à l’inégalité interne"),
            Column("between", "ce qu’il apporte à l’inégalité entre groupes"),
            NOTE,
        ),
    ),
    Method(
        "sigma_convergence",
        _("Convergence sigma"),
        convergence.sigma_convergence,
        (PANEL,),
        (
            YEAR,
            whole("territories", "territoires connus chaque année"),
            whole("dropped", "territoires écartés"),
            Column("sd_log", "écart-type des logarithmes (n)"),
            Column("sd_log_sample", "écart-type des logarithmes (n − 1)"),
            Column("cv", "coefficient de variation (n)"),
            Column("cv_sample", "coefficient de variation (n − 1)"),
            NOTE,
        ),
    ),
    Method(
        "beta_convergence",
        _("Convergence bêta"),
        convergence.beta_convergence,
        (PANEL,),
        (
            whole("start", "première année"),
            whole("end", "dernière année"),
            whole("territories", "territoires comptés"),
            whole("dropped", "territoires écartés"),
            Column("alpha", "constante"),
            Column("beta", "pente"),
            Column("standard_error", "erreur-type de la pente"),
            Column("t", "t de Student de la pente"),
            Column("r_squared", "part de variance expliquée"),
            Column("speed", "vitesse, par an"),
            Column("half_life", "années pour réduire l’écart de moitié"),
            NOTE,
        ),
        (START, END),
    ),
    Method(
        "counted_cells",
        _("Cellules comptées à partir des unités"),
        secrecy.counted_cells,
        (JOBS,),
        (TERRITORY, ACTIVITY, VALUE, UNITS, Column("largest", "valeur de la plus grande unité")),
        (),
        ("territory", "activity"),
    ),
    Method(
        "hide_small_cells",
        _("Secret statistique primaire"),
        secrecy.hide_small_cells,
        (
            Input(
                "cells",
                "une ligne par cellule",
                (TERRITORY, ACTIVITY, VALUE, UNITS, Column("largest", "valeur de la plus grande unité")),
            ),
        ),
        (TERRITORY, ACTIVITY, VALUE, UNITS, SECRET),
        (
            Option("least_units", int, "unités qu’il faut au moins", secrecy.LEAST_UNITS),
            Option(
                "dominant_share", float, "part de la plus grande unité à partir de laquelle on cache", secrecy.DOMINANT_SHARE
            ),
        ),
        ("territory", "activity"),
    ),
    Method(
        "hide_deducible_cells",
        _("Secret statistique secondaire"),
        secrecy.hide_deducible_cells,
        (Input("cells", "ce que rend hide_small_cells", (TERRITORY, ACTIVITY, VALUE, SECRET)),),
        (TERRITORY, ACTIVITY, VALUE, SECRET),
        (Option("exempt", list, "territoires et activités qui sont des totaux, séparés par des virgules"),),
        ("territory", "activity"),
    ),
)
