"""What a program reads when its request is refused: RFC 9457, in sentences that a person understands too."""

from collections.abc import Mapping
from typing import Any

from django.http import JsonResponse

MEDIA_TYPE = "application/problem+json"


def problem_of(status: int, title: object, detail: object = "", **more: Any) -> dict[str, Any]:
    """`more`: what the standard lets a problem add, such as the errors of each field."""
    said = {"type": "about:blank", "title": str(title), "status": status}
    return said | ({"detail": str(detail)} if detail else {}) | more


def problem(
    status: int, title: object, detail: object = "", *, headers: Mapping[str, str] | None = None, **more: Any
) -> JsonResponse:
    answer = JsonResponse(problem_of(status, title, detail, **more), status=status, content_type=MEDIA_TYPE)
    for name, value in (headers or {}).items():
        answer.headers[name] = value
    return answer
