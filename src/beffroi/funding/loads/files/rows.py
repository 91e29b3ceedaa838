"""What a row of an export says of a file: its step, its day, its amounts. Nothing is read from the database here."""

from dataclasses import dataclass
from datetime import date

from beffroi.funding.enums import Cycle, StepKind
from beffroi.funding.loads.grants.rows import Grant, read_grant
from beffroi.funding.models import Step
from beffroi.funding.rules.cycles import NEXT, REPEATED
from beffroi.provenance.actions import Refusal, StatedRow

TEXTS = {"who": 200, "number": 80, "comment": 1000, "reason": 500}


@dataclass(frozen=True)
class FileRow:
    row: StatedRow
    grant: Grant
    cycle: Cycle
    step: StepKind

    @property
    def code(self) -> str:
        return self.row.text("code")[:80]

    @property
    def on(self) -> date | None:
        found: date | None = self.row.values.get("date")
        return found

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.row.text(name)[:longest] for name, longest in TEXTS.items()}

    def is_another_time(self, step: Step) -> bool:
        """What happens several times and has no number is told apart by its day."""
        return self.step in REPEATED and not step.number and step.on is not None and self.on != step.on


def read_files(rows: list[StatedRow], source: str, *, today: date) -> tuple[list[FileRow], list[Refusal], list[Refusal]]:
    found: list[FileRow] = []
    refusals: list[Refusal] = []
    remarks: list[Refusal] = []
    for row in rows:
        cycle, step = Cycle(row["cycle"]), StepKind(row["step"])
        if step not in NEXT[cycle]:
            text = f"L’étape « {step.label} » n’existe pas dans le cycle de vie « {cycle.label} »."
            refusals.append(row.refusal("step", text))
            continue
        found.append(FileRow(row, read_grant(row, source, remarks), cycle, step))
        remarks += _dates(row, today)
    return found, refusals, remarks


def _dates(row: StatedRow, today: date) -> list[Refusal]:
    on = row.values.get("date")
    if on is None:
        return [
            Refusal(
                row.number, "date", "", "L’étape n’a pas de date : elle est gardée, les délais qui en partent sont inconnus."
            )
        ]
    if on > today:
        return [
            Refusal(row.number, "date", str(on), "L’étape est datée dans le futur : elle est gardée et se verra ce jour-là.")
        ]
    return []
