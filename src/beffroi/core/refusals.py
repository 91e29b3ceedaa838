"""What people ask and cannot have: an action raises it, a page tells it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest


class Refused(ValueError):
    """What was asked cannot be, and nothing was written. `blockers`: sentences for the person who asked, or members of an
    enumeration whose labels are."""

    def __init__(self, *blockers: Any) -> None:
        self.blockers = blockers
        self.messages = [str(getattr(one, "label", one)) for one in blockers]
        super().__init__(" ".join(self.messages))


@contextmanager
def told_on(form: Any, field: str | None = None) -> Iterator[None]:
    """What is refused inside stands on the form, beside the field that it names or the one given."""
    try:
        yield
    except (Refused, ValidationError) as refusal:
        named = refusal.error_dict if hasattr(refusal, "error_dict") else {field: refusal}
        for name, found in named.items():
            form.add_error(name if name in form.fields else None, found.messages if isinstance(found, Refused) else found)


@contextmanager
def told_to(request: HttpRequest) -> Iterator[None]:
    """What is refused inside is said on the next page."""
    try:
        yield
    except (Refused, ValidationError) as refusal:
        messages.error(request, " ".join(refusal.messages))
