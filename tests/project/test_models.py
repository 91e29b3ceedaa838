"""What holds of every model: layers, reference keys, words of the glossary."""

import re

from django.apps import apps
from django.db.models import PROTECT, ForeignKey, Model

from tests.project import tree

# From the top to the bottom, as in the import contracts of pyproject.toml
LAYERS = (
    ("web",),
    ("publishing",),
    ("governance", "interactions"),
    ("funding", "foresight", "observatory"),
    ("indicators",),
    ("actors",),
    ("reference",),
    ("provenance",),
    ("accounts",),
    ("core",),
)
HEIGHT = {app: -place for place, layer in enumerate(LAYERS) for app in layer}
GLOSSARY = tree.ROOT / "docs" / "glossary.md"


def our_models() -> list[type[Model]]:
    models = [model for model in apps.get_models() if model.__module__.startswith("beffroi.")]
    return [model for model in models if not model.__name__.startswith("Historical")]


def foreign_keys() -> list[tuple[type[Model], ForeignKey]]:
    return [(model, field) for model in our_models() for field in model._meta.get_fields() if isinstance(field, ForeignKey)]


def test_no_foreign_key_points_at_a_higher_layer() -> None:
    upward = [
        f"{model._meta.label}.{field.name}"
        for model, field in foreign_keys()
        if (there := field.related_model._meta.app_label) in HEIGHT
        and (HEIGHT[there], there) != (HEIGHT[model._meta.app_label], model._meta.app_label)
        and HEIGHT[there] >= HEIGHT[model._meta.app_label]
    ]
    assert upward == []


def test_what_is_shared_cannot_be_deleted_under_those_who_use_it() -> None:
    """Between apps a key is protected; within an app a part may disappear with its whole."""
    loose = [
        f"{model._meta.label}.{field.name}"
        for model, field in foreign_keys()
        if field.related_model._meta.app_label != model._meta.app_label and field.remote_field.on_delete is not PROTECT
    ]
    assert loose == []


def test_every_model_says_what_it_is() -> None:
    """In admin pages, logs and error pages."""
    assert [
        model._meta.label for model in our_models() if "__str__" not in {n for c in model.__mro__[:-2] for n in vars(c)}
    ] == []


def test_every_model_is_in_the_glossary() -> None:
    words = set(re.findall(r"`(\w+)`", GLOSSARY.read_text()))
    assert {model.__name__ for model in our_models()} - words == set()
