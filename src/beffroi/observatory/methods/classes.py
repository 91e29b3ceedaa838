"""Companies into types, texts into priority areas."""

import tomllib
from importlib.resources import files

import polars as pl
from django.utils.translation import gettext_lazy as _

from beffroi.analytics import tables, typology
from beffroi.analytics import text as texts_analysis
from beffroi.observatory.methods.declared import Column, Input, Method, Option, text, whole

VOCABULARY_NAME = "vocabulary-s3-hdf-2021-2027"


def text_classification(
    texts: pl.DataFrame,
    vocabulary: pl.DataFrame | None = None,
    training: pl.DataFrame | None = None,
    *,
    least_weight: float = texts_analysis.LEAST_WEIGHT,
    share_of_first: float = texts_analysis.SHARE_OF_FIRST,
    least_score: float = texts_analysis.LEAST_SCORE,
    version: str | None = None,
) -> pl.DataFrame:
    """`analytics.text.labelled` with the maintained vocabulary where none is given."""
    chosen, own = (vocabulary, version) if vocabulary is not None else maintained_vocabulary()
    return texts_analysis.labelled(
        texts,
        chosen,
        training,
        least_weight=least_weight,
        share_of_first=share_of_first,
        least_score=least_score,
        version=version or own,
    )


def maintained_vocabulary() -> tuple[pl.DataFrame, str]:
    """The terms and their version."""
    folder = files("beffroi.reference") / "data" / VOCABULARY_NAME
    about = tomllib.loads((folder / "about.toml").read_text(encoding="utf-8"))
    return pl.read_csv((folder / "terms.csv").read_bytes()), f"{about['code']} {about['version']}"


MEANINGS = {
    "company": "entreprise",
    "sector": "secteur auquel on la compare",
    "created": "année de création",
    "turnover_0": "chiffre d’affaires, trois ans avant (euros)",
    "turnover_3": "chiffre d’affaires (euros)",
    "value_added_0": "valeur ajoutée, trois ans avant (euros)",
    "value_added_3": "valeur ajoutée (euros)",
    "headcount_0": "effectif, trois ans avant",
    "headcount_3": "effectif",
    "ebitda_3": "excédent brut d’exploitation (euros)",
    "investment_3": "investissement (euros)",
    "intangible_assets_3": "immobilisations incorporelles (euros)",
    "total_assets_3": "total de l’actif (euros)",
    "equity_3": "capitaux propres (euros)",
}
COMPANIES = Input(
    "companies",
    "une ligne par entreprise : ses comptes à trois ans d’écart (_0 puis _3)",
    (
        *(Column(name, MEANINGS[name], kind) for name, kind in tables.COMPANIES.columns.items()),
        text("parent_sector", "secteur plus large, quand moins de trois entreprises du secteur sont connues", required=False),
        whole("months_0", "durée du premier exercice, en mois (12)", required=False),
        whole("months_3", "durée du dernier exercice, en mois (12)", required=False),
        text("accounts", "consolidated : comptes consolidés", required=False),
    ),
)
LIMITS = (
    text("sector", "secteur"),
    text("criterion", "critère"),
    Column("lower", "fin du premier tiers"),
    Column("upper", "fin du deuxième tiers"),
    whole("companies", "entreprises connues"),
    text("basis", "à qui l’on compare : sector, parent_sector ou all"),
)
THRESHOLDS = Input("thresholds", "les seuils d’une campagne passée (sortie de sector_terciles)", LIMITS, required=False)
CRITERIA = tuple(
    Column(criterion.name, "ratio, ou croissance par an (0,2 : 20 %)", required=False)
    for criterion in typology.MARMUSE_GODEST.criteria
)
SCHEME = Option("scheme", str, ", ".join(typology.SCHEMES), typology.MARMUSE_GODEST.code)
TYPE = text("type", "type ; vide : trop peu de critères connus")
COMPANY = text("company", "entreprise")
COUNT = whole("companies", "entreprises")
VOCABULARY = Input(
    "vocabulary",
    "vocabulaire (sans lui, celui des DAS de la S3 2021-2027)",
    (
        text("label", "domaine ; vide : le terme parle contre tous"),
        text("term", "mots ; * finit un début de mot"),
        Column("weight", "3 décisif, 2 ordinaire, 1 faible", required=False),
    ),
    required=False,
)
LABELS = text("labels", "domaines séparés par une barre, le premier d’abord ; vide : aucun")
PROJECTS = Input("texts", "une ligne par texte", (text("id", "identifiant"), text("text", "intitulé et description")))
TRAINING = Input(
    "training",
    "textes dont une personne a confirmé les domaines : on apprend d’eux",
    (text("id", "identifiant"), text("text", "intitulé et description"), LABELS),
    required=False,
)

METHODS = (
    Method(
        "company_typology",
        _("Typologie d’entreprises"),
        typology.company_typology,
        (COMPANIES, THRESHOLDS),
        (
            *(
                COMPANY,
                text("sector", "secteur"),
                *CRITERIA,
                Column("exploitation", "dimension 1 : somme des niveaux, après les critères"),
            ),
            text("exploitation_profile", "niveau de chaque critère : +, 0, -, ? inconnu"),
            Column("creation", "dimension 2"),
            text("creation_profile", "niveau de chaque critère"),
            TYPE,
            Column("high_growth_oecd_20", "plus de 20 % par an sur trois ans, dix salariés au départ", tables.FLAG),
            Column("high_growth_eurostat_10", "plus de 10 % par an", tables.FLAG),
            Column("gazelle", "forte croissance (OCDE) et cinq ans au plus", tables.FLAG),
            text("remarks", "à quoi prendre garde"),
        ),
        (SCHEME, Option("year", int, "année des derniers comptes : l’âge des gazelles en dépend")),
    ),
    Method(
        "sector_terciles",
        _("Seuils de la typologie par secteur"),
        typology.sector_terciles,
        (COMPANIES,),
        LIMITS,
        (SCHEME,),
    ),
    Method(
        "type_movements",
        _("Mouvements d’entreprises entre deux campagnes"),
        typology.movements,
        (
            Input("before", "la première campagne", (COMPANY, TYPE)),
            Input("after", "la seconde", (COMPANY, TYPE)),
        ),
        (
            text("type_0", "type avant"),
            text("type_1", "type après"),
            text("status", "both, left (sortie), joined (entrée)"),
            COUNT,
        ),
    ),
    Method(
        "type_agreement",
        _("Accord entre deux typologies"),
        typology.agreement,
        (Input("first", "la première", (COMPANY, TYPE)), Input("second", "la seconde", (COMPANY, TYPE))),
        (
            text("type_first", "type selon la première"),
            text("type_second", "type selon la seconde"),
            COUNT,
            Column("share", "part du type de la première"),
            Column("expected", "nombre si les deux n’avaient rien à voir"),
        ),
    ),
    Method(
        "text_classification",
        _("Textes de projets par domaine"),
        text_classification,
        (PROJECTS, VOCABULARY, TRAINING),
        (
            text("id", "identifiant"),
            text("text", "intitulé et description"),
            LABELS,
            Column("confidence", "du premier domaine, de 0 à 1 ; 1 : confirmé par une personne"),
            text("source", "human, vocabulary, statistics ou none"),
            text("terms", "les termes qui ont fait chaque domaine"),
            text("version", "version du vocabulaire"),
        ),
        (
            Option("least_weight", float, "poids que les termes d’un domaine doivent réunir", texts_analysis.LEAST_WEIGHT),
            Option(
                "share_of_first",
                float,
                "part du poids du premier domaine qu’un autre doit atteindre",
                texts_analysis.SHARE_OF_FIRST,
            ),
            Option("least_score", float, "score appris à partir duquel proposer un domaine", texts_analysis.LEAST_SCORE),
            Option("version", str, "version du vocabulaire donné"),
        ),
    ),
    Method(
        "label_evaluation",
        _("Justesse d’un classement de textes"),
        texts_analysis.evaluate,
        (
            Input("found", "les domaines trouvés", (text("id", "identifiant"), LABELS)),
            Input("truth", "les domaines confirmés", (text("id", "identifiant"), LABELS)),
        ),
        (
            text("label", "domaine ; vide : tous ensemble"),
            *(
                whole("texts", "textes qui l’ont"),
                whole("right", "trouvés"),
                whole("wrong", "à tort"),
                whole("missed", "oubliés"),
            ),
            Column("precision", "part des domaines donnés qui sont justes"),
            Column("recall", "part des domaines vrais qui sont donnés"),
            Column("f1", "moyenne harmonique des deux"),
            Column("first_right", "part des textes dont le premier domaine est juste"),
        ),
    ),
    Method(
        "vocabulary_suggestions",
        _("Termes à ajouter au vocabulaire"),
        texts_analysis.suggest_terms,
        (
            Input("training", TRAINING.meaning, TRAINING.columns),
            Input("vocabulary", "vocabulaire actuel", VOCABULARY.columns),
        ),
        (
            text("label", "domaine"),
            text("term", "mot proposé"),
            whole("texts", "textes du domaine qui l’ont"),
            whole("others", "autres textes qui l’ont"),
            Column("strength", "logarithme du rapport des chances"),
        ),
        (Option("least_texts", int, "textes du domaine où le mot doit être", 2),),
    ),
)
