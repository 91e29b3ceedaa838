"""Who works on a load, and what becomes of a load whose work stopped."""

import fcntl
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from beffroi.provenance import actions, jobs
from beffroi.provenance.enums import LoadState
from beffroi.provenance.models import Load, Profile
from beffroi.web import loads
from tests.provenance.factories import analyst, frameworks_file, sent, signed_in
from tests.web.factories import frameworks

pytestmark = pytest.mark.django_db


@pytest.fixture
def checked() -> Load:
    return sent(signed_in(analyst()), frameworks_file("neuf,Un cadre neuf"))


def left(load: Load, state: LoadState) -> Load:
    Load.objects.filter(pk=load.pk).update(state=state)
    load.refresh_from_db()
    return load


def test_one_process_at_a_time_works_on_a_load(checked: Load) -> None:
    with actions.sole_worker(checked.pk) as is_mine:
        assert is_mine
        assert actions.is_worked_on(checked)
    assert not actions.is_worked_on(checked)


@pytest.mark.parametrize(("state", "after"), [(LoadState.CHECKING, LoadState.CHECKED), (LoadState.APPLYING, LoadState.APPLIED)])
def test_a_load_that_nobody_works_on_is_taken_up_again(checked: Load, state: LoadState, after: LoadState) -> None:
    assert jobs.resume_loads(timezone.now()) == []
    left(checked, state)
    with actions.sole_worker(checked.pk):
        assert jobs.resume_loads(timezone.now()) == [], "somebody works on it"
    assert jobs.resume_loads(timezone.now()) == [checked]
    checked.refresh_from_db()
    assert checked.state == after


def test_a_load_that_waits_too_long_is_queued_again(checked: Load) -> None:
    waiting = actions.request_load(checked.snapshot, profile=checked.profile, by=None)
    assert jobs.resume_loads(timezone.now() + timedelta(minutes=1)) == []
    assert jobs.resume_loads(timezone.now() + timedelta(minutes=3)) == [waiting]
    waiting.refresh_from_db()
    assert waiting.state == LoadState.CHECKED


def test_a_task_that_comes_twice_does_nothing_the_second_time(checked: Load) -> None:
    jobs.check_load_task.call(checked.pk)
    loads.apply_load_task.call(checked.pk)
    checked.refresh_from_db()
    assert checked.state == LoadState.CHECKED


def test_what_nobody_foresaw_keeps_nothing_and_says_so(checked: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(load: Load, frames: object) -> None:
        Profile.objects.filter(pk=load.profile_id).update(label="changé")
        raise ZeroDivisionError

    monkeypatch.setitem(loads.LOADERS, "frameworks", broken)
    left(checked, LoadState.APPLYING)
    with pytest.raises(ZeroDivisionError):
        loads.apply_load_task.call(checked.pk)
    checked.refresh_from_db()
    assert checked.state == LoadState.CHECKED
    assert "rien n’est gardé" in checked.message
    assert not Profile.objects.filter(label="changé").exists()


def test_a_load_whose_check_is_lost_asks_to_be_sent_again(checked: Load) -> None:
    for path in actions.staging_folder(checked).iterdir():
        path.unlink()
    left(checked, LoadState.APPLYING)
    with pytest.raises(ValueError, match="pas terminé"):
        loads.apply_load_task.call(checked.pk)
    checked.refresh_from_db()
    assert checked.state == LoadState.REFUSED


def test_a_lock_taken_away_by_its_last_holder_gives_no_right_to_work(monkeypatch: pytest.MonkeyPatch) -> None:
    flock = fcntl.flock

    def late(lock: Any, how: int) -> None:
        flock(lock, how)
        Path(lock.name).unlink()

    monkeypatch.setattr(fcntl, "flock", late)
    with actions.sole_worker(0) as is_mine:
        assert not is_mine


def test_giving_up_leaves_a_finished_load_as_it_is() -> None:
    load = frameworks("plan")
    assert actions.give_up(load, RuntimeError("trop tard")).state == LoadState.APPLIED
