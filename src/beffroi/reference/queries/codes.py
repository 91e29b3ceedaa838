"""Codes to things, as one source writes them."""

from functools import cached_property

from beffroi.core.text import search_key
from beffroi.provenance.models import Statement
from beffroi.reference.models import Framework, Item, ItemAlias, NamedSystem

PLACES = "lieux-cites"


class Codes:
    """Everything that a source may name by a code, read once for a load."""

    def __init__(self, source_code: str) -> None:
        self.source = source_code

    @cached_property
    def aliases(self) -> dict[tuple[str, str], tuple[str, str]]:
        rows = ItemAlias.objects.filter(scheme=self.source)
        return {(row.framework_code, row.code): (row.target_framework, row.target_code) for row in rows}

    @cached_property
    def frameworks(self) -> dict[str, int]:
        return dict(Framework.objects.values_list("code", "pk"))

    @cached_property
    def items(self) -> dict[tuple[str, str], int]:
        """The last version of a framework wins; a code of an older vintage is written framework@version:code."""
        rows = Item.objects.order_by("version__code").values_list("version__framework__code", "version__code", "code", "pk")
        found: dict[tuple[str, str], int] = {}
        for framework, version, code, pk in rows:
            found[framework, code] = found[f"{framework}@{version}", code] = pk
        return found

    @cached_property
    def stated_items(self) -> dict[str, set[int]]:
        """The items that this source states, by bare code: some sources name an item without its framework."""
        rows = Statement.objects.filter(subject_kind="item", load__snapshot__source__code=self.source)
        stated = set(rows.values_list("subject_id", flat=True))
        found: dict[str, set[int]] = {}
        for (_, code), pk in self.items.items():
            if pk in stated:
                found.setdefault(code, set()).add(pk)
        return found

    @cached_property
    def systems(self) -> dict[str, int]:
        return dict(NamedSystem.objects.filter(namespace=self.source).values_list("label", "pk"))

    def item(self, framework: str, code: str) -> int | None:
        return self.items.get(self.aliases.get((framework, code), (framework, code)))

    def bare_item(self, code: str) -> int | None:
        """The one item of this source that has this code, if there is only one."""
        found = self.stated_items.get(code, set())
        return next(iter(found)) if len(found) == 1 else None

    @cached_property
    def named(self) -> dict[tuple[str, str], set[int]]:
        """The territories of each geography by their name, of its last vintage that has it."""
        rows = Item.objects.filter(version__framework__kind="geography").order_by("version__code")
        found: dict[tuple[str, str], tuple[str, set[int]]] = {}
        for framework, version, name, pk in rows.values_list(
            "version__framework__code", "version__code", "sort_key", "pk"
        ).iterator():
            before, items = found.get((framework, name), (version, set()))
            found[framework, name] = (version, {pk} | (items if before == version else set()))
        return {key: items for key, (_, items) in found.items()}

    def place(self, code: str) -> int | None:
        """By its code; failing that by its name, when only one territory of the geography has it."""
        framework, _, local = code.rpartition(":")
        return self.item(framework or PLACES, local) or (self._only_named(code) if framework else None)

    def places_named(self, address: str) -> set[int]:
        """The territories that have this name in the geography of the address."""
        framework, _, name = address.partition(":")
        return self.named.get((framework, search_key(name)[:200]), set())

    def _only_named(self, address: str) -> int | None:
        found = self.places_named(address)
        return next(iter(found)) if len(found) == 1 else None
