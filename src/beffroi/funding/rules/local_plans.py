"""What an amount of a local plan says. Pure."""

from datetime import date

from beffroi.funding.enums import BudgetSection, PlanGap, PlanNotion, Stage

SECTIONS = frozenset({BudgetSection.OPERATING, BudgetSection.INVESTMENT})
A_YEAR = 366  # days, at most


def notion_of(stage: str, start: date | None, end: date | None) -> PlanNotion:
    """What is planned is a forecast; what is not says a year when its period is one, else the whole plan."""
    if stage in (Stage.PLANNED, Stage.REQUESTED):
        return PlanNotion.FORECAST
    is_one_year = start is not None and end is not None and (end - start).days < A_YEAR
    return PlanNotion.YEARLY if is_one_year else PlanNotion.DONE


def has_two_sections(lines: set[str], parts: set[str]) -> bool:
    """Both are written; or one is, as a part of the whole, and the other is what remains."""
    return lines >= SECTIONS or bool(BudgetSection.UNSTATED in lines and parts & SECTIONS)


def gaps_of(lines: set[str], *, has_period: bool) -> list[PlanGap]:
    if not lines:
        return [PlanGap.NO_AMOUNT]
    found = [] if has_period else [PlanGap.NO_PERIOD]
    return [*found, PlanGap.ONE_SECTION] if len(lines & SECTIONS) == 1 and BudgetSection.UNSTATED not in lines else found
