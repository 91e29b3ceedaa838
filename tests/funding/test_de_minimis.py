"""The de minimis counter: what is known here, over which years, and what a new aid would give."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AuditEvent
from beffroi.actors.models import Organisation
from beffroi.funding import actions
from beffroi.funding.enums import Answer, Family, LinkState, Stage
from beffroi.funding.models import AidRegime, LineClaim, LineLink, Operation
from beffroi.funding.queries import counters, undertaking
from beffroi.funding.rules import de_minimis as rules
from beffroi.provenance.models import Load
from beffroi.provenance.queries import Moment
from tests.accounts.factories import partner, person
from tests.actors.factories import organisation, relation, settler
from tests.funding.signed import agreement, body, instalment, keeper, officer, vote
from tests.web.factories import loaded

pytestmark = pytest.mark.django_db
OLD = rules.Ceiling("1407/2013", "general", 200_000, date(2014, 1, 1), date(2023, 12, 31), "fiscal", 3)
NEW = rules.Ceiling("2023/2831", "general", 300_000, date(2024, 1, 1), date(2030, 12, 31), "rolling", 3)
SERVICES = rules.Ceiling("2023/2832", "services", 750_000, date(2024, 1, 1), None, "rolling", 3)
TODAY = date(2026, 11, 20)


def aid(key: int, cents: int, on: date | None, family: str = "general") -> rules.Aid:
    return rules.Aid(key, cents, cents, on, family)


@pytest.mark.parametrize(
    ("on", "code", "first"),
    [
        (date(2013, 12, 31), None, None),
        (date(2023, 12, 31), "1407/2013", date(2021, 1, 1)),
        (date(2024, 1, 1), "2023/2831", date(2021, 1, 2)),
        (date(2026, 11, 20), "2023/2831", date(2023, 11, 21)),
        (date(2028, 2, 29), "2023/2831", date(2025, 3, 1)),
        (date(2031, 1, 1), None, None),
    ],
)
def test_each_day_has_its_ceiling_and_its_years(on: date, code: str | None, first: date | None) -> None:
    found = rules.ceiling_on([OLD, NEW, SERVICES], family="general", on=on)
    assert (found and found.code) == code
    assert (rules.since(found, on) if found else None) == first


def test_the_counter_adds_the_aids_of_three_rolling_years() -> None:
    aids = [
        aid(1, 100, date(2023, 11, 20)),
        aid(2, 200, date(2023, 11, 21)),
        aid(3, 400, date(2026, 11, 20)),
        aid(4, 800, date(2026, 11, 21)),
        aid(5, 1_600, None),
        aid(6, 3_200, date(2026, 1, 1), "services"),
    ]
    found = rules.counter(aids, [OLD, NEW, SERVICES], family="general", on=TODAY)
    assert found is not None
    assert (found.counted, found.undated) == ((2, 3), (5,))
    assert (found.certain, found.at_most, found.left) == (600, 2_200, 297_800)
    assert rules.counter(aids, [OLD], family="general", on=TODAY) is None


def test_until_2023_whole_fiscal_years_count() -> None:
    aids = [aid(1, 100, date(2020, 12, 31)), aid(2, 200, date(2021, 1, 1)), aid(3, 400, date(2023, 6, 30))]
    found = rules.counter(aids, [OLD, NEW], family="general", on=date(2023, 6, 30))
    assert found is not None
    assert (found.counted, found.certain, found.left) == ((2, 3), 600, 199_400)


@pytest.mark.parametrize(
    ("dated", "undated", "new", "answer", "above"),
    [
        (100_000, 0, 200_000, Answer.YES, 0),
        (100_000, 0, 200_001, Answer.NO, 1),
        (100_000, 50_000, 200_000, Answer.CANNOT_SAY, 50_000),
        (300_000, 50_000, 1, Answer.NO, 50_001),
    ],
)
def test_what_a_new_aid_would_give(dated: int, undated: int, new: int, answer: Answer, above: int) -> None:
    aids = [aid(1, dated, TODAY), aid(2, undated, None)]
    found = rules.counter(aids, [NEW], family="general", on=TODAY)
    assert found is not None
    said = rules.with_new_aid(found, new)
    assert (said.answer, said.above, said.certain) == (answer, above, dated + new)


def test_a_range_an_unknown_amount_and_a_possible_double_are_told_apart() -> None:
    aids = [
        rules.Aid(1, 100, 150, TODAY, "general"),
        rules.Aid(2, 400, 400, TODAY, "general", is_double=True),
        rules.Aid(3, None, None, TODAY, "general"),
    ]
    found = rules.counter(aids, [NEW], family="general", on=TODAY)
    assert found is not None
    assert (found.certain, found.at_most, found.unknown) == (100, 550, (3,))
    assert rules.with_new_aid(found, 1).answer == Answer.CANNOT_SAY, "an unknown amount is not zero"


def test_an_award_said_at_several_stages_counts_once() -> None:
    assert rules.award_of([(1, "paid"), (2, "voted"), (3, "agreed")]) == [2]
    assert rules.award_of([(1, "paid"), (2, "paid")]) == [1, 2]
    assert rules.award_of([(1, "requested"), (2, "planned")]) == []


def test_a_text_cites_one_regulation_or_none() -> None:
    codes = ["1407/2013", "2023/2831", "SA.100"]
    assert rules.cited("Règlement (UE) n° 1407/2013", codes) == "1407/2013"
    assert rules.cited("sa.100", codes) == "SA.100"
    assert rules.cited("1407/2013 puis 2023/2831", codes) is None
    assert rules.cited("non", codes) is None


# From the rows of the database


def company(name: str = "Filature du Nord") -> Organisation:
    return Organisation.objects.filter(name=name).first() or organisation(name, "company")


def general() -> AidRegime:
    return AidRegime.objects.get(code="2023/2831")


def aided(name: str, euros: int, on: date, code: str = "aide-1") -> None:
    """A grant of de minimis voted for a company."""
    company(name)
    made = actions.add_agreement(
        owner=partner(), by=keeper(), code=code, kind="grant", title=code, visibility=Visibility.PARTNERS, aid_regime=general(),
        funder=body("Métropole", "metropolis"), beneficiary=company(name),
    )  # fmt: skip
    vote(made, euros, on=on)
    paid = instalment(made, euros, due_on=on)
    actions.record_payment(paid, cents=euros * 100, on=on, by=keeper())


def known(name: str = "Filature du Nord", on: date = TODAY) -> list[str]:
    moment = Moment(timezone.localdate(), timezone.now())
    who = undertaking(company(name), moment=moment, viewer=keeper())
    return [
        f"{one.family} {one.counter.ceiling.code} {one.counter.certain // 100} {one.counter.at_most // 100} {len(one.others)}"
        for one in counters(who, on=on, moment=moment, viewer=keeper())
    ]


def test_a_vote_and_its_payment_are_one_aid() -> None:
    aided("Filature du Nord", 40_000, date(2025, 3, 1))
    assert known() == ["general 2023/2831 40000 40000 0"]
    assert known(on=date(2028, 3, 1)) == ["general 2023/2831 0 0 1"], "out of the three years"


def test_a_group_is_one_undertaking_and_a_link_without_share_is_said() -> None:
    aided("Filature du Nord", 40_000, date(2025, 3, 1))
    aided("Tissage du Nord", 60_000, date(2025, 3, 1), code="aide-2")
    relation(company("Holding"), "owns", company("Filature du Nord"))
    relation(company("Holding"), "shareholder_of", company("Tissage du Nord"), share=Decimal("0.8"))
    relation(company("Banque"), "shareholder_of", company("Tissage du Nord"))
    relation(company("Fonds"), "shareholder_of", company("Tissage du Nord"), share=Decimal("0.2"))
    assert known() == ["general 2023/2831 100000 100000 0"]
    moment = Moment(timezone.localdate(), timezone.now())
    who = undertaking(company(), moment=moment, viewer=keeper())
    assert [member.name for member in who.members] == ["Filature du Nord", "Holding", "Tissage du Nord"]
    assert sorted(edge.subject.name for edge in who.doubtful) == ["Banque", "Fonds"]


LISTED = (
    "nomAttribuant,idAttribuant,dateConvention,referenceDecision,nomBeneficiaire,idBeneficiaire,objet,montant,nature,"
    "notificationUE"
)


def listed(*rows: str) -> Load:
    return loaded("\n".join([LISTED, *rows]), "scdl-subventions", source="region")


def test_a_list_that_cites_the_regulation_counts_and_one_without_a_day_counts_at_most() -> None:
    row = "Région,23590001000018,{},{},Danone,552032534,Machine,{},aide en numéraire,{}"
    listed(
        row.format("2025-05-01", "D1", 1_000, "Règlement 2023/2831"),
        row.format("2025", "D2", 2_000, "2023/2831"),
        row.format("2025-05-01", "D3", 4_000, "non"),
    )
    name = Organisation.objects.get(siren="552032534").name
    assert known(name) == ["general 2023/2831 1000 3000 0"]


CITED = (
    "nomAttribuant,idAttribuant,dateConvention,referenceDecision,nomBeneficiaire,idBeneficiaire,objet,montant,nature,"
    "notificationUE\n{},2025-05-01,{},Danone,552032534,{},{},aide en numéraire,2023/2831"
)
REGION = "Région,23590001000018"


def told(source: str, code: str, euros: int, title: str = "Machine", funder: str = REGION) -> Load:
    return loaded(CITED.format(funder, code, title, euros), "scdl-subventions", source=source)


def danone() -> str:
    return Organisation.objects.get(siren="552032534").name


def test_the_same_aid_told_by_two_sources_counts_once() -> None:
    """The payer's list and the receiver's: undecided, the same money, undecided again, and two aids in the end."""
    told("payeur", "D1", 1_000)
    told("receveur", "R9", 1_000)
    actions.propose_line_links()
    assert known(danone()) == ["general 2023/2831 1000 2000 0"]
    decided = ((LinkState.ACCEPTED, "1000 1000"), (LinkState.PROPOSED, "1000 2000"), (LinkState.REFUSED, "2000 2000"))
    who = settler()
    for state, shown in decided:
        actions.settle_line_links([LineLink.objects.current().get()], state=state, reason="À voir.", by=who)
        assert known(danone()) == [f"general 2023/2831 {shown} 0"]


def test_rivals_count_at_their_lowest_and_at_most_at_their_highest(client: Client) -> None:
    told("region", "D1", 1_000)
    claim = LineClaim.objects.get()
    actions.record_line(
        claim.line.operation, stage=Stage(claim.line.stage), amount=Decimal(1_500), stated_on=date(2025, 5, 1), line=claim.line,
        owner=partner(), by=keeper(), at=timezone.now(),
    )  # fmt: skip
    assert known(danone()) == ["general 2023/2831 1000 1500 0"]
    client.force_login(keeper())
    page = client.get(f"/financements/de-minimis/{Organisation.objects.get(siren='552032534').pk}").content.decode()
    assert "Incertain" in page


def test_the_regime_of_an_operation_is_said_by_a_person(client: Client) -> None:
    listed("Région,23590001000018,2025,D2,Danone,552032534,Machine,2000,aide en numéraire,non")
    operation, danone = Operation.objects.get(), Organisation.objects.get(siren="552032534")
    assert known(danone.name) == ["general 2023/2831 0 0 0"]
    client.force_login(keeper())
    address = f"/financements/operations/{operation.pk}/regime"
    assert address in client.get(f"/operations/{operation.pk}").content.decode()
    assert client.get(address).status_code == 200
    assert client.post(address, {"regime": general().pk, "decided_on": "hier"}).status_code == 422
    assert client.post(address, {"regime": general().pk, "decided_on": "2025-06-01"}).status_code == 302
    assert known(danone.name) == ["general 2023/2831 2000 2000 0"]
    event = AuditEvent.objects.get(act="aid_regime_given")
    assert (event.detail["regime"], event.detail["before"]) == ("2023/2831", "")
    client.post(address, {"regime": "", "decided_on": ""})
    assert known(danone.name) == ["general 2023/2831 0 0 0"]


def test_only_who_keeps_an_operation_says_its_regime(client: Client) -> None:
    listed("Région,23590001000018,2025,D2,Danone,552032534,Machine,2000,aide en numéraire,non")
    operation = Operation.objects.get()
    address, sheet = f"/financements/operations/{operation.pk}/regime", f"/operations/{operation.pk}"
    client.force_login(officer())
    for owner, status, is_offered in ((None, 200, True), (partner(), 200, True), (partner("arras"), 403, False)):
        Operation.objects.update(owner=owner, visibility=Visibility.PUBLIC)
        assert client.get(address).status_code == status
        assert (address in client.get(sheet).content.decode()) is is_offered


def test_the_counter_is_for_partners_and_answers_at_once(client: Client) -> None:
    aided("Filature du Nord", 250_000, date(2025, 3, 1))
    pk = company().pk
    sheet, page = f"/organisations/{pk}", f"/financements/de-minimis/{pk}"
    assert 'id="de-minimis"' not in client.get(sheet).content.decode()
    assert client.get(page).status_code == 302
    client.force_login(person("seul@lille.example", role=None))
    assert client.get(page).status_code == 404
    client.force_login(person("p@arras.example", at="arras"))
    shown = client.get(sheet).content.decode()
    assert 'id="de-minimis"' in shown
    assert "connu ici" in shown
    assert "Que donnerait" in client.get(page).content.decode()
    asked = {"amount": "60 000", "on": "2026-11-20", "family": "general"}
    answer = client.get(page, asked).content.decode()
    assert "au-dessus du plafond" in answer
    assert "310\u00a0000" in answer
    assert "sous le plafond" in client.get(page, asked | {"amount": "50 000"}).content.decode()
    assert "Aucun plafond de cette famille" in client.get(page, asked | {"family": "fisheries"}).content.decode()
    assert "n’est pas un montant" in client.get(page, asked | {"amount": "beaucoup"}).content.decode()
    why = client.get(f"/why/deminimis:{pk}/general/2026-11-20").content.decode()
    assert "le registre officiel fait foi" in why
    assert client.get(f"/why/deminimis:{pk}/fisheries/2026-11-20").status_code == 404
    client.logout()
    assert client.get(f"/why/deminimis:{pk}/general/2026-11-20").status_code == 404


def test_what_the_reader_may_not_see_is_not_counted() -> None:
    aided("Filature du Nord", 40_000, date(2025, 3, 1))
    moment = Moment(timezone.localdate(), timezone.now())
    who = undertaking(company(), moment=moment, viewer=AnonymousUser())
    (one,) = counters(who, on=TODAY, moment=moment, viewer=AnonymousUser())
    assert (one.family, one.counter.certain) == (Family.GENERAL, 0)


def test_regimes_are_rows_that_people_complete(client: Client) -> None:
    said = {
        "code": "2024/3118", "label": "De minimis agricole", "kind": "de_minimis", "legal_basis": "Règlement (UE) 2024/3118",
        "start": "2024-12-16", "end": "2032-12-31", "ceiling_cents": "50 000", "family": "agriculture", "window": "rolling",
        "years": "3",
    }  # fmt: skip
    page = client.get("/financements/regimes/").content.decode()
    assert "2023/2831" in page
    assert "1407/2013" in page
    assert client.get("/financements/regimes/nouveau").status_code == 302
    client.force_login(officer())
    assert client.post("/financements/regimes/nouveau", said | {"ceiling_cents": ""}).status_code == 422
    assert client.post("/financements/regimes/nouveau", said).status_code == 302
    made = AidRegime.objects.get(code="2024/3118")
    assert client.get(f"/financements/regimes/{made.pk}").status_code == 200
    assert client.post(f"/financements/regimes/{made.pk}", said | {"label": "Agricole"}).status_code == 302
    assert [row.label for row in made.history.order_by("history_id")] == ["De minimis agricole", "Agricole"]
    with pytest.raises(ValidationError, match="a un plafond"):
        actions.save_regime(AidRegime(), by=keeper(), code="X", label="X", kind="de_minimis", legal_basis="X")


def test_an_agreement_of_its_owner_alone_still_counts_for_partners() -> None:
    """Money voted is known to partners at least."""
    made = agreement("g", "grant", aid_regime=general(), visibility=Visibility.OWNER)
    vote(made, 5_000, on=date(2025, 3, 1))
    assert known("Pôle Textile") == ["general 2023/2831 5000 5000 0"]
