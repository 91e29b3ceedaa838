"""Why a figure of the observatory: the values that make it."""

from dataclasses import dataclass

import polars as pl
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.analytics import shift_share, tables
from beffroi.core.figures import Figure
from beffroi.indicators.models import Indicator
from beffroi.observatory.queries import cells
from beffroi.observatory.queries.inputs import Asked
from beffroi.observatory.queries.secrets import by_activity, by_place, secrets
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
    hidden = secrets(asked, [period], read=by_place).of_place(place.pk)
    inside = inside.clear() if hidden else inside
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


@dataclass(frozen=True)
class Told:
    """A computed figure of a territory, as its key says: `indicator/level/place/start/end/dimension/depth/about|rest`."""

    asked: Asked
    place: Item
    about: str

    @property
    def is_secret(self) -> bool:
        return self.about in secrets(self.asked, self.asked.periods).of_place(self.place.pk)

    def rows(self, period: str) -> pl.DataFrame:
        return by_activity(self.asked, period).filter(pl.col("value").is_not_null())


def told(rest: str, viewer: AnyUser, moment: Moment) -> Told | None:
    said, _bar, held = rest.partition("|")
    indicator_key, level, place_key, start, end, dimension, depth, about = said.split("/", 7)
    indicator = Indicator.objects.visible_to(viewer).filter(pk=int(indicator_key)).first()
    place = Item.objects.visible_to(viewer).filter(pk=int(place_key)).first()
    if indicator is None or place is None:
        return None
    asked = Asked(indicator, level, viewer, moment, start=start, end=end, dimension=dimension, depth=depth, rest=held)
    return Told(asked, place, about)


def quotient(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """The location quotient of an activity, from the four sums that make it."""
    one = told(rest, viewer, moment)
    if one is None or (rows := one.rows(one.asked.end)).is_empty():
        return None
    here, same = pl.col("place") == str(one.place.pk), pl.col("activity") == one.about
    sums = [float(rows.filter(kept)["value"].sum()) for kept in (here & same, here, same, pl.lit(True))]
    unit, is_secret = one.asked.indicator.unit, one.is_secret
    known = all(sums[1:]) and not is_secret
    labels = (
        _("l’activité ici"),
        _("toutes les activités ici"),
        _("l’activité dans l’ensemble"),
        _("toutes les activités dans l’ensemble"),
    )
    figures = [Figure(value=value, unit=unit) for value in sums]
    figures[0] = Figure(unit=unit) if is_secret else figures[0]
    formula = _(
        "Indice de spécificité (quotient de localisation, Hoover-Balassa) : la part de l’activité ici, rapportée à sa part "
        "dans l’ensemble des territoires connus. Au-dessus de 1, le territoire en a plus que sa part. Une valeur secrète "
        "n’est pas montrée."
    )
    value = (sums[0] / sums[1]) / (sums[2] / sums[3]) if known else None
    figure = Figure(value=None if value is None else round(value, 2), period=one.asked.end)
    return Counted(
        one.place, formula, figure, [(label, None, said) for label, said in zip(labels, figures, strict=True)], one.place
    )


EFFECTS = {
    "growth": _("variation"),
    "national": _("part de la tendance des territoires connus : base × croissance de l’ensemble"),
    "industry_mix": _("effet de structure : base × (croissance de chaque activité - croissance de l’ensemble)"),
    "competitive": _("effet local : base × (croissance ici - croissance de l’activité), sommé sur les activités"),
}


def effect(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """The effects of shift-share that add up to the growth of a territory."""
    one = told(rest, viewer, moment)
    if one is None or one.about not in EFFECTS:
        return None
    found = [
        by_activity(one.asked, period).select(territory="place", activity="activity", value="value", year=pl.lit(year))
        for year, period in enumerate(one.asked.periods)
    ]
    try:
        table = shift_share.territory_effects(pl.concat(found)).filter(pl.col("territory") == str(one.place.pk))
    except tables.Refusal:
        return None
    if table.is_empty():
        return None
    row, unit, span = table.row(0, named=True), one.asked.indicator.unit, f"{one.asked.start}/{one.asked.end}"
    figures = {name: Figure(value=_round(row[name]), unit=unit, period=span) for name in EFFECTS}
    formula = _(
        "Analyse structurelle-résiduelle (Dunn 1960, Esteban-Marquillas 1972) : la variation est la somme des trois effets, "
        "aux arrondis près ; l’ensemble est la somme des territoires connus de ce niveau."
    )
    parts = [(label, None, figures[name]) for name, label in EFFECTS.items() if name != one.about]
    return Counted(one.place, formula, figures[one.about], parts, one.place)


def _round(value: float | None) -> int | None:
    return None if value is None else round(value)


def contribution(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """The contribution of an activity to the growth of a territory."""
    one = told(rest, viewer, moment)
    if one is None or one.is_secret:
        return None
    here = pl.col("place") == str(one.place.pk)
    before, after = (one.rows(period).filter(here) for period in (one.asked.start, one.asked.end))
    both = before.join(after, on="activity", suffix="_after")
    own = both.filter(pl.col("activity") == one.about)
    base, unit = float(both["value"].sum()), one.asked.indicator.unit
    if own.is_empty() or not base:
        return None
    start, end = own["value"][0], own["value_after"][0]
    formula = _(
        "La variation de l’activité rapportée au total de départ : les contributions s’additionnent à la croissance du total "
        "des activités connues aux deux dates."
    )
    parts = [
        (_("l’activité au départ"), None, Figure(value=start, unit=unit, period=one.asked.start)),
        (_("l’activité à la fin"), None, Figure(value=end, unit=unit, period=one.asked.end)),
        (_("toutes les activités au départ"), None, Figure(value=base, unit=unit, period=one.asked.start)),
    ]
    return Counted(one.place, formula, Figure(value=(end - start) / base, unit="ratio"), parts, one.place)


COUNTED = {"survey": survey, "quotient": quotient, "effect": effect, "contribution": contribution}
