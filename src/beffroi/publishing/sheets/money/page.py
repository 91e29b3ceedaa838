"""What the page of the money explorer shows: totals, groups a page at a time, a picture, and what the totals do not say."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.funding.models import Programme
from beffroi.funding.queries.conversions import money_through
from beffroi.funding.queries.money import Answer, money
from beffroi.funding.queries.questions import Question
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets.money.answers import (
    Group,
    Named,
    Remark,
    Total,
    answer_totals,
    apart_words,
    euros,
    money_figure,
    reading_groups,
    reading_totals,
)
from beffroi.publishing.sheets.money.maps import money_map
from beffroi.publishing.sheets.money.pictures import Picture, bars, flows, years

ELSEWHERE = {
    "regional": gettext_lazy("Ce qui est régional, et n’est compté dans aucun territoire"),
    "unplaced": gettext_lazy("Ce dont aucune source ne dit le lieu"),
}
DOUBTFUL = gettext_lazy(
    "éléments que plusieurs correspondances totales, ou des parts de plus de 100 %, portent au-delà d’eux-mêmes : ils ne "
    "comptent qu’« au plus »"
)
COUNTED = ("unknown", "possible_doubles", "rivals")


@dataclass(frozen=True)
class Explored:
    question: Question
    totals: Sequence[Total]
    remarks: Sequence[Remark]
    groups: Named | list[Group]
    has_basis: bool = False

    @property
    def is_read_through(self) -> bool:
        return bool(self.question.into)

    def picture(self, kind: str, *, level: str, viewer: AnyUser, moment: Moment) -> Picture | None:
        """Of the total that most groups make: the others are other stages, instruments or currencies."""
        if not kind or not self.totals:
            return None
        groups = _flow_groups(self.question, viewer=viewer, moment=moment) if kind == "flow" else self.groups
        total = _fullest(self.totals, groups)
        if kind == "map":
            return money_map(self.question, total, level=level, viewer=viewer, moment=moment)
        own = groups.of(total) if isinstance(groups, Named) else [group for group in groups if _is_of(group, total)]
        if kind == "flow" and isinstance(own, Named):
            return flows(own, total)
        return years(own.frame, total) if isinstance(own, Named) and self.question.by[0] == "year" else bars(own, total)


def _fullest(totals: Sequence[Total], groups: Named | list[Group]) -> Total:
    names = list(totals[0].keys)
    rows = groups.frame.select(names).rows() if isinstance(groups, Named) else [_keys(group, names) for group in groups]
    sizes = Counter(rows)
    return max(totals, key=lambda one: sizes[tuple(one.keys.values())])


def _keys(group: Group, names: Sequence[str]) -> tuple[Any, ...]:
    return tuple(group.raw[name] for name in names)


def _is_of(group: Group, total: Total) -> bool:
    return _keys(group, list(total.keys)) == tuple(total.keys.values())


def explored(question: Question, *, viewer: AnyUser, moment: Moment) -> Explored:
    """Raises UnaskedMoney, UnknownTerritory."""
    if question.into:
        return _read_through(question, viewer=viewer, moment=moment)
    answer = money(question, viewer=viewer, moment=moment)
    frame = _in_order(answer.groups, question)
    remarks = [*_remarks(answer, question), *_silent(answer.silent, viewer)]
    groups = Named(frame, answer.labels, question)
    return Explored(question, answer_totals(answer.groups, question), remarks, groups, _has_basis(frame.columns, question))


def _has_basis(columns: Iterable[str], question: Question) -> bool:
    return "place_basis" in columns and "place_basis" not in question.by


def _read_through(question: Question, *, viewer: AnyUser, moment: Moment) -> Explored:
    """The lines are those of the same question without the crosswalk: what its totals do not say, these do not either."""
    reading = money_through(question, viewer=viewer, moment=moment)
    answer = money(replace(question, by=(), into=""), viewer=viewer, moment=moment)
    groups = reading_groups(reading, answer.labels, question)
    remarks = [*_remarks(answer, question), *_silent(answer.silent, viewer)]
    if reading.doubtful:
        remarks.append(Remark(DOUBTFUL, Figure(value=len(reading.doubtful))))
    columns = reading.parts[0].keys if reading.parts else ()
    return Explored(question, reading_totals(reading, question), remarks, groups, _has_basis(columns, question))


def _in_order(groups: pl.DataFrame, question: Question) -> pl.DataFrame:
    """The largest first; years in their order."""
    if question.by[0] == "year":
        return groups.sort("year", *groups.columns[1:4], nulls_last=True)
    return groups.sort("at_most", descending=True, maintain_order=True)


def _flow_groups(question: Question, *, viewer: AnyUser, moment: Moment) -> Named:
    """Two keys make a flow: those asked, or the second that says most."""
    keys = [*question.by, *(key for key in ("fund", "item") if key not in question.by)][:2]
    asked = replace(question, by=sorted(keys, key=lambda key: key != "fund"), into="")
    answer = money(asked, viewer=viewer, moment=moment)
    return Named(answer.groups.sort("at_most", descending=True, maintain_order=True), answer.labels, asked)


def _remarks(answer: Answer, question: Question) -> list[Remark]:
    sums = {name: int(answer.groups[name].sum()) for name in (*COUNTED, "transit")}
    said = {
        "unknown": ngettext(
            "ligne sans montant connu, comptée nulle part", "lignes sans montant connu, comptées nulle part", sums["unknown"]
        ),
        "possible_doubles": ngettext(
            "ligne qui est peut-être déjà comptée : elle n’est qu’« au plus »",
            "lignes qui sont peut-être déjà comptées : elles ne sont qu’« au plus »",
            sums["possible_doubles"],
        ),
        "rivals": ngettext(
            "ligne sur laquelle des sources se contredisent : la plus basse est certaine, la plus haute « au plus »",
            "lignes sur lesquelles des sources se contredisent : la plus basse est certaine, la plus haute « au plus »",
            sums["rivals"],
        ),
    }
    found = [Remark(said[name], Figure(value=sums[name])) for name in COUNTED if sums[name]]
    if sums["transit"]:
        text = _("ne font que passer par un fonds : ils ne comptent qu’à leur sortie")
        found.append(Remark(text, Figure(value=euros(sums["transit"]), unit="€")))
    if answer.undated:
        found.append(_undated(answer.undated))
    return [*found, *_elsewhere(answer, question)]


def _undated(count: int) -> Remark:
    words = ngettext("ligne sans date, laissée hors de la période", "lignes sans date, laissées hors de la période", count)
    return Remark(words, Figure(value=count))


def _elsewhere(answer: Answer, question: Question) -> list[Remark]:
    """Beside a territory's total, never in it: each stage and instrument by itself."""
    others = replace(question, territory="", by=())
    return [
        Remark(f"{ELSEWHERE[name]} ({', '.join(apart_words(row, others))})", replace(money_figure(row, others), why=""))
        for name, groups in answer.elsewhere.items()
        for row in groups.sort("at_most", descending=True).iter_rows(named=True)
        if row["at_most"]
    ]


def _silent(ids: pl.Series, viewer: AnyUser) -> list[Remark]:
    """The sources not yet received."""
    names = Programme.objects.visible_to(viewer).filter(pk__in=ids.to_list()).order_by("framework__sort_key")
    listed = list(names.select_related("framework")) if len(ids) else []
    if not listed:
        return []
    text = ngettext(
        "programme n’a encore aucun montant à ce stade", "programmes n’ont encore aucun montant à ce stade", len(listed)
    )
    return [Remark(text, Figure(value=len(listed)), [programme.framework for programme in listed])]
