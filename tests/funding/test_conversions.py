"""Totals read in another framework: certain, weighted, at most, unallocated, always the same whole."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from beffroi.analytics.conversion import Tie
from beffroi.funding.queries.conversions import carried_into, frameworks_to_read_in, money_through
from beffroi.funding.queries.questions import Question, UnaskedMoney
from beffroi.provenance.queries import Moment
from beffroi.reference.models import Correspondence, Crosswalk, Framework, Item, Version
from tests.web.factories import loaded

pytestmark = pytest.mark.django_db
LIST = """identifiant,montant,stade,programme,axe
1,100,voté,aides,1 - Un
2,60,voté,aides,2 - Deux
3,40,voté,aides,3 - Trois
4,7,voté,aides,"""


def item(code: str, framework: str = "aides", parent: Item | None = None) -> Item:
    kept, _ = Framework.objects.get_or_create(code=framework, defaults={"label": framework.title(), "kind": "strategy"})
    version, _ = Version.objects.get_or_create(framework=kept)
    found, _ = Item.objects.get_or_create(
        version=version, code=code, defaults={"label": code, "level": "axis", "sort_key": code, "parent": parent}
    )
    return found


def tied(source: Item, target: Item, strength: str = "full", weight: str | None = None) -> None:
    crosswalk, _ = Crosswalk.objects.get_or_create(source=source.version, target=target.version)
    Correspondence.objects.create(
        crosswalk=crosswalk,
        source=source,
        target=target,
        strength=strength,
        weight=None if weight is None else Decimal(weight),
        recorded_from=timezone.now(),
    )


@pytest.fixture(autouse=True)
def amounts() -> None:
    loaded(LIST, "subventions-generiques")


def moment() -> Moment:
    return Moment(timezone.localdate(), timezone.now())


def read(**asked: object) -> tuple[dict[str, tuple[int, int, int]], tuple[int, int, int]]:
    """Each target by its code: certain, weighted, at most; and the whole: certain, uncertain, unallocated."""
    reading = money_through(Question(into="cible", stage="voted"), viewer=AnonymousUser(), moment=moment(), **asked)  # type: ignore[arg-type]
    (part,) = reading.parts
    assert part.sure.is_balanced and part.possible.is_balanced
    codes = dict(Item.objects.values_list("pk", "code"))
    shares = {codes[target]: tuple(amounts) for target, *amounts in part.shares}
    return shares, (part.sure.certain, part.sure.uncertain, part.sure.unallocated)  # type: ignore[return-value]


def test_full_partial_and_unknown_parts() -> None:
    tied(item("1"), item("a", "cible"))
    tied(item("2"), item("a", "cible"), "partial", "0.25")
    tied(item("3"), item("b", "cible"), "partial")
    shares, whole = read()
    assert shares == {"a": (10000, 11500, 11500), "b": (0, 0, 4000)}
    assert whole == (10000, 1500 + 4000, 4500 + 700), "what has no item, and the rest of a known part, is unallocated"


def test_the_nearest_ancestor_carries_an_item_that_nothing_ties() -> None:
    top = item("haut")
    Item.objects.filter(code="1").update(parent=top)
    tied(top, item("a", "cible"))
    assert read()[0] == {"a": (10000, 10000, 10000)}


def test_items_of_the_framework_itself_need_no_crosswalk() -> None:
    item("rien", "cible")
    Item.objects.filter(code="1", version__framework__code="aides").update(version=item("rien", "cible").version)
    assert read()[0] == {"1": (10000, 10000, 10000)}


def test_several_full_correspondences_count_at_most_only() -> None:
    tied(item("1"), item("a", "cible"))
    tied(item("1"), item("b", "cible"))
    reading = money_through(Question(into="cible"), viewer=AnonymousUser(), moment=moment())
    assert reading.doubtful == [item("1").pk]
    assert read()[0] == {"a": (0, 0, 10000), "b": (0, 0, 10000)}


def test_a_correspondence_is_tried_without_being_saved() -> None:
    tied(item("1"), item("a", "cible"))
    tie = Tie(str(item("1").pk), str(item("a", "cible").pk), "partial", Decimal("0.5"))
    assert read(tried=tie)[0] == {"a": (0, 5000, 5000)}
    assert read()[0] == {"a": (10000, 10000, 10000)}


def test_what_an_item_receives_is_told_item_by_item() -> None:
    tied(item("1"), item("a", "cible"))
    tied(item("2"), item("a", "cible"), "partial", "0.25")
    found = carried_into(item("a", "cible").pk, Question(into="cible", stage="voted"), viewer=AnonymousUser(), moment=moment())
    assert [(one.item.code, one.certain, one.at_most, one.said) for one in found] == [
        ("1", 10000, 10000, "totale"),
        ("2", 0, 1500, "partielle, 25 %"),
    ]


def test_only_frameworks_that_something_reaches_are_offered() -> None:
    assert frameworks_to_read_in(AnonymousUser()) == []
    tied(item("1"), item("a", "cible"), "related")
    assert frameworks_to_read_in(AnonymousUser()) == []
    tied(item("2"), item("a", "cible"))
    assert [framework.code for framework in frameworks_to_read_in(AnonymousUser())] == ["cible"]
    with pytest.raises(UnaskedMoney, match="pas un cadre connu"):
        money_through(Question(into="nulle-part"), viewer=AnonymousUser(), moment=moment())
