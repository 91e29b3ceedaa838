"""Totals that a list prints: kept beside the sum of their lines, never added to them."""

from decimal import Decimal

import pytest

from beffroi.analytics.checks import list_total_against_rows
from beffroi.connectors.profile import WrongProfile, load_profile
from beffroi.funding.models import Line, LineClaim, Operation, SumClaim
from beffroi.provenance.models import Load, Profile
from beffroi.web.checks.tables import Facts, printed
from tests.web.factories import counts, loaded

pytestmark = pytest.mark.django_db
GENERIC = "subventions-generiques"
HEAD = "intitule,beneficiaire,programme,montant"
HALLE, GARE, PORT = "Halle,Ville,P1,60", "Gare,Ville,P1,40", "Port,Port,P2,10"


def listed(*rows: str, profile: str = GENERIC, head: str = HEAD) -> Load:
    return loaded("\n".join([head, *rows]), profile, as_of=None)


def said() -> list[tuple[str, int, int, int]]:
    """label, printed, sum of the lines, how many lines."""
    found = printed(Facts()).sort("label").iter_rows(named=True)
    return [(row["label"], row["cents"], row["listed"], row["lines"]) for row in found]


def money() -> Decimal:
    return Decimal(sum(LineClaim.objects.filter(recorded_to=None).values_list("cents", flat=True))) / 100


def test_a_total_is_kept_and_never_added_and_a_company_named_total_is() -> None:
    load = listed("Forage,TOTAL,P1,40", "Halle,Ville,P1,60", "TOTAL,,,100")
    assert (load.added, load.rejected, money(), Operation.objects.count()) == (3, 0, Decimal(100), 2)
    assert said() == [("TOTAL", 10000, 10000, 2)]
    text = "Total imprimé « TOTAL » (montant) : 100\u00a0€ ; somme des 2 lignes de la liste : 100\u00a0€ ; aucun écart."
    assert load.message == f"1 ligne (4) : {text}"


def test_a_total_that_its_lines_do_not_make_is_an_anomaly() -> None:
    load = listed(HALLE, GARE, "Total général,,,101.5")
    assert "écart : −1,5\u00a0€." in load.message
    assert list_total_against_rows(printed(Facts())).select("written", "expected", "difference").rows() == [
        ("total imprimé : 101,5\u00a0€", "somme des 2 lignes de la liste : 100\u00a0€", "−1,5\u00a0€")
    ]


def test_subtotals_speak_of_the_lines_above_them_and_named_ones_of_their_group() -> None:
    listed(HALLE, GARE, "Sous-total,,,100", PORT, "Sous-total,,,10", "Total P1,,,100", ",,P2,10", "Total,,,110")
    assert said() == [
        ("Sous-total", 10000, 10000, 2),
        ("Sous-total", 1000, 1000, 1),
        ("Total", 11000, 12000, 4),  # the row without a name is a line
        ("Total P1", 10000, 10000, 2),
    ]


def test_a_total_beside_the_name_of_its_programme_is_that_of_the_programme() -> None:
    listed(HALLE, GARE, PORT, ",Total,P2,10")
    assert said() == [("Total", 1000, 1000, 1)]


def test_the_same_file_again_keeps_one_total_and_a_corrected_one_replaces_it() -> None:
    listed(HALLE, GARE, "Total,,,101")
    assert counts(listed(HALLE, GARE, "Total,,,101")) == "3 read, 0 added, 0 changed, 3 same, 0 closed, 0 rejected"
    load = listed(HALLE, GARE, "Total,,,100")
    assert (load.added, load.closed, said(), money()) == (1, 1, [("Total", 10000, 10000, 2)], Decimal(100))
    assert SumClaim.objects.filter(recorded_to=None).count() == 1


def test_a_total_may_leave_empty_what_is_required_of_a_line() -> None:
    head = "numero_dossier_ds,nom_du_projet,siren,montant_engage"
    load = listed('A1,Halle,,"1 000,50 €"', 'Total,,,"1 000,50 €"', profile="fonds-vert-2023", head=head)
    assert (load.read, load.added, load.rejected, Line.objects.count()) == (2, 2, 0, 1)
    assert said() == [("Total", 100050, 100050, 1)]


def test_rejected_lines_are_said_beside_the_gap() -> None:
    load = listed(HALLE, "Gare,Ville,P1,quarante", "Total,,,100")
    assert (load.rejected, "1 ligne rejetée de ce fichier" in load.message) == (1, True)


def test_a_total_without_amount_is_refused_with_a_sentence() -> None:
    load = listed(HALLE, "Total,,,")
    assert [row.sentence for row in load.rejections.all()] == [
        "C’est une ligne de total sans aucun montant : elle ne contrôle rien."
    ]


def test_a_control_total_of_a_column_of_texts_makes_no_profile() -> None:
    with pytest.raises(WrongProfile, match="title"):
        load_profile(
            {"code": "a", "label": "A", "target": "grants", "columns": [{"name": "t", "to": "title"}],
             "control_totals": [{"field": "title", "total": "1"}]}
        )  # fmt: skip


def test_a_total_of_two_currencies_must_say_which() -> None:
    head = "intitule,montant,devise"
    load = listed("A,10,EUR", "B,20,HRK", "Total,30,", "Sous-total,10,EUR", head=head)
    assert [row.sentence for row in load.rejections.all()] == [
        "Ce total ne dit pas sa monnaie, et ses lignes en ont plusieurs : il ne contrôle rien."
    ]
    assert said() == [("Sous-total", 1000, 1000, 1)]


SCDL = "nomAttribuant,dateConvention,referenceDecision,nomBeneficiaire,objet,montant,pourcentageSubvention"


@pytest.mark.parametrize("total", ["100", "200"])
def test_a_total_of_repeated_amounts_may_count_each_decision_or_each_row(total: str) -> None:
    rows = ["R,2020-01-01,D1,Club A,Salon,100,0.5", "R,2020-01-01,D1,Club B,Salon,100,0.5"]
    listed(*rows, f"Total,,,,,{total},", profile="scdl-subventions", head=SCDL)
    assert [(row[1], row[2]) for row in said()] == [(int(total) * 100, int(total) * 100)]


def test_a_total_declared_in_the_profile_is_checked() -> None:
    listed(HALLE)
    control = [{"field": "amount", "total": "120", "said_by": "bilan 2020, page 3"}]
    own = {**Profile.objects.get(code=GENERIC).definition, "code": "own", "control_totals": control}
    assert load_profile(own).control_totals[0].total == Decimal(120)
    Profile.objects.create(code="own", label="Le nôtre", target="grants", definition=own)
    load = listed(HALLE, GARE, profile="own")
    assert "Total déclaré « bilan 2020, page 3 » (montant) : 120\u00a0€" in load.message
    assert said() == [("bilan 2020, page 3", 12000, 10000, 2)]


def test_many_totals_are_counted_in_one_sentence_and_the_wrong_ones_come_first() -> None:
    rows = [row for number in range(8) for row in (f"A{number},Ville,P1,{number + 1}", f"Sous-total,,,{number + 1}")]
    load = listed(*rows, "Total,,,99")
    assert load.message.splitlines()[0].startswith("1 ligne (18) : Total imprimé « Total » (montant) : 99")
    assert "5 lignes" in load.message and "dont 0 en écart" in load.message


def test_amounts_without_any_name_are_a_total_when_they_are_the_sum_else_they_are_refused() -> None:
    head = "intitule,beneficiaire,montant"
    load = listed("Halle,Ville,60", "Gare,Ville,40", ",,100", ",,33", head=head)
    assert (money(), said()) == (Decimal(100), [("sans intitulé", 10000, 10000, 2)])
    assert [row.sentence for row in load.rejections.all()] == [
        "La ligne n’a que des montants, et ils ne sont pas la somme des autres : on ne sait pas de quoi elle parle."
    ]
