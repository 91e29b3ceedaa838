"""What is certain in each territory of a level, on a map: communes add up to what contains them, and to nothing else."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.models import AnyUser
from beffroi.core.formats import euros_text
from beffroi.funding.queries.money import money
from beffroi.funding.queries.questions import Question
from beffroi.observatory.queries.results import mapped
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets.money.answers import Total, basis_label, euros
from beffroi.publishing.sheets.money.pictures import MILLION, Picture
from beffroi.reference.enums import level_label
from beffroi.reference.models import Item
from beffroi.reference.queries import wholes_of

LEVELS = {
    "department": gettext_lazy("département"),
    "region": gettext_lazy("région"),
    "employment_zone": gettext_lazy("zone d’emploi"),
    "epci": gettext_lazy("intercommunalité"),
    "commune": gettext_lazy("commune"),
}


def money_map(question: Question, total: Total, *, level: str, viewer: AnyUser, moment: Moment) -> Picture | None:
    """Of one stage, instrument and currency, and of one basis of place: where the work is done, or the seat, never both."""
    groups = money(replace(question, by=["territory"], into=""), viewer=viewer, moment=moment).groups
    of_total = groups.filter(pl.col(name).eq_missing(value) for name, value in total.keys.items())
    wholes = wholes_of(of_total["place_id"].drop_nulls().unique().to_list(), level)
    placed = of_total.with_columns(pl.col("place_id").replace_strict(wholes, default=None, return_dtype=pl.Int64))
    basis = _basis(placed)
    shown = placed.filter(pl.col("place_id").is_not_null() & pl.col("place_basis").eq_missing(basis))
    sums = _sums(shown)
    places = _around(sums, viewer)
    title = _title(total, level, basis)
    drawn = mapped(places, sums, level=level, title=title, unit=_("millions"))
    if drawn.picture is None:
        return None
    return Picture(title, drawn.picture.spec, drawn.picture.table, note=" ".join(_left(placed, basis)))


def _title(total: Total, level: str, basis: str | None) -> str:
    """The total of a territory names its basis already."""
    said = _("Ce qui est certain par %(level)s, %(words)s") % {"level": level_label(level), "words": total.words}
    return (
        said
        if "place_basis" in total.keys
        else _("%(said)s ; base du lieu : %(basis)s") % {"said": said, "basis": basis_label(basis)}
    )


def _sums(shown: pl.DataFrame) -> dict[int, float | None]:
    """In millions; a territory of which no amount is known is unknown, not at nothing."""
    rows = shown.group_by("place_id").agg(pl.col("certain").sum(), known=(pl.col("lines") > pl.col("unknown")).any())
    return {pk: float(euros(cents) / MILLION) if known else None for pk, cents, known in rows.iter_rows()}


def _basis(placed: pl.DataFrame) -> str | None:
    """The one that places the most on this map."""
    sums = placed.drop_nulls("place_id").group_by("place_basis").agg(pl.col("certain").sum())
    ordered = sums.sort("certain", "place_basis", descending=[True, False])["place_basis"].cast(pl.String).to_list()
    return next(iter(ordered), None)


def _left(placed: pl.DataFrame, basis: str | None) -> Iterator[str]:
    """What the map leaves out: other bases, each by itself, and what has no place on it."""
    others = placed.filter(pl.col("place_id").is_not_null() & pl.col("place_basis").ne_missing(basis))
    for other, cents in others.group_by("place_basis").agg(pl.col("certain").sum()).sort("place_basis").iter_rows():
        said = {"amount": euros_text(euros(cents)), "basis": basis_label(other)}
        yield _("À part, sur une autre base de lieu (%(basis)s) : %(amount)s.") % said
    if cents := int(placed.filter(pl.col("place_id").is_null())["certain"].sum()):
        text = _("%(amount)s ne sont pas sur la carte : sans lieu, ou d’un lieu plus grand ou à cheval.")
        yield text % {"amount": euros_text(euros(cents))}


def _around(sums: Iterable[int], viewer: AnyUser) -> list[Item]:
    """The territories that have an amount, and their neighbours of the same list that have none."""
    seen = Item.objects.visible_to(viewer).select_related("version__framework")
    named = list(seen.filter(pk__in=list(sums)))
    versions, levels = {item.version_id for item in named}, {item.level for item in named}
    parents = {item.parent_id for item in named if item.parent_id}
    beside = seen.filter(version__in=versions, level__in=levels, parent__in=parents) if parents else seen.none()
    return list({item.pk: item for item in [*named, *beside]}.values())
