from collections import defaultdict
from collections.abc import Iterable, Iterator

from beffroi.accounts.models import AnyUser
from beffroi.actors.enums import OrganisationKind
from beffroi.actors.models import ExternalId, Name, Organisation, Relation
from beffroi.actors.rules.same_as import Record
from beffroi.core.search import SearchRow, address_of
from beffroi.provenance.models import Statement
from beffroi.provenance.queries import Moment


def organisation_ids(scheme: str) -> dict[str, int]:
    """The organisations that a source names, by its own codes."""
    return dict(ExternalId.objects.filter(scheme=scheme).values_list("value", "organisation_id"))


def relations_to_items(items: Iterable[int], *, moment: Moment, viewer: AnyUser) -> list[Relation]:
    """Who is tied to items (or to territories), as known on a date."""
    rows = Relation.objects.seen_at(moment, viewer).filter(item__in=list(items))
    return list(rows.select_related("subject", "item").order_by("kind", "subject__sort_key"))


PUBLIC_BODIES = {OrganisationKind.STATE, OrganisationKind.REGION, OrganisationKind.DEPARTMENT, OrganisationKind.METROPOLIS}


def organisation_search_rows(ids: Iterable[int] | None) -> Iterator[SearchRow]:
    rows = Organisation.objects.all() if ids is None else Organisation.objects.filter(pk__in=list(ids))
    for row in rows.prefetch_related("names", "external_ids").iterator(chunk_size=2_000):
        yield SearchRow(
            kind="organisation",
            id=row.pk,
            title=row.name,
            detail=str(row.get_kind_display()),
            address=address_of(row),
            texts=(row.siren or "", *(name.text for name in row.names.all()), *(code.value for code in row.external_ids.all())),
            acronyms=(row.acronym, *(name.text for name in row.names.all() if name.kind == "acronym")),
            rank=6 if row.kind in PUBLIC_BODIES else 0 if row.kind == OrganisationKind.COMPANY else 3,
            owner_id=row.owner_id,
            visibility=row.visibility,
        )


def records_of(organisations: Iterable[int] | None = None) -> list[Record]:
    """Organisations as `rules.same_as` compares them: all of them, or these."""
    rows, names = Organisation.objects.all(), Name.objects.all()
    stated = Statement.objects.filter(subject_kind="organisation", recorded_to__isnull=True)
    if organisations is not None:
        ids = list(organisations)
        rows, names, stated = rows.filter(pk__in=ids), names.filter(organisation__in=ids), stated.filter(subject_id__in=ids)
    other_names = _grouped(names.values_list("organisation_id", "text"))
    documents = _grouped(stated.values_list("subject_id", "load__snapshot__source__code").distinct())
    return [
        Record(
            pk=row.pk,
            name=row.name,
            acronym=row.acronym,
            kind=row.kind,
            other_names=tuple(other_names[row.pk]),
            documents=frozenset(documents[row.pk]),
            place=row.place_id,
            siren=row.siren,
        )
        for row in rows.order_by("pk")
    ]


def _grouped(pairs: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for pk, text in pairs:
        found[pk].append(text)
    return found
