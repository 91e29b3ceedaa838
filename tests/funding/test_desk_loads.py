"""Envelopes, tranches, plans and other systems' exports through the import engine: clear reports, nothing guessed."""

from decimal import Decimal

import pytest

from beffroi.funding.models import DeadlineRule, Envelope, PlanCell, PlanVersion, SystemRow, Tranche
from beffroi.provenance.enums import LoadState
from beffroi.provenance.models import Load, Statement
from tests.funding.factories import amounts, body, envelope, plan, programme, version
from tests.web.factories import counts, loaded, organisations

pytestmark = pytest.mark.django_db


def sentences(load: Load) -> list[str]:
    return [f"{row.row} {row.column}: {row.sentence}" for row in load.rejections.order_by("row")]


ENVELOPES = "Programme;Élément;Fonds;Gestionnaire;Année;Stade;Montant\n"


def test_envelopes_by_fund_and_manager() -> None:
    programme()
    load = loaded(
        ENVELOPES
        + "cper;axe-1;FEDER;région;;;1 000 000,50 €\ncper;;feder;;2021;programmé;12,00\nCadre cper;axe-2;ETAT;OSEO;2022;voté;3",
        "enveloppes",
    )
    assert counts(load) == "3 read, 3 added, 0 changed, 0 same, 0 closed, 0 rejected"
    assert [(str(e.item), e.fund.name, str(e.manager), e.year, e.stage, e.amount) for e in Envelope.objects.order_by("pk")] == [
        ("Premier axe", "FEDER", "Région", None, "planned", Decimal("1000000.50")),
        ("None", "FEDER", "None", 2021, "programmed", Decimal(12)),
        ("Second axe", "État", "OSEO", 2022, "voted", Decimal(3)),
    ]
    assert Statement.objects.filter(subject_kind="envelope").count() == 3


def test_loaded_twice_nothing_changes_then_a_correction_replaces_and_a_missing_row_goes() -> None:
    programme()
    first = ENVELOPES + "cper;axe-1;FEDER;;;;100\ncper;axe-2;FEDER;;;;50"
    loaded(first, "enveloppes")
    assert counts(loaded(first + "\n", "enveloppes")) == "2 read, 0 added, 0 changed, 2 same, 0 closed, 0 rejected"
    again = loaded(ENVELOPES + "cper;axe-1;FEDER;;;;120", "enveloppes")
    assert counts(again) == "1 read, 0 added, 1 changed, 0 same, 1 closed, 0 rejected"
    assert [row.amount for row in Envelope.objects.all()] == [Decimal(120)]
    assert Envelope.history.count() >= 1


def test_what_cannot_be_read_is_refused_with_its_reason_and_the_rest_is_loaded() -> None:
    programme()
    organisations("autre,Région,,region", source="autre-document")
    load = loaded(
        ENVELOPES
        + "inconnu;;FEDER;;;;1\ncper;axe-9;FEDER;;;;2\ncper;;Fonds inventé;;;;3\ncper;;FEDER;;1850;;4\ncper;;FEDER;;;;5,001\n"
        + "cper;;FEDER;;;;-6\ncper;;FEDER;;;;7\ncper;;FEDER;;;;8\ncper;;Région;;;;9\n",
        "enveloppes",
        source="tableur",
    )
    assert load.state == LoadState.APPLIED
    assert load.read == load.rejected + load.added
    said = "\n".join(sentences(load))
    for words in (
        "n’est pas un programme connu",
        "n’est pas un élément du programme",
        "n’est pas une organisation connue",
        "quatre chiffres",
        "s’arrête au centime",
        "aucune n’est devinée",
        "désigne plusieurs organisations",
    ):
        assert words in said
    assert [row.amount for row in Envelope.objects.all()] == [Decimal(7)]


def test_what_a_person_typed_is_not_overwritten_by_a_file() -> None:
    typed = envelope(programme(), "500", code="axe-1")
    load = loaded(ENVELOPES + "cper;axe-1;FEDER;;;;400", "enveloppes")
    assert "rien n’est écrasé" in sentences(load)[0]
    typed.refresh_from_db()
    assert typed.amount == Decimal(500)
    same = loaded(ENVELOPES + "cper;axe-1;FEDER;;;;500", "enveloppes", source="autre")
    assert same.rejected == 0
    assert Envelope.objects.count() == 1


TRANCHES = "Programme;Axe;Fonds;Année d’engagement;Montant engagé;Préfinancement;Règle\n"


def test_a_tranche_takes_the_rule_of_its_year() -> None:
    programme()
    load = loaded(
        TRANCHES
        + "cper;;FEDER;2007;100;20;\ncper;axe-1;FEDER;2015;90;;\ncper;;FEDER;2027;10;;\ncper;;FEDER;2010;10;;n3-2014\n"
        + "cper;;FEDER;2005;1;;\ncper;;FEDER;2011;1;2;\ncper;;FEDER;2012;1;;inconnue\ncper;;FEDER;;1;;",
        "tranches",
    )
    assert [(row.year, row.rule.code, row.prefinancing) for row in Tranche.objects.order_by("year")] == [
        (2007, "n2-2007", Decimal(20)),
        (2010, "n3-2014", None),
        (2015, "n3-2014", None),
        (2027, "2029-2027", None),
    ]
    assert load.rejected == 4
    assert any("aucune règle de dégagement ne vaut" in sentence for sentence in sentences(load))


def test_where_two_rules_hold_the_file_must_name_one() -> None:
    programme()
    DeadlineRule.objects.create(code="n3-special", label="N+3", first_year=2007, last_year=2010, years=3, text="décision")
    load = loaded(TRANCHES + "cper;;;2007;100;;", "tranches")
    assert "plusieurs règles" in sentences(load)[0]


def test_deadline_rules_are_loaded_and_corrected() -> None:
    head = "Code;Règle;Première année;Dernière année;Années accordées;Texte\n"
    loaded(head + "n4;N+4;2030;2034;4;à venir\nwrong;Fausse;2030;2020;2;", "regles-degagement")
    assert (DeadlineRule.objects.get(code="n4").years, DeadlineRule.objects.filter(code="wrong").exists()) == (4, False)
    loaded(head + "n4;N+4;2030;;3;corrigée", "regles-degagement")
    rule = DeadlineRule.objects.get(code="n4")
    assert (rule.years, rule.last_year, rule.text) == (3, None, "corrigée")


PLAN = "Programme;Version;Nature;État;Date de décision;Élément;Financeur;Origine;Année;Montant\n"


def test_a_plan_and_its_versions_from_one_file() -> None:
    of = programme()
    load = loaded(
        PLAN
        + "cper;1;initiale;remplacée;01/12/2021;axe-2.1;ETAT;;2021;60\n"
        + "cper;1;initiale;remplacée;01/12/2021;axe-2.1;REGION;;;40\n"
        + "cper;2;avenant;en vigueur;01/06/2023;axe-2.1;ETAT;;2021;50\n"
        + "cper;2;avenant;en vigueur;01/06/2023;axe-2.2;;porteur;;25",
        "maquette",
    )
    assert counts(load) == "4 read, 4 added, 0 changed, 0 same, 0 closed, 0 rejected"
    one, two = PlanVersion.objects.order_by("number")
    assert (one.state, two.state, two.kind, plan(of).versions.count()) == ("replaced", "in_force", "amended", 2)
    assert amounts(one) == {"axe-2.1|État|2021": Decimal(60), "axe-2.1|Région|": Decimal(40)}
    assert sorted(PlanCell.objects.values_list("origin", flat=True)) == ["beneficiary", "region", "state", "state"]


def test_a_plan_file_that_contradicts_itself_or_what_stands() -> None:
    of = programme()
    version(of, "axe-1 | État | state | | 10", adopted=True)
    load = loaded(
        PLAN
        + "cper;1;;;;axe-1;ETAT;;;11\ncper;2;;en vigueur;01/06/2023;axe-1;ETAT;;;12\ncper;3;;en vigueur;;axe-1;ETAT;;;12\n"
        + "cper;4;;;;axe-1;ETAT;;;13\ncper;4;avenant;;;axe-2;ETAT;;;14\n"
        + "cper;4;;;;axe-2;ETAT;;;14,005\ncper;4;;;;axe-2;personne;;;1",
        "maquette",
    )
    said = sentences(load)
    assert len(said) == 6
    for words in (
        "saisie à l’écran",
        "déjà en vigueur",
        "date de sa décision",
        "n’ont pas toutes",
        "centime",
        "organisation connue",
    ):
        assert any(words in sentence for sentence in said)
    assert list(PlanVersion.objects.values_list("number", "state")) == [(1, "in_force"), (4, "proposed")]


def test_a_corrected_plan_file_corrects_its_own_version() -> None:
    programme()
    loaded(PLAN + "cper;1;;;;axe-1;ETAT;;;10\ncper;1;;;;axe-2;ETAT;;;5", "maquette")
    again = loaded(PLAN + "cper;1;;;;axe-1;ETAT;;;11", "maquette")
    assert counts(again) == "1 read, 0 added, 1 changed, 0 same, 1 closed, 0 rejected"
    assert amounts(PlanVersion.objects.get()) == {"axe-1|État|": Decimal(11)}


def test_another_systems_export_is_kept_apart() -> None:
    programme()
    load = loaded(
        "Programme;N° Synergie;Intitulé;Fonds;Montant programmé;Montant certifié;Montant payé;Service\n"
        "cper;001;Quai;FEDER;100,00;40;;x\ncper;002;Pont;FEDER;;;;x\ncper;003;Gare;FEDER;10,123;;;x\ncper;001;Quai;FEDER;100,00;40;;x",
        "systeme-gestion",
    )
    row = SystemRow.objects.get()
    assert (row.code, row.programmed_cents, row.certified_cents, row.paid_cents) == ("001", 10_000, 4_000, None)
    assert (row.fund, load.rejected) == (body("FEDER"), 2)
