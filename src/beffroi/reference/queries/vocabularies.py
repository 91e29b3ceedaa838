"""The words of a vocabulary, as an edition had them."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import polars as pl
from django.db.models import Max, Q, QuerySet

from beffroi.accounts.models import AnyUser
from beffroi.reference.models import Item, Vocabulary, VocabularyTerm

PREFIX = "vocabulary-"


@dataclass(frozen=True)
class Shipped:
    """A vocabulary that comes with Beffroi: data/vocabulary-*/."""

    about: dict[str, Any]
    terms: pl.DataFrame


def shipped() -> list[Shipped]:
    folders = sorted(
        (one for one in (files("beffroi.reference") / "data").iterdir() if one.name.startswith(PREFIX)),
        key=lambda one: one.name,
    )
    return [
        Shipped(
            tomllib.loads((folder / "about.toml").read_text(encoding="utf-8")),
            pl.read_csv((folder / "terms.csv").read_bytes(), schema_overrides={"weight": pl.Float64}),
        )
        for folder in folders
    ]


def terms_of(vocabulary: Vocabulary, edition: int) -> QuerySet[VocabularyTerm]:
    return vocabulary.terms.filter(Q(until__isnull=True) | Q(until__gt=edition), since__lte=edition)


def terms_table(vocabulary: Vocabulary, edition: int) -> pl.DataFrame:
    """label, term, language, weight: what `analytics.text` reads."""
    rows = terms_of(vocabulary, edition).order_by("label", "text").values_list("label", "text", "language", "weight")
    schema = {"label": pl.String, "term": pl.String, "language": pl.String, "weight": pl.Float64}
    return pl.DataFrame(
        [(label or None, text, said, float(weight)) for label, text, said, weight in rows], schema, orient="row"
    )


def last_edition(vocabulary: Vocabulary) -> int:
    return int(vocabulary.editions.aggregate(last=Max("number"))["last"] or 0)


def items_of(vocabulary: Vocabulary, viewer: AnyUser) -> list[Item]:
    """What the vocabulary recognises: the items of its level, in the last version of its framework."""
    rows = Item.objects.visible_to(viewer).filter(level=vocabulary.level, version__framework__code=vocabulary.framework_code)
    found = list(rows.select_related("version").order_by("-version__valid_from", "-version__code", "position", "sort_key"))
    return [item for item in found if item.version_id == found[0].version_id]


def named_labels(vocabulary: Vocabulary, viewer: AnyUser, codes: Sequence[str] = ()) -> dict[str, str]:
    """The name of each label; one that no loaded framework names keeps its code."""
    return {code: code for code in codes} | {item.code: item.label for item in items_of(vocabulary, viewer)}
