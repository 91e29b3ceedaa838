"""Whatever is sent: a sentence or rows, none lost, nothing stored by halves, and the server still answers."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beffroi.connectors.check import check
from beffroi.connectors.files import UnreadableFile
from beffroi.connectors.profile import Profile
from beffroi.connectors.rejections import rejections_table
from beffroi.connectors.staging import finished_check, read_staged
from beffroi.funding.models import ExpenditureClaim, LineClaim, SumClaim
from beffroi.indicators.models import Cell, Dimension, Observation
from beffroi.provenance import actions
from beffroi.provenance import models as provenance
from beffroi.provenance.enums import Extent, LoadState
from beffroi.provenance.models import Load, Statement
from beffroi.reference.models import Framework, Item
from beffroi.web import loads
from tests.fuzz.files import PROFILES, Sent, giants, sent_files
from tests.provenance.factories import analyst, answers, document, signed_in

pytestmark = pytest.mark.any_time
whatever = settings(suppress_health_check=list(HealthCheck), print_blob=True)
codes = st.sampled_from(sorted(PROFILES))
STORED = (Statement, Observation, LineClaim, ExpenditureClaim, SumClaim, Cell, Dimension, Framework, Item)
ANSWERS = {200, 302, 413, 422}
GIANTS = sorted(giants(PROFILES["facts-observations"]))


@pytest.fixture(scope="module")
def time_left(request: pytest.FixtureRequest) -> Callable[[], bool]:
    """The long campaign stops after `--fuzz-minutes`, whatever the number of its examples."""
    end = time.monotonic() + 60 * request.config.getoption("--fuzz-minutes")
    return lambda: time.monotonic() < end


def assert_is_a_sentence(text: str) -> None:
    assert text[:1].isupper() or text[:1] == "«", text
    assert text.rstrip("…").endswith((".", "!", "?", "»")), text
    assert not any(word in text for word in ("Error", "Traceback", "Exception", "site-packages")), text


def assert_sound_check(sent: Sent, profile: Profile) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / sent.name
        path.write_bytes(sent.content)
        try:
            found = check(profile, path, folder=folder / "staging")
        except UnreadableFile as refusal:
            assert_is_a_sentence(str(refusal))
            assert finished_check(folder / "staging") is None
            return
        reasons = rejections_table(folder / "staging")
        assert found.read == found.accepted + found.rejected
        assert found.accepted == sum(frame.height for frame in read_staged(folder / "staging"))
        assert found.rejected == reasons["row"].n_unique()
        for sentence in reasons["sentence"].unique():
            assert_is_a_sentence(sentence)


def stored() -> list[int]:
    return [model.objects.count() for model in STORED]


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def loaded(sent: Sent, profile: Profile, extent: Extent) -> Load:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / sent.name
        path.write_bytes(sent.content)
        snapshot = actions.take_snapshot(path, source=document())
        row = provenance.Profile.objects.get(code=profile.code)
        return loads.run_load(actions.request_load(snapshot, profile=row, by=None, extent=extent))


def assert_whole_or_nothing(sent: Sent, profile: Profile, extent: Extent = Extent.FULL) -> None:
    before = stored()
    load = loaded(sent, profile, extent)
    load.refresh_from_db()
    assert load.state in {LoadState.APPLIED, LoadState.REFUSED}
    if load.state == LoadState.REFUSED:
        assert_is_a_sentence(load.message)
        assert stored() == before
        return
    assert load.difference == 0, (load.read, load.loaded, load.rejected)
    for sentence in load.rejections.values_list("sentence", flat=True).distinct():
        assert_is_a_sentence(sentence)


@given(st.data())
@whatever
def test_any_file_is_checked_to_the_last_row(time_left: Callable[[], bool], data: st.DataObject) -> None:
    profile = PROFILES[data.draw(codes)]
    sent = data.draw(sent_files(profile))
    if time_left():
        assert_sound_check(sent, profile)


@pytest.mark.parametrize("name", GIANTS)
def test_giants_are_checked_too(name: str) -> None:
    profile = PROFILES["facts-observations"]
    assert_sound_check(giants(profile)[name], profile)


@given(st.data())
@whatever
def test_any_file_is_loaded_whole_or_not_at_all(demo: None, time_left: Callable[[], bool], data: st.DataObject) -> None:
    profile = PROFILES[data.draw(codes)]
    sent, extent = data.draw(sent_files(profile)), data.draw(st.sampled_from(Extent))
    if time_left():
        with undone():
            assert_whole_or_nothing(sent, profile, extent)


@given(st.data())
@whatever
def test_the_site_answers_whatever_is_sent(demo: None, time_left: Callable[[], bool], data: st.DataObject) -> None:
    code = data.draw(codes)
    sent = data.draw(sent_files(PROFILES[code]))
    if time_left():
        with undone():
            assert_site_answers(sent, code)


@pytest.mark.parametrize("name", ["a cell of 10 MB", "a zip bomb", "an endless line", "a header twice", "nothing"])
def test_the_site_answers_giants(demo: None, name: str) -> None:
    assert_site_answers(giants(PROFILES["facts-observations"])[name], "facts-observations")


def assert_site_answers(sent: Sent, code: str) -> None:
    client = signed_in(analyst())
    upload = SimpleUploadedFile(sent.name, sent.content)
    answer = client.post("/donnees/chargements/nouveau", answers(upload, code))
    assert answer.status_code in ANSWERS
    if answer.status_code == 302:
        address = answer["Location"]
        assert client.get(address).status_code == 200
        assert b"".join(client.get(f"{address}/rejets.csv").streaming_content) is not None
        assert client.post(f"{address}/appliquer").status_code in ANSWERS
        assert client.get(address).status_code == 200
    assert client.get("/healthz").status_code == 200
