from beffroi.analytics import checks, tables
from tests.analytics.stories import subjects, table


def links(text, **common):
    return table(tables.CORRESPONDENCES, text, **({"from_framework": "f:1", "to_framework": "f:2"} | common))


def test_several_full_correspondences_of_one_item_to_one_framework():
    given = links("""
        from_item | to_item | to_framework | strength
        item:1    | item:a  | f:2          | full
        item:1    | item:b  | f:2          | full
        item:2    | item:a  | f:2          | full
        item:2    | item:b  | f:2          | partial
        item:3    | item:a  | f:2          | full
        item:3    | item:z  | f:3          | full
    """)
    assert subjects(checks.several_full_correspondences(given)) == [["item:1", "item:a", "item:b"]]


def test_known_weights_over_one():
    given = links("""
        from_item | to_item | strength | weight
        item:1    | item:a  | partial  | 0.7
        item:1    | item:b  | partial  | 0.4
        item:2    | item:a  | partial  | 0.7
        item:2    | item:b  | partial  | 0.3
    """)
    assert subjects(checks.weights_over_one(given)) == [["item:1"]]


def test_one_pair_with_two_strengths():
    given = links("""
        from_item | to_item | strength
        item:1    | item:a  | full
        item:a    | item:1  | related
        item:2    | item:b  | full
        item:b    | item:2  | full
    """)
    assert subjects(checks.two_strengths(given)) == [["item:1", "item:a"]]


def test_two_wordings_of_one_thing():
    given = links(
        """
        from_item | from_label                  | to_item | to_label
        item:1    | Innovation vecteur d’avenir | item:a  | Innovation comme vecteur d’avenir
        item:2    | Innovation vecteur d’avenir | item:b  | Innovations, vecteur d’avenir
        item:3    | Mobilité durable            | item:c  | Usine du futur
    """,
        strength="full",
    )
    assert subjects(checks.same_thing_two_labels(given)) == [["item:1", "item:a"]]


def test_a_column_that_corresponds_to_nothing_when_all_others_do():
    items = table(
        tables.ITEMS,
        "ref | framework | level | label\n" + "\n".join(f"item:{n} | f:1 | column | Colonne {n}" for n in range(1, 7)),
    )
    five = links("from_item | to_item\n" + "\n".join(f"item:{n} | item:a" for n in range(1, 6)), strength="full")
    assert subjects(checks.sibling_without_correspondence(items, five)) == [["item:6"]]
    assert checks.sibling_without_correspondence(items, five.head(3)).is_empty()
