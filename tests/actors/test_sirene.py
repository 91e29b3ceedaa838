"""SIRENE: what is known by its SIREN is completed, never doubled; what INSEE masks is shown to nobody outside."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from beffroi.accounts.enums import Visibility
from beffroi.actors.enums import SameAsState
from beffroi.actors.models import Establishment, EstablishmentPeriod, ExternalId, Name, Organisation, SameAs
from beffroi.actors.queries import sites_of
from beffroi.provenance.enums import Extent
from beffroi.provenance.models import Load
from beffroi.reference.models import Framework, Item, Version
from beffroi.web.commands import main
from tests.accounts.factories import partner, person
from tests.actors.factories import coded, organisation
from tests.queries import counted
from tests.web.factories import counts, loaded

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[3] / "shared" / "data" / "entreprises"
UNITS, SITES, PERIODS = "sirene-unites-legales", "sirene-etablissements", "sirene-periodes"
RELEASE = date(2024, 3, 1)

UNIT_HEAD = (
    "siren,statutDiffusionUniteLegale,dateCreationUniteLegale,sigleUniteLegale,prenomUsuelUniteLegale,identifiantAssociationUniteLegale,"
    "trancheEffectifsUniteLegale,anneeEffectifsUniteLegale,categorieEntreprise,anneeCategorieEntreprise,dateDebut,"
    "etatAdministratifUniteLegale,nomUniteLegale,denominationUniteLegale,denominationUsuelle1UniteLegale,"
    "categorieJuridiqueUniteLegale,activitePrincipaleUniteLegale,nomenclatureActivitePrincipaleUniteLegale,nicSiegeUniteLegale,"
    "societeMissionUniteLegale"
)
MILL = "542107651,O,1954-01-01,FDN,,,12,2021,PME,2021,2008-01-01,A,,FILATURE DU NORD,LE FIL,5499,13.10Z,NAFRev2,00013,"
PERSON = "732829320,O,2010-05-01,,ALIX,,,,,,2010-05-01,A,PETIT,,,1000,43.21A,NAFRev2,00074,"
MASKED = "443061841,P,2002-05-16,,[ND],,,,,,2002-05-16,A,[ND],[ND],,5499,62.01Z,NAFRev2,00047,"
CLUB = "130025265,O,,,,W595001234,,,,,1984-12-25,C,,AMIS DU LAC,,9220,91.3E,NAFRev1,00010,"

SITE_HEAD = (
    "siren,siret,statutDiffusionEtablissement,dateCreationEtablissement,trancheEffectifsEtablissement,anneeEffectifsEtablissement,"
    "etablissementSiege,complementAdresseEtablissement,numeroVoieEtablissement,indiceRepetitionEtablissement,typeVoieEtablissement,"
    "libelleVoieEtablissement,codePostalEtablissement,libelleCommuneEtablissement,codeCommuneEtablissement,dateDebut,"
    "etatAdministratifEtablissement,enseigne1Etablissement,enseigne2Etablissement,activitePrincipaleEtablissement,"
    "nomenclatureActivitePrincipaleEtablissement,identifiantAdresseEtablissement"
)
SEAT = (
    "542107651,54210765113030,O,1900-01-01,12,2021,true,BAT C,12,B,RUE,DU FIL,59100,ROUBAIX,59512,2008-01-01,A,LE FIL,"
    "LA BOBINE,13.10Z,NAFRev2,x"
)
SHUT = "542107651,54210765113048,O,1970-02-03,,,false,,3,,AV,DE LILLE,59000,LILLE,59350,1991-06-30,F,,,22.02,NAP,"


def units(*rows: str, **options: object) -> Load:
    return loaded("\n".join([UNIT_HEAD, *rows]), UNITS, source="insee", **({"as_of": RELEASE} | options))  # type: ignore[arg-type]


def sites(*rows: str, **options: object) -> Load:
    return loaded("\n".join([SITE_HEAD, *rows]), SITES, source="insee", **({"as_of": RELEASE} | options))  # type: ignore[arg-type]


def of(siren: str) -> Organisation:
    return Organisation.objects.get(siren=siren)


def names(siren: str) -> set[tuple[str, str]]:
    return set(Name.objects.filter(organisation__siren=siren).values_list("kind", "text"))


def test_a_unit_is_told_as_the_register_says() -> None:
    assert counts(units(MILL)) == "1 read, 1 added, 0 changed, 0 same, 0 closed, 0 rejected"
    mill = of("542107651")
    assert (mill.name, mill.acronym, mill.kind, mill.legal_category) == ("FILATURE DU NORD", "FDN", "company", "5499")
    assert (mill.state, mill.situation_since, mill.created) == ("A", date(2008, 1, 1), "1954-01-01")
    assert (mill.headcount, mill.headcount_year, mill.size, mill.size_year) == ("12", 2021, "PME", 2021)
    assert (mill.activity, mill.activity_version, mill.seat) == ("13.10Z", "NAFRev2", "54210765100013")
    assert (mill.row, mill.visibility, names("542107651")) == (2, Visibility.PUBLIC, {("usual", "LE FIL")})


def test_the_same_file_again_changes_nothing() -> None:
    units(MILL, CLUB)
    assert counts(units(MILL, CLUB)) == "2 read, 0 added, 0 changed, 2 same, 0 closed, 0 rejected"
    assert Organisation.objects.count() == 2


def test_an_organisation_of_a_list_is_completed_and_keeps_its_name_as_an_alias() -> None:
    known = organisation("Filature Nord SA", "other", siren="542107651")
    assert counts(units(MILL)) == "1 read, 1 added, 0 changed, 0 same, 0 closed, 0 rejected"
    known.refresh_from_db()
    assert (known.name, known.kind, known.activity) == ("FILATURE DU NORD", "company", "13.10Z")
    assert ("alias", "Filature Nord SA") in names("542107651")
    assert Organisation.objects.count() == 1


def test_a_name_written_otherwise_and_a_stated_kind_stay() -> None:
    known = organisation("Filature du Nord", "cluster", siren="542107651")
    units(MILL)
    known.refresh_from_db()
    assert (known.name, known.kind) == ("Filature du Nord", "cluster")


def test_a_later_release_that_renames_keeps_the_former_name() -> None:
    units(MILL)
    later = MILL.replace("FILATURE DU NORD", "TISSAGES RÉUNIS").replace("FDN", "TR")
    assert counts(units(later, as_of=date(2025, 3, 1))) == "1 read, 0 added, 1 changed, 0 same, 0 closed, 0 rejected"
    assert of("542107651").name == "TISSAGES RÉUNIS"
    assert {("former", "FILATURE DU NORD"), ("acronym", "FDN")} <= names("542107651")


def test_an_older_release_undoes_nothing() -> None:
    units(MILL)
    load = units(MILL.replace("FILATURE", "ANCIENNE FILATURE"), as_of=date(2020, 1, 1))
    assert (load.state, of("542107651").name) == ("refused", "FILATURE DU NORD")
    assert "plus récent, daté du 01/03/2024" in load.message


def test_what_the_latest_complete_file_no_longer_has_is_closed_not_deleted() -> None:
    units(MILL, CLUB)
    assert counts(units(MILL, as_of=date(2025, 3, 1))) == "1 read, 0 added, 0 changed, 1 same, 1 closed, 0 rejected"
    assert of("130025265").content_hash == ""
    assert units(MILL, CLUB, as_of=date(2026, 3, 1)).changed == 1


def test_the_seat_comes_first_and_what_the_register_no_longer_has_last(client: Client) -> None:
    """SIRET | state | seat | hash: an empty hash is a row that the latest complete file does not have any more."""
    load = units(MILL)
    mill = of("542107651")
    for siret, state, is_seat, content_hash in (
        ("54210765100001", "F", False, "h"), ("54210765100002", "A", False, "h"), ("54210765100003", "A", True, ""),
        ("54210765100004", "F", True, "h"), ("54210765100005", "A", None, "h"), ("54210765100006", "", False, "h"),
    ):  # fmt: skip
        Establishment.objects.create(
            organisation=mill, siret=siret, state=state, is_seat=is_seat, load=load, row=1, content_hash=content_hash
        )
    Establishment.objects.create(organisation=mill, siret="54210765100007", state="A")  # typed by hand: no register has it
    found = sites_of([mill.pk], viewer=person())
    assert [said.row.siret[-1] for said in found.shown] == ["4", "2", "5", "7", "1", "6", "3"]
    assert ([said.row.siret[-1] for said in found.shown if said.is_withdrawn], found.open.value, found.count) == (["3"], 3, 7)
    assert "n’est plus dans le registre" in client.get(mill.get_absolute_url()).content.decode()


def test_a_part_of_the_register_closes_nothing() -> None:
    units(MILL, CLUB)
    assert units(MILL, extent=Extent.DELTA).closed == 0
    assert of("130025265").content_hash != ""


def test_a_person_and_a_masked_unit_are_for_partners_only(client: Client) -> None:
    units(MILL, PERSON, MASKED)
    assert (of("732829320").name, of("443061841").name) == ("ALIX PETIT", "SIREN 443061841")
    assert {row.siren for row in Organisation.objects.publishable()} == {"542107651"}
    assert set(Organisation.objects.filter(visibility=Visibility.PARTNERS).values_list("siren", flat=True)) == {
        "732829320",
        "443061841",
    }
    for siren in ("732829320", "443061841"):
        assert client.get(of(siren).get_absolute_url()).status_code == 404
    client.force_login(person())
    page = client.get(of("732829320").get_absolute_url()).content.decode()
    assert "usage interne" in page
    assert "personne physique" in page


def test_a_public_unit_that_insee_closes_is_hidden_and_shown_again_when_it_is_opened() -> None:
    known = organisation("Atelier Petit", "other", siren="443061841")
    units(MASKED)
    known.refresh_from_db()
    assert (known.name, known.visibility, known.diffusion) == ("Atelier Petit", Visibility.PARTNERS, "P")
    units(MASKED.replace(",P,", ",O,").replace("[ND],[ND],", ",ATELIER PETIT,"), as_of=date(2025, 3, 1))
    known.refresh_from_db()
    assert (known.visibility, known.diffusion) == (Visibility.PUBLIC, "O")


def test_an_association_known_by_its_number_is_proposed_as_the_same_body() -> None:
    known = organisation("Les Amis du Lac", "association")
    coded(known, "W595001234", "rna")
    units(CLUB)
    pair = SameAs.objects.get()
    assert (pair.state, pair.rule) == (SameAsState.PROPOSED, "même numéro RNA")
    assert ExternalId.objects.get().organisation == known


def test_a_wrong_number_is_refused_as_written_and_nothing_is_repaired() -> None:
    load = units(MILL, MILL.replace("542107651", "542107652"), MILL.replace("542107651", "42107651"))
    assert counts(load) == "3 read, 1 added, 0 changed, 0 same, 0 closed, 2 rejected"
    assert [row.value for row in load.rejections.all()] == ["542107652", "42107651"]
    assert "Rien n’est corrigé" in load.rejections.all()[0].sentence


def test_an_establishment_with_its_address_and_its_commune_of_the_year() -> None:
    units(MILL)
    assert counts(sites(SEAT, SHUT)) == "2 read, 2 added, 0 changed, 0 same, 0 closed, 0 rejected"
    seat, shut = Establishment.objects.order_by("siret")
    assert (seat.name, seat.address, seat.postcode) == ("LE FIL / LA BOBINE", "BAT C, 12B RUE DU FIL", "59100")
    assert (seat.commune_code, seat.commune_year, seat.commune_name, seat.commune) == ("59512", 2024, "ROUBAIX", None)
    assert (seat.since, seat.until, seat.state, seat.is_seat) == (None, None, "A", True)
    assert (shut.since, shut.until, shut.state, shut.activity_version) == (date(1970, 2, 3), date(1991, 6, 30), "F", "NAP")
    assert {("sign", "LE FIL"), ("sign", "LA BOBINE")} <= names("542107651")
    assert Organisation.objects.count() == 1


def communes(vintage: str, **labels: str) -> None:
    framework = Framework.objects.get_or_create(code="geo-communes", defaults={"label": "Communes", "kind": "geography"})[0]
    version = Version.objects.create(framework=framework, code=vintage)
    for code, label in labels.items():
        Item.objects.create(version=version, code=code[1:], label=label, level="commune", sort_key=label.lower())


def test_a_commune_is_tied_when_code_and_name_agree_the_nearest_year_first() -> None:
    communes("2019", c59512="Roubaix")
    communes("2026", c59512="Roubaix", c59350="Villeneuve")
    sites(SEAT, SHUT)
    seat, shut = Establishment.objects.order_by("siret").select_related("commune__version")
    assert seat.commune is not None
    assert (seat.commune.version.code, shut.commune) == ("2019", None)


def test_establishments_alone_make_their_organisation_and_units_complete_it() -> None:
    sites(SEAT, SHUT)
    assert (of("542107651").name, of("542107651").load) == ("LE FIL / LA BOBINE", None)
    units(MILL)
    assert (of("542107651").name, Organisation.objects.count()) == ("FILATURE DU NORD", 1)


def test_a_number_described_twice_keeps_its_first_line() -> None:
    load = sites(SEAT, SEAT.replace("LE FIL", "AUTRE"))
    assert counts(load) == "2 read, 1 added, 0 changed, 0 same, 0 closed, 1 rejected"
    assert load.rejections.get().row == 3
    assert Establishment.objects.get().name == "LE FIL / LA BOBINE"
    again = sites(SEAT, SEAT.replace("LE FIL", "AUTRE"))
    assert (again.changed, again.unchanged, again.rejected) == (0, 1, 1)


def test_a_siret_of_another_siren_is_refused() -> None:
    load = sites(SEAT.replace("542107651,", "732829320,", 1))
    assert (load.added, load.rejections.get().column) == (0, "siret")
    assert "732829320" in load.rejections.get().sentence


def test_la_poste_follows_its_own_sum() -> None:
    head, row = "siret,etatAdministratifEtablissement", "35600000049837,A"
    assert loaded(f"{head}\n{row}", SITES, as_of=RELEASE).added == 1


def test_a_masked_establishment_shows_neither_sign_nor_address_to_the_public(client: Client) -> None:
    units(MILL)
    sites(SEAT.replace(",O,1900", ",P,1900"))
    address = of("542107651").get_absolute_url()
    page = client.get(address).content.decode()
    assert "non publiable" in page
    assert "RUE DU FIL" not in page
    client.force_login(person())
    assert "RUE DU FIL" in client.get(address).content.decode()


def test_the_sheet_says_the_register_in_words(client: Client) -> None:
    for code, label, item in (("naf-rev2", "NAF rév. 2", "1310Z"), ("categories-juridiques", "Catégories", "5499")):
        framework = Framework.objects.create(code=code, label=label, kind="classification")
        version = Version.objects.create(framework=framework)
        Item.objects.create(version=version, code=item, label=f"Mots de {item}", level="class", sort_key=item.lower())
    units(MILL)
    sites(SEAT, SHUT)
    page = client.get(of("542107651").get_absolute_url()).content.decode()
    for words in ("Ce que dit SIRENE", "Mots de 1310Z", "Mots de 5499", "20 à 49 salariés", "petite ou moyenne entreprise"):
        assert words in page, words
    assert "ROUBAIX" in page
    assert "59512 (2024)" in page


def test_a_siren_without_register_says_what_to_load(client: Client) -> None:
    page = client.get(organisation("Filature", "company", siren="542107651").get_absolute_url()).content.decode()
    assert "Le registre n’a pas encore été chargé" in page
    assert "Ce que dit SIRENE" not in client.get(organisation("Pôle").get_absolute_url()).content.decode()


def test_more_establishments_ask_no_more_queries(client: Client) -> None:
    units(MILL)
    sites(SEAT)
    address = of("542107651").get_absolute_url()
    client.get(address)
    with counted() as one:
        client.get(address)
    sites(SEAT, SHUT)
    with counted() as two:
        client.get(address)
    assert len(one) == len(two)


def test_periods_of_an_establishment(client: Client) -> None:
    head = "siret,dateDebut,dateFin,etat,code_ape,code_commune,libelle_commune,code_tranche"
    rows = [
        "54210765113030,2008-01-01,,A,13.10Z,59512,ROUBAIX,12",
        "54210765113030,1990-12-25,2007-12-31,A,17.1A,59512,ROUBAIX,11",
    ]
    rows.append("54210765113030,1900-01-01,1990-12-24,A,22.02,59512,ROUBAIX,")
    text = "\n".join([head, *rows])
    assert loaded(text, PERIODS, as_of=RELEASE).added == 3
    told = EstablishmentPeriod.objects.order_by("-key").values_list("since", "until", "activity", "activity_version")
    assert list(told) == [
        (date(2008, 1, 1), None, "13.10Z", "NAFRev2"),
        (date(1990, 12, 25), date(2007, 12, 31), "17.1A", ""),
        (None, date(1990, 12, 24), "22.02", "NAP"),
    ]
    assert (Establishment.objects.get().activity, Establishment.objects.get().organisation.name) == (
        "13.10Z",
        "SIREN 542107651",
    )
    assert loaded(text, PERIODS, as_of=RELEASE).unchanged == 3
    units(MILL)  # until then nothing says that it is not a person: partners alone see it
    assert "Périodes successives" in client.get(of("542107651").get_absolute_url()).content.decode()


@pytest.fixture
def _only_the_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("beffroi.web.commands.load.follow_up", lambda load: None)
    monkeypatch.setattr("beffroi.web.loads.found_again", lambda load: load)


@pytest.mark.usefixtures("_only_the_load")
def test_the_published_extracts(capsys: pytest.CaptureFixture[str]) -> None:
    asked = {UNITS: "StockUniteLegale_extrait.csv.gz", SITES: "StockEtablissement_extrait.csv"}
    asked[PERIODS] = "etablissements_periodes_lyon.parquet"
    for profile, name in asked.items():
        if not (DATA / name).exists():
            pytest.skip(f"{name} is not on this machine")
        assert main(["load", profile, str(DATA / name), "--as-of", "2024-04-01"]) == 0, capsys.readouterr().err
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert [line.split(", ")[:2] for line in said] == [
        ['{"read": 2666', '"added": 2666'],
        ['{"read": 185', '"added": 185'],
        ['{"read": 58228', '"added": 58228'],
    ]
    assert Organisation.objects.filter(load__isnull=False).count() == 2666
    assert not Organisation.objects.filter(name__contains="[ND]").exists()
    assert not Name.objects.filter(text__contains="[ND]").exists()
    assert not Establishment.objects.filter(address__contains="ND]").exists()
    assert EstablishmentPeriod.objects.filter(until__isnull=True).count() == 26614
    assert not Organisation.objects.filter(legal_category="1000", visibility=Visibility.PUBLIC).exists()


def test_what_a_file_does_not_say_to_be_publishable_is_for_partners(client: Client) -> None:
    head, row = UNIT_HEAD.replace("categorieJuridiqueUniteLegale,", ""), PERSON.replace(",1000,", ",")
    loaded(f"{head}\n{row}", UNITS, source="insee", as_of=RELEASE)
    person_ = of("732829320")
    assert (person_.visibility, client.get(person_.get_absolute_url()).status_code) == (Visibility.PARTNERS, 404)
    units(MILL)
    loaded(f"{head}\n{MILL.replace(',5499,', ',')}", UNITS, source="insee", as_of=date(2024, 4, 1))
    assert of("542107651").visibility == Visibility.PUBLIC, "what was public is not hidden by a poorer file"


def test_an_establishment_alone_publishes_nobody_until_its_unit_is_told() -> None:
    sites(SEAT)
    assert of("542107651").visibility == Visibility.PARTNERS
    units(MILL)
    assert of("542107651").visibility == Visibility.PUBLIC


def test_a_list_for_oneself_hides_and_renames_nothing_that_others_see() -> None:
    units(MILL)
    units(MILL.replace("FILATURE DU NORD", "SECRET"), as_of=date(2024, 4, 1), owner=partner())
    assert (of("542107651").name, of("542107651").visibility) == ("FILATURE DU NORD", Visibility.PUBLIC)


def test_the_signs_of_a_masked_establishment_are_not_names() -> None:
    units(MILL.replace(",LE FIL,", ",,"))
    sites(SEAT.replace(",O,1900", ",P,1900"))
    assert names("542107651") == set()
