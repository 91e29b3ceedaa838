"""Who a fact is about, once: the records of one body, and a project holder with the company that came of the project."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from beffroi.accounts.models import AnyUser, audience
from beffroi.actors.models import Organisation, ProjectHolder
from beffroi.actors.queries import same_as_groups


@dataclass(frozen=True)
class Bodies:
    """`heads`: record -> the record that stands for its body; `created`: project holder -> its company."""

    heads: Mapping[int, int]
    created: Mapping[int, int]

    def of(self, organisation: int | None, holder: int | None = None) -> int | None:
        """A company by its number, a project holder without a company by the same below zero."""
        found = organisation or self.created.get(holder or 0)
        return self.heads.get(found, found) if found else -holder if holder else None

    @property
    def joined(self) -> set[int]:
        """The bodies that are known by more than one record."""
        return {*self.heads.values(), *(body for company in self.created.values() if (body := self.of(company)))}

    def about(self, wanted: Collection[int | None]) -> Q:
        """The rows about one of these companies, under any of its records, or about the holder that it came of."""
        records = {*wanted, *(record for record, head in self.heads.items() if head in wanted)}
        holders = [holder for holder, company in self.created.items() if self.of(company) in wanted]
        return Q(organisation__in=records) | Q(holder__in=holders)

    def of_rows(self, rows: Any, about: str = "") -> set[int]:
        """Each body of these rows, once."""
        pairs = rows.order_by().values_list(f"{about}organisation_id", f"{about}holder_id").distinct()
        return {body for pair in pairs if (body := self.of(*pair)) is not None}

    def of_subjects(self, subjects: Iterable[Any]) -> set[int]:
        told = ((None, row.pk) if isinstance(row, ProjectHolder) else (row.pk, None) for row in subjects)
        return {body for pair in told if (body := self.of(*pair)) is not None}


def bodies(viewer: AnyUser) -> Bodies:
    """As the audience of this reader may know them: all its readers count the same."""
    readers = audience(viewer)
    heads = {pk: group[0] for group in same_as_groups(readers) for pk in group}
    known = Organisation.objects.visible_to(readers).order_by().values("pk")
    rows = ProjectHolder.objects.filter(organisation__in=known).order_by()
    return Bodies(heads, dict(rows.values_list("pk", "organisation_id")))
