"""What people ask and cannot have: an action raises it, a page tells it."""

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


TOLD = (Refused, ValidationError)


class told_on:  # noqa: N801 - read as a verb: `with told_on(form):`
    """What is refused inside stands on the form, beside the field that it names or the one given."""

    def __init__(self, form: Any, field: str | None = None) -> None:
        self.form, self.field = form, field

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: Any, refusal: Any, _trace: Any) -> bool:
        if not isinstance(refusal, TOLD):
            return False
        named = refusal.error_dict if hasattr(refusal, "error_dict") else {self.field: refusal}
        for name, found in named.items():
            said = found.messages if isinstance(found, Refused) else found
            self.form.add_error(name if name in self.form.fields else None, said)
        return True


class told_to:  # noqa: N801
    """What is refused inside is said on the next page."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: Any, refusal: Any, _trace: Any) -> bool:
        if not isinstance(refusal, TOLD):
            return False
        messages.error(self.request, " ".join(refusal.messages))
        return True
