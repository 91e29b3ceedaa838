"""Why a figure of the observatory: the values that make it."""

import polars as pl
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.indicators.models import Indicator
from beffroi.observatory.queries import cells
from beffroi.observatory.queries.inputs import Asked
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.evidence import Counted
from beffroi.reference.models import Item
from beffroi.reference.queries import wholes_of

MOST_PARTS = 300


def survey(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`indicator/level/place/period|rest`: the values of a territory, or of its parts when it is their sum; `rest`: the
    dimensions that are held."""
    indicator_key, level, place_key, said = rest.split("/", 3)
    period, _bar, held = said.partition("|")
    indicator = Indicator.objects.visible_to(viewer).filter(pk=int(indicator_key)).first()
    place = Item.objects.visible_to(viewer).filter(pk=int(place_key)).first()
    if indicator is None or place is None:
        return None
    asked = Asked(indicator, level, viewer, moment, end=period, rest=held)
    values = asked.held(asked.look.values([period] if period else []))
    own = values.filter(pl.col("place") == place.pk)
    inside = own if own.height else _parts(values, level, place.pk)
    known = inside["value"].drop_nulls()
    names = cells.places_named(inside["place"].unique().to_list(), viewer)
    parts = [
        (f"{names[row['place']]} {row['breakdown']}".strip(), None, Figure(value=row["value"], why=f"cell:{row['cell']}"))
        for row in inside.sort("value", descending=True, nulls_last=True).head(MOST_PARTS).iter_rows(named=True)
        if row["place"] in names
    ]
    figure = Figure(
        value=known.sum() if known.len() else None, unit=indicator.unit, period=period, known=known.len(), parts=inside.height
    )
    formula = _(
        "La valeur que la source donne pour ce territoire, ou la somme de celles de ses parties et de leurs activités quand "
        "elle ne donne qu’elles. Les plus grandes sont listées ; une valeur inconnue n’est pas comptée comme zéro."
    )
    return Counted(indicator, formula, figure, parts, place)


def _parts(values: pl.DataFrame, level: str, place: int) -> pl.DataFrame:
    wholes = wholes_of(values["place"].drop_nulls().unique().to_list(), level)
    return values.filter(pl.col("place").replace_strict(wholes, default=None, return_dtype=pl.Int64) == place)


COUNTED = {"survey": survey}
