"""From staged rows to organisations and their relations."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import polars as pl
from django.utils import timezone

from beffroi.actors.enums import NameKind, NoSiren, RelationKind, SameAsState
from beffroi.actors.models import ExternalId, Name, Organisation, Relation, SameAs
from beffroi.actors.queries import organisation_ids
from beffroi.actors.rules import is_same_body
from beffroi.core.text import search_key
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements
from beffroi.provenance.models import Load, Statement
from beffroi.reference.queries import Codes


def organisations(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=lambda rows: _written_organisations(rows, load))


def _written_organisations(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    """A code already known under the same name is the same body; under another name the identity is proposed, not assumed."""
    scheme, codes = load.snapshot.source.code, Codes(load.snapshot.source.code)
    known = organisation_ids(scheme)
    elsewhere = _organisations_by_code(row["code"] for row in rows)
    for row in rows:
        place = codes.place(row["territory"]) if row.text("territory") else None
        if row.text("territory") and place is None:
            yield row.refusal("territory", f"Le territoire « {row['territory']} » n’est décrit nulle part.")
            continue
        if row["code"] in known:
            organisation = Organisation.objects.get(pk=known[row["code"]])
            if load.visibility <= organisation.visibility:
                _updated(organisation, row, place)
        else:
            candidates = elsewhere.get(row["code"], [])
            organisation = _same_body(row, candidates) or _new_organisation(row, place, candidates, load)
            ExternalId.objects.create(organisation=organisation, scheme=scheme, value=row["code"])
        if load.visibility <= organisation.visibility:  # a name that few may know is not written where all read it
            _keep_names(organisation, row)
        yield Written(row, "organisation", organisation, row["label"])


def _organisations_by_code(codes: Iterable[str]) -> dict[str, list[Organisation]]:
    found: dict[str, list[Organisation]] = {}
    for identifier in ExternalId.objects.filter(value__in=list(codes)).select_related("organisation"):
        found.setdefault(identifier.value, []).append(identifier.organisation)
    return found


def _same_body(row: StatedRow, candidates: list[Organisation]) -> Organisation | None:
    names = (row["label"], row.text("acronym"))
    return next((body for body in candidates if is_same_body((body.name, body.acronym), names)), None)


def _new_organisation(row: StatedRow, place: int | None, candidates: list[Organisation], load: Load) -> Organisation:
    organisation = Organisation.objects.create(
        name=row["label"],
        acronym=row.text("acronym"),
        kind=row["kind"],
        no_siren=NoSiren.NOT_STATED,
        place_id=place,
        created=row.text("created")[:20],
        sort_key=search_key(row["label"])[:300],
        owner=load.owner,
        visibility=load.visibility,
    )
    for candidate in candidates:
        SameAs.objects.get_or_create(
            one_id=min(candidate.pk, organisation.pk),
            other_id=max(candidate.pk, organisation.pk),
            defaults={
                "state": SameAsState.PROPOSED,
                "rule": "même code, autre nom",
                "evidence": f"Code « {row['code']} » : « {candidate.name} » et « {organisation.name} ».",
                "at": timezone.now(),
            },
        )
    return organisation


def _updated(organisation: Organisation, row: StatedRow, place: int | None) -> None:
    if organisation.external_ids.count() == 1:
        organisation.name, organisation.acronym, organisation.kind = row["label"], row.text("acronym"), row["kind"]
        organisation.place_id, organisation.sort_key = place, search_key(row["label"])[:300]
        organisation.save()


def _keep_names(organisation: Organisation, row: StatedRow) -> None:
    if search_key(row["label"]) != organisation.sort_key:
        Name.objects.get_or_create(organisation=organisation, kind=NameKind.ALIAS, text=row["label"])
    acronym = row.text("acronym")
    if acronym and acronym != organisation.acronym:
        Name.objects.get_or_create(organisation=organisation, kind=NameKind.ACRONYM, text=acronym)


def close_relations(statements: list[Statement], at: datetime) -> None:
    ids = [row.subject_id for row in statements if row.subject_kind == "relation"]
    Relation.objects.filter(pk__in=ids, recorded_to__isnull=True).update(recorded_to=at)


def _target(row: StatedRow, codes: Codes, known: dict[str, int]) -> dict[str, int | None]:
    kind, _, local = row["object"].partition(":")
    if not local:
        return {"organisation_id": known.get(kind)}
    if kind == "framework":
        return {"framework_id": codes.frameworks.get(local)}
    if kind == "system":
        return {"system_id": codes.systems.get(local)}
    return {"item_id": codes.item(kind, local)}


def written_relations(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    """Edges to another organisation, an item, a framework or a named system."""
    codes, known, at = Codes(load.snapshot.source.code), organisation_ids(load.snapshot.source.code), timezone.now()
    made: list[tuple[StatedRow, Relation]] = []
    for row in rows:
        subject, target = known.get(row["subject"]), _target(row, codes, known)
        if subject is None:
            yield row.refusal("subject", f"L’organisation « {row['subject']} » n’est pas décrite par cette source.")
        elif None in target.values():
            yield row.refusal("object", f"« {row['object']} » n’est décrit nulle part.")
        elif row["kind"] not in RelationKind.values:
            yield row.refusal("kind", f"La relation « {row['kind']} » n’est pas dans la liste des relations.")
        else:
            edge = Relation(
                subject_id=subject,
                kind=row["kind"],
                since=row["since_start"],
                written_since=row.text("since")[:20],
                detail=row.text("detail")[:500],
                recorded_from=at,
                owner=load.owner,
                visibility=load.visibility,
                **target,
            )
            made.append((row, edge))
    Relation.objects.bulk_create([edge for _, edge in made], batch_size=2_000)
    yield from (Written(row, "relation", edge, f"{row['subject']} {row['kind']} {row['object']}") for row, edge in made)
