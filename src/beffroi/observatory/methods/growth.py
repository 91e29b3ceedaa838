"""Shift-share and contributions."""

from django.utils.translation import gettext_lazy as _

from beffroi.analytics import contribution, shift_share
from beffroi.observatory.methods.declared import Column, Input, Method, Option, text
from beffroi.observatory.methods.shared import (
    ACTIVITY,
    DYNAMIC,
    END,
    NOTE,
    REFERENCE,
    START,
    TERRITORY,
    YEARLY,
    YEARLY_REFERENCE,
)

EFFECTS = (
    Column("base", "valeur au départ, unité du fichier"),
    Column("end", "valeur à l’arrivée"),
    Column("growth", "variation"),
    Column("national", "effet national"),
    Column("industry_mix", "effet structurel"),
    Column("competitive", "effet local, en unités"),
    Column("net_total_shift", "effet structurel + effet local"),
    Column("competitive_homothetic", "effet local homothétique (Esteban-Marquillas)"),
    Column("allocation", "effet d’allocation (Esteban-Marquillas)"),
)
PERIOD = (REFERENCE, START, END)
ITEM = text("item", "ce dont la ligne parle")
BEFORE_AND_AFTER = (Column("value_0", "avant"), Column("value_1", "après"))

RATIO = (("numerator", "numérateur de la part"), ("denominator", "dénominateur de la part, nul si elle n’y est pas"))

METHODS = (
    Method(
        "shift_share",
        _("Analyse structurelle-résiduelle par cellule"),
        shift_share.shift_share,
        (YEARLY, YEARLY_REFERENCE),
        (TERRITORY, ACTIVITY, *EFFECTS, NOTE),
        (*PERIOD, DYNAMIC),
        ("territory", "activity"),
    ),
    Method(
        "territory_effects",
        _("Analyse structurelle-résiduelle par territoire"),
        shift_share.territory_effects,
        (YEARLY, YEARLY_REFERENCE),
        (
            TERRITORY,
            *EFFECTS,
            Column("region_rate", "taux de variation du territoire (0,05 : 5 %)"),
            Column("nation_rate", "taux de variation de la référence"),
            Column("structural_effect", "effet structurel sur la valeur au départ"),
            Column("local_effect", "effet local sur la valeur au départ"),
            text("undefined_industries", "activités sans rien au départ : Esteban-Marquillas y est indéfini"),
            Column("competitive_homothetic_defined", "effet local homothétique des autres activités"),
            Column("allocation_defined", "effet d’allocation des autres activités"),
            NOTE,
        ),
        (*PERIOD, DYNAMIC),
        ("territory",),
    ),
    Method(
        "gerfin",
        _("Analyse structurelle-résiduelle en rapports (Gerfin)"),
        shift_share.gerfin,
        (YEARLY, YEARLY_REFERENCE),
        (
            TERRITORY,
            Column("industry_mix", "effet de structure, rapport ; 1 : comme la référence"),
            Column("regional_share", "effet régional, rapport"),
            Column("net_total_shift", "les deux ensemble"),
            NOTE,
        ),
        (*PERIOD, DYNAMIC),
        ("territory",),
    ),
    Method(
        "local_effect",
        _("Classes de l’effet local"),
        shift_share.local_effect,
        (YEARLY, YEARLY_REFERENCE),
        (
            TERRITORY,
            Column("local_effect", "effet local, toutes activités, sur la valeur au départ"),
            Column("industry_local_effect", "effet local de l’industrie, sur sa valeur au départ"),
            text("class", "pos-pos, pos-neg, neg-pos ou neg-neg : toutes activités, puis industrie"),
            NOTE,
        ),
        (*PERIOD, Option("industry", list, "les activités qui sont de l’industrie, séparées par des virgules", required=True)),
        ("territory",),
    ),
    Method(
        "residue",
        _("Reste entre la nation et ses territoires"),
        shift_share.residue,
        (YEARLY, YEARLY_REFERENCE),
        (
            ACTIVITY,
            Column("base_residue", "référence moins somme des territoires, au départ"),
            Column("end_residue", "la même différence à l’arrivée"),
            NOTE,
        ),
        PERIOD,
        ("activity",),
    ),
    Method(
        "contribution_decomposition",
        _("Contributions à la variation d’une somme"),
        contribution.contribution_decomposition,
        (Input("parts", "une ligne par part de la somme", (ITEM, *BEFORE_AND_AFTER)),),
        (
            ITEM,
            *BEFORE_AND_AFTER,
            Column("change", "variation, unité du fichier"),
            Column("growth", "taux de variation de la part"),
            Column("contribution_points", "contribution au taux d’ensemble (0,05 : 5 points)"),
            Column("share_of_change", "part de la variation d’ensemble"),
            Column("growth_rate", "taux de variation de l’ensemble"),
            NOTE,
        ),
    ),
    Method(
        "ratio_decomposition",
        _("Variation d’un ratio : dans les parts, entre les parts"),
        contribution.ratio_decomposition,
        (
            Input(
                "parts",
                "une ligne par part, son numérateur et son dénominateur avant (0) et après (1)",
                (ITEM, *(Column(f"{name}_{side}", meaning) for side in (0, 1) for name, meaning in RATIO)),
            ),
        ),
        (
            ITEM,
            *(Column(f"ratio_{side}", "ratio de la part") for side in (0, 1)),
            *(Column(f"weight_{side}", "part du dénominateur") for side in (0, 1)),
            Column("within_base", "effet interne, poids de départ"),
            Column("between_base", "effet de structure, ratios de départ"),
            Column("interaction", "effet croisé"),
            Column("entry_exit_base", "apparition ou disparition, contre le ratio de départ"),
            Column("within_avg", "effet interne, poids moyens"),
            Column("between_avg", "effet de structure, ratios moyens"),
            Column("entry_exit_avg", "apparition ou disparition, contre le ratio moyen"),
            Column("contribution", "somme des trois précédents"),
            Column("R0", "ratio d’ensemble au départ"),
            Column("R1", "ratio d’ensemble à l’arrivée"),
            Column("delta", "sa variation"),
        ),
    ),
    Method(
        "log_mean_decomposition",
        _("Variation d’un produit de facteurs (LMDI)"),
        contribution.log_mean_decomposition,
        (Input("factors", "une ligne par facteur de chaque élément", (ITEM, text("factor", "facteur"), *BEFORE_AND_AFTER)),),
        (
            ITEM,
            text("factor", "facteur"),
            *BEFORE_AND_AFTER,
            Column("product_0", "produit des facteurs de l’élément, avant"),
            Column("product_1", "le même, après"),
            Column("effect", "effet du facteur, dans l’unité du produit"),
            NOTE,
        ),
        (),
        ("item", "factor"),
    ),
)
