"""The passages of codes from one year to another that Beffroi knows: those of the table of passages, then the movements."""

from beffroi.reference.enums import CHANGING_CODES
from beffroi.reference.models import CodePassage, CommuneMovement
from beffroi.reference.rules import Movement, Passage, passages_of_movements

COMMUNE = "COM"


def known_passages() -> list[Passage]:
    """The movements, which say no share, only speak of the years after the last of the table."""
    names = ("before_year", "after_year", "before_code", "after_code", "share", "on")
    table = [Passage(*row) for row in CodePassage.objects.order_by("pk").values_list(*names)]
    last = max((passage.after for passage in table), default=0)
    rows = CommuneMovement.objects.filter(before_type=COMMUNE, after_type=COMMUNE, kind__in=CHANGING_CODES)
    moved = rows.order_by("pk").values_list("on", "before_code", "after_code")
    return [*table, *(one for one in passages_of_movements(Movement(*row) for row in moved) if one.before >= last)]
