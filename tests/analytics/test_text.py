from importlib.resources import files

import polars as pl
import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from beffroi.analytics import tables, text
from beffroi.analytics.text.words import words
from tests.analytics.cases import case
from tests.analytics.worked import assert_shows, given

# Two areas; « toit » speaks against both
VOCABULARY = """
    label   | term            | weight
    energie | réseau chaleur  | 3
    energie | éolien*         | 3
    energie | batterie*       | 1
    energie | chaleur         | 2
    sante   | patients        | 3
    sante   | santé           | 2
    sante   | batterie* tests | 2
            | toit            | 2
"""
TEXTS = """
    id | text
    a  | Réseaux de chaleur urbains
    b  | Suivi de patients par un réseau d’éoliennes ÉOLIENNES
    c  | L’isolation du toit et la chaleur
    d  | Batteries
    e  | Une batterie de tests
    f  | Bal populaire
    g  |
"""
TRAINING = """
    id | text                       | labels
    1  | pales et mâts en mer       | energie
    2  | mâts et pales de parc      | energie
    3  | clinique du genou          | sante
    4  | clinique du sommeil        | sante
    5  | réfection de la salle      |
    f  | Bal populaire              | sante
"""


def test_labels_come_with_the_terms_that_caused_them():
    assert_shows(
        text.classify(given(TEXTS), given(VOCABULARY), version="1").with_columns(pl.col("terms").replace("", None)),
        """
        id | label   | rank | confidence | source     | terms           | version
        a  | energie | 1    | 0.75       | vocabulary | réseau chaleur  | 1
        b  | energie | 1    | 0.43       | vocabulary | éolien*         | 1
        b  | sante   | 2    | 0.43       | vocabulary | patients        | 1
        c  |         |      | 0.60       | none       |                 | 1
        d  |         |      | 0.50       | none       |                 | 1
        e  | sante   | 1    | 0.67       | vocabulary | batterie* tests | 1
        f  |         |      | 1.00       | none       |                 | 1
        g  |         |      | 1.00       | none       |                 | 1
        """,
    )


def test_a_person_is_followed_and_what_is_learnt_serves_where_the_vocabulary_says_nothing():
    unseen = given("id | text\n f | Bal populaire\n h | Les pales d’un mât\n i | Cliniques\n j | zzz")
    assert_shows(
        text.classify(unseen, given(VOCABULARY), given(TRAINING)),
        """
        id | label   | rank | source
        f  | sante   | 1    | human
        h  | energie | 1    | statistics
        i  | sante   | 1    | statistics
        j  |         |      | none
        """,
    )
    found = text.classify(unseen, given(VOCABULARY), given(TRAINING))
    assert found["terms"].to_list() == ["", "pale|mat", "clinique", ""]


def test_a_text_confirmed_as_out_of_scope_stays_so():
    found = text.classify(given("id | text\n 5 | réseau de chaleur"), given(VOCABULARY), given(TRAINING))
    assert found.select("label", "source", "confidence").rows() == [(None, "human", 1.0)]


def test_one_row_a_text():
    found = text.labelled(given(TEXTS), given(VOCABULARY))
    assert found["labels"].to_list() == ["energie", "energie|sante", "", "", "sante", "", ""]
    assert found["terms"][1] == "energie: éolien* ; sante: patients"


def test_what_is_right_wrong_and_missed():
    found = given("id | labels\n a | x\n b | y\n c | \n d | x")
    truth = given("id | labels\n a | x\n b | x\n c | \n d | \n z | y")
    assert_shows(
        text.evaluate(found, truth),
        """
        label | texts | right | wrong | missed | precision | recall | f1   | first_right
              | 2     | 1     | 2     | 1      | 0.333     | 0.500  | 0.40 | 0.50
        x     | 2     | 1     | 1     | 1      | 0.500     | 0.500  | 0.50 |
        y     | 0     | 0     | 1     | 0      | 0.000     |        | 0.00 |
        """,
    )
    assert text.evaluate(found.clear(), truth).row(0)[1:] == (0, 0, 0, 0, None, None, None, None)


def test_words_that_mark_a_label_are_proposed_for_the_vocabulary():
    assert_shows(
        text.suggest_terms(given(TRAINING), given(VOCABULARY)),
        """
        label   | term     | texts | others | strength
        energie | mat      | 2     | 0      | 3.81
        energie | pale     | 2     | 0      | 3.81
        sante   | clinique | 2     | 0      | 2.46
        """,
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Éoliennes", "eolienne"),
        ("l'énergie", "ENERGIE"),
        ("éco-conception", "éco conception"),
        ("cœur", "coeur"),
        ("réseaux", "réseau"),
        ("d’hydrogène", "hydrogènes"),
    ],
)
def test_writing_does_not_count(one, other):
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("texts", "vocabulary", "sentence"),
    [
        (given("id | text\n a | x\n a | y"), given(VOCABULARY), "plusieurs fois : a"),
        (given("id | titre\n a | x"), given(VOCABULARY), "text"),
        (given(TEXTS), given("label | term\n x | de la"), "aucun mot"),
        (given(TEXTS), given("label | term\n x | *"), "aucun mot"),
        (given(TEXTS), given("label | term | weight\n x | mot | 0"), "au-dessus de zéro"),
    ],
)
def test_refusals_say_what_to_correct(texts, vocabulary, sentence):
    with pytest.raises(tables.Refusal, match=sentence):
        text.classify(texts, vocabulary)


def maintained() -> pl.DataFrame:
    path = files("beffroi") / "reference" / "data" / "vocabulary-s3-hdf-2021-2027" / "terms.csv"
    return pl.read_csv(path.read_bytes())


def test_the_maintained_vocabulary_speaks_both_languages_for_each_area():
    counts = maintained().drop_nulls("label").group_by("label", "language").len()
    assert counts.height == 14
    assert counts["len"].min() > 50


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Retrofit of school buses", "das-mobilites"),
        ("Réduction du sel dans le pain et hypertension", "das-sante-nutrition"),
        ("Élevage d’insectes pour nourrir les poissons", "das-bioeconomie"),
        ("Interactive storytelling studio for young audiences", "das-industries-creatives"),
        ("Valorisation des sédiments portuaires en granulats", "das-materiaux"),
        ("Conversion of waste heat into electricity", "das-energies"),
        ("Federated learning for privacy", "das-numerique-robotique"),
        ("Rénovation de la piscine municipale", ""),
    ],
)
def test_titles_that_the_vocabulary_recognises(title, label):
    found = text.labelled(pl.DataFrame({"id": ["1"], "text": [title]}), maintained())
    assert found["labels"][0].split("|")[0] == label


def test_the_open_case():
    projects = pl.read_csv(case("text_classification/projects.csv"))
    everything = text.evaluate(text.labelled(projects, maintained()), projects).row(0, named=True)
    assert everything["first_right"] == 1.0
    assert everything["f1"] > 0.95


@settings(max_examples=25)
@examples(st.lists(st.text("abcdé ’-réseau chaleur éolien toit*", max_size=40), max_size=6))
def test_any_text_has_labels_or_none_and_the_order_of_texts_changes_nothing(written):
    given_texts = pl.DataFrame(
        {"id": [str(n) for n in range(len(written))], "text": written}, schema=dict(tables.PROJECTS.columns)
    )
    found = text.labelled(given_texts, given(VOCABULARY), given(TRAINING))
    assert found.height == len(written)
    assert found["confidence"].is_between(0, 1).all()
    back = text.labelled(given_texts.reverse(), given(VOCABULARY), given(TRAINING)).reverse()
    assert found.select("id", "labels").equals(back.select("id", "labels"))
