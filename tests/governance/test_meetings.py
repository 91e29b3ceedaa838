"""Bodies and meetings, as seen from a date."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from beffroi.governance.models import Body, Meeting
from beffroi.governance.rules import Duty, duty_of
from beffroi.provenance.models import Load
from tests.web.factories import counts, frameworks, loaded, organisations


@pytest.mark.parametrize(
    ("days_ago", "owed", "expected"),
    [
        ([], None, Duty(0, None)),
        ([0, 100, 364], 4, Duty(3, Decimal(4))),
        ([365, 400], 4, Duty(0, Decimal(4))),
        ([-1], 1, Duty(0, Decimal(1))),
        ([3, 3, 3, 40], 2, Duty(2, Decimal(2))),
    ],
)
def test_a_duty_counts_the_meetings_of_the_last_twelve_months(days_ago: list[int], owed: int | None, expected: Duty) -> None:
    on = date(2010, 3, 31)
    held = [on - timedelta(days=days) for days in days_ago]
    assert duty_of(held, owed_a_year=None if owed is None else Decimal(owed), on=on) == expected


def body_with_meetings(*rows: str) -> Load:
    """Each row: about,date,kind,detail."""
    frameworks("srde")
    organisations("region,Région,,region")
    loaded(
        "instance,label_fr,framework,role,members,meetings_per_year,chair,source,locator\n"
        "conference,Conférence permanente,srde,Rend un avis,250 participants,2,,document,page 1",
        "facts-instances",
    )
    lines = "\n".join("{},{},document,page 2".format(*row.split("|")) for row in rows)
    return loaded(f"instance,territory_or_item,date,kind,detail,source,locator\n{lines}", "facts-meetings")


pytestmark = pytest.mark.django_db


def test_a_meeting_is_planned_or_held_according_to_the_date_from_which_one_looks(client: Client) -> None:
    body_with_meetings("conference|srde,2010-06-02,session,Dixième conférence")
    body = Body.objects.get()
    early = client.get(f"/instances/{body.pk}", {"as_of": "2010-03-31"}).content.decode()
    late = client.get(f"/instances/{body.pk}", {"as_of": "2010-12-31"}).content.decode()
    assert ("prévue" in early, "prévue" in late) == (True, False)
    assert "1 sur 2" in " ".join(late.split()).replace("<strong>", "").replace("</strong>", "")


def test_who_meets_may_be_an_organisation_and_what_about_is_looked_up() -> None:
    load = body_with_meetings(
        "region|srde,2009-12,vote,Vote", "conference|region,2009,session,Séance", "conference|rien,2009,session,Séance"
    )
    assert counts(load) == "3 read, 2 added, 0 changed, 0 same, 0 closed, 1 rejected"
    assert load.rejections.get().sentence == "« rien » n’est décrit nulle part."
    vote = Meeting.objects.get(kind="vote")
    assert (vote.body, str(vote.organiser), str(vote.about_framework)) == (None, "Région", "Cadre srde")


def test_meetings_can_be_listed_by_state(client: Client) -> None:
    body_with_meetings("conference|srde,2009-06-02,session,Passée", "conference|srde,2030-06-02,session,Future")
    planned = client.get("/instances/reunions", {"state": "planned"}).content.decode()
    assert ("Future" in planned, "Passée" in planned) == (True, False)
