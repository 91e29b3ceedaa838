"""The standard sheet of a cluster: the rubrics under which the study of 2012 describes each, the same for all.

The study notes that no format is imposed on activity reports; these rubrics are those of its own portraits of clusters
(objectives and services, composition and governance, team, funding, partnerships, activities, results and impact)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from beffroi.accounts.models import AnyUser
from beffroi.actors.enums import RelationKind
from beffroi.actors.models import Organisation
from beffroi.actors.queries.relations import relations_about
from beffroi.core.figures import Figure
from beffroi.funding.queries import agreements_about
from beffroi.funding.queries.money import money
from beffroi.funding.queries.questions import Question
from beffroi.interactions.models import Service
from beffroi.interactions.queries.shares import Work
from beffroi.provenance.queries import Moment
from beffroi.publishing.dashboards.funders import outcomes
from beffroi.publishing.dashboards.paper import block, paper
from beffroi.publishing.reports.parts import Document
from beffroi.publishing.sheets import organisation as sheet
from beffroi.publishing.sheets.money.answers import answer_totals

TEAM = ("effectif-animation", "personnel-cluster")
IMPACT = "impact"
TIES = (
    RelationKind.PARTNER_OF, RelationKind.LINKED_TO, RelationKind.SHARES_STAFF_WITH, RelationKind.SHARES_MEMBERS_WITH,
    RelationKind.SHARES_DIRECTOR_WITH, RelationKind.IN_CONTACT_WITH,
)  # fmt: skip
GOVERNS = (RelationKind.CHAIRS, RelationKind.DIRECTS, RelationKind.CARRIES, RelationKind.ADMINISTERS)
MOST = 12


@dataclass(frozen=True)
class Rubric:
    """`rows`: (what, value); none: not measured, which stays as such."""

    title: str
    rows: Sequence[tuple[Any, Any]]


def cluster_sheet(body: Organisation, work: Work | None, *, viewer: AnyUser, moment: Moment) -> list[Rubric]:
    united = sheet.united(body, viewer)
    ends = Q(subject__in=united.ids) | Q(organisation__in=united.ids)
    ties = [row.relation for row in relations_about(ends, moment=moment, viewer=viewer) if not row.is_over]
    figures = list(_figures(united, viewer, moment))
    return [
        Rubric(_("Identité"), list(_identity(body))),
        Rubric(_("Objectifs, services offerts aux membres"), list(_services(body, viewer, moment))),
        Rubric(_("Composition, gouvernance"), list(_governance(ties, united.ids))),
        Rubric(_("Équipe d’animation"), [(label, figure) for label, code, _kind, figure in figures if code in TEAM]),
        Rubric(_("Financement"), list(_money(united, viewer, moment))),
        Rubric(_("Partenariats et interfaces"), list(_partners(ties, united.ids))),
        Rubric(_("Activités"), _activity(work)),
        Rubric(_("Autres chiffres des sources"), [(label, figure) for label, code, kind, figure in figures
                                                  if code not in TEAM and kind != IMPACT][:MOST]),
        Rubric(_("Impact"), [(label, figure) for label, _code, kind, figure in figures if kind == IMPACT]),
    ]  # fmt: skip


def _identity(body: Organisation) -> Iterator[tuple[Any, Any]]:
    yield _("Nature"), body.get_kind_display()
    yield _("SIREN"), body.siren or body.get_no_siren_display()
    if body.created:
        yield _("Création"), body.created
    if body.place:
        yield _("Lieu"), str(body.place)
    for label in body.labels.select_related("labeller", "item").order_by("pk"):
        yield _("Label"), " · ".join(filter(None, [str(label.item or ""), label.level, str(label.labeller or "")]))


def _services(body: Organisation, viewer: AnyUser, moment: Moment) -> Iterator[tuple[Any, Any]]:
    if body.partner_id is None:
        return
    rows = Service.objects.visible_to(viewer).filter(owner=body.partner_id).exclude(ended_on__lte=moment.as_of)
    for row in rows.prefetch_related("subjects"):
        yield row.title, ", ".join(str(item) for item in row.subjects.all()) or row.description


def _governance(ties: Sequence[Any], ids: Sequence[int]) -> Iterator[tuple[Any, Any]]:
    members = [row for row in ties if row.kind == RelationKind.MEMBER_OF and row.organisation_id in ids]
    if members:
        yield _("Membres connus ici"), Figure(value=len({row.subject_id for row in members}))
    for row in ties:
        if row.kind in GOVERNS:
            yield row.get_kind_display(), _other(row, ids)


def _other(row: Any, ids: Sequence[int]) -> str:
    """The other end, from where one looks."""
    if row.subject_id in ids:
        return str(row.organisation or row.item or row.framework or "")
    return _("par %(name)s") % {"name": row.subject}


def _partners(ties: Sequence[Any], ids: Sequence[int]) -> Iterator[tuple[Any, Any]]:
    for row in [row for row in ties if row.kind in TIES][:MOST]:
        yield row.get_kind_display(), _other(row, ids)


def _figures(united: sheet.United, viewer: AnyUser, moment: Moment) -> Iterator[tuple[str, str, str, Figure]]:
    found = sheet.figures(united, viewer, moment)
    for value in found["values"] if found else ():
        indicator = value.cell.indicator
        yield " · ".join(filter(None, [indicator.label, value.cell.breakdown])), indicator.code, indicator.kind, value.figure


def _money(united: sheet.United, viewer: AnyUser, moment: Moment) -> Iterator[tuple[Any, Any]]:
    """What it receives, by stage: never added from one stage to another."""
    head = sheet.explored(united, "receiver", "fund")["receiver"]
    question = Question(where={"receiver": str(head)})
    for total in answer_totals(money(question, viewer=viewer, moment=moment).groups, question):
        yield total.words, total.figure
    for row in agreements_about(united.ids, moment=moment, viewer=viewer)[:MOST]:
        yield _("Convention"), str(row)


def _activity(work: Work | None) -> list[tuple[Any, Any]]:
    if work is None or not work.activities:
        return []
    return [(row.label, row.figure) for row in outcomes(work.activities, work, lambda rows: "")]


def cluster_document(body: Organisation, rubrics: Sequence[Rubric], *, on: date, at: datetime) -> Document:
    parts = [
        (rubric.title, [block(rubric.title, [_("Rubrique"), _("Ce qui est connu")],
                              rubric.rows or [(_("non mesuré"), "")])])
        for rubric in rubrics
    ]  # fmt: skip
    lead = _("Les mêmes rubriques pour tous ; « non mesuré » où rien n’est connu.")
    return paper(str(body), _("Fiche type d’un pôle"), parts, on=on, at=at, lead=lead, method=[])
