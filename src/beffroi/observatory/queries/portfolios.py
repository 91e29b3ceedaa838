"""Lists of texts with their labels: what is proposed, what people decided, what that teaches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from beffroi.accounts.models import AnyUser
from beffroi.analytics import text as analysis
from beffroi.observatory.enums import LabelSource, LabelState
from beffroi.observatory.models import Portfolio, PortfolioText, TextLabel
from beffroi.reference.models import Framework, Vocabulary
from beffroi.reference.queries.vocabularies import items_of, last_edition, terms_table


def vocabularies_of(framework_code: str) -> list[Vocabulary]:
    return list(Vocabulary.objects.filter(framework_code=framework_code).order_by("code"))


def framework_choices() -> list[tuple[str, str]]:
    """The frameworks that have a vocabulary."""
    codes = set(Vocabulary.objects.values_list("framework_code", flat=True))
    named = dict(Framework.objects.filter(code__in=codes).values_list("code", "label"))
    return sorted((code, named.get(code, code)) for code in codes)


def texts_table(portfolio: Portfolio) -> pl.DataFrame:
    rows = [(str(text.pk), text.words) for text in portfolio.texts.order_by("position")]
    return pl.DataFrame(rows, schema={"id": pl.String, "text": pl.String}, orient="row")


def decided_texts(portfolio: Portfolio, vocabulary: Vocabulary) -> set[int]:
    """Those of which a person accepted something, were it that they speak of nothing."""
    rows = TextLabel.objects.filter(text__portfolio=portfolio, vocabulary=vocabulary, state=LabelState.ACCEPTED)
    return set(rows.values_list("text_id", flat=True))


def training_table(vocabulary: Vocabulary, viewer: AnyUser) -> pl.DataFrame:
    """id, text, labels of the texts that people decided, in every list that the reader may see."""
    shown = Portfolio.objects.visible_to(viewer)
    rows = TextLabel.objects.filter(vocabulary=vocabulary, state=LabelState.ACCEPTED, text__portfolio__in=shown)
    labels: dict[int, list[str]] = {}
    texts: dict[int, str] = {}
    for row in rows.select_related("text").order_by("text", "label"):
        labels.setdefault(row.text_id, []).extend([row.label] if row.label else [])
        texts[row.text_id] = row.text.words
    found = [(str(pk), text, analysis.SEPARATOR.join(labels[pk])) for pk, text in texts.items()]
    return pl.DataFrame(found, schema={"id": pl.String, "text": pl.String, "labels": pl.String}, orient="row")


@dataclass(frozen=True)
class Shown:
    """A label with its name: none has one too."""

    row: TextLabel
    name: str

    @property
    def percent(self) -> int:
        return round(100 * self.row.confidence)


@dataclass(frozen=True)
class Family:
    """The labels of a text in one vocabulary. `is_decided`: somebody accepted one, or that there is none."""

    vocabulary: Vocabulary
    labels: Sequence[Shown]

    @property
    def is_decided(self) -> bool:
        return any(one.row.state == LabelState.ACCEPTED for one in self.labels)


@dataclass(frozen=True)
class Classed:
    text: PortfolioText
    families: Sequence[Family]


@dataclass(frozen=True)
class Tally:
    """An area over a list: how many texts, and what people said of what was proposed."""

    vocabulary: Vocabulary
    label: str
    name: str
    texts: int
    accepted: int
    refused: int
    proposed: int


def asked_texts(
    portfolio: Portfolio, *, state: str = "", label: str = "", q: str = "", least: float = 0
) -> QuerySet[PortfolioText]:
    """`state`: to_decide (something is only proposed), decided, or all; `label`: an area, "-" for none; `least`: confidence."""
    labels = TextLabel.objects.filter(text=OuterRef("pk"))
    if label:
        labels = labels.filter(label="" if label == "-" else label).exclude(state=LabelState.REFUSED)
    if least:
        labels = labels.filter(confidence__gte=least)
    found = portfolio.texts.order_by("position")
    if state == "to_decide":
        labels = labels.filter(state=LabelState.PROPOSED)
    if state == "decided":
        found = found.exclude(Exists(TextLabel.objects.filter(text=OuterRef("pk"), state=LabelState.PROPOSED)))
    if label or least or state == "to_decide":
        found = found.filter(Exists(labels))
    return found.filter(Q(title__icontains=q) | Q(description__icontains=q) | Q(key__icontains=q)) if q else found


def names_of(vocabularies: Iterable[Vocabulary], viewer: AnyUser) -> dict[str, str]:
    return {item.code: item.label for vocabulary in vocabularies for item in items_of(vocabulary, viewer)}


def classed(
    texts: Sequence[PortfolioText], vocabularies: Sequence[Vocabulary], names: dict[str, str], none: str
) -> list[Classed]:
    """Each text with its labels, the surest first."""
    rows = TextLabel.objects.filter(text__in=[text.pk for text in texts]).select_related("by").order_by("-confidence", "label")
    by_text: dict[tuple[int, int], list[Shown]] = {}
    for row in rows:
        by_text.setdefault((row.text_id, row.vocabulary_id), []).append(Shown(row, names.get(row.label, row.label) or none))
    return [
        Classed(text, [Family(one, by_text[text.pk, one.pk]) for one in vocabularies if (text.pk, one.pk) in by_text])
        for text in texts
    ]


def tallies(portfolio: Portfolio, vocabularies: Sequence[Vocabulary], names: dict[str, str], none: str) -> list[Tally]:
    by_state = {state.value: Count("pk", filter=Q(state=state)) for state in LabelState}
    rows: Any = (
        TextLabel.objects.filter(text__portfolio=portfolio).order_by().values("vocabulary", "label").annotate(**by_state)
    )
    families = {one.pk: one for one in vocabularies}
    found = [
        Tally(
            families[row["vocabulary"]],
            row["label"],
            names.get(row["label"], row["label"]) or none,
            row["accepted"] + row["proposed"],
            row["accepted"],
            row["refused"],
            row["proposed"],
        )
        for row in rows
        if row["vocabulary"] in families
    ]
    return sorted(found, key=lambda one: (one.vocabulary.pk, not one.label, -one.texts, one.name))


@dataclass(frozen=True)
class Verdict:
    """What people made of what was proposed: labels of the machine that they accepted, refused, and added themselves."""

    accepted: int
    refused: int
    added: int

    @property
    def share_right(self) -> float | None:
        decided = self.accepted + self.refused
        return self.accepted / decided if decided else None


def verdict(portfolio: Portfolio) -> Verdict:
    human = Q(source=LabelSource.HUMAN)
    accepted, refused = Q(state=LabelState.ACCEPTED), Q(state=LabelState.REFUSED)
    counts = TextLabel.objects.filter(text__portfolio=portfolio).aggregate(
        accepted=Count("pk", filter=accepted & ~human),
        refused=Count("pk", filter=refused & ~human),
        added=Count("pk", filter=accepted & human),
    )
    return Verdict(**counts)


def suggestions(vocabulary: Vocabulary, viewer: AnyUser, terms: pl.DataFrame, *, most: int = 20) -> list[dict[str, Any]]:
    """Words of confirmed texts that the vocabulary does not have, the most telling first."""
    training = training_table(vocabulary, viewer)
    return analysis.suggest_terms(training, terms).head(most).to_dicts() if training.height and terms.height else []


def all_vocabularies() -> list[Vocabulary]:
    """Each with its last edition and how many terms it has."""
    current = Count("terms", filter=Q(terms__until__isnull=True), distinct=True)
    return list(Vocabulary.objects.annotate(size=current, last=Max("editions__number")).order_by("code"))


def may_decide(portfolio: Portfolio, viewer: AnyUser) -> bool:
    """Those of the institution to which the list belongs."""
    return viewer.is_authenticated and portfolio.owner_id in viewer.partner_ids


def proposed_labels(portfolio: Portfolio, **asked: Any) -> QuerySet[TextLabel]:
    """What is proposed to the texts that a filter shows: of the area and of the confidence that it asks."""
    rows = TextLabel.objects.filter(text__in=asked_texts(portfolio, **asked), state=LabelState.PROPOSED)
    rows = rows.filter(confidence__gte=asked["least"]) if asked.get("least") else rows
    label = asked.get("label", "")
    return rows.filter(label="" if label == "-" else label) if label else rows


def kept_labels(text: PortfolioText) -> dict[int, set[str]]:
    """By vocabulary, what stands today: accepted, or proposed."""
    found: dict[int, set[str]] = {}
    for row in text.labels.exclude(state=LabelState.REFUSED).exclude(label=""):
        found.setdefault(row.vocabulary_id, set()).add(row.label)
    return found


def named_suggestions(vocabulary: Vocabulary, viewer: AnyUser, names: dict[str, str]) -> list[dict[str, Any]]:
    terms = terms_table(vocabulary, last_edition(vocabulary))
    return [row | {"name": names.get(row["label"], row["label"])} for row in suggestions(vocabulary, viewer, terms)]


def accepted_labels(portfolio: Portfolio) -> list[TextLabel]:
    rows = TextLabel.objects.filter(text__portfolio=portfolio, state=LabelState.ACCEPTED)
    return list(rows.select_related("text", "vocabulary").order_by("pk"))
