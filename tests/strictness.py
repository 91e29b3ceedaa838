"""What production tolerates and tests refuse: undefined variables in our templates, the order of an unordered query."""

import sys
from typing import Any

from django.db.models import Model
from django.db.models.sql.compiler import SQLCompiler
from django.template.base import Node


class UndefinedVariableError(AssertionError):
    pass


def _template_being_rendered() -> str:
    frame = sys._getframe(2)
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            return str(node.origin)
        frame = frame.f_back
    return ""


class UndefinedVariable(str):
    """Django puts this text in place of a variable that a template does not have; formatting it is what says so."""

    __slots__ = ()

    def __contains__(self, text: object) -> bool:
        return text == "%s"

    def __mod__(self, variable: Any) -> str:
        template = _template_being_rendered()
        if "beffroi/" in template and "/site-packages/" not in template:
            raise UndefinedVariableError(f"« {variable} » n’existe pas dans {template}")
        return ""


_ordering_of = SQLCompiler.get_order_by


def _backwards_when_unordered(compiler: SQLCompiler) -> list[Any]:
    """A query without ORDER BY answers in any order; here always in the order that a lucky programmer does not expect."""
    order = _ordering_of(compiler)
    query = compiler.query
    has_rows_of_its_own = query.model is not None and issubclass(query.model, Model) and query.default_cols
    if order or not has_rows_of_its_own or query.combinator or query.distinct or query.group_by is not None or query.subquery:
        return order
    query.add_ordering("-pk")
    try:
        return _ordering_of(compiler)
    finally:
        query.clear_ordering(force=True)


def reverse_unordered_queries() -> None:
    SQLCompiler.get_order_by = _backwards_when_unordered
