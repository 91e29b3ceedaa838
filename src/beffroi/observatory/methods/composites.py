"""Composite indicators."""

from django.utils.translation import gettext_lazy as _

from beffroi.analytics import composite as methods
from beffroi.observatory.methods.declared import Column, Input, Method, Option, text, whole

UNITS = Input(
    "units",
    "une ligne par unité : la première colonne la nomme, les colonnes de nombres sont les indicateurs (vide : inconnu)",
    (),
    is_open=True,
)
STRUCTURE = Input(
    "structure",
    "une ligne par indicateur ou groupe ; sans elle, toutes les colonnes de nombres pèsent autant",
    (
        text("code", "colonne de l’indicateur, ou nom du groupe"),
        text("parent", "le groupe au-dessus ; vide : l’indice", required=False),
        Column("weight", "poids dans le groupe (1)", required=False),
        Column("direction", "1 : plus est mieux ; -1 : moins est mieux", required=False),
        Column("low", "borne basse (goalposts)", required=False),
        Column("high", "borne haute (goalposts)", required=False),
        Column("target", "cible (distance_to_target)", required=False),
    ),
    required=False,
)
UNIT = text("unit", "l’unité, sous le nom de la première colonne", required=False)
RANK = whole("rank", "1 : l’indice le plus haut ; les ex æquo ont le meilleur rang ; vide : indice inconnu")
LOW = Option("low", float, "bas de l’échelle de minmax, percentile_rank, distance_to_target, goalposts", 0.0)
POSITIVE_LOW = Option("low", float, LOW.meaning, 1.0)
HIGH = Option("high", float, "haut de cette échelle", 100.0)
NORMALISATION = Option("normalisation", str, ", ".join(methods.NORMALISATIONS), "minmax")
AGGREGATION = Option("aggregation", str, ", ".join(methods.AGGREGATIONS), "arithmetic")
MISSING = Option("missing", str, "unknown (inconnu reste inconnu), available, mean ou median", "unknown")
MIN_KNOWN = Option("min_known", float, "avec available : part des membres d’un groupe qui doit être connue", 0.5)
TRIALS = (
    Option("seed", int, "la même graine redonne la même table", 1),
    Option("weights_within", float, "chaque poids varie d’autant, en plus ou en moins (0.25 : un quart)", 0.25),
    Option("normalisations", list, "normalisations essayées, la première est celle de départ", ["minmax", "percentile_rank"]),
    Option("aggregations", list, "agrégations essayées, la première est celle de départ", ["arithmetic", "geometric"]),
    Option("leave_out", bool, "se passer aussi d’un indicateur, au hasard", default=False),
    *(POSITIVE_LOW, HIGH, MISSING, MIN_KNOWN),
)

METHODS = (
    Method(
        "composite",
        _("Indicateur composite"),
        methods.composite,
        (UNITS, STRUCTURE),
        (
            UNIT,
            RANK,
            Column("index", "l’indice, puis une colonne par groupe, sous leurs codes", required=False),
            Column("known", "part des indicateurs connus"),
            whole("imputed", "valeurs remplies"),
        ),
        (NORMALISATION, AGGREGATION, LOW, HIGH, MISSING, MIN_KNOWN),
    ),
    Method(
        "effective_weights",
        _("Poids réels d’un indicateur composite"),
        methods.effective_weights,
        (UNITS, STRUCTURE),
        (
            text("code", "indicateur"),
            Column("weight", "poids nominal dans l’indice, de 0 à 1"),
            Column("correlation", "avec l’indice ; vide : l’un des deux ne varie pas"),
            Column("importance", "son carré : part de la variance de l’indice que l’indicateur dit seul"),
            whole("units", "unités où les deux sont connus"),
        ),
        (NORMALISATION, AGGREGATION, LOW, HIGH, MISSING, MIN_KNOWN),
    ),
    Method(
        "missing_effects",
        _("Ce que changent les valeurs manquantes"),
        methods.missing_effects,
        (UNITS, STRUCTURE),
        (
            UNIT,
            Column("known", "part des indicateurs connus"),
            Column("worst", "indice si elle avait la pire valeur connue"),
            Column("mean", "si elle avait la moyenne"),
            Column("best", "si elle avait la meilleure"),
            Column("available", "si l’on s’en passe"),
            whole("rank_worst", "rang dans le premier cas"),
            whole("rank_best", "rang dans le troisième"),
        ),
        (NORMALISATION, AGGREGATION, LOW, HIGH),
    ),
    Method(
        "uncertainty",
        _("Incertitude des rangs d’un indicateur composite"),
        methods.uncertainty,
        (UNITS, STRUCTURE),
        (
            *(UNIT, RANK, Column("mean", "rang moyen"), Column("median", "rang médian")),
            Column("p05", "rang dépassé vers le haut une fois sur vingt"),
            Column("p95", "rang dépassé vers le bas une fois sur vingt"),
            whole("least", "meilleur rang"),
            whole("most", "plus mauvais rang"),
            Column("same", "part des tirages au rang de départ"),
        ),
        (Option("replications", int, "tirages", 1000), *TRIALS),
    ),
    Method(
        "sensitivity",
        _("Sensibilité des rangs aux choix de méthode"),
        methods.sensitivity,
        (UNITS, STRUCTURE),
        (
            text("factor", "weights, normalisation, aggregation, left_out"),
            Column("first_order", "part de la variance due au choix seul (Sobol) ; vide : rien ne bouge"),
            Column("total", "avec ses interactions"),
            whole("runs", "indices calculés"),
        ),
        (Option("base", int, "points du plan, une puissance de deux", 256), *TRIALS),
    ),
)
