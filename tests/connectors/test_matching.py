import pytest

from beffroi.connectors.files import UnreadableFile
from beffroi.connectors.matching import matched
from tests.connectors.factories import profile

CODE = {"name": "Code INSEE", "aliases": ["codgeo"], "to": "code", "required": True}
VALUE = {"name": "Valeur (€)", "to": "value"}


def test_headers_match_whatever_their_case_accents_and_spaces() -> None:
    found = matched(profile(CODE, VALUE), ["code_insee", "VALEUR (€)"])
    assert found.headers == {"code": "code_insee", "value": "VALEUR (€)"}


def test_an_alias_matches_and_an_optional_column_may_miss() -> None:
    assert matched(profile(CODE, VALUE), ["CodGeo"]).headers == {"code": "CodGeo", "value": None}


def test_the_exact_header_wins() -> None:
    found = matched(profile(CODE, unknown_columns="ignore"), ["codgeo", "Code INSEE"])
    assert (found.headers, found.ignored) == ({"code": "Code INSEE"}, ["codgeo"])


def test_unknown_columns_are_kept_on_demand() -> None:
    found = matched(profile(CODE, unknown_columns="keep"), ["codgeo", "note"])
    assert (found.kept, found.ignored) == (["note"], [])


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(UnreadableFile) as refused:
        matched(profile(CODE, {"name": "Date", "to": "date", "required": True}, VALUE), ["valeur(€)", "Valeur  (€)", "note"])
    assert str(refused.value) == (
        "Il manque des colonnes obligatoires : « Code INSEE », « Date ». "
        "Des colonnes ne sont pas prévues par le profil : « note ». "
        "Plusieurs colonnes disent la même chose : « valeur(€) », « Valeur  (€) » ; n’en gardez qu’une."
    )


def test_a_file_of_another_kind_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="est-ce bien le bon profil|est-ce le bon profil"):
        matched(profile(VALUE, unknown_columns="ignore"), ["nom", "prénom"])


def test_a_column_read_by_the_profile_has_one_header_only() -> None:
    assert matched(profile(VALUE, unknown_columns="ignore"), ["Valeur (€)", "note", "note (2)"]).ignored == ["note", "note (2)"]
    with pytest.raises(UnreadableFile, match="portent le même en-tête : « Valeur \\(€\\) » ; renommez-les"):
        matched(profile(VALUE, unknown_columns="ignore"), ["Valeur (€)", "Valeur (€) (2)"])


def test_a_header_that_looks_like_the_missing_one_is_named() -> None:
    with pytest.raises(UnreadableFile, match="Y ressemblent : « codgeo 2016 » ; si c’est cela"):
        matched(profile({**CODE, "name": "codgeo"}, unknown_columns="ignore"), ["codgeo 2016"])


def test_signs_that_are_not_seen_tell_no_header_from_another() -> None:
    assert matched(profile(VALUE), ["\u200bValeur\u00a0(€)\u200d"]).headers == {"value": "\u200bValeur\u00a0(€)\u200d"}
