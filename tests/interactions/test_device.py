"""What a device sends when the network is back, and what it keeps of the pages."""

import json

import pytest
from django.test import Client

from beffroi.actors.models import Organisation
from beffroi.actors.queries import organisation_search_rows
from beffroi.core import search
from beffroi.interactions.models import Need, Visit
from beffroi.reference.models import Framework, Item, Version
from tests.accounts.factories import partner, person
from tests.actors.factories import holder
from tests.interactions.factories import company, visit, word

pytestmark = pytest.mark.django_db
SENDING = "/activite/visites/envoi"


def typed(**fields: object) -> dict[str, object]:
    said = {"client_id": "telephone-1", "on": "2026-11-19", "state": "done", "means": "on_site", "detail_visibility": "3"}
    return {**said, **fields}


def sent(client: Client, said: object) -> tuple[int, dict[str, object]]:
    answer = client.post(SENDING, said, content_type="application/json")
    return answer.status_code, answer.json()


@pytest.fixture
def phone(client: Client) -> Client:
    client.force_login(person())
    return client


def test_a_visit_typed_without_a_network_arrives_once(phone: Client) -> None:
    subject, theme = word("financement"), word("projets")
    said = typed(
        who="Tisserand du Nord", newcomer="company", consents=["pass_on", "file"],
        **{f"need_{subject.pk}": "on", f"need_text_{subject.pk}": "Des machines", f"note_{theme.pk}": "Un atelier"},
    )  # fmt: skip
    first, again = sent(phone, said), sent(phone, said)
    made = Visit.objects.get()
    assert first == again == (200, {"address": made.get_absolute_url(), "title": str(made)})
    assert (Organisation.objects.count(), Need.objects.get().text, made.notes.get().text) == (1, "Des machines", "Un atelier")
    assert [one.purpose for one in made.consents.order_by("pk")] == ["pass_on", "file"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"who": "Inconnue"}, "Personne de connu ne s’appelle « Inconnue »"),
        ({"who": "Filature"}, "Vouliez-vous dire : Filature du "),
        ({"who": "Tannerie"}, "Plusieurs répondent à ce nom"),
        ({"who": "X", "newcomer": "holder"}, "Dites en quelques mots ce qu’est le projet."),
        ({"who": "Brasserie", "on": "2026-11-21"}, "Une visite faite ne l’est pas un jour à venir"),
        ({"who": "Brasserie", "on": "hier"}, "Date : Saisissez une date valide."),
        ({"who": "Brasserie", "reserved_until": "2027-02-01"}, "Un prospect se réserve 30 jours au plus"),
        ({"who": "Lou", "newcomer": "company", "place": "Atlantide"}, "Aucun territoire officiel"),
    ],
)
def test_what_is_refused_says_why_and_keeps_nothing(phone: Client, fields: dict[str, object], sentence: str) -> None:
    for name in ("Filature du Nord", "Filature du Sud", "Brasserie", "Tannerie", "Tannerie"):
        search.index(organisation_search_rows([company(name).pk]))
    status, answer = sent(phone, typed(**fields))
    assert (status, sentence in " ".join(answer["sentences"])) == (422, True)
    assert not Visit.objects.exists()


def test_a_planned_visit_noted_by_somebody_else_meanwhile_is_told(phone: Client) -> None:
    plan = visit(company("Brasserie"), state="planned", on=typed()["on"])
    said = typed(who="Brasserie", about=plan.key, visit=str(plan.pk))
    assert sent(phone, said)[0] == 200
    status, answer = sent(phone, {**said, "client_id": "telephone-2"})
    assert (status, answer["code"]) == (422, "already_noted")


@pytest.mark.parametrize("body", ["rien", "[1]", '{"on": 1}', '{"on": ["2026-11-19", {}]}'])
def test_what_is_no_visit_is_refused(phone: Client, body: str) -> None:
    answer = phone.post(SENDING, body, content_type="application/json")
    assert (answer.status_code, answer.json()["sentences"]) == (
        422, ["Cet envoi n’est pas lisible : la visite reste sur l’appareil."],
    )  # fmt: skip


def test_another_site_sends_nothing_in_ones_name() -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person())
    assert strict.post(SENDING, typed(who="X"), content_type="application/json").status_code == 403
    token = strict.get("/activite/visites/nouvelle").cookies["csrftoken"].value
    company("Brasserie")
    answer = strict.post(SENDING, typed(who="Brasserie"), content_type="application/json", headers={"X-CSRFToken": token})
    assert answer.status_code == 200


def test_an_expired_log_in_is_a_redirection_that_the_device_understands(client: Client) -> None:
    answer = client.post(SENDING, typed(), content_type="application/json")
    assert (answer.status_code, "/comptes/connexion/" in answer["Location"]) == (302, True)
    assert client.get(SENDING).status_code == 302


def test_one_chooses_while_typing_by_name_number_or_project(phone: Client) -> None:
    company("Filature du Nord")
    numbered = company("Brasserie", siren="552100554")
    holder()
    assert "Aucune réponse" in phone.get("/activite/visites/qui", {"q": "zz"}).content.decode()
    assert "data-about" not in phone.get("/activite/visites/qui", {"q": "f"}).content.decode()
    page = phone.get("/activite/visites/qui", {"q": "552 100 554"}).content.decode()
    assert f'data-about="organisation:{numbered.pk}"' in page
    assert "Atelier de recyclage (Sam Petit)" in phone.get("/activite/visites/qui", {"q": "recyclage"}).content.decode()


def test_a_holder_may_be_named_in_full(phone: Client) -> None:
    known = holder()
    assert sent(phone, typed(who="Atelier de recyclage"))[0] == 200
    assert Visit.objects.get().holder == known


def test_before_saving_one_learns_who_saw_it_lately(phone: Client) -> None:
    seen = company("Filature du Nord")
    visit(seen, at="amiens", on="2026-11-02")
    visit(seen, at="lens", on="2026-09-02")
    page = phone.get("/activite/visites/vues", {"about": f"organisation:{seen.pk}"}).content.decode()
    assert "Amiens · 2 novembre 2026" in page and "Lens" not in page
    other = company("Brasserie")
    page = phone.get("/activite/visites/vues", {"about": f"organisation:{other.pk}"}).content.decode()
    assert "Personne ne l’a vue depuis 30 jours" in page
    assert phone.get("/activite/visites/vues", {"about": "rien"}).content.decode().strip() == ""


def test_the_worker_keeps_files_that_exist_and_is_scoped_to_the_activity(phone: Client) -> None:
    answer = phone.get("/activite/appareil.js")
    lines = answer.content.decode().split("\n")
    said = {line.split(" = ")[0]: json.loads(line.split(" = ")[1].rstrip(";")) for line in lines[:4]}
    assert answer["Content-Type"] == "text/javascript"
    assert said["const PAGES"] == ["/activite/visites/nouvelle", "/activite/"]
    assert "/static/js/visit-form.js" in said["const SHELL"]
    page = phone.get("/activite/visites/nouvelle").content.decode()
    drawn = {part.split('"')[0] for mark in ('href="/static/', 'src="/static/') for part in page.split(mark)[1:]}
    assert {f"/static/{name}" for name in drawn} <= set(said["const SHELL"])


def test_a_phone_may_install_it(client: Client) -> None:
    said = client.get("/activite/manifeste.webmanifest").json()
    assert (said["start_url"], said["display"]) == ("/activite/", "standalone")


def test_without_a_script_the_page_keeps_what_was_typed_and_says_what_is_wrong(phone: Client) -> None:
    answer = phone.post("/activite/visites/nouvelle", typed(who="Inconnue", remarks="Un atelier"))
    page = answer.content.decode()
    assert (answer.status_code, "Un atelier" in page, "Personne de connu" in page) == (422, True, True)
    company("Brasserie")
    refused = phone.post("/activite/visites/nouvelle", typed(who="Brasserie", on="2026-11-29"))
    assert "Une visite faite ne l’est pas" in refused.content.decode()
    assert phone.post("/activite/visites/nouvelle", typed(who="Brasserie")).status_code == 302


def test_one_click_plans_and_tells_who_saw_it(phone: Client) -> None:
    seen = company("Filature du Nord")
    visit(seen, at="amiens", on="2026-11-02")
    said = {"about": f"organisation:{seen.pk}", "on": "2026-11-27"}
    page = phone.post("/activite/visites/prevoir", said, follow=True).content.decode()
    assert "Visite prévue le 27 novembre 2026. À savoir : Amiens (2 novembre 2026)." in page
    plan = Visit.objects.get(state="planned")
    phone.post(f"/activite/visites/{plan.pk}/deplacer", {"state": "planned", "on": "2026-12-04"})
    plan.refresh_from_db()
    assert str(plan.on) == "2026-12-04"
    page = phone.post(f"/activite/visites/{plan.pk}/deplacer", {"state": "cancelled"}, follow=True).content.decode()
    assert "La visite est à présent : annulée." in page
    page = phone.post(f"/activite/visites/{plan.pk}/deplacer", {"state": "done"}, follow=True).content.decode()
    assert "ne peut plus changer ainsi" in page


def test_a_plan_without_a_company_is_refused_with_a_sentence(phone: Client) -> None:
    page = phone.post("/activite/visites/prevoir", {"about": "organisation:9", "on": "x"}, follow=True).content.decode()
    assert "choisissez l’entreprise et le jour" in page


def test_a_visit_is_corrected_on_a_form_that_holds_what_it_said(phone: Client) -> None:
    subject, theme = word("financement"), word("projets")
    sent(phone, typed(who="Tisserand", newcomer="company", met_name="Alix", remarks="À rappeler", detail_visibility="1",
                      **{f"need_{subject.pk}": "on", f"note_{theme.pk}": "Un atelier", f"kept_{theme.pk}": "on"}))  # fmt: skip
    made = Visit.objects.get()
    form = phone.get(f"/activite/visites/{made.pk}/modifier").context["form"]
    themed, free = made.notes.get(theme=theme).pk, made.notes.get(theme=None).pk
    held = [form[name].value() for name in (f"said_{themed}", f"kept_said_{themed}", f"said_{free}", "met_name")]
    assert held == ["Un atelier", True, "À rappeler", "Alix"]
    assert f"need_{subject.pk}" not in form.fields
    said = typed(**{f"said_{themed}": "Deux ateliers", f"said_{free}": "", "minutes": "45"})
    assert phone.post(f"/activite/visites/{made.pk}/modifier", said).status_code == 302
    made.refresh_from_db()
    assert (made.minutes, [note.text for note in made.notes.all()]) == (45, ["Deux ateliers"])
    refused = phone.post(f"/activite/visites/{made.pk}/modifier", typed(on="2026-12-25"))
    assert (refused.status_code, "jour à venir" in refused.content.decode()) == (422, True)


def test_a_region_adds_a_guide_by_loading_its_themes(phone: Client) -> None:
    word("projets")
    guide = Version.objects.create(
        framework=Framework.objects.create(code="guide-x", label="Guide export", kind="classification")
    )
    Item.objects.create(version=guide, code="pays", label="Les pays visés", level="guide_theme", sort_key="pays")
    page = phone.get("/activite/visites/nouvelle", {"guide": guide.pk}).content.decode()
    assert "Les pays visés" in page and "Guide d’entretien du Plan 2000 PME" in page


def test_a_visit_typed_with_an_older_guide_loses_no_answer(phone: Client) -> None:
    theme = word("projets")
    Version.objects.create(framework=theme.version.framework, code="2099").items.create(
        code="x", label="Autre thème", level="guide_theme", sort_key="x"
    )
    said = typed(who="Tisserand", newcomer="company", guide=str(theme.version_id), **{f"note_{theme.pk}": "Un atelier"})
    assert sent(phone, said)[0] == 200
    assert Visit.objects.get().notes.get().text == "Un atelier"
    status, answer = sent(phone, typed(who="Tisserand", client_id="t2", note_999999="Un atelier"))
    assert (status, "réponses sans question : 1" in " ".join(answer["sentences"])) == (422, True)


def test_another_name_than_the_one_chosen_is_another_company(phone: Client) -> None:
    chosen, other = company("Brasserie"), company("Scierie")
    plan = visit(chosen, state="planned", on="2026-11-19")
    assert sent(phone, typed(who="Scierie", about=plan.key, visit=str(plan.pk)))[0] == 200
    plan.refresh_from_db()
    assert (plan.state, Visit.objects.get(state="done").organisation) == ("planned", other)


def test_whoever_has_several_institutions_notes_for_the_first(client: Client) -> None:
    both = person()
    both.memberships.create(partner=partner("amiens"), role="developer", since="2026-06-01")
    client.force_login(both)
    sent(client, typed(who="Tisserand", newcomer="company"))
    assert Visit.objects.get().owner == partner("lille")
