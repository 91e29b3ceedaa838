"""How much money: each line once, what is uncertain apart, and the same answer for every reader of a version."""

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation
from beffroi.funding.models import Line
from beffroi.funding.queries.consolidated import KEPT, ledger
from beffroi.funding.queries.money import money
from beffroi.funding.queries.questions import Question, UnaskedMoney, question_of
from beffroi.funding.queries.territories import UnknownTerritory, territory_called
from beffroi.provenance.queries import Moment
from beffroi.reference.models import Framework, Item, Version
from tests.accounts.factories import partner, person
from tests.web.factories import loaded

pytestmark = pytest.mark.django_db
GENERIC = "subventions-generiques"
HEAD = "identifiant,intitule,beneficiaire,siret,financeur,montant,date,stade,programme,axe,region,departement,code departement"


def listed(*rows: str, source: str = "document", as_of: date | None = None) -> None:
    """Each row: number, title, beneficiary, siret, funder, amount, date, stage, programme, item, region, department, code."""
    loaded("\n".join([HEAD, *rows]), GENERIC, source=source, as_of=as_of)


def answer(viewer: AnyUser | None = None, **asked: Any) -> dict[Any, tuple[int, int]]:
    """Each group by its first key: certain and at most, in cents."""
    question = Question(**asked)
    found = money(question, viewer=viewer or AnonymousUser(), moment=now())
    key = question.by[0] if question.by else "stage"
    return {row[key]: (row["certain"], row["at_most"]) for row in found.rows}


def now() -> Moment:
    return Moment(timezone.localdate(), timezone.now())


THREE = (
    "A1,Halle,Ville,200078004,Région,100,2020-03-01,voté,Aides,Commerce,Hauts-de-France,Nord,59",
    "A2,Gare,Ville,200078004,État,50,2021-04-01,voté,Aides,Mobilité,Hauts-de-France,Somme,80",
    "A3,Pont,Ville,200078004,État,7,2021-04-01,payé,Aides,Mobilité,,,",
)


def test_any_key_groups_and_stages_never_mix() -> None:
    listed(*THREE)
    assert answer(by=["fund"], stage="voted") == {"Région": (10000, 10000), "État": (5000, 5000)}
    assert answer(by=["stage"]) == {"voted": (15000, 15000), "paid": (700, 700)}
    assert answer(by=["year"], stage="voted") == {"2020": (10000, 10000), "2021": (5000, 5000)}
    assert answer(by=["item"], stage="paid") == {"Mobilité": (700, 700)}


def test_rivals_are_certain_by_the_lowest_and_at_most_by_the_highest() -> None:
    listed(THREE[0], source="payer")
    listed(THREE[0].replace(",100,", ",130,"), source="receiver")
    assert answer(by=["fund"], stage="voted") == {"Région": (10000, 13000)}


def test_a_choice_keeps_the_lines_that_have_it() -> None:
    listed(*THREE)
    state = str(Organisation.objects.get(name="État").pk)
    city = str(Organisation.objects.get(siren="200078004").pk)
    assert answer(by=["stage"], where={"fund": state}) == {"voted": (5000, 5000), "paid": (700, 700)}
    assert answer(by=["fund"], where={"organisation": city}, stage="voted") == {"Région": (10000, 10000), "État": (5000, 5000)}
    assert answer(by=["stage"], where={"organisation": state}) == {"voted": (5000, 5000), "paid": (700, 700)}
    assert answer(by=["stage"], where={"territory": "", "written_territory": "80"}) == {}
    assert answer(by=["stage"], where={"written_territory": "80"}) == {"voted": (5000, 5000)}
    assert answer(by=["stage"], where={"territory": ""}) == {"paid": (700, 700)}


def test_public_money_is_that_of_public_bodies() -> None:
    head = "identifiant,montant ue,montant prive,montant region"
    loaded(f"{head}\nB1,10,20,30", GENERIC)
    assert answer(by=["stage"], where={"origin": "public"}) == {"unstated": (4000, 4000)}
    assert answer(by=["origin"]) == {"eu": (1000, 1000), "private": (2000, 2000), "region": (3000, 3000)}


def test_a_territory_says_what_is_regional_and_what_has_no_place_beside_it() -> None:
    listed(*THREE)
    found = money(Question(by=["fund"], territory="DEP-59"), viewer=AnonymousUser(), moment=now())
    assert [(row["fund"], row["place_basis"], row["certain"]) for row in found.rows] == [("Région", "unstated", 10000)]
    assert {name: groups["certain"].to_list() for name, groups in found.elsewhere.items()} == {
        "regional": [],
        "unplaced": [700],
    }


def test_a_period_leaves_what_has_no_date_and_says_how_many() -> None:
    listed(*THREE, "A4,Sans date,Ville,200078004,État,3,,voté,Aides,,,,")
    period = (date(2021, 1, 1), date(2021, 12, 31))
    found = money(Question(by=["stage"], period=period), viewer=AnonymousUser(), moment=now())
    assert ({row["stage"]: row["certain"] for row in found.rows}, found.undated) == ({"voted": 5000, "paid": 700}, 1)


def test_totals_have_two_versions_the_publics_and_the_partners() -> None:
    listed(*THREE)
    Line.objects.filter(operation__code="A1").update(visibility=Visibility.PARTNERS)
    Line.objects.filter(operation__code="A2").update(visibility=Visibility.OWNER, owner=partner("lille"))
    assert answer(by=["stage"]) == {"paid": (700, 700)}
    assert answer(person(at="lille"), by=["stage"]) == {"paid": (700, 700), "voted": (10000, 10000)}, "not even one’s own rows"


def kept(suffix: str = ".arrow") -> list[Path]:
    return sorted(folder().glob(f"*{suffix}"), key=lambda path: path.stat().st_mtime)


def folder() -> Path:
    found: Path = settings.DATA / "staging" / "totals"
    return found


def grow_old(hours: int) -> None:
    """All that is kept was last read so many hours ago, in the same order."""
    for path in folder().iterdir():
        then = path.stat().st_mtime - hours * 3600
        os.utime(path, (then, then))


def test_what_is_kept_is_made_again_when_facts_change_and_old_files_go() -> None:
    for number in range(KEPT + 3):
        listed(f"C{number},Titre,Ville,200078004,Région,1,2020-03-01,voté,Aides,,,,", source=f"s{number}")
        assert answer(by=["stage"]) == {"voted": (100 * (number + 1), 100 * (number + 1))}
        grow_old(1)
    listed("D,Titre,Ville,200078004,Région,1,2020-03-01,voté,Aides,,,,", source="last")
    answer(by=["stage"])
    assert len(kept()) == len(kept(".funds")) == KEPT
    assert ledger(AnonymousUser(), now()).funds.height == 0


def test_what_is_read_stays_and_what_a_stopped_writer_left_goes() -> None:
    """The oldest file is read each time: it is the last to go. One that was just written never goes."""
    listed(THREE[0])
    past = Moment(date(2021, 1, 1), timezone.now())
    ledger(AnonymousUser(), past)
    (read,) = kept()
    (folder() / "public-x.arrow.123-456").write_text("half")
    for number in range(KEPT + 2):
        grow_old(1)
        ledger(AnonymousUser(), Moment(date(2022, 1, 1 + number), timezone.now()))
        ledger(AnonymousUser(), past)
    assert read in kept()
    assert len(kept()) == len(kept(".funds")) == KEPT
    assert not list(folder().glob("*-456"))
    for number in range(KEPT + 1):
        ledger(AnonymousUser(), Moment(date(2023, 1, 1 + number), timezone.now()))
    assert len(kept()) > KEPT, "all were written in the last minutes: somebody may be reading them"


def test_totals_without_their_funds_are_made_again() -> None:
    listed(THREE[0])
    ledger(AnonymousUser(), now())
    kept(".funds")[0].unlink()
    assert ledger(AnonymousUser(), now()).funds.height == 0
    assert len(kept(".funds")) == 1


def test_an_earlier_date_has_its_own_totals() -> None:
    listed(THREE[0], as_of=date(2020, 6, 1))
    found = money(Question(by=["stage"]), viewer=AnonymousUser(), moment=Moment(date(2020, 1, 1), timezone.now()))
    assert found.rows == []
    assert answer(by=["stage"]) == {"voted": (10000, 10000)}


def test_questions_that_make_no_sense_are_refused_in_a_sentence() -> None:
    for asked in (
        {"by": ["colour"]},
        {"where": {"colour": "red"}},
        {"measure": "eligible_cost", "stage": "voted"},
        {"measure": "total_cost", "by": ["fund"]},
    ):
        with pytest.raises(UnaskedMoney):
            Question(**asked)  # type: ignore[arg-type]
    with pytest.raises(UnaskedMoney, match="numéro"):
        answer(by=["stage"], where={"fund": "Région"})
    with pytest.raises(UnaskedMoney, match="cadre:code"):
        answer(by=["stage"], item="nulle:part")


def test_a_question_is_read_back_from_its_address() -> None:
    asked = Question(
        stage="voted",
        territory="geo-departements:59",
        period=(date(2020, 1, 1), date(2021, 12, 31)),
        where={"fund": "", "item": "12", "instrument": "grant"},
    )
    assert question_of(asked.address) == asked
    assert question_of("") == Question()


def test_a_territory_is_called_by_its_name_or_its_code() -> None:
    viewer = AnonymousUser()
    named = (
        "geo-communes 59350 Lille",
        "geo-communes 60054 Val",
        "lieux-cites val Val",
        "autres x Flandre",
        "encore y Flandre",
    )
    for framework, code, name in map(str.split, named):
        kept, _ = Framework.objects.get_or_create(code=framework, defaults={"label": framework, "kind": "geography"})
        version, _ = Version.objects.get_or_create(framework=kept, code="2024")
        Item.objects.create(version=version, code=code, label=name, level="commune", sort_key=name.lower())
    assert territory_called(" lille ", viewer=viewer) == "geo-communes:59350"
    assert territory_called("Val", viewer=viewer) == "geo-communes:60054", "an official code before a name in a document"
    assert territory_called("DEP-59", viewer=viewer) == "DEP-59"
    assert territory_called("Hauts-de-France", viewer=viewer) == "Hauts-de-France"
    for asked, said in (("Flandre", "plusieurs territoires"), ("Atlantide", "aucun territoire connu")):
        with pytest.raises(UnknownTerritory, match=said):
            territory_called(asked, viewer=viewer)
