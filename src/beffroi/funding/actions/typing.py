"""What the acts on typed rows share: a person never overwrites what they have not seen."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from beffroi.core.refusals import Refused


class ChangedMeanwhile(Refused):
    def __init__(self) -> None:
        super().__init__(
            _(
                "Une autre personne a changé cette ligne pendant que vous l’écriviez. Rien n’est écrasé : relisez-la, "
                "puis enregistrez de nouveau si votre version doit tenir."
            )
        )


def seen_mark(row: Any) -> str:
    """What a form keeps of the row that it shows: its last state in history."""
    last = row.history.order_by("-history_id").values_list("history_id", flat=True).first()
    return str(last or 0)


def refuse_unseen(row: Any, seen: str) -> None:
    """Inside the transaction: the row is held until its end."""
    type(row).objects.select_for_update().order_by().filter(pk=row.pk).first()
    if seen != seen_mark(row):
        raise ChangedMeanwhile


def refuse_twin(row: models.Model, digest: str, *, said: str, **where: Any) -> None:
    """Two rows about the same thing would count it twice."""
    rows: Any = type(row)._default_manager
    if rows.filter(digest=digest, **where).exclude(pk=row.pk).exists():
        raise Refused(said)


def refuse_impossible(row: models.Model) -> None:
    """What the database would refuse, said before in its own words; what may stay unknown does."""
    empty = [field for field in row._meta.fields if getattr(row, field.attname) in field.empty_values]
    try:
        row.clean_fields(exclude=[field.name for field in empty if field.null or field.has_default()])
        row.clean()
        row.validate_unique()
        row.validate_constraints()
    except ValidationError as error:
        raise Refused(*error.messages) from error
