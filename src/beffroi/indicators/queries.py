from beffroi.indicators.models import Indicator


def indicator_ids(namespace: str) -> dict[str, int]:
    """The indicators that a source names by its own codes, then those that only one other source defines."""
    rows = list(Indicator.objects.values_list("namespace", "code", "pk"))
    elsewhere: dict[str, set[int]] = {}
    for _, code, pk in rows:
        elsewhere.setdefault(code, set()).add(pk)
    found = {code: next(iter(ids)) for code, ids in elsewhere.items() if len(ids) == 1}
    return found | {code: pk for space, code, pk in rows if space == namespace}
