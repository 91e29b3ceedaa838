"""How things enter the index and leave it. The words of the index always say what its entries hold."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import polars as pl
from django.db import connection, transaction
from django.urls import NoReverseMatch

from beffroi.core.bulk import copy_frame
from beffroi.core.models import SearchEntry, SearchVariant, SearchWord
from beffroi.core.search.words import acronyms_of, joined, variants, words_of

BATCH = 2_000
LONGEST = {"title": 500, "detail": 500, "address": 300, "key": 500, "acronyms": 300}
WRITTEN = ("title", "detail", "address", "key", "acronyms", "words", "rank", "owner_id", "visibility")


@dataclass(frozen=True, kw_only=True)
class SearchRow:
    """A thing that can be found: `texts` are words that find it without being shown, `acronyms` find it first. `rank`:
    what comes before when words do not decide."""

    kind: str
    id: int
    title: str
    address: str
    detail: str = ""
    texts: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    rank: int = 0
    owner_id: int | None = None
    visibility: int = 0


def index(rows: Iterable[SearchRow]) -> int:
    """Add or correct the entries of these things; how many there are."""
    source, done = iter(rows), 0
    while batch := {(row.kind, row.id): row for row in islice(source, BATCH)}:
        _index_batch([entry_of(row) for row in batch.values()])
        done += len(batch)
    return done


def remove(kind: str, ids: Iterable[int]) -> int:
    found = list(SearchEntry.objects.filter(kind=kind, subject_id__in=list(ids)))
    with transaction.atomic():
        _count_words(Counter(), _counted(found))
        SearchEntry.objects.filter(pk__in=[entry.pk for entry in found]).delete()
    return len(found)


def replace_kind(kind: str, rows: Iterable[SearchRow]) -> int:
    """The entries of a kind are these and no others."""
    gone = set(SearchEntry.objects.filter(kind=kind).values_list("subject_id", flat=True))
    present: set[int] = set()

    def seen() -> Iterator[SearchRow]:
        for row in rows:
            present.add(row.id)
            yield row

    done = index(seen())
    left = sorted(gone - present)
    for start in range(0, len(left), BATCH):
        remove(kind, left[start : start + BATCH])
    return done


@transaction.atomic
def clear() -> None:
    SearchEntry.objects.all().delete()
    SearchVariant.objects.all()._raw_delete("default")
    SearchWord.objects.all()._raw_delete("default")


def entry_of(row: SearchRow) -> SearchEntry:
    titled = words_of(row.title)
    acronyms = [*joined(row.acronyms), *acronyms_of(row.title)]
    words = dict.fromkeys([*titled, *acronyms, *joined([row.detail, *row.texts])])
    values = {
        "title": row.title,
        "detail": row.detail,
        "address": row.address,
        "key": " ".join(titled),
        "acronyms": " ".join(dict.fromkeys(acronyms)),
    }
    return SearchEntry(
        kind=row.kind,
        subject_id=row.id,
        words=" ".join(words),
        rank=row.rank,
        owner_id=row.owner_id,
        visibility=row.visibility,
        **{name: value[: LONGEST[name]] for name, value in values.items()},
    )


def _index_batch(entries: list[SearchEntry]) -> None:
    ids_of_kind: dict[str, list[int]] = {}
    for entry in entries:
        ids_of_kind.setdefault(entry.kind, []).append(entry.subject_id)
    with transaction.atomic():
        known = [old for kind, ids in ids_of_kind.items() for old in SearchEntry.objects.filter(kind=kind, subject_id__in=ids)]
        before = {(old.kind, old.subject_id): old for old in known}
        changed = [entry for entry in entries if _differs(entry, before.get((entry.kind, entry.subject_id)))]
        replaced = [old for entry in changed if (old := before.get((entry.kind, entry.subject_id)))]
        SearchEntry.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["kind", "subject_id"], update_fields=list(WRITTEN), batch_size=BATCH
        )
        _count_words(_counted(changed), _counted(replaced))


def _differs(entry: SearchEntry, old: SearchEntry | None) -> bool:
    return old is None or any(getattr(entry, name) != getattr(old, name) for name in WRITTEN)


def _counted(entries: Iterable[SearchEntry]) -> Counter[str]:
    return Counter(word for entry in entries for word in entry.words.split())


def _count_words(added: Counter[str], taken: Counter[str]) -> None:
    """The words of the index after some entries came and others went; a word that nothing has any more leaves with its
    variants."""
    change = {word: added[word] - taken[word] for word in added.keys() | taken.keys() if added[word] != taken[word]}
    known = _known_words(list(change))
    fresh = SearchWord.objects.bulk_create(
        [SearchWord(word=word, count=by) for word, by in sorted(change.items()) if word not in known], batch_size=BATCH
    )
    if fresh:
        pairs = [(variant, word.pk) for word in fresh for variant in variants(word.word)]
        copy_frame("core_searchvariant", pl.DataFrame(pairs, schema=["variant", "word_id"], orient="row"))
    _move_counts({known[word]: by for word, by in change.items() if word in known})


def _known_words(words: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(words), BATCH):
        found.update(SearchWord.objects.filter(word__in=words[start : start + BATCH]).values_list("word", "pk"))
    return found


def _move_counts(changes: dict[int, int]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE core_searchword SET count = count + %s WHERE id = %s", [(by, pk) for pk, by in changes.items()]
        )
    if any(by < 0 for by in changes.values()):
        SearchWord.objects.filter(pk__in=[pk for pk, by in changes.items() if by < 0], count__lte=0).delete()


def address_of(thing: Any) -> str:
    """A thing without a page is found and named; it has nowhere to lead."""
    try:
        return str(thing.get_absolute_url())
    except NoReverseMatch:
        return ""
