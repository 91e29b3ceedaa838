"""The words of codes, where the nomenclature that gives them is loaded."""

from collections.abc import Iterable

from beffroi.reference.models import Item

Coded = tuple[str, str]  # the code of a framework, and a code in it


def plain_code(code: str) -> str:
    """Registers write 62.01Z what others write 6201Z."""
    return code.replace(".", "").strip().upper()


def labels_of(codes: Iterable[Coded]) -> dict[Coded, Item]:
    """Each code as it was asked -> the item of the latest version that has it."""
    asked = {(framework, code) for framework, code in codes if framework and code}
    written = {spelling for _, code in asked for spelling in (code, plain_code(code))}
    rows = Item.objects.filter(version__framework__code__in={framework for framework, _ in asked}, code__in=written)
    found = {
        (item.version.framework.code, plain_code(item.code)): item
        for item in rows.select_related("version__framework").order_by("version__code")
    }
    return {(framework, code): item for framework, code in asked if (item := found.get((framework, plain_code(code))))}
