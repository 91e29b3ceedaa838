"""Why an amount of the money explorer: the lines that it adds, each with its own source."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import polars as pl
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation
from beffroi.analytics.consolidation import totals
from beffroi.core.figures import Figure
from beffroi.funding.models import Line
from beffroi.funding.queries.consolidated import ledger
from beffroi.funding.queries.conversions import Borne, Counts, carried_into
from beffroi.funding.queries.money import selected
from beffroi.funding.queries.questions import Question, question_of
from beffroi.funding.queries.territories import UnknownTerritory
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.evidence import Counted
from beffroi.publishing.sheets.money.answers import money_figure
from beffroi.publishing.sheets.money.asked import stage_in_words
from beffroi.reference.models import Item

LISTED = 300
RULE = gettext_lazy(
    "La somme des lignes qui répondent à la question, chacune une fois quel que soit le nombre de sources qui la disent. "
    "Est certain ce que toutes les sources admettent ; au plus, ce que l’une d’elles permet : montants en désaccord non réglé, "
    "lignes qui sont peut-être la même. Ce qui ne fait que passer par un fonds n’est compté qu’à sa sortie."
)
THROUGH = gettext_lazy(
    "Les montants des éléments qu’une correspondance porte vers celui-ci. Une correspondance totale porte tout, une partielle "
    "sa part ; une part inconnue ne compte qu’« au plus »."
)


def of_money(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`rest`: the address of a question."""
    try:
        question = question_of(rest)
        asked, _undated = selected(ledger(viewer, moment).lines, question)
    except UnknownTerritory:
        return None
    groups = totals(asked, ()).to_dicts()
    if len(groups) != 1:
        return None
    return Counted(
        stage_in_words(question.stage), RULE, replace(money_figure(groups[0], question), why=""), _lines(asked, viewer)
    )


def _lines(asked: pl.LazyFrame, viewer: AnyUser) -> list[tuple[Any, Any, Figure | None]]:
    """The largest lines; the file of the page has them all."""
    rows = asked.sort(["at_most", "pk"], descending=[True, False]).head(LISTED).collect()
    lines = _found(rows["pk"].to_list(), viewer)
    named = _named(lines.values(), viewer)
    return [(_label(line, named), line.operation, _figure(row)) for row, line in _paired(rows.to_dicts(), lines)]


def _found(ids: list[int], viewer: AnyUser) -> dict[int, Line]:
    seen: QuerySet[Line] = Line.objects.visible_to(viewer).filter(pk__in=ids)
    return {line.pk: line for line in seen.select_related("programme__framework", "item", "operation", "fund", "receiver")}


def _paired(rows: Iterable[dict[str, Any]], lines: dict[int, Line]) -> Iterable[tuple[dict[str, Any], Line]]:
    return ((row, lines[row["pk"]]) for row in rows if row["pk"] in lines)


def _named(lines: Iterable[Line], viewer: AnyUser) -> set[int]:
    """The bodies whose name this reader may read: not everybody reads those of natural persons."""
    ids = {pk for line in lines for pk in (line.fund_id, line.receiver_id) if pk is not None}
    return set(Organisation.objects.named_to(viewer).filter(pk__in=ids).order_by().values_list("pk", flat=True))


def _label(line: Line, named: set[int]) -> str:
    fund, receiver = (_body(body, named) for body in (line.fund, line.receiver))
    words = (fund, line.operation or line.item or line.programme, receiver, line.written_period)
    return " · ".join(str(word) for word in words if word)


def _body(body: Organisation | None, named: set[int]) -> str:
    if body is None:
        return ""
    return str(body) if body.pk in named else str(_("non publié"))


def _figure(row: dict[str, Any]) -> Figure:
    passed = str(_("de passage par un fonds")) if row["transit"] else ""
    double = str(_("peut-être déjà comptée")) if row["is_double"] else ""
    figure = money_figure({**row, "lines": 1, "unknown": int(row["low"] is None and row["high"] is None)}, Question())
    return replace(figure, why=f"line:{row['pk']}", note=", ".join(filter(None, (passed, double))), known=None, parts=None)


def of_reading(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`framework/item/question`: what the crosswalks carry to an item."""
    framework, target, address = rest.split("/", 2)
    question = replace(question_of(address), into=framework)
    item = Item.objects.visible_to(viewer).filter(pk=int(target)).first()
    if item is None:
        return None
    shares = carried_into(item.pk, question, viewer=viewer, moment=moment)
    total = {name: sum(getattr(share, name) for share in shares) for name in ("certain", "at_most")}
    counts = sum((share.counts for share in shares), Counts())
    figure = money_figure(total | _said(question, counts), question)
    parts = [(share.item, share.item, _share_figure(share, question)) for share in shares]
    return Counted(item, THROUGH, replace(figure, why=""), parts, item)


def _said(question: Question, counts: Counts) -> dict[str, Any]:
    return {"stage": question.stage, "currency": question.currency, "lines": counts.lines, "unknown": counts.unknown}


def _share_figure(share: Borne, question: Question) -> Figure:
    """What is carried, with the why of the whole amount of the item."""
    own = replace(question, into="", item=f"{share.item.version.framework.code}:{share.item.code}")
    row = {"certain": share.certain, "at_most": share.at_most} | _said(question, share.counts)
    return replace(money_figure(row, own), note=share.said, why=f"money:{own.address}")


COUNTED = {"money": of_money, "through": of_reading}
