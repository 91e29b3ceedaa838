"""Lines of different sources that are, or could be, the same money."""

from typing import Any

import polars as pl
from django.db.models import Q, QuerySet

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation, SameAs
from beffroi.actors.queries import body_heads
from beffroi.analytics.consolidation import LINKS
from beffroi.analytics.line_links import TOLD_LINES
from beffroi.core.bulk import read_frame
from beffroi.core.text import search_key
from beffroi.funding.models import Line, LineClaim, LineLink
from beffroi.provenance.models import Load
from beffroi.provenance.queries import Moment


def links_frame(viewer: AnyUser, moment: Moment) -> pl.DataFrame:
    """The links known at the moment between lines that this reader sees, as `analytics.consolidation` reads them (`LINKS`)."""
    rows = LineLink.objects.visible_to(viewer).known_at(moment).order_by("pk").values_list("one_id", "other_id", "state")
    found = pl.DataFrame(list(rows), schema={"one": pl.Int64, "other": pl.Int64, "state": pl.String}, orient="row")
    return found.select("one", "other", "state").select(list(LINKS.columns))


# Names under which lists put what has no programme of its own: they say nothing of what a line is for.
UNNAMED = {
    "programme non precise", "non precise", "non renseigne", "non communique", "programme inconnu", "inconnu", "sans programme",
    "hors programme", "sans objet", "subventions publiees", "nr", "nc", "na", "nd",
}  # fmt: skip
NUMBER, WORD, DAY = pl.Int64, pl.String, pl.Date
LINE = {
    "pk": NUMBER, "receiver_id": NUMBER, "fund_id": NUMBER, "programme__framework__code": WORD,
    "programme__framework__label": WORD, "operation__title": WORD,
    "stage": WORD, "instrument": WORD, "currency": WORD, "start": DAY, "end": DAY,
}  # fmt: skip
CLAIM = {"line_id": NUMBER, "load__snapshot__source_id": NUMBER, "cents": NUMBER}


def told_lines(load: Load | None = None) -> pl.DataFrame:
    """The lines of operations as `analytics.line_links` reads them: those of the receivers of a load, or all. Whoever may see
    them: a link is shown to those who see both lines."""
    lines = read_frame(Line.objects.filter(_asked(load), operation__isnull=False, receiver__isnull=False), LINE)
    claims = read_frame(LineClaim.objects.filter(line__in=_ids(load), recorded_to__isnull=True, load__isnull=False), CLAIM)
    sources = (
        claims.drop_nulls()
        .group_by("line_id")
        .agg(
            pl.col("load__snapshot__source_id").unique().sort().cast(WORD).alias("_sources"),
            pl.col("cents").unique().alias("_cents"),
        )
    )
    known = lines.join(sources.filter(pl.col("_cents").list.len() == 1), left_on="pk", right_on="line_id")
    heads = body_heads()
    numbered = set(Organisation.objects.filter(siren__isnull=False).order_by().values_list("pk", flat=True))
    bodies = known.with_columns(pl.col("receiver_id", "fund_id").replace(heads)) if heads else known
    code, label = pl.col("programme__framework__code"), pl.col("programme__framework__label")
    unnamed = [text for text in known["programme__framework__label"].unique() if search_key(text) in UNNAMED]
    return bodies.select(
        pl.col("pk").cast(WORD).alias("line"),
        pl.col("_sources").list.first().alias("source"),
        pl.col("_sources").list.join(" ").alias("sources"),
        pl.col("receiver_id").cast(WORD).alias("receiver"),
        pl.col("fund_id").cast(WORD).alias("fund"),
        pl.when(~label.is_in(unnamed)).then(code).alias("programme"),
        pl.col("operation__title").alias("title"),
        "stage",
        "instrument",
        "currency",
        pl.col("receiver_id").is_in(numbered).alias("is_numbered"),
        pl.col("fund_id").is_in(numbered).fill_null(False).alias("is_fund_numbered"),
        pl.col("_cents").list.first().alias("cents"),
        "start",
        "end",
    ).select(list(TOLD_LINES.columns))


def _asked(load: Load | None) -> Q:
    """The receivers that a load names, and the other records of the same bodies."""
    if load is None:
        return Q()
    named = Line.objects.filter(claims__load=load).order_by().values("receiver")
    pairs = SameAs.objects.accepted().order_by()
    return (
        Q(receiver__in=named)
        | Q(receiver__in=pairs.filter(one__in=named).values("other"))
        | Q(receiver__in=pairs.filter(other__in=named).values("one"))
    )


def _ids(load: Load | None) -> QuerySet[Line, dict[str, Any]]:
    return Line.objects.filter(_asked(load), operation__isnull=False, receiver__isnull=False).order_by().values("pk")
