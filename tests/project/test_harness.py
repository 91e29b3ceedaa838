"""What the other tests rely on."""

import json
import socket
from pathlib import Path

import pytest
from django.template import Engine, Origin, Template
from django.template.context import Context
from django.utils import timezone
from pytest_socket import SocketConnectBlockedError

from beffroi.accounts.models import Partner
from tests import databases
from tests.queries import QueryCounts, counted
from tests.strictness import UndefinedVariableError


def page(source: str, name: str) -> Template:
    return Template(source, origin=Origin(name), engine=Engine.get_default())


def test_a_variable_that_our_template_does_not_have_fails() -> None:
    with pytest.raises(UndefinedVariableError, match="nmae"):
        page("{% if True %}{{ nmae }}{% endif %}", "/src/beffroi/web/templates/home.html").render(Context({"name": "A"}))


def test_a_variable_that_a_template_of_others_does_not_have_is_empty() -> None:
    assert page("[{{ nmae }}]", "/site-packages/allauth/templates/login.html").render(Context()) == "[]"


def test_time_stands_still_until_it_is_moved(clock) -> None:
    assert timezone.now().isoformat() == "2026-11-20T08:00:00+00:00"
    clock.shift(3600)
    assert timezone.now().isoformat() == "2026-11-20T09:00:00+00:00"


@pytest.mark.filterwarnings("ignore:A test tried to use")
def test_the_network_is_closed() -> None:
    with pytest.raises(SocketConnectBlockedError), socket.socket() as away:
        away.connect(("192.0.2.1", 80))


@pytest.fixture
def three_partners(db: None) -> None:
    Partner.objects.bulk_create(Partner(code=code, name=name) for code, name in [("a", "Nord"), ("b", "Est"), ("c", "Ouest")])


def test_an_unordered_query_answers_backwards(three_partners: None) -> None:
    assert [partner.code for partner in Partner.objects.order_by()] == ["c", "b", "a"]
    assert [partner.code for partner in Partner.objects.order_by()[:1]] == ["c"]


def test_an_ordered_query_answers_in_its_order(three_partners: None) -> None:
    assert [partner.code for partner in Partner.objects.all()] == ["b", "a", "c"]
    assert Partner.objects.order_by().count() == 3
    assert set(Partner.objects.order_by().values_list("code", flat=True).distinct()) == {"a", "b", "c"}


def test_queries_are_counted_with_their_origin(three_partners: None, tmp_path: Path) -> None:
    path = tmp_path / "queries.json"
    with QueryCounts(path, update=True)("partners"):
        list(Partner.objects.all())
    assert json.loads(path.read_text()) == {"partners": {"elsewhere": 1}}
    with QueryCounts(path, update=False)("partners"):
        list(Partner.objects.all())
    with pytest.raises(AssertionError, match="partners: 2 queries"), QueryCounts(path, update=False)("partners"):
        list(Partner.objects.all())
        Partner.objects.exists()


def test_a_test_without_the_demo_starts_from_nothing(db: None) -> None:
    with counted() as made:
        assert not Partner.objects.exists()
    assert made.total() == 1


def test_the_demo_is_there_for_the_test_that_asks(demo: None) -> None:
    assert Partner.objects.exists()


def test_a_demo_that_cannot_be_built_is_not_tried_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases.run, "FOLDER", tmp_path)
    databases.run.data_folder("prepared_demo").mkdir(parents=True)
    with pytest.raises(databases.NotPrepared):
        databases.copy_prepared(databases.DEMO, "main_demo")
