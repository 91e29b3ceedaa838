"""A table that Beffroi publishes. Declared once in an app's `datasets.py`; its page, files and documentation follow."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beffroi.core.exports import Column
from beffroi.core.figures import Figure

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

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("publishing:dataset", args=[self.name])

    def count(self, viewer: Any, moment: Any) -> int:
        return self.query(viewer, moment).count()

    def figure(self, viewer: Any, moment: Any) -> Figure:
        """How many rows this reader may take away."""
        return Figure(value=self.count(viewer, moment), label=str(self.title), why=f"dataset:{self.name}")

    def read(self, viewer: Any, moment: Any) -> Iterable[Any]:
        found = self.query(viewer, moment)
        return found if self.rows is None else self.rows(found, viewer, moment)
