"""Texts of projects into priority areas: a maintained vocabulary first, what labelled texts teach second, a person last.

After the tagging of projects by controlled vocabularies in RIS3-MCAT (Fuster et al. 2023, arXiv 2401.10900) and KNOWMAK
(Scientometrics 2020): several labels or none, each with the terms that caused it and the version of the vocabulary.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from beffroi.analytics import tables
from beffroi.analytics.text.ranker import Ranker, trained
from beffroi.analytics.text.vocabulary import BadVocabulary, Index, evidence, terms
from beffroi.analytics.text.words import words

LEAST_WEIGHT = 2.0  # what the terms of a label must weigh together: one plain term, or two weak ones
SHARE_OF_FIRST = 0.4  # of the first label's weight, for another label of the same text
LEAST_SCORE = 0.35  # of the ranker, where the vocabulary says nothing
LEAST_EVIDENCE = 0.1  # above what it scores a text that has no known word: the frequency of the label
RANKER_VOICE = 1.0  # weight that a ranker wholly convinced adds to a label that the vocabulary found
SEPARATOR = "|"

__all__ = [
    "LEAST_SCORE",
    "LEAST_WEIGHT",
    "SHARE_OF_FIRST",
    "BadVocabulary",
    "RepeatedTexts",
    "check_terms",
    "classify",
    "evaluate",
    "labelled",
    "suggest_terms",
]


class RepeatedTexts(tables.Refusal):
    def __init__(self, ids: Sequence[object]) -> None:
        super().__init__(f"Identifiant présent plusieurs fois : {', '.join(map(str, ids[:5]))}. Une ligne par texte.")


@dataclass(frozen=True)
class Label:
    label: str | None
    confidence: float
    source: str
    terms: tuple[str, ...]


def classify(
    texts: pl.DataFrame,
    vocabulary: pl.DataFrame,
    training: pl.DataFrame | None = None,
    *,
    least_weight: float = LEAST_WEIGHT,
    share_of_first: float = SHARE_OF_FIRST,
    least_score: float = LEAST_SCORE,
    version: str | None = None,
) -> pl.DataFrame:
    """One row per text and label, best first; one row with a null label where no area is spoken of.

    texts: id, text. vocabulary: label (empty: speaks against every label), term (words; * ends a beginning), optional
    weight (3 decisive, 2 plain, 1 weak). training: id, text, labels (parted by |, empty: none), confirmed by a person: a
    text of that id keeps those labels, the others learn from it.
    A label needs terms that weigh least_weight together, more than what speaks against, and share_of_first of the first
    label. Without any, labels that the ranker scores at least_score (null: never).
    Gives: id, label, rank, confidence (0 to 1; 1: confirmed), source (human, vocabulary, statistics, none), terms (parted
    by |, heaviest first), version. An empty text has no label.
    Raises MissingColumns, WrongType, BadVocabulary, RepeatedTexts.
    """
    given = _unique(tables.require_typed(texts, tables.PROJECTS))
    index = Index(terms(vocabulary))
    folded = [words(text or "") for text in given["text"]]
    known, ranker = _learnt(training, folded)
    scores = ranker.scores(folded) if ranker and folded else None
    rows = []
    for place, (name, text) in enumerate(zip(given["id"], folded, strict=True)):
        found = known.get(name)
        if found is None:
            own = None if scores is None else scores[place]
            found = _labels(text, index, ranker, own, least_weight, share_of_first, least_score)
        rows += [_row(name, rank, label, version) for rank, label in enumerate(found, start=1)]
    return pl.DataFrame(rows, schema=dict(tables.LABELS.columns))


def labelled(
    texts: pl.DataFrame,
    vocabulary: pl.DataFrame,
    training: pl.DataFrame | None = None,
    *,
    least_weight: float = LEAST_WEIGHT,
    share_of_first: float = SHARE_OF_FIRST,
    least_score: float = LEAST_SCORE,
    version: str | None = None,
) -> pl.DataFrame:
    """As `classify`, one row per text: id, text, labels (parted by |, best first; empty: none), confidence (of the first),
    source, terms (« label: terms », parted by ;), version."""
    found = classify(
        texts,
        vocabulary,
        training,
        least_weight=least_weight,
        share_of_first=share_of_first,
        least_score=least_score,
        version=version,
    )
    told = pl.when(pl.col("label").is_not_null()).then(pl.format("{}: {}", "label", "terms")).drop_nulls()
    by_text = found.group_by("id", maintain_order=True).agg(
        pl.col("label").drop_nulls().str.join(SEPARATOR).alias("labels"),
        pl.col("confidence").first(),
        pl.col("source").first(),
        told.str.join(" ; ").alias("terms"),
        pl.col("version").first(),
    )
    read = tables.require_typed(texts, tables.PROJECTS)
    return read.join(by_text, on="id", how="left", maintain_order="left")


def check_terms(vocabulary: pl.DataFrame) -> None:
    """Raises MissingColumns, or BadVocabulary that names the term which says nothing or weighs nothing."""
    terms(vocabulary)


def evaluate(found: pl.DataFrame, truth: pl.DataFrame) -> pl.DataFrame:
    """found: what `labelled` gives; truth: id, labels. Texts of both only.

    Gives: label (null: all together), texts (that have the label in truth), right, wrong (given, not in truth), missed,
    precision, recall, f1 (null when nothing is counted), first_right (share of texts whose first label is in truth, or
    that rightly have none; on the row of all).
    """
    said, wanted = (tables.require_typed(table, tables.LABELLED) for table in (found, truth))
    both = said.join(wanted, on="id", how="inner", suffix="_truth")
    pairs = [(_split(one), _split(other)) for one, other in both.select("labels", "labels_truth").iter_rows()]
    names = sorted({label for one, other in pairs for label in (*one, *other)})
    rows = [_counted(name, [({name} & set(one), {name} & set(other)) for one, other in pairs]) for name in names]
    everything = _counted(None, [(set(one), set(other)) for one, other in pairs])
    first = [one[0] in other if one else not other for one, other in pairs]
    everything["first_right"] = sum(first) / len(first) if first else None
    return pl.DataFrame([everything, *rows], schema=EVALUATION)


def suggest_terms(training: pl.DataFrame, vocabulary: pl.DataFrame, *, least_texts: int = 2) -> pl.DataFrame:
    """Words that mark a label in confirmed texts and that the vocabulary does not have, for a person to accept.

    Gives: label, term, texts (of the label that have it), others (texts of other labels that have it), strength (log
    odds, one half added to each count), strongest first.
    """
    _, folded, labels = _confirmed(training)
    index = Index(terms(vocabulary))
    names = sorted({label for own in labels for label in own})
    held = [set(text) for text in folded]
    rows = []
    for word in sorted(set().union(*held)):
        having = [own for text, own in zip(held, labels, strict=True) if word in text]
        if index.found([word]) or len(word) < 3 or len(having) < least_texts:
            continue
        rows += [_marked(word, name, having, labels) for name in names if sum(name in own for own in having) >= least_texts]
    schema = {"label": pl.String, "term": pl.String, "texts": pl.Int64, "others": pl.Int64, "strength": pl.Float64}
    return pl.DataFrame(rows, schema=schema).filter(pl.col("strength") > 0).sort("strength", "term", descending=[True, False])


REALS = dict.fromkeys(("precision", "recall", "f1", "first_right"), pl.Float64())
EVALUATION: dict[str, pl.DataType] = {
    "label": pl.String(),
    **dict.fromkeys(("texts", "right", "wrong", "missed"), pl.Int64()),
    **REALS,
}


def _unique(given: pl.DataFrame) -> pl.DataFrame:
    repeated = given.filter(pl.col("id").is_duplicated())["id"].unique(maintain_order=True).to_list()
    if repeated:
        raise RepeatedTexts(repeated)
    return given


def _confirmed(training: pl.DataFrame) -> tuple[list[str], list[list[str]], list[tuple[str, ...]]]:
    given = _unique(tables.require_typed(training, tables.TRAINING))
    return given["id"].to_list(), [words(text or "") for text in given["text"]], [_split(own) for own in given["labels"]]


def _learnt(training: pl.DataFrame | None, folded: Sequence[Sequence[str]]) -> tuple[dict[str, list[Label]], Ranker | None]:
    if training is None or not training.height:
        return {}, None
    names, texts, labels = _confirmed(training)
    known = {
        name: [Label(label, 1.0, "human", ()) for label in own or (None,)] for name, own in zip(names, labels, strict=True)
    }
    return known, trained(texts, labels, folded) if any(labels) else None


def _split(labels: str | None) -> tuple[str, ...]:
    return tuple(label.strip() for label in (labels or "").split(SEPARATOR) if label.strip())


def _labels(
    text: Sequence[str],
    index: Index,
    ranker: Ranker | None,
    scores: np.ndarray | None,
    least_weight: float,
    share_of_first: float,
    least_score: float,
) -> list[Label]:
    told = evidence(index.found(text))
    against = sum(told.pop(None, {}).values())
    weights = {label: sum(found.values()) for label, found in told.items() if label is not None}
    learnt = {} if ranker is None or scores is None else dict(zip(ranker.labels, scores, strict=True))
    heard = {label: weight + RANKER_VOICE * max(0.0, float(learnt.get(label, 0.0))) for label, weight in weights.items()}
    first = max(heard.values(), default=0.0)
    kept = [label for label in heard if weights[label] >= least_weight and weights[label] > against]
    kept = [label for label in kept if heard[label] >= share_of_first * first]
    if kept:
        total = sum(heard.values()) + against + 1
        ordered = sorted(kept, key=lambda label: (-heard[label], label))
        return [Label(label, heard[label] / total, "vocabulary", _heaviest(told[label])) for label in ordered]
    if against >= least_weight or ranker is None:
        return [_none(against, first)]
    return _ranked(text, ranker, learnt, least_score) or [_none(against, first)]


def _heaviest(found: dict[str, float]) -> tuple[str, ...]:
    return tuple(sorted(found, key=lambda term: (-found[term], term)))


def _none(against: float, first: float) -> Label:
    """The surer, the more speaks against and the less for."""
    return Label(None, (1 + against) / (1 + against + first), "none", ())


def _ranked(text: Sequence[str], ranker: Ranker, learnt: dict[str, float], least_score: float) -> list[Label]:
    if not text:
        return []
    usual = dict(zip(ranker.labels, ranker.base, strict=True))
    heard = [label for label in learnt if learnt[label] >= max(least_score, usual[label] + LEAST_EVIDENCE)]
    ordered = sorted(heard, key=lambda label: -learnt[label])
    return [
        Label(label, float(min(1.0, learnt[label])), "statistics", tuple(ranker.reasons(text, ranker.labels.index(label))))
        for label in ordered
    ]


def _row(name: object, rank: int, label: Label, version: str | None) -> dict[str, object]:
    told = SEPARATOR.join(label.terms)
    place = rank if label.label is not None else None
    found = {"id": name, "label": label.label, "rank": place, "confidence": label.confidence}
    return {**found, "source": label.source, "terms": told, "version": version}


def _counted(name: str | None, pairs: Sequence[tuple[set[str], set[str]]]) -> dict[str, object]:
    right = sum(len(one & other) for one, other in pairs)
    given, wanted = sum(len(one) for one, _ in pairs), sum(len(other) for _, other in pairs)
    counts = {"texts": sum(bool(other) for _, other in pairs), "right": right, "wrong": given - right, "missed": wanted - right}
    rates = {"precision": right / given if given else None, "recall": right / wanted if wanted else None}
    f1 = 2 * right / (given + wanted) if given + wanted else None
    return {"label": name, **counts, **rates, "f1": f1, "first_right": None}


def _marked(word: str, name: str, having: Sequence[tuple[str, ...]], labels: Sequence[tuple[str, ...]]) -> dict[str, object]:
    inside, outside = sum(name in own for own in having), sum(name not in own for own in having)
    of_label = sum(name in own for own in labels)
    odds = np.log((inside + 0.5) / (of_label - inside + 0.5)) - np.log(
        (outside + 0.5) / (len(labels) - of_label - outside + 0.5)
    )
    return {"label": name, "term": word, "texts": inside, "others": outside, "strength": float(odds)}
