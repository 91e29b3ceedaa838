"""The methods of analysis that can be run, listed here: a screen, the command line and the documentation read this list."""

from beffroi.observatory.methods import classes, composites, dispersion, growth, spaces, structure
from beffroi.observatory.methods.declared import Method

METHODS: tuple[Method, ...] = (
    *structure.METHODS,
    *growth.METHODS,
    *dispersion.METHODS,
    *spaces.METHODS,
    *composites.METHODS,
    *classes.METHODS,
)


def method_named(name: str) -> Method | None:
    """Hyphens or underscores."""
    return next((method for method in METHODS if method.name == name.replace("-", "_")), None)
