import pytest

from beffroi.interactions.rules.replies import MARK, plain, reply_address, text_above, token_in

BASE = "visites@beffroi.example"


def test_the_token_is_found_whatever_the_letters_case() -> None:
    address = reply_address(BASE, "ab12")
    assert address == "visites+ab12@beffroi.example"
    assert token_in(["jeanne@lille.example", address.upper()], BASE) == "ab12"


@pytest.mark.parametrize(
    "address", ["visites@beffroi.example", "visites+zz@beffroi.example", "visites+ab12@ailleurs.example", ""]
)
def test_another_address_has_no_token(address: str) -> None:
    assert token_in([address], BASE) == ""


@pytest.mark.parametrize(
    "quoted",
    [
        f"{MARK}\nVous aviez prévu",
        f"> {MARK}",
        "Le ven. 20 nov. 2026 à 17:00, Beffroi <visites@beffroi.example> a écrit :\n> Vous aviez prévu",
        "Le vendredi 20 novembre 2026 à 17:00, Beffroi\n<visites+ab12@beffroi.example> a écrit :\n> Vous",
        "On Fri, Nov 20, 2026 at 5:00 PM Beffroi <visites@beffroi.example> wrote:\n> Vous",
        "-----Message d’origine-----\nDe : Beffroi",
        "________________________________\nDe : Beffroi",
        "De : Beffroi <visites@beffroi.example>\nEnvoyé : vendredi",
        "-- \nJeanne Dupont, pôle Textile",
        "Envoyé de mon iPhone",
    ],
)
def test_what_is_above_the_quoted_message_is_kept(quoted: str) -> None:
    assert text_above(f"Un second atelier en 2027.\n\nLe dirigeant cherche 3 personnes.\r\n\n{quoted}") == (
        "Un second atelier en 2027.\n\nLe dirigeant cherche 3 personnes."
    )


def test_a_note_that_speaks_of_days_and_writing_is_not_cut() -> None:
    said = "Le 3 mai il signe.\nIl a écrit à la banque.\nDe nouveaux clients."
    assert text_above(said) == said


def test_a_mail_without_plain_text_is_read_without_its_quotes() -> None:
    html = "<style>p{}</style><p>Un second&nbsp;atelier</p><div>en 2027</div><blockquote>Vous aviez prévu</blockquote>"
    assert plain(html) == "Un second atelier\nen 2027"
