"""What a person names in a form: an organisation by its number or name, a territory by its code or name."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Name, Organisation
from beffroi.connectors.identifiers import siren_of
from beffroi.core.text import search_key
from beffroi.funding.models import Agreement, Programme
from beffroi.indicators.models import Indicator
from beffroi.reference.enums import FrameworkKind
from beffroi.reference.models import Item
from beffroi.reference.queries.codes import PLACES

OFFICIAL = ("region", "department", "epci", "commune")  # the widest first
SHOWN = 5
PLANS = (FrameworkKind.PLAN, FrameworkKind.PROGRAMME, FrameworkKind.STRATEGY, FrameworkKind.SCHEME, FrameworkKind.CONTRACT)


def named_organisations(text: str, *, viewer: AnyUser) -> list[Organisation]:
    """Those of this number; else those of exactly this name, acronym or other name."""
    rows = Organisation.objects.visible_to(viewer).order_by("sort_key", "pk")
    if siren := siren_of(text):
        return list(rows.filter(siren=siren)[:SHOWN])
    key = search_key(text)
    other = Name.objects.filter(key=key).order_by().values("organisation")
    return list(rows.filter(Q(sort_key=key) | Q(acronym__iexact=text.strip()) | Q(pk__in=other))[:SHOWN]) if key else []


def named_agreements(text: str, *, viewer: AnyUser) -> list[Agreement]:
    rows = Agreement.objects.visible_to(viewer).filter(Q(code__iexact=text.strip()) | Q(sort_key=search_key(text)[:300]))
    return list(rows.order_by("sort_key", "pk")[:SHOWN])


def named_indicators(text: str, *, viewer: AnyUser) -> list[Indicator]:
    rows = Indicator.objects.visible_to(viewer).filter(Q(code__iexact=text.strip()) | Q(sort_key=search_key(text)[:300]))
    return list(rows.order_by("sort_key", "pk")[:SHOWN])


def named_actions(text: str, *, viewer: AnyUser) -> list[Item]:
    """Items of plans, programmes and contracts, by code or label; « plan:code » says which plan."""
    plan, _colon, code = text.strip().rpartition(":")
    rows = actions_of_plans(viewer).filter(Q(code__iexact=code.strip()) | Q(sort_key=search_key(text)[:200]))
    rows = rows.filter(version__framework__code__iexact=plan.strip()) if plan else rows
    newest: dict[tuple[int, str], Item] = {}
    for item in rows.order_by("version__framework__sort_key", "-version__code", "code", "pk")[: SHOWN * SHOWN]:
        newest.setdefault((item.version.framework_id, item.code), item)
    return list(newest.values())[:SHOWN]


def actions_of_plans(viewer: AnyUser) -> Any:
    return Item.objects.visible_to(viewer).filter(version__framework__kind__in=PLANS).select_related("version__framework")


def named_areas(names: Iterable[str]) -> dict[str, int]:
    """The one official territory of each name or code, the widest level first; a name of several is nobody's. A place that a
    document names gives way to the official one of the same name."""
    texts = {name.strip() for name in names if name.strip()}
    rows = Item.objects.filter(version__framework__kind=FrameworkKind.GEOGRAPHY, level__in=OFFICIAL)
    rows = rows.filter(Q(sort_key__in={search_key(text) for text in texts}) | Q(code__in=texts))
    found: dict[str, dict[str, list[tuple[int, bool]]]] = {}
    told = ("sort_key", "code", "level", "pk", "version__framework__code")
    for key, code, level, pk, framework in rows.order_by("pk").values_list(*told):
        for name in {key, search_key(code)}:
            found.setdefault(name, {}).setdefault(level, []).append((pk, framework == PLACES))
    widest = {name: _official(next(levels[level] for level in OFFICIAL if level in levels)) for name, levels in found.items()}
    return {text: widest[key][0] for text in texts if len(widest.get(key := search_key(text), ())) == 1}


def _official(same: list[tuple[int, bool]]) -> list[int]:
    return [pk for pk, is_cited in same if not is_cited] or [pk for pk, _is_cited in same]


def areas_called(text: str) -> list[Item]:
    rows = Item.objects.filter(version__framework__kind=FrameworkKind.GEOGRAPHY, level__in=OFFICIAL, sort_key=search_key(text))
    return list(rows.order_by("level", "code")[:SHOWN])


def named_items(text: str, programme: Programme, *, viewer: AnyUser) -> list[Item]:
    """Of the programme's framework: those of this code; else of this label; else those whose label has these words."""
    rows = Item.objects.visible_to(viewer).filter(version__framework=programme.framework_id).order_by("-version__code", "code")
    key = search_key(text)
    for about in (Q(code__iexact=text.strip()), Q(sort_key=key[:200]), Q(sort_key__contains=key)):
        if found := list(rows.filter(about)[: SHOWN + 1]):
            newest = found[0].version_id
            return [item for item in found if item.version_id == newest][:SHOWN]
    return []
