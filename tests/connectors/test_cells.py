from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from beffroi.connectors.cells import converted
from beffroi.connectors.profile import Column

STATUS = {"réalisé": "actual", "Cible": "target"}


def column(kind: str, **settings: Any) -> Column:
    return Column.model_validate({"name": "Valeur", "to": "v", "type": kind, **settings})


def read(kind: str, *texts: str | None, **settings: Any) -> list[Any]:
    found = converted(pl.Series(texts, dtype=pl.String), column(kind, **settings))
    return [fault or value for fault, value in zip(found.fault, found.columns["v"], strict=True)]


def test_texts_are_trimmed_and_composed() -> None:
    assert read("text", " a\u00a0", "e\u0301t\u00e9", "  ", "", None, "a\r\nb") == ["a", "été", None, None, None, "a\nb"]


def test_a_text_may_keep_its_spaces() -> None:
    assert read("text", " a ", "  ", trim=False) == [" a ", None]


def test_a_text_too_long_is_told() -> None:
    assert read("text", "abc", "abcd", max_length=3) == ["abc", "« abcd… » fait 4 caractères ; au plus 3 sont acceptés."]


def test_an_empty_cell_takes_the_default() -> None:
    assert read("text", None, " ", "x", default="?") == ["?", "?", "x"]
    assert read("text", None, " x ", default="?", trim=False) == ["?", " x "]
    assert read("integer", None, "2", default="1") == [1, 2]


def test_a_required_cell_is_not_empty() -> None:
    sentence = "« Valeur » est obligatoire et la cellule est vide."
    assert read("text", None, "x", required=True) == [sentence, "x"]
    assert read("integer", "x", required=True) == ["« x » n’est pas un nombre : attendu par exemple 1234,5."]


def test_decimals_are_exact_and_keep_what_is_written() -> None:
    found = converted(pl.Series(["1 234,50", "18.9", None]), column("decimal"))
    assert found.columns["v"].to_list() == [Decimal("1234.5"), Decimal("18.9"), None]
    assert found.columns["v_written"].to_list() == ["1 234,50", "18.9", None]
    assert found.normal.to_list() == ["1234.5", "18.9", None]


def test_thousands_of_euros() -> None:
    assert read("euros", "994,262", multiplier=1000) == [Decimal(994262)]


def test_what_is_not_a_number_is_told() -> None:
    assert read("decimal", "n.c.", "1" + "0" * 18) == [
        "« n.c. » n’est pas un nombre : attendu par exemple 1234,5.",
        "« 1000000000000000000 » est un nombre trop grand.",
    ]


def test_integers() -> None:
    assert read("integer", "15000.0", "1 000", "1,5") == [15000, 1000, "« 1,5 » n’est pas un nombre entier."]


def test_dates_in_the_iso_and_french_orders() -> None:
    day = date(2010, 3, 31)
    texts = ["2010-03-31", "31/03/2010", "31.03.2010", "2010-03-31 00:00:00", "2010-03-31T10:00:00Z"]
    assert read("date", *texts) == [day] * len(texts)
    assert read("date", "31/02/2010", "mars") == [
        "« 31/02/2010 » n’est pas une date qui existe.",
        "« mars » n’est pas une date : attendu 31/03/2010 ou 2010-03-31.",
    ]


def test_periods_even_when_a_spreadsheet_made_them_dates_or_numbers() -> None:
    found = converted(pl.Series(["2009-Q1", "31/03/2010", "2009.0", "2021-2027", None]), column("period"))
    assert found.columns["v"].to_list() == ["2009-Q1", "2010-03-31", "2009", "2021/2027", None]
    assert found.columns["v_start"].to_list()[:2] == [date(2009, 1, 1), date(2010, 3, 31)]
    assert found.columns["v_end"].to_list()[2:4] == [date(2009, 12, 31), date(2027, 12, 31)]
    assert "n’est pas une période : attendu 2009, 2009-03" in read("period", "l’an dernier")[0]


def test_yes_and_no() -> None:
    assert read("boolean", "Oui", "VRAI", "x", "1", "non", "Faux", "0", None) == [True] * 4 + [False] * 3 + [None]
    assert read("boolean", "peut-être") == ["« peut-être » n’est ni oui ni non."]


def test_siren_and_siret_follow_their_key() -> None:
    wrong_key = "un chiffre est faux (la clé ne correspond pas)."
    assert read("siren", "732 829 320", "5520134", "732829321", "73282932000074") == [
        "732829320",
        "« 5520134 » n’est pas un SIREN : " + wrong_key,
        "« 732829321 » n’est pas un SIREN : " + wrong_key,
        "« 73282932000074 » n’est pas un SIREN : attendu 9 chiffres, par exemple 237000026.",
    ]
    assert read("siret", "73282932000074", "35600000049837", "73282932000075") == [
        "73282932000074",
        "35600000049837",
        "« 73282932000075 » n’est pas un SIRET : " + wrong_key,
    ]


def test_a_siren_gets_back_the_zeros_that_a_spreadsheet_dropped() -> None:
    assert read("siren", "5520134.0", "005520176", "5520176") == [
        "« 5520134.0 » n’est pas un SIREN : un chiffre est faux (la clé ne correspond pas).",
        "005520176",
        "005520176",
    ]


def test_choices_whatever_their_case_and_accents() -> None:
    assert read("choice", "REALISE", "cible", "actual", None, choices=STATUS) == ["actual", "target", "actual", None]
    assert read("choice", "?", choices=STATUS) == ["« ? » n’est pas un choix connu : attendu réalisé, Cible."]
    many = {str(number): "n" for number in range(20)}
    assert read("choice", "x", choices=many)[0].endswith("attendu 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11….")


def test_a_breakdown_is_the_same_in_any_order() -> None:
    found = converted(pl.Series(["b=2; a = 1;remarque", "a=1;note=remarque;b=2", ";", None]), column("breakdown"))
    assert found.columns["v"].to_list() == ["a=1;b=2;note=remarque", "a=1;b=2;note=remarque", None, None]
    assert found.columns["v_written"][0] == "b=2; a = 1;remarque"
    assert read("breakdown", "=2") == ["« =2 » n’est pas une ventilation : attendu clé=valeur;clé=valeur."]


def test_no_cell_at_all() -> None:
    for kind in ("integer", "date", "period", "breakdown", "boolean"):
        assert read(kind) == []
        assert read(kind, None) == [None]


def test_a_year_written_first_leaves_no_doubt() -> None:
    assert read("date", "2024/01/07", "2024.1.7 10:00") == [date(2024, 1, 7)] * 2
    assert read("period", "2024/01/07", "2007/2009") == ["2024-01-07", "2007/2009"]


def test_a_day_counted_by_a_spreadsheet_is_not_read_and_said() -> None:
    said = read("date", "42191")[0]
    assert said.startswith("« 42191 » n’est pas une date") and "(06/07/2015), donnez à la colonne un format de date." in said
    assert "06/07/2015" in read("period", "42191.0")[0]


def test_a_percent_sign_divides_where_the_profile_says_so() -> None:
    assert read("decimal", "45 %", "0,45", "100%", percent_sign=True) == [Decimal("0.45"), Decimal("0.45"), Decimal(1)]
    assert "n’est pas un nombre" in read("decimal", "45 %")[0]


def test_dates_with_the_name_of_their_month() -> None:
    days = read("date", "01. Dez 21", "1er février 2010", "31-Mar-98", "3 août 1971", "31-Nov-18", "1 Brumaire 21")
    assert days[:4] == [date(2021, 12, 1), date(2010, 2, 1), date(1998, 3, 31), date(1971, 8, 3)]
    assert "n’est pas une date qui existe" in days[4]
    assert "n’est pas une date" in days[5]
    assert read("period", "Mrz 16", "mars 2016", "01. Okt 2020")[:2] == ["2016-03", "2016-03"]
