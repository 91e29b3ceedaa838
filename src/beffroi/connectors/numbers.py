"""Numbers as people write them, to one exact text: `-1234.5`, no exponent, no useless zero."""

import re
from decimal import Decimal, InvalidOperation

SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "−": "-"})
WHOLE = r"(?:\d+|\d{1,3}(?: \d{3})+)"
COMMA_DECIMAL = re.compile(rf"[+-]?(?:{WHOLE}|\d{{1,3}}(?:\.\d{{3}})+)(?:,\d*)?|[+-]?,\d+", re.ASCII)
POINT_DECIMAL = re.compile(rf"[+-]?(?:{WHOLE}|\d{{1,3}}(?:,\d{{3}})+)(?:\.\d*)?|[+-]?\.\d+", re.ASCII)
SINGLE_COMMA = re.compile(rf"[+-]?{WHOLE}?,\d*", re.ASCII)
SINGLE_POINT = re.compile(rf"[+-]?{WHOLE}?\.\d*", re.ASCII)
PLAIN = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?", re.ASCII)
EXPONENT = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d{1,2}", re.ASCII)


def _pointed(text: str, comma: str) -> str | None:
    """The number with a point for decimals and no thousands separator; None when it is not a number."""
    if EXPONENT.fullmatch(text):
        return text.replace(",", ".")
    prefers_comma = comma == "on" or (comma == "auto" and not SINGLE_POINT.fullmatch(text))
    if comma == "auto" and SINGLE_COMMA.fullmatch(text):
        return text.replace(" ", "").replace(",", ".")
    if prefers_comma and COMMA_DECIMAL.fullmatch(text):
        return text.replace(" ", "").replace(".", "").replace(",", ".")
    if comma != "on" and POINT_DECIMAL.fullmatch(text):
        return text.replace(" ", "").replace(",", "")
    return None


def exact_number(text: str, *, comma: str = "auto", multiplier: Decimal = Decimal(1)) -> str | None:
    """The exact canonical text of a written number, None when it is not one.

    `comma`: "on" = comma for decimals and point for thousands; "off" = the reverse; "auto" = a single mark is for decimals,
    whichever it is. Spaces between thousands are always understood.
    """
    if multiplier == 1 and PLAIN.fullmatch(text) and (comma != "on" or "." not in text):
        return "0" if text == "-0" else text
    pointed = _pointed(text.translate(SPACES), comma)
    try:
        number = None if pointed is None else Decimal(pointed)
        number = number if number is None or multiplier == 1 else number * multiplier
    except InvalidOperation:
        return None
    return None if number is None else shortest(number)


def shortest(number: Decimal) -> str:
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
