import pytest
from django.urls import reverse

from beffroi.accounts.enums import Act, Role
from beffroi.accounts.models import AuditEvent, Membership, User
from tests.accounts.factories import administrator, partner, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def anne(client):
    user = administrator()
    client.force_login(user)
    return user


def test_only_an_administrator_manages_accounts_and_reads_the_trail(client):
    user = person(role=Role.PROGRAMME_OFFICER)
    for name, args in (("users", []), ("add", []), ("user", [user.pk]), ("audit", [])):
        address = reverse(f"accounts:{name}", args=args)
        assert client.get(address).status_code == 302
        client.force_login(user)
        answer = client.get(address)
        assert (answer.status_code, "Accès réservé" in answer.text) == (403, True)
        client.logout()


def test_an_account_is_opened_with_its_first_role(client, anne):
    given = {
        "name": "Jeanne Roux",
        "email": "Jeanne@lens.example",
        "partner": partner("lens").pk,
        "role": "analyst",
        "since": "2026-11-01",
    }
    answer = client.post(reverse("accounts:add"), given, follow=True)
    assert "Jeanne Roux" in answer.text
    assert "L’invitation à choisir un mot de passe est partie" in answer.text
    assert User.objects.get(email="jeanne@lens.example").roles == {Role.ANALYST}
    again = client.post(reverse("accounts:add"), given)
    assert "Un compte porte déjà cette adresse" in again.text


def test_a_role_is_given_then_ended_on_the_person_s_page(client, anne):
    jeanne = person(role=None)
    client.post(
        reverse("accounts:give_role", args=[jeanne.pk]),
        {"partner": partner("lens").pk, "role": "elected", "since": "2026-11-01"},
    )
    membership = jeanne.memberships.get()
    assert "en cours" not in client.get(reverse("accounts:user", args=[jeanne.pk])).text
    end = reverse("accounts:end_role", args=[jeanne.pk, membership.pk])
    early = client.post(end, {"until": "2026-10-01"}, follow=True)
    assert "La fin d’une appartenance ne précède pas son début." in early.text
    client.post(end, {"until": "2026-11-20"})
    assert not Membership.objects.current().filter(pk=membership.pk).exists()


def test_a_wrong_role_form_says_what_is_missing(client, anne):
    answer = client.post(reverse("accounts:give_role", args=[anne.pk]), {})
    assert answer.status_code == 422
    assert "À corriger" in answer.text


def test_a_closed_account_is_out_at_once(client, anne):
    jeanne = person()
    client.post(reverse("accounts:close", args=[jeanne.pk]))
    client.force_login(jeanne)
    assert client.get(reverse("accounts:own")).status_code == 302
    client.force_login(anne)
    client.post(reverse("accounts:reopen", args=[jeanne.pk]))
    assert User.objects.get(pk=jeanne.pk).is_active


def test_nobody_closes_their_own_account(client, anne):
    answer = client.post(reverse("accounts:close", args=[anne.pk]), follow=True)
    assert "On ne ferme pas son propre compte" in answer.text


def test_the_trail_lists_acts_by_person_and_day(client, anne):
    AuditEvent.objects.create(act=Act.SIGNED_IN, by=anne, detail={"method": "password"})
    AuditEvent.objects.create(act="load_applied", subject_kind="load", subject_id=12345)
    everything = client.get(reverse("accounts:audit")).text
    assert "method : password" in everything
    assert "load 12345" in everything
    filtered = client.get(reverse("accounts:audit"), {"act": Act.SIGNED_IN, "person": anne.pk, "start": "2026-11-20"}).text
    assert "load 12345" not in filtered
    assert "Aucun acte" in client.get(reverse("accounts:audit"), {"end": "2020-01-01"}).text


def test_one_s_own_page_says_roles_and_rights(client):
    client.force_login(person(role=Role.ELECTED))
    page = client.get(reverse("accounts:own")).text
    assert "figer et signer une édition" in page
    assert "gérer les comptes" not in page


@pytest.mark.parametrize("name", ["users", "audit", "own"])
def test_pages_ask_the_database_a_constant_number_of_questions(client, anne, name, django_assert_max_num_queries):
    for rank in range(12):
        AuditEvent.objects.create(act=Act.SIGNED_IN, by=person(f"p{rank}@lille.example"))
    with django_assert_max_num_queries(12):
        client.get(reverse(f"accounts:{name}"))


def test_the_menu_offers_only_what_the_role_allows(client):
    client.force_login(person())
    page = client.get(reverse("accounts:own")).content.decode()
    assert "Journal des actes" not in page
    client.force_login(administrator())
    page = client.get(reverse("accounts:own")).content.decode()
    assert "Journal des actes" in page
