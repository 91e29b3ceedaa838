from collections.abc import Mapping

from django.http import QueryDict

from beffroi.accounts.models import AnyUser
from beffroi.observatory.forms import LookForm, OptionsForm
from beffroi.observatory.methods import method_named
from beffroi.observatory.queries import runs
from beffroi.observatory.queries.runs import Analysis
from beffroi.provenance.queries import Moment


def replayed(name: str, parameters: Mapping[str, str], *, viewer: AnyUser, moment: Moment) -> Analysis | None:
    """The same question to what is known at a moment; None when the method or its indicator is no more."""
    method, given = method_named(name), address_of(parameters)
    if method is None:
        return None
    form = LookForm(given, viewer=viewer, moment=moment, hidden=runs.hidden_fields(method))
    asked = form.asked(with_rest=not runs.needs_activity(method))
    return runs.analysed(method, asked, OptionsForm(method, given).options) if asked else None


def address_of(parameters: Mapping[str, str]) -> QueryDict:
    given = QueryDict(mutable=True)
    given.update(parameters)
    return given
