"""Which records may be those of one body, and what speaks for and against it. Pure: a person decides."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz

from beffroi.analytics.matching import Argument
from beffroi.core.text import search_key

NEAR = 90  # similarity in percent, words in any order, from which two names are worth a person's look
SHORTEST_ACRONYM = 3
RARE = 40  # a word that more names hold does not bring two of them together
SHORTEST_WORD = 4

ANY_KIND = {"other"}
FAMILIES = (
    {"laboratory", "university", "school"},
    {"agency", "association", "company", "fund", "bank"},
    {"cluster", "competitiveness_cluster"},
    {"cluster", "excellence_cluster"},
    {"cluster", "business_cluster"},
    {"cluster", "association"},
    {"metropolis", "epci"},
)


@dataclass(frozen=True)
class Record:
    """What is known of an organisation to compare it. `documents`: the sources that name it."""

    pk: int
    name: str
    acronym: str
    kind: str
    other_names: tuple[str, ...] = ()
    documents: frozenset[str] = frozenset()
    place: int | None = None
    siren: str | None = None

    @property
    def keys(self) -> set[str]:
        return {search_key(text) for text in (self.name, *self.other_names)} - {""}

    @property
    def acronym_key(self) -> str:
        return search_key(self.acronym)


@dataclass(frozen=True)
class Proposal:
    one: int
    other: int
    rule: str
    evidence: str


def is_compatible(one: str, other: str) -> bool:
    return one == other or bool(ANY_KIND & {one, other}) or any({one, other} <= family for family in FAMILIES)


def proposals(records: Sequence[Record]) -> list[Proposal]:
    """Pairs of records that different documents name and that share a name, an acronym, or nearly a name. A document that
    names both keeps them apart."""
    found: dict[tuple[int, int], Proposal] = {}
    for one, other, rule in _alike(records):
        pair = (min(one.pk, other.pk), max(one.pk, other.pk))
        if pair not in found and _may_be_one(one, other):
            found[pair] = Proposal(*pair, rule, f"« {one.name} » et « {other.name} » : {rule}.")
    return [found[pair] for pair in sorted(found)]


def _may_be_one(one: Record, other: Record) -> bool:
    if one.pk == other.pk or one.documents & other.documents or not is_compatible(one.kind, other.kind):
        return False
    return one.siren is None or other.siren is None or one.siren == other.siren


def _alike(records: Sequence[Record]) -> Iterator[tuple[Record, Record, str]]:
    for rule, keys in (("même nom", lambda row: row.keys), ("même sigle", _acronyms)):
        by_key: dict[str, list[Record]] = defaultdict(list)
        for record in records:
            for key in keys(record):
                by_key[key].append(record)
        for group in by_key.values():
            yield from ((one, other, rule) for one, other in combinations(group, 2))
    yield from _near(records)


def _acronyms(record: Record) -> set[str]:
    return {record.acronym_key} if len(record.acronym_key) >= SHORTEST_ACRONYM else set()


def _near(records: Sequence[Record]) -> Iterator[tuple[Record, Record, str]]:
    by_word: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        for word in {word for word in search_key(record.name).split() if len(word) >= SHORTEST_WORD}:
            by_word[word].append(record)
    seen: set[tuple[int, int]] = set()
    for group in (group for group in by_word.values() if len(group) <= RARE):
        for one, other in combinations(group, 2):
            if (one.pk, other.pk) not in seen:
                seen.add((one.pk, other.pk))
                if (score := nearness(one, other)) >= NEAR:
                    yield one, other, f"noms proches à {score:.0f} %"


def nearness(one: Record, other: Record) -> float:
    return float(fuzz.token_sort_ratio(search_key(one.name), search_key(other.name)))


def arguments(one: Record, other: Record, *, shared: Iterable[str] = (), direct: Iterable[str] = ()) -> list[Argument]:
    """What speaks for and against, in plain words. `shared`: what both are tied to; `direct`: what ties one to the other."""
    found = [*_about_names(one, other), *_about_numbers(one, other)]
    if is_compatible(one.kind, other.kind):
        found.append(Argument("Leurs natures peuvent être celles d’un même organisme.", True))
    else:
        found.append(Argument("Leurs natures ne vont pas ensemble.", False))
    if one.place is not None and other.place is not None:
        same = one.place == other.place
        found.append(Argument("Même lieu." if same else "Deux lieux différents.", same))
    if one.documents & other.documents:
        found.append(Argument("Un même document les nomme l’un et l’autre.", False))
    elif one.documents and other.documents:
        found.append(Argument("Aucun document ne nomme les deux.", True))
    if ties := sorted(set(shared)):
        found.append(Argument(f"Liés aux mêmes : {_listed(ties)}.", True))
    if ties := sorted(set(direct)):
        found.append(Argument(f"Une source les relie l’un à l’autre : {_listed(ties)}.", False))
    return found


def _about_names(one: Record, other: Record) -> Iterator[Argument]:
    if one.keys & other.keys:
        yield Argument("Même nom, aux accents et à la casse près.", True)
    else:
        score = nearness(one, other)
        yield Argument(f"Noms semblables à {score:.0f} %.", score >= NEAR)
    if one.acronym_key and other.acronym_key:
        same = one.acronym_key == other.acronym_key
        yield Argument("Même sigle." if same else f"Deux sigles : {one.acronym} et {other.acronym}.", same)


def _about_numbers(one: Record, other: Record) -> Iterator[Argument]:
    if one.siren and other.siren:
        same = one.siren == other.siren
        yield Argument("Même SIREN." if same else "Deux SIREN différents.", same)


def _listed(texts: Sequence[str], most: int = 4) -> str:
    shown = ", ".join(texts[:most])
    return f"{shown} et {len(texts) - most} autres" if len(texts) > most else shown


def blockers_to_union(groups: Iterable[Sequence[int]], numbered: Mapping[int, tuple[str, str]]) -> list[str]:
    """Why records cannot be one body: two of a group have numbers that differ. `numbered`: record -> (name, siren)."""
    blockers = []
    for group in groups:
        by_siren = {siren: name for name, siren in (numbered[pk] for pk in group if pk in numbered)}
        if len(by_siren) > 1:
            said = " et ".join(f"« {name} » ({siren})" for siren, name in sorted(by_siren.items()))
            blockers.append(f"{said} ont deux SIREN : ce sont deux organismes. Refusez une des paires qui les joint.")
    return blockers
