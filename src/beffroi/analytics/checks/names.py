"""Two names for one thing, one name for two things, doubtful writing."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import combinations

import polars as pl
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from beffroi.analytics.checks.findings import Finding, as_table, several
from beffroi.analytics.checks.rows import Row, grouped
from beffroi.analytics.checks.words import IN_BRACKETS, kernel, plain
from beffroi.analytics.tables import FRAMEWORKS, ITEMS, NAMED, ORGANISATIONS, TEXTS, require

LIKE = 93  # of 100: same words, or a typing error in a long name
UNLIKE = 60
PLACES = frozenset({"commune", "epci", "employment_zone", "department", "region", "nuts", "canton", "arrondissement"})
ROOMY = 40  # a word shared by more names than that does not bring two of them together
MARKS = re.compile(
    r"\btronque|\bperdue?s?\b|\billisible|\bnon lisible|\bnon appar|\bnon attribu|\becrit\b|\bdeduite?s?\b|\ba verifier\b|"
    r"\bsans intitule|\bintitule inconnu|\babsente? du texte|\bnon nomme|\bsic\b"
)
RENAMED = re.compile(r"\b(nommée?s?|appelée?s?|écrite?s?) [«\"“]")
OFFICIAL = re.compile(r"[A-Z]?\d{2}(?:[.]?\d{1,2}[A-Z]?)?|\d{5}|\d{9}|FR[A-Z0-9]{1,3}|[0-9][AB]\d{3}")


def same_name_in_a_list(named: pl.DataFrame) -> pl.DataFrame:
    """NAMED. Two entries of one list whose names are the same once accents, plurals, brackets and legal words are put
    aside, or differ by a typing error."""
    found: list[Finding] = []
    for rows in grouped(require(named, NAMED).iter_rows(named=True), lambda row: row["list"]).values():
        found += [_twins(one, other) for one, other in _neighbours(rows) if _is_same_name(one["label"], other["label"])]
    return as_table(found)


def _neighbours(rows: Iterable[Row]) -> Iterator[tuple[Row, Row]]:
    """Pairs that share a word that few others have, or whose names without spaces begin alike."""
    blocks: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        name = kernel(row["label"])
        for word in {*(word for word in name.split() if len(word) > 3), name.replace(" ", "")[1:5]}:
            blocks[word][row["ref"]] = row
    seen = set()
    for block in blocks.values():
        if len(block) > ROOMY:
            continue
        for one, other in combinations(block.values(), 2):
            if (pair := frozenset((one["ref"], other["ref"]))) not in seen:
                seen.add(pair)
                yield one, other


def _is_same_name(one: str, other: str) -> bool:
    first, second = kernel(one), kernel(other)
    if not first or _figures(one) != _figures(other):
        return False
    if first == second:
        return _brackets_agree(one, other)
    if (len(first.split()) <= 4 and sorted(first.split()) == sorted(second.split())) or first.replace(
        " ", ""
    ) == second.replace(" ", ""):
        return True
    return min(len(first), len(second)) >= 8 and _is_misspelt(first, second)


def _brackets_agree(one: str, other: str) -> bool:
    """« Chimie (Amiens) » and « Chimie (Lille) » are two; « Chimie » and « Chimie (UC) » may be one."""
    first, second = IN_BRACKETS.findall(_uncoded(one)), IN_BRACKETS.findall(_uncoded(other))
    return not first or not second or [plain(text) for text in first] == [plain(text) for text in second]


def _uncoded(text: str) -> str:
    """Without the brackets that hold a code of a classification: it does not tell two places from one."""
    return IN_BRACKETS.sub(lambda match: "" if OFFICIAL.fullmatch(match[0].strip(" ()")) else match[0], text)


def _is_misspelt(first: str, second: str) -> bool:
    """Same words but one, which differs by a letter or two in its middle."""
    ours, theirs = first.split(), second.split()
    if len(ours) != len(theirs):
        return False
    pairs = [(a, b) for a, b in zip(ours, theirs, strict=True) if a != b]
    return len(pairs) == 1 and min(map(len, pairs[0])) >= 6 and OSA.distance(*pairs[0]) <= 1


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+|\b[ivx]+\b", plain(_uncoded(text)))


def _twins(one: Row, other: Row) -> Finding:
    return Finding(
        "same_name_in_a_list",
        [one["ref"], other["ref"]],
        f"{one['label']} · {one['list_label'] or ''}",
        f"« {one['label']} » et « {other['label']} »",
        "une seule entrée, ou deux noms qui se distinguent",
    )


def several_labels(items: pl.DataFrame) -> pl.DataFrame:
    """ITEMS (one row per source or place that names the item). One item with labels that differ by more than accents,
    brackets or plurals."""
    return as_table(_labels("several_labels", require(items, ITEMS).to_dicts(), "label", lambda row: row["ref"]))


def several_framework_labels(frameworks: pl.DataFrame) -> pl.DataFrame:
    """FRAMEWORKS. One code whose label differs from source to source."""
    return as_table(
        _labels("several_framework_labels", require(frameworks, FRAMEWORKS).to_dicts(), "label", lambda r: r["code"])
    )


def several_organisation_names(organisations: pl.DataFrame) -> pl.DataFrame:
    """ORGANISATIONS. One organisation whose name differs from source to source, apart from its acronym."""
    rows = require(organisations, ORGANISATIONS).to_dicts()
    return as_table(_labels("several_organisation_names", rows, "name", lambda row: row["ref"]))


def _labels(check: str, rows: list[Row], column: str, key: Callable[[Row], str]) -> Iterator[Finding]:
    for group in grouped(rows, key).values():
        named = [row for row in group if row[column]]
        pairs = combinations({row[column]: row for row in named}.values(), 2)
        apart = [pair for pair in pairs if not _is_variant(pair, column)]
        if apart:
            written = several(f"« {row[column]} » ({row['source']})" for row in named)
            yield Finding(
                check, [row["ref"] for row in group], apart[0][0][column], written, "un seul nom, l’autre en variante"
            )


def _is_variant(pair: tuple[Row, Row], column: str) -> bool:
    """Same words, one name inside the other, or one the acronym of the other."""
    one, other = (kernel(row[column]) for row in pair)
    acronyms = {plain(row.get("acronym")) for row in pair} - {""}
    if one == other or plain(pair[0][column]) in acronyms or plain(pair[1][column]) in acronyms:
        return True
    if acronyms & (set(one.split()) | set(other.split())):
        return True
    return _is_acronym(one, other) or _is_acronym(other, one) or _inside(one, other)


def _is_acronym(short: str, name: str) -> bool:
    return len(short) > 1 and _initials(name).endswith(short.replace(" ", ""))


def _inside(one: str, other: str) -> bool:
    ours, theirs = set(one.split()), set(other.split())
    return bool(ours) and (ours <= theirs or theirs <= ours)


def _initials(text: str) -> str:
    return "".join(word[0] for word in text.split())


def several_kinds(organisations: pl.DataFrame) -> pl.DataFrame:
    """ORGANISATIONS. One organisation under two kinds, « other » aside."""
    found: list[Finding] = []
    for group in grouped(require(organisations, ORGANISATIONS).to_dicts(), lambda row: row["ref"]).values():
        kinds = {row["kind"]: row for row in group if row["kind"] not in (None, "", "other")}
        if len(kinds) > 1:
            written = several(f"{kind} ({row['source']})" for kind, row in kinds.items())
            found.append(Finding("several_kinds", [group[0]["ref"]], group[0]["name"], written, "une seule nature à une date"))
    return as_table(found)


def acronym_of_two_names(organisations: pl.DataFrame) -> pl.DataFrame:
    """ORGANISATIONS. One acronym for names that have little in common."""
    rows = [row for row in require(organisations, ORGANISATIONS).iter_rows(named=True) if row["acronym"]]
    found: list[Finding] = []
    for group in grouped(rows, lambda row: plain(row["acronym"])).values():
        for one, other in combinations({row["ref"]: row for row in group}.values(), 2):
            if any(plain(row["acronym"]) in plain(row["name"]).split() for row in (one, other)):
                continue
            if fuzz.token_set_ratio(kernel(one["name"]), kernel(other["name"])) < UNLIKE:
                found.append(_acronym_finding("acronym_of_two_names", one, other, "un sigle par nom"))
    return as_table(found)


def two_acronyms_one_name(organisations: pl.DataFrame) -> pl.DataFrame:
    """ORGANISATIONS. Names alike (same words) under two acronyms."""
    rows = [row for row in require(organisations, ORGANISATIONS).iter_rows(named=True) if row["acronym"] and row["name"]]
    found: list[Finding] = []
    for one, other in _neighbours({**row, "label": row["name"]} for row in rows):
        alike = fuzz.token_sort_ratio(kernel(one["name"]), kernel(other["name"])) >= LIKE
        if alike and plain(one["acronym"]) != plain(other["acronym"]):
            found.append(_acronym_finding("two_acronyms_one_name", one, other, "un seul sigle"))
    return as_table(found)


def _acronym_finding(check: str, one: Row, other: Row, expected: str) -> Finding:
    written = f"{one['acronym']} : « {one['name']} » ; {other['acronym']} : « {other['name']} »"
    return Finding(check, [one["ref"], other["ref"]], f"{one['acronym']} · {one['name']}", written, expected)


def doubtful_writing(texts: pl.DataFrame) -> pl.DataFrame:
    """TEXTS. What the source or its reader marks as cut, lost, unreadable, deduced, or written otherwise (« écrit ... »)."""
    rows = require(texts, TEXTS).iter_rows(named=True)
    marked = [row for row in rows if row["text"] and _mark(row["text"])]
    found: list[Finding] = []
    for group in grouped(marked, lambda row: row["ref"]).values():
        written = several(row["text"] for row in group)
        title = group[0]["subject_label"] or group[0]["text"]
        found.append(Finding("doubtful_writing", [group[0]["ref"]], title, written, "un texte sûr, à vérifier dans la source"))
    return as_table(found)


def _mark(text: str) -> bool:
    return MARKS.search(plain(text)) is not None or RENAMED.search(text) is not None or text.strip() in ("?", "??")


def misspelt_word(texts: pl.DataFrame) -> pl.DataFrame:
    """TEXTS. A word met once, one letter away (not at its end) from a word met five times or more."""
    where: dict[str, list[Row]] = defaultdict(list)
    for row in require(texts, TEXTS).iter_rows(named=True):
        for word in set(re.findall(r"[a-z]{7,}", plain(row["text"]))):
            where[word].append(row)
    counts = Counter({word: len(rows) for word, rows in where.items()})
    common = grouped(({"word": word} for word, count in counts.items() if count >= 5), lambda row: row["word"][:2])
    found: list[Finding] = []
    for word in (word for word, count in counts.items() if count == 1):
        likely = [row["word"] for row in common.get(word[:2], []) if _is_slip(word, row["word"])]
        found += [_slip(where[word][0], word, likely[0])] if likely else []
    return as_table(found)


def _is_slip(word: str, usual: str) -> bool:
    is_ending = word[:-2] == usual[: len(word) - 2] or usual[:-2] == word[: len(usual) - 2]
    return not is_ending and OSA.distance(word, usual, score_cutoff=1) <= 1


def _slip(row: Row, word: str, usual: str) -> Finding:
    return Finding("misspelt_word", [row["ref"]], row["text"], f"« {word} »", f"« {usual} », écrit ailleurs")


def code_without_vintage(frameworks: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """FRAMEWORKS, ITEMS. A classification or geography, or a list of official-looking codes, without their year."""
    dated: dict[Hashable, bool] = {}
    rows = require(frameworks, FRAMEWORKS).to_dicts()
    for code, group in grouped(rows, lambda row: row["ref"]).items():
        dated[code] = any(row["start"] or re.search(r"\b(19|20)\d\d\b|\brev", plain(row["label"])) for row in group)
    found: list[Finding] = []
    for (ref, kind), group in grouped(
        require(items, ITEMS).to_dicts(), lambda r: (r["framework"], r["framework_kind"])
    ).items():
        coded = [row["code"] for row in group if OFFICIAL.fullmatch(row["code"] or "")]
        if not dated.get(ref) and ((kind in ("geography", "classification") or group[0]["level"] in PLACES) or len(coded) >= 3):
            found.append(_vintage_finding(str(ref), group))
    return as_table(found)


def _vintage_finding(ref: str, group: list[Row]) -> Finding:
    written = f"codes sans année : {several((row['code'] or row['label'] for row in group), 5)}"
    return Finding("code_without_vintage", [ref], group[0]["framework_label"], written, "l’année ou la version des codes")
