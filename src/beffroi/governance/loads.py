"""From staged rows to bodies, meetings and seats."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

import polars as pl
from django.utils import timezone

from beffroi.actors.queries import organisation_ids
from beffroi.core.text import search_key
from beffroi.governance.models import Body, Mandate, Meeting
from beffroi.governance.queries import body_ids
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements
from beffroi.provenance.models import Load, Statement
from beffroi.reference.queries import Codes


def bodies(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=lambda rows: _written_bodies(rows, load))


def duty(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


def _written_bodies(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    codes = Codes(load.snapshot.source.code)
    for row in rows:
        framework = codes.frameworks.get(row["framework"]) if row.text("framework") else None
        if row.text("framework") and framework is None:
            yield row.refusal("framework", f"Le cadre « {row['framework']} » n’est décrit nulle part.")
            continue
        body, _ = Body.objects.update_or_create(
            namespace=load.snapshot.source.code,
            code=row["code"],
            defaults={
                "label": row["label"],
                "framework_id": framework,
                "purpose": row.text("role"),
                "composition": row.text("members"),
                "meetings_a_year": duty(row.text("meetings_per_year")),
                "written_duty": row.text("meetings_per_year")[:120],
                "chair": row.text("chair")[:300],
                "sort_key": search_key(row["label"])[:300],
                "owner": load.owner,
                "visibility": load.visibility,
            },
        )
        yield Written(row, "body", body, row["label"])


def meetings(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=lambda rows: _written_meetings(rows, load), close=close_meetings)


def close_meetings(statements: list[Statement], at: datetime) -> None:
    Meeting.objects.filter(pk__in=[row.subject_id for row in statements if row.subject_kind == "meeting"]).delete()


@dataclass
class MeetingCodes:
    """What a meeting may be about, in the order in which a code is looked up."""

    source: str

    def __post_init__(self) -> None:
        self.codes, self.organisations, self.bodies = Codes(self.source), organisation_ids(self.source), body_ids(self.source)

    def about(self, text: str) -> dict[str, int]:
        framework, _, local = text.partition(":")
        if local:
            found = {"about_item_id": self.codes.item(framework, local)}
        else:
            found = {
                "about_framework_id": self.codes.frameworks.get(text),
                "about_item_id": self.codes.place(text) or self.codes.bare_item(text),
                "about_organisation_id": self.organisations.get(text),
            }
        return next(({name: pk} for name, pk in found.items() if pk is not None), {})


def _written_meetings(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    known = MeetingCodes(load.snapshot.source.code)
    for row in rows:
        who, what = row.text("body"), row.text("about")
        about = known.about(what)
        if what and not about:
            yield row.refusal("about", f"« {what} » n’est décrit nulle part.")
        elif who and who not in known.bodies and who not in known.organisations:
            yield row.refusal("body", f"« {who} » n’est ni une instance ni une organisation de cette source.")
        else:
            meeting = Meeting.objects.create(
                body_id=known.bodies.get(who),
                organiser_id=None if who in known.bodies else known.organisations.get(who),
                kind=row["kind"],
                start=row["date_start"],
                end=row["date_end"],
                written_date=row.text("date")[:40],
                detail=row.text("detail")[:500],
                owner=load.owner,
                visibility=load.visibility,
                **about,
            )
            yield Written(row, "meeting", meeting, row.text("detail"))


def written_mandates(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    """Relations of which the object is a body (`instance:code`)."""
    source = load.snapshot.source.code
    known, bodies, at = organisation_ids(source), body_ids(source), timezone.now()
    for row in rows:
        subject, body = known.get(row["subject"]), bodies.get(row["object"].partition(":")[2])
        if subject is None or body is None:
            column = "subject" if subject is None else "object"
            yield row.refusal(column, f"« {row[column]} » n’est pas décrit par cette source.")
            continue
        mandate = Mandate.objects.create(
            body_id=body,
            organisation_id=subject,
            role=row["kind"],
            since=row["since_start"],
            detail=row.text("detail")[:500],
            recorded_from=at,
        )
        yield Written(row, "mandate", mandate, f"{row['subject']} {row['kind']} {row['object']}")


def close_mandates(statements: list[Statement], at: datetime) -> None:
    ids = [row.subject_id for row in statements if row.subject_kind == "mandate"]
    Mandate.objects.filter(pk__in=ids, recorded_to__isnull=True).update(recorded_to=at)
