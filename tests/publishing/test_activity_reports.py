"""One entry, one report a funder: the same facts, shared hours and euros, whole results. Today is 20 November 2026."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import Partner, User
from beffroi.actors.models import Organisation
from beffroi.core.refusals import Refused
from beffroi.funding.models import Agreement, AgreementParty, DocumentDue, Programme
from beffroi.interactions.actions import shares as actions
from beffroi.interactions.models import ActivityShare, SupportResult
from beffroi.interactions.rules.shares import Part
from beffroi.provenance.queries import Moment
from beffroi.reference.models import Correspondence, Crosswalk, Framework, Item, Version
from tests.accounts.factories import partner, person
from tests.actors.factories import LONG_AGO, organisation
from tests.interactions.factories import company, event, support, visit, word
from tests.queries import QueryCounts

pytestmark = pytest.mark.django_db
YEAR = date(2026, 1, 1)
JUNE = date(2026, 6, 1)


def cluster() -> Partner:
    """The operator, with its body."""
    at = partner("lille")
    Organisation.objects.filter(partner=at).first() or organisation("Pôle Textile", partner=at)
    return at


def agreement(funder: str, **fields: object) -> Agreement:
    at = cluster()
    values = {
        "owner": at,
        "visibility": Visibility.PARTNERS,
        "namespace": "test",
        "code": funder,
        "kind": "yearly",
        "start": YEAR,
    }
    made = Agreement.objects.create(title=f"Convention {funder}", **values | fields)
    AgreementParty.objects.create(agreement=made, organisation=organisation(funder, "region"), role="funder")
    AgreementParty.objects.create(agreement=made, organisation=at.organisation, role="beneficiary")
    return made


def key(kind: str, *parts: tuple[Agreement | None, str], by: User) -> None:
    told = [Part(row.pk if row else None, Decimal(share)) for row, share in parts]
    actions.set_key(cluster(), kind=word(kind), since=YEAR, parts=told, by=by)


@pytest.fixture
def jeanne(client: Client) -> User:
    cluster()
    user = person()
    client.force_login(user)
    return user


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def test_each_funder_reads_whole_results_and_its_share_of_the_hours(client: Client, jeanne: User) -> None:
    region, erdf = agreement("Région"), agreement("FEDER")
    key("visite", (region, "0.5"), (erdf, "0.3"), (None, "0.2"), by=jeanne)
    actions.set_cost(cluster(), since=YEAR, cents=6_000, by=jeanne)
    for name in ("Une", "Deux"):
        visit(company(name), on=JUNE, minutes=60)
    found = client.get(f"/activite/rapports/{region.pk}").context["found"]
    assert (found.total.count, found.outcomes[1].figure.value) == (2, 2)
    assert (found.total.hours.value, found.total.part_hours.value) == (2, 1)
    assert found.total.part_money.value == 60
    assert found.rows[0].with_whom == "FEDER"
    assert [(row.label, row.figure.value, row.with_whom) for row in found.outcomes][0] == ("visites", 2, "FEDER")
    told = client.get("/activite/rapports/consolidation/lille").context["found"]
    assert told.total.count == 2
    assert told.counted_twice == 4
    assert sum(row.sums.part_minutes for row in told.rows) == told.total.minutes == 120
    assert sum(row.sums.part_cents for row in told.rows) == told.total.cents == 12_000


def test_an_agreement_of_several_funders_and_operators_names_them_all(client: Client, jeanne: User) -> None:
    region, erdf = agreement("Région"), agreement("FEDER")
    AgreementParty.objects.create(agreement=erdf, organisation=organisation("État", "state"), role="funder")
    other = organisation("Chambre", partner=partner("amiens"))
    AgreementParty.objects.create(agreement=region, organisation=other, role="operator")
    key("visite", (region, "0.5"), (erdf, "0.5"), by=jeanne)
    visit(on=JUNE)
    found = client.get(f"/activite/rapports/{region.pk}").context
    assert found["found"].rows[0].with_whom == "FEDER, État"
    assert [row.code for row in found["operators"]] == ["lille", "amiens"]
    assert client.get(f"/activite/rapports/{region.pk}?operateur=amiens").context["partner"].code == "amiens"
    assert client.get(f"/activite/rapports/{erdf.pk}?operateur=amiens").status_code == 404


def test_an_event_that_nobody_confirmed_is_apart(client: Client, jeanne: User) -> None:
    region = agreement("Région")
    key("evenement", (region, "1"), by=jeanne)
    made = event(starts=datetime(2026, 6, 1, 9, tzinfo=UTC))
    found = client.get("/activite/rapports/consolidation/lille").context["found"]
    assert [(row.label, row.figure.value) for row in found.outcomes] == [("événements annoncés, non confirmés", 1)]
    made.state = "held"
    made.save()
    found = client.get("/activite/rapports/consolidation/lille").context["found"]
    assert [(row.label, row.figure.value) for row in found.outcomes][0] == ("événements", 1)


def test_without_a_cost_money_is_not_measured(client: Client, jeanne: User) -> None:
    region = agreement("Région")
    key("visite", (region, "1"), by=jeanne)
    visit(on=JUNE)
    page = text_of(client, f"/activite/rapports/{region.pk}")
    assert "non mesuré" in page
    assert "0 sur 1" in page


def test_a_report_speaks_the_words_of_its_funder(client: Client, jeanne: User) -> None:
    framework = Framework.objects.create(code="region-mots", label="Mots de la Région", kind="classification")
    theirs = Version.objects.create(framework=framework, code="1")
    target = Item.objects.create(version=theirs, code="A1", label="Détection des projets", level="action", sort_key="detection")
    crosswalk = Crosswalk.objects.create(source=word("visite").version, target=theirs)
    Correspondence.objects.create(
        crosswalk=crosswalk, source=word("visite"), target=target, strength="full", recorded_from=LONG_AGO
    )
    region = agreement("Région", programme=Programme.objects.create(framework=framework))
    key("visite", (region, "1"), by=jeanne)
    key("accompagnement", (region, "1"), by=jeanne)
    visit(on=JUNE)
    support(company("Accompagnée"), on=JUNE)
    found = client.get(f"/activite/rapports/{region.pk}").context["found"]
    assert [(row.label, row.is_own_word) for row in found.rows] == [
        ("Détection des projets", False),
        ("Accompagnement individuel", True),
    ]


def test_what_the_operator_keeps_is_in_no_report(client: Client, jeanne: User) -> None:
    region = agreement("Région")
    key("visite", (region, "1"), by=jeanne)
    visit(on=JUNE, visibility=Visibility.OWNER)
    assert client.get(f"/activite/rapports/{region.pk}").context["found"].paid == []


def test_an_exclusion_said_later_leaves_the_activity_out_and_says_so(client: Client, jeanne: User) -> None:
    region, erdf = agreement("Région"), agreement("FEDER")
    key("visite", (region, "0.5"), (erdf, "0.5"), by=jeanne)
    visit(on=JUNE)
    actions.exclude(region, other=erdf, by=jeanne)
    found = client.get(f"/activite/rapports/{region.pk}").context["found"]
    assert (found.paid, [why for _row, why in found.excluded]) == ([], ["FEDER"])
    assert len(client.get(f"/activite/rapports/{erdf.pk}").context["found"].paid) == 1
    with pytest.raises(Refused, match="exclut ce qu’une autre paie"):
        key("evenement", (region, "0.5"), (erdf, "0.5"), by=jeanne)


def test_results_of_supports_are_whole_and_say_how_many_have_a_number(client: Client, jeanne: User) -> None:
    region = agreement("Région")
    key("accompagnement", (region, "0.5"), (None, "0.5"), by=jeanne)
    done = support(on=JUNE)
    SupportResult.objects.create(support=done, kind="jobs_created", on=JUNE, value=4)
    SupportResult.objects.create(support=done, kind="jobs_created", on=JUNE)
    found = client.get(f"/activite/rapports/{region.pk}").context["found"]
    jobs = next(row.figure for row in found.outcomes if row.label == "emplois créés")
    assert (jobs.value, jobs.known, jobs.parts) == (4, 1, 2)


def test_late_documents_the_dialogue_and_the_files(client: Client, jeanne: User) -> None:
    before = agreement("Région", start=date(2025, 1, 1), end=date(2025, 12, 31), code="avant")
    region = Agreement.objects.create(
        title="Convention 2026",
        owner=cluster(),
        visibility=Visibility.PARTNERS,
        namespace="test",
        code="2026",
        kind="yearly",
        start=YEAR,
    )
    for party in before.parties.all():
        AgreementParty.objects.create(agreement=region, organisation=party.organisation, role=party.role)
    DocumentDue.objects.create(agreement=region, label="Bilan", due_on=date(2026, 3, 31))
    key("visite", (region, "1"), by=jeanne)
    visit(on=JUNE, minutes=30)
    assert "en retard Bilan" in text_of(client, f"/activite/rapports/{region.pk}")
    assert "Convention Région" in text_of(client, f"/activite/rapports/{region.pk}/dialogue")
    for extension in ("pdf", "docx", "xlsx"):
        assert len(client.get(f"/activite/rapports/{region.pk}?format={extension}").content) > 4_000
    assert len(client.get("/activite/rapports/consolidation/lille?format=pdf").content) > 4_000


def test_the_list_shows_one_s_own_agreements_first(client: Client, jeanne: User) -> None:
    made = agreement("Région")
    for address in ("/activite/rapports/", made.get_absolute_url()):
        assert f"/activite/rapports/{made.pk}" in client.get(address).content.decode()
    client.force_login(person("paul@amiens.example", at="amiens"))
    assert "Aucune convention de votre institution" in text_of(client, "/activite/rapports/")
    page = client.get("/activite/rapports/?toutes=1").content.decode()
    assert "Convention Région" in page
    assert f"/activite/rapports/{made.pk}" not in page
    assert f"/activite/rapports/{made.pk}" not in client.get(made.get_absolute_url()).content.decode()


def test_an_agreement_that_one_may_not_see_has_no_report(client: Client, jeanne: User) -> None:
    hidden = agreement("Région", visibility=Visibility.OWNER)
    client.force_login(person("paul@amiens.example", at="amiens"))
    assert client.get(f"/activite/rapports/{hidden.pk}").status_code == 404
    client.force_login(person("seule@nulle.example", role=None))
    assert client.get(f"/activite/rapports/{hidden.pk}").status_code == 404
    assert client.get("/activite/rapports/consolidation/lille").status_code == 404


@pytest.mark.parametrize("period", ["du=hier", "du=2026-05-01&au=2026-01-01", "du=2010-01-01"])
def test_a_period_that_is_none_is_refused(client: Client, jeanne: User, period: str) -> None:
    assert client.get(f"/activite/rapports/{agreement('Région').pk}?{period}").status_code == 400


def test_the_report_asks_the_same_however_many_activities(client: Client, jeanne: User, queries: QueryCounts) -> None:
    region = agreement("Région")
    key("visite", (region, "1"), by=jeanne)
    for number in range(3):
        visit(company(f"Entreprise {number}"), on=JUNE)
    client.get(f"/activite/rapports/{region.pk}")
    with queries("the report to a funder"):
        client.get(f"/activite/rapports/{region.pk}")


def test_a_key_is_said_on_screen_and_refused_with_its_reason(client: Client, jeanne: User) -> None:
    region = agreement("Région")
    told = {"kind": word("visite").pk, "since": "2026-01-01", f"part_{region.pk}": "50", "part_own": "40"}
    answer = client.post("/activite/parts/", told)
    assert answer.status_code == 422
    assert "font 100 %" in answer.content.decode()
    assert client.post("/activite/parts/", told | {"part_own": "cinquante"}).status_code == 422
    assert client.post("/activite/parts/", told | {"part_own": "150"}).status_code == 422
    assert client.post("/activite/parts/", told | {"part_own": "50 %"}).status_code == 302
    assert "Convention Région 50 %" in text_of(client, "/activite/parts/").replace("\xa0", " ")
    client.post("/activite/parts/", told | {f"part_{region.pk}": "100", "part_own": ""})
    assert ActivityShare.objects.get().share == 1


def test_one_activity_has_its_own_shares_and_gives_them_back(client: Client, jeanne: User) -> None:
    region = agreement("Région")
    key("visite", (None, "1"), by=jeanne)
    seen = visit(on=JUNE)
    address = f"/activite/parts/visit/{seen.pk}"
    assert client.get(address).status_code == 200
    assert client.post(address, {f"part_{region.pk}": "30"}).status_code == 422
    client.post(address, {f"part_{region.pk}": "100"})
    assert len(client.get(f"/activite/rapports/{region.pk}").context["found"].paid) == 1
    client.post(address, {})
    assert client.get(f"/activite/rapports/{region.pk}").context["found"].paid == []
    assert client.get(f"/activite/parts/nothing/{seen.pk}").status_code == 404
    assert client.get(f"/activite/parts/visit/{visit(at='amiens', on=JUNE).pk}").status_code == 404


def test_the_cost_of_an_hour_and_the_exclusions_are_said_on_screen(client: Client, jeanne: User) -> None:
    region, erdf = agreement("Région"), agreement("FEDER")
    client.post("/activite/parts/cout", {"since": "2026-01-01", "euros": "45,50"})
    client.post("/activite/parts/cout", {"since": "2026-01-01", "euros": "-1"})
    assert "45,5" in text_of(client, "/activite/parts/")
    client.post("/activite/parts/exclusion", {"agreement": region.pk, "other": erdf.pk})
    client.post("/activite/parts/exclusion", {"agreement": region.pk, "other": region.pk})
    client.post("/activite/parts/exclusion", {"agreement": region.pk})
    row = region.activity_exclusions.get()
    assert "Convention Région exclut ce que paie Convention FEDER" in text_of(client, "/activite/parts/")
    client.post(f"/activite/parts/exclusion/{row.pk}/lever")
    assert not region.activity_exclusions.exists()


def test_the_standard_sheet_keeps_what_is_not_measured_as_such(client: Client, jeanne: User) -> None:
    visit(on=JUNE)
    body = cluster().organisation
    page = text_of(client, f"/activite/fiches/{body.pk}")
    for rubric in ("Identité", "Objectifs, services offerts aux membres", "Composition, gouvernance", "Financement", "Impact"):
        assert rubric in page
    assert "Impact non mesuré" in page
    assert "visites 1" in page
    assert len(client.get(f"/activite/fiches/{body.pk}?format=pdf").content) > 4_000
    assert client.get(f"/activite/fiches/{company().pk}").status_code == 200


def test_the_shown_period_is_the_year_until_the_day_looked_at(client: Client, jeanne: User) -> None:
    work = client.get(f"/activite/rapports/{agreement('Région').pk}").context["found"].work
    assert (work.first, work.last) == (YEAR, date(2026, 11, 20))
    assert Moment(work.last, LONG_AGO).as_of == work.last


def test_hours_and_euros_are_read_by_the_parties_of_the_agreement(client: Client, jeanne: User) -> None:
    made = agreement("Région")
    pages = [
        f"/activite/rapports/{made.pk}",
        f"/activite/rapports/{made.pk}/dialogue",
        "/activite/rapports/consolidation/lille",
    ]
    client.force_login(person("paul@amiens.example", at="amiens"))
    assert [client.get(page).status_code for page in pages] == [403, 403, 403]
    region = Organisation.objects.get(name="Région")
    region.partner = partner("lens")
    region.save()
    client.force_login(person("zoe@lens.example", at="lens"))
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
