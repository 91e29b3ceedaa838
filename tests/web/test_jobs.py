from datetime import timedelta

import pytest
from django.utils import timezone

from beffroi.core.models import Mail
from beffroi.web import jobs

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_job_runs_when_it_is_due_and_a_failing_one_stops_nobody():
    ran: list[str] = []
    schedule = (
        ("broken", HOUR, lambda now: ran.append("broken") or 1 / 0),
        ("hourly", HOUR, lambda now: ran.append("hourly")),
        ("daily", 24 * HOUR, lambda now: ran.append("daily")),
    )
    start = timezone.now()
    assert jobs.run_due_jobs(schedule, now=start) == {"broken": False, "hourly": True, "daily": True}
    assert jobs.run_due_jobs(schedule, now=start + HOUR / 2) == {}
    assert list(jobs.run_due_jobs(schedule, now=start + HOUR)) == ["broken", "hourly"]
    assert ran == ["broken", "hourly", "daily", "broken", "hourly"]


def test_the_schedule_runs_and_clears_what_is_old():
    now = timezone.now()
    Mail.objects.create(to="a@b.example", subject="vieux", sent_at=now - timedelta(days=31))
    Mail.objects.create(to="a@b.example", subject="récent", sent_at=now - timedelta(days=29))
    assert set(jobs.run_due_jobs(now=now).values()) == {True}
    assert [mail.subject for mail in Mail.objects.all()] == ["récent"]


def test_each_job_has_its_own_name():
    names = [name for name, _, _ in jobs.SCHEDULE]
    assert len(set(names)) == len(names)
