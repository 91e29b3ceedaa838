"""The lists that operators keep elsewhere, through the import engine: theirs, once, nothing guessed."""

from datetime import date

import pytest
from django.utils import timezone

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import Partner
from beffroi.actors.models import Organisation, Relation
from beffroi.interactions.actions import Heard, Note, change_visit
from beffroi.interactions.models import Visit, VisitNote
from beffroi.provenance.models import Load
from tests.accounts.factories import partner, person
from tests.actors.factories import hidden, organisation
from tests.interactions.factories import company, visit
from tests.web.factories import counts, loaded

pytestmark = pytest.mark.django_db
SIREN, OTHER = "552100554", "732829320"
VISITS = "Numéro;SIREN;Raison sociale;Date de visite;Statut;Mode;Email;Durée;Compte rendu\n"


def sentences(load: Load) -> list[str]:
    return [f"{row.row} {row.column}: {row.sentence}" for row in load.rejections.order_by("row")]


def of_lille(text: str, profile: str, source: str = "document") -> Load:
    return loaded(text, profile, owner=partner("lille"), source=source)


def test_a_list_of_visits_is_noted_for_its_operator_and_its_notes_are_its_own() -> None:
    company("Filature", siren=SIREN)
    jeanne = person()
    load = of_lille(
        VISITS
        + "1;552 100 554;;18/11/2026;réalisée;visio;Jeanne@lille.example;45;Cherche un associé\n"
        + "2;;Scierie;01/12/2026;prévue;;;;\n",
        "visites",
    )
    assert counts(load) == "2 read, 2 added, 0 changed, 0 same, 0 closed, 0 rejected"
    rows = Visit.objects.order_by("on").values_list("organisation__name", "on", "state", "means", "by", "minutes", "visibility")
    assert list(rows) == [
        ("Filature", date(2026, 11, 18), "done", "video", jeanne.pk, 45, Visibility.OWNER),
        ("Scierie", date(2026, 12, 1), "planned", "on_site", None, None, Visibility.OWNER),
    ]
    note = VisitNote.objects.get()
    assert (note.text, note.visibility, note.owner) == ("Cherche un associé", Visibility.OWNER, partner())
    assert Organisation.objects.get(name="Scierie").owner == partner()
    assert Visit.history.count() == 2


def test_loaded_again_a_visit_is_the_same_and_a_corrected_row_corrects_it() -> None:
    company("Filature", siren=SIREN)
    first = VISITS + f"1;{SIREN};;18/11/2026;;;;;Note\n;{SIREN};;17/11/2026;;;;;"
    of_lille(first, "visites")
    assert counts(of_lille(first + "\n", "visites")) == "2 read, 0 added, 0 changed, 2 same, 0 closed, 0 rejected"
    again = of_lille(VISITS + f"1;{SIREN};;18/11/2026;;;;30;Autre note\n", "visites")
    assert counts(again) == "1 read, 0 added, 1 changed, 0 same, 1 closed, 0 rejected"
    assert [(row.minutes, row.on.day) for row in Visit.objects.order_by("-on")] == [(30, 18), (None, 17)], "a visit stays"
    assert VisitNote.objects.get().text == "Autre note"


def test_a_visit_corrected_by_a_person_since_is_left_as_it_is_and_it_is_said() -> None:
    company("Filature", siren=SIREN)
    of_lille(VISITS + f"1;{SIREN};;18/11/2026;;;;;Note\n2;{SIREN};;17/11/2026;;;;;Autre\n", "visites")
    typed = Heard(notes=[Note(None, "Corrigé à la main")])
    change_visit(Visit.objects.get(client_id="1"), by=person(), at=timezone.now(), heard=typed)
    again = of_lille(VISITS + f"1;{SIREN};;18/11/2026;;;;30;Écrasé\n2;{SIREN};;17/11/2026;;;;30;Suite\n", "visites")
    assert counts(again) == "2 read, 0 added, 1 changed, 0 same, 0 closed, 1 rejected"
    assert sorted(VisitNote.objects.values_list("visit__client_id", "text")) == [("1", "Corrigé à la main"), ("2", "Suite")]


def test_what_a_list_may_not_say_is_refused_with_its_reason_and_the_rest_is_loaded() -> None:
    company("Filature", siren=SIREN)
    for _twin in range(2):
        company("Double")
    hidden("Prospect d’Amiens", at="amiens", siren=OTHER)
    visit(client_id="pris")
    load = of_lille(
        VISITS
        + f"a;552100555;;18/11/2026;;;;;\nb;{OTHER};;18/11/2026;;;;;\nc;404833048;;18/11/2026;;;;;\nd;;Double;18/11/2026;;;;;\n"
        + f"e;{SIREN};;18/11/2027;faite;;;;\nf;{SIREN};;18/11/2026;;;nobody@lille.example;;\npris;{SIREN};;18/11/2026;;;;;\n"
        + f"g;{SIREN};;18/11/2026;;;;;\ng;{SIREN};;17/11/2026;;;;;\nh;;;18/11/2026;;;;;\ni;{SIREN};;hier;;;;;\n"
        + f"j;{SIREN};;18/11/2026;;;;9999;\n",
        "visites",
    )
    said = "\n".join(sentences(load))
    for words in (
        "sa clé est fausse",
        "Plusieurs entreprises s’appellent « Double »",
        "ne l’est pas un jour à venir",
        "aucun membre présent de l’institution",
        "celui d’une visite notée autrement",
        "la première est gardée",
    ):
        assert words in said, said
    unknown = [line.partition(": ")[2] for line in sentences(load) if "chargez-la d’abord du répertoire" in line]
    assert len(unknown) == 2 and len(set(unknown)) == 1, "a company that another hides is as unknown as one that nobody has"
    assert (load.read, load.added, load.rejected) == (12, 1, 11)
    assert Visit.objects.count() == 2


def test_a_list_without_an_institution_is_refused_whole() -> None:
    company("Filature", siren=SIREN)
    for profile, text in (("visites", f"siren;date\n{SIREN};18/11/2026"), ("adherents", f"siren\n{SIREN}")):
        load = loaded(text, profile)
        assert "choisissez-la au dépôt" in "\n".join(sentences(load))
    assert not Visit.objects.exists() and not Relation.objects.exists()


def own_sheet(of: Partner) -> Organisation:
    made = organisation("Pôle Textile")
    Organisation.objects.filter(pk=made.pk).update(partner=of)
    return Organisation.objects.get(pk=made.pk)


def test_members_belong_to_the_cluster_that_loads_them_and_leave_with_the_list() -> None:
    cluster = own_sheet(partner())
    other = organisation("Euramaterials")
    company("Filature", siren=SIREN)
    header = "SIREN;Adhérent;Structure;Adhérent depuis;Fin;Collège\n"
    load = of_lille(header + f"{SIREN};;;01/01/2020;;Industriels\n;Scierie;Euramaterials;;;\n", "adherents")
    assert counts(load) == "2 read, 2 added, 0 changed, 0 same, 0 closed, 0 rejected"
    rows = Relation.objects.order_by("pk").values_list("subject__name", "organisation", "kind", "since", "owner", "visibility")
    lille = partner().pk
    assert list(rows) == [
        ("Filature", cluster.pk, "member_of", date(2020, 1, 1), lille, Visibility.OWNER),
        ("Scierie", other.pk, "member_of", None, lille, Visibility.OWNER),
    ]
    again = of_lille(header + f"{SIREN};;;01/01/2020;;Industriels\n", "adherents")
    assert counts(again) == "1 read, 0 added, 0 changed, 1 same, 1 closed, 0 rejected"
    assert [edge.subject.name for edge in Relation.objects.current()] == ["Filature"]


def test_members_of_a_body_that_nobody_knows_or_that_end_before_they_begin_are_refused() -> None:
    company("Filature", siren=SIREN)
    header = "SIREN;Adhérent;Structure;Adhérent depuis;Fin\n"
    load = of_lille(header + f"{SIREN};;Nulle part;;\n{SIREN};;;;\n", "adherents")
    said = "\n".join(sentences(load))
    assert "n’est pas une structure connue" in said and "n’a pas de fiche dans l’annuaire" in said
    own_sheet(partner())
    for _twin in range(2):
        organisation("Jumeau")
    load = of_lille(header + f"{SIREN};;Jumeau;;\n{SIREN};;;2021-01-01;2020-01-01\n", "adherents", source="autre")
    assert "désigne plusieurs structures" in "\n".join(sentences(load))
    assert not Relation.objects.exists()


def test_a_prospecting_list_does_not_learn_the_name_that_another_operator_gave_a_prospect() -> None:
    hidden("Prospect d’Amiens", at="amiens", siren=OTHER)
    company("Filature", siren=SIREN)
    load = of_lille(f"siren;nom\n{SIREN};Filature\n{OTHER};Société\n", "liste-prospection")
    assert (load.added, load.rejected) == (1, 1)
    assert "Amiens" not in "\n".join(sentences(load))
