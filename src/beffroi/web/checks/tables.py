"""The tables that checks read, from what is believed now. One query for each table, and the names read once."""

import json
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import polars as pl
from django.db.models import Count, F

from beffroi.accounts.enums import Visibility
from beffroi.actors.models import Organisation, Relation
from beffroi.analytics import tables
from beffroi.funding.enums import COUNTED, LISTED, Cycle, StepKind, SumKind
from beffroi.funding.models import ExpenditureClaim, LineClaim, Operation, Step, SumClaim
from beffroi.funding.rules.cycles import PATHS, REPEATED
from beffroi.governance.models import Body, Meeting
from beffroi.indicators.models import Indicator, Observation
from beffroi.provenance.models import Statement
from beffroi.provenance.queries.raw import raw_fields
from beffroi.reference.models import Correspondence, Framework, Item

PUBLIC = Visibility.PUBLIC  # whoever may open the register reads what a check says
# These checks compare what documents write of one thing; a statistical table of thousands of cells is checked as it is read
MOST_CELLS = 5_000
SOURCE = "load__snapshot__source__code"
PLACES = {"geo-regions", "geo-departements", "geo-epci", "geo-communes", "geo-anciennes-regions", "lieux-cites"}


def key(kind: str, pk: int | None) -> str | None:
    return None if pk is None else f"{kind}:{pk}"


def written_qualifiers(qualifiers: dict[str, str] | str | None) -> str:
    said = json.loads(qualifiers) if isinstance(qualifiers, str) else qualifiers or {}
    return ";".join(f"{name}={value}" for name, value in sorted(said.items()))


class Facts:
    """What several tables share, and which things with a sheet stand behind a claim."""

    def __init__(self) -> None:
        self.subjects_of: dict[str, tuple[str, ...]] = {}

    @cached_property
    def statements(self) -> dict[str, list[dict[str, Any]]]:
        rows = Statement.objects.filter(recorded_to__isnull=True, load__visibility=PUBLIC).order_by("load_id", "row")
        found: dict[str, list[dict[str, Any]]] = {}
        for row in rows.values(
            "subject_kind",
            "subject_id",
            "label",
            "place",
            "row",
            "load_id",
            source=F(SOURCE),
            stated_on=F("load__snapshot__as_of"),
        ):
            found.setdefault(row["subject_kind"], []).append(dict(row))
        return found

    def with_raw(self, kind: str) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
        rows = self.statements.get(kind, [])
        raw = raw_fields((row["load_id"], row["row"]) for row in rows)
        return ((row, raw.get((row["load_id"], row["row"]), {})) for row in rows)

    @cached_property
    def items(self) -> dict[int, dict[str, Any]]:
        names = {
            "framework": F("version__framework_id"),
            "framework_code": F("version__framework__code"),
            "framework_label": F("version__framework__label"),
            "framework_kind": F("version__framework__kind"),
        }
        rows = Item.objects.filter(visibility=PUBLIC).exclude(version__framework__code__in=PLACES)
        return {row["pk"]: row for row in rows.values("pk", "code", "label", "level", "parent_id", "position", **names)}


def observations(facts: Facts) -> pl.DataFrame:
    cell = {name: F(f"cell__{name}") for name in ("start", "end", "status", "breakdown")}
    indicator = {name: F(f"cell__indicator__{name}") for name in ("kind", "period_meaning", "direction")}
    vast = Indicator.objects.annotate(size=Count("cells")).filter(size__gt=MOST_CELLS)
    told = Observation.objects.filter(recorded_to__isnull=True, visibility=PUBLIC)
    rows = told.exclude(cell__indicator__in=list(vast.values_list("pk", flat=True))).values(
        "pk", "cell_id", "value", "low", "high", "place", "qualifiers", "stated_on", "as_written",
        indicator_id=F("cell__indicator_id"), indicator_label=F("cell__indicator__label"),
        indicator_unit=F("cell__indicator__unit"), unit=F("cell__unit"), territory=F("cell__territory__code"),
        additive=F("cell__indicator__is_additive"), source=F(SOURCE), **cell, **indicator,
    ).order_by("pk")  # fmt: skip
    return tables.OBSERVATIONS.build(_observation(row, facts) for row in rows.iterator())


def _observation(row: dict[str, Any], facts: Facts) -> dict[str, Any]:
    ref, cell, indicator = f"observation:{row['pk']}", f"cell:{row['cell_id']}", f"indicator:{row['indicator_id']}"
    facts.subjects_of[ref] = (cell, indicator)
    numbers = {name: None if row[name] is None else float(row[name]) for name in ("value", "low", "high")}
    return {
        **row,
        **numbers,
        "ref": ref,
        "cell": cell,
        "indicator": indicator,
        "written": row["as_written"],
        "qualifiers": written_qualifiers(row["qualifiers"]),
    }


CLAIMS: dict[str, Any] = {"line": LineClaim, "sum": SumClaim, "expenditure": ExpenditureClaim}


def amounts(facts: Facts) -> pl.DataFrame:
    return tables.AMOUNTS.build(row for role in CLAIMS for row in _amounts(role, facts))


def _amounts(role: str, facts: Facts) -> Iterator[dict[str, Any]]:
    of = {
        "programme": "programme__framework__code", "programme_id": "programme__framework_id", "item_id": "item_id",
        "programme_label": "programme__framework__label", "operation": "operation__code", "fund_id": "fund_id",
        "fund_label": "fund__name", "receiver_id": "receiver_id", "receiver_item_id": "receiver_item_id", "start": "start",
        "end": "end", "detail": "detail", "subject": "id",
    }  # fmt: skip
    own = {"line": {"stage": "stage"}, "sum": {"stage": "stage", "label": "label"}, "expenditure": {"stage": "state"}}[role]
    columns = {name: F(f"{role}__{path}") for name, path in (of | own).items()}
    rows = CLAIMS[role].objects.filter(recorded_to__isnull=True, visibility=PUBLIC)
    for row in rows.values("pk", "cents", "place", "qualifiers", source=F(SOURCE), **columns).order_by("pk").iterator():
        yield _amount(role, row, facts)


def _amount(role: str, row: dict[str, Any], facts: Facts) -> dict[str, Any]:
    ref, item = f"{role}claim:{row['pk']}", facts.items.get(row["item_id"], {})
    facts.subjects_of[ref] = (f"{role}:{row['subject']}", f"framework:{row['programme_id']}")
    return {
        **row,
        "ref": ref,
        "role": role,
        "item": key("item", row["item_id"]),
        "item_label": item.get("label"),
        "item_parent": key("item", item.get("parent_id")),
        "fund": key("organisation", row["fund_id"]),
        "receiver": key("organisation", row["receiver_id"]) or key("item", row["receiver_item_id"]),
        "qualifiers": written_qualifiers(row["qualifiers"]),
    }


def printed(facts: Facts) -> pl.DataFrame:
    """The totals of lists, with the sum of their lines as it was when the file came."""
    rows = SumClaim.objects.filter(recorded_to__isnull=True, visibility=PUBLIC, sum__operation=None, sum__kind=SumKind.PRINTED)
    columns = {"programme": F("sum__programme__framework_id"), "label": F("sum__label"), "currency": F("sum__currency")}
    found = rows.filter(qualifiers__has_key=LISTED).values(
        "pk", "sum_id", "cents", "qualifiers", source=F("load__snapshot__source__title"), **columns
    )
    return tables.PRINTED.build(_printed(row, facts) for row in found.order_by("pk").iterator())


def _printed(row: dict[str, Any], facts: Facts) -> dict[str, Any]:
    said, ref = row["qualifiers"], f"sumclaim:{row['pk']}"
    facts.subjects_of[ref] = (f"sum:{row['sum_id']}", f"framework:{row['programme']}")
    return {**row, "ref": ref, "listed": int(said[LISTED]), "lines": int(said[COUNTED]), "of": said["de"]}


def items(facts: Facts) -> pl.DataFrame:
    return tables.ITEMS.build(
        {
            **facts.items[row["subject_id"]],
            "ref": key("item", row["subject_id"]),
            "framework": key("framework", facts.items[row["subject_id"]]["framework"]),
            "parent": key("item", facts.items[row["subject_id"]]["parent_id"]),
            "label": row["label"],
            "source": row["source"],
            "place": row["place"],
        }
        for row in facts.statements.get("item", ())
        if row["subject_id"] in facts.items
    )


def frameworks(facts: Facts) -> pl.DataFrame:
    """One row for each source, with the dates that it writes itself."""
    known = {row["pk"]: row for row in Framework.objects.filter(visibility=PUBLIC).values("pk", "code", "kind")}
    return tables.FRAMEWORKS.build(
        {
            **raw,
            **known[row["subject_id"]],
            "ref": key("framework", row["subject_id"]),
            "source": row["source"],
            "place": row["place"],
        }
        for row, raw in facts.with_raw("framework")
        if row["subject_id"] in known
    )


def organisations(facts: Facts) -> pl.DataFrame:
    return tables.ORGANISATIONS.build(
        {
            **raw,
            "ref": key("organisation", row["subject_id"]),
            "name": row["label"],
            "source": row["source"],
            "place": row["place"],
        }
        for row, raw in facts.with_raw("organisation")
    )


def relations(facts: Facts) -> pl.DataFrame:
    names = {"subject_label": F("subject__name"), "object_label": F("organisation__name")}
    edges = Relation.objects.current().filter(organisation__isnull=False, visibility=PUBLIC)
    rows = edges.values("pk", "kind", "since", "until", "subject_id", "organisation_id", **names)
    return tables.RELATIONS.build(
        {
            **row,
            "ref": key("relation", row["pk"]),
            "subject": key("organisation", row["subject_id"]),
            "object": key("organisation", row["organisation_id"]),
        }
        for row in rows.order_by("pk").iterator()
    )


def correspondences(facts: Facts) -> pl.DataFrame:
    sources = {row["subject_id"]: row["source"] for row in facts.statements.get("correspondence", ())}
    ends = {"source__visibility": PUBLIC, "target__visibility": PUBLIC}
    rows = Correspondence.objects.current().filter(**ends).exclude(source__version__framework__code__in=PLACES)
    return tables.CORRESPONDENCES.build(
        {
            "ref": key("item", source),
            "from_item": key("item", source),
            "from_label": facts.items.get(source, {}).get("label"),
            "from_framework": facts.items.get(source, {}).get("framework_code"),
            "to_item": key("item", target),
            "to_label": facts.items.get(target, {}).get("label"),
            "to_framework": facts.items.get(target, {}).get("framework_code"),
            "to_framework_label": facts.items.get(target, {}).get("framework_label"),
            "strength": strength,
            "weight": None if weight is None else float(weight),
            "source": sources.get(pk),
        }
        for pk, source, target, strength, weight in rows.order_by("pk").values_list(
            "pk", "source_id", "target_id", "strength", "weight"
        )
    )


def bodies(facts: Facts) -> pl.DataFrame:
    duties = dict(Body.objects.values_list("pk", "meetings_a_year"))
    return tables.BODIES.build(
        {
            "ref": key("body", row["subject_id"]),
            "label": row["label"],
            "source": row["source"],
            "meetings_a_year": _real(duties.get(row["subject_id"])),
        }
        for row in facts.statements.get("body", ())
    )


def _real(value: Any) -> float | None:
    return None if value is None else float(value)


def meetings(facts: Facts) -> pl.DataFrame:
    names = {
        "body_label": F("body__label"),
        "organiser_label": F("organiser__name"),
        "framework_code": F("about_framework__code"),
        "framework_label": F("about_framework__label"),
        "organisation_label": F("about_organisation__name"),
        "item_label": F("about_item__label"),
    }
    about = ("about_item_id", "about_framework_id", "about_organisation_id")
    found = Meeting.objects.values("pk", "kind", "start", "end", "detail", "body_id", "organiser_id", *about, **names)
    rows = {row["pk"]: row for row in found}
    stated = facts.statements.get("meeting", ())
    return tables.MEETINGS.build(
        _meeting(dict(rows[row["subject_id"]]), row, facts) for row in stated if row["subject_id"] in rows
    )


def file_steps(facts: Facts) -> pl.DataFrame:
    """What a check says of a file is for those who see the file (`checks.rights`)."""
    rows = Step.objects.current().select_related("application").order_by("pk")
    return tables.FILE_STEPS.build(_file_step(row, facts) for row in rows)


def _file_step(row: Step, facts: Facts) -> dict[str, Any]:
    file, ref = key("application", row.application_id), f"step:{row.pk}"
    facts.subjects_of[ref] = (str(file),)  # a step is read on the sheet of its file
    path = PATHS[Cycle(row.application.cycle)]
    is_once = row.kind in path and row.kind not in REPEATED
    position = path.index(StepKind(row.kind)) if is_once else None
    said = {"step_label": str(StepKind(row.kind).label), "position": position, "on": row.on}
    return {"ref": ref, "file": file, "file_label": f"{row.application} · étapes", **said}


ROOT_LEVELS = {"root", "programme", "scheme"}


def _meeting(meeting: dict[str, Any], stated: dict[str, Any], facts: Facts) -> dict[str, Any]:
    item = facts.items.get(meeting["about_item_id"], {})
    return {
        **meeting,
        "ref": key("meeting", meeting["pk"]),
        "body": key("body", meeting["body_id"]) or key("organisation", meeting["organiser_id"]),
        "body_label": meeting["body_label"] or meeting["organiser_label"],
        "about": key("item", meeting["about_item_id"])
        or key("framework", meeting["about_framework_id"])
        or key("organisation", meeting["about_organisation_id"]),
        "about_label": meeting["item_label"] or meeting["framework_label"] or meeting["organisation_label"],
        "about_framework": meeting["framework_code"]
        or (item.get("framework_code") if item.get("level") in ROOT_LEVELS else None),
        "about_group": f"{item['framework_code']}/{item['parent_id']}/{item['level']}" if item else None,
        "source": stated["source"],
        "place": stated["place"],
        "position": stated["row"],
        "stated_on": stated["stated_on"],
    }


def indicators(facts: Facts) -> pl.DataFrame:
    names = {"framework_code": F("framework__code"), "framework_label": F("framework__label")}
    rows = Indicator.objects.filter(visibility=PUBLIC).values(
        "pk", "code", "label", "unit", "kind", "namespace", "item_id", **names
    )
    return tables.INDICATORS.build(
        {
            **row,
            "ref": key("indicator", row["pk"]),
            "framework": dict(row)["framework_code"],
            "item": key("item", row["item_id"]),
            "source": row["namespace"],
        }
        for row in rows.order_by("pk")
    )


def named(facts: Facts) -> pl.DataFrame:
    return tables.NAMED.build(_named(facts))


def _named(facts: Facts) -> Iterator[dict[str, Any]]:
    for pk, item in facts.items.items():
        where = f"{item['framework_code']}/{item['parent_id']}"
        yield {"ref": key("item", pk), "list": where, "list_label": item["framework_label"], "label": item["label"]}
    for pk, name in Organisation.objects.filter(visibility=PUBLIC).order_by("pk").values_list("pk", "name"):
        yield {"ref": key("organisation", pk), "list": "organisations", "list_label": "organisations", "label": name}
    # Sister operations and instalments have one title in published lists, which name their beneficiaries
    operations = Operation.objects.filter(written_beneficiary="", visibility=PUBLIC).order_by("pk")
    for pk, title, space in operations.values_list("pk", "title", "namespace"):
        yield {
            "ref": key("operation", pk),
            "list": f"operations:{space}",
            "list_label": "opérations",
            "label": title,
            "source": space,
        }
    for pk, label, space in Indicator.objects.filter(visibility=PUBLIC).order_by("pk").values_list("pk", "label", "namespace"):
        yield {
            "ref": key("indicator", pk),
            "list": f"indicators:{space}",
            "list_label": "indicateurs",
            "label": label,
            "source": space,
        }


def texts(facts: Facts) -> pl.DataFrame:
    """Every label that a source states, and what it adds to a relation or to a breakdown."""
    return tables.TEXTS.build(_texts(facts))


def _texts(facts: Facts) -> Iterator[dict[str, Any]]:
    for kind in ("item", "organisation", "indicator", "body", "meeting", "operation", "rule", "system"):
        for row in facts.statements.get(kind, ()):
            if kind == "item" and row["subject_id"] not in facts.items:
                continue  # official names of territories are nobody's typing
            yield {
                "ref": key(kind, row["subject_id"]),
                "subject_label": row["label"],
                "text": row["label"],
                "source": row["source"],
            }
    sources = {row["subject_id"]: row["source"] for row in facts.statements.get("relation", ())}
    for pk, name, detail in (
        Relation.objects.current()
        .filter(visibility=PUBLIC)
        .exclude(detail="")
        .order_by("pk")
        .values_list("pk", "subject__name", "detail")
    ):
        yield {"ref": key("relation", pk), "subject_label": name, "text": detail, "source": sources.get(pk)}
    cells = (
        Observation.objects.filter(recorded_to__isnull=True, visibility=PUBLIC)
        .exclude(cell__breakdown="")
        .order_by("cell__indicator_id")
        .distinct()
    )
    for pk, name, text, source in cells.values_list("cell__indicator_id", "cell__indicator__label", "cell__breakdown", SOURCE):
        yield {"ref": key("indicator", pk), "subject_label": name, "text": text, "source": source}


TABLES: dict[str, Callable[[Facts], pl.DataFrame]] = {
    "observations": observations,
    "amounts": amounts,
    "printed": printed,
    "items": items,
    "frameworks": frameworks,
    "organisations": organisations,
    "relations": relations,
    "correspondences": correspondences,
    "bodies": bodies,
    "meetings": meetings,
    "file_steps": file_steps,
    "indicators": indicators,
    "named": named,
    "texts": texts,
}
