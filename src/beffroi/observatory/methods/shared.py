"""Columns, tables and options that several methods share."""

from beffroi.observatory.methods.declared import Column, Input, Option, text, whole

TERRITORY = text("territory", "code ou nom du territoire")
ACTIVITY = text("activity", "code ou nom de l’activité")
YEAR = whole("year", "année")
VALUE = Column("value", "quantité qui s’additionne, dans l’unité du fichier (emplois) ; vide, « s » ou « c » : inconnu")
NOTE = text("note", "pourquoi une valeur est vide, ou à quoi prendre garde")

JOBS = Input(
    "jobs",
    "une ligne par cellule ; les lignes d’une même cellule s’additionnent, une ligne absente vaut zéro",
    (TERRITORY, ACTIVITY, VALUE),
)
REFERENCE_TABLE = Input("reference", "à quoi l’on compare, par activité", (ACTIVITY, VALUE), required=False)
YEARLY = Input("jobs", "une ligne par cellule et par année ; une ligne absente vaut zéro", (TERRITORY, ACTIVITY, YEAR, VALUE))
YEARLY_REFERENCE = Input("reference", "la nation, par activité et par année", (ACTIVITY, YEAR, VALUE), required=False)

REFERENCE = Option(
    "reference",
    str,
    "le territoire du premier fichier qui sert de référence (sans elle ni second fichier : la somme des territoires)",
)
TOTAL = Option("total", str, "l’activité sous laquelle les totaux sont publiés : on les lit au lieu d’additionner")
START = Option("start", int, "première année (sinon la plus ancienne)")
END = Option("end", int, "dernière année (sinon la plus récente)")
DYNAMIC = Option("dynamic", bool, "somme des décompositions d’une année à la suivante", default=False)
