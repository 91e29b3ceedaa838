"""From what somebody types to what they may see of it."""

import pytest

from beffroi.core import search
from beffroi.core.models import SearchEntry, SearchVariant, SearchWord
from beffroi.core.search import SearchRow
from beffroi.core.search.words import acronyms_of, variants, words_of

pytestmark = pytest.mark.django_db

PARTNER, OTHER_PARTNER = 7, 8
PUBLIC, PARTNERS, OWNER = 0, 1, 3
ROWS = """
organisation | 1 | Pôle de compétitivité Up-tex | textiles innovants      | UPTEX | public
organisation | 2 | Agence Hauts-de-France 2020-2040 | agence             |       | public
organisation | 3 | Ville de Lille               | commune                 |       | public
organisation | 4 | Lille Métropole développement | agence                 |       | public
organisation | 5 | Cellule de crise Zorglub     | cas confidentiel        | CCZ   | owner
organisation | 6 | Réseau des partenaires textiles | entre partenaires    |       | partners
framework    | 1 | Schéma régional de développement économique | schéma   | S.R.D.E. | public
framework    | 2 | Contrat de plan État-Région  | contrat                 | CPER  | public
indicator    | 1 | Créations d’entreprises artisanales | nombre           |       | public
indicator    | 2 | Réseaux régionaux animés     | nombre                  |       | public
territory    | 1 | Lille                        | commune 59350           |       | public
"""
LEVELS = {"public": PUBLIC, "partners": PARTNERS, "owner": OWNER}


def row(line: str) -> SearchRow:
    kind, pk, title, detail, acronym, level = (part.strip() for part in line.split("|"))
    return SearchRow(
        kind=kind,
        id=int(pk),
        title=title,
        detail=detail,
        address=f"/{kind}/{pk}",
        acronyms=(acronym,) if acronym else (),
        visibility=LEVELS[level],
        owner_id=PARTNER,
    )


@pytest.fixture(autouse=True)
def indexed(db: None) -> None:
    search.index(row(line) for line in ROWS.strip().splitlines())


def titles(text: str, *partners: int, **options) -> list[str]:
    found = search.search(text, viewer_partner_ids=partners, **options)
    return [entry.title for group in found.groups for entry in group.results]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("creations d'entreprises", "Créations d’entreprises artisanales"),
        ("CRÉATION d’entreprise artisanale", "Créations d’entreprises artisanales"),
        ("reseau regional", "Réseaux régionaux animés"),
        ("srde", "Schéma régional de développement économique"),
        ("S.R.D.E.", "Schéma régional de développement économique"),
        ("contrat cper", "Contrat de plan État-Région"),
        ("dévelopement économique", "Schéma régional de développement économique"),
        ("devleoppement economique", "Schéma régional de développement économique"),
        ("ecnomique schema", "Schéma régional de développement économique"),
        ("pole compétitvité", "Pôle de compétitivité Up-tex"),
        ("uptex", "Pôle de compétitivité Up-tex"),
        ("59350", "Lille"),
        ("contr", "Contrat de plan État-Région"),
        ("hauts de fra", "Agence Hauts-de-France 2020-2040"),
    ],
)
def test_what_is_typed_finds_what_is_meant(typed: str, expected: str) -> None:
    assert titles(typed)[0] == expected


def test_the_exact_title_comes_first_and_kinds_are_counted() -> None:
    found = search.search("lille")
    assert [(group.kind, group.count) for group in found.groups] == [("territory", 1), ("organisation", 2)]
    assert found.count == 3


def test_a_kind_can_be_asked_alone() -> None:
    assert titles("lille", kind="territory") == ["Lille"]


def test_a_limit_shortens_the_list_not_the_count() -> None:
    [group] = search.search("lille", kind="organisation", limit=1).groups
    assert (len(group.results), group.count) == (1, 2)


def test_what_was_understood_and_what_nothing_has_are_said() -> None:
    found = search.search("schema developement xqzwk")
    assert (found.corrected, found.ignored) == ("schema developpement", ["xqzwk"])
    assert search.search("schema").corrected == ""


def test_nothing_typed_finds_nothing() -> None:
    assert search.search(" ,; ").groups == ()
    assert search.search("xqzwk").groups == []


@pytest.mark.parametrize(
    "typed", ['"', "lille OR", "a*b", "'lille'", "lil:*", "NEAR(lille)", "l%", "lille & !x", "=lille", "\x00"]
)
def test_signs_are_never_commands(typed: str) -> None:
    search.search(typed)


class TestRights:
    @pytest.mark.parametrize(
        ("partners", "count"),
        [((), 0), ((OTHER_PARTNER,), 0), ((PARTNER,), 1), ((OTHER_PARTNER, PARTNER), 1)],
    )
    def test_the_owner_alone_finds_and_counts_its_row(self, partners, count: int) -> None:
        assert search.search("zorglub", viewer_partner_ids=partners).count == count
        assert search.search("cellule crise", viewer_partner_ids=partners).count == count

    @pytest.mark.parametrize(("partners", "count"), [((), 1), ((OTHER_PARTNER,), 2)])
    def test_partners_find_what_is_between_partners(self, partners, count: int) -> None:
        assert search.search("textiles", viewer_partner_ids=partners).count == count

    def test_a_hidden_word_is_not_told_from_a_word_that_does_not_exist(self) -> None:
        hidden, absent = search.search("lille zorglub"), search.search("lille xqzwkub")
        assert (hidden.count, hidden.corrected, hidden.ignored) == (3, "", ["zorglub"])
        assert (absent.count, absent.corrected, absent.ignored) == (3, "", ["xqzwkub"])

    def test_a_misspelt_hidden_word_is_never_suggested(self) -> None:
        assert search.search("zorglob").corrected == ""
        assert search.search("zorglob", viewer_partner_ids=[PARTNER]).corrected == "zorglub"


class TestIndex:
    def words(self) -> dict[str, int]:
        return dict(SearchWord.objects.values_list("word", "count"))

    def stated(self) -> dict[str, int]:
        counted: dict[str, int] = {}
        for words in SearchEntry.objects.values_list("words", flat=True):
            for word in words.split():
                counted[word] = counted.get(word, 0) + 1
        return counted

    def test_words_say_what_entries_hold(self) -> None:
        assert self.words() == self.stated()
        assert set(SearchVariant.objects.values_list("variant", flat=True)) == {
            v for word in self.stated() for v in variants(word)
        }

    def test_indexing_twice_changes_nothing(self) -> None:
        before = self.words()
        search.index(row(line) for line in ROWS.strip().splitlines())
        assert self.words() == before == self.stated()

    def test_a_renamed_thing_is_found_by_its_new_name_only(self) -> None:
        search.index([row("framework | 2 | Pacte régional | pacte | | public")])
        assert titles("pacte") == ["Pacte régional"]
        assert titles("contrat cper") == []
        assert self.words() == self.stated()

    def test_what_is_removed_is_no_longer_found_nor_suggested(self) -> None:
        search.remove("territory", [1])
        assert titles("59350") == []
        assert self.words() == self.stated()

    def test_a_kind_is_replaced_by_what_it_has_now(self) -> None:
        search.replace_kind("indicator", [row("indicator | 2 | Réseaux animés | nombre | | public")])
        assert SearchEntry.objects.filter(kind="indicator").count() == 1
        assert titles("artisanales") == []
        assert self.words() == self.stated()

    def test_a_wider_visibility_is_followed(self) -> None:
        search.index([row("organisation | 5 | Cellule de crise Zorglub | levée | CCZ | public")])
        assert titles("zorglub") == ["Cellule de crise Zorglub"]

    def test_a_cleared_index_finds_nothing(self) -> None:
        search.clear()
        assert titles("lille") == []
        assert self.words() == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Les œuvres d’art des régions", ["oeuvre", "art", "region"]),
        ("Bureaux locaux, niveaux, travaux", ["bureau", "local", "niveau", "travail"]),
        ("C.P.E.R. 2021-2027", ["cper", "2021", "2027"]),
        ("business progress", ["business", "progress"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_acronyms_are_told_from_shouting() -> None:
    assert acronyms_of("Le SRDE et la S3, pour les PME") == ["srde", "s3", "pme"]
    assert acronyms_of("SOCIETE DU NORD") == []
