"""The amounts of an export, each at the stage of its step; one claim for each origin of funds and stage of a file."""

import copy
from collections import defaultdict
from datetime import date
from typing import Any

from beffroi.core.text import digest
from beffroi.funding.enums import Origin, Stage
from beffroi.funding.loads.amounts import AMOUNT, MONEY
from beffroi.funding.loads.files.applications import Files
from beffroi.funding.loads.files.rows import FileRow
from beffroi.funding.loads.grants.lines import KNOWN_ORIGINS, claims_frame, instrument_of
from beffroi.funding.loads.grants.rows import ORIGINS
from beffroi.funding.loads.grants.typed import facts_of_row
from beffroi.funding.models import Line, LineClaim
from beffroi.funding.queries.lines import facts_of, met_line
from beffroi.funding.rules.cycles import STAGE_OF, seen_at_stage
from beffroi.funding.rules.lines import BY_PERIOD, LineFacts
from beffroi.provenance.actions import ClaimShape, Refusal, record_claims
from beffroi.provenance.models import Load

FIELDS = ("fund", "instrument", "origin", "section", "contract_status", "stage", "application")
SHAPE = ClaimShape(Line, LineClaim, "line", (*MONEY, *FIELDS), AMOUNT)
NO_STAGE = (
    "À cette étape, un montant ne dit pas s’il est demandé, voté ou payé : il est gardé dans le fichier, il ne compte pas."
)
NO_OWNER = "Un montant demandé ne se montre qu’à son propriétaire : le chargement n’en a pas, le montant n’est pas repris."
BATCH = 500


def record_amounts(rows: list[FileRow], files: Files, load: Load, *, remarks: list[Refusal]) -> None:
    known = _known_lines(files)
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row.on or date.min, row.row.number)):
        stage = STAGE_OF.get(row.step)
        measures = [measure for measure in ORIGINS if measure in row.grant.cents]
        if measures and (stage is None or (stage == Stage.REQUESTED and load.owner_id is None)):
            remarks.append(row.row.refusal("step", NO_STAGE if stage is None else NO_OWNER))
            continue
        for measure in measures:
            line = _line(row, measure, str(stage), files)
            met = met_line(facts_of_row(line), known.get(files.ids[row.code], []))
            found[line["key"],] = line | ({"digest": met} if met else {})
    for visibility, lines in _by_visibility(found.values(), load).items():
        seen = copy.copy(load)
        seen.visibility = visibility
        record_claims([claims_frame(lines, SHAPE)], load=seen, shape=SHAPE)


def _known_lines(files: Files) -> dict[int, list[tuple[LineFacts, str]]]:
    """The lines of these files and of the operations that they became, whoever stated them."""
    file_of = {operation: files.ids[code] for code, operation in files.operations.items()}
    found: dict[int, list[tuple[LineFacts, str]]] = defaultdict(list)
    for name, ids in (("application", sorted(files.ids.values())), ("operation", sorted(file_of))):
        for start in range(0, len(ids), BATCH):
            for line in Line.objects.filter(**{f"{name}__in": ids[start : start + BATCH]}).order_by("pk"):
                file = line.application_id if name == "application" else file_of[line.operation_id]
                if (entry := (facts_of(line), line.digest)) not in found[file]:
                    found[file].append(entry)
    return found


def _by_visibility(lines: Any, load: Load) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        found[seen_at_stage(line["s_stage"], load.visibility)].append(line)
    return found


def _line(row: FileRow, measure: str, stage: str, files: Files) -> dict[str, Any]:
    grant, cents = row.grant, row.grant.cents[measure]
    currency, instrument = grant.currency(measure), str(instrument_of(grant))
    day = row.on if stage in BY_PERIOD else None
    identity = digest("file", files.namespace, row.code, measure, stage, instrument, currency, str(day or ""))
    return {
        "row": row.row.number,
        "place": measure,
        "key": identity,
        "content_hash": digest(identity, str(cents)),
        "as_written": (row.row.text(f"{measure}_written") or str(row.row[measure]))[:200],
        "qualifiers": "{}",
        "cents": cents,
        "low_cents": None,
        "high_cents": None,
        "digest": identity,
        "s_programme_id": files.programmes.of(grant),
        "s_item_id": files.programmes.item_of(grant),
        "s_operation_id": files.operations.get(row.code),
        "s_application_id": files.ids[row.code],
        "s_receiver_id": files.parties.of(grant.beneficiary),
        "s_receiver_item_id": None,
        "s_start": day,
        "s_end": day,
        "s_written_period": day.isoformat() if day else "",
        "s_detail": "",
        "s_currency": currency,
        "s_stage": stage,
        "s_instrument": instrument,
        "s_section": "unstated",
        "s_contract_status": "unstated",
    } | _funded(row, measure, files)


def _funded(row: FileRow, measure: str, files: Files) -> dict[str, Any]:
    origin = row.row.text("origin") if measure == "amount" else ORIGINS[measure]
    own = files.parties.of(row.grant.beneficiary) if origin == Origin.BENEFICIARY else None
    fund = files.parties.of(row.grant.funder) if measure == "amount" else own
    return {"s_fund_id": fund, "s_origin": origin if origin in KNOWN_ORIGINS else Origin.UNSTATED.value}
