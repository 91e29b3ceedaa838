"""The list of England: pounds under headers of millions, German months, commas; what is no day is refused, not guessed."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from beffroi.funding.models import LineClaim, Operation
from beffroi.provenance import actions
from beffroi.provenance.models import Load, Profile
from beffroi.web.loads import write_load

pytestmark = pytest.mark.django_db
PROFILE = "fesi-angleterre-2014-2020"
LIST = Path(__file__).parents[3] / "shared" / "data" / "operations-ue" / "uk_england_esif_2014_2020_oct2016.csv"
HEAD = "Recipient of funds,Name of Project,Start date,End date,ERDF/ESF investment £m,Total project costs £m,Country"


def listed(path: Path) -> Load:
    actions.seed_profiles()
    source = actions.register_source("dclg", title="Liste", publisher="DCLG")
    snapshot = actions.take_snapshot(path, source=source)
    return write_load(actions.request_load(snapshot, profile=Profile.objects.get(code=PROFILE), by=None))


def test_pounds_and_german_months(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f'{HEAD}\nCouncil,Hub,01. Dez 21,Mrz 23,"1434364,50",2390607,England\nCity,Lab,31-Nov-18,,1,2,England\n')
    load = listed(path)
    assert (load.added, load.rejections.get().value) == (1, "31-Nov-18")
    assert "date qui existe" in load.rejections.get().sentence
    hub = Operation.objects.values_list("start", "end", "currency").get()
    assert hub == (date(2021, 12, 1), date(2023, 3, 31), "GBP")
    assert LineClaim.objects.get().cents == 143436450


def test_the_published_list() -> None:
    if not LIST.exists():
        pytest.skip("the list of England is not on this machine")
    load = listed(LIST)
    assert (load.read, load.added, load.rejected) == (394, 392, 2)
    assert {row.value for row in load.rejections.all()} == {"31/04/2014", "31-Nov-18"}
    refused = sum(Decimal(row.content["ERDF/ESF investment £m"].replace(",", ".")) for row in load.rejections.all())
    told = sum(Decimal(cents or 0) for cents in LineClaim.objects.order_by("pk").values_list("cents", flat=True)) / 100
    assert told + refused == Decimal("1451379143.11")
