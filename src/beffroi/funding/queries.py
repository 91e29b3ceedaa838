from beffroi.funding.models import Operation


def operation_ids(namespace: str) -> dict[str, int]:
    return dict(Operation.objects.filter(namespace=namespace).values_list("code", "pk"))
