import pytest

from beffroi.actors.enums import OverlapKind
from beffroi.actors.rules import blockers_to_siren, blockers_to_siret, is_siren, is_siret
from beffroi.actors.rules.components import components
from beffroi.actors.rules.overlaps import Tie, in_common, industries, overlaps
from beffroi.actors.rules.pictures import Thing, ring, shortened, star
from beffroi.actors.rules.same_as import Record, arguments, proposals


@pytest.mark.parametrize(
    ("siren", "right"),
    [
        ("356000000", True),
        ("552032534", True),
        ("552032535", False),
        ("55203253", False),
        ("55203253A", False),
        ("552 032 534", False),
    ],
)
def test_siren_follows_luhn_and_is_never_repaired(siren: str, right: bool) -> None:
    assert is_siren(siren) is right


@pytest.mark.parametrize(
    ("siret", "right"),
    [
        ("55203253400646", True),
        ("55203253400647", False),
        ("35600000000048", True),
        ("35600000049837", True),
        ("35600000049838", False),
    ],
)
def test_establishments_of_la_poste_have_their_own_key(siret: str, right: bool) -> None:
    assert is_siret(siret) is right


def test_what_stands_against_a_siren_is_said_in_a_sentence() -> None:
    assert blockers_to_siren("552032534", reason="répertoire", holder=None) == []
    assert "9 chiffres" in blockers_to_siren("552 032 534", reason="répertoire", holder=None)[0]
    assert "« Danone »" in blockers_to_siren("552032534", reason="répertoire", holder="Danone")[0]
    assert "raison" in blockers_to_siren("552032534", reason=" ", holder=None)[0]


def test_a_siret_starts_with_the_siren_of_its_organisation() -> None:
    assert "commence par le SIREN" in blockers_to_siret("55203253400646", siren="356000000", reason="vu", holder=None)[0]
    assert "« Danone »" in blockers_to_siret("55203253400646", siren=None, reason="vu", holder="Danone")[0]


def test_pairs_make_groups() -> None:
    assert components([(3, 4), (1, 2), (2, 5)]) == [(1, 2, 5), (3, 4)]
    assert components([]) == []


def record(pk: int, name: str, kind: str = "agency", document: str = "", acronym: str = "", **fields: object) -> Record:
    return Record(pk, name, acronym, kind, documents=frozenset({document or f"doc-{pk}"}), **fields)  # type: ignore[arg-type]


PROPOSED = [
    ("the same name, accents apart", ("Université d’Artois", "university"), ("Universite d'Artois", "university"), "même nom"),
    (
        "nearly the same name",
        ("Institut Chevreul du Nord", "laboratory"),
        ("Instituts Chevreul du Nord", "laboratory"),
        "noms proches",
    ),
    ("the same name, kinds that do not go together", ("Lille", "region"), ("Lille", "company"), None),
    ("two different names", ("Chambre de Lille", "chamber"), ("Chambre d’Arras", "chamber"), None),
]


@pytest.mark.parametrize(("story", "one", "other", "rule"), PROPOSED, ids=[row[0] for row in PROPOSED])
def test_records_that_are_proposed(story: str, one: tuple[str, str], other: tuple[str, str], rule: str | None) -> None:
    found = proposals([record(1, *one), record(2, *other)])
    assert [row.rule.partition(" à")[0] for row in found] == ([rule] if rule else [])


def test_a_document_that_names_both_keeps_them_apart() -> None:
    assert proposals([record(1, "Eurasanté", document="srde"), record(2, "Eurasanté", document="srde")]) == []


def test_the_same_acronym_is_proposed_once_however_many_rules_find_the_pair() -> None:
    found = proposals([record(1, "Team Deux", acronym="TEAM2"), record(2, "Team deux", acronym="Team2")])
    assert [(row.one, row.other, row.rule) for row in found] == [(1, 2, "même nom")]


def test_two_different_sirens_are_two_bodies() -> None:
    assert proposals([record(1, "Danone", siren="552032534"), record(2, "Danone", siren="356000000")]) == []


def test_arguments_for_and_against_are_in_plain_words() -> None:
    one, other = record(1, "Aquimer", "cluster", place=1), record(2, "Pôle Aquimer", "cluster", place=2)
    found = arguments(one, other, shared=["Lille"], direct=["membre de"])
    assert [row.text for row in found if not row.is_for] == [
        "Noms semblables à 74 %.",
        "Deux lieux différents.",
        "Une source les relie l’un à l’autre : membre de.",
    ]
    assert "Liés aux mêmes : Lille." in [row.text for row in found if row.is_for]


def test_overlaps_gather_the_ties_of_a_pair_the_strongest_first() -> None:
    ties = [Tie(2, 1, OverlapKind.THEME, "a:1"), Tie(1, 2, OverlapKind.DIRECTOR, "a:2"), Tie(1, 1, OverlapKind.STAFF, "a:3")]
    (found,) = overlaps(ties)
    assert (found.one, found.other, found.kinds) == (1, 2, [OverlapKind.DIRECTOR, OverlapKind.THEME])


def test_things_in_common_keep_the_rows_of_both_sides() -> None:
    found = in_common({1: [("item:9", "r:1")], 2: [("item:9", "r:2")], 3: [("item:8", "r:3")]}, OverlapKind.THEME)
    assert [(tie.pair, tie.via, tie.key) for tie in found] == [((1, 2), "item:9", "r:1"), ((1, 2), "item:9", "r:2")]


def test_themes_alone_make_no_industry() -> None:
    ties = [
        Tie(1, 2, OverlapKind.DIRECTOR, "a:1"),
        Tie(2, 3, OverlapKind.CARRIER, "a:2"),
        Tie(3, 4, OverlapKind.THEME, "a:3", via="item:9"),
        Tie(5, 6, OverlapKind.CARRIER, "a:4"),
    ]
    (found,) = industries(overlaps(ties), clusters={1, 2, 3, 4, 5}, leads={3})
    assert found.members == (3, 2, 1)
    assert found.kinds == {OverlapKind.DIRECTOR: 1, OverlapKind.CARRIER: 1}


def test_the_same_network_gives_the_same_drawing() -> None:
    around = [(Thing(f"Acteur {number}", f"/{number}"), "membre de") for number in range(5)]
    assert star(Thing("Pôle", role="centre"), around) == star(Thing("Pôle", role="centre"), around)
    drawing = ring({1: Thing("Un"), 2: Thing("Deux")}, [(1, 2, "binding", "dirigeant commun")])
    assert [node.full for node in drawing.nodes] == ["Un", "Deux"]
    assert [edge.title for edge in drawing.edges] == ["dirigeant commun"]


def test_a_long_name_is_shortened_on_the_drawing_only() -> None:
    assert shortened("x" * 40) == "x" * 33 + "…"
    assert shortened("court") == "court"


def test_numbers_kinds_acronyms_and_documents_that_speak_against_are_said() -> None:
    one = record(1, "Pôle A", document="s3", acronym="PA", siren="552032534")
    other = record(2, "Pôle A", "university", document="s3", acronym="PB", siren="356000000")
    against = [argument.text for argument in arguments(one, other) if not argument.is_for]
    assert against == [
        "Deux sigles : PA et PB.",
        "Deux SIREN différents.",
        "Leurs natures ne vont pas ensemble.",
        "Un même document les nomme l’un et l’autre.",
    ]


def test_a_siret_has_fourteen_digits() -> None:
    assert not is_siret("552032534 00646")
    assert "14 chiffres" in blockers_to_siret("5520325340064", siren=None, reason="vu", holder=None)[0]
