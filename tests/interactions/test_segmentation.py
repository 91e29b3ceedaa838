"""Companies classed from their accounts: dated, with their inputs; two runs crossed."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from beffroi.accounts.enums import Role, Visibility
from beffroi.actors.models import Organisation
from beffroi.core.refusals import Refused
from beffroi.interactions.actions.segments import run_segmentation
from beffroi.interactions.models import Accounts, Segmentation, SegmentationRun
from beffroi.interactions.queries import segments
from beffroi.interactions.queries.accounts import companies_frame, readable, years_known
from beffroi.provenance.enums import Extent
from beffroi.provenance.models import Rejection
from tests.accounts.factories import partner, person
from tests.actors.factories import hidden, relation
from tests.interactions.factories import company
from tests.queries import QueryCounts
from tests.web.factories import counts, loaded

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 20)
HEAD = "SIREN;Nom;Exercice;CA;Valeur ajoutée;EBE;Investissements;Incorporel;Total bilan;Capitaux propres;Effectif;Secteur"
SIRENS = ("552100554", "542051180", "552032534", "775670417", "552081317", "542107651", "562082909", "552120222", "479766842")


def accounts(who: Organisation, year: int = 2024, **fields: Any) -> Accounts:
    """A middling company: fields in euros change it."""
    euros = {"turnover": 1000, "value_added": 400, "ebitda": 100, "investment": 40, "intangible_assets": 20,
             "total_assets": 800, "equity": 200}  # fmt: skip
    told: dict[str, Any] = {
        "visibility": Visibility.PARTNERS,
        "owner": partner(),
        "headcount": 20,
        "kind": "social",
        "sector": "13",
    }
    given = {name: fields.pop(name, value) for name, value in euros.items()}
    cents = {name: None if value is None else value * 100 for name, value in given.items()}
    return Accounts.objects.create(organisation=who, year=year, **told | cents | fields)


def sector(number: int = 6) -> list[Organisation]:
    """Companies from the weakest to the strongest in everything."""
    made = [company(f"Entreprise {place}") for place in range(number)]
    for place, one in enumerate(made):
        accounts(one, 2021, headcount=20)
        more = {
            "value_added": 300 + 50 * place,
            "ebitda": 20 * (place + 1),
            "equity": 100 + 60 * place,
            "headcount": 20 + place,
        }
        accounts(one, 2024, turnover=900 + 100 * place, investment=20 + 20 * place, **more)
    return made


def run(method: str = "innoscope", year: int = 2024, **fields: Any) -> SegmentationRun:
    told = {"owner": partner(), "visibility": Visibility.PARTNERS, "on": ON} | fields
    by = told.pop("by", None) or person(f"{method}{SegmentationRun.objects.count()}@lille.example", role=Role.ANALYST)
    return run_segmentation(method=method, year=year, by=by, **told)


def classes(found: SegmentationRun) -> dict[str, str]:
    return dict(found.classes.order_by("organisation__sort_key").values_list("organisation__name", "segment"))


# What is read


def test_company_accounts_come_before_consolidated_ones_and_unknown_stays_unknown() -> None:
    one = company(created="1979-05-01", activity="13.20Z")
    accounts(one, kind="consolidated", turnover=9000)
    accounts(one, kind="social", turnover=None, sector="")
    row = companies_frame(readable(partner(), Visibility.PARTNERS), 2024).to_dicts()[0]
    assert (row["turnover_3"], row["turnover_0"], row["accounts"]) == (None, None, "social")
    assert (row["value_added_3"], row["sector"], row["created"], row["is_owned"]) == (400.0, "13", 1979, 0.0)


def test_a_run_reads_nothing_that_its_readers_may_not_see() -> None:
    accounts(company("Ouverte"))
    accounts(company("Réservée"), 2023, visibility=Visibility.OWNER)
    accounts(hidden("Cachée"), 2022)
    accounts(company("D’un autre"), 2020, visibility=Visibility.OWNER, owner=partner("amiens"))
    assert years_known(readable(partner(), Visibility.PARTNERS)) == [2024]
    assert years_known(readable(partner(), Visibility.OWNER)) == [2024, 2023, 2022]


def test_what_another_organisation_owns_is_told_by_relations() -> None:
    owned = company("Filiale")
    relation(company("Groupe"), "owns", owned)
    accounts(owned)
    assert companies_frame(readable(partner(), 1), 2024)["is_owned"].to_list() == [1.0]
    assert classes(run("profils-cci")) == {"Filiale": "p2"} or classes(SegmentationRun.objects.get()) == {"Filiale": ""}


# Runs


def test_innoscope_crosses_performance_and_speed_of_evolution() -> None:
    sector()
    found = run()
    assert classes(found) | {} == {
        "Entreprise 0": "type-4",
        "Entreprise 1": "type-4",
        "Entreprise 2": "type-4",
        "Entreprise 3": "type-4",
        "Entreprise 4": "type-1",
        "Entreprise 5": "type-1",
    }
    row = found.classes.get(organisation__name="Entreprise 5")
    levels = {str(one.label): one.level for one in segments.inputs_of(row)}
    assert levels["excédent brut sur chiffre d’affaires"] == "high"
    assert (found.version, found.year, {one["sector"] for one in found.thresholds}) == ("proposition-1", 2024, {"13"})
    assert segments.method_of(found).is_proposed


def test_a_run_stays_as_it_was_made() -> None:
    sector()
    before = classes(run())
    Accounts.objects.all().delete()
    assert classes(SegmentationRun.objects.get()) == before
    with pytest.raises(Refused, match="Aucun compte de l’exercice 2024"):
        run()


def test_without_the_figures_there_is_no_class() -> None:
    accounts(company("Muette"), turnover=None, value_added=None, equity=None, headcount=None)
    assert classes(run("marmuse-godest")) == {"Muette": ""}
    seven = run("profils-cci")
    assert classes(seven) == {"Muette": ""}
    assert "n’ont pu être écartés" in seven.classes.get().remarks
    assert str(segments.method_of(seven).label_of("")) == "pas assez de chiffres"


# Crossed


def test_two_methods_agree_here_and_not_there() -> None:
    sector(9)
    found = segments.crossed_runs(run(), run("profils-cci"), viewer=person())
    assert not found.is_movement and found.table.companies == 9
    assert sum(cell.companies or 0 for cell in found.table.cells.values()) <= 9
    assert all(cell.companies is None or cell.companies == 0 or cell.companies >= 3 for cell in found.table.cells.values())
    assert "Innoscope" not in map(str, found.labels[0]) and len(found.labels[1]) == 9


def test_who_changed_class_between_two_dates() -> None:
    made = [company(f"Entreprise {place}") for place in range(8)]
    before, after = (
        SegmentationRun.objects.create(method="innoscope", version="1", on=date(year, 1, 1), year=year, visibility=1)
        for year in (2024, 2025)
    )
    for place, one in enumerate(made):
        Segmentation.objects.create(run=before, organisation=one, segment="type-4")
        if place < 7:
            Segmentation.objects.create(run=after, organisation=one, segment="type-1" if place < 4 else "type-4")
    found = segments.crossed_runs(before, after, viewer=person())
    assert found.is_movement and found.table.companies == 7
    shown = {key: cell.companies for key, cell in found.table.cells.items() if cell.companies != 0}
    assert shown == {("type-4", "type-1"): 4, ("type-4", "type-4"): 3}
    assert (found.left, found.joined) == (None, 0)


def test_a_class_that_no_method_names_is_shown_as_it_was_loaded() -> None:
    made = SegmentationRun.objects.create(method="maison", version="1", on=ON, year=2026, visibility=1)
    for place in range(3):
        Segmentation.objects.create(run=made, organisation=company(f"E{place}"), segment="étoile")
    assert segments.counts_of(made, person()) == [("pas assez de chiffres", "", 0), ("étoile", "étoile", 3)]
    assert segments.crossed_runs(made, made, viewer=person("b@lille.example")).table.rows == ("", "étoile")


# Loads


def accounts_file(
    *rows: str, source: str = "comptes", as_of: date = date(2025, 1, 1), profile: str = "comptes-entreprises"
) -> Any:
    return loaded("\n".join([HEAD, *rows]), profile, source=source, as_of=as_of, extent=Extent.FULL)


def test_accounts_are_loaded_and_the_same_file_again_changes_nothing() -> None:
    company("Déjà là", siren=SIRENS[0])
    rows = (
        f"{SIRENS[0]};;2024;1 000,50;400;-10;;;;;12,5;13",
        f"{SIRENS[1]};Nouvelle SA;2024;2000;;;;;;;;",
        f"{SIRENS[2]};;2024;2000;;;;;;;;",
        f"{SIRENS[0]};;2024;9;;;;;;;;",
        "123456789;Fausse;2024;9;;;;;;;;",
    )
    load = accounts_file(*rows)
    assert counts(load) == "5 read, 2 added, 0 changed, 0 same, 0 closed, 3 rejected"
    said = " ".join(Rejection.objects.filter(load=load).values_list("sentence", flat=True))
    assert "ajoutez une colonne avec son nom" in said and "Deux lignes donnent les comptes" in said and "SIREN" in said
    kept = Accounts.objects.get(organisation__siren=SIRENS[0])
    assert (kept.turnover, kept.ebitda, kept.investment, float(kept.headcount or 0)) == (100_050, -1_000, None, 12.5)
    again = accounts_file(*rows[:2])
    assert counts(again).startswith("2 read, 0 added, 0 changed, 2 same")
    corrected = accounts_file(f"{SIRENS[0]};;2024;1100;;;;;;;;13", rows[1], as_of=date(2025, 2, 1))
    assert counts(corrected) == "2 read, 0 added, 1 changed, 1 same, 0 closed, 0 rejected"
    assert Accounts.objects.get(organisation__siren=SIRENS[0]).turnover == 110_000


def test_the_chambers_own_classes_are_a_run_of_their_date() -> None:
    head = "SIREN;Nom;Profil\n"

    def given(year: int, *rows: str) -> Any:
        text = head + "\n".join(f"{siren};Entreprise {siren};{profile}" for siren, profile in (row.split() for row in rows))
        return loaded(
            text.replace("_", " "), "classes-entreprises", source="chambre", as_of=date(year, 1, 1), extent=Extent.FULL
        )

    given(2025, f"{SIRENS[0]} artisans", f"{SIRENS[1]} leaders_commerciaux")
    given(2026, f"{SIRENS[0]} artisans", f"{SIRENS[1]} artisans")
    runs = list(SegmentationRun.objects.order_by("on"))
    assert [(one.method, one.on.year, sorted(classes(one).values())) for one in runs] == [
        ("profils-cci", 2025, ["p3", "p5"]),
        ("profils-cci", 2026, ["p5", "p5"]),
    ]
    assert counts(given(2026, f"{SIRENS[0]} artisans", f"{SIRENS[1]} p7")).startswith("2 read, 0 added, 1 changed, 1 same")
    assert sorted(classes(runs[1]).values()) == ["p5", "p7"]


# On screen


def test_classing_companies_on_screen(client: Client, queries: QueryCounts) -> None:
    client.force_login(person(role=Role.ANALYST))
    home = reverse("interactions:segmentation")
    assert "Aucun classement ne vous est visible" in client.get(home).text
    made = sector()
    told = {"method": "innoscope", "year": "2024", "visibility": "1"}
    answer = client.post(reverse("interactions:add_segmentation_run"), told)
    found = SegmentationRun.objects.get()
    assert answer.headers["Location"] == reverse("interactions:segmentation_run", args=[found.pk])
    with queries("a segmentation run"):
        page = client.get(answer.headers["Location"]).text
    assert "proposition" in page and "Entreprise 5" in page and "secret" in page
    assert "Entreprise 5" not in client.get(answer.headers["Location"], {"segment": "type-4"}).text
    assert "Aucune entreprise de cette classe" in client.get(answer.headers["Location"], {"segment": "inconnue"}).text
    assert "type-1" in b"".join(client.get(answer.headers["Location"], {"format": "csv"})).decode()
    with queries("segmentation runs"):
        assert "Innoscope" in client.get(home).text
    sheet = client.get(made[5].get_absolute_url()).text
    assert "Performante, en évolution rapide" in sheet and "tiers supérieur" in sheet


def test_crossing_on_screen(client: Client, queries: QueryCounts) -> None:
    sector(9)
    one, other = run(), run("marmuse-godest")
    client.force_login(person())
    where = reverse("interactions:crossed_segmentation")
    assert "Croiser deux classements" in client.get(where).text
    assert "Croiser deux classements" in client.get(where, {"one": one.pk, "other": one.pk}).text
    with queries("two segmentations crossed"):
        page = client.get(where, {"one": one.pk, "other": other.pk}).text
    assert "Accord entre deux classements" in page and "9 entreprises sont dans les deux" in page
    later = run()
    assert "Qui a changé de classe" in client.get(where, {"one": one.pk, "other": later.pk}).text
    assert b"".join(client.get(where, {"one": one.pk, "other": other.pk, "format": "csv"})).decode().count("\n") == 26


def test_a_run_that_its_owner_keeps_is_nobody_elses(client: Client) -> None:
    sector()
    kept = run(visibility=Visibility.OWNER)
    client.force_login(person("paul@amiens.example", at="amiens"))
    assert client.get(reverse("interactions:segmentation_run", args=[kept.pk])).status_code == 404
    assert segments.classes_about([Organisation.objects.earliest("pk").pk], AnonymousUser()) == []
    client.force_login(person(role=Role.DEVELOPER))
    assert client.get(reverse("interactions:add_segmentation_run")).status_code == 403


def test_a_year_without_accounts_is_refused_on_screen(client: Client) -> None:
    accounts(company("Réservée"), 2023, visibility=Visibility.OWNER)
    client.force_login(person(role=Role.ANALYST))
    told = {"method": "innoscope", "year": "2023", "visibility": "1"}
    answer = client.post(reverse("interactions:add_segmentation_run"), told)
    assert answer.status_code == 422 and "Aucun compte de l’exercice 2023" in answer.text
    assert pl.DataFrame(list(SegmentationRun.objects.values())).is_empty()
