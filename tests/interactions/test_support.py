"""Accompaniments and the path of project holders: opened once, walked step by step, read by whom it is told to."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AuditEvent, User
from beffroi.actors.models import Organisation
from beffroi.core.refusals import Refused
from beffroi.interactions import actions
from beffroi.interactions.actions.numbers import NumberTaken
from beffroi.interactions.enums import SupportBlocker
from beffroi.interactions.models import SchoolAction, Support
from beffroi.interactions.queries import starter
from beffroi.interactions.queries.supports import paths
from tests.accounts.factories import partner, person
from tests.actors.factories import hidden, holder, organisation
from tests.interactions.factories import NOON, company, referral, support, word
from tests.interactions.factories import need as asked
from tests.interactions.test_need_pages import PAGES, TODAY, ago, downloaded, errors, page, paul, signed_in

pytestmark = pytest.mark.django_db
SINCE = date(2022, 1, 10)


def opened(**fields: Any) -> Support:
    about = {} if "holder" in fields or "organisation" in fields else {"organisation": company()}
    said = {"client_id": "web-1", "kind": word("conseil"), "title": "Plan numérique", "since": SINCE, "by": None, "at": NOON}
    return actions.open_support(**{"owner": partner(), **about, **said, **fields})


def path(**fields: Any) -> Support:
    return opened(**{"kind": word("starter"), "holder": holder(), "title": "Atelier", **fields})


def walked(made: Support, text: str, **more: Any) -> Support:
    """« reception 10/01/22, hours 12/01/22 »; hours last ninety minutes."""
    for part in text.split(","):
        kind, on = part.split()
        day, month, year = (int(piece) for piece in on.split("/"))
        said = {"minutes": 90} if kind == "hours" else {}
        actions.note_step(made, kind=kind, on=date(2000 + year, month, day), by=author(), **said, **more)
    return made


def author() -> User:
    return User.objects.filter(email="jeanne@lille.example").first() or person()


def refusal(blocker: SupportBlocker):
    return pytest.raises(Refused, match=re.escape(str(blocker.label)))


def test_an_accompaniment_sent_twice_is_opened_once() -> None:
    there = company()
    first, again = opened(organisation=there), opened(organisation=there)
    assert first == again
    with pytest.raises(NumberTaken):
        opened(organisation=company("Autre"))
    assert (Support.objects.count(), AuditEvent.objects.filter(act="support_opened").count()) == (1, 1)
    with pytest.raises(ValidationError):
        opened(client_id="web-2", organisation=None)


def test_the_institution_that_owns_a_project_says_that_it_became_a_company() -> None:
    made = walked(path(holder=holder(at="amiens")), "reception 10/01/22, hours 12/01/22")
    with refusal(SupportBlocker.NOT_YOUR_HOLDER):
        walked(made, "created 01/03/22")
    assert not Organisation.objects.filter(kind="company").exists()


def test_a_project_becomes_a_company_on_the_day_of_its_creation() -> None:
    made = walked(path(), "reception 10/01/22, hours 12/01/22")
    walked(made, "created 01/03/22", name="Recyclerie du Nord")
    company = Organisation.objects.get(name="Recyclerie du Nord")
    assert (company.created, made.holder.organisation_id) == ("2022-03-01", None)  # the row read before knows nothing of it
    made.holder.refresh_from_db()
    assert made.holder.organisation == company
    assert list(made.results.values_list("kind", "value")) == [("company_created", 1)]
    named_as_project = walked(path(client_id="web-2"), "reception 10/01/22, created 02/03/22")
    assert Organisation.objects.filter(name=named_as_project.holder.project).exists()


def test_a_step_that_does_not_follow_is_refused_and_nothing_is_written() -> None:
    made = walked(path(), "reception 10/01/22")
    with refusal(SupportBlocker.NOT_NEXT):
        walked(made, "survival_1 10/01/23")
    assert made.steps.count() == 1


def test_hours_and_results_are_noted_until_the_end() -> None:
    made, by = opened(), person()
    actions.note_step(made, kind="hours", on=date(2022, 2, 1), minutes=150, by=by)
    actions.note_result(made, kind="jobs_created", on=date(2022, 6, 1), value=3, by=by)
    with refusal(SupportBlocker.ENDS_BEFORE):
        actions.end_support(made, state="closed", on=date(2022, 1, 15), by=by)
    ended = actions.end_support(made, state="closed", on=date(2022, 7, 1), by=by)
    assert (ended.state, ended.until) == ("closed", date(2022, 7, 1))
    with refusal(SupportBlocker.IS_OVER):
        actions.note_step(made, kind="hours", on=date(2022, 8, 1), minutes=30, by=by)


def test_a_creation_by_a_company_already_known_makes_no_other() -> None:
    made = walked(opened(kind=word("starter"), organisation=company()), "reception 10/01/22, created 02/03/22")
    assert (Organisation.objects.count(), made.results.count()) == (1, 1)


def test_the_list_tells_hours_to_those_who_may_read_them(queries) -> None:
    client = signed_in()
    mine = support(company("Alpha"), title="Export en Allemagne")
    mine.steps.create(kind="hours", on=TODAY, minutes=150)
    other = support(company("Bêta"), at="amiens", title="Cession confidentielle")
    other.steps.create(kind="hours", on=TODAY, minutes=60)
    support(company("Gamma"), "diagnostic", at="amiens", title="Partagé", detail_visibility=Visibility.PARTNERS, state="closed")
    rows = {row["about"]: (row["title"], row["hours"]) for row in downloaded(client, "/accompagnements/?format=csv")}
    assert rows == {"Alpha": ("Export en Allemagne", "2.5"), "Bêta": ("", ""), "Gamma": ("Partagé", "")}
    text = page(client, "/accompagnements/")
    assert "Cession" not in text
    assert "gardé par l’opérateur" in text
    for told, expected in (
        ({"q": "alpha"}, 1), ({"q": "allemagne"}, 1), ({"q": "cession"}, 0), ({"q": "bêta"}, 1), ({"mine": "on"}, 1),
        ({"state": "closed"}, 1), ({"kind": word("diagnostic").pk}, 1),
    ):  # fmt: skip
        assert client.get(f"{PAGES}/accompagnements/", told).context["page"].paginator.count == expected, told
    with queries("accompaniments"):
        page(client, "/accompagnements/")
    sheet = page(client, f"/accompagnements/{other.pk}")
    assert "sont gardés par Amiens" in sheet
    assert "Cession" not in sheet
    assert "Aucun accompagnement ne correspond" in page(client, "/accompagnements/", q="zzz")


def test_an_accompaniment_is_opened_from_a_need_taken_up() -> None:
    taken = referral(asked(company("Alpha"), "export"), state="taken_up", on=ago(9), answered_on=ago(8))
    client = signed_in(paul())
    assert "Ouvrir un accompagnement" in page(client, f"/besoins/{taken.need_id}")
    address = f"{PAGES}/accompagnements/nouveau?referral={taken.pk}"
    shown = client.get(address)
    assert 'value="International et export"' in shown.content.decode()
    said = {"kind": word("conseil").pk, "title": "Export", "since": "2026-11-20", "detail_visibility": 3, "client_id": "web-7"}
    answer = client.post(address, said)
    made = Support.objects.get()
    assert (made.owner.code, made.organisation.name, made.referral) == ("amiens", "Alpha", taken)
    assert answer["Location"] == f"{PAGES}/accompagnements/{made.pk}"
    assert "Né d’un besoin" in page(client, f"/accompagnements/{made.pk}")
    Support.objects.update(detail_visibility=Visibility.PARTNERS)
    assert "International et export" not in page(
        signed_in(person("zoe@lens.example", at="lens")), f"/accompagnements/{made.pk}"
    )
    assert signed_in().get(address).status_code == 403
    again = client.post(address, said | {"client_id": "web-8"})
    assert again["Location"] == answer["Location"]
    with pytest.raises(ValidationError):
        opened(client_id="web-9", referral=taken)
    kept = referral(asked(hidden()), state="taken_up", on=ago(9), answered_on=ago(8))
    assert client.get(f"{PAGES}/accompagnements/nouveau?referral={kept.pk}").status_code == 403


def test_the_sheet_walks_the_path_and_says_what_is_expected(queries) -> None:
    client, project = signed_in(), holder()
    said = {"about": f"holder:{project.pk}", "kind": word("starter").pk, "title": "Atelier", "since": "2025-01-10"}
    client.post(f"{PAGES}/accompagnements/nouveau", said | {"detail_visibility": 3, "client_id": "web-1"})
    made = Support.objects.get()
    address = f"/accompagnements/{made.pk}"
    assert "Étape attendue" in page(client, address)
    for step in (
        {"kind": "reception", "on": "2025-01-10"},
        {"kind": "hours", "on": "2025-01-12", "minutes": "1 h 30"},
        {"kind": "hours", "on": "2025-01-14", "minutes": "45"},
        {"kind": "created", "on": "2025-02-01", "name": "Recyclerie"},
    ):
        assert client.post(f"{PAGES}{address}/etape", step).status_code == 302, step
    assert (
        "pas encore cet âge"
        in errors(client.post(f"{PAGES}{address}/etape", {"kind": "survival_1", "on": "2025-12-01"}))["__all__"][0]
    )
    late = client.get(f"{PAGES}{address}")
    assert (late.context["path"].due.on, late.context["path"].is_late, late.context["path"].hours.value) == (
        date(2026, 2, 1), True, 2.25
    )  # fmt: skip
    client.post(f"{PAGES}{address}/etape", {"kind": "survival_1", "on": "2026-02-01", "cents": "1 500"})
    assert made.steps.get(kind="survival_1").cents == 150_000
    assert (
        "n’est pas une durée"
        in errors(client.post(f"{PAGES}{address}/etape", {"kind": "follow_up", "on": "2026-03-01", "minutes": "longtemps"}))[
            "minutes"
        ][0]
    )
    assert (
        client.post(f"{PAGES}{address}/resultat", {"kind": "jobs_created", "on": "2026-03-01", "value": "2"}).status_code == 302
    )
    assert "result" not in errors(client.post(f"{PAGES}{address}/fin", {"state": "closed", "on": "2020-01-01"}))
    with queries("an accompaniment"):
        shown = page(client, address)
    assert "Recyclerie" in shown
    assert "1\u202f500" in shown or "1 500" in shown.replace("\u00a0", " ")
    assert client.post(f"{PAGES}{address}/fin", {"state": "closed", "on": "2026-03-02"}).status_code == 302
    assert signed_in(paul()).get(f"{PAGES}{address}/etape").status_code == 403


def test_a_holder_accompanied_by_two_operators_is_one_holder_and_one_company() -> None:
    who = holder()
    walked(path(holder=who), "reception 10/01/22, created 01/03/22")
    other = support(kind="starter", at="amiens", on=SINCE, holder=who, detail_visibility=1)
    walked(other, "reception 10/01/22, hours 12/01/22, created 01/03/22, survival_1 05/03/23")
    on = date(2026, 11, 20)
    viewer = person("deux@lille.example")
    figures = starter.path_figures(paths(viewer, on=on), viewer=viewer, on=on)
    assert [figure.value for figure in figures[:2]] == [1, 1]
    assert (figures[4].value, figures[4].parts) == (1, 1)


def test_the_path_shows_what_is_due_first_and_survival_between_its_bounds(queries) -> None:
    client = signed_in()
    alive = walked(path(holder=holder()), "reception 10/01/22, created 01/03/22, survival_1 05/03/23, survival_3 05/03/25")
    walked(path(client_id="w2", holder=holder()), "reception 10/01/22, created 01/03/22, ended 01/12/22")
    walked(path(client_id="w3", holder=holder()), "reception 10/01/22, created 01/03/22")
    walked(path(client_id="w4", holder=holder(), since=date(2026, 10, 1)), "reception 01/10/26, hours 02/10/26")
    support(company("Ailleurs"), "starter", at="amiens")  # kept by Amiens
    with queries("the path of project holders"):
        shown = client.get(f"{PAGES}/accompagnements/parcours")
    figures = {figure.label: figure for figure in shown.context["figures"]}
    assert [figures[name].value for name in ("porteurs de projet", "entreprises créées", "transmises", "d’accompagnement")] == [
        4, 3, 0, 1.5
    ]  # fmt: skip
    one = figures["en vie à 1 an"]
    assert (one.value, round(one.low, 3), round(one.high, 3), one.known, one.parts) == (None, 0.333, 0.667, 2, 3)
    assert shown.context["page"][0].due_label == "en vie à un an"
    assert "à noter" in shown.content.decode()
    assert len(downloaded(client, "/accompagnements/parcours?format=csv")) == 4
    for key, status in (("survival:1", 200), ("survival:2", 404), ("starter:created", 200), ("starter:zzz", 404)):
        assert client.get(f"/why/{key}").status_code == status, key
    assert alive.title in client.get("/why/survival:3").content.decode()
    assert "Aucun porteur de projet" in page(signed_in(person("zoe@lens.example", at="lens")), "/accompagnements/parcours")


def test_school_actions_are_counted_and_the_uncounted_pupils_said() -> None:
    client = signed_in()
    organisation("Lycée Faidherbe", "school")
    said = {"title": "Mini-entreprise", "on": "2026-11-10", "visibility": 1}
    first = client.post(
        f"{PAGES}/accompagnements/ecoles/noter", said | {"school": "Lycée Faidherbe", "pupils": "28", "minutes": "2 h"}
    )
    assert first["Location"] == f"{PAGES}/accompagnements/ecoles"
    client.post(f"{PAGES}/accompagnements/ecoles/noter", said | {"school_name": "Collège Pasteur", "on": "2025-11-10"})
    shown = client.get(f"{PAGES}/accompagnements/ecoles")
    assert [(figure.value, figure.known, figure.parts) for figure in shown.context["figures"]] == [
        (2, None, None), (2, None, None), (28, 1, 2), (2, None, None)
    ]  # fmt: skip
    row = SchoolAction.objects.get(pupils=28)
    assert client.post(f"{PAGES}/accompagnements/ecoles/{row.pk}/modifier", said | {"pupils": "30"}).status_code == 302
    assert [row["pupils"] for row in downloaded(client, "/accompagnements/ecoles?format=csv&start=2026-01-01")] == ["30"]
    assert "Aucune action notée" in page(client, "/accompagnements/ecoles", mine="on", end="2020-01-01")
    assert "on" in errors(client.post(f"{PAGES}/accompagnements/ecoles/noter", said | {"on": "demain"}))
    assert "school" in errors(client.post(f"{PAGES}/accompagnements/ecoles/noter", said | {"school": "Nulle part"}))
    assert signed_in(paul()).get(f"{PAGES}/accompagnements/ecoles/{row.pk}/modifier").status_code == 403


def test_the_sheet_of_a_company_tells_needs_and_support_as_far_as_one_may_read() -> None:
    alpha = company("Alpha")
    asked(alpha, "export")
    asked(alpha, "difficultes", at="amiens")
    support(alpha, title="Plan export").steps.create(kind="hours", on=TODAY, minutes=60)
    support(alpha, title="Cession secrète", at="amiens")
    client = signed_in()
    sheet = client.get(alpha.get_absolute_url()).content.decode()
    for told in (
        "International et export",
        "Plan export",
        "gardé par l’opérateur",
        "Noter un besoin",
        "Comparer avec ses pairs",
    ):
        assert told in sheet, told
    assert "Difficultés, trésorerie" not in sheet
    assert "Cession" not in sheet
    assert "Comparer avec ses pairs" not in Client().get(alpha.get_absolute_url()).content.decode()
    assert "Rien n’est encore noté" in client.get(company("Bêta").get_absolute_url()).content.decode()
    assert "Noter un besoin" not in client.get(organisation("Pôle").get_absolute_url()).content.decode()
