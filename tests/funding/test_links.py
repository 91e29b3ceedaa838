"""Two lines that could be the same money: what a rule joins, what a person decides, and what totals make of it."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from beffroi.accounts.enums import Visibility
from beffroi.core.refusals import Refused
from beffroi.funding import actions
from beffroi.funding.enums import LinkState
from beffroi.funding.models import Line, LineLink
from beffroi.funding.queries.consolidated import consolidated
from beffroi.funding.queries.links import links_frame
from beffroi.provenance.queries import Moment
from tests.accounts.factories import person
from tests.actors.factories import settler
from tests.web.factories import loaded

pytestmark = pytest.mark.django_db
GENERIC = "subventions-generiques"
HEAD = "identifiant,intitule,beneficiaire,siret,financeur,montant,date,programme"
EARLY = datetime(2026, 3, 1, tzinfo=UTC)
LATE = datetime(2026, 9, 1, tzinfo=UTC)


def listed(*rows: str, source: str) -> list[Line]:
    """The lines of a list. Each row: number, title, beneficiary, siret, funder, amount, date, programme."""
    known = set(Line.objects.values_list("pk", flat=True))
    loaded("\n".join([HEAD, *rows]), GENERIC, source=source, as_of=None)
    return list(Line.objects.exclude(pk__in=known).order_by("pk"))


def moment(known_on: datetime | None = None) -> Moment:
    return Moment(timezone.localdate(), known_on or timezone.now())


def link(
    one: Line, other: Line, state: str = "proposed", *, since: datetime = EARLY, until: datetime | None = None
) -> LineLink:
    first, last = sorted((one, other), key=lambda line: line.pk)
    return LineLink.objects.create(
        one=first, other=last, state=state, rule="même montant", recorded_from=since, recorded_to=until
    )


def two_lines() -> list[Line]:
    """What a payer and a receiver tell of one grant, under numbers of their own."""
    payer = listed("A1,Halle,Ville,200078004,Région,100,2020-03-01,Contrat", source="payer")
    return payer + listed("R-7,La halle,Ville,200078004,Région,100,2020-03-01,Contrat", source="receiver")


def test_links_are_read_as_they_were_known() -> None:
    one, other = two_lines()
    LineLink.objects.all().delete()
    link(one, other, since=EARLY, until=LATE)
    link(one, other, "accepted", since=LATE)
    rows = [(one.pk, other.pk)]
    assert links_frame(person(), moment()).rows() == [(*rows[0], "accepted")]
    assert links_frame(person("b@lille.example"), moment(datetime(2026, 5, 1, tzinfo=UTC))).rows() == [(*rows[0], "proposed")]
    assert links_frame(person("c@lille.example"), moment(datetime(2026, 1, 1, tzinfo=UTC))).is_empty()


def test_a_link_shows_only_to_who_sees_both_lines() -> None:
    one, other = two_lines()
    LineLink.objects.all().delete()
    link(one, other)
    Line.objects.filter(pk=other.pk).update(visibility=Visibility.OWNER)
    assert links_frame(person(), moment()).is_empty()


def test_two_lines_have_one_link_at_a_time_decided_by_somebody() -> None:
    one, other = two_lines()
    LineLink.objects.all().delete()
    link(one, other)
    with pytest.raises(IntegrityError, match=r"(?i)line_?link"):
        link(one, other)


def shown_links() -> list[tuple[str, str, str]]:
    """one, other, state: by the titles of the operations of current links."""
    rows = LineLink.objects.current().order_by("one_id", "other_id")
    return list(rows.values_list("one__operation__title", "other__operation__title", "state"))


def total() -> tuple[int, int]:
    """certain and at most, in euros, of all lines that anybody may see."""
    found = consolidated(AnonymousUser(), moment())
    return int(found.lines["certain"].sum()) // 100, int(found.lines["at_most"].sum()) // 100


FUNDED = "identifiant,intitule,beneficiaire,siret,financeur,siret du financeur,montant,date,programme"


def told(*rows: str, source: str) -> None:
    """Each row: number, title, beneficiary, siret, funder, its siren, amount, date, programme."""
    load = loaded("\n".join([FUNDED, *rows]), GENERIC, source=source, as_of=None)
    actions.propose_line_links(load)


def test_the_files_of_payer_and_receiver_change_no_total_by_a_cent() -> None:
    told("A1,Halle,Ville,200078004,Région,200053742,100,2020-03-01,Contrat", source="payer")
    told("A2,Gare,Ville,200078004,Région,200053742,50,2020-04-01,Contrat", source="payer2")
    before = total()
    told(
        "R7,La halle couverte,Ville,200078004,HDF,200053742,100,2020-03-01,Contrat",
        "R8,La gare,Ville,200078004,HDF,200053742,50,2020-04-01,Contrat",
        source="receiver",
    )
    assert shown_links() == [("Halle", "La halle couverte", "accepted"), ("Gare", "La gare", "accepted")]
    assert total() == before == (150, 150)


@pytest.mark.parametrize(
    ("one", "other", "state"),
    [
        ("Contrat", "Contrat", "accepted"),
        ("Contrat", "", "accepted"),
        ("Contrat", "Programme non précisé", "accepted"),
        ("Non renseigné", "NC", "accepted"),
        ("Contrat", "Plan de relance", "proposed"),
    ],
)
def test_a_programme_that_a_list_does_not_name_keeps_nothing_apart(one: str, other: str, state: str) -> None:
    told(f"A1,Halle,Ville,200078004,Région,200053742,100,2020-03-01,{one}", source="payer")
    told(f"R7,La halle,Ville,200078004,HDF,200053742,100,2020-03-01,{other}", source="receiver")
    assert [said for *_, said in shown_links()] == [state]


def test_three_equal_payments_of_one_list_are_three_of_the_other() -> None:
    told(*(f"A{n},Acompte,Ville,200078004,Région,200053742,10,2020-03-01,Contrat" for n in range(3)), source="payer")
    told(*(f"R{n},Versement,Ville,200078004,Région,200053742,10,2020-03-01,Contrat" for n in range(3)), source="receiver")
    assert [state for *_, state in shown_links()] == ["accepted"] * 3
    assert total() == (30, 30)


def test_what_is_not_exact_waits_for_a_person() -> None:
    told("A1,Réhabilitation de la halle,Ville,200078004,Région,200053742,100,2020-03-01,Contrat", source="payer")
    told("R7,Réhabilitation de la halle,Ville,200078004,Région,200053742,100,2020-05-01,Contrat", source="receiver")
    told("R9,Festival,Ville,200078004,Département,225900018,100,2020-03-01,Contrat", source="other")
    assert [state for *_, state in shown_links()] == ["proposed"]
    assert total() == (200, 300)
    link = LineLink.objects.get()
    assert "Dates à 61 jours l’une de l’autre." in link.cons
    assert "Même montant, au centime près." in link.pros


def test_a_person_accepts_and_undoes_and_a_rule_does_not_come_back() -> None:
    told("A1,La halle,Ville,200078004,Région,200053742,100,2020-03-01,Contrat", source="payer")
    told("R7,La halle,Ville,200078004,Région,200053742,100,2020-05-01,Contrat", source="receiver")
    who = settler()
    actions.settle_line_links(list(LineLink.objects.current()), state=LinkState.ACCEPTED, reason="Même dossier.", by=who)
    assert total() == (100, 100)
    actions.settle_line_links(list(LineLink.objects.current()), state=LinkState.PROPOSED, reason="À revoir.", by=who)
    actions.settle_line_links(list(LineLink.objects.current()), state=LinkState.REFUSED, reason="Deux phases.", by=who)
    assert actions.propose_line_links() == 0
    assert total() == (200, 200)
    history = LineLink.objects.order_by("pk").values_list("state", "reason", "by__name")
    name = who.name
    assert list(history) == [
        ("proposed", "", None),
        ("accepted", "Même dossier.", name),
        ("proposed", "À revoir.", name),
        ("refused", "Deux phases.", name),
    ]


def test_a_decision_needs_a_reason_and_a_state_from_which_it_may_be_taken() -> None:
    told("A1,La halle,Ville,200078004,Région,200053742,100,2020-03-01,Contrat", source="payer")
    told("R7,La halle,Ville,200078004,Région,200053742,100,2020-05-01,Contrat", source="receiver")
    found, who = list(LineLink.objects.current()), settler()
    with pytest.raises(Refused, match="pourquoi"):
        actions.settle_line_links(found, state=LinkState.ACCEPTED, reason=" ", by=who)
    with pytest.raises(Refused, match="Cochez"):
        actions.settle_line_links([], state=LinkState.ACCEPTED, reason="Oui.", by=who)
    with pytest.raises(Refused, match="déjà"):
        actions.settle_line_links(found, state=LinkState.PROPOSED, reason="Oui.", by=who)
    stale = list(LineLink.objects.current())
    actions.settle_line_links(found, state=LinkState.ACCEPTED, reason="Oui.", by=who)
    with pytest.raises(Refused, match="vient de"):
        actions.settle_line_links(stale, state=LinkState.REFUSED, reason="Non.", by=who)
    assert list(LineLink.objects.current().values_list("state", flat=True)) == ["accepted"]


def test_the_desk_sets_two_lines_face_to_face_and_decides(client: Client) -> None:
    told("A1,Réfection de la halle,Ville,200078004,Région,200053742,100,2020-03-01,Contrat", source="payer")
    told("R7,La halle réfection,Ville,200078004,Région,200053742,100,2020-05-01,Contrat", source="receiver")
    page = client.get("/financements/rapprochements/").content.decode()
    assert "Réfection de la halle" in page
    assert "La halle réfection" in page
    assert "Dates à 61 jours l’une de l’autre." in page
    assert "C’est le même argent" not in page
    link = LineLink.objects.get()
    decided = {
        "link": [link.pk],
        "state": "accepted",
        "reason": "Même dossier.",
        "next": "/financements/rapprochements/?q=halle",
    }
    client.force_login(settler())
    answer = client.post("/financements/rapprochements/decider", decided)
    assert answer.headers["Location"] == "/financements/rapprochements/?q=halle"
    assert shown_links() == [("Réfection de la halle", "La halle réfection", "accepted")]
    again = client.post("/financements/rapprochements/decider", decided, follow=True).content.decode()
    assert "rechargez la page" in again
    for band, is_shown in (("high", True), ("middle", False), ("low", False)):
        page = client.get(f"/financements/rapprochements/?state=accepted&band={band}&q=ville").content.decode()
        assert ("Même dossier." in page, "Aucun rapprochement ici." in page) == (is_shown, not is_shown), band


def test_the_desk_filters_by_words_likeness_and_list(client: Client) -> None:
    """Two pairs, found by two lists: each filter keeps one."""
    told("A1,Halle,Ville,200078004,Région,200053742,100,2020-03-01,Contrat", source="payer")
    told("R7,Halle,Ville,200078004,Région,200053742,100,2020-05-01,Contrat", source="receiver")
    first = LineLink.objects.get().load
    assert first is not None
    told("A2,Gare du Nord,Danone,552032534,Région,200053742,7,2020-03-01,Contrat", source="payer2")
    told("R8,La gare du nord,Danone,552032534,Région,200053742,7,2020-03-02,Marché", source="receiver2")
    second = LineLink.objects.exclude(load=first).get().load
    assert second is not None
    shown = {
        "": ["Dates à 61", "Dates à 1 "],
        "q=halle": ["Dates à 61"],
        "q=ville": ["Dates à 61"],
        "q=musée": [],
        f"load={first.pk}": ["Dates à 61"],
        f"load={second.pk}": ["Dates à 1 "],
        "band=low": [],
        "state=refused": [],
    }
    for asked, pairs in shown.items():
        page = client.get(f"/financements/rapprochements/?{asked}").content.decode()
        assert [one for one in ("Dates à 61", "Dates à 1 ") if one in page] == pairs, asked
