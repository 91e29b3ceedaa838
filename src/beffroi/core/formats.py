"""Numbers, dates and partial periods as people of each language read them, on screen and in documents."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils import formats, translation
from django.utils.translation import gettext as _

from beffroi.core.figures import Figure, Number

NARROW = "\u00a0"
MILLION = 1_000_000
QUARTER = re.compile(r"(\d{4})-Q([1-4])")
HALF = re.compile(r"(\d{4})-S([12])")
MONTH = re.compile(r"(\d{4})-(\d{2})")
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


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
        text = text.replace(",", NARROW).replace(".", ",")
    return text.replace("-", "−")


def exact_text(value: Number) -> str:
    """Every digit that the source gives."""
    exponent = Decimal(str(value)).normalize().as_tuple().exponent
    return number_text(value, decimals=max(0, -exponent) if isinstance(exponent, int) else 2)


def _with_unit(text: str, unit: str) -> str:
    if not unit:
        return text
    if not _is_french() and unit == "€":
        return f"€{text}"
    return f"{text}{NARROW}{unit}"


def euros_text(amount: Number, *, exact: bool = False) -> str:
    if exact or abs(amount) < MILLION:
        return _with_unit(exact_text(amount) if exact else number_text(amount), "€")
    return _with_unit(number_text(Decimal(str(amount)) / MILLION), "M€")


def quantity_text(value: Number, unit: str = "", *, exact: bool = False) -> str:
    """A value with its unit. A `ratio` is between 0 and 1 and is read as a percentage."""
    if unit == "€":
        return euros_text(value, exact=exact)
    if unit == "ratio":
        return _with_unit(number_text(Decimal(str(value)) * 100, decimals=1), "%")
    return _with_unit(exact_text(value) if exact else number_text(value), unit)


def figure_text(figure: Figure, *, exact: bool = False, unit: str | None = None) -> str:
    """The value, or its bounds in words, or that it is unknown."""
    written = figure.unit if unit is None else unit
    if figure.value is not None:
        return quantity_text(figure.value, written, exact=exact)
    low, high = (None if end is None else quantity_text(end, written, exact=exact) for end in (figure.low, figure.high))
    if low is not None and high is not None:
        return low if low == high else _("entre %(low)s et %(high)s") % {"low": low, "high": high}
    if low is not None:
        return _("au moins %(low)s") % {"low": low}
    return _("au plus %(high)s") % {"high": high} if high is not None else _("inconnu")


def day_text(day: date | None) -> str:
    if day is None:
        return _("date inconnue")
    text = formats.date_format(day, "j F Y")
    return re.sub(r"^1 ", "1er ", text) if _is_french() else text


def _month_text(year: str, month: str) -> str:
    return formats.date_format(date(int(year), int(month), 1), "F Y")


def _point_text(text: str) -> str:
    if found := QUARTER.fullmatch(text):
        names = (_("1er trimestre"), _("2e trimestre"), _("3e trimestre"), _("4e trimestre"))
        return f"{names[int(found[2]) - 1]} {found[1]}"
    if found := HALF.fullmatch(text):
        return f"{(_('1er semestre'), _('2e semestre'))[int(found[2]) - 1]} {found[1]}"
    if found := DAY.fullmatch(text):
        return day_text(date(int(found[1]), int(found[2]), int(found[3])))
    if (found := MONTH.fullmatch(text)) and 1 <= int(found[2]) <= 12:
        return _month_text(found[1], found[2])
    return text


def period_text(text: str) -> str:
    """A period as `core.periods` writes it, in words; whatever else is left as it is."""
    if not text:
        return ""
    first, slash, last = text.partition("/")
    return f"{_point_text(first)}–{_point_text(last)}" if slash else _point_text(first)
