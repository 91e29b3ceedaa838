"""The sheet of an organisation: what every record of one body says, told together."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.models import AnyUser, AuditEvent
from beffroi.accounts.roles import may
from beffroi.actors import queries
from beffroi.actors.enums import ActorAct, OrganisationKind
from beffroi.actors.models import Contact, ExternalId, Label, Name, Organisation, ProjectHolder, SameAs
from beffroi.actors.queries.heads import head_of
from beffroi.actors.queries.overlaps import own_items
from beffroi.actors.queries.relations import statements_of
from beffroi.actors.rules.pictures import Thing, star
from beffroi.core.figures import Figure
from beffroi.core.models import believed_at
from beffroi.funding.queries import agreements_about, counters, may_count, money_about, parts_in_operations, undertaking
from beffroi.governance.models import Body, Mandate
from beffroi.governance.queries import meetings_about
from beffroi.indicators.queries import values_about
from beffroi.interactions.queries import Whom, segments
from beffroi.provenance.models import Anomaly, Source
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.evidence import Counted
from beffroi.publishing.sheets import Composed, Section, activity
from beffroi.publishing.sheets.support import SECTION as SUPPORT

MOST_DRAWN = 40
# The dimensions of breakdowns whose values are codes of organisations
NAMING = ("org", "organisation", "structure", "pole", "etablissement", "organisme", "actionnaire", "operateur", "a", "b")


@dataclass(frozen=True)
class United:
    """A body with all its records; `asked` is the record whose address was opened."""

    asked: Organisation
    records: tuple[Organisation, ...]
    holders: tuple[int, ...] = ()

    @property
    def ids(self) -> list[int]:
        return [row.pk for row in self.records]

    @property
    def pk(self) -> int:
        return self.asked.pk

    @property
    def thing(self) -> Organisation:
        return self.asked

    @property
    def whom(self) -> Whom:
        return Whom(self.ids, self.holders)

    def __str__(self) -> str:
        return str(self.asked)


def united(organisation: Organisation, viewer: AnyUser) -> United:
    records = tuple(queries.same_as_group(organisation, viewer))
    holders = ProjectHolder.objects.visible_to(viewer).filter(organisation__in=records).order_by("pk")
    return United(organisation, records, tuple(holders.values_list("pk", flat=True)))


def about(body: United, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    names = Name.objects.filter(organisation__in=body.ids).order_by("kind", "text")
    codes = list(ExternalId.objects.filter(organisation__in=body.ids).order_by("scheme", "value"))
    titles = {row.code: row for row in Source.objects.filter(code__in={row.scheme for row in codes})}
    return {
        "records": body.records,
        "names": list(names),
        "codes": [(titles.get(row.scheme, row.scheme), row.value) for row in codes],
        "links": _links(body, viewer),
        "can_settle": may(viewer, Permission.SETTLE),
        "asked": body.asked,
    }


def _links(body: United, viewer: AnyUser) -> list[SameAs]:
    """The pairs that unite these records, and those that wait for a decision."""
    pairs = SameAs.objects.visible_to(viewer).exclude(state="refused")
    return list(pairs.filter(Q(one__in=body.ids) | Q(other__in=body.ids)).select_related("one", "other", "by"))


def figures(body: United, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    """The values whose breakdown names this body, by its code in the same source or by the item that stands for it."""
    items = {item for group in own_items(body.ids).values() for item in group}
    named = Q(dimensions__item__in=items, dimensions__name__in=NAMING)
    for scheme, value in ExternalId.objects.filter(organisation__in=body.ids).values_list("scheme", "value"):
        named |= Q(dimensions__name__in=NAMING, dimensions__value=value, indicator__namespace=scheme)
    return values_about(named, moment=moment, viewer=viewer)


def given(body: United, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    return money_about(Q(fund__in=body.ids), moment=moment, viewer=viewer, explored=explored(body, "fund", "item"))


def received(body: United, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    return money_about(Q(receiver__in=body.ids), moment=moment, viewer=viewer, explored=explored(body, "receiver", "fund"))


def explored(body: United, side: str, by: str) -> dict[str, object]:
    """Money counts for the record that stands for the others of the same body."""
    numbered = {row.pk for row in body.records if row.siren}
    return {side: head_of(body.ids, numbered), "by": by}


def relations(body: United, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    ends = Q(subject__in=body.ids) | Q(organisation__in=body.ids)
    rows = queries.relations_about(ends, moment=moment, viewer=viewer)
    if not rows:
        return None
    groups: dict[str, list[queries.SeenRelation]] = defaultdict(list)
    for row in rows:
        groups[str(row.relation.get_kind_display())].append(row)
    around = queries.neighbours(rows, body.ids)
    return {
        "groups": sorted(groups.items()),
        "ids": body.ids,
        "picture": _picture(body, around[:MOST_DRAWN]),
        "title": _("Ce à quoi « %(name)s » est lié") % {"name": body},
        "left_out": max(0, len(around) - MOST_DRAWN),
        "neighbours": len(around),
        "count": len(rows),
    }


def _picture(body: United, around: list[tuple[Any, list[queries.SeenRelation]]]) -> Any:
    things = [
        (
            Thing(str(end), end.get_absolute_url(), "near" if isinstance(end, Organisation) else "far"),
            ", ".join(sorted({str(row.relation.get_kind_display()) for row in edges})),
        )
        for end, edges in sorted(around, key=lambda pair: str(pair[0]))
    ]
    return star(Thing(str(body), "", "centre"), things)


def agreements(body: United, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    rows = agreements_about(body.ids, moment=moment, viewer=viewer)
    return {"agreements": rows, "count": len(rows)} if rows else None


def de_minimis(body: United, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    """For those who compete on a market, or who have such aids; to partners alone."""
    if not may_count(viewer):
        return None
    who = undertaking(body.asked, moment=moment, viewer=viewer)
    found = counters(who, on=moment.as_of, moment=moment, viewer=viewer)
    if body.asked.kind != OrganisationKind.COMPANY and not any(one.rows or one.others for one in found):
        return None
    shown = [(one, one.figures(body.pk)) for one in found]
    return {"who": who, "counters": shown, "asked": body.asked, "on": moment.as_of}


def operations(body: United, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    rows = parts_in_operations(body.ids, moment=moment, viewer=viewer)
    return {"parts": rows, "count": len(rows)} if rows else None


def mandates(body: United, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    known = believed_at(moment.known_on)
    seen = Body.objects.visible_to(viewer).values("pk")
    rows = Mandate.objects.filter(known, organisation__in=body.ids, body__in=seen).select_related("body")
    found = list(rows.order_by("body__sort_key", "pk"))
    return {"mandates": found, "count": len(found)} if found else None


def meetings(body: United, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    return meetings_about(Q(organiser__in=body.ids) | Q(about_organisation__in=body.ids), moment=moment, viewer=viewer)


def register(body: United, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    return queries.register_card(body.records)


def places(body: United, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    sites = queries.sites_of(body.ids, viewer=viewer)
    labels = list(Label.objects.filter(organisation__in=body.ids).select_related("labeller", "item").order_by("since", "pk"))
    count = sites.count + len(labels)
    can_add = may(viewer, Permission.SETTLE)
    if not count and not can_add:
        return None
    return {"sites": sites, "labels": labels, "count": count, "can_add": can_add, "asked": body.asked}


def segmentation(body: United, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    """The class that each dated run gives it, with what put it there."""
    rows = [row for row in segments.classes_about(body.ids, viewer) if row.run.on <= moment.as_of]
    found = [
        {"row": row, "method": method, "label": method.label_of(row.segment), "inputs": segments.inputs_of(row)}
        for row in rows
        for method in (segments.method_of(row.run),)
    ]
    return {"classes": found, "count": len(found)} if found else None


def contacts(body: United, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    """Those that this reader may see; whoever has no partner sees none and is told nothing of the others."""
    if not viewer.is_authenticated or not viewer.partner_ids:
        return None
    rows = list(Contact.objects.visible_to(viewer).filter(organisation__in=body.ids).select_related("owner"))
    return {"contacts": rows, "count": len(rows), "partner_ids": viewer.partner_ids, "asked": body.asked}


def anomalies(body: United, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    about_them = Anomaly.objects.visible_to(viewer).open().filter(about__kind="organisation", about__subject_id__in=body.ids)
    rows = list(about_them.distinct())
    return {"anomalies": rows, "count": len(rows)} if rows else None


def sources(body: United, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    stated = statements_of("organisation", body.ids, moment=moment, viewer=viewer)
    rows = [row for pk in body.ids for row in stated.get(pk, [])]
    return {"statements": rows, "count": len(rows)} if rows else None


def history(body: United, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    """What people did to these records, the last first."""
    if not viewer.is_authenticated:
        return None
    acts = AuditEvent.objects.filter(subject_kind="organisation", subject_id__in=body.ids, at__lte=moment.known_on)
    private = (ActorAct.CONTACT_ADDED, ActorAct.CONTACT_CHANGED)
    events = [_event(act) for act in acts.exclude(act__in=private).select_related("by")]
    return {"events": events, "count": len(events)} if events else None


def _event(act: AuditEvent) -> dict[str, Any]:
    label = ActorAct(act.act).label if act.act in ActorAct.values else act.act_label
    by = act.by or _("Beffroi")
    return {"day": act.at, "kind": str(by), "title": label, "detail": act.detail.get("reason", ""), "address": "", "sense": ""}


SECTIONS = (
    Section("description", _("Ce que c’est"), "actors/_organisation_section.html", about),
    Section("registre", _("Ce que dit SIRENE"), "actors/_register_section.html", register),
    Section("chiffres", _("Chiffres"), "indicators/_values_section.html", figures),
    Section("recu", _("Ce qu’elle reçoit"), "funding/_money_section.html", received),
    Section("verse", _("Ce qu’elle finance"), "funding/_money_section.html", given),
    Section("conventions", _("Conventions"), "funding/_agreements_section.html", agreements),
    Section("de-minimis", _("Aides de minimis, connues ici"), "funding/_de_minimis_section.html", de_minimis),
    Section("relations", _("Relations"), "actors/_network_section.html", relations),
    Section("operations", _("Opérations"), "funding/_parts_section.html", operations),
    *activity.SECTIONS,
    SUPPORT,
    Section("instances", _("Instances où elle siège"), "governance/_seats_section.html", mandates),
    Section("reunions", _("Réunions et actes"), "governance/_meetings_section.html", meetings),
    Section("etablissements", _("Établissements et labels"), "actors/_places_section.html", places),
    Section("segmentation", _("Segmentation"), "interactions/_segments_section.html", segmentation),
    Section("contacts", _("Contacts"), "actors/_contacts_section.html", contacts),
    Section("anomalies", _("Ce qui se contredit"), "provenance/_anomalies_section.html", anomalies),
    Section("sources", _("Sources"), "provenance/_sources_section.html", sources),
    Section("historique", _("Historique"), "actors/_history_section.html", history),
)
COUNTS = {
    "relations": _("Les relations que les sources disent de cette organisation, dans les deux sens, à cette date."),
    "operations": _("Les opérations auxquelles cette organisation prend part."),
    "recu": _("Les montants dont elle est bénéficiaire, chacun à son stade : leur nombre, jamais leur somme."),
    "verse": _("Les montants dont elle est le financeur, chacun à son stade : leur nombre, jamais leur somme."),
    "chiffres": _("Les valeurs d’indicateurs dont la ventilation la nomme."),
    "sources": _("Les lignes des sources qui la décrivent."),
}


def key_figures(body: United, sections: list[Composed]) -> list[Figure]:
    return [
        Figure(value=part.count, label=str(part.title), why=f"organisation:{body.pk}/{part.id}")
        for part in sections
        if part.id in COUNTS and part.count
    ]


def counted(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`pk/section`: why a key figure of the sheet is what it is."""
    pk, _slash, name = rest.partition("/")
    found = Organisation.objects.visible_to(viewer).filter(pk=int(pk)).first()
    section = next((part for part in SECTIONS if part.id == name and name in COUNTS), None)
    if found is None or section is None:
        return None
    context = section.query(united(found, viewer), viewer, moment) or {"count": 0}
    figure = Figure(value=context["count"], label=str(section.title))
    return Counted(found, COUNTS[name], figure, list(_parts(name, context)), found)


def _parts(name: str, context: dict[str, Any]) -> Any:
    if name == "relations":
        for _kind, rows in context.get("groups", ()):
            yield from ((str(row.relation), None, None) for row in rows)
    elif name == "operations":
        yield from ((part.operation, part.operation, None) for part in context.get("parts", ()))
    elif name == "sources":
        yield from ((row.label, row.load.snapshot.source, None) for row in context.get("statements", ()))
    elif name == "chiffres":
        shown = [*context.get("values", ()), *(row.target for row in context.get("targets", ()))]
        shown += [row.actual for row in context.get("targets", ()) if row.actual]
        yield from ((value.cell.indicator, value.cell.indicator, value.figure) for value in shown)
    else:
        for role in ("line", "expenditure", "sum"):
            yield from ((row.subject, None, row.figure) for row in context.get(role, ()))


def shows_contacts(sections: Sequence[Composed]) -> bool:
    """Whether this reader is about to read names and numbers of persons."""
    return any(part.id == "contacts" and part.count for part in sections)
