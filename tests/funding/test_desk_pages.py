"""Typing envelopes, tranches and plans, trying moves, and facing another system: the pages, as people use them."""

from decimal import Decimal

import pytest
from django.http import HttpResponse, QueryDict
from django.test import Client

from beffroi.accounts.enums import Role, Visibility
from beffroi.funding import actions
from beffroi.funding.enums import VersionKind
from beffroi.funding.forms.desk import CellForm, written_key
from beffroi.funding.models import Envelope, Operation, PlanCell, PlanVersion, Sandbox, Tranche
from beffroi.funding.queries.desk.cells import cells_of
from beffroi.funding.rules.plans import CellKey
from beffroi.funding.views.typed import reread
from tests.accounts.factories import partner, person
from tests.funding.factories import amounts, body, envelope, item, officer, programme, tranche, version
from tests.web.factories import loaded

pytestmark = pytest.mark.django_db
ROWS = ("axe-2.1 | État | state | 2023 | 60", "axe-2.1 | Région | region | 2023 | 40", "axe-2.2 | FEDER | eu | 2023 | 10")


@pytest.fixture
def paul(client: Client) -> Client:
    client.force_login(officer())
    return client


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_an_envelope_is_typed_corrected_and_removed(paul: Client) -> None:
    programme()
    new = {"fund": "FEDER", "manager": "région", "stage": "planned", "cents": "1 200,50 €", "visibility": "1", "item": ""}
    answer = paul.post("/financements/programmes/cper/enveloppes/nouvelle", new)
    row = Envelope.objects.get()
    assert (answer.status_code, row.amount, row.manager, row.owner) == (302, Decimal("1200.50"), body("Région"), partner())
    page = paul.get(f"/financements/enveloppes/{row.pk}")
    seen = page.context["form"].initial["seen"]
    paul.post(f"/financements/enveloppes/{row.pk}", new | {"cents": "1300", "seen": seen})
    stale = paul.post(f"/financements/enveloppes/{row.pk}", new | {"cents": "1", "seen": seen})
    assert (stale.status_code, Envelope.objects.get().amount) == (422, Decimal(1300))
    assert "Rien n’est écrasé" in text(stale)
    assert "écrit maintenant" in text(stale)
    assert ("1\u00a0300" in text(stale), stale.context["form"]["cents"].value()) == (True, "1"), "both states are shown"
    retried = new | {"cents": "1", "seen": stale.context["form"]["seen"].value()}
    assert paul.post(f"/financements/enveloppes/{row.pk}", retried).status_code == 302, "the new mark is what the page shows"
    paul.post(
        f"/financements/enveloppes/{row.pk}",
        new | {"cents": "1300", "seen": paul.get(f"/financements/enveloppes/{row.pk}").context["seen"]},
    )
    assert "1\u00a0300" in text(paul.get(f"/financements/enveloppes/{row.pk}"))
    assert "1\u00a0300" in text(paul.get("/financements/programmes/cper/"))
    assert text(paul.get(f"/why/envelope:{row.pk}")).count("1\u00a0300") >= 1
    paul.post(f"/financements/enveloppes/{row.pk}/retirer", {"seen": "0"})
    assert Envelope.objects.exists()
    last = paul.get(f"/financements/enveloppes/{row.pk}").context["seen"]
    assert paul.post(f"/financements/enveloppes/{row.pk}/retirer", {"seen": last}).status_code == 302
    assert not Envelope.objects.exists()


def test_a_row_that_somebody_removes_while_one_types_is_said_and_not_written_again() -> None:
    of = programme()
    row = version(of, *ROWS).cells.get(origin="eu")
    shown = PlanCell.objects.get(pk=row.pk)
    seen = actions.seen_mark(row)
    typed = QueryDict(f"funder=FEDER&origin=eu&contract_status=contractualised&cents=1&seen={seen}")
    form = CellForm(typed, programme=of, viewer=officer())
    assert form.is_valid()
    row.delete()
    with pytest.raises(actions.ChangedMeanwhile):
        actions.save_cell(shown, by=officer("anna@lille.example"), seen=form.cleaned_data["seen"], **form.values)
    assert reread(form, shown) == [("Cette ligne", "elle a été retirée ; son historique la garde")]
    assert (form.data["seen"], PlanCell.objects.filter(pk=shown.pk).exists()) == (seen, False)


def test_what_is_wrongly_typed_is_said_beside_its_field(paul: Client) -> None:
    programme()
    wrong = {"fund": "personne", "stage": "planned", "cents": "beaucoup", "visibility": "1", "year": "20"}
    answer = paul.post("/financements/programmes/cper/enveloppes/nouvelle", wrong)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"fund", "cents", "year"}
    assert not Envelope.objects.exists()


def test_a_tranche_is_typed_corrected_and_removed(paul: Client) -> None:
    of = programme()
    rule = tranche(of, 2008, "1").rule
    new = {"year": "2007", "cents": "100", "prefinancing_cents": "20", "rule": rule.pk, "visibility": "0"}
    paul.post("/financements/programmes/cper/tranches/nouvelle", new)
    row = Tranche.objects.get(year=2007)
    seen = paul.get(f"/financements/tranches/{row.pk}").context["seen"]
    more = paul.post(f"/financements/tranches/{row.pk}", new | {"prefinancing_cents": "120", "seen": seen})
    assert "ne dépasse pas son montant" in text(more)
    assert Tranche.objects.get(pk=row.pk).prefinancing == Decimal(20)
    paul.post(f"/financements/tranches/{row.pk}/retirer", {"seen": seen})
    assert not Tranche.objects.filter(year=2007).exists()


def test_only_those_who_keep_programmes_write_and_only_their_own(client: Client) -> None:
    of = programme()
    row = envelope(of, "5", owner=partner("amiens"))
    assert client.get("/financements/programmes/cper/enveloppes/nouvelle").status_code == 302
    client.force_login(person(role=Role.DEVELOPER))
    assert client.get("/financements/programmes/cper/enveloppes/nouvelle").status_code == 403
    client.force_login(officer())
    assert client.get(f"/financements/enveloppes/{row.pk}").status_code == 403
    assert "Saisir une enveloppe" in text(client.get("/financements/programmes/cper/"))
    nobody = person("seule@lille.example", role=None)
    client.force_login(nobody)
    assert client.get("/financements/programmes/cper/enveloppes/nouvelle").status_code == 403
    assert "Saisir une enveloppe" not in text(client.get("/financements/programmes/cper/"))


def test_a_version_is_typed_then_decided(paul: Client) -> None:
    programme()
    new = {"label": "Maquette initiale", "kind": "initial", "visibility": "1", "based_on": "", "justification": ""}
    paul.post("/financements/programmes/cper/maquette/nouvelle", new)
    made = PlanVersion.objects.get()
    address = f"/financements/maquettes/{made.pk}"
    cell = {"item": item("axe-1").pk, "funder": "État", "origin": "state", "year": "2022", "contract_status": "contractualised"}
    paul.post(f"{address}/en-vigueur", {"decided_on": "2022-03-01"})
    assert "n’a aucun montant" in text(paul.get(address))
    paul.post(f"{address}/montants/nouveau", cell | {"cents": "10"})
    assert paul.post(f"{address}/montants/nouveau", cell | {"cents": "11"}).status_code == 422
    row = PlanCell.objects.get()
    seen = paul.get(f"/financements/maquettes/montants/{row.pk}").context["seen"]
    paul.post(f"/financements/maquettes/montants/{row.pk}", cell | {"cents": "12,5", "seen": seen})
    assert amounts(made) == {"axe-1|État|2022": Decimal("12.5")}
    assert "rien n’a changé" in text(paul.post(f"{address}/en-vigueur", {"decided_on": ""}, follow=True))
    paul.post(f"{address}/en-vigueur", {"decided_on": "2022-03-01"})
    made.refresh_from_db()
    assert made.state == "in_force"
    locked = paul.post(f"/financements/maquettes/montants/{row.pk}", cell | {"cents": "13", "seen": "0"})
    assert "changent par un avenant" in text(locked)
    assert "changent par un avenant" in text(paul.post(f"/financements/maquettes/montants/{row.pk}/retirer", follow=True))
    assert "proposée peut être retirée" in text(paul.post(f"{address}/retirer", {"reason": "non"}, follow=True))


def test_a_proposal_is_withdrawn_and_an_amount_removed(paul: Client) -> None:
    made = version(programme(), *ROWS)
    row = made.cells.get(origin="eu")
    seen = paul.get(f"/financements/maquettes/montants/{row.pk}").context["seen"]
    paul.post(f"/financements/maquettes/montants/{row.pk}/retirer", {"seen": seen})
    assert len(amounts(made)) == 2
    assert "Dites pourquoi" in text(paul.post(f"/financements/maquettes/{made.pk}/retirer", {}, follow=True))
    paul.post(f"/financements/maquettes/{made.pk}/retirer", {"reason": "doublon"})
    assert PlanVersion.objects.get().state == "withdrawn"


def test_two_versions_face_to_face_cell_by_cell(client: Client) -> None:
    of = programme()
    one = version(of, *ROWS, adopted=True)
    other = version(of, "axe-2.1 | État | state | 2023 | 55", *ROWS[1:], "axe-1 | FEDER | eu | | 5", number=2)
    page = client.get("/financements/programmes/cper/maquette")
    found = page.context["compared"]
    assert [(str(row.item), row.before and row.before.value, row.after and row.after.value) for row in found.rows] == [
        ("Premier axe", None, Decimal(5)),
        ("Ports", Decimal(60), Decimal(55)),
    ]
    assert (found.before.value, found.after.value, found.change.value) == (Decimal(110), Decimal(110), Decimal(0))
    assert f"/financements/maquettes/{one.pk}" in text(page)
    back = client.get(f"/financements/programmes/cper/maquette?un={other.pk}&autre={one.pk}&format=csv")
    assert len(back.getvalue().decode().strip().splitlines()) == 3
    same = client.get(f"/financements/programmes/cper/maquette?un={one.pk}&autre={one.pk}")
    assert "disent les mêmes montants" in text(same)
    assert "60" in client.get(f"/financements/maquettes/{one.pk}?format=csv").getvalue().decode()


def test_what_is_valued_is_apart_from_the_total_of_the_contract(client: Client) -> None:
    made = version(programme(), *ROWS)
    made.cells.filter(origin="eu").update(contract_status="valorised")
    page = client.get(f"/financements/maquettes/{made.pk}")
    reading = page.context["page"].reading
    assert (reading.total.value, [(label, figure.value) for label, figure in reading.apart]) == (
        Decimal(100),
        [("valorisé", Decimal(10))],
    )
    for name in ("total", "item/0", "apart/valorised", "year/2023"):
        assert client.get(f"/why/plan:{made.pk}/{name}").status_code == 200
    assert client.get("/why/plan:999999/total").status_code == 404


def test_what_partners_keep_is_not_shown_to_everybody(client: Client) -> None:
    made = version(programme(), *ROWS, visibility=Visibility.PARTNERS)
    assert client.get(f"/financements/maquettes/{made.pk}").status_code == 404
    assert "Aucune maquette" in text(client.get("/financements/programmes/cper/maquette"))


def key(code: str, name: str, origin: str, year: int = 2023) -> str:
    return written_key(CellKey(item(code).pk, body(name).pk, origin, year, "contractualised"))


def test_moves_are_tried_seen_undone_and_proposed(paul: Client) -> None:
    of = programme()
    loaded(
        "programme,item_code,rule,kind,value,source,locator\n"
        "cper,axe-2,Financement tendant à la parité,cofinancing,parité,document,p1\n"
        "cper,axe-2,Part minimale des porteurs,cofinancing,20-30 %,document,p2",
        "facts-rules",
    )
    loaded(
        "operation,item_code,label_fr,lead_org,territory,start,end,detail,source,locator\no1,axe-2.1,Quai,,,,,,document,p",
        "facts-operations",
    )
    made = version(of, *ROWS, adopted=True)
    assert "Dites en quelques mots" in text(paul.post(f"/financements/maquettes/{made.pk}/bac-a-sable", {}, follow=True))
    paul.post(f"/financements/maquettes/{made.pk}/bac-a-sable", {"label": "Essai"})
    box = Sandbox.objects.get()
    address = f"/financements/bacs-a-sable/{box.pk}"
    move = {
        "revision": box.revision,
        "source": key("axe-2.1", "État", "state"),
        "cents": "20",
        "item": "",
        "place": "",
        "year": "",
    }
    assert paul.post(address, move | {"item": item("axe-2.2").pk}).status_code == 302
    late = paul.post(address, move | {"item": item("axe-1").pk})
    assert (late.status_code, "Rien n’est perdu" in text(late)) == (422, True)
    assert paul.post(address, {**late.context["form"].data}).status_code == 302
    same = paul.post(address, move | {"revision": late.context["box"].revision + 1})
    assert "au même endroit" in text(same)
    wrong = paul.post(address, move | {"year": "20x4"})
    assert "quatre chiffres" in text(wrong)
    to_eu = {"source": key("axe-2.2", "FEDER", "eu"), "year": "2025", "cents": "4", "revision": Sandbox.objects.get().revision}
    place = f"{body('FEDER').pk}|eu"
    assert paul.post(address, move | to_eu | {"place": place}).status_code == 302
    page = paul.get(address).context["page"]
    assert page.total.before.value == page.total.after.value == Decimal(110)
    assert [(str(row.label), row.after.value and round(row.after.value, 3)) for row in page.parity] == [
        ("Ports", Decimal("0.333")),
        ("Friches", Decimal(1)),
        ("Ensemble", Decimal("0.6")),
    ]
    assert [(str(row.verdict), row.after.value) for row in page.own_shares] == [("cannot_say", None)]
    assert [(row.label, row.before.value, row.after.value) for row in page.tranches] == [
        (2023, Decimal(10), Decimal(6)),
        (2025, None, Decimal(4)),
    ]
    assert any("quels territoires perdent" in lack for lack in page.lacks)
    for name in ("after/total", "before/item/0", "after/tranche/2025"):
        assert paul.get(f"/why/sandbox:{box.pk}/{name}").status_code == 200
    check_end_of_sandbox(paul, address, page.moves[-1].pk)


def check_end_of_sandbox(paul: Client, address: str, last: int) -> None:
    """The last move undone, what is missing said, then the amendment proposed."""
    paul.post(f"/financements/bacs-a-sable/mouvements/{last}/annuler", {"revision": "0"})
    paul.post(f"/financements/bacs-a-sable/mouvements/{last}/annuler", {"revision": Sandbox.objects.get().revision})
    assert [row.amount for row in paul.get(address).context["page"].moves] == [Decimal(20), Decimal(20)]
    refused = paul.post(f"{address}/proposer", {"propose-label": "Avenant"}, follow=True)
    assert "vos mouvements sont gardés" in text(refused)
    said = {"propose-label": "Avenant 1", "propose-justification": "Les friches", "propose-revision": "0"}
    assert "Une autre personne" in text(paul.post(f"{address}/proposer", said, follow=True))
    said["propose-revision"] = str(Sandbox.objects.get().revision)
    answer = paul.post(f"{address}/proposer", said, follow=True)
    proposal = PlanVersion.objects.get(kind=VersionKind.AMENDED)
    assert "Les friches" in text(answer)
    assert sum(cells_of(proposal).values()) == Decimal(110)
    assert "Avenant 1" in text(paul.get("/"))
    assert "Proposer un avenant" not in text(paul.get(address))


def test_the_territories_that_lose_are_those_of_the_operations_of_the_items(paul: Client) -> None:
    made = version(programme(), *ROWS)
    ours("o1,programmed,1")
    Operation.objects.update(item=item("axe-2.1"), place=item("axe-1"))
    paul.post(f"/financements/maquettes/{made.pk}/bac-a-sable", {"label": "Essai"})
    box = Sandbox.objects.get()
    said = {"source": key("axe-2.1", "État", "state"), "cents": "20", "item": item("axe-2.2").pk, "revision": box.revision}
    paul.post(f"/financements/bacs-a-sable/{box.pk}", said)
    (row,) = paul.get(f"/financements/bacs-a-sable/{box.pk}").context["page"].territories
    assert (str(row.label), row.before.value, row.after.value, row.note) == (
        "Premier axe",
        Decimal(100),
        Decimal(80),
        "axe-2.1",
    )


def test_a_sandbox_is_closed_and_is_its_owners(paul: Client, client: Client) -> None:
    made = version(programme(), *ROWS)
    paul.post(f"/financements/maquettes/{made.pk}/bac-a-sable", {"label": "Essai"})
    box = Sandbox.objects.get()
    paul.post(f"/financements/bacs-a-sable/{box.pk}/refermer", {"revision": box.revision})
    assert Sandbox.objects.get().state == "closed"
    client.force_login(person("ana@amiens.example", at="amiens", role=Role.PROGRAMME_OFFICER))
    assert client.get(f"/financements/bacs-a-sable/{box.pk}").status_code == 404
    assert client.get(f"/why/sandbox:{box.pk}/after/total").status_code == 404


HEAD = (
    "programme,item_code,funder,beneficiary,period,stage,amount_eur,breakdown,source,locator,role,origin,instrument,"
    "stage_read,base,section,contract_status,item_framework,receiver_framework,label,reading_note"
)


def ours(*rows: str) -> None:
    """Each row: operation,stage,amount."""
    operations = sorted({row.split(",")[0] for row in rows})
    loaded(
        "operation,item_code,label_fr,lead_org,territory,start,end,detail,source,locator\n"
        + "\n".join(f"{code},axe-1,Opération {code},,,,,,document,p" for code in operations),
        "facts-operations",
    )
    said = []
    for place, row in enumerate(rows):
        code, stage, amount = row.split(",")
        tail = f"line,eu,unstated,{stage},,unstated,unstated,,,,"
        said.append(f"cper,axe-1,feder,,2009,x,{amount},operation={code};poste={place},document,page 1,{tail}")
    loaded("\n".join([HEAD, *said]), "facts-funding")


def test_that_system_says_beffroi_says(client: Client) -> None:
    programme()
    ours("o1,programmed,100", "o1,paid,40", "o2,programmed,50", "o2,programmed,7", "o3,programmed,9", "o5,planned,80")
    loaded(
        "Programme;N° Synergie;Intitulé;Montant programmé;Montant payé\n"
        "cper;o1;Un;100;41\ncper;o2;Deux;50;\ncper;o4;Quatre;3;\ncper;o5;Cinq;80;",
        "systeme-gestion",
        source="synergie",
    )
    page = client.get("/financements/programmes/cper/systemes/synergie")
    found = page.context["found"]
    assert [
        (row.compared.code, row.compared.stage, row.compared.difference, str(row.compared.cause)) for row in found.rows
    ] == [
        ("o1", "paid", Decimal(1), "unexplained"),
        ("o2", "programmed", Decimal(-7), "one_line"),
        ("o3", "programmed", Decimal(-9), "missing_there"),
        ("o4", "programmed", Decimal(3), "missing_here"),
        ("o5", "programmed", Decimal(80), "other_stage"),
    ]
    assert found.same == 1
    assert [(row.theirs.value, row.ours.value, row.difference.value) for row in found.stages] == [
        (Decimal(233), Decimal(166), Decimal(67)),
        (Decimal(41), Decimal(40), Decimal(1)),
    ]
    assert sum(row.difference.value for row in found.rows) == Decimal(68)
    assert "même montant à un autre stade (prévu)" in text(page)
    assert "/financements/programmes/cper/systemes/synergie" in text(client.get("/financements/programmes/cper/systemes"))
    assert client.get("/why/system:cper/synergie/gap/paid").status_code == 200
    lines = client.get("/financements/programmes/cper/systemes/synergie?format=csv").getvalue().decode().strip().splitlines()
    assert len(lines) == 6


def test_a_row_that_a_load_refused_is_the_cause(client: Client) -> None:
    programme()
    ours("o1,programmed,100")
    loaded(
        "operation,item_code,label_fr,lead_org,territory,start,end,detail,source,locator\no9,axe-99,Neuf,,,,,,document,p",
        "facts-operations",
        source="autre",
    )
    loaded("Programme;dossier;Montant programmé\ncper;o9;5\ncper;o1;100", "systeme-gestion", source="synergie")
    page = client.get("/financements/programmes/cper/systemes/synergie")
    (row,) = page.context["found"].rows
    assert (str(row.compared.cause), row.load is not None) == ("rejected", True)
    assert "voir le rejet" in text(page)


def test_the_same_amounts_on_both_sides(client: Client) -> None:
    programme()
    ours("o1,programmed,100.25")
    loaded("Programme;dossier;Montant programmé\ncper;o1;100,25", "systeme-gestion", source="synergie")
    assert "au centime" in text(client.get("/financements/programmes/cper/systemes/synergie"))
    assert client.get("/financements/programmes/cper/systemes/inconnu").status_code == 404
    assert client.get("/why/system:cper/inconnu/gap/paid").status_code == 404
    assert client.get("/why/desk:inconnu/target/0").status_code == 404
