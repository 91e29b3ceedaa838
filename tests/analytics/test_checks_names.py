import pytest

from beffroi.analytics import checks, tables
from tests.analytics.stories import subjects, table


@pytest.mark.parametrize(
    ("one", "other", "is_found"),
    [
        ("Unité transformations et agroressources", "Unité Transformation & Agro-ressources (UTA)", True),
        ("Unité transformations et agroressources", "Unité Transformation Agroressource (UTA)", True),
        ("Comité de la conchyliculture Normandie", "Comité de la conchyliculture Normadie", True),
        ("Renault SAS", "Renault", True),
        ("Usine (29.32Z)", "Usine (29.10Z)", True),
        ("Chimie (Amiens)", "Chimie (Lille)", False),
        ("CPER 2007-2013", "CPER 2014-2020", False),
        ("Master 1 mer", "Master 2 mer", False),
        ("Effet positif sur la zone, négatif pour l’industrie", "Effet négatif sur la zone, positif pour l’industrie", False),
        ("Université de Lille", "Université de Liège", False),
    ],
)
def test_one_name_twice_in_a_list(one, other, is_found):
    given = table(tables.NAMED, f"ref | list | label\nitem:1 | a | {one}\nitem:2 | a | {other}\nitem:3 | b | {one}")
    assert subjects(checks.same_name_in_a_list(given)) == ([["item:1", "item:2"]] if is_found else [])


ORGANISATIONS = """
    ref   | name                                       | acronym | kind                    | source
    org:1 | Pôle Industries du commerce                | PICOM   | competitiveness_cluster | un
    org:1 | PICOM                                      |         | excellence_cluster      | deux
    org:2 | Centre de développement des éco-entreprises |        | other                   | un
    org:2 | Création développement des éco-entreprises |         | association             | deux
    org:3 | Université de Lille                        | ULille  | university              | un
    org:4 | Université de Lille                        | UDL     | university              | deux
    org:5 | Port maritime de Calais                    | PMC     | other                   | un
    org:6 | Pôle de la musique et du chant             | PMC     | other                   | un
"""


def test_names_kinds_and_acronyms_of_one_organisation():
    given = table(tables.ORGANISATIONS, ORGANISATIONS)
    assert subjects(checks.several_organisation_names(given)) == [["org:2"]]
    assert subjects(checks.several_kinds(given)) == [["org:1"]]
    assert subjects(checks.two_acronyms_one_name(given)) == [["org:3", "org:4"]]
    assert subjects(checks.acronym_of_two_names(given)) == [["org:5", "org:6"]]


def test_one_item_or_framework_under_two_labels():
    items = table(
        tables.ITEMS,
        """
        ref    | label                     | source
        item:1 | Images et contenus        | un
        item:1 | Image(s), contenus        | deux
        item:2 | Efficacité énergétique    | un
        item:2 | Sobriété des bâtiments    | deux
    """,
    )
    assert subjects(checks.several_labels(items)) == [["item:2"]]
    frameworks = table(
        tables.FRAMEWORKS,
        """
        ref         | code | label                          | source
        framework:1 | a    | Schéma régional de la mer      | un
        framework:1 | a    | Schéma régional                | deux
        framework:2 | b    | Plan du climat de la région    | un
        framework:2 | b    | Plan climat énergie territorial | deux
    """,
    )
    assert subjects(checks.several_framework_labels(frameworks)) == [["framework:2"]]


def test_marks_of_doubt_and_misspelt_words():
    rows = ["ref | text"] + [f"item:{n} | Région Normandie, dossier {n}" for n in range(1, 6)]
    rows += ["item:6 | Comité Normadie", "item:7 | (titre tronqué) de la confiance", "item:8 | Rapport écritoire", "item:9 | ?"]
    rows += ["item:11 | nommé « observatoire » à l’axe VI", "item:12 | nommé directeur en 2009"]
    rows += ["item:10 | les régionales normandies"]
    given = table(tables.TEXTS, "\n".join(rows))
    assert subjects(checks.doubtful_writing(given)) == [["item:11"], ["item:7"], ["item:9"]]
    assert subjects(checks.misspelt_word(given)) == [["item:6"]]


def test_codes_without_their_year():
    frameworks = table(
        tables.FRAMEWORKS,
        """
        ref         | code | label             | kind           | start
        framework:1 | ze   | Zones d’emploi    | geography      |
        framework:2 | ze2  | Zones d’emploi    | geography      | 2020
        framework:3 | naf  | NAF rév. 2        | classification |
    """,
    )
    items = table(
        tables.ITEMS,
        """
        ref    | framework   | framework_label | framework_kind | level           | code
        item:1 | framework:1 | Zones d’emploi  | geography      | employment_zone | lille
        item:2 | framework:2 | Zones d’emploi  | geography      | employment_zone | lille
        item:3 | framework:3 | NAF rév. 2      | classification | class           | 29.32Z
    """,
    )
    assert subjects(checks.code_without_vintage(frameworks, items)) == [["framework:1"]]


def test_a_word_that_very_many_names_share_brings_none_of_them_together():
    many = "\n".join(f"item:{n} | a | {name} du territoire" for n, name in enumerate(("Accueil", "Accueils")))
    rest = "\n".join(f"item:{n} | a | {chr(97 + n // 26)}{chr(97 + n % 26)}x{n} du territoire" for n in range(2, 60))
    given = table(tables.NAMED, f"ref | list | label\n{many}\n{rest}")
    assert subjects(checks.same_name_in_a_list(given)) == [["item:0", "item:1"]]
