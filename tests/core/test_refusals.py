from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from beffroi.core.refusals import Refused, told_on, told_to

pytestmark = pytest.mark.smoke


class DayForm(forms.Form):
    on = forms.CharField()


def form():
    found = DayForm({"on": "2026-02-30"})
    assert found.is_valid()
    return found


def test_a_refusal_says_its_sentences_and_the_labels_of_what_stands_in_the_way():
    refusal = Refused("Rien n’est écrit.", SimpleNamespace(label="Le jour manque."))
    assert str(refusal) == "Rien n’est écrit. Le jour manque."
    assert refusal.messages == ["Rien n’est écrit.", "Le jour manque."]


@pytest.mark.parametrize(
    ("refusal", "field", "told"),
    [
        (Refused("Le jour manque.", "Le lieu aussi."), None, {"__all__": ["Le jour manque.", "Le lieu aussi."]}),
        (Refused("Ce jour n’existe pas."), "on", {"on": ["Ce jour n’existe pas."]}),
        (ValidationError("Ce jour n’existe pas."), "on", {"on": ["Ce jour n’existe pas."]}),
        (ValidationError({"on": "Trop tôt.", "owner": "Inconnu."}), None, {"on": ["Trop tôt."], "__all__": ["Inconnu."]}),
    ],
)
def test_a_form_shows_each_refusal_at_its_place(refusal, field, told):
    shown = form()
    with told_on(shown, field):
        raise refusal
    assert shown.errors == told


def test_a_page_shows_a_refusal_and_goes_on():
    request = RequestFactory().post("/")
    request.session = {}
    request._messages = FallbackStorage(request)
    with told_to(request):
        raise Refused("Le jour manque.", "Le lieu aussi.")
    assert [str(one) for one in get_messages(request)] == ["Le jour manque. Le lieu aussi."]


def test_what_is_no_refusal_is_a_fault():
    with pytest.raises(ZeroDivisionError), told_on(form()):
        raise ZeroDivisionError
