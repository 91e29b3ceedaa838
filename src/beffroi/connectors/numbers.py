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

CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "kn": "HRK", "hrk": "HRK", "£": "GBP", "gbp": "GBP",
    "lei": "RON", "ron": "RON", "zł": "PLN", "pln": "PLN", "kč": "CZK", "czk": "CZK", "ft": "HUF", "huf": "HUF",
    "лв": "BGN", "bgn": "BGN", "chf": "CHF", "$": "USD", "usd": "USD", "sek": "SEK", "dkk": "DKK", "f": "FRF", "frf": "FRF",
}  # fmt: skip
CURRENCY_AFTER = re.compile(r"(.*?\d[.,]?)\s*([^\W\d_]+|[€£$])\.?", re.DOTALL)
CURRENCY_BEFORE = re.compile(r"([^\W\d_]+|[€£$])\s*(.*\d.*)", re.DOTALL)


def without_currency(text: str) -> tuple[str, str | None]:
    """A written amount without its currency, and that currency (ISO 4217); the text as it came when none is known."""
    for pattern, number, unit in ((CURRENCY_AFTER, 1, 2), (CURRENCY_BEFORE, 2, 1)):
        found = pattern.fullmatch(text.strip())
        if found and (currency := CURRENCIES.get(found[unit].casefold())):
            return found[number].strip(), currency
    return text, None


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
