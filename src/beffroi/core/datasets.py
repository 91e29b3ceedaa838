"""A table that Beffroi publishes. Declared once in an app's `datasets.py`; its page, files and documentation follow."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from beffroi.core.exports import Column

RIGHTS = _("Chacun reçoit les lignes qu’il peut voir : les publiques pour tous, celles des partenaires après connexion.")
LICENCE = _("Celle de chaque source : la page de la source la donne.")


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """`query(viewer, moment)` gives the rows that this reader may see at this moment. `rows`, when given, turns them into
    what the columns read, one at a time."""

    name: str
    title: Any
    description: Any
    columns: Sequence[Column]
    query: Callable[[Any, Any], QuerySet[Any]]
    rows: Callable[[QuerySet[Any], Any, Any], Iterable[Any]] | None = None
    rights: Any = RIGHTS
    licence: Any = LICENCE

    def count(self, viewer: Any, moment: Any) -> int:
        return self.query(viewer, moment).count()

    def read(self, viewer: Any, moment: Any) -> Iterable[Any]:
        found = self.query(viewer, moment)
        return found if self.rows is None else self.rows(found, viewer, moment)
