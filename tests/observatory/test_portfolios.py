"""Projects told by their titles, classed into areas: what is read, what is proposed and why, what people decide of it."""

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import User
from beffroi.core.refusals import Refused
from beffroi.funding.models import Operation, OperationLabel, Programme
from beffroi.observatory import actions
from beffroi.observatory.enums import LabelState
from beffroi.observatory.models import Portfolio, PortfolioText, TextLabel
from beffroi.observatory.queries import portfolios
from beffroi.observatory.rules.portfolios import (
    ListedText,
    UnknownColumn,
    columns_of,
    has_header,
    pasted_rows,
    read_texts,
)
from beffroi.reference.actions import NewTerm, change_vocabulary, seed_vocabularies
from beffroi.reference.models import Framework, Item, Version, Vocabulary
from beffroi.reference.queries import vocabularies
from tests.accounts.factories import person
from tests.queries import QueryCounts

RAIL, SOUP, BOTH, BALL = "Bogies ferroviaires", "Soupe de légumes et nutrition des patients", "Bogie pour patients", "Bal"
TITLES = (RAIL, SOUP, BOTH, BALL)


def somebody(role: Role = Role.ANALYST, at: str = "lille") -> User:
    return person(f"{role}@{at}.example", role=role, at=at)


def entered(client: Client, role: Role = Role.ANALYST, at: str = "lille") -> User:
    user = somebody(role, at)
    client.force_login(user)
    return user


def listed(*titles: str) -> list[ListedText]:
    return [ListedText(f"p{number}", title) for number, title in enumerate(titles, start=1)]


class TestReading:
    @pytest.mark.parametrize(
        ("columns", "title", "description", "key"),
        [
            (["id", "Intitulé", "Résumé"], "Intitulé", "Résumé", "id"),
            (["N° dossier", "Nom du projet", "Objectifs"], "Nom du projet", "", ""),
            (["Code_operation", "Libellé de l’opération", "Description de l'opération"],
             "Libellé de l’opération", "Description de l'opération", "Code_operation"),
            (["operation_name", "summary"], "operation_name", "summary", ""),
            (["seule"], "seule", "", ""),
        ],
    )  # fmt: skip
    def test_columns_are_known_by_their_names(self, columns: list[str], title: str, description: str, key: str) -> None:
        found = columns_of(columns)
        assert (found["title"], found["description"]) == (title, description)
        assert not key or found["key"] == key

    def test_a_column_is_never_guessed(self) -> None:
        with pytest.raises(UnknownColumn, match="« a », « b »"):
            columns_of(["a", "b"])
        with pytest.raises(UnknownColumn, match="pas de colonne « Titre »"):
            columns_of(["a"], title="Titre")
        with pytest.raises(UnknownColumn, match="et 2 autres"):
            columns_of([f"c{number}" for number in range(14)])
        assert columns_of(["a", "b"], title="b", description="a") == {"title": "b", "description": "a", "key": ""}

    def test_rows_that_say_nothing_are_counted_and_keys_told_apart(self) -> None:
        rows = [
            (2, {"k": "1", "t": "Un", "d": ""}),
            (3, {"k": "1", "t": "Un  autre", "d": "long"}),
            (4, {"k": "2", "t": None, "d": None}),
            (5, {"k": "", "t": "", "d": "x" * 120}),
            (6, {"k": "3", "t": "y" * 600, "d": "fin"}),
        ]
        read = read_texts(rows, {"title": "t", "description": "d", "key": "k"})
        assert [(one.key, len(one.title), len(one.description)) for one in read.texts] == [
            ("1 (ligne 2)", 2, 0),
            ("1 (ligne 3)", 8, 4),
            ("ligne 5", 100, 120),
            ("3", 500, 604),
        ]
        assert read.left_out == [4]

    def test_pasted_lines_are_titles_unless_they_have_a_header(self) -> None:
        assert pasted_rows("Un\n\nDeux\tsa suite") == [
            (1, {"title": "Un", "description": ""}),
            (3, {"title": "Deux", "description": "sa suite"}),
        ]
        assert has_header("Titre;Montant\nUn;3")
        assert not has_header("Titre de transport, billettique et mobilités dans la métropole de Lille et autour d’elle")
        assert not has_header("")


WORDS = {
    "priority_area": (
        "das-mobilites       | bogie*       | 3",
        "das-mobilites       | ferroviaire* | 3",
        "das-sante-nutrition | patients     | 3",
        "das-sante-nutrition | nutrition    | 2",
        "das-energies        | éolien*      | 3",
    ),
    "specialisation": (
        "spec-sante-precision    | cancer*   | 3",
        "spec-ambition-maritime  | pêche     | 3",
        "                        | fête*     | 2",
    ),
}


@pytest.fixture
def strategy(db: None) -> Version:
    for level, terms in WORDS.items():
        own = Vocabulary.objects.create(
            code=level.replace("_", "-"), label=level, framework_code="s3-hdf-2021-2027", level=level
        )
        rows = [[cell.strip() for cell in row.split("|")] for row in terms]
        change_vocabulary(own, added=[NewTerm(row[0], row[1], Decimal(row[2])) for row in rows], note="Première", by=None)
    made = Framework.objects.create(code="s3-hdf-2021-2027", label="S3", kind="strategy")
    version = Version.objects.create(framework=made, code="1")
    for position, (code, label, level) in enumerate(
        (
            ("das-mobilites", "Mobilités", "priority_area"),
            ("das-sante-nutrition", "Santé", "priority_area"),
            ("das-energies", "Énergies", "priority_area"),
            ("spec-sante-precision", "Santé de précision", "specialisation"),
        )
    ):
        Item.objects.create(version=version, code=code, label=label, level=level, position=position, sort_key=code)
    return version


@pytest.fixture
def areas(strategy: Version) -> Vocabulary:
    return Vocabulary.objects.get(level="priority_area")


def opened(by: User, *titles: str, **fields: Any) -> Portfolio:
    return actions.open_portfolio(title="Liste", texts=listed(*titles), framework_code="s3-hdf-2021-2027", by=by, **fields)


def told(portfolio: Portfolio, vocabulary: Vocabulary) -> dict[str, list[tuple[str, str]]]:
    rows = TextLabel.objects.filter(text__portfolio=portfolio, vocabulary=vocabulary).order_by("text", "label")
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows.select_related("text"):
        found.setdefault(row.text.title, []).append((row.label, row.state))
    return found


class TestClassing:
    def test_several_areas_or_none_each_with_its_terms(self, areas: Vocabulary) -> None:
        portfolio = opened(somebody(), *TITLES)
        assert told(portfolio, areas) == {
            RAIL: [("das-mobilites", "proposed")],
            SOUP: [("das-sante-nutrition", "proposed")],
            BOTH: [("das-mobilites", "proposed"), ("das-sante-nutrition", "proposed")],
            BALL: [("", "proposed")],
        }
        label = TextLabel.objects.get(text__title=RAIL, vocabulary=areas)
        assert set(label.terms.split(", ")) == {"bogie*", "ferroviaire*"}
        assert (label.edition, label.source) == (1, "vocabulary")
        assert 0 < label.confidence < 1

    def test_the_specialisations_have_their_own_vocabulary(self, strategy: Version) -> None:
        own = Vocabulary.objects.get(level="specialisation")
        portfolio = opened(somebody(), "Biomarqueurs du cancer", "Aquaculture et pêche", "Salle des fêtes")
        assert [[label for label, _state in labels] for labels in told(portfolio, own).values()] == [
            ["spec-sante-precision"],
            ["spec-ambition-maritime"],
            [""],
        ]

    def test_what_is_decided_stays_and_teaches_the_rest(self, areas: Vocabulary) -> None:
        by = somebody()
        portfolio = opened(by, "Zorglub des vallées", "Zorglub des collines", "Zorglub des plaines", "Fête au village", RAIL)
        for title in ("Zorglub des vallées", "Zorglub des collines"):
            actions.correct_text(PortfolioText.objects.get(title=title), areas, labels=["das-energies"], by=by)
        actions.correct_text(PortfolioText.objects.get(title="Fête au village"), areas, labels=[], by=by)
        refused = TextLabel.objects.filter(text__title=RAIL, label="das-mobilites")
        assert actions.decide_labels(refused, state=LabelState.REFUSED, by=by) == 1
        actions.classify_portfolio(portfolio, by=by)
        assert told(portfolio, areas) == {
            "Zorglub des vallées": [("", "refused"), ("das-energies", "accepted")],
            "Zorglub des collines": [("", "refused"), ("das-energies", "accepted")],
            "Zorglub des plaines": [("das-energies", "proposed")],
            "Fête au village": [("", "accepted")],
            RAIL: [("das-mobilites", "refused")],
        }
        assert TextLabel.objects.get(text__title="Zorglub des plaines", vocabulary=areas).source == "statistics"
        assert [row["term"] for row in portfolios.named_suggestions(areas, by, {})] == ["zorglub"]

    def test_a_decision_is_taken_back(self, areas: Vocabulary) -> None:
        by = somebody()
        portfolio = opened(by, RAIL)
        own = TextLabel.objects.filter(text__portfolio=portfolio, vocabulary=areas)
        actions.decide_labels(own, state=LabelState.ACCEPTED, by=by)
        assert actions.decide_labels(own, state=LabelState.ACCEPTED, by=by) == 0
        actions.correct_text(portfolio.texts.get(), areas, labels=["das-energies"], by=by)
        assert portfolios.verdict(portfolio) == portfolios.Verdict(accepted=0, refused=1, added=1)
        assert portfolios.verdict(portfolio).share_right == 0
        actions.decide_labels(own.all(), state=LabelState.PROPOSED, by=by)
        assert told(portfolio, areas) == {RAIL: [("das-mobilites", "proposed")]}
        assert portfolios.verdict(portfolio).share_right is None

    def test_a_list_of_nobody_is_refused(self, areas: Vocabulary) -> None:
        with pytest.raises(Refused, match="aucune institution"):
            opened(User.objects.create_user("seul@example.org", name="Seul"), RAIL)
        assert not Portfolio.objects.exists()


class TestVocabulary:
    def test_each_change_is_an_edition_and_none_is_rewritten(self, areas: Vocabulary) -> None:
        by = somebody()
        before = vocabularies.terms_table(areas, 1)
        gone = areas.terms.get(text="ferroviaire*")
        change_vocabulary(areas, added=[NewTerm("das-energies", "zorglub", Decimal(3))], removed=[gone.pk], note="Essai", by=by)
        after = vocabularies.terms_table(areas, 2)
        assert vocabularies.last_edition(areas) == 2
        assert vocabularies.terms_table(areas, 1).equals(before)
        assert set(after["term"]) - set(before["term"]) == {"zorglub"}
        assert set(before["term"]) - set(after["term"]) == {"ferroviaire*"}

    def test_the_shipped_ones_are_written_once(self, db: None) -> None:
        seed_vocabularies()
        sizes = {one.level: (one.size, one.last) for one in portfolios.all_vocabularies()}
        assert sizes["priority_area"][0] > 1500
        assert sizes["specialisation"][0] > 300
        seed_vocabularies()
        assert {one.level: (one.size, one.last) for one in portfolios.all_vocabularies()} == sizes

    @pytest.mark.parametrize(
        ("added", "complaint"),
        [
            ([], "Rien à changer"),
            ([NewTerm("das-energies", "de la")], "ne contient aucun mot"),
            ([NewTerm("das-energies", "vent", Decimal(0))], "au-dessus de zéro"),
            ([NewTerm("das-mobilites", "ferroviaire*")], "déjà dans le vocabulaire"),
            ([NewTerm("das-energies", "zorglub"), NewTerm("das-energies", "zorglub")], "déjà dans"),
        ],
    )
    def test_a_wrong_change_leaves_it_as_it_was(self, areas: Vocabulary, added: list[NewTerm], complaint: str) -> None:
        with pytest.raises(Refused, match=complaint):
            change_vocabulary(areas, added=added, note="Essai", by=None)
        assert vocabularies.last_edition(areas) == 1


class TestDesk:
    def test_a_list_is_pasted_decided_corrected_and_taken_away(self, client: Client, areas: Vocabulary) -> None:
        user = entered(client)
        said = {"title": "Mes projets", "framework": "s3-hdf-2021-2027", "pasted": "\n".join(TITLES), "visibility": "3"}
        answer = client.post("/observatoire/portefeuilles/nouveau", said, follow=True)
        portfolio = Portfolio.objects.get()
        assert portfolio.visibility == Visibility.OWNER
        page = answer.content.decode()
        assert "Bogies ferroviaires" in page and "ferroviaire*" in page
        ids = TextLabel.objects.filter(text__title=BOTH).values_list("pk", flat=True)
        address = f"/observatoire/portefeuilles/{portfolio.pk}"
        client.post(f"{address}/decider", {"label_pk": list(ids), "state": "refused"})
        assert set(TextLabel.objects.filter(text__title=BOTH).values_list("state", flat=True)) == {"refused"}
        client.post(f"{address}/decider", {"all": "1", "label": "das-mobilites", "state": "accepted"})
        assert TextLabel.objects.filter(state="accepted").values_list("text__title", "label").get() == (RAIL, "das-mobilites")
        text = portfolio.texts.get(title=BALL)
        form = client.get(f"/observatoire/portefeuilles/textes/{text.pk}").content.decode()
        assert "Énergies" in form
        client.post(f"/observatoire/portefeuilles/textes/{text.pk}", {f"{areas.code}-labels": ["das-energies"]})
        assert text.labels.filter(vocabulary=areas, state="accepted").get().label == "das-energies"
        client.post(f"{address}/reclasser")
        assert client.get(f"{address}?state=to_decide").context["page"].paginator.count >= 1
        assert client.get(f"{address}?state=decided&q=bal").context["page"].paginator.count == 1
        assert client.get(f"{address}?label=-&least=0.5").status_code == 200
        client.post(f"{address}/retirer")
        assert not Portfolio.objects.exists()
        assert user.partner_ids

    @pytest.mark.parametrize("form", ["csv", "xlsx", "json", "parquet"])
    def test_a_list_is_taken_away_with_its_labels(self, client: Client, areas: Vocabulary, form: str) -> None:
        portfolio = opened(entered(client), RAIL, BALL)
        answer = client.get(f"/observatoire/portefeuilles/{portfolio.pk}?format={form}")
        assert answer.status_code == 200
        if form == "csv":
            content = b"".join(answer.streaming_content).decode("utf-8-sig")
            assert "das-mobilites" in content and "bogie*" in content

    def test_a_workbook_is_read_by_its_header(self, client: Client, areas: Vocabulary) -> None:
        entered(client)
        book = io.BytesIO()
        sheet = openpyxl.Workbook()
        for row in (["Code", "Titre", "Montant"], ["a", RAIL, 3], ["b", None, 4]):
            sheet.active.append(row)
        sheet.save(book)
        upload = SimpleUploadedFile("projets.xlsx", book.getvalue())
        said = {"title": "T", "framework": "s3-hdf-2021-2027", "file": upload, "visibility": "1"}
        page = client.post("/observatoire/portefeuilles/nouveau", said, follow=True).content.decode()
        assert Portfolio.objects.get().texts.values_list("key", "title").get() == ("a", RAIL)
        assert "laissée de côté : 3" in page

    @pytest.mark.parametrize(
        ("given", "complaint"),
        [
            ({}, "Collez des intitulés"),
            ({"pasted": "Titre;Montant\n;"}, "n’a été gardé"),
            ({"pasted": "a;b\n1;2", "title_column": "Nom"}, "pas de colonne « Nom »"),
            ({"file": SimpleUploadedFile("x.xlsx", b"%PDF-1.4 rien")}, "n’a été gardé"),
            ({"file": SimpleUploadedFile("x.csv", b"a,b\n1,2\n")}, "Aucune colonne ne se nomme comme un intitul"),
        ],
    )
    def test_what_cannot_be_read_says_why_and_keeps_nothing(
        self, client: Client, areas: Vocabulary, given: dict[str, Any], complaint: str
    ) -> None:
        entered(client)
        said = {"title": "T", "framework": "s3-hdf-2021-2027", "visibility": "1", **given}
        page = client.post("/observatoire/portefeuilles/nouveau", said).content.decode()
        assert complaint in page
        assert not Portfolio.objects.exists()

    def test_others_see_what_is_shared_and_decide_nothing(self, client: Client, areas: Vocabulary) -> None:
        owner = somebody()
        shared, own = opened(owner, RAIL), opened(owner, RAIL, visibility=Visibility.OWNER)
        entered(client, Role.FUNDER_OFFICER, at="amiens")
        assert client.get(f"/observatoire/portefeuilles/{shared.pk}").status_code == 200
        assert client.get(f"/observatoire/portefeuilles/{own.pk}").status_code == 404
        assert client.post(f"/observatoire/portefeuilles/{shared.pk}/decider", {"all": "1"}).status_code == 403
        client.logout()
        assert client.get(f"/observatoire/portefeuilles/{shared.pk}").status_code == 404
        assert client.get("/observatoire/portefeuilles/").status_code == 200

    def test_the_vocabulary_is_read_and_changed_by_those_who_may(self, client: Client, areas: Vocabulary) -> None:
        address = areas.get_absolute_url()
        assert "ferroviaire*" in client.get(f"{address}?q=ferrov").content.decode()
        assert client.get(f"{address}?format=csv&edition=1").status_code == 200
        entered(client)
        said = {"label": "das-energies", "text": "zorglub", "weight": "3", "note": "Essai"}
        assert "Édition 2" in client.post(f"{address}/changer", said, follow=True).content.decode()
        assert "déjà dans" in client.post(f"{address}/changer", said, follow=True).content.decode()
        assert "obligatoire" in client.post(f"{address}/changer", {"label": "das-energies"}, follow=True).content.decode()
        term = areas.terms.get(text="zorglub")
        client.post(f"{address}/changer", {"term": [term.pk], "note": "Retiré"})
        term.refresh_from_db()
        assert term.until == 3
        assert "n’est plus celle" in client.get(f"{address}?edition=2&label=-").content.decode()

    def test_pages_ask_as_many_questions_whatever_the_texts(
        self, client: Client, areas: Vocabulary, queries: QueryCounts
    ) -> None:
        user = entered(client)
        opened(user, RAIL)
        long = opened(user, *(f"{title} {number}" for title in TITLES for number in range(5)))
        with queries("portfolio"):
            client.get(f"/observatoire/portefeuilles/{long.pk}")
        with queries("portfolios"):
            client.get("/observatoire/portefeuilles/")


class TestOperations:
    @pytest.fixture
    def operation(self, strategy: Version) -> Operation:
        programme = Programme.objects.create(framework=strategy.framework)
        return Operation.objects.create(programme=programme, code="op", namespace="n", title=RAIL, sort_key="op")

    def test_operations_are_classed_and_told_what_was_decided(
        self, client: Client, areas: Vocabulary, operation: Operation
    ) -> None:
        user = entered(client)
        said = {"programme": operation.programme_id, "framework": "s3-hdf-2021-2027"}
        page = client.post("/observatoire/portefeuilles/operations", said, follow=True).content.decode()
        assert "Reporter les domaines acceptés" in page
        portfolio = Portfolio.objects.get()
        labels = TextLabel.objects.filter(text__portfolio=portfolio, label="das-mobilites")
        actions.decide_labels(labels, state=LabelState.ACCEPTED, by=user)
        client.post(f"/observatoire/portefeuilles/{portfolio.pk}/reporter")
        label = OperationLabel.objects.get()
        assert (label.item.code, label.owner_id, label.visibility) == ("das-mobilites", portfolio.owner_id, 1)
        assert "bogie*" in label.basis
        assert "d’après son texte" in client.get(f"/operations/{operation.pk}").content.decode()
        actions.decide_labels(labels, state=LabelState.REFUSED, by=user)
        client.post(f"/observatoire/portefeuilles/{portfolio.pk}/reporter")
        assert not OperationLabel.objects.exists()

    def test_only_their_institution_tells_operations(self, client: Client, areas: Vocabulary, operation: Operation) -> None:
        shared = opened(somebody(), RAIL)
        entered(client, Role.FUNDER_OFFICER, at="amiens")
        assert client.post(f"/observatoire/portefeuilles/{shared.pk}/reporter").status_code == 403
        assert client.get("/observatoire/portefeuilles/operations").status_code == 200
