"""The monthly dashboard: what it counts, what it never says, and how it leaves by e-mail. Today is 20 November 2026."""

import re
from dataclasses import replace
from datetime import date, datetime
from threading import Event as Signal
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test import Client

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import User
from beffroi.core.models import Mail
from beffroi.interactions.actions.letters import choose_letters
from beffroi.interactions.enums import Letter
from beffroi.interactions.models import Participation, SupportResult, Visit
from beffroi.interactions.queries import shelf
from beffroi.publishing.dashboards.letters import send_letters
from tests.accounts.factories import partner, person
from tests.actors.factories import holder, pair
from tests.interactions.factories import company, event, need, referral, support, visit, word
from tests.queries import QueryCounts

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
OCTOBER = date(2026, 10, 6)
TAG = re.compile(r"<[^>]*>")
PAGE = "/activite/booster?mois=2026-10"
LIST = "/activite/booster/liste?mois=2026-10&mesure="


@pytest.fixture
def jeanne(client: Client) -> User:
    user = person()
    client.force_login(user)
    return user


def text_of(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def row(page: str, label: str) -> list[str]:
    """The numbers of a line of a table."""
    found = page.partition(f'<th scope="row">{label}</th>')[2].partition("</tr>")[0]
    return [" ".join(TAG.sub("", f"<td{cell}").split()) for cell in found.split("<td")[1:]]


def test_an_operator_that_sent_nothing_is_said_and_is_no_zero(client: Client, jeanne: User) -> None:
    person("paul@amiens.example", at="amiens")
    visit(on=OCTOBER)
    page = text_of(client)
    assert row(page, "Lille")[:4] == ["1", "0", "0", "0"]
    assert row(page, "Amiens") == ["rien reçu"]
    assert "1 sur 2" in page


def test_a_month_is_beside_the_month_before_and_the_same_month_a_year_before(client: Client, jeanne: User) -> None:
    seen = company()
    for day in (OCTOBER, date(2026, 10, 30), date(2026, 9, 15), date(2025, 10, 2)):
        visit(seen, on=day)
    assert row(text_of(client), "visites") == ["2", "1", "+1 (+100 %)", "1", "+1 (+100 %)"]
    assert row(text_of(client), "entreprises touchées")[0] == "1"
    assert row(text_of(client, "/activite/booster?mois=2026-09"), "visites")[3:] == ["rien reçu", "pas de comparaison"]


def test_what_an_operator_keeps_for_itself_is_in_no_total(client: Client, jeanne: User) -> None:
    visit(on=OCTOBER)
    visit(company("Secrète"), at="amiens", on=OCTOBER, visibility=Visibility.OWNER)
    visit(company("Réservée"), at="amiens", on=OCTOBER, reserved_until=date(2026, 12, 1))
    assert row(text_of(client), "visites")[0] == "1"
    client.force_login(person("paul@amiens.example", at="amiens"))
    assert row(text_of(client), "visites")[0] == "1"
    client.logout()
    assert "Rien reçu" in text_of(client)


def test_from_the_visit_to_its_result(client: Client, jeanne: User) -> None:
    one, two, three = (company(name) for name in ("Une", "Deux", "Trois"))
    for seen in (one, two, three):
        visit(seen, on=OCTOBER)
    referral(need(one, on=OCTOBER), state="taken_up", answered_on=date(2026, 10, 9))
    need(two, on=date(2026, 11, 2))
    done = support(one, on=date(2026, 11, 3))
    SupportResult.objects.create(support=done, kind="jobs_created", on=date(2026, 11, 10), value=2)
    page = text_of(client)
    assert row(page, "entreprises visitées dans le mois") == ["3", "–", "–"]
    assert row(page, "dont un besoin exprimé") == ["2", "3", "66,7 %"]
    assert row(page, "dont un besoin pris en charge") == ["1", "2", "50 %"]
    assert row(page, "dont un résultat constaté") == ["1", "1", "100 %"]


def test_a_number_opens_the_list_that_it_counts(client: Client, jeanne: User) -> None:
    visit(company("Filature du Nord"), on=OCTOBER)
    visit(company("Secrète"), at="amiens", on=OCTOBER, visibility=Visibility.OWNER)
    page = text_of(client, "/activite/booster/liste?mesure=visits&mois=2026-10")
    assert "Filature du Nord" in page
    assert "Secrète" not in page
    assert client.get("/activite/booster/liste?mesure=nothing").status_code == 404
    file = client.get("/activite/booster/liste?mesure=companies&mois=2026-10&format=csv")
    assert b"Filature du Nord" in b"".join(file.streaming_content)  # type: ignore[attr-defined]


def test_every_measure_has_its_list(client: Client, jeanne: User) -> None:
    asked = need(on=OCTOBER)
    referral(asked, state="taken_up", answered_on=OCTOBER)
    SupportResult.objects.create(support=support(asked.organisation, on=OCTOBER), kind="other", on=OCTOBER)
    meeting = event(starts=datetime(2026, 10, 6, 9, tzinfo=PARIS), state="held")
    Participation.objects.create(
        event=meeting, organisation=asked.organisation, state="attended", owner=meeting.owner, visibility=Visibility.PARTNERS
    )
    for name in ("needs", "taken_up", "supports", "results", "events", "participations", "companies"):
        assert client.get(f"/activite/booster/liste?mesure={name}&mois=2026-10").context["page"].paginator.count == 1, name


def test_records_of_one_body_and_a_holder_with_its_company_are_one(client: Client, jeanne: User) -> None:
    one, other = company("Filature"), company("Filature SA")
    who = holder(visibility=Visibility.PARTNERS)
    for about in ({"who": one}, {"who": other}, {"holder": who}):
        visit(on=OCTOBER, **about)
    need(other, on=OCTOBER)
    assert row(text_of(client), "entreprises touchées")[0] == "3"
    pair(one, other, "accepted")
    who.organisation = one
    who.save()
    shelf.forget_counts()
    page = text_of(client)
    assert row(page, "entreprises touchées")[0] == "1"
    assert row(page, "dont un besoin exprimé") == ["1", "1", "100 %"]
    listed = client.get("/activite/booster/liste?mesure=companies&mois=2026-10").context["page"]
    assert listed.paginator.count == 1
    assert row(text_of(client, "/activite/booster/semestre/2026-S2"), "entreprises touchées")[0] == "1"


def test_an_announced_event_that_nobody_confirmed_is_said_apart(client: Client, jeanne: User) -> None:
    visit(on=OCTOBER)
    event(starts=datetime(2026, 10, 6, 9, tzinfo=PARIS))
    page = text_of(client)
    assert row(page, "événements")[0] == "0"
    assert "1 événement annoncé dans le mois n’est pas confirmé" in page


def test_a_need_is_taken_up_once_even_handed_back_later(client: Client, jeanne: User) -> None:
    asked = need(on=OCTOBER)
    back = referral(asked, state="refused", reason="no_capacity", answered_on=OCTOBER, closed_on=date(2026, 11, 3))
    referral(asked, "lens", state="taken_up", answered_on=date(2026, 11, 4))
    assert row(text_of(client), "besoins pris en charge")[0] == "1"
    assert row(text_of(client, "/activite/booster?mois=2026-11"), "besoins pris en charge")[0] in ("0", "rien reçu")
    back.closed_on = back.answered_on
    back.save()
    assert row(text_of(client, "/activite/booster?mois=2026-11"), "besoins pris en charge")[0] == "1"


def test_a_change_of_a_kept_month_is_counted_again(client: Client, jeanne: User) -> None:
    seen = visit(on=OCTOBER)
    assert row(text_of(client), "visites")[0] == "1"
    seen.on = date(2026, 9, 20)
    seen.save()
    assert row(text_of(client), "visites")[:2] == ["0", "1"] or row(text_of(client), "visites")[0] == "rien reçu"
    visit(seen.organisation, on=OCTOBER)
    assert row(text_of(client), "visites")[:2] == ["1", "1"]


def test_what_is_counted_while_somebody_writes_is_not_kept(client: Client, jeanne: User, monkeypatch) -> None:
    real = shelf._state
    monkeypatch.setattr(shelf, "_state", lambda: replace(real(), settled=False))
    seen = visit(on=OCTOBER)
    assert row(text_of(client), "visites")[0] == "1"
    Visit.objects.bulk_create([Visit(owner=seen.owner, organisation=seen.organisation, on=OCTOBER, visibility=seen.visibility,
                                     client_id="tard", recorded_at=seen.recorded_at)])  # fmt: skip
    assert row(text_of(client), "visites")[0] == "2"


@pytest.mark.django_db(transaction=True)
def test_a_visit_whose_transaction_ends_after_a_later_one_is_counted(client: Client) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite one writes at a time")
    client.force_login(person())
    visit(on=OCTOBER)
    late, written, ends = company("Tard"), Signal(), Signal()

    def write() -> None:
        with transaction.atomic():
            visit(late, on=OCTOBER)
            written.set()
            ends.wait(30)
        connection.close()

    writer = Thread(target=write)
    writer.start()
    written.wait(30)
    visit(company("Après"), on=OCTOBER)
    assert row(text_of(client), "visites")[0] == "2"
    assert row(text_of(client), "visites")[0] == "2"
    ends.set()
    writer.join()
    assert row(text_of(client), "visites")[0] == "3"


def test_the_page_asks_the_same_however_many_rows(client: Client, jeanne: User, queries: QueryCounts) -> None:
    for number in range(4):
        visit(company(f"Entreprise {number}"), at=("lille", "amiens")[number % 2], on=OCTOBER)
    text_of(client)
    with queries("the dashboard of a month"):
        text_of(client)


def test_a_month_that_is_none_is_refused_with_a_sentence(client: Client, jeanne: User) -> None:
    answer = client.get("/activite/booster?mois=octobre")
    assert answer.status_code == 400
    assert "n’est pas un mois" in answer.content.decode()


@pytest.mark.parametrize("extension", ["pdf", "docx", "xlsx"])
def test_the_dashboard_and_the_half_year_are_documents(client: Client, jeanne: User, extension: str) -> None:
    visit(on=OCTOBER)
    for address in (PAGE, "/activite/booster/semestre/2026-S2?x=1"):
        answer = client.get(f"{address}&format={extension}")
        assert answer.status_code == 200
        assert len(answer.content) > 5_000
    assert client.get(f"{PAGE}&format=exe").status_code == 400


def test_the_half_year_counts_a_company_once_over_its_months(client: Client, jeanne: User) -> None:
    seen = company()
    visit(seen, on=date(2026, 2, 3))
    visit(seen, on=date(2026, 5, 5))
    page = text_of(client, "/activite/booster/semestre/2026-S1")
    assert (row(page, "visites")[0], row(page, "entreprises touchées")[0]) == ("2", "1")
    assert client.get("/activite/booster/semestre/2026-S3").status_code == 404


def test_the_share_of_flagged_companies_visited_after_an_event(client: Client, jeanne: User) -> None:
    meeting = event(starts=datetime(2026, 5, 6, 9, tzinfo=PARIS), state="held")
    for name in ("Vue", "Pas vue"):
        guest = company(name)
        about = {"event": meeting, "organisation": guest, "owner": meeting.owner, "visibility": Visibility.PARTNERS}
        Participation.objects.create(**about, state="attended", flagged=True)
        visit(guest, on=date(2026, 6, 1) if name == "Vue" else date(2026, 5, 1))
    page = text_of(client, "/activite/booster/indicateurs?mois=2026-10&indicateur=s3-v3-part-visitees")
    assert "50" in page
    assert "1 sur 2" in page
    assert "pas encore visitée" in page


def test_companies_visited_and_accompanied_rri_and_projects(client: Client, jeanne: User) -> None:
    both, seen = company("Les deux"), company("Vue seulement")
    visit(both, on=OCTOBER)
    visit(seen, on=OCTOBER)
    support(both, "montage", on=OCTOBER)
    fair = event(starts=datetime(2026, 9, 6, 9, tzinfo=PARIS), state="held", kind=word("rri"))
    Participation.objects.create(
        event=fair, organisation=seen, owner=fair.owner, visibility=Visibility.PARTNERS, state="attended"
    )
    rows = client.get("/activite/booster/indicateurs?mois=2026-10").context["rows"]
    found = {row.code: row.figure.value for row in rows if row.figure}
    assert found == {"s3-v3-visitees-accompagnees": 1, "s3-v3-participants-rri": 1, "s3-v3-projets-dev-innovation": 1}


def test_without_a_fact_an_indicator_is_not_measured(client: Client, jeanne: User) -> None:
    page = text_of(client, "/activite/booster/indicateurs")
    assert "non mesuré" in page
    assert "il en faut un dans la période" in page


def test_a_letter_leaves_once_on_the_first_working_day(jeanne: User) -> None:
    choose_letters({Letter.MONTHLY}, by=jeanne, on=date(2026, 4, 20))
    visit(on=date(2026, 4, 9))
    for day in (datetime(2026, 5, 1, 9, tzinfo=PARIS), datetime(2026, 5, 3, 9, tzinfo=PARIS)):
        send_letters(day)
    assert not Mail.objects.exists()
    send_letters(datetime(2026, 5, 4, 9, tzinfo=PARIS))
    send_letters(datetime(2026, 5, 4, 10, tzinfo=PARIS))
    sent = Mail.objects.get()
    assert sent.to == "jeanne@lille.example"
    assert "avril 2026" in sent.subject
    assert "visites : 1 ; un mois avant : rien reçu" in sent.text
    assert "Jeanne" not in sent.text


def test_the_half_yearly_letter_leaves_in_july(jeanne: User) -> None:
    choose_letters({Letter.HALF_YEAR}, by=jeanne, on=date(2026, 4, 20))
    send_letters(datetime(2026, 7, 1, 9, tzinfo=PARIS))
    assert "premier semestre 2026" in Mail.objects.get().subject


def test_one_chooses_what_one_receives(client: Client, jeanne: User) -> None:
    client.post("/activite/booster/courriels", {"letter": ["monthly", "nothing"]})
    assert [row["is_on"] for row in client.get("/activite/booster/courriels").context["rows"]] == [True, False]
    client.post("/activite/booster/courriels", {})
    assert [row["is_on"] for row in client.get("/activite/booster/courriels").context["rows"]] == [False, False]


def test_it_looks_at_one_operator(client: Client, jeanne: User) -> None:
    visit(on=OCTOBER)
    visit(company("Autre"), at="amiens", on=OCTOBER)
    page = text_of(client, f"{PAGE}&operateur={partner('amiens').pk}")
    assert row(page, "visites")[0] == "1"
    assert row(page, "Lille") == []


def test_the_rows_behind_a_number_keep_what_their_sheets_keep(client: Client, jeanne: User) -> None:
    person("paul@amiens.example", at="amiens")
    visit(company("Vue"), at="amiens", on=OCTOBER, item=word("export"))
    referral(need(company("Demande"), "emploi", at="amiens", on=OCTOBER), "lens", state="taken_up", answered_on=OCTOBER)
    SupportResult.objects.create(
        support=support(company("Suivie"), at="amiens", on=OCTOBER), kind="jobs_created", on=OCTOBER, value=3
    )
    asked = {name: text_of(client, f"{LIST}{name}") for name in ("visits", "needs", "taken_up", "results")}
    assert "Vue" in asked["visits"] and "Export" not in asked["visits"].partition("<tbody>")[2]
    assert "Demande" in asked["needs"] and "Emploi" not in asked["needs"].partition("<tbody>")[2]
    assert "Demande" not in asked["taken_up"].partition("<tbody>")[2]
    assert "Suivie" in asked["results"] and "emploi" not in asked["results"].partition("<tbody>")[2]
    assert all("gardé" in page.partition("<tbody>")[2] for page in asked.values())
