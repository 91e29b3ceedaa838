"""The pages of calls and files: found, filled in, moved, exported; each reader sees what is theirs."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import User
from beffroi.core.text import search_key
from beffroi.funding import actions
from beffroi.funding.enums import Cycle
from beffroi.funding.models import Application, Call, Line, LineClaim, Operation, Step
from beffroi.reference.models import Framework, Item, Version
from tests.accounts.factories import partner, person
from tests.actors.factories import organisation
from tests.funding.file_factories import AT, call, day, file, officer, programme
from tests.queries import counted

pytestmark = pytest.mark.django_db
PROGRAMMED = ("complete 12/01", "appraised 02/02", "opinions 02/03", "programmed 01/06")
PAGES = "/financements"


def signed_in(user: User | None = None) -> Client:
    client = Client()
    client.force_login(user or officer())
    return client


def page(client: Client, address: str, **asked: Any) -> str:
    answer = client.get(PAGES + address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def sent(client: Client, address: str, **said: Any) -> Any:
    return client.post(PAGES + address, {name: value for name, value in said.items() if value is not None})


def errors(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 422
    return {name: list(found) for name, found in answer.context["form"].errors.items()}


def downloaded(client: Client, address: str) -> list[dict[str, str]]:
    text = b"".join(client.get(PAGES + address).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def territory(code: str = "59350", label: str = "Lille", level: str = "commune") -> Item:
    geography = Framework.objects.get_or_create(code=f"geo-{level}", defaults={"label": level, "kind": "geography"})[0]
    version = Version.objects.get_or_create(framework=geography)[0]
    return Item.objects.create(version=version, code=code, label=label, level=level, sort_key=search_key(label))


def test_a_visitor_finds_open_calls_by_territory_kind_and_date() -> None:
    lille = territory()
    call("Halles", area=lille, closes=day("01/12"))
    call("Ports", written_area="Littoral", opens=day("01/12"))
    call("Clos", closes=day("01/02"))
    call("Secret", visibility=Visibility.OWNER)
    visitor = Client()
    assert [one.title for one in visitor.get(f"{PAGES}/appels").context["page"]] == ["Halles"]
    asked = {
        "state=all": {"Halles", "Ports", "Clos"}, "state=coming": {"Ports"}, "state=closed": {"Clos"},
        "state=all&territory=59350": {"Halles"}, "state=all&territory=littoral": {"Ports"}, "state=all&q=clo": {"Clos"},
        "state=all&before=2026-03-01": {"Clos"}, "kind=open_window": set(), "state=all&territory=Lens": set(),
    }  # fmt: skip
    for query, titles in asked.items():
        assert {one.title for one in visitor.get(f"{PAGES}/appels?{query}").context["page"]} == titles, query
    assert [row["title"] for row in downloaded(visitor, "/appels?format=csv")] == ["Halles"]


def test_a_call_of_a_region_is_open_in_its_communes() -> None:
    region, lille = territory("32", "Hauts-de-France", "region"), territory()
    lille.parent = region
    lille.save()
    call("Régional", area=region)
    call("Local", area=lille)
    for words in ("Lille", "Hauts-de-France"):
        found = Client().get(f"{PAGES}/appels", {"territory": words}).context["page"]
        assert {one.title for one in found} == {"Régional", "Local"}


BAD_POINTS = "Ligne 1 : « x » n’est pas un nombre de points ; attendu un nombre après le point-virgule."


def filled_call(**changed: Any) -> dict[str, Any]:
    given = {
        "title": "Lieux partagés", "kind": "call_for_projects", "programme": programme().pk, "cycle": "erdf",
        "opens": "2026-01-01",
        "closes": "2026-03-31", "total": "2 000 000,50", "eligibility": "Siège dans la région\n", "selection": "Emplois ; 30",
        "visibility": Visibility.PUBLIC, "written_area": "Littoral",
    }  # fmt: skip
    return {**given, **changed}


def test_an_officer_opens_a_call_and_changes_it() -> None:
    client = signed_in()
    assert sent(client, "/appels/nouveau", **filled_call()).status_code == 302
    made = Call.objects.get()
    assert (made.owner, made.total_cents, made.criteria.count()) == (partner(), 200_000_050, 2)
    text = page(Client(), f"/appels/{made.pk}")
    assert "Siège dans la région" in text
    assert "clos" in text
    shown = client.get(f"{PAGES}/appels/{made.pk}/modifier").context["form"]
    assert shown["selection"].value() == "Emplois ; 30"
    assert sent(client, f"/appels/{made.pk}/modifier", **filled_call(closes="2026-04-30", code=made.code)).status_code == 302
    assert Call.objects.get().closes == day("30/04")
    assert "clôture le" in page(client, f"/appels/{made.pk}")


@pytest.mark.parametrize(
    ("changed", "name", "sentence"),
    [
        ({"closes": "2025-01-01"}, "__all__", "La clôture d’un appel ne précède pas son ouverture."),
        ({"total": "beaucoup"}, "total", "« beaucoup » n’est pas un montant en euros : écrivez par exemple 1 234,50."),
        ({"total": "1,234567"}, "total", "Un montant s’écrit au centime près, et reste sous dix mille milliards d’euros."),
        ({"selection": "Emplois ; x"}, "selection", BAD_POINTS),
        ({"item_name": "OS 9"}, "item_name", "Ce programme n’a aucun élément de ce code ni de cet intitulé."),
        ({"area": "Atlantide"}, "area", "Aucun territoire officiel n’a ce nom ni ce code."),
    ],
)  # fmt: skip
def test_a_call_that_cannot_be_is_said_beside_its_field(changed: dict[str, Any], name: str, sentence: str) -> None:
    assert errors(sent(signed_in(), "/appels/nouveau", **filled_call(**changed)))[name] == [sentence]
    assert not Call.objects.exists()


def test_a_code_taken_is_said() -> None:
    call("Halles", code="AAP1")
    assert errors(sent(signed_in(), "/appels/nouveau", **filled_call(code="AAP1"))) == {
        "__all__": ["Un appel de ce code existe déjà."]
    }


def filled_file(**changed: Any) -> dict[str, Any]:
    given = {
        "title": "Halle", "applicant": "Ville de Lille", "on": "2026-01-05", "programme": programme().pk, "cycle": "erdf",
        "visibility": Visibility.PARTNERS, "total": "1 200", "asked_eu": "500",
    }  # fmt: skip
    return {**given, **changed}


def test_a_file_is_received_prefilled_from_its_call() -> None:
    asked = call("Lieux", decision_days=90)
    version = Version.objects.create(framework=programme().framework)
    asked.item = Item.objects.create(version=version, code="OS1", label="Innover", level="axis", sort_key="innover")
    asked.save()
    body = organisation("Ville de Lille", siren="215903501")
    client = signed_in()
    shown = client.get(f"{PAGES}/dossiers/nouveau", {"call": asked.pk, "organisation": body.pk}).context["form"]
    assert (shown["programme"].value(), shown["cycle"].value()) == (programme().pk, "erdf")
    assert (shown["applicant"].value(), shown["item_name"].value()) == ("215903501", "OS1")
    answer = sent(client, "/dossiers/nouveau", **filled_file(call=asked.pk, item_name="innov", applicant="215 903 501"))
    made = Application.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    assert (made.applicant, made.item, made.total_cents, made.code) == (body, asked.item, 120_000, "2026-0001")
    assert list(made.lines.values_list("stage", "origin")) == [("requested", "eu")]


def test_a_name_that_nobody_knows_is_kept_and_one_of_several_is_asked() -> None:
    organisation("Pôle Textile")
    organisation("Pôle Textile", siren="215903501")
    client = signed_in()
    assert sent(client, "/dossiers/nouveau", **filled_file(applicant="Fabrique du port")).status_code == 302
    assert Application.objects.get().written_applicant == "Fabrique du port"
    said = errors(sent(client, "/dossiers/nouveau", **filled_file(applicant="pole textile")))
    assert said == {
        "applicant": [
            "Plusieurs organisations répondent à ce nom : Pôle Textile (sans SIREN), Pôle Textile (215903501). Donnez le SIREN."
        ]
    }


def test_a_file_without_applicant_or_after_its_call_says_what_is_missing() -> None:
    asked = call("Clos", closes=day("01/01"))
    client = signed_in()
    assert "applicant" in errors(sent(client, "/dossiers/nouveau", **filled_file(applicant="")))
    assert errors(sent(client, "/dossiers/nouveau", **filled_file(call=asked.pk)))["__all__"] == [
        "L’appel était clos à la date du dépôt."
    ]
    file("Halle", code="D1")
    assert errors(sent(client, "/dossiers/nouveau", **filled_file(code="D1")))["__all__"] == [
        "Un dossier de ce numéro existe déjà."
    ]


def test_a_file_is_changed_and_its_history_tells() -> None:
    application = file("Halle")
    client = signed_in()
    shown = client.get(f"{PAGES}/dossiers/{application.pk}/modifier").context["form"]
    assert (shown["applicant"].value(), shown["code"].value()) == ("Ville", "2026-0001")
    changed = {"title": "Halle couverte", "programme": programme().pk, "cycle": "erdf", "applicant": "Ville", "visibility": 1}
    assert sent(client, f"/dossiers/{application.pk}/modifier", **changed).status_code == 302
    text = page(client, f"/dossiers/{application.pk}")
    assert "Halle couverte" in text
    assert "intitulé : « Halle » → « Halle couverte »" in text
    assert Application.objects.get().code == "2026-0001"
    wrong = {**changed, "start": "2026-06-01", "end": "2026-01-01"}
    assert errors(sent(client, f"/dossiers/{application.pk}/modifier", **wrong))["__all__"] == [
        "La fin prévue ne précède pas le début prévu."
    ]


def test_a_step_is_noted_from_the_board_corrected_and_taken_back() -> None:
    application = file("Halle")
    client = signed_in()
    board = page(client, "/dossiers")
    assert f'action="/financements/dossiers/{application.pk}/etape"' in board
    shown = client.get(f"{PAGES}/dossiers/{application.pk}/etape", {"kind": "complete"}).context["form"]
    assert shown["kind"].value() == "complete"
    moving = client.get(f"{PAGES}/dossiers/{application.pk}/etape", {"kind": "complete", "back": "/financements/dossiers?q=h"})
    assert 'name="back" value="/financements/dossiers?q=h"' in moving.content.decode()
    back = f"{PAGES}/dossiers?cycle=erdf"
    noted = sent(client, f"/dossiers/{application.pk}/etape", kind="complete", on="2026-01-12", who="Service FEDER", back=back)
    assert noted["Location"] == back
    away = sent(client, f"/dossiers/{application.pk}/etape", kind="refused", on="2026-01-12", back="https://ailleurs.example")
    assert errors(away) == {"__all__": ["Il manque la raison : elle est due au porteur du dossier."]}
    step = Step.objects.get(kind="complete")
    sent(client, f"/etapes/{step.pk}", on="2026-01-14", who="Service FEDER")
    corrected = Step.objects.current().get(kind="complete")
    assert (corrected.on, "Il était écrit : recevable" in page(client, f"/dossiers/{application.pk}")) == (day("14/01"), True)
    assert errors(sent(client, f"/etapes/{corrected.pk}", on="2026-01-01"))["__all__"] == [
        "La date précède celle de l’étape d’avant."
    ]
    assert sent(client, f"/etapes/{corrected.pk}/retirer").status_code == 302
    assert list(Step.objects.current().values_list("kind", flat=True)) == ["submitted"]
    assert client.get(f"{PAGES}/etapes/{corrected.pk}").status_code == 404


def test_a_step_elsewhere_than_here_is_not_followed() -> None:
    application = file("Halle")
    noted = sent(signed_in(), f"/dossiers/{application.pk}/etape", kind="complete", on="2026-01-12", back="https://x.example/")
    assert noted["Location"] == application.get_absolute_url()


def test_only_its_keeper_notes_the_steps_of_a_file() -> None:
    application = file("Halle", visibility=Visibility.PUBLIC)
    address = f"{PAGES}/dossiers/{application.pk}/etape"
    assert signed_in(officer("lens")).get(address).status_code == 403
    assert signed_in(person("dev@lille.example", role=Role.DEVELOPER)).get(address).status_code == 403
    assert Client().get(address).status_code == 302
    assert "Noter une étape" not in page(Client(), f"/dossiers/{application.pk}")
    assert "Historique" not in page(signed_in(officer("lens")), f"/dossiers/{application.pk}")
    secret = file("Secret", visibility=Visibility.OWNER)
    assert signed_in(officer("lens")).get(f"{PAGES}/dossiers/{secret.pk}").status_code == 404


def test_a_person_of_no_institution_writes_nothing() -> None:
    alone = person("seul@x.example", role=Role.FUNDER_OFFICER)
    client = signed_in(alone)
    alone.memberships.update(until=day("01/02"))
    assert client.get(f"{PAGES}/dossiers/nouveau").status_code == 403


def test_a_file_becomes_a_new_operation_or_a_known_one() -> None:
    first, second = file("Halle", *PROGRAMMED), file("Gare", *PROGRAMMED, code="HDF1")
    known = Operation.objects.create(programme=programme(), namespace="liste", code="HDF1", title="Gare", sort_key="gare")
    client = signed_in()
    early = file("Port")
    assert "Aucune décision favorable" in page(client, f"/dossiers/{early.pk}/operation")
    assert "Aucune décision favorable" in errors(sent(client, f"/dossiers/{early.pk}/operation"))["__all__"][0]
    made = sent(client, f"/dossiers/{first.pk}/operation")
    assert made["Location"] == Operation.objects.get(title="Halle").get_absolute_url()
    sent(client, f"/dossiers/{second.pk}/operation", operation=known.pk)
    second.refresh_from_db()
    assert second.operation == known
    sheet = client.get(known.get_absolute_url()).content.decode()
    assert "Étapes du dossier" in sheet
    assert "programmé" in sheet
    assert "Suivre son dossier" not in sheet


def test_a_known_operation_is_taken_up_with_what_is_known_of_it() -> None:
    body = organisation("Ville de Lille", siren="215903501")
    known = Operation.objects.create(
        programme=programme(), namespace="liste", code="HDF1", title="Gare", sort_key="gare", beneficiary=body
    )
    client = signed_in()
    assert "Suivre son dossier" in client.get(known.get_absolute_url()).content.decode()
    shown = client.get(f"{PAGES}/dossiers/nouveau", {"operation": known.pk}).context["form"]
    assert (shown["title"].value(), shown["code"].value(), shown["applicant"].value()) == ("Gare", "HDF1", "215903501")
    address = f"/dossiers/nouveau?operation={known.pk}"
    assert sent(client, address, **filled_file(title="Gare", code="HDF1", asked_eu="")).status_code == 302
    assert Application.objects.get().operation == known
    assert not Step.objects.exists()


def test_an_amount_is_typed_faces_another_and_is_withdrawn() -> None:
    application = file("Halle", *PROGRAMMED)
    operation = actions.turn_into_operation(application, owner=partner(), by=officer(), at=AT)
    address = f"/operations/{operation.pk}/montant"
    said = {"stage": "programmed", "amount": "1 000,50 €", "stated_on": "2026-06-01", "origin": "eu", "instrument": "grant"}
    assert sent(signed_in(), address, **said).status_code == 302
    line = Line.objects.get()
    assert (line.operation, line.application, LineClaim.objects.get().as_written) == (operation, application, "1 000,50 €")
    other = signed_in(officer("lens"))
    assert sent(other, address, **{**said, "amount": "900", "line": line.pk, "stage": ""}).status_code == 302
    assert LineClaim.objects.filter(line=line).count() == 2
    text = page(other, address)
    assert "Montants saisis à la main" in text
    own, foreign = LineClaim.objects.get(owner=partner("lens")), LineClaim.objects.get(owner=partner())
    assert sent(other, f"/montants/{foreign.pk}/retirer").status_code == 404
    assert sent(other, f"/montants/{own.pk}/retirer").status_code == 302
    assert list(LineClaim.objects.current()) == [foreign]
    assert other.get(f"{PAGES}/montants/{own.pk}/retirer").status_code == 405


@pytest.mark.parametrize(
    ("changed", "name", "sentence"),
    [
        ({"stage": "paid"}, "period", "Un versement, une certification ou un recouvrement a sa date ou sa période."),
        ({"stage": ""}, "stage", "Choisissez le stade, ou le montant déjà connu dont vous parlez."),
        ({"period": "bientôt"}, "period", "« bientôt » n’est pas une période"),
        ({"fund": "Inconnu"}, "fund", "Aucune organisation connue n’a ce nom ni ce numéro"),
        ({"amount": "10 $"}, "amount", "n’est pas un montant en euros"),
    ],
)
def test_an_amount_that_cannot_be_is_said_beside_its_field(changed: dict[str, Any], name: str, sentence: str) -> None:
    application = file("Halle", *PROGRAMMED)
    said = {"stage": "programmed", "amount": "10", "stated_on": "2026-06-01", "origin": "eu", "instrument": "grant"}
    found = errors(sent(signed_in(), f"/dossiers/{application.pk}/montant", **{**said, **changed}))
    assert sentence in found[name][0]
    assert not Line.objects.exists()


def test_an_amount_of_several_possible_lines_is_asked_to_say_which() -> None:
    application = file("Halle", *PROGRAMMED)
    said = {"stage": "programmed", "stated_on": "2026-06-01", "origin": "eu", "instrument": "unstated"}
    client, address = signed_in(), f"/dossiers/{application.pk}/montant"
    for instrument in ("grant", "loan"):
        sent(client, address, **{**said, "amount": "10", "instrument": instrument})
    assert "Plusieurs montants connus" in errors(sent(client, address, **said, amount="10"))["__all__"][0]


def test_a_paid_amount_has_its_period_funder_and_receiver() -> None:
    region, body = organisation("Région", siren="215903501"), organisation("Ville")
    application = file("Halle", *PROGRAMMED)
    said = {"stage": "paid", "amount": "10", "stated_on": "2026-06-01", "origin": "region", "instrument": "grant"}
    named = {"period": "2026-S1", "fund": "Région", "payer": "215903501", "receiver": "ville"}
    assert sent(signed_in(), f"/dossiers/{application.pk}/montant", **said, **named).status_code == 302
    line = Line.objects.get()
    assert (line.fund, line.payer, line.receiver, line.written_period) == (region, region, body, "2026-S1")


def test_the_list_is_filtered_exported_and_asks_no_more_when_it_grows() -> None:
    file("Halle", "complete 12/01")
    client = signed_in()
    page(client, "/dossiers")
    with counted() as board_of_one:
        page(client, "/dossiers")
    with counted() as list_of_one:
        page(client, "/dossiers", view="list")
    for title in ("Gare", "Port", "Quai"):
        file(title, "complete 12/01", cycle=Cycle.ERDF)
    with counted() as board_of_four:
        page(client, "/dossiers")
    with counted() as list_of_four:
        page(client, "/dossiers", view="list")
    assert (board_of_four, list_of_four) == (board_of_one, list_of_one)
    assert "Gare" in page(client, "/dossiers", view="list", q="gare")
    assert "Gare" not in page(client, "/dossiers", view="list", q="port")
    assert "Aucun dossier ne correspond" in page(client, "/dossiers", cycle="cper")
    assert [(row["title"], row["step"]) for row in downloaded(client, "/dossiers?format=csv&q=gare")] == [("Gare", "recevable")]


def test_delays_are_measured_grouped_and_explained() -> None:
    asked = call("Lieux", decision_days=100)
    file("Halle", *PROGRAMMED, call=asked)
    file("Gare", "complete 15/01", call=asked)
    file("Port", "refused 15/01", visibility=Visibility.OWNER)
    client = signed_in()
    rows = client.get(f"{PAGES}/delais", {"by": "call"}).context["rows"]
    found = {(row.group, row.start, row.end): (row.delay.count, row.delay.median, row.delay.late) for row in rows}
    assert found["Lieux", "submitted", "programmed"] == (1, 147, 2)
    assert found["Lieux", "submitted", "complete"] == (2, 8.5, None)
    assert found["hors appel", "submitted", "complete"] == (0, None, None)
    whole = next(row for row in rows if row.group == "Lieux" and row.end == "programmed")
    why = client.get(reverse("publishing:why", args=[whole.why]))
    assert (why.status_code, "Halle" in why.content.decode()) == (200, True)
    assert client.get(reverse("publishing:why", args=["delay:rien"])).status_code == 404
    assert client.get(f"{PAGES}/delais", {"by": "year"}).context["rows"][0].group == "2026"
    assert client.get(f"{PAGES}/delais", {"since": "2026-02-01"}).context["rows"] == []
    others = signed_in(officer("lens")).get(f"{PAGES}/delais", {"by": "call"}).context["rows"]
    assert {row.group for row in others} == {"Lieux"}
    assert client.get(f"{PAGES}/delais?format=csv").status_code == 200
    assert "Aucun dossier à mesurer" in page(client, "/delais", cycle="rd_project")


def test_labelled_and_funded_are_two_counts() -> None:
    file("Puce", "labelled 12/01", "funded 15/02", cycle=Cycle.RD_PROJECT)
    file("Capteur", "labelled 12/02", cycle=Cycle.RD_PROJECT)
    found = signed_in().get(f"{PAGES}/delais", {"cycle": "rd_project"}).context["reached"]
    assert [(one.step, one.count) for one in found] == [("submitted", 2), ("labelled", 2), ("funded", 1)]


def test_what_waits_is_at_the_officers_home() -> None:
    file("Halle")
    text = signed_in().get("/").content.decode()
    assert "Dossiers sans étape depuis un mois ou plus" in text
    assert "Halle" in text
    assert "Dossiers sans étape" not in signed_in(officer("lens")).get("/").content.decode()


def test_calls_and_steps_are_published_as_tables() -> None:
    asked = call("Lieux", total_cents=100)
    file("Halle", "complete 12/01", call=asked, visibility=Visibility.PUBLIC)
    file("Secret", call=asked, visibility=Visibility.OWNER)
    told = {}
    for name in ("calls", "steps"):
        text = b"".join(Client().get(f"/jeux-de-donnees/{name}.csv")).decode("utf-8-sig")
        told[name] = list(csv.DictReader(io.StringIO(text)))
    assert [(row["title"], row["total_support"]) for row in told["calls"]] == [("Lieux", "1")]
    assert [(row["title"], row["step"], row["on"]) for row in told["steps"]] == [
        ("Halle", "déposé", "2026-01-05"),
        ("Halle", "recevable", "2026-01-12"),
    ]


def test_what_several_places_or_items_are_called_is_asked_by_code() -> None:
    territory("59001", "Saint-Martin")
    territory("62001", "Saint-Martin", "epci")
    version = Version.objects.create(framework=programme().framework)
    for number in (1, 2):
        Item.objects.create(
            version=version, code=f"OS{number}", label=f"Innover {number}", level="axis", sort_key=f"innover {number}"
        )
    client = signed_in()
    assert sent(client, "/appels/nouveau", **filled_call(area="Saint-Martin", item_name="OS2")).status_code == 302
    made = Call.objects.get()
    assert (made.area.code, made.item.code) == ("62001", "OS2")  # the widest level of that name
    territory("59002", "Saint-Jean")
    territory("59003", "Saint-Jean")
    said = errors(sent(client, "/appels/nouveau", **filled_call(area="Saint-Jean", item_name="innover")))
    assert said == {
        "area": ["Plusieurs territoires portent ce nom : Saint-Jean (59002), Saint-Jean (59003). Donnez le code."],
        "item_name": ["Plusieurs éléments répondent : OS1 (Innover 1), OS2 (Innover 2). Donnez le code."],
    }
