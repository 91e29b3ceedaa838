"""What the cells of SIRENE files say, column by column: masks, keys of numbers, names and addresses."""

from datetime import date

import polars as pl

MASK = "[ND]"
UNKNOWN_START = date(1900, 1, 1)  # INSEE writes it where the date of creation is not known
LA_POSTE = "356000000"
MADE_BY_SITE = "establishment"  # in place of the hash of a row: only an establishment tells of this organisation
WRONG_SIREN = "« {} » n’est pas un SIREN : neuf chiffres dont la clé tombe juste. Rien n’est corrigé à votre place."
WRONG_SIRET = "« {} » n’est pas un SIRET : quatorze chiffres dont la clé tombe juste. Rien n’est corrigé à votre place."
OTHER_SIREN = "Le SIRET ne commence pas par le SIREN de la ligne ({}) : l’un des deux est faux."


def said(name: str, most: int = 300) -> pl.Expr:
    """The text of a cell, unknown when INSEE masks it."""
    text = pl.col(name)
    return pl.when(text != MASK).then(text.str.slice(0, most))


def written(name: str, most: int = 300) -> pl.Expr:
    return said(name, most).fill_null("").alias(name)


def day(name: str) -> pl.Expr:
    return pl.when(pl.col(name) != UNKNOWN_START).then(pl.col(name)).alias(name)


def year(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Int16, strict=False)


def joined(*names: str, separator: str = " ") -> pl.Expr:
    return pl.concat_str([said(name) for name in names], separator=separator, ignore_nulls=True)


def address() -> pl.Expr:
    """Number, way and name of the street; the complement and the box before and after."""
    number = pl.concat_str([said("number"), said("repeated").fill_null("")])
    span = pl.concat_str([number, said("last_number")], separator="-", ignore_nulls=True).replace("", None)
    way = pl.concat_str([span, said("way"), said("street")], separator=" ", ignore_nulls=True).replace("", None)
    return pl.concat_str([said("complement"), way, said("special")], separator=", ", ignore_nulls=True).str.slice(0, 300)


def _digit_sums(name: str, length: int) -> tuple[pl.Expr, pl.Expr]:
    """Luhn's sum and the plain sum of the digits of a number of this length."""
    number = pl.col(name).str.to_integer(base=10, dtype=pl.Int64, strict=False)
    digits = [number // 10**place % 10 for place in range(length)]
    doubled = [2 * digit - 9 * (digit > 4).cast(pl.Int64) for digit in digits[1::2]]
    return pl.sum_horizontal(*digits[::2], *doubled), pl.sum_horizontal(*digits)


def is_siren(name: str) -> pl.Expr:
    luhn, total = _digit_sums(name, 9)
    return (pl.col(name).str.contains(r"^[0-9]{9}$") & (luhn % 10 == 0) & (total > 0)).fill_null(False)


def is_siret(name: str) -> pl.Expr:
    """Luhn's key; the establishments of La Poste follow a sum of digits (INSEE)."""
    luhn, total = _digit_sums(name, 14)
    post = pl.col(name).str.starts_with(LA_POSTE) & (total % 5 == 0)
    return (pl.col(name).str.contains(r"^[0-9]{14}$") & ((luhn % 10 == 0) | post) & (total > 0)).fill_null(False)
