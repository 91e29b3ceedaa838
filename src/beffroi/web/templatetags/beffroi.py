"""The tags and filters that every page is written with; `docs/reference/composants.md` shows each call."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django import template
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, QueryDict
from django.template.context import Context
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from beffroi.accounts.enums import Visibility
from beffroi.core import formats
from beffroi.core.figures import Figure, Number, Sense
from beffroi.core.text import digest
from beffroi.web.context import CLOCKS, address_of

register = template.Library()
WHY = "/why/"
SENSES = {
    Sense.GOOD: gettext_lazy("favorable"),
    Sense.WATCH: gettext_lazy("à surveiller"),
    Sense.BAD: gettext_lazy("défavorable"),
    Sense.UNKNOWN: gettext_lazy("non établi"),
}
FORMATS = {"csv": "CSV", "xlsx": "Excel", "json": "JSON", "parquet": "Parquet", "pdf": "PDF", "docx": "Word"}


def request_of(context: Context) -> HttpRequest:
    request = context.get("request")
    return request if request is not None else HttpRequest()


def clocks_of(context: Context) -> dict[str, str]:
    """The dates that this page's address carries: its links carry them too."""
    given = request_of(context).GET
    return {clock: given[clock] for clock in CLOCKS if given.get(clock)}


def with_clocks(address: str, clocks: Mapping[str, str]) -> str:
    if not clocks or not address:
        return address
    query = QueryDict(mutable=True)
    query.update(clocks)
    path, hash_, anchor = address.partition("#")
    return f"{path}{'&' if '?' in path else '?'}{query.urlencode()}{hash_}{anchor}"


# Figures


@register.inclusion_tag("components/figure.html", takes_context=True)
def figure(context: Context, value: Figure, *, exact: bool = False, compact: bool = False) -> dict[str, Any]:
    clocks = clocks_of(context)
    if value.as_of:
        clocks["as_of"] = value.as_of.isoformat()
    text, unit = formats.figure_parts(value, exact=exact)
    full = formats.figure_text(value, exact=True)
    return {
        "is_known": value.is_known,
        "text": text,
        "unit": "" if compact and unit == value.unit != "€" else unit,
        "raw": "" if value.value is None else str(value.value),
        "full": full,
        "sense": value.sense.value if value.sense in SENSES else "",
        "sense_text": SENSES.get(value.sense, ""),
        "period": "" if compact else formats.period_text(value.period),
        "part": part_text(value),
        "is_complete": value.is_complete,
        "rivals": ngettext("%(n)s valeur contraire", "%(n)s valeurs en désaccord", value.rivals) % {"n": value.rivals},
        "is_disputed": value.rivals > 0,
        "note": value.note,
        "why": with_clocks(WHY + quote(value.why, safe=":/@,"), clocks) if value.why else "",
        "why_label": value.label or full,
    }


def part_text(value: Figure) -> str:
    if value.parts is None:
        return ""
    return _("%(known)s sur %(parts)s") % {
        "known": formats.number_text(value.known or 0),
        "parts": formats.number_text(value.parts),
    }


@register.simple_tag
def euros(amount: Number | None, *, exact: bool = False) -> str:
    if amount is None:
        return unknown_mark()
    return format_html(
        '<data value="{}" title="{}">{}</data>',
        str(amount),
        formats.euros_text(amount, exact=True),
        formats.euros_text(amount, exact=exact),
    )


@register.simple_tag
def euros_of_cents(cents: int | None) -> str:
    return euros(None if cents is None else Decimal(cents) / 100, exact=True)


@register.simple_tag
def ratio(value: Number) -> str:
    """A share from 0 to 1, as a percentage."""
    return formats.quantity_text(value, "ratio")


def unknown_mark() -> SafeString:
    return format_html('<span class="unknown">{}</span>', _("inconnu"))


@register.simple_tag(takes_context=True)
def cell(context: Context, value: object) -> str:
    """Whatever a table's row holds, written as its kind wants it."""
    if isinstance(value, Figure):
        shown = context.template.engine.get_template("components/figure.html")  # type: ignore[union-attr]
        return shown.render(context.new(figure(context, value, compact=True)))
    if value is None:
        return unknown_mark()
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, int | float | Decimal):
        return formats.number_text(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return formats.day_text(value)
    return link(context, value) if hasattr(value, "get_absolute_url") else conditional_escape(str(value))


@register.filter
def is_number(value: object) -> bool:
    return isinstance(value, Figure | int | float | Decimal) and not isinstance(value, bool)


@register.filter
def number(value: Number | None) -> str:
    return unknown_mark() if value is None else formats.number_text(value)


@register.filter
def day(value: date | None) -> str:
    return formats.day_text(value)


@register.filter
def moment(value: datetime | None) -> str:
    if value is None:
        return _("date inconnue")
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return _("%(day)s à %(hour)s") % {"day": formats.day_text(local.date()), "hour": f"{local:%H:%M}"}


@register.filter
def period(value: str) -> str:
    return formats.period_text(value)


@register.filter
def breakdown(text: str) -> str:
    """`branche=textile;pole=maud` as a person reads it."""
    return " · ".join(part.replace("=", " : ", 1) for part in text.split(";") if part)


@register.filter
def nearby(paginator: Paginator[Any], page: int) -> list[int | None]:
    """The pages around this one; None where some are left out."""
    shown = paginator.get_elided_page_range(page, on_each_side=2, on_ends=1)
    return [number if isinstance(number, int) else None for number in shown]


@register.filter
def label(field: str, row: models.Model) -> str:
    """The words of a choice: `"kind"|label:row`."""
    return str(getattr(row, f"get_{field}_display")())


# Where things come from, and who sees them


@register.inclusion_tag("components/provenance_line.html", takes_context=True)
def provenance_line(context: Context, row: Any) -> dict[str, Any]:
    load = row.load
    source = load.snapshot.source if load else None
    stated = getattr(row, "stated_on", None) or (load.snapshot.as_of if load else None)
    return {
        "source": source,
        "source_address": with_clocks(address_of("provenance:source", source.code) if source else "", clocks_of(context)),
        "load_address": address_of("provenance:load", load.pk) if load else "",
        "author": getattr(row, "by", None),
        "stated": formats.day_text(stated) if stated else "",
        "row": row.row,
        "place": row.place,
        "recorded": moment(row.recorded_from),
    }


@register.inclusion_tag("components/freshness.html", takes_context=True)
def freshness(context: Context, source: Any, last: date | None) -> dict[str, Any]:
    on = getattr(request_of(context), "as_of", timezone.localdate())
    months = None if last is None else (on.year - last.year) * 12 + on.month - last.month - (on.day < last.day)
    late_by = 0 if months is None or source.months_fresh is None else max(0, months - source.months_fresh)
    return {"last": last, "late_by": late_by, "is_dated": source.months_fresh is not None}


@register.inclusion_tag("components/visibility.html")
def visibility(row: Any) -> dict[str, Any]:
    level = Visibility(row.visibility)
    return {"is_restricted": level != Visibility.PUBLIC, "text": level.label, "owner": row.owner if row.owner_id else None}


@register.inclusion_tag("components/bounds_bar.html")
def bounds(certain: Decimal, weighted: Decimal | None, at_most: Decimal, unallocated: Decimal) -> dict[str, Any]:
    """Widths are written here: a template would localise them."""
    middle = weighted if weighted is not None else certain
    ends = (certain, max(certain, middle), max(certain, middle, at_most))
    whole = float(ends[2]) + float(unallocated)
    steps = (ends[0], ends[1] - ends[0], ends[2] - ends[1], unallocated)
    widths = [100 * float(step) / whole if whole else 0.0 for step in steps]
    starts = [sum(widths[:place]) for place in range(4)]
    names = ("certain", "weighted", "at-most", "unallocated")
    bars = [
        {"name": name, "x": f"{x:.2f}%", "width": f"{width:.2f}%"} for name, x, width in zip(names, starts, widths, strict=True)
    ]
    return {"bars": bars, "certain": certain, "weighted": weighted, "at_most": at_most, "unallocated": unallocated}


# Addresses


@register.simple_tag(takes_context=True)
def dated_url(context: Context, name: str, *args: object, **kwargs: object) -> str:
    return with_clocks(address_of(name, *args, **kwargs), clocks_of(context))


@register.simple_tag(takes_context=True)
def link(context: Context, thing: Any, text: object = "") -> str:
    shown = text or thing
    try:
        address = thing.get_absolute_url()
    except NoReverseMatch:
        return conditional_escape(str(shown))
    return format_html('<a href="{}">{}</a>', with_clocks(address, clocks_of(context)), shown)


@register.simple_tag(takes_context=True)
def navlink(context: Context, name: str, text: object) -> str:
    address = address_of(name)
    if not address:
        return ""
    here = request_of(context).path
    is_here = here == address or (address != "/" and here.startswith(address))
    mark = SafeString(' aria-current="page"') if is_here else ""
    return format_html('<li><a href="{}"{}>{}</a></li>', with_clocks(address, clocks_of(context)), mark, text)


@register.simple_tag(takes_context=True)
def crumb(context: Context, text: object, name: str = "", *args: object, **kwargs: object) -> str:
    """A step of the way here; without a page, the step one stands on. `name` is a page's name or an address."""
    address = name if name.startswith("/") else address_of(name, *args, **kwargs) if name else ""
    if not address:
        return format_html('<li aria-current="{}">{}</li>', "false" if name else "page", text)
    return format_html('<li><a href="{}">{}</a></li>', with_clocks(address, clocks_of(context)), text)


@register.inclusion_tag("components/sort_link.html", takes_context=True)
def sort_link(context: Context, field: str, text: str, *, numeric: bool = False) -> dict[str, Any]:
    query = request_of(context).GET.copy()
    present = query.get("sort", "")
    query["sort"] = f"-{field}" if present == field else field
    query.pop("page", None)
    direction = {field: "ascending", f"-{field}": "descending"}.get(present, "")
    return {"address": f"?{query.urlencode()}", "text": text, "numeric": numeric, "direction": direction}


# Blocks


@register.simple_block_tag(takes_context=True)
def page_header(
    context: Context, content: str, *, title: object, kind: object = "", count: int | None = None, lead: object = ""
) -> str:
    return shell(
        context, "components/page_header.html", title=title, kind=kind, count=count, lead=lead, actions=content.strip()
    )


@register.simple_block_tag(takes_context=True)
def section(
    context: Context,
    content: str,
    *,
    title: object,
    id: str,  # noqa: A002
    count: int | None = None,
    lead: object = "",
) -> str:
    return shell(context, "components/section.html", title=title, id=id, count=count, lead=lead, body=content)


@register.simple_block_tag(takes_context=True)
def disclosure(context: Context, content: str, *, title: object, open: bool = False) -> str:  # noqa: A002
    return shell(context, "components/disclosure.html", title=title, is_open=open, body=content)


@register.simple_block_tag(takes_context=True)
def table(context: Context, content: str, *, caption: object, exports: str = "", wide: bool = False, label: object = "") -> str:
    """`label` names the table among others of the same caption."""
    query = request_of(context).GET.copy()
    query.pop("page", None)
    links = []
    for code in filter(None, exports.split(",")):
        query["format"] = code
        links.append({"address": f"?{query.urlencode()}", "text": FORMATS[code]})
    return shell(context, "components/table.html", caption=caption, exports=links, wide=wide, label=label, body=content)


@register.simple_block_tag(takes_context=True)
def filters(context: Context, content: str, *, submit: object = "", form: Any = None) -> str:
    """A form whose address keeps the sort and the dates that it does not show."""
    given = request_of(context).GET
    kept = [(name, given[name]) for name in (*CLOCKS, "sort") if given.get(name) and not (form and name in form.fields)]
    used = any(value for name, value in given.items() if name not in {*CLOCKS, "sort", "page"})
    return shell(
        context, "components/filters.html", submit=submit or _("Filtrer"), form=form, kept=kept, is_used=used, body=content
    )


def shell(context: Context, name: str, **values: object) -> str:
    found = context.template.engine.get_template(name)  # type: ignore[union-attr]
    return found.render(context.new(values))


# Charts


@register.inclusion_tag("components/chart.html", takes_context=True)
def chart(
    context: Context, spec: Mapping[str, Any], table: Any, *, title: object, source: object = "", note: object = ""
) -> dict[str, Any]:
    """A picture, its source, and the table of the same numbers."""
    return {
        "request": context.get("request"),
        "key": f"chart-{digest(str(title), str(note), str(source))[:8]}",
        "spec": spec,
        "columns": table.columns,
        "rows": table.rows,
        "title": title,
        "source": source,
        "note": note,
    }
