"""Pages about one thing across domains: each sheet is a list of sections, each section one query and one template."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.provenance.queries import Moment, anomalies_about, statements_about

Query: TypeAlias = Callable[[Any, AnyUser, Moment], dict[str, Any] | None]


@dataclass(frozen=True)
class Section:
    """`query(thing, viewer, moment)` gives the template's context, with a `count` if one makes sense; None: nothing to say."""

    id: str
    title: Any
    template: str
    query: Query


@dataclass(frozen=True)
class Composed:
    id: str
    title: Any
    template: str
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def count(self) -> int | None:
        return self.context.get("count")


def composed(sections: Sequence[Section], thing: Any, *, viewer: AnyUser, moment: Moment) -> list[Composed]:
    """The sections that have something to say, in their order."""
    asked = ((section, section.query(thing, viewer, moment)) for section in sections)
    return [Composed(part.id, part.title, part.template, context) for part, context in asked if context is not None]


def anomalies_section(kind: str) -> Section:
    def query(thing: Any, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
        rows = list(anomalies_about(kind, thing.pk, viewer=viewer))
        return {"anomalies": rows, "count": len(rows)} if rows else None

    return Section("anomalies", _("Ce qui se contredit"), "provenance/_anomalies_section.html", query)


def sources_section(kind: str) -> Section:
    def query(thing: Any, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
        rows = list(statements_about(kind, thing.pk, moment=moment, viewer=viewer))
        return {"statements": rows, "count": len(rows)} if rows else None

    return Section("sources", _("Sources"), "provenance/_sources_section.html", query)
