"""What a crisis cell may do, and what can be said of its companies taken together."""

from collections.abc import Iterable
from datetime import date

from beffroi.interactions.enums import CrisisBlocker

# The classes of the ad hoc financial unit of 2009: the highest headcount of each
SIZES = ((9, "under_10"), (50, "10_50"), (250, "51_250"))
LARGEST = "over_250"
SILENT_DAYS = 30  # without any news of a company that is still followed


def size_of(headcount: int | None) -> str:
    """Empty when nobody said how many they are."""
    if headcount is None:
        return ""
    return next((name for highest, name in SIZES if headcount <= highest), LARGEST)


def is_silent(last_news: date, *, out_on: date | None, on: date) -> bool:
    return out_on is None and (on - last_news).days > SILENT_DAYS


def without_treatment(total: int, counts: Iterable[int]) -> tuple[int, int]:
    """Between how many companies have no treatment stated, when only the number of each treatment is known.

    At least what remains when no company had two; at most what remains when all went to the same companies."""
    known = [count for count in counts if count]
    return max(0, total - sum(known)), max(0, total - max(known, default=0))


def blockers_to_naming(*, can_sign_in: bool, is_member: bool, is_closed: bool) -> list[CrisisBlocker]:
    blockers = [CrisisBlocker.CLOSED_CELL] if is_closed else []
    if not can_sign_in:
        blockers.append(CrisisBlocker.CLOSED_ACCOUNT)
    if is_member:
        blockers.append(CrisisBlocker.ALREADY_MEMBER)
    return blockers


def blockers_to_removing(*, is_member: bool, leads: bool, other_leads: int) -> list[CrisisBlocker]:
    if not is_member:
        return [CrisisBlocker.NOT_MEMBER]
    return [CrisisBlocker.LAST_LEAD] if leads and not other_leads else []


def blockers_to_closing(*, followed: int) -> list[CrisisBlocker]:
    return [CrisisBlocker.STILL_FOLLOWED] if followed else []


def blockers_to_following(*, is_closed: bool, is_followed: bool) -> list[CrisisBlocker]:
    blockers = [CrisisBlocker.CLOSED_CELL] if is_closed else []
    return blockers + ([CrisisBlocker.ALREADY_FOLLOWED] if is_followed else [])


def blockers_to_leaving(*, since: date, out_on: date | None, on: date) -> list[CrisisBlocker]:
    blockers = [CrisisBlocker.ALREADY_OUT] if out_on else []
    return blockers + ([CrisisBlocker.OUT_BEFORE_IN] if on < since else [])
