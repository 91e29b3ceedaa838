"""Where a person already typed the amount that a row gives, the row's claim faces it instead of making a second line."""

from typing import Any

from beffroi.funding.models import Line
from beffroi.funding.queries.lines import met_line, typed_lines
from beffroi.funding.rules.lines import LineFacts

NAMES = ("origin", "instrument", "currency", "start", "end")


def facts_of_row(row: dict[str, Any]) -> LineFacts:
    return LineFacts(stage=row["s_stage"], fund=row["s_fund_id"], **{name: row[f"s_{name}"] for name in NAMES})


def meet_typed(rows: list[dict[str, Any]]) -> None:
    """A row that has its own line keeps it."""
    typed = typed_lines(row["s_operation_id"] for row in rows)
    concerned = [row for row in rows if row["s_operation_id"] in typed]
    own = set(Line.objects.filter(digest__in=[row["digest"] for row in concerned]).values_list("digest", flat=True))
    for row in concerned:
        if row["digest"] not in own:
            row["digest"] = met_line(facts_of_row(row), typed[row["s_operation_id"]]) or row["digest"]
