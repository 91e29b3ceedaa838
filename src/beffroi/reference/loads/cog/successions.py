"""Which commune continues which, between one loaded year and the next."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

from beffroi.reference.enums import SuccessionKind
from beffroi.reference.loads.cog.zonings import COMMUNES
from beffroi.reference.models import Item, Succession, Version
from beffroi.reference.queries.passages import known_passages
from beffroi.reference.rules import Part, Passage, carried

BATCH = 500


def follow_passages() -> None:
    """The successions between the communes of each loaded year and those of the next: the passages alone decide them."""
    versions = [row for row in Version.objects.filter(framework__code=COMMUNES).order_by("code") if row.code.isdigit()]
    passages = known_passages()
    for before, after in pairwise(versions):
        Succession.objects.filter(before__version=before, after__version=after).delete()
        made = _successions(before, after, passages)
        Succession.objects.bulk_create(made, batch_size=2_000, ignore_conflicts=True)


def _successions(before: Version, after: Version, passages: list[Passage]) -> Iterator[Succession]:
    start, end = int(before.code), int(after.code)
    between = [passage for passage in passages if passage.before >= start and passage.after <= end]
    parts = carried(sorted({passage.source for passage in between}), between, start=start, end=end)
    days = {passage.source: passage.on for passage in between}
    sources, targets = _ids(before, parts), _ids(after, {code: {} for part in parts.values() for code in part})
    for source, target, kind in _edges(parts):
        if source in sources and target in targets:
            yield Succession(before_id=sources[source], after_id=targets[target], kind=kind, on=days[source])


def _edges(parts: Mapping[str, Part]) -> Iterator[tuple[str, str, SuccessionKind]]:
    """Two communes that became one, one that became several, or one that changed code; the rest is no event."""
    origins = Counter(target for part in parts.values() for target in part)
    for source, part in parts.items():
        for target in part:
            if len(part) > 1:
                yield source, target, SuccessionKind.SPLIT
            elif origins[target] > 1:
                yield source, target, SuccessionKind.MERGED
            elif source != target:
                yield source, target, SuccessionKind.REPLACED


def _ids(version: Version, codes: Mapping[str, object]) -> dict[str, int]:
    wanted, found = sorted(codes), {}
    for at in range(0, len(wanted), BATCH):
        rows = Item.objects.filter(version=version, code__in=wanted[at : at + BATCH]).order_by()
        found.update(dict(rows.values_list("code", "pk")))
    return found
