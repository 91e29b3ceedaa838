import os
import stat

import pytest

from beffroi.web import data_folder

pytestmark = pytest.mark.django_db


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA = tmp_path / "data"
    data_folder.make_data_folder(settings.DATA)
    return settings.DATA


def test_the_process_says_that_it_lives_without_asking_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_the_icon_that_a_browser_asks_of_its_own_accord_is_there(client):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(".svg")


@pytest.mark.any_time
def test_ready_when_each_part_is(client, data):
    assert client.get("/readyz").json()["worker"] is False
    data_folder.record_beat(data)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": True, "migrations": True, "data_folder": True, "worker": True}


@pytest.mark.any_time
def test_not_ready_when_the_worker_is_silent_or_the_folder_gone(client, data):
    data_folder.record_beat(data)
    os.utime(data / "worker.beat", (0, 0))
    (data / "staging").rmdir()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "not ready",
        "database": True,
        "migrations": True,
        "data_folder": False,
        "worker": False,
    }


def test_the_data_folder_is_closed_to_others(data):
    folders = [data, *(path for path in data.iterdir() if path.is_dir())]
    assert {path.name for path in folders[1:]} == set(data_folder.FOLDERS)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o750}
