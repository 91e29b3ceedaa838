"""A printed total beside its lines: the difference, and what makes it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from beffroi.funding.enums import PrintedState
from beffroi.funding.queries import PrintedSum, printed_sums, printed_tables
from beffroi.funding.rules import printed as rules
from beffroi.provenance.queries import Moment
from tests.queries import QueryCounts


def shown(programme: str) -> list[PrintedSum]:
    moment = Moment(timezone.localdate(), timezone.now())
    return printed_sums(Q(programme__framework__code=programme), moment=moment, viewer=AnonymousUser())


def told(programme: str, *, label: str = "") -> list[str]:
    """item | lines | printed | difference | state, in euros."""
    return [
        f"{row.row.subject.item or 'Ensemble'} | {row.listed.value} | {row.row.value} | {row.gap.value} | {row.state}"
        for row in shown(programme)
        if label in row.label
    ]


def parts_of(programme: str, item: str) -> list[str]:
    rows = [row for row in shown(programme) if str(row.row.subject.item or "Ensemble") == item and row.parts]
    return [f"{part.label} : {part.figure.value}" for row in rows for part in row.parts]


@pytest.mark.parametrize(
    ("printed", "listed", "unknown", "is_whole", "state"),
    [
        (10_000, 10_000, 0, True, PrintedState.BALANCED),
        (10_000, 12_000, 0, True, PrintedState.DIFFERS),
        (100_000_000, 100_400_00, 0, True, PrintedState.DIFFERS),
        (100_000_000, 100_401_600, 0, True, PrintedState.ROUNDING),
        (10_000, 8_000, 0, True, PrintedState.DIFFERS),
        (10_000, 8_000, 0, False, PrintedState.PARTIAL),
        (10_000, 8_000, 1, True, PrintedState.PARTIAL),
        (10_000, 12_000, 1, True, PrintedState.DIFFERS),
        (None, 12_000, 0, True, PrintedState.NOTHING_TO_COMPARE),
        (10_000, None, 0, True, PrintedState.NOTHING_TO_COMPARE),
    ],
)
def test_what_lines_say_of_a_total(
    printed: int | None, listed: int | None, unknown: int, is_whole: bool, state: PrintedState
) -> None:
    assert rules.printed_state(printed, listed, is_whole=is_whole, unknown=unknown) == state


@pytest.mark.parametrize(
    ("gap", "lines", "margin", "named"),
    [
        (547_048, [730_000, 172_500, 101_516, 445_532], 0, (2, 3)),
        (1_299, [160, 2_889, 1_299], 0, (2,)),
        (1_300, [160, 2_889, 1_299], 5, (2,)),
        (50, [50, 50, 70], 0, ()),
        (-30, [30, 40], 0, (0,)),
        (70, [30, 40], 0, ()),
        (7, [30, 0, 40], 0, ()),
    ],
)
def test_the_one_set_of_lines_that_makes_a_difference(gap: int, lines: list[int], margin: int, named: tuple[int, ...]) -> None:
    assert rules.lines_that_make(gap, dict(enumerate(lines)), margin=margin) == named


def test_a_total_of_totals_is_decomposed_by_its_sub_totals() -> None:
    found = rules.decomposed(60, listed={1: 150, 2: 200, 3: 30}, printed={1: 100, 2: 200, 4: 5})
    assert (found.parts, found.rest) == ({1: 50}, 10)


def test_two_totals_of_one_thing_stand_face_to_face() -> None:
    totals = [(1, ("a",), 300), (2, ("a",), 500), (3, ("b",), 300), (4, ("a",), 300), (5, ("a",), None)]
    assert rules.face_to_face(totals) == [(1, 2), (2, 4)]


def test_clusters_and_industries_in_2009(demo: None) -> None:
    """Each printed total beside the sum of its lines: fourteen agree, TIC, IAA and Images do not."""
    found = [row for row in shown("poles") if row.row.subject.fund is None]
    differing = [row for row in found if row.state == PrintedState.DIFFERS]
    assert (len(found), len(differing)) == (17, 4)
    assert told("poles", label="total imprimé Région et FEDER")[-1] == "Ensemble | 7881665 | 7335638 | 546027 | differs"
    assert parts_of("poles", "Ensemble") == [
        "Filière TIC : 547048", "PE IAA : -11041", "PE Images : 20", "entre les totaux imprimés eux-mêmes : 10000",
    ]  # fmt: skip
    assert parts_of("poles", "Filière TIC")[:2] == [
        "Conseil régional Nord-Pas de Calais · EuraRFID · détail, hors du total imprimé : 101516",
        "FEDER · Eura RFID · total ligne, hors du total imprimé : 445532",
    ]
    assert parts_of("poles", "PE IAA") == ["ce qu’aucune ligne n’explique : -11041"]


def test_the_totals_of_the_two_columns_agree(demo: None) -> None:
    assert told("poles", label="général imprimé") == [
        "Ensemble | 6299370 | 6299370 | 0 | balanced", "Ensemble | 1582295 | 1582295 | 0 | balanced",
    ]  # fmt: skip


def test_funders_of_clusters_by_year(demo: None) -> None:
    """The costs of MAUD are covered to the euro; those of I-TRANS never are."""
    rows = [
        (str(row.row.subject.item).split()[1], row.row.subject.written_period, row.gap.value)
        for row in shown("poles-competitivite")
        if row.lines
    ]
    assert [(year, int(gap or 0)) for name, year, gap in rows if name == "MAUD"] == [
        ("2005", 0), ("2006", 0), ("2007", 0), ("2008", 0), ("2009", 0),
    ]  # fmt: skip
    assert [(year, int(gap or 0)) for name, year, gap in rows if name == "I-TRANS"] == [
        ("2005", -1048596), ("2006", -403942), ("2007", 1458523), ("2008", -1908616), ("2009", 7693639),
    ]  # fmt: skip
    assert [(year, int(gap or 0)) for name, year, gap in rows if name == "Industries"] == [
        ("2005", 0), ("2006", -389500), ("2007", -474800), ("2008", -113578), ("2009", 500),
    ]  # fmt: skip


def test_clusters_in_2011_three_millions_face_five(demo: None) -> None:
    (table,) = printed_tables(shown("financement-clusters-2011"))
    (pair,) = table.facing
    assert (pair.one.value, pair.other.value, pair.difference.value) == (3_000_000, 5_000_000, 2_000_000)
    assert "validé par la Région" in pair.one.subject.label
    assert "budgets votés" in pair.other.subject.label
    assert table.differing == 0


def test_a_total_of_a_part_of_the_programme_names_what_it_leaves_out(demo: None) -> None:
    assert parts_of("feder-npdc-2007-2013", "Recherche-développement, innovation, politique de l'entreprise")[1:] == [
        "Dispositif OSEO (hors subvention globale Région) · FEDER · priorité, hors du total imprimé : 12990000",
        "ce qu’aucune ligne n’explique : 10000",
    ]


def test_a_part_printed_beside_its_whole_is_compared_with_nothing(demo: None) -> None:
    states = {row.row.subject.item.code: row.state for row in shown("plde")}
    assert states == {"plde-artois-comm": PrintedState.DIFFERS, "plde-lys-romane": PrintedState.PART}


def test_the_page_shows_filters_and_gives_its_rows(demo: None, client: Client, queries: QueryCounts) -> None:
    with queries("printed totals"):
        page = client.get("/financements/totaux").content.decode()
    assert "total imprimé différent de ses lignes" in page, "what the checks raised"
    page = client.get("/financements/totaux?programme=financement-clusters-2011").content.decode()
    assert "rivals-badge" in page
    rows = client.get("/financements/totaux?programme=poles&state=differs&format=csv").getvalue().decode()
    assert len(rows.strip().splitlines()) == 5
    assert "7335638" in rows
    wrong = client.get("/financements/totaux?state=nimporte").content.decode()
    assert ("Aucun total imprimé ne correspond" in wrong, "Filière TIC" in wrong) == (False, True)
    empty = client.get("/financements/totaux?programme=poles&state=partial").content.decode()
    assert "Aucun total imprimé ne correspond" in empty


def test_the_printed_totals_are_shown_a_page_at_a_time(demo: None, client: Client) -> None:
    whole = client.get("/financements/totaux")
    count = whole.context["count"]
    pages = [client.get(f"/financements/totaux?page={nth}") for nth in range(1, whole.context["page"].paginator.num_pages + 1)]
    shown = [[len(table.rows) for table in page.context["section"]["tables"]] for page in pages]
    assert (sum(map(sum, shown)), max(map(sum, shown)) <= 50, len(pages) > 1) == (count, True, True)
    rows = client.get("/financements/totaux?format=csv").getvalue().decode().strip().splitlines()
    assert len(rows) == count + 1, "the file has them all"


def test_why_a_sum_of_lines_and_a_difference(demo: None, client: Client) -> None:
    (printed,) = [row for row in shown("poles") if str(row.row.subject.item) == "Filière TIC" and not row.row.subject.fund]
    page = client.get(f"/why/printed:{printed.pk}").content.decode()
    assert "ne s’y ajoute pas" in page
    assert "hors du total imprimé" in page
    (pair,) = printed_tables(shown("financement-clusters-2011"))[0].facing
    assert "deux totaux" in client.get(f"/why/{pair.difference.why}").content.decode()
    assert client.get("/why/printed:99999").status_code == 404
    assert client.get("/why/facing:1").status_code == 404
