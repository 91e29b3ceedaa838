"""Rows of a file that are printed totals: they check the others, what they leave empty is no fault."""

import polars as pl

from beffroi.connectors.cells import plain_text
from beffroi.connectors.files import ROW
from beffroi.connectors.profile import NUMBERS, Profile

LABEL = r"(?i)^(sous[\s-]?|grand\s)?(total|totaux|totale)\b|^(ensemble|somme)$"


def printed_totals(raw: pl.DataFrame, profile: Profile, headers: dict[str, str | None]) -> pl.Series:
    """The numbers of the rows whose only text is « total … », or that have none: an identifier, a name or a date beside it
    makes it a row like the others (a company may be called so)."""
    read = [headers[column.to] for column in profile.columns if column.type not in NUMBERS]
    names = [name for name in read if name]
    if not profile.prints_totals or not names:
        return pl.Series([], dtype=pl.Int64)
    texts = pl.DataFrame([plain_text(raw[name]) for name in names])
    filled = pl.sum_horizontal(pl.all().is_not_null())
    label = pl.any_horizontal(pl.all().str.strip_chars(" :.").str.contains(LABEL).fill_null(False))
    return raw[ROW].filter(texts.select((filled == 0) | ((filled == 1) & label)).to_series())


def without_totals(reasons: pl.DataFrame, totals: pl.Series) -> pl.DataFrame:
    """The reasons that are not about an empty cell of a printed total."""
    return reasons.filter(~(pl.col("row").is_in(totals.to_list()) & (pl.col("value") == "")))
