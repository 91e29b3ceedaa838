from collections.abc import Iterable, Mapping

from beffroi.reference.models import Framework, ItemAlias


def declare_aliases(rows: Iterable[Mapping[str, str]]) -> None:
    """Codes of one source that name what another source named first: loads then attach to the existing item."""
    for row in rows:
        ItemAlias.objects.update_or_create(
            scheme=row["scheme"],
            framework_code=row["framework"],
            code=row["code"],
            defaults={
                "target_framework": row["same_framework"],
                "target_code": row["same_code"],
                "reason": row["reason"][:500],
            },
        )


def classify_frameworks(kinds: Mapping[str, str]) -> None:
    for code, kind in kinds.items():
        Framework.objects.filter(code=code).update(kind=kind)
