"""Whether territories come closer to each other over the years (Barro and Sala-i-Martin 1992)."""

import math
from collections.abc import Callable

import polars as pl

from beffroi.analytics import frames, tables
from beffroi.analytics.inequality import Undefined, coefficient_of_variation


class RepeatedYears(tables.Refusal):
    def __init__(self) -> None:
        super().__init__("Un territoire a deux lignes pour une même année.")


class TooFewTerritories(tables.Refusal):
    def __init__(self, count: int) -> None:
        super().__init__(
            f"{count} territoires ont une valeur au-dessus de zéro aux deux dates ; il en faut trois, de départs différents."
        )


def _panel(panel: pl.DataFrame) -> pl.DataFrame:
    table = tables.require(panel, tables.PANEL)
    if not table.height:
        raise frames.EmptyTable(tables.PANEL.name)
    for name in ("year", "value"):
        if not (table[name].dtype.is_numeric() or table[name].dtype == pl.Null):
            raise frames.NotNumbers(tables.PANEL.name, name)
    table = table.with_columns(pl.col("value").cast(pl.Float64))
    if (~table["value"].is_finite()).any():
        raise frames.NotNumbers(tables.PANEL.name, "value")
    if (table["value"].abs() > tables.LARGEST).any():
        raise tables.OutOfRange(tables.PANEL.name, "value")
    for name in ("territory", "year"):
        if table[name].null_count():
            raise frames.NamelessRows(tables.PANEL.name, name)
    if table.select("territory", "year").is_duplicated().any():
        raise RepeatedYears
    return table


def sigma_convergence(panel: pl.DataFrame) -> pl.DataFrame:
    """Dispersion of each year: territories converge when it falls. Only territories known in every year are counted.

    `panel`: territory, year, value (a level that compares, as euros a head). Returns year, territories (counted), dropped,
    sd_log and sd_log_sample (standard deviation of natural logarithms, with n and n - 1), cv and cv_sample (over the mean),
    note: why a measure is null (a value at zero or below has no logarithm). Raises MissingColumns, EmptyTable, NotNumbers,
    NamelessRows, RepeatedYears.
    """
    table = _panel(panel)
    years = table["year"].n_unique()
    whole = pl.col("value").count().over("territory") == years
    kept = table.filter(whole)
    dropped = table["territory"].n_unique() - kept["territory"].n_unique()
    found = {year: kept.filter(pl.col("year") == year)["value"] for year in table["year"].unique().sort()}
    rows = [(year, len(values), dropped, *_dispersions(values)) for year, values in found.items()]
    names = ("sd_log", "sd_log_sample", "cv", "cv_sample")
    schema = {
        "year": pl.Int64,
        "territories": pl.Int64,
        "dropped": pl.Int64,
        **dict.fromkeys(names, pl.Float64),
        "note": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _dispersions(values: pl.Series) -> tuple[float | str | None, ...]:
    reasons: list[str] = []

    def attempt(measure: Callable[[], float]) -> float | None:
        try:
            return measure()
        except Undefined as refusal:
            reasons.append(str(refusal))
            return None

    measures = [
        attempt(lambda: _deviation_of_logs(values, 0)),
        attempt(lambda: _deviation_of_logs(values, 1)),
        attempt(lambda: coefficient_of_variation(values)),
        attempt(lambda: coefficient_of_variation(values, sample=True)),
    ]
    return (*measures, " ".join(dict.fromkeys(reasons)) or None)


def _deviation_of_logs(values: pl.Series, less: int) -> float:
    if len(values) <= less:
        raise Undefined("Trop peu de territoires connus chaque année.")
    if values.min() <= 0:  # type: ignore[operator]
        raise Undefined("Une valeur est nulle ou négative : son logarithme n’existe pas.")
    logs = [math.log(value) for value in values]
    mean = math.fsum(logs) / len(logs)
    return math.sqrt(math.fsum((x - mean) ** 2 for x in logs) / (len(logs) - less))


def beta_convergence(panel: pl.DataFrame, *, start: int | None = None, end: int | None = None) -> pl.DataFrame:
    """Do those that started lower grow faster? Least squares of the yearly growth on the start:
    ln(y_T / y_0) / T = alpha + beta ln(y_0).

    `panel`: territory, year, value. `start`, `end`: by default the first and last year; T, their distance, enters speed and
    half-life. Returns one row: start, end, territories, dropped (unknown, or at zero or below, at one of the dates), alpha,
    beta, standard_error, t, r_squared, speed (lambda = -ln(1 + beta T) / T, a year), half_life (ln 2 / lambda, years), note:
    divergence (beta is not below zero: no half-life), no_speed (1 + beta T is not positive), exact_fit (no residual: no t).

    Raises TooFewTerritories, Undefined (years), MissingColumns, EmptyTable, NotNumbers, NamelessRows, RepeatedYears.
    """
    table = _panel(panel)
    first = int(table["year"].min() if start is None else start)  # type: ignore[arg-type]
    last = int(table["year"].max() if end is None else end)  # type: ignore[arg-type]
    if first >= last:
        raise Undefined("Il faut deux années, la première avant la dernière.")
    pairs = _pairs(table, first, last)
    if len(pairs) < 3 or len({before for before, _ in pairs}) < 2:
        raise TooFewTerritories(len(pairs))
    x = [math.log(before) for before, _ in pairs]
    y = [math.log(after / before) / (last - first) for before, after in pairs]
    row = {"start": first, "end": last, "territories": len(pairs), "dropped": table["territory"].n_unique() - len(pairs)}
    line = _least_squares(x, y)
    return pl.DataFrame([row | line | _speed(line, last - first)], schema=BETA)


NUMBERS = ("alpha", "beta", "standard_error", "t", "r_squared", "speed", "half_life")
BETA = (
    dict.fromkeys(("start", "end", "territories", "dropped"), pl.Int64)
    | dict.fromkeys(NUMBERS, pl.Float64)
    | {"note": pl.String}
)


def _pairs(table: pl.DataFrame, first: int, last: int) -> list[tuple[float, float]]:
    positive = table.filter(pl.col("value") > 0)
    before = positive.filter(pl.col("year") == first).select("territory", before="value")
    after = positive.filter(pl.col("year") == last).select("territory", after="value")
    return before.join(after, on="territory").sort("territory").select("before", "after").rows()


def _least_squares(x: list[float], y: list[float]) -> dict[str, float | None]:
    n = len(x)
    mean_x, mean_y = math.fsum(x) / n, math.fsum(y) / n
    square = math.fsum((a - mean_x) ** 2 for a in x)
    beta = math.fsum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / square
    alpha = mean_y - beta * mean_x
    left = math.fsum((b - alpha - beta * a) ** 2 for a, b in zip(x, y, strict=True))
    spread = math.fsum((b - mean_y) ** 2 for b in y)
    error = math.sqrt(left / (n - 2) / square)
    is_exact = left <= 1e-24 * max(spread, 1e-300)
    return {
        "alpha": alpha,
        "beta": beta,
        "standard_error": error,
        "t": None if is_exact or not error else beta / error,
        "r_squared": 1 - left / spread if spread else None,
    }


def _speed(line: dict[str, float | None], years: int) -> dict[str, float | str | None]:
    beta = line["beta"] or 0.0
    if 1 + beta * years <= 0:
        return {"speed": None, "half_life": None, "note": "no_speed"}
    speed = -math.log(1 + beta * years) / years
    if beta >= 0:
        return {"speed": speed, "half_life": None, "note": "divergence"}
    return {"speed": speed, "half_life": math.log(2) / speed, "note": "exact_fit" if line["t"] is None else None}
