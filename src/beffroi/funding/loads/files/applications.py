"""The files of an export into the database: found by their number, made, corrected, joined to the operation they became."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from beffroi.core.text import search_key
from beffroi.funding.actions.meeting import meet_lines
from beffroi.funding.loads.files.rows import FileRow
from beffroi.funding.loads.grants.parties import Parties
from beffroi.funding.loads.grants.programmes import Programmes
from beffroi.funding.models import Application, Call, Operation
from beffroi.provenance.models import Load

BATCH = 500
WRITTEN = (
    "programme_id", "call_id", "cycle", "title", "description", "applicant_id", "written_applicant", "written_identifier",
    "item_id", "start", "end", "total_cents", "eligible_cents", "currency", "sort_key", "operation_id",
)  # fmt: skip
COSTS = {"total_cents": "total_cost", "eligible_cents": "eligible_cost"}


class Files:
    """`ids`: the file of each number in this source."""

    def __init__(self, load: Load, parties: Parties, programmes: Programmes) -> None:
        self.load, self.parties, self.programmes = load, parties, programmes
        self.namespace = load.snapshot.source.code
        self.ids: dict[str, int] = {}
        self.operations: dict[str, int] = {}
        self.calls = dict(Call.objects.order_by("pk").values_list("code", "pk"))

    def find(self, rows: Iterable[FileRow]) -> None:
        codes = sorted({row.code for row in rows})
        for start in range(0, len(codes), BATCH):
            known = Application.objects.filter(namespace=self.namespace, code__in=codes[start : start + BATCH])
            for code, pk, operation in known.values_list("code", "pk", "operation"):
                self.ids[code] = pk
                if operation:
                    self.operations[code] = operation

    def write(self, rows: list[FileRow]) -> None:
        """The last row of a file, by its day, says what it is."""
        said = {row.code: self._fields(row) for row in sorted(rows, key=lambda row: (row.on or date.min, row.row.number))}
        self._join(said, self._operations(said))
        known = {file.code: file for file in self._known(said)}
        new = [self._new(code, fields) for code, fields in said.items() if code not in known]
        bulk_create_with_history(new, Application, batch_size=BATCH)
        changed = [file for code, file in known.items() if _changed(file, said[code])]
        bulk_update_with_history(changed, Application, list(_names(WRITTEN)), batch_size=BATCH)
        self.find(rows)
        self._meet(said)

    def _known(self, said: dict[str, dict[str, Any]]) -> Iterable[Application]:
        codes = sorted(said)
        for start in range(0, len(codes), BATCH):
            yield from Application.objects.filter(namespace=self.namespace, code__in=codes[start : start + BATCH])

    def _new(self, code: str, fields: dict[str, Any]) -> Application:
        rights = {"owner_id": self.load.owner_id, "visibility": self.load.visibility}
        return Application(namespace=self.namespace, code=code, **rights, **fields)

    def _fields(self, row: FileRow) -> dict[str, Any]:
        """What the row says; what it leaves empty is left as it was."""
        grant, text = row.grant, row.row.text
        start, end = row.row.values.get("start_start"), row.row.values.get("end_end")
        in_order = not (start and end and end < start)
        title = text("title") or row.code
        fields = {
            "programme_id": self.programmes.of(grant),
            "call_id": self.calls.get(text("call")),
            "cycle": row.cycle.value,
            "title": title[:500],
            "sort_key": search_key(title)[:300],
            "description": text("description"),
            "applicant_id": self.parties.of(grant.beneficiary),
            "written_applicant": text("beneficiary")[:300],
            "written_identifier": (text("beneficiary_siren") or text("beneficiary_id"))[:80],
            "item_id": self.programmes.item_of(grant),
            "start": start if in_order else None,
            "end": end if in_order else None,
            "currency": grant.currency("total_cost"),
            **{name: grant.cents.get(cost) for name, cost in COSTS.items()},
        }
        return {name: value for name, value in fields.items() if value not in (None, "")}

    def _operations(self, said: dict[str, dict[str, Any]]) -> dict[tuple[str, int], list[int]]:
        """Known operations of the same number, by programme, that no other file became."""
        found: dict[tuple[str, int], list[int]] = defaultdict(list)
        codes = sorted(said)
        for start in range(0, len(codes), BATCH):
            rows = Operation.objects.filter(code__in=codes[start : start + BATCH], application=None).order_by("pk")
            for code, programme, namespace, pk in rows.values_list("code", "programme", "namespace", "pk"):
                found[code, programme].append(pk)
                if namespace == self.namespace:
                    found[code, 0].append(pk)
        return found

    def _join(self, said: dict[str, dict[str, Any]], operations: dict[tuple[str, int], list[int]]) -> None:
        """A file joins the one operation of its number in its programme, or in this source; several are left to a person."""
        for code, fields in said.items():
            for key in ((code, fields["programme_id"]), (code, 0)):
                if len(operations.get(key, ())) == 1:
                    fields["operation_id"] = operations[key][0]
                    break

    def _meet(self, said: dict[str, dict[str, Any]]) -> None:
        joined = [code for code, fields in said.items() if fields.get("operation_id")]
        for code in joined:
            meet_lines(self.ids[code], said[code]["operation_id"])


def _names(columns: Iterable[str]) -> Iterable[str]:
    return (name.removesuffix("_id") for name in columns)


def _changed(file: Application, fields: dict[str, Any]) -> bool:
    """An operation that a person, or an earlier file, joined stays."""
    fresh = {name: value for name, value in fields.items() if name != "operation_id" or file.operation_id is None}
    differs = any(getattr(file, name) != value for name, value in fresh.items())
    for name, value in fresh.items():
        setattr(file, name, value)
    return differs
