"""Companies that people name in a list: by SIREN, SIRET or the whole name. None is made, none is guessed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Name, Organisation
from beffroi.connectors.identifiers import siren_of
from beffroi.core.text import search_key

ASKED_AT_ONCE = 5_000


@dataclass
class Found:
    """`unknown`: what was written -> why nobody was found, in one sentence."""

    by_text: dict[str, Organisation] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)


def companies_named(texts: Iterable[str], *, viewer: AnyUser) -> Found:
    """In a fixed number of queries for five thousand of them."""
    asked = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    found = Found()
    for start in range(0, len(asked), ASKED_AT_ONCE):
        _find(asked[start : start + ASKED_AT_ONCE], found, viewer)
    return found


def _find(texts: Sequence[str], found: Found, viewer: AnyUser) -> None:
    numbers = {text: number for text in texts if (number := siren_of(text))}
    seen = Organisation.objects.visible_to(viewer).select_related("place")
    by_number = {row.siren: row for row in seen.filter(siren__in=set(numbers.values()))}
    by_key = _by_key({search_key(text) for text in texts if text not in numbers}, viewer)
    for text in texts:
        rows = [by_number[numbers[text]]] if numbers.get(text) in by_number else by_key.get(search_key(text), [])
        if text not in numbers and len(rows) > 1:
            found.unknown[text] = _("Plusieurs organisations ont ce nom : écrivez le SIREN.")
        elif len(rows) == 1:
            found.by_text[text] = rows[0]
        else:
            found.unknown[text] = _("Aucune organisation connue n’a ce numéro ni ce nom.")


def _by_key(keys: set[str], viewer: AnyUser) -> dict[str, list[Organisation]]:
    seen = Organisation.objects.visible_to(viewer).select_related("place")
    rows: dict[str, dict[int, Organisation]] = defaultdict(dict)
    for row in seen.filter(sort_key__in=keys).order_by("pk"):
        rows[row.sort_key][row.pk] = row
    aliases = Name.objects.filter(key__in=keys - set(rows)).order_by("pk").values_list("key", "organisation")
    others = seen.in_bulk({pk for _key, pk in aliases})
    for key, pk in aliases:
        if pk in others:
            rows[key][pk] = others[pk]
    return {key: list(group.values()) for key, group in rows.items()}
