"""The schedule: what runs by itself, how often. `beffroi tick` runs what is due; a system timer calls it every five minutes."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from beffroi.core import mail
from beffroi.core.models import Mail, ScheduledRun
from beffroi.funding.actions import propose_line_links
from beffroi.funding.queries.consolidated import make_ready
from beffroi.interactions import jobs as interactions
from beffroi.provenance import jobs as loads
from beffroi.provenance.queries import Moment
from beffroi.publishing import jobs as publishing
from beffroi.publishing.dashboards.letters import send_letters

LOG = logging.getLogger("beffroi.jobs")
KEPT_TASKS = KEPT_MAILS = timedelta(days=30)


def clear_sessions(now: datetime) -> None:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def clear_tasks(now: datetime) -> None:
    DBTaskResult.objects.filter(finished_at__lt=now - KEPT_TASKS).delete()


def clear_mails(now: datetime) -> None:
    Mail.objects.filter(sent_at__lt=now - KEPT_MAILS).delete()


def find_line_links(now: datetime) -> None:
    """Records that people united meanwhile bring lines together that no load compared."""
    propose_line_links()


def resume_loads(now: datetime) -> None:
    loads.resume_loads(now)


def make_totals_ready(now: datetime) -> None:
    """A new day has its own totals: what sources speak for from today counts."""
    make_ready(Moment(timezone.localdate(now), now))


Job = tuple[str, timedelta, Callable[[datetime], None]]
SCHEDULE: tuple[Job, ...] = (
    ("requeue_waiting_mails", timedelta(minutes=5), mail.requeue_waiting_mails),
    ("resume_loads", timedelta(minutes=5), resume_loads),
    ("clear_sessions", timedelta(days=1), clear_sessions),
    ("clear_tasks", timedelta(days=1), clear_tasks),
    ("clear_mails", timedelta(days=1), clear_mails),
    ("find_line_links", timedelta(days=1), find_line_links),
    ("make_totals_ready", timedelta(hours=6), make_totals_ready),
    ("remind_operators", timedelta(days=1), interactions.remind_operators),
    ("forget_people", timedelta(days=1), interactions.forget_people),
    ("ask_for_notes", timedelta(minutes=30), interactions.ask_for_notes),
    ("read_replies", timedelta(minutes=5), interactions.read_replies),
    ("end_reservations", timedelta(days=1), interactions.end_reservations),
    ("send_letters", timedelta(hours=1), send_letters),
    ("withdraw_old_names", timedelta(days=1), publishing.withdraw_old_names),
)


def due_jobs(schedule: tuple[Job, ...], *, now: datetime) -> list[Job]:
    last = dict(ScheduledRun.objects.values_list("name", "started_at"))
    return [job for job in schedule if job[0] not in last or now - last[job[0]] >= job[1]]


def run_due_jobs(schedule: tuple[Job, ...] = SCHEDULE, *, now: datetime) -> dict[str, bool]:
    """The jobs that were due, and whether each went well: one that fails does not stop the others."""
    return {name: run_job(name, function, now=now) for name, _, function in due_jobs(schedule, now=now)}


def run_job(name: str, function: Callable[[datetime], None], *, now: datetime) -> bool:
    ScheduledRun.objects.update_or_create(name=name, defaults={"started_at": now})
    try:
        function(now)
    except Exception:
        LOG.exception("The job %s failed", name)
        return False
    return True
