"""Published lists: one row is one operation with its funders; the same rows again, from one file or two, change nothing."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from beffroi.actors.models import Organisation
from beffroi.funding.models import Line, LineClaim, Operation, SumClaim, SumSettlement
from beffroi.funding.queries.costs import costs_of
from beffroi.funding.queries.money import Question, money
from beffroi.provenance.actions import settle_claims
from beffroi.provenance.enums import Extent
from beffroi.provenance.models import Load
from beffroi.provenance.queries import Moment
from tests.accounts.factories import administrator
from tests.web.factories import counts, loaded

pytestmark = pytest.mark.django_db
GENERIC = "subventions-generiques"


def claimed() -> Decimal:
    """What current claims say, one for each line: that of the last file."""
    rows = LineClaim.objects.filter(recorded_to__isnull=True).order_by("line_id", "load_id").values_list("line_id", "cents")
    return Decimal(sum(cents or 0 for cents in dict(rows).values())) / 100


def listed(text: str, *, source: str = "document", extent: Extent = Extent.FULL, as_of: date | None = None) -> Load:
    return loaded(text, GENERIC, source=source, as_of=as_of, extent=extent)


TWO = "identifiant,intitule,beneficiaire,siret,financeur,montant,date\nA1,Halle,Ville,200078004,Région,100.10,2020-03-01\n"
TWO += "A2,Gare,Ville,200078004,Région,50,2020-04-01"


def test_the_same_file_again_changes_nothing() -> None:
    assert counts(listed(TWO)) == "2 read, 2 added, 0 changed, 0 same, 0 closed, 0 rejected"
    assert counts(listed(TWO)) == "2 read, 0 added, 0 changed, 2 same, 0 closed, 0 rejected"
    assert (claimed(), Line.objects.count(), Operation.objects.count()) == (Decimal("150.10"), 2, 2)


def test_the_files_of_payer_and_receiver_make_one_line_with_two_claims() -> None:
    listed(TWO, source="payer")
    listed(TWO.replace("Halle", "La halle couverte"), source="receiver")
    assert (LineClaim.objects.count(), Line.objects.count(), claimed()) == (4, 2, Decimal("150.10"))


def test_two_rows_of_one_number_are_two_operations_in_any_order() -> None:
    rows = ["A1,Halle,Ville,200078004,Région,100,2020-03-01", "A1,Halle,Ville,200078004,Région,70,2020-03-01"]
    head = TWO.splitlines()[0]
    listed("\n".join([head, *rows]), source="payer")
    listed("\n".join([head, *reversed(rows)]), source="receiver")
    assert (Line.objects.count(), claimed()) == (2, Decimal(170))
    load = listed("\n".join([head, *rows, rows[0].replace("100", "50")]), source="payer")
    assert (load.added, claimed(), Line.objects.count()) == (1, Decimal(220), 3)


def test_texts_alone_never_make_two_rows_one() -> None:
    head = "intitule,beneficiaire,financeur,montant"
    load = listed(f"{head}\nFestival,Amis du lac,Ville,500\nFestival,Amis du lac,Ville,500")
    assert (load.added, Operation.objects.count(), claimed()) == (2, 2, Decimal(1000))
    listed(f"{head}\nFestival,Amis du lac,Ville,500", source="elsewhere")
    assert Line.objects.count() == 3


def test_a_wrong_number_is_kept_as_written_said_and_its_money_counts() -> None:
    load = listed("identifiant,beneficiaire,siret,montant\nA1,Ville,21860194600000,10\nA2,Ville,8.0E+13,20")
    assert (load.added, load.rejected, claimed()) == (2, 0, Decimal(30))
    assert load.message.startswith("2 lignes (2, 3) : L’identifiant du bénéficiaire n’est ni un SIREN ni un SIRET")
    assert set(Operation.objects.values_list("written_identifier", flat=True)) == {"21860194600000", "8.0E+13"}
    assert not Organisation.objects.exclude(siren=None).exists()


def test_a_siret_and_its_siren_are_one_organisation() -> None:
    listed("identifiant,beneficiaire,siret,montant\nA1,La Poste,35600000000048,10\nA2,LA POSTE,356000000,20")
    assert list(Organisation.objects.values_list("siren", "name")) == [("356000000", "La Poste")]


def test_each_funder_has_its_line_and_costs_are_nobodys_money() -> None:
    listed("identifiant,montant ue,montant etat,autofinancement,cout eligible,cout total\nA1,40,30,20,90,100")
    assert dict(Line.objects.values_list("origin", "claims__cents")) == {"eu": 4000, "state": 3000, "beneficiary": 2000}
    assert dict(SumClaim.objects.values_list("sum__kind", "cents")) == {"eligible_cost": 9000, "total_cost": 10000}


COSTS = "identifiant,intitule,cout eligible\nA1,Halle,{}\nA2,Gare,50"


def eligible(day: date = date(2026, 1, 1)) -> list[tuple[int, int, int, int, int]]:
    """operations, unknown, rivals, certain, at most: cents."""
    answer = money(Question(measure="eligible_cost"), viewer=AnonymousUser(), moment=Moment(day, timezone.now()))
    return [tuple(row[name] for name in ("operations", "unknown", "rivals", "certain", "at_most")) for row in answer.rows]  # type: ignore[misc]


def test_two_sources_that_disagree_on_a_cost_face_each_other() -> None:
    listed(COSTS.format(100), source="payer")
    listed(COSTS.format(120), source="receiver")
    assert eligible() == [(2, 0, 1, 15000, 17000)]
    costs = costs_of(
        Operation.objects.values_list("pk", flat=True), viewer=AnonymousUser(), moment=Moment(date(2026, 1, 1), timezone.now())
    )
    assert sorted(
        (str(cost.low), str(cost.high), cost.value) for kinds in costs.values() for cost in kinds["eligible_cost"]
    ) == [
        ("100", "120", None),
        ("50", "50", Decimal(50)),
    ]


def test_a_settled_cost_stands_alone() -> None:
    user = administrator()
    listed(COSTS.format(100), source="payer")
    listed(COSTS.format(120), source="receiver")
    settle_claims(
        SumClaim.objects.get(cents=12000),
        settlements=SumSettlement,
        link="sum",
        reason="Acte signé",
        by=user,
        at=timezone.now(),
    )
    assert eligible() == [(2, 0, 0, 17000, 17000)]


def test_a_later_list_of_one_source_revises_its_costs_from_its_date_on() -> None:
    listed(COSTS.format(100), as_of=date(2020, 1, 1))
    listed(COSTS.format(120), as_of=date(2021, 1, 1))
    assert (eligible(date(2020, 6, 1)), eligible()) == ([(2, 0, 0, 15000, 15000)], [(2, 0, 0, 17000, 17000)])


def test_the_sheet_of_an_operation_shows_the_rivals_of_its_cost(client: Client) -> None:
    listed(COSTS.format(100), source="payer")
    listed(COSTS.format(120), source="receiver")
    page = client.get(Operation.objects.get(title="Halle").get_absolute_url()).content.decode()
    assert "coût éligible" in page
    assert "100" in page and "120" in page


def test_two_currencies_are_two_lines() -> None:
    listed('identifiant,montant\nA1,"1.000,50 kn"\nA1,"2.000,00 €"')
    assert list(Line.objects.order_by("currency").values_list("currency", "claims__cents")) == [
        ("EUR", 200000),
        ("HRK", 100050),
    ]


SCDL = "nomAttribuant,idAttribuant,dateConvention,referenceDecision,nomBeneficiaire,idBeneficiaire,objet,montant,nature,"
SCDL += "pourcentageSubvention"
SHARED = "Région,,2020-01-01,D1,{},,Salon commun,100.01,aide en numéraire,{}"


def shared(*parts: str) -> Load:
    rows = [SHARED.format(f"Club {nth}", part) for nth, part in enumerate(parts)]
    return loaded("\n".join([SCDL, *rows]), "scdl-subventions", as_of=None)


def test_an_amount_repeated_for_several_beneficiaries_is_shared_to_the_cent() -> None:
    shared("0.5", "0.25", "0.25")
    assert list(LineClaim.objects.order_by("cents").values_list("cents", flat=True)) == [2500, 2500, 5001]


def test_a_repeated_amount_without_shares_is_at_most_only() -> None:
    load = shared("", "")
    assert list(LineClaim.objects.values_list("cents", "low_cents", "high_cents")) == [(None, 0, 10001)] * 2
    assert "leur part" in load.message


def test_a_percentage_that_is_no_share_is_refused_with_a_sentence() -> None:
    load = shared("45")
    said = "« pourcentageSubvention » vaut 45 ; attendu au moins 0 et au plus 1. Si la colonne est en pour cent, dites-le"
    assert [row.sentence.startswith(said) for row in load.rejections.all()] == [True]


def test_places_get_back_the_zeros_that_a_spreadsheet_drops() -> None:
    listed("identifiant,code commune,commune,code departement,code postal,montant\nA1,1004,Ambérieu,1,1500,5")
    assert list(Operation.objects.values_list("commune_code", "department_code", "postcode", "written_place")) == [
        ("01004", "01", "01500", "1004, Ambérieu, 1500, 1")
    ]


def test_a_row_without_amount_is_kept_and_said() -> None:
    load = listed("identifiant,intitule,montant\nA1,Halle,")
    assert (load.added, Line.objects.count(), Operation.objects.count()) == (1, 0, 1)
    assert "aucun montant" in load.message


def test_a_row_that_leaves_a_full_file_is_closed() -> None:
    listed(TWO)
    load = listed("\n".join(TWO.splitlines()[:2]))
    assert (load.closed, claimed()) == (1, Decimal("100.10"))


def test_an_end_before_the_start_is_said_and_kept_as_written() -> None:
    load = listed("identifiant,montant,debut,fin\nA1,5,2020-05-01,2019-01-01")
    assert list(Operation.objects.values_list("start", "end", "written_period")) == [(None, None, "2020-05-01 – 2019-01-01")]
    assert "précède" in load.message
    assert LineClaim.objects.aggregate(total=Sum("cents"))["total"] == 500


PERSON = "identifiant,intitule,beneficiaire,type de beneficiaire,financeur,montant\n"
PERSON += "A1,Atelier,Anne Martin,personne physique,Ville,10"


def test_a_natural_person_is_named_on_no_public_page_nor_file(client: Client) -> None:
    listed(PERSON)
    person = Organisation.objects.get(name="Anne Martin")
    operation = Operation.objects.get()
    files = [f"/jeux-de-donnees/{name}.csv" for name in ("lines", "operations", "organisations")]
    pages = [operation.get_absolute_url(), "/financements/montants", "/search?q=martin", "/acteurs/?q=martin"]
    for address in (*pages, *files, "/financements/montants?format=csv"):
        answer = client.get(address)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert answer.status_code == 200 and "Anne" not in text.decode(), address
    assert client.get(person.get_absolute_url()).status_code == 404
    lines = b"".join(client.get("/jeux-de-donnees/lines.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "personne physique ou unité non diffusée" in lines and ",10" in lines


def test_partners_read_who_receives(client: Client) -> None:
    listed(PERSON)
    client.force_login(administrator())
    assert "Anne Martin" in client.get(Operation.objects.get().get_absolute_url()).content.decode()
