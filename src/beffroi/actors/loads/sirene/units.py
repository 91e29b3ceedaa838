"""From the stock of legal units to organisations: those already known by their SIREN are completed."""

from collections.abc import Iterator

import polars as pl

from beffroi.accounts.enums import Visibility
from beffroi.actors.enums import CLOSED_TO_PUBLIC, SOLE_TRADER, NameKind, OrganisationKind
from beffroi.actors.loads.sirene.cells import MADE_BY_SITE, WRONG_SIREN, is_siren, said, written, year
from beffroi.actors.loads.sirene.names import keep_associations, keep_names
from beffroi.actors.models import Organisation
from beffroi.core.text import search_keys
from beffroi.provenance.actions import Batch, Outcome, Refusal, RegisterShape, record_register
from beffroi.provenance.models import Load

FIELDS = ("name", "acronym", "sort_key", "kind", "visibility", "legal_category", "created", "diffusion", "state",
          "situation_since", "size", "size_year", "headcount", "headcount_year", "activity", "activity_version", "seat",
          "is_employer", "is_social_economy")  # fmt: skip
SHAPE = RegisterShape(
    Organisation,
    "siren",
    FIELDS,
    at_first=("no_siren", "owner"),
    kept=("acronym", "created"),
    known=("name", "sort_key", "acronym", "kind", "visibility", "diffusion", "legal_category"),
)
# Legal categories (INSEE, three levels) whose nature is one of ours; the others are companies from 1 to 6, else « autre ».
KINDS = {"7113": OrganisationKind.STATE, "7220": OrganisationKind.DEPARTMENT, "7230": OrganisationKind.REGION,
         "7343": OrganisationKind.EPCI, "7344": OrganisationKind.METROPOLIS, "7346": OrganisationKind.EPCI,
         "7347": OrganisationKind.EPCI, "7348": OrganisationKind.EPCI, "7381": OrganisationKind.CHAMBER,
         "7383": OrganisationKind.UNIVERSITY}  # fmt: skip


def legal_units(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    def read(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Refusal]]:
        right = frame.filter(is_siren("siren"))
        wrong = frame.filter(~is_siren("siren")).select("row", "siren")
        refusals = [Refusal(row, "siren", siren, WRONG_SIREN.format(siren)) for row, siren in wrong.iter_rows()]
        return _columns(right, load), refusals

    def completed(batch: Batch) -> Batch:
        return Batch(batch.fresh, _beside_what_was_known(batch.changed, load))

    return record_register(frames, load=load, shape=SHAPE, read=read, before=completed, after=_keep_other_names)


def _is_closed(prefix: str = "") -> pl.Expr:
    """Nothing of it is for the public: a person, or a unit that INSEE does not let be published."""
    masked = pl.col(f"{prefix}diffusion").is_in([str(one) for one in CLOSED_TO_PUBLIC])
    return masked.fill_null(False) | (pl.col(f"{prefix}legal_category") == SOLE_TRADER).fill_null(False)


def _is_unstated(prefix: str = "") -> pl.Expr:
    """The file does not say whether it is a person, or whether it may be published."""
    return pl.any_horizontal(pl.col(f"{prefix}{name}").fill_null("") == "" for name in ("diffusion", "legal_category"))


def _columns(frame: pl.DataFrame, load: Load) -> pl.DataFrame:
    first = pl.coalesce(said("usual_first_name"), said("first_name"))
    person = pl.concat_str([first, pl.coalesce(said("usage_name"), said("last_name"))], separator=" ", ignore_nulls=True)
    stated = pl.coalesce(said("name"), person.replace("", None), said("pseudonym"), said("usual_1"))
    nic = pl.col("nic").str.contains(r"^[0-9]{5}$").fill_null(False)
    kept = int(load.visibility)
    closed = pl.lit(max(kept, Visibility.PARTNERS.value))
    return frame.with_columns(
        stated.alias("stated"),
        _kind().alias("kind"),
        pl.when(_is_closed() | _is_unstated()).then(closed).otherwise(pl.lit(kept)).cast(pl.Int16).alias("visibility"),
        pl.col("created").cast(pl.String).fill_null("").alias("created"),
        written("acronym", 60),
        pl.when(nic).then(pl.col("siren") + pl.col("nic")).otherwise(pl.lit("")).alias("seat"),
        year("size_year"),
        year("headcount_year"),
        *(written(name) for name in ("legal_category", "diffusion", "state", "size", "headcount")),
        *(written(name) for name in ("activity", "activity_version")),
        pl.lit("").alias("no_siren"),
        pl.lit(load.owner_id, pl.Int64).alias("owner_id"),
    ).with_columns(_named(pl.coalesce("stated", pl.lit("SIREN ") + pl.col("siren"))))


def _named(name: pl.Expr) -> list[pl.Expr]:
    return [name.alias("name"), search_keys(name).str.slice(0, 300).alias("sort_key")]


def _kind() -> pl.Expr:
    category = pl.col("legal_category").fill_null("")
    association = pl.when(category.str.starts_with("92")).then(pl.lit(str(OrganisationKind.ASSOCIATION)))
    company = pl.when(category.str.contains("^[1-6]")).then(pl.lit(str(OrganisationKind.COMPANY)))
    known = category.replace_strict({code: str(kind) for code, kind in KINDS.items()}, default=None, return_dtype=pl.String)
    return pl.coalesce(known, association, company, pl.lit(str(OrganisationKind.OTHER)))


def _beside_what_was_known(changed: pl.DataFrame, load: Load) -> pl.DataFrame:
    """A name only written otherwise, or told to fewer readers, stays as it was; a kind that a source stated is not undone.
    What is closed to the public is at least for partners; only what the register had closed does it open again."""
    old = pl.col("old_visibility").cast(pl.Int16)
    same = pl.col("stated").is_null() | (pl.col("sort_key") == pl.col("old_sort_key")) | (old < int(load.visibility))
    named = [pl.when(same).then(pl.col(f"old_{name}")).otherwise(pl.col(name)).alias(name) for name in ("name", "sort_key")]
    from_register = pl.col("old_load_id").is_not_null() & _is_unstated("old_")
    hidden = _is_closed("old_") | from_register | (pl.col("old_content_hash") == MADE_BY_SITE)
    opened = hidden & (old == Visibility.PARTNERS.value) & ~_is_closed() & ~_is_unstated()
    return changed.with_columns(
        *named,
        pl.when(pl.col("old_kind") == "other").then(pl.col("kind")).otherwise(pl.col("old_kind")).alias("kind"),
        pl.when(opened)
        .then(pl.min_horizontal(old, pl.lit(int(load.visibility), pl.Int16)))
        .when(_is_closed())
        .then(pl.max_horizontal(old, pl.lit(Visibility.PARTNERS.value, pl.Int16)))
        .otherwise(old)
        .alias("visibility"),
    )


def _keep_other_names(batch: Batch) -> None:
    """Usual names and acronyms, and what a unit was called before: by a document, or by an earlier file of the register."""
    for rows in (batch.fresh, batch.changed):
        for name in ("usual_1", "usual_2", "usual_3"):
            keep_names(rows.select("siren", "name", said(name).alias("text")), NameKind.USUAL)
    changed = batch.changed.with_columns(text=pl.col("old_name"))
    known = pl.col("old_load_id").is_not_null()
    keep_names(changed.filter(~known).select("siren", "name", "text"), NameKind.ALIAS)
    keep_names(changed.filter(known).select("siren", "name", "text"), NameKind.FORMER)
    keep_names(changed.select("siren", pl.col("acronym").alias("name"), pl.col("old_acronym").alias("text")), NameKind.ACRONYM)
    for rows in (batch.fresh, batch.changed):
        keep_associations(rows.select("siren", said("rna").alias("value")))
