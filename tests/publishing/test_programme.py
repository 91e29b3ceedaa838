"""The desk of a programme: the figures of the documents recomputed beside what they print, each with its why."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from beffroi.core.figures import Figure
from beffroi.funding.models import Programme
from beffroi.funding.queries.desk import Desk, desk_of
from beffroi.funding.queries.desk.progress import ItemRow
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets import programme as sheet
from tests.funding.factories import envelope, officer, programme, tranche, version
from tests.queries import QueryCounts
from tests.web.factories import loaded

pytestmark = pytest.mark.django_db
M = Decimal(1_000_000)


def desk(code: str, *, on: date = date(2010, 3, 31)) -> Desk:
    found = Programme.objects.get(framework__code=code)
    return desk_of(found, viewer=AnonymousUser(), moment=Moment(on, timezone.now()))


def row(of: Desk, code: str) -> ItemRow:
    return next(row for row in of.rows if row.item is not None and row.item.code == code)


def value(figure: Figure | None) -> Decimal | None:
    return None if figure is None or figure.value is None else Decimal(str(figure.value))


def test_an_axis_is_the_sum_of_its_lines_beside_the_printed_total(demo: None) -> None:
    """440 files and 89.00 M€ from nine lines; the rate recomputed beside the printed one."""
    axis = row(desk("feder-npdc-2007-2013"), "axe-1")
    assert value(axis.programmed) == Decimal("89.00") * M
    assert value(axis.files) == 440
    assert [value(figure) for figure in axis.printed_files] == [440, 309]
    assert {value(figure) for figure in axis.printed} >= {89 * M, 76 * M, Decimal("93.06") * M}
    assert value(axis.target) == Decimal("266.7") * M
    assert round(value(axis.rate) or 0, 4) == Decimal("0.3337")
    assert [value(figure) for figure in axis.printed_rates] == [Decimal("33.4")]
    assert round(value(axis.average) or 0) == 202_273
    assert [value(figure) for figure in axis.printed_averages] == [Decimal(202_382)]


def test_less_what_another_body_manages(demo: None) -> None:
    """Less 131 and 12.99 of the second manager: 309 and 76.01, and 231.7 delegated of 266.7."""
    found = desk("feder-npdc-2007-2013").delegations
    assert found is not None
    shares = {str(line.manager): (value(line.envelope), value(line.programmed), value(line.files)) for line in found.rows}
    assert sorted(shares.values(), key=lambda share: share[2] or 0) == [
        (None, Decimal("12.99") * M, 131),
        (Decimal("231.7") * M, Decimal("76.01") * M, 309),
    ]
    assert (value(found.envelope), value(found.programmed), value(found.files)) == (Decimal("266.7") * M, 89 * M, 440)
    assert value(found.rest) == 35 * M


def test_two_bases_of_certified_spending_are_shown_and_never_added(demo: None) -> None:
    found = desk("feder-npdc-2007-2013")
    axis = row(found, "axe-1")
    assert value(axis.union_share) == Decimal("18.6") * M
    assert (axis.total_cost.low, axis.total_cost.high) == (Decimal("77.5") * M, Decimal("78.73") * M)
    assert (value(found.whole.union_share), value(found.whole.total_cost)) == (Decimal("46.17") * M, 160 * M)
    assert round(value(found.union_rate) or 0, 4) == Decimal("0.2886")


def test_where_lines_cover_a_part_the_rate_stands_on_the_printed_total(demo: None) -> None:
    whole = desk("feder-npdc-2007-2013").whole
    assert (value(whole.programmed), whole.is_partial) == (89 * M, True)
    assert round(value(whole.rate) or 0, 4) == Decimal("0.2328")
    assert [value(figure) for figure in whole.printed_rates] == [Decimal("23.28")]


def test_the_calendar_goes_with_the_day_one_looks_at(demo: None) -> None:
    assert round(value(desk("feder-npdc-2007-2013", on=date(2009, 12, 31)).elapsed) or 0, 3) == Decimal("0.429")
    assert value(desk("feder-npdc-2007-2013", on=date(2014, 1, 1)).elapsed) == 1


def test_a_contract_without_its_plan_says_what_to_load(demo: None) -> None:
    """The contract's commitments are known as a whole; parity by sub-axis and own shares cannot be said."""
    found = desk("cper-hdf-2021-2027", on=date(2026, 11, 1))
    assert value(found.whole.target) == Decimal("2759.563") * M
    assert value(found.whole.operations) == 168
    assert [(check.rule.value, str(check.verdict), check.item.code) for check in found.checks.rows] == [
        ("parité", "cannot_say", "axe-2.6"),
        ("20-30 %", "cannot_say", "axe-2.6"),
    ]
    assert all("Maquette financière" in check.reason for check in found.checks.rows)
    assert [rule.value for rule in found.checks.rows[1].exceptions] == ["0 %"]
    assert found.checks.unread > 20


def test_every_figure_of_the_page_opens_its_evidence(demo: None, client: Client) -> None:
    page = client.get("/financements/programmes/feder-npdc-2007-2013/?as_of=2010-03-31").content.decode()
    keys = set(re.findall(r'href="(/why/(?:desk|line|sum|expenditure|cell):[^"]+)"', page))
    assert len(keys) > 40
    for address in sorted(keys):
        assert client.get(address.replace("&amp;", "&")).status_code == 200, address
    nine = client.get("/why/desk:feder-npdc-2007-2013/programmed/0?as_of=2010-03-31").content.decode()
    assert nine.count("/why/line:") == 9


def test_the_page_is_found_from_where_one_works(demo: None, client: Client) -> None:
    address = "/financements/programmes/feder-npdc-2007-2013/"
    assert address in client.get("/strategies/cadres/feder-npdc-2007-2013").content.decode()
    assert "/financements/programmes/" in client.get("/financements/").content.decode()
    assert address in client.get("/financements/programmes/").content.decode()
    assert address not in client.get("/strategies/cadres/srde").content.decode()
    client.force_login(officer())
    assert "Programmes à piloter" in client.get("/").content.decode()


def test_the_page_as_a_file_gives_every_item(demo: None, client: Client) -> None:
    text = client.get("/financements/programmes/feder-npdc-2007-2013/?format=csv&as_of=2010-03-31").getvalue().decode()
    assert len(text.strip().splitlines()) == 12
    assert "266700000" in text
    assert len(client.get("/financements/programmes/?format=csv").getvalue().decode().strip().splitlines()) > 10


def test_all_items_of_a_contract_when_asked(demo: None, client: Client) -> None:
    short = client.get("/financements/programmes/cper-hdf-2021-2027/").content.decode()
    whole = client.get("/financements/programmes/cper-hdf-2021-2027/?tout=1").content.decode()
    assert whole.count("axe-4.") > short.count("axe-4.")
    assert "Montrer les" in short
    assert "Montrer les" not in whole


def test_an_unknown_programme_is_not_there(client: Client) -> None:
    assert client.get("/financements/programmes/inconnu/").status_code == 404
    assert "Aucun programme" in client.get("/financements/programmes/").content.decode()


def lines(*rows: str, stage: str = "programmed") -> None:
    """Each row: item,funder,amount."""
    head = (
        "programme,item_code,funder,beneficiary,period,stage,amount_eur,breakdown,source,locator,role,origin,instrument,"
        "stage_read,base,section,contract_status,item_framework,receiver_framework,label,reading_note"
    )
    said = [
        "cper,{},{},,2009,x,{},poste={},document,page 1,line,eu,unstated,{},,unstated,unstated,,,,".format(
            *row.split(","), place, stage
        )
        for place, row in enumerate(rows)
    ]
    loaded("\n".join([head, *said]), "facts-funding")


def test_an_envelope_is_the_target_before_anything_else() -> None:
    of = programme()
    lines("axe-1,feder,30", "axe-2.1,feder,20")
    envelope(of, "100", code="axe-1", manager="Région")
    envelope(of, "60", code="axe-1", year=2021)
    envelope(of, "40", code="axe-2", year=2021)
    envelope(of, "10", code="axe-2", year=2022, stage="planned")
    found = desk("cper")
    assert (value(row(found, "axe-1").target), value(row(found, "axe-1").rate)) == (Decimal(100), Decimal("0.3"))
    assert (value(row(found, "axe-2").target), value(row(found, "axe-2").programmed)) == (Decimal(50), Decimal(20))
    assert found.delegations is not None
    assert [value(line.envelope) for line in found.delegations.rows] == [Decimal(100)]


def test_the_plan_in_force_is_the_target_where_no_envelope_is() -> None:
    of = programme()
    version(of, "axe-1 | État | state | 2021 | 70", "axe-1 | Région | region | | 30", adopted=True)
    version(of, "axe-1 | État | state | 2021 | 999", number=2)
    found = desk("cper")
    assert value(row(found, "axe-1").target) == Decimal(100)
    assert (value(found.whole.target), found.in_force and found.in_force.number) == (Decimal(100), 1)


def certified(*rows: str) -> None:
    """Each row: item,amount,base."""
    head = (
        "programme,item_code,funder,beneficiary,period,stage,amount_eur,breakdown,source,locator,role,origin,instrument,"
        "stage_read,base,section,contract_status,item_framework,receiver_framework,label,reading_note"
    )
    said = []
    for place, text in enumerate(rows):
        code, amount, base = text.split(",")
        said.append(
            f"cper,{code},feder,,2009-12-31,x,{amount},poste={place},document,page 2,expenditure,eu,unstated,certified,{base},"
            "unstated,unstated,,,,"
        )
    loaded("\n".join([head, *said]), "facts-funding")


def test_an_aid_rate_is_said_with_its_base() -> None:
    """Of two operations, one has a cost: 60 of public money over 100 of eligible cost; its own 40 are not public."""
    programme()
    loaded(
        "identifiant;programme;intitule;beneficiaire;montant ue;montant region;autofinancement;cout eligible;stade\n"
        "o1;cper;Quai;Ville;50;10;40;100;programmé\no2;cper;Pont;Ville;30;;;;programmé",
        "subventions-generiques",
    )
    (rate,) = desk("cper").aid_rates
    assert (value(rate), rate.label) == (Decimal("0.6"), "coût éligible, 1 opération")


def test_the_risk_at_the_next_deadline_with_each_axis() -> None:
    of = programme()
    certified("axe-1,50,union_share", "axe-2,20,union_share", "axe-1,90,total")
    tranche(of, 2008, "70", code="axe-1", prefinancing="10")
    tranche(of, 2008, "40", code="axe-2")
    found = desk("cper").risk
    assert found.due_on == date(2010, 12, 31)
    assert value(found.at_risk) == Decimal(30)
    assert [
        (part.item.code, value(part.due), value(part.certified), value(part.gap)) for part in found.rows[0].contributions
    ] == [
        ("axe-1", Decimal(60), Decimal(50), Decimal(10)),
        ("axe-2", Decimal(40), Decimal(20), Decimal(20)),
    ]
    assert [lack for lack in found.lacks if "préfinancement" in lack]


def test_certified_total_cost_never_stands_in_for_the_share_of_the_union() -> None:
    of = programme()
    certified("axe-1,90,total")
    tranche(of, 2007, "70")
    found = desk("cper").risk
    assert (found.rows[0].is_over, found.rows[0].is_next, value(found.rows[0].missing)) == (True, False, None)
    assert any("ne le remplace pas" in lack for lack in found.lacks)
    assert value(found.at_risk) is None


def test_rules_are_read_on_the_plan_in_force() -> None:
    of = programme()
    loaded(
        "programme,item_code,rule,kind,value,source,locator\n"
        "cper,axe-2,Financement tendant à la parité,cofinancing,parité,document,p1\n"
        "cper,axe-2,Part minimale des porteurs,cofinancing,20-30 %,document,p2\n"
        "cper,axe-2.2,Porteur sans autofinancement,cofinancing,0 %,document,p3\n"
        "cper,axe-2,Prise en charge au cas par cas,cofinancing,,document,p4",
        "facts-rules",
    )
    version(
        of,
        "axe-2.1 | État | state | 2021 | 50",
        "axe-2.1 | Région | region | 2021 | 30",
        "axe-2.2 | Région | region | 2021 | 10",
        "axe-2.2 | | beneficiary | 2021 | 10",
        adopted=True,
    )
    found = desk("cper").checks
    assert [(check.item.code, value(check.figure), str(check.verdict)) for check in found.rows] == [
        ("axe-2.1", Decimal("0.625"), "not_met"),
        ("axe-2.2", Decimal(0), "not_met"),
        ("axe-2", Decimal("0.1"), "not_met"),
    ]
    assert [rule.value for rule in found.rows[2].exceptions] == ["0 %"]
    assert found.unread == 1


def test_files_that_no_one_declared_are_not_counted() -> None:
    programme()
    assert all(line.files is None for line in desk("cper").rows)


def test_pictures_need_amounts() -> None:
    programme()
    empty = desk("cper")
    assert (sheet.target_picture(empty), sheet.parts_picture(empty)) == (None, None)
    assert sheet.shown_rows(empty, everything=False) == list(empty.rows)


def test_the_desk_asks_as_many_questions_whatever_its_rows(demo: None, client: Client, queries: QueryCounts) -> None:
    client.get("/financements/programmes/feder-npdc-2007-2013/?as_of=2010-03-31")
    with queries("desk of a programme"):
        client.get("/financements/programmes/feder-npdc-2007-2013/?as_of=2010-03-31")
