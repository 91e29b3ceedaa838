"""Things indexed by hundreds of thousands are found as if each had been indexed alone."""

import polars as pl
import pytest

from beffroi.actors.models import Organisation
from beffroi.actors.queries.organisations import organisation_search_frame, organisation_search_rows
from beffroi.core import search
from beffroi.core.models import SearchEntry, SearchVariant, SearchWord
from beffroi.core.search.words import variants
from beffroi.core.text import search_key, search_keys
from beffroi.web import search_index
from tests.actors.factories import coded, named, organisation

pytestmark = pytest.mark.django_db
FIELDS = ("subject_id", "title", "detail", "address", "key", "acronyms", "words", "rank", "owner_id", "visibility")


def bodies() -> list[int]:
    one = organisation("Filature du Nord", "company", siren="542107651", acronym="FDN")
    two = organisation("S.R.D.E. Conseil régional et Cie", "region")
    three = organisation("ÉTABLISSEMENTS ŒUVRE AMIS DES EAUX", "association", acronym="E.O.A.")
    four = organisation("…", "other")
    named(one, "Le Fil & la Bobine")
    named(one, "LFB", "acronym")
    coded(three, "W595001234", "rna")
    return [one.pk, two.pk, three.pk, four.pk]


def entries() -> list[tuple[object, ...]]:
    return list(SearchEntry.objects.order_by("subject_id").values_list(*FIELDS))


def words() -> tuple[dict[str, int], int]:
    return dict(SearchWord.objects.order_by("word").values_list("word", "count")), SearchVariant.objects.count()


def test_columns_and_rows_make_the_same_index() -> None:
    ids = bodies()
    search.index(organisation_search_rows(ids))
    expected = entries(), words()
    search.clear()
    search.index_new(organisation_search_frame(ids), "organisation")
    assert (entries(), words()) == expected


def test_known_words_are_counted_once_more() -> None:
    ids = bodies()
    search.index_new(organisation_search_frame(ids[:2]), "organisation")
    more = organisation("Filature du Lys", "company", siren="732829320")
    search.index_new(organisation_search_frame([more.pk]), "organisation")
    assert SearchWord.objects.get(word="filature").count == 2
    search.index_new(organisation_search_frame([more.pk]).clear(), "organisation")
    assert SearchEntry.objects.count() == 3
    assert search.search("filatur", limit=5).groups


def test_a_large_load_indexes_what_is_new_at_once_and_corrects_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "MANY", 2)
    ids = bodies()
    kind = next(kind for kind in search_index.KINDS if kind.code == "organisation")
    search.index(kind.rows(ids[:1]))
    Organisation.objects.filter(pk=ids[0]).update(name="Tissage du Nord")
    search_index.follow(kind, ids)
    found = entries()
    search_index.reindex()
    assert [row for row in entries() if row[0] in ids] == found
    assert found[0][1] == "Tissage du Nord"


def test_the_number_of_a_register_is_never_corrected() -> None:
    assert variants("542107651") == set()
    assert variants("2010") == {"2010", "010", "210", "200", "201"}


def test_keys_of_a_column_are_those_of_each_text() -> None:
    texts = ["Œuvre d’ÉTÉ", "  a--b ", "S.R.D.E.", "", "Straße Łódź", "ÇA 12,5 %", "élève"]
    found = pl.DataFrame({"t": texts}).select(search_keys(pl.col("t"))).to_series().to_list()
    assert found == [search_key(text) for text in texts]
