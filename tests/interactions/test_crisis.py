"""Companies in difficulty: for the named members of their cell, and for nobody else by any way."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from beffroi.accounts.models import AuditEvent, Membership, User
from beffroi.core.refusals import Refused
from beffroi.interactions.actions import crisis as actions
from beffroi.interactions.enums import CrisisBlocker, WayOut
from beffroi.interactions.models import CrisisCase, CrisisCell, CrisisMember
from beffroi.interactions.queries import crisis as queries
from beffroi.interactions.rules import crisis as rules
from tests.accounts.factories import administrator, partner, person
from tests.interactions.factories import company
from tests.queries import QueryCounts

DAY, LATER = date(2026, 11, 1), date(2026, 11, 15)


@pytest.mark.parametrize(
    ("headcount", "size"),
    [
        (None, ""),
        (0, "under_10"),
        (9, "under_10"),
        (10, "10_50"),
        (50, "10_50"),
        (51, "51_250"),
        (250, "51_250"),
        (251, "over_250"),
    ],
)
def test_a_company_is_of_a_size_when_its_headcount_is_said(headcount: int | None, size: str) -> None:
    assert rules.size_of(headcount) == size


@pytest.mark.parametrize(
    ("total", "counts", "bounds"),
    [
        (94, [27, 23, 8, 23], (13, 67)),  # the ad hoc financial unit at 30 September 2009
        (94, [], (94, 94)),
        (10, [6, 6], (0, 4)),
        (10, [10], (0, 0)),
        (5, [9], (0, 0)),
    ],
)
def test_how_many_have_no_treatment_stated_is_known_between_two_bounds(
    total: int, counts: list[int], bounds: tuple[int, int]
) -> None:
    assert rules.without_treatment(total, counts) == bounds


def test_a_company_still_followed_of_which_nothing_is_heard_waits() -> None:
    assert not rules.is_silent(DAY, out_on=None, on=date(2026, 12, 1))
    assert rules.is_silent(DAY, out_on=None, on=date(2026, 12, 2))
    assert not rules.is_silent(DAY, out_on=LATER, on=date(2027, 12, 2))


def cell_led_by(lead: User, at: str = "lille") -> CrisisCell:
    return actions.open_cell("Cellule de la rentrée", owner=partner(at), since=DAY, by=lead)


def case(cell: CrisisCell, name: str = "Filature du Nord", *, by: User, **fields: Any) -> CrisisCase:
    return actions.open_case(cell, by=by, organisation=company(name), **{"since": DAY, **fields})


pytestmark = pytest.mark.django_db


def refused(*blockers: CrisisBlocker) -> Any:
    return pytest.raises(Refused, match=" ".join(str(one.label) for one in blockers))


def test_only_named_members_see_a_cell_and_whoever_leaves_it_sees_nothing_more() -> None:
    lead, other = administrator(), person("paul@lille.example")
    cell = cell_led_by(lead)
    kept = case(cell, by=lead)
    assert not CrisisCell.objects.visible_to(other).exists()
    assert not CrisisCell.objects.visible_to(AnonymousUser()).exists()
    actions.add_member(cell, other, leads=False, since=DAY, by=lead)
    assert list(CrisisCase.objects.visible_to(other)) == [kept]
    actions.remove_member(cell, other, until=LATER, by=lead)
    assert not CrisisCase.objects.visible_to(other).exists()
    with refused(CrisisBlocker.NOT_MEMBER):
        actions.remove_member(cell, other, until=LATER, by=lead)


def test_whoever_no_institution_counts_any_more_sees_nothing_of_it() -> None:
    lead = administrator()
    cell = cell_led_by(lead)
    Membership.objects.update(until=LATER)
    assert not CrisisCell.objects.visible_to(User.objects.get(pk=lead.pk)).exists()
    with refused(CrisisBlocker.CLOSED_ACCOUNT):
        actions.add_member(cell, person("zoe@lens.example", role=None), leads=False, since=DAY, by=lead)


def test_a_cell_is_never_left_without_somebody_to_lead_it() -> None:
    lead, other = administrator(), person("paul@lille.example")
    cell = cell_led_by(lead)
    with refused(CrisisBlocker.LAST_LEAD):
        actions.remove_member(cell, lead, until=LATER, by=lead)
    actions.add_member(cell, other, leads=False, since=DAY, by=lead)
    with refused(CrisisBlocker.ALREADY_MEMBER):
        actions.add_member(cell, other, leads=False, since=DAY, by=lead)
    actions.add_member(cell, other, leads=True, since=DAY, by=lead)
    actions.remove_member(cell, lead, until=LATER, by=lead)
    assert list(CrisisMember.objects.filter(until=None).values_list("user", "leads")) == [(other.pk, True)]


def test_a_cell_that_nobody_can_open_is_handed_over_by_an_administrator_who_does_not_see_it() -> None:
    lead, keeper, other = person(), administrator(), person("paul@lille.example")
    cell = cell_led_by(lead)
    assert not queries.cells_without_lead(keeper).exists()
    with refused(CrisisBlocker.HAS_A_LEAD):
        actions.name_a_lead(cell, other, since=LATER, by=keeper)
    User.objects.filter(pk=lead.pk).update(is_active=False)
    assert list(queries.cells_without_lead(keeper)) == [cell]
    assert not queries.cells_without_lead(person("eve@lens.example", at="lens")).exists()
    assert not queries.cells_without_lead(AnonymousUser()).exists()
    actions.name_a_lead(cell, other, since=LATER, by=keeper)
    assert (queries.leads_cell(cell, other), CrisisCell.objects.visible_to(keeper).exists()) == (True, False)


def test_a_company_is_followed_once_and_leaves_with_a_way_and_a_date() -> None:
    lead = administrator()
    cell = cell_led_by(lead)
    followed = case(cell, by=lead)
    with refused(CrisisBlocker.ALREADY_FOLLOWED):
        actions.open_case(cell, organisation=followed.organisation, since=LATER, by=lead)
    with refused(CrisisBlocker.OUT_BEFORE_IN):
        actions.leave_cell(followed, way_out=WayOut.POSITIVE, on=date(2026, 10, 1), by=lead)
    with refused(CrisisBlocker.STILL_FOLLOWED):
        actions.close_cell(cell, until=LATER, by=lead)
    actions.leave_cell(followed, way_out=WayOut.POSITIVE, on=LATER, by=lead)
    with refused(CrisisBlocker.ALREADY_OUT):
        actions.leave_cell(followed, way_out=WayOut.CLOSED, on=LATER, by=lead)
    again = actions.open_case(cell, organisation=followed.organisation, since=LATER, by=lead)
    actions.leave_cell(again, way_out=WayOut.LEFT, on=LATER, by=lead)
    actions.close_cell(cell, until=LATER, by=lead)
    for write in (
        lambda: actions.open_case(cell, name="Autre", since=LATER, by=lead),
        lambda: actions.change_case(again, by=lead, jobs=3),
        lambda: actions.note_treatment(again, label="Médiation", on=LATER, by=lead),
        lambda: actions.add_member(cell, person("paul@lille.example"), leads=False, since=LATER, by=lead),
    ):
        with refused(CrisisBlocker.CLOSED_CELL):
            write()


def test_totals_say_the_part_that_nobody_stated() -> None:
    lead = administrator()
    cell = cell_led_by(lead)
    one = case(cell, "Filature", by=lead, cause="anticipation", jobs=40, need_cents=100_000_00, headcount=60, sector="Textile")
    case(cell, "Fonderie", by=lead, cause="anticipation", jobs=None, sector="textile")
    actions.open_case(cell, name="Scierie", since=DAY, by=lead, jobs=5)
    actions.note_treatment(one, label="Médiation  du crédit", on=LATER, by=lead)
    actions.note_treatment(one, label="Prêt", on=LATER, by=lead)
    cards = queries.cards(queries.cases_of(cell, lead), on=LATER)
    said = {
        str(label): [(row.label, len(row.cards), row.jobs.value, row.jobs.known, row.jobs.parts) for row in rows if row.cards]
        for label, rows in queries.totals(cards)
    }
    assert said == {
        "nature de la difficulté": [("en anticipation", 2, 40, 1, 2), ("non dit", 1, 5, 1, 1)],
        "traitement": [("Médiation du crédit", 1, 40, 1, 1), ("Prêt", 1, 40, 1, 1), ("aucun traitement dit", 2, 5, 1, 2)],
        "sortie": [("encore suivie", 3, 45, 2, 3)],
        "taille": [("51 à 250 salariés", 1, 40, 1, 1), ("non dit", 2, 5, 1, 2)],
        "secteur": [("textile", 2, 40, 1, 2), ("non dit", 1, 5, 1, 1)],
    }
    assert [(str(figure.label), figure.value) for figure in queries.key_figures(cards)] == [
        ("entreprises entrées dans la cellule", 3),
        ("encore suivies", 3),
        ("besoin de financement", 100_000),
        ("emplois concernés", 45),
        ("en sortie positive a priori", 0),
    ]


# The pages


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def test_a_cell_from_its_opening_to_a_way_out(client: Client) -> None:
    signed_in(client, administrator())
    company("Filature du Nord", siren="552100554")
    opened = client.post("/activite/cellules/nouvelle", {"name": "Rentrée", "owner": partner().pk, "since": DAY}, follow=True)
    assert "Aucune entreprise n’est encore suivie" in opened.content.decode()
    cell = CrisisCell.objects.get()
    said = {"company": "552 100 554", "since": DAY, "cause": "structural", "need_cents": "1 250 000,50", "jobs": 40}
    client.post(f"{cell.get_absolute_url()}/entreprises/nouvelle", said)
    client.post(f"{cell.get_absolute_url()}/entreprises/nouvelle", {"company": "Scierie sans numéro", "since": DAY})
    followed, unnumbered = CrisisCase.objects.order_by("pk")
    assert (str(followed), followed.need_cents, str(unnumbered), unnumbered.organisation) == (
        "Filature du Nord", 125_000_050, "Scierie sans numéro", None,
    )  # fmt: skip
    page = f"/activite/cellules/dossiers/{followed.pk}"
    client.post(f"{page}/deplacer", {"by": "cause", "to": "cyclical"})
    moved = client.post(f"{page}/deplacer", {"by": "treatment", "to": "Médiation du crédit"})
    assert moved.headers["Location"] == f"{page}/traitement?to=M%C3%A9diation+du+cr%C3%A9dit"
    assert "Médiation du crédit" in client.get(moved.headers["Location"]).content.decode()
    client.post(f"{page}/traitement", {"label": "Médiation du crédit", "on": LATER, "cents": "12"})
    assert (
        client.post(f"{page}/deplacer", {"by": "way_out", "to": "taken_over"})
        .headers["Location"]
        .endswith("/sortie?to=taken_over")
    )
    client.post(f"{page}/sortie", {"way_out": "taken_over", "on": LATER})
    followed.refresh_from_db()
    assert (followed.cause, followed.way_out, followed.out_on) == ("cyclical", "taken_over", LATER)
    board = client.get(f"{cell.get_absolute_url()}?by=way_out").content.decode()
    assert "reprise" in board and "Scierie sans numéro" in board
    for shown in ("?by=treatment", "?view=list", "/totaux", "/membres"):
        assert client.get(f"{cell.get_absolute_url()}{shown}").status_code == 200
    assert "Filature du Nord" in b"".join(client.get(f"{cell.get_absolute_url()}?format=csv")).decode()
    assert client.get(page).status_code == client.get(f"{page}/modifier").status_code == 200
    client.post(f"{page}/modifier", {"since": DAY, "jobs": 12})
    assert CrisisCase.objects.get(pk=followed.pk).jobs == 12


def test_bad_input_keeps_what_was_typed_and_says_what_to_do(client: Client) -> None:
    lead = administrator()
    cell = cell_led_by(lead)
    signed_in(client, lead)
    company("Atelier"), company("Atelier")  # noqa: B018
    page = f"{cell.get_absolute_url()}/entreprises/nouvelle"
    for typed, said in (
        ({"company": "Atelier", "since": DAY}, "Plusieurs entreprises portent ce nom"),
        ({"company": "123 456 789", "since": DAY}, "Aucune entreprise de l’annuaire n’a ce numéro"),
        ({"company": "Scierie", "since": DAY, "need_cents": "beaucoup"}, "n’est pas un montant en euros"),
        ({"company": "Scierie", "since": DAY, "need_cents": "-3"}, "n’est pas un montant en euros"),
    ):
        answer = client.post(page, typed)
        assert (answer.status_code, said in answer.content.decode()) == (422, True), typed
    assert not CrisisCase.objects.exists()
    kept = case(cell, by=lead)
    wrong = client.post(f"{kept.get_absolute_url()}/deplacer", {"by": "colour", "to": "red"}, follow=True)
    assert "Rien n’a changé" in wrong.content.decode()
    early = client.post(f"{kept.get_absolute_url()}/sortie", {"way_out": "left", "on": "2020-01-01"})
    assert "ne sort pas de la cellule avant" in early.content.decode()
    again = client.post(page, {"company": "Filature du Nord", "since": DAY})
    assert "suit déjà cette entreprise" in again.content.decode()
    nobody = client.post(f"{cell.get_absolute_url()}/membres", {"email": "inconnu@lille.example"})
    assert "Aucun compte n’a cette adresse" in nobody.content.decode()
    stays = client.post(f"{cell.get_absolute_url()}/membres/{lead.pk}/retirer", follow=True)
    assert "confiez-la d’abord" in stays.content.decode()
    assert (
        "Des entreprises sont encore suivies" in client.post(f"{cell.get_absolute_url()}/clore", follow=True).content.decode()
    )
    actions.leave_cell(kept, way_out=WayOut.LEFT, on=LATER, by=lead)
    assert "La cellule est close" in client.post(f"{cell.get_absolute_url()}/clore", follow=True).content.decode()
    for path, typed in (
        ("deplacer", {"by": "cause", "to": "cyclical"}),
        ("traitement", {"label": "Prêt", "on": LATER}),
        ("modifier", {"since": DAY}),
    ):
        answer = client.post(f"{kept.get_absolute_url()}/{path}", typed, follow=True)
        assert "on n’y écrit plus" in answer.content.decode()


def test_members_are_named_by_those_who_lead_alone(client: Client) -> None:
    lead, other = administrator(), person("paul@lille.example")
    cell = cell_led_by(lead)
    signed_in(client, lead).post(f"{cell.get_absolute_url()}/membres", {"email": other.email.upper()})
    again = client.post(f"{cell.get_absolute_url()}/membres", {"email": other.email})
    assert "déjà membre" in again.content.decode()
    signed_in(client, other)
    assert client.get(f"{cell.get_absolute_url()}/membres").status_code == 200
    assert client.post(f"{cell.get_absolute_url()}/membres", {"email": lead.email}).status_code == 403
    assert client.post(f"{cell.get_absolute_url()}/clore").status_code == 403
    signed_in(client, lead)
    actions.add_member(cell, other, leads=True, since=DAY, by=lead)
    left = client.post(f"{cell.get_absolute_url()}/membres/{lead.pk}/retirer")
    assert left.headers["Location"] == "/activite/cellules/"
    assert client.get("/activite/cellules/nouvelle").status_code == 200
    assert signed_in(client, other).get("/activite/cellules/nouvelle").status_code == 403


def test_an_administrator_hands_over_a_cell_on_screen(client: Client) -> None:
    lead, keeper = person(), administrator()
    cell = cell_led_by(lead)
    User.objects.filter(pk=lead.pk).update(is_active=False)
    signed_in(client, keeper)
    assert cell.name not in client.get("/activite/cellules/").content.decode()
    page = f"{cell.get_absolute_url()}/confier"
    assert client.get(page).status_code == 200
    assert "compte est fermé" in client.post(page, {"email": lead.email}).content.decode()
    client.post(page, {"email": keeper.email})
    assert list(CrisisCell.objects.visible_to(keeper)) == [cell]


PAGES = ("", "/totaux", "/membres", "?format=csv", "?view=list", "/entreprises/nouvelle", "/confier")
OF_CASES = ("", "/modifier", "/traitement", "/sortie")


def test_nobody_else_learns_that_a_cell_or_a_company_in_it_exists(client: Client) -> None:
    lead = administrator()
    cell = cell_led_by(lead)
    kept = case(cell, "Zyxware secrète", by=lead, note="xylophage")
    colleague = person("colleague@lille.example")
    for who in (None, colleague, administrator("autre@lille.example")):
        if who:
            signed_in(client, who)
        for path in PAGES:
            answer = client.get(f"{cell.get_absolute_url()}{path}")
            assert answer.status_code == (404 if who else 302)
        for path in OF_CASES:
            assert client.get(f"{kept.get_absolute_url()}{path}").status_code == (404 if who else 302)
        for path in ("/clore", f"/membres/{lead.pk}/retirer"):
            assert client.post(f"{cell.get_absolute_url()}{path}").status_code == (404 if who else 302)
        assert client.post(f"{kept.get_absolute_url()}/deplacer", {"by": "cause"}).status_code == (404 if who else 302)
        assert cell.name not in client.get("/activite/cellules/", follow=True).content.decode()
    trail = client.get("/comptes/journal/").content.decode()
    assert "Zyxware" not in trail and cell.name not in trail


def test_the_audit_trail_names_no_company_and_says_who_read() -> None:
    lead = administrator()
    case(cell_led_by(lead), "Zyxware secrète", by=lead, note="xylophage", sector="Textile")
    details = " ".join(str(event.detail) for event in AuditEvent.objects.all())
    assert "Zyx" not in details and "Textile" not in details


def test_reading_a_cell_is_noted_once_in_half_an_hour_and_taking_it_away_each_time(client: Client, clock: Any) -> None:
    lead = administrator()
    cell = cell_led_by(lead)
    signed_in(client, lead)
    for shown in ("", "", "?format=csv", "?format=csv"):
        client.get(f"{cell.get_absolute_url()}{shown}")
    clock.shift(3600)
    client.get(cell.get_absolute_url())
    acts = AuditEvent.objects.filter(act__in=["crisis_read", "crisis_exported"]).order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["crisis_read", "crisis_exported", "crisis_exported", "crisis_read"]


def test_the_board_asks_as_much_for_ten_companies_as_for_two(client: Client, queries: QueryCounts) -> None:
    lead = administrator()
    cell = cell_led_by(lead)
    for rank in range(10):
        case(cell, f"Filature {rank}", by=lead)
    signed_in(client, lead).get(cell.get_absolute_url())
    with queries("board of a crisis cell"):
        client.get(cell.get_absolute_url())


def test_what_a_document_published_of_its_cell_is_read_with_what_it_does_not_say(demo: None, client: Client) -> None:
    text = client.get("/activite/cellules/precedent").content.decode()
    for said in (
        "94",
        "117,9",
        "9\u00a0659",
        "89",
        "108,78",
        "9\u00a0059",
        "Les traitements font 81 pour 94 entreprises",
    ):
        assert said in text or said.replace("\u00a0", "&nbsp;") in text, said
    assert "13" in text and "67" in text
    assert text.count("en 9 jours") == 3, "each of the three measures falls in nine days: raised as an anomaly"
    before = client.get("/activite/cellules/precedent?as_of=2009-01-01").content.decode()
    assert "Aucun document chargé ne parle" in before
