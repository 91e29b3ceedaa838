"""Numbers, dates and partial periods as people of each language read them, on screen and in documents."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils import formats, translation
from django.utils.translation import gettext as _

from beffroi.core.figures import Figure, Number

NO_BREAK = "\u00a0"
MILLION = 1_000_000
YEAR = "année"  # the value is a year: 2025, neither 2 025 nor 2025 années
QUARTER = re.compile(r"(\d{4})-Q([1-4])")
HALF = re.compile(r"(\d{4})-S([12])")
MONTH = re.compile(r"(\d{4})-(\d{2})")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _is_french() -> bool:
    return (translation.get_language() or "fr").startswith("fr")


def number_text(value: Number, *, decimals: int = 2) -> str:
    """At most these decimals, without the zeros that say nothing; thousands apart by a space that does not break."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{rounded:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text == "-0":
        text = "0"
    if _is_french():
        text = text.replace(",", NO_BREAK).replace(".", ",")
    return text.replace("-", "−")


def exact_text(value: Number) -> str:
    """Every digit that the source gives."""
    exponent = Decimal(str(value)).normalize().as_tuple().exponent
    return number_text(value, decimals=max(0, -exponent) if isinstance(exponent, int) else 2)


def quantity(value: Number, unit: str = "", *, exact: bool = False) -> tuple[str, str]:
    """The number and its unit. Euros go by millions from one million; a `ratio` (0 to 1) is read as a percentage."""
    if unit == "ratio":
        return number_text(Decimal(str(value)) * 100, decimals=1), "%"
    if unit == YEAR:
        return f"{value:.0f}", ""
    if exact:
        return exact_text(value), unit
    if unit == "€" and abs(float(value)) >= MILLION:
        return number_text(Decimal(str(value)) / MILLION), "M€"
    return number_text(value), unit


def quantity_text(value: Number, unit: str = "", *, exact: bool = False) -> str:
    text, written = quantity(value, unit, exact=exact)
    return f"{text}{NO_BREAK}{written}" if written else text


def euros_text(amount: Number, *, exact: bool = False) -> str:
    return quantity_text(amount, "€", exact=exact)


def figure_parts(figure: Figure, *, exact: bool = False) -> tuple[str, str]:
    """The value or its bounds in words, and the unit, which is written once when both bounds share it."""
    if figure.value is not None:
        return quantity(figure.value, figure.unit, exact=exact)
    low, high = (None if end is None else quantity(end, figure.unit, exact=exact) for end in (figure.low, figure.high))
    if low and low == high:
        return low
    if low and high:
        start = low[0] if low[1] == high[1] else NO_BREAK.join(low)
        return _("entre %(low)s et %(high)s") % {"low": start, "high": high[0]}, high[1]
    if low:
        return _("au moins %(low)s") % {"low": low[0]}, low[1]
    return (_("au plus %(high)s") % {"high": high[0]}, high[1]) if high else (_("inconnu"), "")


def figure_text(figure: Figure, *, exact: bool = False) -> str:
    return NO_BREAK.join(part for part in figure_parts(figure, exact=exact) if part)


def day_text(day: date | None) -> str:
    if day is None:
        return _("date inconnue")
    text = formats.date_format(day, "j F Y")
    return re.sub(r"^1 ", "1er ", text) if _is_french() else text


def _month_text(year: str, month: str) -> str:
    return formats.date_format(date(int(year), int(month), 1), "F Y")


def _written_day(text: str) -> str:
    try:
        return day_text(date.fromisoformat(text))
    except ValueError:
        return text


def _point_text(text: str) -> str:
    if found := QUARTER.fullmatch(text):
        names = (_("1er trimestre"), _("2e trimestre"), _("3e trimestre"), _("4e trimestre"))
        return f"{names[int(found[2]) - 1]} {found[1]}"
    if found := HALF.fullmatch(text):
        return f"{(_('1er semestre'), _('2e semestre'))[int(found[2]) - 1]} {found[1]}"
    if DAY.fullmatch(text):
        return _written_day(text)
    if (found := MONTH.fullmatch(text)) and 1 <= int(found[2]) <= 12:
        return _month_text(found[1], found[2])
    return text


def period_text(text: str) -> str:
    """A period as `core.periods` writes it, in words; whatever else is left as it is."""
    if not text:
        return ""
    first, slash, last = text.partition("/")
    return f"{_point_text(first)}–{_point_text(last)}" if slash else _point_text(first)
