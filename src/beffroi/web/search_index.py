"""The list of what can be found: each kind with its name on screen and its rows. Plain code, so that one can grep it."""

from collections import defaultdict
from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from beffroi.actors.queries import organisations as actors
from beffroi.actors.queries import organisations_of_load
from beffroi.core import search
from beffroi.core.models import SearchEntry
from beffroi.core.search import SearchKind
from beffroi.funding import queries as funding
from beffroi.funding.queries.calls import call_search_rows
from beffroi.funding.queries.files import application_search_rows
from beffroi.governance import queries as governance
from beffroi.indicators import queries as indicators
from beffroi.interactions.queries import findable
from beffroi.provenance.models import Load, Statement
from beffroi.provenance.queries import findable as provenance
from beffroi.reference.queries import findable as reference

KINDS = (
    SearchKind("framework", _("Stratégies et programmes"), reference.framework_search_rows),
    SearchKind("organisation", _("Acteurs"), actors.organisation_search_rows, actors.organisation_search_frame),
    SearchKind("territory", _("Territoires"), reference.territory_search_rows),
    SearchKind("indicator", _("Indicateurs"), indicators.indicator_search_rows),
    SearchKind("item", _("Axes, actions et spécialisations"), reference.item_search_rows),
    SearchKind("operation", _("Opérations"), funding.operation_search_rows),
    SearchKind("call", _("Appels"), call_search_rows),
    SearchKind("application", _("Dossiers"), application_search_rows),
    SearchKind("agreement", _("Conventions"), funding.agreement_search_rows),
    SearchKind("service", _("Services des opérateurs"), findable.service_search_rows),
    SearchKind("offer", _("Savoir-faire des entreprises"), findable.offer_search_rows),
    SearchKind("body", _("Instances"), governance.body_search_rows),
    SearchKind("system", _("Outils et méthodes"), reference.system_search_rows),
    SearchKind("source", _("Sources"), provenance.source_search_rows),
)
LABELS = {kind.code: kind.label for kind in KINDS}
STATED_AS = {"item": ("item", "territory")}  # statements call both an item
MANY = 20_000  # things from which the index takes them column by column
INDEX_LANGUAGE = "fr"  # the language of the facts


def reindex() -> dict[str, int]:
    """Make the whole index again; how many things of each kind it holds."""
    search.clear()
    with translation.override(INDEX_LANGUAGE):
        return {kind.code: search.index(kind.rows(None)) for kind in KINDS}


def follow_load(load: Load) -> None:
    """What a load stated, and its source."""
    touched: dict[str, set[int]] = defaultdict(set)
    for stated, pk in Statement.objects.filter(load=load).values_list("subject_kind", "subject_id"):
        for code in STATED_AS.get(stated, (stated,)):
            touched[code].add(pk)
    touched["territory"] |= reference.earlier_years(touched["territory"])
    touched["organisation"] |= organisations_of_load(load.pk)
    touched["source"].add(load.snapshot.source_id)
    with translation.override(INDEX_LANGUAGE):
        for kind in KINDS:
            follow(kind, sorted(touched.get(kind.code, ())))


def follow(kind: SearchKind, ids: list[int]) -> None:
    """These things as they are now: found again, or found no more."""
    if kind.frame is not None and len(ids) >= MANY:
        ids = follow_new(kind, ids)
    for start in range(0, len(ids), search.BATCH):
        batch = ids[start : start + search.BATCH]
        present: set[int] = set()
        search.index(_noting(kind.rows(batch), present))
        search.remove(kind.code, set(batch) - present)


def follow_new(kind: SearchKind, ids: list[int]) -> list[int]:
    """Indexes at once the things that have no entry yet; gives the others."""
    known = set(SearchEntry.objects.filter(kind=kind.code).values_list("subject_id", flat=True))
    fresh = [pk for pk in ids if pk not in known]
    for start in range(0, len(fresh), MANY):
        search.index_new(kind.frame(fresh[start : start + MANY]), kind.code)  # type: ignore[misc]
    return [pk for pk in ids if pk in known]


def _noting(rows: Iterator[search.SearchRow], present: set[int]) -> Iterator[search.SearchRow]:
    for row in rows:
        present.add(row.id)
        yield row
