"""From what somebody typed to what they may see of it, grouped by kind, the best first."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from beffroi.core.models import SearchEntry, SearchWord
from beffroi.core.search import engines
from beffroi.core.search.engines import SHORTEST_PREFIX, Candidate, Reader, Term
from beffroi.core.search.words import typed_words, variants

COUNTED = 1_000  # beyond it, a kind has « at least » as many: nobody reads the thousandth result
WORDS_READ = 12
LETTERS_READ = 200
CORRECTIONS = 6
LONG_WORD = 9  # from here on a word may hold two errors


@dataclass(frozen=True)
class Group:
    """The things of one kind. `is_capped`: there are at least `count`."""

    kind: str
    count: int
    is_capped: bool
    results: Sequence[SearchEntry]


@dataclass(frozen=True)
class Found:
    """`read` are the words looked for, `corrected` what was understood when it differs, `ignored` what nothing has.
    `is_partial`: nothing has all of these words, these things have all but one."""

    groups: Sequence[Group] = ()
    read: Sequence[str] = ()
    corrected: str = ""
    ignored: Sequence[str] = ()
    is_partial: bool = False

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def is_capped(self) -> bool:
        return any(group.is_capped for group in self.groups)


def search(text: str, *, viewer_partner_ids: Iterable[int] = (), kind: str | None = None, limit: int = 8) -> Found:
    """What this reader may see that has these words: rights come before counts."""
    typed = typed_words(text[:LETTERS_READ])[:WORDS_READ]
    reader = Reader(frozenset(viewer_partner_ids))
    if not typed:
        return Found()
    terms = _first_terms(typed)
    found = _candidates(terms, reader, kind)
    if not found:
        terms = [term for term in _wider_terms(typed) if _is_visible(term, reader)]
        found = _candidates(terms, reader, kind)
    is_partial = not found and len(terms) > 1
    if is_partial:
        found = _lacking_one(terms, reader, kind)
    ignored = [word for word in typed if word not in {term.typed for term in terms}] if found else []
    groups = _groups(found, typed, limit)
    return Found(groups, _read(terms), _corrected(terms, found), ignored, is_partial and bool(found))


def _first_terms(typed: Sequence[str]) -> list[Term]:
    """Known words as they are, the last one as a start too, the others corrected."""
    known = set(SearchWord.objects.filter(word__in=typed).values_list("word", flat=True))
    return [term for word in typed if (term := _term(word, word in known, is_last=word == typed[-1])).words]


def _term(word: str, is_known: bool, *, is_last: bool) -> Term:
    if is_last and len(word) >= SHORTEST_PREFIX and (is_known or engines.starts_a_word(word)):
        return Term(word, (word,), is_prefix=True)
    return Term(word, (word,) if is_known else tuple(corrections(word)))


def _wider_terms(typed: Sequence[str]) -> list[Term]:
    return [
        Term(word, (word, *corrections(word)), is_prefix=word == typed[-1] and len(word) >= SHORTEST_PREFIX) for word in typed
    ]


def corrections(word: str) -> list[str]:
    """The words of the index that this one may stand for, the nearest and the most frequent first."""
    if len(word) < SHORTEST_PREFIX or word.isdigit():
        return []
    allowed = 2 if len(word) >= LONG_WORD else 1
    near = [
        (distance, word[0] != other[0], -count, other)
        for other, count in engines.words_sharing(sorted(variants(word)))
        if (distance := OSA.distance(word, other, score_cutoff=allowed)) <= allowed and other != word
    ]
    return [other for _distance, _start, _count, other in sorted(near)[:CORRECTIONS]]


def _is_visible(term: Term, reader: Reader) -> bool:
    """A word that only entries hidden from this reader have is, for this reader, a word that nothing has."""
    return bool(engines.matching([term], reader=reader, limit=1))


def _candidates(terms: Sequence[Term], reader: Reader, kind: str | None) -> dict[str, dict[int, Candidate]]:
    """By kind, at most COUNTED entries and one more. Where a common word fills the limit, each kind is asked for its own,
    and for the titles that start with what was typed."""
    if not terms:
        return {}
    found = engines.matching(terms, reader=reader, kind=kind or "", limit=COUNTED + 1)
    if len(found) > COUNTED:
        for one in [kind] if kind else engines.kinds():
            found += [] if kind else engines.matching(terms, reader=reader, kind=one, limit=COUNTED + 1)
            found += engines.titled(" ".join(term.words[0] for term in terms), reader=reader, kind=one, limit=COUNTED)
    elif len(terms) == 1 and len(terms[0].typed) < SHORTEST_PREFIX:
        found += engines.titled(terms[0].typed, reader=reader, kind=kind or "", limit=COUNTED)
    grouped: dict[str, dict[int, Candidate]] = defaultdict(dict)
    for row in found:
        grouped[row[1]][row[0]] = row
    return grouped


def _lacking_one(terms: Sequence[Term], reader: Reader, kind: str | None) -> dict[str, dict[int, Candidate]]:
    grouped: dict[str, dict[int, Candidate]] = defaultdict(dict)
    for place in range(len(terms)):
        for one, rows in _candidates([*terms[:place], *terms[place + 1 :]], reader, kind).items():
            grouped[one].update(rows)
    return grouped


def _groups(found: dict[str, dict[int, Candidate]], typed: Sequence[str], limit: int) -> list[Group]:
    asked, best = " ".join(typed), {}
    for kind, rows in found.items():
        scored = sorted(rows.values(), key=lambda row: (-_score(row, asked, typed), len(row[2]), row[2], row[0]))
        best[kind] = ([row[0] for row in scored[:limit]], _score(scored[0], asked, typed))
    entries = SearchEntry.objects.in_bulk([pk for ids, _score_of in best.values() for pk in ids])
    return [
        Group(kind, min(len(found[kind]), COUNTED), len(found[kind]) > COUNTED, [entries[pk] for pk in best[kind][0]])
        for kind in sorted(found, key=lambda kind: (-best[kind][1], kind))
    ]


def _score(row: Candidate, asked: str, typed: Sequence[str]) -> float:
    """How well a title answers: the whole title, then its acronym, then its words, then what matters more by itself."""
    _pk, _kind, key, acronyms, rank = row
    if key == asked:
        return 300 + rank
    score = 0.5 * fuzz.ratio(key, asked) + 0.5 * fuzz.token_set_ratio(key, asked)
    if acronyms and not set(typed).isdisjoint(acronyms.split()):
        score += 60
    return score + (20 if key.startswith(asked) else 0) + rank


def _read(terms: Sequence[Term]) -> list[str]:
    return list(dict.fromkeys(word for term in terms for word in term.words))


def _corrected(terms: Sequence[Term], found: dict[str, dict[int, Candidate]]) -> str:
    """What was understood, in words of what this reader sees; nothing when it is what was typed."""
    keys = Counter(word for rows in found.values() for row in rows.values() for word in f"{row[2]} {row[3]}".split())
    understood = [_understood(term, keys) for term in terms]
    return " ".join(understood) if found and understood != [term.typed for term in terms] else ""


def _understood(term: Term, seen: Counter[str]) -> str:
    if term.words == (term.typed,):
        return term.typed
    return max(term.words, key=lambda word: (seen[word], -term.words.index(word)))
