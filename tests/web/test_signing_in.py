import re
from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.messages import get_messages
from django.core import mail as outbox
from django.core.cache import cache

from beffroi.accounts import actions
from beffroi.accounts.enums import Act, Role
from beffroi.accounts.models import AuditEvent, User
from tests.accounts.factories import PASSWORD, partner, person

pytestmark = pytest.mark.django_db
LOG_IN = "/comptes/connexion/"


@pytest.fixture(autouse=True)
def nobody_has_tried_yet(db):
    cache.clear()


def sign_in(client, email="jeanne@lille.example", password=PASSWORD, **more):
    return client.post(LOG_IN, {"login": email, "password": password, **more})


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def acts() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("act", flat=True))


def test_a_person_enters_by_address_and_password_whatever_the_case(client):
    person()
    answer = sign_in(client, "Jeanne@Lille.example", next="/comptes/")
    assert answer["Location"] == "/comptes/"
    assert is_in(client)
    assert acts() == [Act.SIGNED_IN]
    assert not list(get_messages(answer.wsgi_request)), "no need to say it"


def test_the_session_changes_at_log_in(client):
    person()
    client.get(LOG_IN)
    session = client.session
    session["something"] = 1
    session.save()
    before = session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client):
    person()
    texts = [sign_in(client, email, "faux").text for email in ("jeanne@lille.example", "personne@lille.example")]
    said = [re.search(r'role="alert".*?</div>', text, re.S).group() for text in texts]
    assert said[0] == said[1]
    assert not is_in(client)
    assert acts() == [Act.SIGN_IN_FAILED] * 2
    assert "@" not in str([event.detail for event in AuditEvent.objects.all()])


def test_after_five_failures_on_an_account_one_waits(client):
    person()
    answers = [sign_in(client, password="faux") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert "attendez cinq minutes" in answers[-1].text
    assert answers[-1]["Retry-After"] == "300"
    assert sign_in(client).status_code == 429, "even with the right password"
    assert not is_in(client)


def test_a_closed_account_does_not_enter(client):
    person(is_active=False)
    answer = client.post(LOG_IN, {"login": "jeanne@lille.example", "password": PASSWORD}, follow=True)
    assert "Ce compte est fermé" in answer.text
    assert not is_in(client)


def test_leaving_is_asked_then_posted(client):
    client.force_login(person())
    assert "Me déconnecter" in client.get("/comptes/deconnexion/").text
    assert is_in(client)
    client.post("/comptes/deconnexion/")
    assert not is_in(client)


def test_nobody_opens_their_own_account(client):
    given = {"email": "x@y.example", "password1": PASSWORD, "password2": PASSWORD}
    for answer in (client.get("/comptes/inscription/"), client.post("/comptes/inscription/", given)):
        assert "On n’ouvre pas son compte soi-même" in answer.text
    assert not User.objects.exists()


def test_a_forgotten_password_is_chosen_again_by_mail(client, django_capture_on_commit_callbacks):
    person()
    for email in ("jeanne@lille.example", "personne@lille.example"):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post("/comptes/mot-de-passe/oublie/", {"email": email}, follow=True)
        assert "Si un compte porte cette adresse" in answer.text
    (sent,) = outbox.outbox
    assert sent.subject == "Choisir votre mot de passe Beffroi"
    link = re.search(r"http://testserver(\S+)", sent.body).group(1)
    page = client.get(link, follow=True)
    address = page.redirect_chain[-1][0]
    short = client.post(address, {"password1": "court", "password2": "court"})
    assert "12 caractères" in short.text
    client.post(address, {"password1": "une autre phrase longue", "password2": "une autre phrase longue"})
    assert sign_in(client, password="une autre phrase longue").status_code == 302
    assert Act.PASSWORD_CHANGED in acts()
    client.logout()
    assert "Ce lien a déjà servi" in client.get(link, follow=True).text


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_a_second_factor_is_set_then_asked(client, django_capture_on_commit_callbacks):
    user = person()
    sign_in(client)
    confirm = client.get("/comptes/second-facteur/activer/")
    assert confirm["Location"].startswith("/comptes/confirmation/")
    client.post(confirm["Location"], {"password": PASSWORD})
    page = client.get("/comptes/second-facteur/activer/").text
    secret = re.search(r"<code>(\w+)</code>", page).group(1)
    assert "data:image/svg" in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/comptes/second-facteur/activer/", {"code": code_of(secret)})
    codes = re.findall(r"<code>(\w+)</code>", client.get("/comptes/second-facteur/codes/").text)
    assert len(codes) == 10
    client.post("/comptes/deconnexion/")

    assert sign_in(client)["Location"] == "/comptes/second-facteur/code/"
    assert not is_in(client)
    assert "Second facteur" in client.get("/comptes/second-facteur/code/").text
    client.post("/comptes/second-facteur/code/", {"code": "000000"})
    assert not is_in(client)
    client.post("/comptes/second-facteur/code/", {"code": codes[0]})
    assert is_in(client)
    assert acts()[-1] == Act.SIGNED_IN
    assert AuditEvent.objects.latest("pk").detail == {"method": "password+mfa"}
    assert Act.SECOND_FACTOR_ADDED in acts()
    assert set(Authenticator.objects.filter(user=user).values_list("type", flat=True)) == {"totp", "recovery_codes"}


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/comptes/second-facteur/", "Codes de secours"),
        ("/comptes/second-facteur/codes/", "codes sur 10"),
        ("/comptes/second-facteur/codes/nouveaux/", "Les codes d’avant ne serviront plus"),
        ("/comptes/second-facteur/desactiver/", "Désactiver le second facteur"),
        ("/comptes/mot-de-passe/", "Changer de mot de passe"),
        ("/comptes/second-facteur/confirmation/", "Confirmer que c’est vous"),
        ("/comptes/second-facteur/codes/fichier/", "\n"),
    ],
)
def test_the_security_pages_of_an_account_are_ours(client, address, title):
    user = person()
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    sign_in(client)
    client.post("/comptes/second-facteur/code/", {"code": code_of("JBSWY3DPEHPK3PXP")})
    client.post("/comptes/confirmation/", {"password": PASSWORD})
    answer = client.get(address)
    assert answer.status_code == 200
    assert title in answer.text


@pytest.mark.parametrize(
    "address", ["/comptes/inactif/", "/comptes/fournisseur/annule/", "/comptes/mot-de-passe/nouveau/fait/"]
)
def test_the_other_pages_of_log_in_are_ours(client, address):
    assert "fil d’ariane" in client.get(address).text.lower()


class TestDemo:
    @pytest.fixture(autouse=True)
    def six_people(self, settings, db):
        settings.DEMO = True
        partners = dict.fromkeys(Role, partner("region"))
        actions.open_demo_accounts(partners, since=date(2026, 1, 1))

    def test_one_press_enters_as_one_of_the_six(self, client):
        page = client.get(LOG_IN, {"next": "/comptes/"}).text
        offered = re.findall(r'name="account" value="(\d+)"', page)
        assert len(offered) == 6
        answer = client.post("/demo/connexion", {"account": offered[3], "next": "/comptes/"})
        assert answer["Location"] == "/comptes/"
        assert "Martine Leclercq" in client.get("/comptes/").text

    def test_the_press_enters_demo_accounts_only_and_only_in_the_demo(self, client, settings):
        jeanne = person()
        assert client.post("/demo/connexion", {"account": jeanne.pk}).status_code == 404
        assert client.post("/demo/connexion", {"account": "x"}).status_code == 404
        assert client.get("/demo/connexion").status_code == 405
        settings.DEMO = False
        demo = User.objects.filter(is_demo=True).first()
        assert client.post("/demo/connexion", {"account": demo.pk}).status_code == 404
        assert "démonstration" not in client.get(LOG_IN).text
        assert not is_in(client)

    def test_mails_of_the_demo_are_read_on_the_site(self, client, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
        settings.EMAIL_FILE_PATH = settings.DATA / "mails"
        outbox.EmailMessage("L’objet", "Le texte : http://testserver/x/", to=["a@b.example"]).send()
        listed = client.get("/demo/mails").text
        assert "L’objet" in listed
        one = re.search(r'href="(/demo/mails/[^"]+)"', listed).group(1)
        assert '<a href="http://testserver/x/"' in client.get(one).text
        assert client.get("/demo/mails/rien").status_code == 404
        settings.DEMO = False
        assert client.get("/demo/mails").status_code == client.get(one).status_code == 404
