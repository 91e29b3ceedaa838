"""What the keys of breakdowns and the codes of sources mean."""

import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

from beffroi.indicators.models import Indicator
from beffroi.indicators.rules import Words

DATA = Path(__file__).resolve().parents[1] / "data"


@cache
def breakdown_words(kind: str) -> Words:
    """What the keys of the breakdowns of observations, or of funding, mean: curated in data/breakdowns.toml."""
    data = tomllib.loads((DATA / "breakdowns.toml").read_text())
    keys = data[kind]
    bounds = {word: side for side in ("min", "max") for word in data["bounds"][side]}
    partly = {name: frozenset(key["qualifier_values"]) for name, key in keys.items() if "qualifier_values" in key}
    return Words(frozenset(name for name, key in keys.items() if key["role"] in {"qualifier", "bound"}), partly, bounds)


def indicator_ids(namespace: str) -> dict[str, int]:
    """The indicators that a source names by its own codes, then those that only one other source defines."""
    rows = list(Indicator.objects.values_list("namespace", "code", "pk"))
    elsewhere: dict[str, set[int]] = defaultdict(set)
    for _, code, pk in rows:
        elsewhere[code].add(pk)
    found = {code: next(iter(ids)) for code, ids in elsewhere.items() if len(ids) == 1}
    return found | {code: pk for space, code, pk in rows if space == namespace}


@cache
def total_values(kind: str) -> dict[str, frozenset[str]]:
    """The values of each key that say a printed total."""
    data = tomllib.loads((DATA / "breakdowns.toml").read_text())[kind]
    return {name: frozenset(key["totals"]) for name, key in data.items() if "totals" in key}


@cache
def published_indicators() -> list[dict[str, Any]]:
    """The indicators of public statistics, of which profiles name the code: curated in data/published.toml."""
    data = tomllib.loads((DATA / "published.toml").read_text())
    about = {
        code: {"framework_label": row["label"], "framework_since": row.get("since")} for code, row in data["frameworks"].items()
    }
    return [{**row, **about[row["framework"]]} for row in data["indicators"]]
