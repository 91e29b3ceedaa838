"""What an operator keeps to itself is learnt by nobody else: every address of the site is asked, by a reader who may do all
that a role allows in another institution, and by anybody."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import RoutePattern
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from beffroi.accounts import actions as accounts
from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import Partner, User
from beffroi.actors.models import Contact, Organisation, ProjectHolder
from beffroi.actors.queries import organisation_search_rows
from beffroi.core import search
from beffroi.interactions.actions import crisis, seed_nomenclatures
from beffroi.interactions.models import (
    Accounts,
    Campaign,
    CrisisCase,
    Event,
    Need,
    Participation,
    SchoolAction,
    SegmentationRun,
    Support,
    SupportResult,
    SupportStep,
    Target,
    Visit,
    VisitConsent,
    VisitNote,
)
from tests.accounts.factories import partner, person
from tests.actors.factories import hidden
from tests.interactions.factories import company, event, need, referral, service, support, visit, word
from tests.project.test_addresses import addresses

pytestmark = pytest.mark.django_db
OWNER = Visibility.OWNER
DAY = date(2026, 11, 2)
EXAMPLES = max(1, settings().max_examples // 25)  # beside all at once; each asks hundreds of pages
MARK = "zyxq"  # no page says it by itself


@dataclass(frozen=True)
class Kept:
    """What operator B has: the company that all know, and B's own people."""

    known: Organisation
    owner: Partner
    by: User
    at: str = "lens"

    def mark(self, name: str) -> str:
        return f"{MARK}{name}"


# Rows of which A may know nothing at all


def own_company(kept: Kept) -> None:
    made = hidden(kept.mark("prospect"), at=kept.at, siren="732829320")
    search.index(organisation_search_rows([made.pk]))
    visit(made, at=kept.at, potential="high")


def own_need(kept: Kept) -> None:
    need(kept.known, at=kept.at, visibility=OWNER, text=kept.mark("besoin"))


def own_support(kept: Kept) -> None:
    made = support(kept.known, at=kept.at, visibility=OWNER, title=kept.mark("appui"))
    SupportStep.objects.create(support=made, kind="hours", on=DAY, text=kept.mark("etape"))


def own_event(kept: Kept) -> None:
    made = event(kept.mark("rencontre"), at=kept.at, visibility=OWNER, venue=kept.mark("salle"))
    Participation.objects.create(
        event=made, organisation=kept.known, owner=kept.owner, visibility=OWNER, person=kept.mark("venue")
    )


def own_service(kept: Kept) -> None:
    service(kept.mark("service"), "export", at=kept.at, visibility=OWNER)


def own_school_action(kept: Kept) -> None:
    SchoolAction.objects.create(
        owner=kept.owner, visibility=OWNER, title=kept.mark("ecole"), on=DAY, school_name=kept.mark("lycee")
    )


def own_campaign(kept: Kept) -> None:
    made = Campaign.objects.create(owner=kept.owner, visibility=OWNER, title=kept.mark("campagne"), frozen_on=DAY)
    Target.objects.create(campaign=made, organisation=kept.known, partner=kept.owner, facts={"why": kept.mark("cible")})


def own_accounts(kept: Kept) -> None:
    told = {"owner": kept.owner, "visibility": OWNER}
    Accounts.objects.create(organisation=kept.known, year=2025, turnover=987_654_321_00, sector=kept.mark("s")[:8], **told)
    SegmentationRun.objects.create(method="innoscope", version=kept.mark("run"), on=DAY, year=2025, **told)


def own_contact(kept: Kept) -> None:
    told = {"owner": kept.owner, "visibility": OWNER, "email": f"{kept.mark('contact')}@lens.example", "phone": "0987654321"}
    Contact.objects.create(organisation=kept.known, name=kept.mark("contact"), **told)


def own_holder(kept: Kept) -> None:
    made = ProjectHolder.objects.create(
        name=kept.mark("porteur"), project=kept.mark("projet"), since=DAY, owner=kept.owner, visibility=OWNER
    )
    need(None, at=kept.at, holder=made, visibility=OWNER, text=kept.mark("besoinporteur"))


def crisis_case(kept: Kept) -> None:
    cell = crisis.open_cell(kept.mark("cellule"), owner=kept.owner, since=DAY, by=kept.by)
    crisis.open_case(cell, organisation=kept.known, since=DAY, by=kept.by, note=kept.mark("crise"), jobs=7)
    made = crisis.open_case(cell, name=kept.mark("entreprise"), since=DAY, by=kept.by)
    crisis.note_treatment(made, label=kept.mark("traitement"), on=DAY, by=kept.by)


# Rows of which A may know that they are, and nothing of what they say


def told_visit(kept: Kept) -> None:
    made = visit(kept.known, at=kept.at, potential="high")
    VisitNote.objects.create(visit=made, owner=kept.owner, visibility=OWNER, text=kept.mark("note"))
    VisitConsent.objects.create(visit=made, purpose=kept.mark("accord"))


def told_need(kept: Kept) -> None:
    made = need(kept.known, at=kept.at, text=kept.mark("texte"), detail_visibility=OWNER)
    referral(made, kept.at, comment=kept.mark("reponse"))


def told_support(kept: Kept) -> None:
    made = support(kept.known, at=kept.at, detail_visibility=OWNER)
    SupportStep.objects.create(support=made, kind="hours", on=DAY, text=kept.mark("heures"))
    SupportResult.objects.create(support=made, kind="other", on=DAY, text=kept.mark("resultat"))


def reserved_visit(kept: Kept) -> None:
    made = visit(kept.known, at=kept.at, reserved_until=date(2026, 12, 10))
    VisitNote.objects.create(visit=made, owner=kept.owner, visibility=Visibility.PARTNERS, text=kept.mark("reserve"))


Maker = Callable[[Kept], None]
UNKNOWN: tuple[Maker, ...] = (
    own_company, own_need, own_support, own_event, own_service, own_school_action, own_campaign, own_accounts, own_contact,
    own_holder, crisis_case, reserved_visit,
)  # fmt: skip
UNTOLD: tuple[Maker, ...] = (told_visit, told_need, told_support)

# Where the asking itself is written down
GROWS = ("/comptes/journal/",)
# Doors of the site, and the pages of others
LEFT_OUT = (
    "/comptes/connexion", "/comptes/deconnexion", "/comptes/inscription", "/comptes/inactif", "/comptes/mot-de-passe",
    "/comptes/second-facteur", "/comptes/confirmation", "/comptes/courriel", "/comptes/verification", "/comptes/fournisseur",
    "/demo/", "/static/", "/langue/", "/healthz", "/readyz", "/api/v1/",
)  # fmt: skip
CHANGES = re.compile(r'csrfmiddlewaretoken" value="\w+"|name="client_id" value="[^"]*"|[0-9a-f-]{32,64}')


def routes() -> list[tuple[str, list[str]]]:
    """Every page, and the names of what its address asks."""
    found = {}
    for address, pattern in addresses(get_resolver()):
        if isinstance(pattern.pattern, RoutePattern) and not ("/" + address).startswith(LEFT_OUT):
            found["/" + address] = re.findall(r"<(\w+):\w+>", address)
    return sorted(found.items())


WORDS = {"str": ("1",), "slug": ("lille",), "path": ("1",), "int": ()}


def filled(address: str, ids: list[int]) -> Iterator[str]:
    kinds = re.findall(r"<(\w+):\w+>", address)
    if not kinds:
        yield address
        return
    values = [[str(pk) for pk in ids] if kind == "int" else list(WORDS.get(kind, ("1",))) for kind in kinds]
    for rank in range(max(len(one) for one in values)):
        wanted = iter([one[rank % len(one)] for one in values])
        yield re.sub(r"<\w+:\w+>", lambda _found: next(wanted), address)  # noqa: B023


def lists() -> list[str]:
    return [address for address, names in routes() if not names]


QUESTIONS = (f"?q={MARK}&state=all&view=list", "?format=csv")


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type,attr-defined]
    return CHANGES.sub("", body.decode("utf-8", "replace"))


def lists_read(client: Client) -> dict[str, str]:
    return {f"{page}{asked}": read(client, f"{page}{asked}") for page in lists() for asked in QUESTIONS}


def reader() -> Client:
    """Somebody of Lille who may do all that a role allows."""
    signed = Client()
    signed.force_login(person("anne@lille.example", role=Role.ADMINISTRATOR))
    return signed


def ids_of() -> list[int]:
    """The numbers of B's rows, which the addresses of other things have too."""
    kept = Q(owner__code="lens")
    models: tuple[Any, ...] = (Organisation, ProjectHolder, Contact, Visit, Need, Support, Event, Campaign)
    found = {pk for model in models for pk in model.objects.filter(kept).values_list("pk", flat=True)}
    return sorted(found | set(CrisisCase.objects.values_list("pk", flat=True)))


def quiet(function: Callable[[], None]) -> None:
    """Runs in a transaction of its own, that is undone: the next example starts from nothing."""
    with transaction.atomic():
        cache.clear()
        function()
        transaction.set_rollback(True)


def kept_by_lens() -> Kept:
    seed_nomenclatures()
    word("financement")
    known = company("Filature du Nord", siren="552100554")
    search.index(organisation_search_rows([known.pk]))
    visit(known, on=DAY)
    need(known)
    support(known)
    event("Rencontre textile", starts=datetime(2026, 12, 1, 12, tzinfo=UTC))
    return Kept(known, partner("lens"), person("zoe@lens.example", at="lens", role=Role.ADMINISTRATOR))


@settings(max_examples=EXAMPLES, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@example(makers=list(UNKNOWN))
@given(makers=st.lists(st.sampled_from(UNKNOWN), min_size=4, max_size=len(UNKNOWN), unique=True))
def test_lists_searches_and_files_are_the_same_with_and_without_what_another_keeps(makers: list[Maker]) -> None:
    def story() -> None:
        kept = kept_by_lens()
        client = reader()
        before = lists_read(client)
        for make in makers:
            make(kept)
        cache.clear()
        now = lists_read(client)
        changed = [page for page in before if before[page] != now[page] and not page.startswith(GROWS)]
        assert changed == [], [make.__name__ for make in makers]
        assert [page for page, text in now.items() if _says(text)] == []

    quiet(story)


def _says(text: str) -> bool:
    """A marker with its own ending: the bare word is what was asked, given back by the page."""
    return re.search(rf"{MARK}[a-z]", text) is not None


@settings(max_examples=EXAMPLES, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@example(makers=list(UNKNOWN + UNTOLD))
@given(makers=st.lists(st.sampled_from(UNKNOWN + UNTOLD), min_size=5, max_size=len(UNKNOWN + UNTOLD), unique=True))
def test_no_address_says_what_another_operator_keeps(makers: list[Maker]) -> None:
    def story() -> None:
        kept = kept_by_lens()
        clients = [reader(), Client()]
        for make in makers:
            make(kept)
        ids = ids_of()
        for client in clients:
            for address, _names in routes():
                for page in filled(address, ids):
                    assert not _says(read(client, page)), f"{page}: {[make.__name__ for make in makers]}"

    quiet(story)


def test_a_key_reads_nothing_of_another_operator() -> None:
    kept = kept_by_lens()
    for make in UNKNOWN + UNTOLD:
        make(kept)
    _key, secret = accounts.make_key(partner("lille"), label="CRM", by=person("anne@lille.example", role=Role.ADMINISTRATOR))
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    for path in ("visits?limit=200", "needs?limit=200", "events?limit=200", "codes"):
        assert MARK not in read(program, f"/api/v1/{path}")
    for siren in ("732829320", "404833048"):  # one that only Lens knows, one that nobody does
        said = {"client_id": "x", "company": {"siren": siren}, "on": "2026-11-18"}
        answer = program.post("/api/v1/visits", said, content_type="application/json")
        assert answer.json()["errors"][0]["sentence"] == (
            f"Aucune entreprise connue n’a le SIREN {siren} : chargez-la du répertoire, ou envoyez son nom seul."
        )
