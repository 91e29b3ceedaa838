"""The numbers of the five documents, as the demonstration gives them back: written here, nowhere in the product."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from beffroi.funding.models import Programme
from beffroi.provenance.queries import Moment
from beffroi.publishing.reports import progress
from beffroi.reference.models import Framework, Item

pytestmark = pytest.mark.usefixtures("demo")

LISTED = """
s3-hdf-2021-2027            | priority_area  | 7
s3-hdf-2021-2027            | specialisation | 8
s3-hdf-2021-2027            | transversal    | 5
po-feder-2021-2027-os1      | action_sheet   | 19
po-feder-2021-2027-os1      | priority       | 3
enabling-conditions-s3      | condition      | 7
prospective-industrie-hdf   | block          | 6
prospective-industrie-hdf   | variable       | 29
prospective-industrie-hdf   | micro_scenario | 66
poles-excellence-regionaux  | pole           | 14
poles-excellence-srde       | pole           | 11
das-sri                     | das            | 11
plde                        | local_plan     | 18
"""

# label | breakdown | done | aimed at
BEHIND = """
Créations d'entreprises artisanales par an     |  | 1943    | 5025
Dispositif local d'accompagnement              |  | 121     | 350
EPCI dans le dispositif BOUTIC                 |  | 32      | 43
Fonds régional d'aides aux projets innovants   |  | 2000000 | 4500000
"""
AHEAD = """
Projets du Fonds innovation               | etat : soutenus | 72    | 50
Entreprises créées                        |                 | 24085 | 15000
Accueils individuels de porteurs de projets |               | 30781 | 24000
Heures d'accompagnement à la création     |                 | 63467 | 56000
"""


def lines(text: str) -> list[list[str]]:
    return [[part.strip() for part in line.split("|")] for line in text.strip().splitlines()]


def content(code: str, as_of: date) -> dict[str, Any]:
    moment = Moment(as_of, timezone.now())
    return progress.content(Framework.objects.get(code=code), moment=moment, viewer=AnonymousUser())


@pytest.mark.parametrize(("framework", "level", "count"), lines(LISTED))
def test_each_framework_lists_what_the_documents_list(framework: str, level: str, count: str) -> None:
    assert Item.objects.of_framework(framework).at_level(level).count() == int(count)


def test_two_documents_that_name_the_same_specialisations_name_eight() -> None:
    assert Item.objects.filter(level="specialisation").count() == 8


def told(messages: list[dict[str, Any]]) -> set[tuple[str, str, Decimal, Decimal]]:
    return {
        (row["label"], row["breakdown"], Decimal(row["actual"]["value"]), Decimal(row["target"]["value"])) for row in messages
    }


@pytest.mark.parametrize(("group", "expected"), [("behind", BEHIND), ("ahead", AHEAD)])
def test_the_board_says_what_is_behind_and_what_is_ahead(group: str, expected: str) -> None:
    messages = content("srde", date(2010, 3, 31))["messages"]
    wanted = {(label, detail, Decimal(done), Decimal(aim)) for label, detail, done, aim in lines(expected)}
    assert wanted <= told(messages[group])


def test_seven_of_the_eight_challenges_announced_are_described() -> None:
    challenges = content("srde", date(2010, 3, 31))["challenges"]
    assert (challenges["announced"], len(challenges["described"])) == (8, 7)


def test_the_staff_that_follow_the_strategy_add_up_and_the_agency_is_confirmed_elsewhere() -> None:
    found = content("s3-hdf-2021-2027", date(2020, 12, 31))
    sums = {row["breakdown"]: row for section in found["sections"] for row in section["sums"]}
    cells = {entry["cell"]: entry for section in found["sections"] for entry in section["values"]}
    parts = sorted(Decimal(cells[cell]["figure"]["value"]) for cell in sums["part=total"]["cells"])
    assert parts == [Decimal("1"), Decimal("1.5"), Decimal("3"), Decimal("4.5")]
    assert Decimal(sums["part=total"]["figure"]["value"]) == 10
    assert Decimal(sums["part=hdfid"]["figure"]["value"]) == Decimal("6.5")
    assert sums["part=hdfid"]["agrees"] is True


def test_the_nine_commitments_of_the_contract_add_up_under_their_reservation() -> None:
    found = content("cper-hdf-2021-2027", date(2023, 1, 9))
    amounts = {entry["key"]: entry for section in found["sections"] for entry in section["amounts"]}
    totals = [row for section in found["sections"] for row in section["totals"] if len(row["lines"]) == 9]
    assert [Decimal(row["figure"]["value"]) for row in totals] == [Decimal(2_759_563_000)]
    by_funder = {amounts[key]["funder"]: Decimal(amounts[key]["figure"]["value"]) for key in totals[0]["lines"]}
    assert by_funder["État (préfet de la région Hauts-de-France)"] == Decimal(994_262_000)
    assert by_funder["Région Hauts-de-France (Conseil régional)"] == Decimal(995_212_000)
    caveat = "volet mobilités 2023-2027 à ajouter par avenant ; sous réserve des budgets annuels"
    assert Programme.objects.get(framework__code="cper-hdf-2021-2027").caveat == caveat
    assert [row["text"] for row in found["caveats"]] == [caveat]
