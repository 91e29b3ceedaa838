from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import polars as pl

from beffroi.accounts.models import AnyUser
from beffroi.actors.enums import NameKind, OrganisationKind
from beffroi.actors.models import ExternalId, Name, Organisation, Relation
from beffroi.actors.rules.same_as import Record
from beffroi.core.search import SearchRow, address_of
from beffroi.provenance.models import Statement
from beffroi.provenance.queries import Moment


def organisation_ids(scheme: str) -> dict[str, int]:
    """The organisations that a source names, by its own codes."""
    return dict(ExternalId.objects.filter(scheme=scheme).values_list("value", "organisation_id"))


def relations_to_items(items: Iterable[int], *, moment: Moment, viewer: AnyUser) -> list[Relation]:
    """Who is tied to items (or to territories), as known on a date."""
    rows = Relation.objects.seen_at(moment, viewer).filter(item__in=list(items))
    return list(rows.select_related("subject", "item").order_by("kind", "subject__sort_key"))


PUBLIC_BODIES = {OrganisationKind.STATE, OrganisationKind.REGION, OrganisationKind.DEPARTMENT, OrganisationKind.METROPOLIS}


NO_NUMBER = 987_654_321_000  # stands for a key in an address


def _rank(kind: str) -> int:
    return 6 if kind in PUBLIC_BODIES else 0 if kind == OrganisationKind.COMPANY else 3


def organisation_search_rows(ids: Iterable[int] | None) -> Iterator[SearchRow]:
    rows = Organisation.objects.all() if ids is None else Organisation.objects.filter(pk__in=list(ids))
    for row in rows.prefetch_related("names", "external_ids").iterator(chunk_size=2_000):
        yield SearchRow(
            kind="organisation",
            id=row.pk,
            title=row.name,
            detail=str(row.get_kind_display()),
            address=address_of(row),
            texts=(row.siren or "", *(name.text for name in row.names.all()), *(code.value for code in row.external_ids.all())),
            acronyms=(row.acronym, *(name.text for name in row.names.all() if name.kind == "acronym")),
            rank=_rank(row.kind),
            owner_id=row.owner_id,
            visibility=row.visibility,
        )


def organisation_search_frame(ids: Sequence[int]) -> pl.DataFrame:
    """The same as columns, of many organisations whose ids follow each other."""
    between = {"pk__gte": min(ids), "pk__lte": max(ids)}
    names = ("pk", "name", "kind", "acronym", "siren", "owner_id", "visibility")
    schema = dict(zip(names, (pl.Int64, *[pl.String] * 4, pl.Int64, pl.Int64), strict=True))
    rows = Organisation.objects.filter(**between).order_by("pk").values_list(*names)
    frame = pl.DataFrame(list(rows), schema=schema, orient="row").filter(pl.col("pk").is_in(list(ids)))
    frame = frame.join(_texts_of(between), on="pk", how="left", maintain_order="left")
    labels, ranks = (
        {str(kind): str(kind.label) for kind in OrganisationKind},
        {str(kind): _rank(kind) for kind in OrganisationKind},
    )
    start, _, end = address_of(Organisation(pk=NO_NUMBER)).partition(str(NO_NUMBER))
    return frame.select(
        pl.col("pk").alias("id"),
        pl.col("name").alias("title"),
        pl.col("kind").replace_strict(labels, return_dtype=pl.String).alias("detail"),
        pl.concat_str(pl.lit(start), "pk", pl.lit(end)).alias("address"),
        pl.concat_str("siren", "others", separator=" ", ignore_nulls=True).fill_null("").alias("texts"),
        pl.concat_str("acronym", "acronyms", separator=" ", ignore_nulls=True).fill_null("").alias("acronyms"),
        pl.col("kind").replace_strict(ranks, return_dtype=pl.Int64).alias("rank"),
        "owner_id",
        "visibility",
    )


def _texts_of(between: dict[str, int]) -> pl.DataFrame:
    """`pk`, the other names and codes of each organisation, and its acronyms, each as one text."""
    inside = {f"organisation__{name}": value for name, value in between.items()}
    schema = {"pk": pl.Int64, "text": pl.String, "kind": pl.String}
    named = list(Name.objects.filter(**inside).order_by("pk").values_list("organisation_id", "text", "kind"))
    coded = [(pk, value, "") for pk, value in ExternalId.objects.filter(**inside).values_list("organisation_id", "value")]
    rows = pl.DataFrame([*named, *coded], schema=schema, orient="row")
    acronyms = pl.col("text").filter(pl.col("kind") == NameKind.ACRONYM)
    return rows.group_by("pk", maintain_order=True).agg(
        pl.col("text").str.join(" ").alias("others"), acronyms.str.join(" ").alias("acronyms")
    )


def records_of(organisations: Iterable[int] | None = None) -> list[Record]:
    """Organisations as `rules.same_as` compares them: all of them, or these."""
    rows, names = Organisation.objects.all(), Name.objects.all()
    stated = Statement.objects.filter(subject_kind="organisation", recorded_to__isnull=True)
    if organisations is not None:
        ids = list(organisations)
        rows, names, stated = rows.filter(pk__in=ids), names.filter(organisation__in=ids), stated.filter(subject_id__in=ids)
    other_names = _grouped(names.values_list("organisation_id", "text"))
    documents = _grouped(stated.values_list("subject_id", "load__snapshot__source__code").distinct())
    return [
        Record(
            pk=row.pk,
            name=row.name,
            acronym=row.acronym,
            kind=row.kind,
            other_names=tuple(other_names[row.pk]),
            documents=frozenset(documents[row.pk]),
            place=row.place_id,
            siren=row.siren,
        )
        for row in rows.order_by("pk")
    ]


def _grouped(pairs: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for pk, text in pairs:
        found[pk].append(text)
    return found
