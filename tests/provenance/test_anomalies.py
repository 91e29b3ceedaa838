"""What checks find: kept from one run to the next, shown to those who may see it, settled with a reason."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import AuditEvent
from beffroi.core.refusals import Refused
from beffroi.provenance import actions
from beffroi.provenance.enums import AnomalyState
from beffroi.provenance.models import Anomaly
from beffroi.reference.models import Framework
from tests.accounts.factories import partner, person
from tests.provenance.factories import analyst, signed_in
from tests.web.factories import frameworks

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)


def finding(check: str = "total_against_lines", *subjects: str, **changed: object) -> dict[str, object]:
    texts = {"title": "Emplois 2009", "written": "1 310", "expected": "410 + 400 + 500 = 1 310", "difference": "0"}
    return {"check": check, "subjects": list(subjects or ("cell:1", "cell:2")), **texts, **changed}


def states() -> dict[str, str]:
    return {row.check_name: row.state for row in Anomaly.objects.order_by("pk")}


def test_what_is_found_again_is_kept_and_what_is_not_is_gone() -> None:
    first = actions.record_anomalies([finding("a"), finding("b")], at=MONDAY)
    assert (first.new, first.again, first.gone) == (2, 0, 0)
    second = actions.record_anomalies([finding("b", "cell:2", "cell:1", written="1 311"), finding("c")], at=TUESDAY)
    assert (second.new, second.again, second.gone) == (1, 1, 1)
    assert states() == {"a": "gone", "b": "open", "c": "open"}
    kept = Anomaly.objects.get(check_name="b")
    assert (kept.found_at, kept.seen_at, kept.written) == (MONDAY, TUESDAY, "1 311")
    assert sorted((s.kind, s.subject_id) for s in kept.about.order_by("pk")) == [("cell", 1), ("cell", 2)]


def test_what_comes_back_is_open_again() -> None:
    actions.record_anomalies([finding("a")], at=MONDAY)
    actions.record_anomalies([], at=TUESDAY)
    actions.record_anomalies([finding("a")], at=WEDNESDAY)
    back = Anomaly.objects.get()
    assert (back.state, back.found_at) == (AnomalyState.OPEN, WEDNESDAY)


def test_settled_stays_settled_whatever_checks_find() -> None:
    ana = analyst()
    actions.record_anomalies([finding("a"), finding("b")], at=MONDAY)
    for anomaly in Anomaly.objects.order_by("pk"):
        actions.settle_anomaly(anomaly, reason="Vu avec l’Agence", by=ana, at=MONDAY)
    actions.record_anomalies([finding("a", written="autre")], at=TUESDAY)
    assert states() == {"a": "settled", "b": "settled"}
    assert Anomaly.objects.get(check_name="a").written == "1 310", "what was settled keeps the words that were settled"


def test_an_anomaly_is_settled_with_a_reason() -> None:
    ana = analyst()
    actions.record_anomalies([finding("a")], at=MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.settle_anomaly(Anomaly.objects.get(), reason=" ", by=ana, at=MONDAY)
    actions.record_anomalies([], at=TUESDAY)
    with pytest.raises(Refused):
        actions.settle_anomaly(Anomaly.objects.get(), reason="Trop tard", by=ana, at=TUESDAY)


@pytest.fixture
def found() -> Anomaly:
    frameworks("plan")
    subject = f"framework:{Framework.objects.get(code='plan').pk}"
    actions.record_anomalies(
        [
            finding("announced_against_listed", subject, title="Le plan annonce 8 enjeux", written="8", expected="7 décrits"),
            finding("secret", "cell:9", title="Secret", visibility=Visibility.OWNER, owner=partner("lens").pk),
        ],
        at=MONDAY,
    )
    return Anomaly.objects.get(check_name="announced_against_listed")


def test_the_card_says_what_is_written_what_was_expected_and_leads_to_the_thing(client: Client, found: Anomaly) -> None:
    shown = client.get(found.get_absolute_url())
    assert "7 décrits" in shown.content.decode()
    (subject,) = shown.context["subjects"]
    assert subject.label == "Cadre plan"
    assert (
        client.get(f"/objets/{subject.kind}/{subject.pk}")["Location"] == Framework.objects.get(code="plan").get_absolute_url()
    )
    assert client.get("/objets/framework/999999").status_code == 404
    assert client.get("/objets/rien/1").status_code == 404


def test_the_list_is_filtered_and_taken_away(client: Client, found: Anomaly) -> None:
    def titles(query: str) -> list[str]:
        return [one.title for one in client.get(f"/donnees/anomalies/{query}").context["page"]]

    assert titles("") == ["Le plan annonce 8 enjeux"]
    assert titles("?check=announced_against_listed") == ["Le plan annonce 8 enjeux"]
    assert titles("?state=settled") == []
    assert titles("?state=all") == ["Le plan annonce 8 enjeux"]
    assert titles("?q=enjeux+plan") == ["Le plan annonce 8 enjeux"]
    assert titles("?q=absent") == []
    document = client.get("/donnees/").context["sources"][0].source
    assert titles(f"?source={document.pk}") == ["Le plan annonce 8 enjeux"]
    taken = b"".join(client.get("/donnees/anomalies/?format=csv").streaming_content).decode()
    assert "7 décrits" in taken
    assert "Secret" not in taken


def test_a_private_anomaly_is_absent_for_others(client: Client, found: Anomaly) -> None:
    secret = Anomaly.objects.get(check_name="secret")
    assert client.get(secret.get_absolute_url()).status_code == 404
    assert client.get("/donnees/anomalies/?state=all").context["page"].paginator.count == 1
    assert [count.name for count in client.get("/donnees/anomalies/").context["counts"]] == ["announced_against_listed"]
    assert client.get("/why/anomalies:secret/open").context["evidence"].figure.value == 0
    assert signed_in(analyst("ana@lens.example", at="lens")).get(secret.get_absolute_url()).status_code == 200


def test_a_person_settles_and_reopens_from_the_card(found: Anomaly) -> None:
    ana = signed_in(analyst())
    empty = ana.post(f"{found.get_absolute_url()}/regler", {"reason": " "})
    assert empty.status_code == 422
    ana.post(f"{found.get_absolute_url()}/regler", {"reason": "Le huitième est transversal"})
    found.refresh_from_db()
    assert (found.state, found.settled_by.email) == ("settled", "ana@lille.example")
    assert "Le huitième est transversal" in ana.get(found.get_absolute_url()).content.decode()
    again = ana.post(f"{found.get_absolute_url()}/regler", {"reason": "Deux fois"}, follow=True)
    assert "déjà dans un autre état" in again.content.decode()
    ana.post(f"{found.get_absolute_url()}/rouvrir")
    found.refresh_from_db()
    assert (found.state, found.reason, found.settled_by) == ("open", "", None)
    acts = AuditEvent.objects.filter(subject_kind="anomaly").order_by("pk")
    assert [(one.act, one.detail["reason"]) for one in acts] == [
        ("anomaly_settled", "Le huitième est transversal"),
        ("anomaly_reopened", "Le huitième est transversal"),
    ]


def test_who_may_not_settle_only_reads(client: Client, found: Anomaly) -> None:
    assert client.post(f"{found.get_absolute_url()}/regler", {"reason": "x"}).status_code == 302
    reader = signed_in(person(role=Role.ELECTED))
    assert reader.post(f"{found.get_absolute_url()}/regler", {"reason": "x"}).status_code == 403
    assert 'name="reason"' not in reader.get(found.get_absolute_url()).content.decode()
    found.refresh_from_db()
    assert found.state == AnomalyState.OPEN


def test_the_number_of_queries_does_not_grow_with_the_anomalies(queries, client: Client, found: Anomaly) -> None:
    with queries("anomalies"):
        client.get("/donnees/anomalies/?state=all")
    actions.record_anomalies([finding("a", f"cell:{n}") for n in range(20)], at=TUESDAY)
    with queries("anomalies"):
        client.get("/donnees/anomalies/?state=all")
    with queries("anomaly"):
        client.get(found.get_absolute_url())
