"""What an operator's own software sends: once, with the operator's rights, refused in sentences, as documented."""

import json
from datetime import UTC, date, datetime
from typing import Any

import jsonschema
import pytest
from django.core.cache import cache
from django.test import Client

from beffroi.accounts import actions as accounts
from beffroi.accounts.models import ApiKey, AuditEvent, KeyHolder
from beffroi.actors.models import Organisation
from beffroi.interactions.actions import push as pushes
from beffroi.interactions.actions import seed_nomenclatures
from beffroi.interactions.models import Event, Need, Push, Visit
from tests.accounts.factories import administrator, partner, person
from tests.interactions.factories import company, need, visit

pytestmark = pytest.mark.django_db
SIREN = "552100554"
AT = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _words() -> None:
    cache.clear()
    seed_nomenclatures()


def key_of(at: str = "lille") -> tuple[ApiKey, str]:
    return accounts.make_key(partner(at), label="CRM", by=administrator(f"anne@{at}.example"))


class Software:
    """A program with a key."""

    def __init__(self, secret: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {secret}"}, enforce_csrf_checks=True)

    def send(self, path: str, said: Any, method: str = "post") -> tuple[int, Any]:
        text = said if isinstance(said, str) else json.dumps(said)
        answer = getattr(self.client, method)(f"/api/v1/{path}", text, content_type="application/json")
        return answer.status_code, answer.json()

    def read(self, path: str) -> tuple[int, Any]:
        answer = self.client.get(f"/api/v1/{path}")
        return answer.status_code, answer.json()


def software(at: str = "lille") -> Software:
    return Software(key_of(at)[1])


def a_visit(**said: Any) -> dict[str, Any]:
    return {"client_id": "V-1", "company": {"siren": SIREN}, "on": "2026-11-18", **said}


def test_a_visit_sent_twice_is_one_and_another_content_under_its_number_is_refused() -> None:
    company("Filature", siren=SIREN)
    program = software()
    first, row = program.send("visits", a_visit(text="Cherche un associé", needs=[{"subject": "export"}]))
    again, same = program.send("visits", a_visit(text="Cherche un associé", needs=[{"subject": "export"}]))
    assert (first, again, row) == (201, 200, same)
    assert (row["client_id"], row["company"], row["state"]) == ("V-1", {"siren": SIREN, "name": "Filature"}, "done")
    status, refused = program.send("visits", a_visit(on="2026-11-17"))
    assert (status, "a déjà servi avec un autre contenu" in refused["detail"]) == (409, True)
    kept = Visit.objects.get()
    assert (kept.on, kept.by, kept.owner, kept.notes.get().text) == (date(2026, 11, 18), None, partner(), "Cherche un associé")
    assert Need.objects.get().subject_item.code == "export"
    assert AuditEvent.objects.filter(act="pushed", subject_kind="api_key").count() == 1


def test_a_number_that_a_screen_used_is_not_taken_over() -> None:
    company("Filature", siren=SIREN)
    visit(client_id="V-1")
    assert software().send("visits", a_visit())[0] == 409


def test_the_same_number_at_two_operators_is_two_visits() -> None:
    company("Filature", siren=SIREN)
    assert [software(at).send("visits", a_visit())[0] for at in ("lille", "amiens")] == [201, 201]


def test_two_requests_at_once_are_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    company("Filature", siren=SIREN)
    key, _secret = key_of()
    said = a_visit(on=date(2026, 11, 18), state="done", means="on_site")
    first = pushes.push("visits", said, key=key, at=AT)
    known = pushes._known
    answers = iter([None])  # the row of the other request is not there yet when this one looks

    def late(*args: Any, **named: Any) -> Any:
        return next(answers) if not done.append(1) and len(done) == 1 else known(*args, **named)

    done: list[int] = []
    monkeypatch.setattr(pushes, "_known", late)
    assert pushes.push("visits", said, key=key, at=AT) == pushes.Pushed(first.row, is_new=False)


def test_a_company_that_nobody_knows_comes_with_its_visit_and_is_found_again() -> None:
    program = software()
    program.send("visits", a_visit(company={"name": "Scierie des Monts"}, place=None))
    program.send("visits", a_visit(client_id="V-2", company={"name": "scierie des MONTS"}))
    made = Organisation.objects.get()
    assert (str(made), made.owner, Visit.objects.filter(organisation=made).count()) == ("Scierie des Monts", partner(), 2)


def test_a_visitor_is_a_member_of_the_institution_of_the_key() -> None:
    company("Filature", siren=SIREN)
    jeanne = person()
    person("paul@amiens.example", at="amiens")
    program = software()
    program.send("visits", a_visit(by="Jeanne@lille.example"))
    assert Visit.objects.get().by == jeanne
    status, refused = program.send("visits", a_visit(client_id="V-2", by="paul@amiens.example"))
    assert (status, refused["errors"][0]["field"]) == (422, "by")


def test_needs_and_events_are_sent_the_same_way() -> None:
    company("Filature", siren=SIREN)
    program = software()
    asked = {
        "client_id": "B-1",
        "company": {"name": "Filature"},
        "subject": "financement",
        "opened_on": "2026-11-18",
        "text": "Prêt",
    }
    status, row = program.send("needs", asked)
    assert (status, row["subject"], Need.objects.get().text) == (201, "financement", "Prêt")
    event = {
        "client_id": "E-1",
        "title": "Rencontre",
        "starts": "2026-12-03T14:00:00",
        "ends": "2026-12-03T17:00:00",
        "kind": "atelier",
    }
    status, row = program.send("events", event)
    made = Event.objects.get()
    assert (status, row["kind"], made.starts, made.owner) == (201, "atelier", datetime(2026, 12, 3, 13, tzinfo=UTC), partner())
    assert program.send("events", event)[0] == 200


A_NEED = {"client_id": "B", "company": {"name": "Inconnue"}, "subject": "export", "opened_on": "2026-11-18"}
AN_EVENT = {"client_id": "E", "title": "R", "ends": "2026-12-03T13:00"}
REFUSED: tuple[tuple[str, Any, int, str], ...] = (
    ("visits", "{", 400, "Envoyez un objet JSON"),
    ("visits", "[1]", 400, "Envoyez un objet JSON"),
    ("visits", {}, 422, "Ce champ manque."),
    ("visits", a_visit(company={}), 422, "Donnez le SIREN"),
    ("visits", a_visit(company={"siren": "552100555"}), 422, "sa clé est fausse"),
    ("visits", a_visit(company={"siren": "732829320"}), 422, "Aucune entreprise connue n’a le SIREN"),
    ("visits", a_visit(company={"name": "Double"}), 422, "Plusieurs entreprises s’appellent"),
    ("visits", a_visit(on="hier"), 422, "n’a pas la forme attendue"),
    ("visits", a_visit(on="2027-01-01"), 422, "ne l’est pas un jour à venir"),
    ("visits", a_visit(colour="red"), 422, "Ce champ n’existe pas"),
    ("visits", a_visit(state="cancelled"), 422, "n’est pas l’une de celles"),
    ("visits", a_visit(place="99999"), 422, "aucun territoire officiel"),
    ("visits", a_visit(area={"framework": "s3", "code": "x"}), 422, "n’a pas d’élément"),
    ("visits", a_visit(needs=[{"subject": "lune"}]), 422, "Codes connus"),
    ("needs", A_NEED, 422, "envoyez d’abord la visite"),
    ("events", {**AN_EVENT, "starts": "2026-12-03T14:00"}, 422, "finit après avoir commencé"),
    ("events", {**AN_EVENT, "starts": "2026-12-03T14:00Z"}, 422, "finit après avoir commencé"),
)  # fmt: skip


@pytest.mark.parametrize(("path", "said", "status", "sentence"), REFUSED)
def test_a_refusal_says_in_a_sentence_what_to_do_and_writes_nothing(path: str, said: Any, status: int, sentence: str) -> None:
    company("Filature", siren=SIREN)
    for _twin in range(2):
        company("Double")
    found, refused = software().send(path, said)
    words = " ".join([refused.get("detail", ""), *(one["sentence"] for one in refused.get("errors", []))])
    assert (found, sentence in words) == (status, True), words
    assert not (Visit.objects.exists() or Need.objects.exists() or Event.objects.exists() or Push.objects.exists())


def test_a_batch_says_what_became_of_each_row() -> None:
    company("Filature", siren=SIREN)
    program = software()
    program.send("visits", a_visit())
    rows = [
        a_visit(),
        a_visit(on="2026-11-01"),
        a_visit(client_id="V-2"),
        a_visit(client_id="V-3", on="2030-01-01"),
        "rien",
        {"client_id": 7},
    ]
    status, answer = program.send("visits/batch", {"rows": rows})
    assert (status, [row["status"] for row in answer["rows"]]) == (200, [200, 409, 201, 422, 422, 422])
    assert (answer["written"], answer["known"], answer["refused"]) == (1, 1, 4)
    assert Visit.objects.count() == 2
    for wrong in ({"rows": []}, {"rows": [{}] * 201}, [], {"rows": "x"}):
        assert program.send("visits/batch", wrong)[0] == 422


def test_a_key_reads_back_its_own_institutions_rows_only_page_by_page() -> None:
    company("Filature", siren=SIREN)
    for rank in range(3):
        visit(client_id=f"V-{rank}")
    visit(at="amiens", client_id="A-1")
    need(at="amiens", client_id="A-2")
    program = software()
    status, page = program.read("visits?limit=2")
    assert (status, [row["client_id"] for row in page["rows"]]) == (200, ["V-0", "V-1"])
    _status, rest = program.read(page["next"].removeprefix("/api/v1/"))
    assert ([row["client_id"] for row in rest["rows"]], rest["next"]) == (["V-2"], None)
    assert program.read("visits/V-1")[1]["client_id"] == "V-1"
    assert program.read("visits/A-1")[0] == 404
    assert program.read("needs")[1] == {"rows": [], "next": None}
    for wrong in ("visits?limit=0", "visits?limit=x", "visits?after=99999999999999999999", "visits?limit=201"):
        assert program.read(wrong)[0] == 422
    assert "export" in {row["code"] for row in program.read("codes")[1]["need_subjects"]}


def test_without_a_live_key_nothing_answers(client: Client) -> None:
    key, secret = key_of()
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {secret}"}):
        answer = client.get("/api/v1/visits", headers=headers)
        assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    accounts.revoke_key(accounts.revoke_key(key, by=key.made_by), by=key.made_by)
    assert client.get("/api/v1/visits", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    assert AuditEvent.objects.filter(act="key_revoked").count() == 1
    assert secret not in str(list(ApiKey.objects.values()))


def test_wrong_methods_and_wrong_addresses_are_answered_for_programs(client: Client) -> None:
    program = software()
    for path, method in (("visits", "put"), ("visits/V-1", "post"), ("visits/batch", "put"), ("codes", "post")):
        assert program.send(path, {}, method)[0] == 405
    for path in ("/api/v1/nothing", "/api/v1/visits/a/b/c/d?as_of=hier"):
        answer = client.get(path)
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_key_is_slowed_down_beyond_so_many_requests_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("beffroi.interactions.views.api.keyed.A_MINUTE", 2)
    program = software()
    assert [program.read("codes")[0] for _time in range(3)] == [200, 200, 429]


def test_when_a_key_last_served_is_known_to_the_minute(clock: Any) -> None:
    key, secret = key_of()
    program = Software(secret)
    program.read("codes")
    clock.shift(30)
    program.read("codes")
    first = ApiKey.objects.get(pk=key.pk).last_used_at
    clock.shift(60)
    program.read("codes")
    assert first and ApiKey.objects.get(pk=key.pk).last_used_at > first


# The documentation


def schema_of(told: dict[str, Any], path: str, method: str, status: int) -> dict[str, Any]:
    (media,) = told["paths"][path][method]["responses"][str(status)]["content"].values()
    return {**media["schema"], "components": told["components"]}


def test_answers_are_those_that_the_document_tells(client: Client) -> None:
    told = client.get("/api/v1/openapi.json").json()
    jsonschema.Draft202012Validator.check_schema({"$defs": told["components"]["schemas"]})
    assert told["openapi"] == "3.1.0"
    company("Filature", siren=SIREN)
    program = software()
    row = told["paths"]["/visits"]["post"]["requestBody"]["content"]["application/json"]["example"]
    cases: list[tuple[str, str, tuple[int, Any]]] = [
        ("/visits", "post", program.send("visits", row)),
        ("/visits", "post", program.send("visits", row)),
        ("/visits", "post", program.send("visits", {**row, "on": "2026-01-01"})),
        ("/visits", "post", program.send("visits", {})),
        ("/visits", "post", program.send("visits", "{")),
        ("/visits/batch", "post", program.send("visits/batch", {"rows": [row, {}, {**row, "client_id": "n"}]})),
        ("/visits", "get", program.read("visits")),
        ("/visits/{client_id}", "get", program.read(f"visits/{row['client_id']}")),
        ("/visits/{client_id}", "get", program.read("visits/nobody")),
        ("/codes", "get", program.read("codes")),
    ]
    for kind in ("needs", "events"):
        example = told["paths"][f"/{kind}"]["post"]["requestBody"]["content"]["application/json"]["example"]
        cases += [(f"/{kind}", "post", program.send(kind, example)), (f"/{kind}", "get", program.read(kind))]
    seen = set()
    for path, method, (status, answer) in cases:
        jsonschema.validate(answer, schema_of(told, path, method, status), cls=jsonschema.Draft202012Validator)
        seen.add(status)
    assert seen == {200, 201, 400, 404, 409, 422}


def test_the_page_of_the_interface_lists_every_address(client: Client) -> None:
    text = client.get("/api/").content.decode()
    for path in ("/api/v1/visits", "/api/v1/needs/batch", "/api/v1/events/{client_id}", "detail_visibility"):
        assert path in text


# The keys on screen


def test_an_administrator_makes_and_revokes_the_keys_of_their_institution_alone(client: Client) -> None:
    others, _secret = key_of("amiens")
    client.force_login(administrator())
    assert "Aucune clé" in client.get("/comptes/cles/").content.decode()
    made = client.post("/comptes/cles/", {"label": "CRM de Lille", "partner": partner().pk})
    key = ApiKey.objects.get(partner=partner())
    text = made.content.decode()
    assert (key.prefix in text, made.headers["Cache-Control"], "CRM de Lille" in text) == (True, "no-store", True)
    secret = text.split('<code class="cite">')[1].split("</code>")[0]
    assert Software(secret).read("codes")[0] == 200
    assert secret not in client.get("/comptes/cles/").content.decode()
    assert client.post("/comptes/cles/", {"label": "CRM", "partner": others.partner_id}).status_code == 422
    assert client.post(f"/comptes/cles/{others.pk}/revoquer").status_code == 404
    client.post(f"/comptes/cles/{key.pk}/revoquer")
    assert Software(secret).read("codes")[0] == 401
    assert KeyHolder(key).partner_ids == {partner().pk}
