"""An invented activity: only in a database of its own, the same from the same seed, and said to be invented everywhere."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count
from django.test import Client

from beffroi.core import mail, simulation
from beffroi.core.models import Mail, Simulation
from beffroi.core.refusals import Refused
from beffroi.interactions.actions import seed_nomenclatures
from beffroi.interactions.actions.simulation import Asked, simulate_activity
from beffroi.interactions.models import ActivityShare, Event, Need, Participation, Referral, Support, Visit
from beffroi.provenance import actions as provenance
from beffroi.web.commands import main
from tests.actors.factories import document
from tests.interactions.factories import visit

pytestmark = pytest.mark.django_db
FIRST = ("28/11", "low", 30)
ASKED = Asked(operators=3, years=2, seed=7, until=date(2026, 11, 20), visits=60)


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def marked() -> Simulation:
    return simulation.mark_simulated(seed=7, operators=3, years=2, real=None)


def simulated() -> dict[str, int]:
    seed_nomenclatures()
    return simulate_activity(marked(), ASKED)


def test_it_makes_what_is_asked_and_people_go_on_from_there() -> None:
    counts = simulated()
    assert counts["visits"] == Visit.objects.count() == 120
    assert counts["needs"] == Need.objects.count() > 20
    assert (Support.objects.exists(), Event.objects.count(), Participation.objects.exists()) == (True, 36, True)
    assert Visit.objects.latest("on").on <= date(2026, 11, 20)
    assert Simulation.objects.get().ended_at is not None
    assert visit(Visit.objects.first().organisation).pk > 120  # type: ignore[union-attr]


def test_what_it_makes_could_have_been_written_by_people() -> None:
    """Dates in order, states with their reasons, shares that make the whole."""
    simulated()
    for row in Referral.objects.select_related("need"):
        row.full_clean(exclude=["need", "partner", "sent_by", "answered_by"])
        assert row.answered_on is None or row.answered_on >= row.sent_on
    for row in Need.objects.all()[:20]:
        row.full_clean(exclude=["subject_item", "owner", "by", "visit"])
    keys = ActivityShare.objects.values("owner", "kind", "since").annotate(n=Count("pk"))
    assert {row["n"] for row in keys} == {3}


def test_the_same_seed_makes_the_same_activity() -> None:
    """Another machine, another day: these are the first visits of seed 7."""
    simulated()
    row = Visit.objects.earliest("pk")
    assert (f"{row.on:%d/%m}", row.potential, row.minutes) == FIRST


def test_a_database_of_real_facts_is_refused() -> None:
    with pytest.raises(Refused, match="contient déjà des faits réels"):
        simulation.mark_simulated(seed=1, operators=2, years=1, real=document())
    assert not simulation.is_simulated()
    with pytest.raises(Refused, match="déjà simulée"):
        simulation.mark_simulated(seed=1, operators=2, years=1, real=marked())


def test_the_command_refuses_real_facts_and_wrong_sizes(capsys: pytest.CaptureFixture[str]) -> None:
    document()
    assert main(["simulate", "activity"]) == 2
    assert "faits réels" in capsys.readouterr().err
    assert main(["simulate", "activity", "--operators", "1"]) == 2
    assert "--operators" in capsys.readouterr().err


def test_a_marked_database_refuses_real_loads() -> None:
    load = document()
    marked()
    with pytest.raises(Refused, match="Cette base est simulée"):
        provenance.request_load(load.snapshot, profile=load.profile, by=None)


def test_every_page_file_and_mail_says_that_it_is_invented(client: Client) -> None:
    assert "Activité simulée" not in client.get("/").content.decode()
    marked()
    assert "Activité simulée" in client.get("/").content.decode()
    answer = client.get("/acteurs/?format=json")
    assert 'filename="simule-' in answer["Content-Disposition"]
    assert "sont inventés" in b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    sent = mail.queue_mail(to="a@b.example", subject="Bonjour", text="Texte")
    assert (sent.subject, Mail.objects.get().text.startswith("Activité simulée")) == ("[simulation] Bonjour", True)


def test_the_mark_follows_the_database_to_another_folder() -> None:
    marked()
    (simulation._file()).unlink()
    simulation.repeat_mark()
    assert simulation.is_simulated()
    Simulation.objects.all().delete()
    simulation.repeat_mark()
    assert not simulation.is_simulated()
