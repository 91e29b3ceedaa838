from beffroi.governance.models import Body


def body_ids(namespace: str) -> dict[str, int]:
    return dict(Body.objects.filter(namespace=namespace).values_list("code", "pk"))
