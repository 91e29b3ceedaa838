"""What an index is made of: one table of parameters, checked before anything is computed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from beffroi.analytics import tables

Array = NDArray[np.float64]
ROOT = "index"


class BadStructure(tables.Refusal):
    pass


class BadUnits(tables.Refusal):
    pass


@dataclass(frozen=True)
class Node:
    """`low`, `high`: goalposts. `target`: what distance_to_target measures from."""

    code: str
    parent: str | None
    weight: float = 1.0
    direction: int = 1
    low: float | None = None
    high: float | None = None
    target: float | None = None


@dataclass(frozen=True)
class Structure:
    """`indicators`: the leaves. `groups`: each with its children, children before parents; the last is the index."""

    indicators: tuple[Node, ...]
    groups: tuple[tuple[Node, tuple[Node, ...]], ...]

    @property
    def index(self) -> str:
        return self.groups[-1][0].code

    @property
    def nodes(self) -> tuple[Node, ...]:
        return (*self.indicators, *(group for group, _ in self.groups[:-1]))


@dataclass(frozen=True)
class Measured:
    """`values`: units x indicators, nan where unknown."""

    units: pl.Series
    values: Array
    structure: Structure


def measured(units: pl.DataFrame, structure: pl.DataFrame | None) -> Measured:
    if not units.width or not units.height:
        raise BadUnits("La table des unités est vide.")
    names = units.to_series(0)
    _refuse_names(names)
    found = _structure(units, structure)
    declared = tables.Table("units", {node.code: tables.REAL for node in found.indicators})
    values = tables.require_typed(units, declared).to_numpy().astype(np.float64)
    return Measured(names, values, found)


def _refuse_names(names: pl.Series) -> None:
    if names.has_nulls():
        raise BadUnits(f"La première colonne (« {names.name} ») nomme les unités : elle a des lignes vides.")
    if names.is_duplicated().any():
        twice = ", ".join(map(str, names.filter(names.is_duplicated()).unique(maintain_order=True)[:5]))
        raise BadUnits(f"Unité présente plusieurs fois : {twice}. Une ligne par unité ; une analyse par année.")


def _structure(units: pl.DataFrame, table: pl.DataFrame | None) -> Structure:
    if table is None:
        numbers = [name for name, kind in list(units.schema.items())[1:] if kind.is_numeric()]
        if not numbers:
            raise BadStructure("Aucune colonne de nombres : de quoi faire l’indice ?")
        return _linked([Node(name, ROOT) for name in numbers])
    listed = tables.require_typed(table, tables.Table("structure", {"code": tables.TEXT}))
    optional = {"parent": tables.TEXT, **dict.fromkeys(("weight", "direction", "low", "high", "target"), tables.REAL)}
    asked = {name: kind for name, kind in optional.items() if name in table.columns}
    full = pl.concat([listed, tables.require_typed(table, tables.Table("structure", asked))], how="horizontal")
    return _linked([_node(row) for row in full.to_dicts()])


def _node(row: dict[str, object]) -> Node:
    code = str(row["code"] or "").strip()
    known = {name: value for name, value in row.items() if value is not None and name != "code"}
    direction = known.pop("direction", 1)
    if not code:
        raise BadStructure("Une ligne de la structure n’a pas de code.")
    if direction not in (1, -1):
        raise BadStructure(f"« {code} » : direction vaut 1 (plus est mieux) ou -1 (moins est mieux), non {direction}.")
    node = Node(code=code, parent=str(known.pop("parent", "")).strip() or None, direction=int(direction), **known)  # type: ignore[arg-type]
    if node.weight < 0:
        raise BadStructure(f"« {code} » : un poids ne peut pas être négatif ({node.weight}).")
    return node


def _linked(nodes: Sequence[Node]) -> Structure:
    """Parents that have no row of their own are added; several tops are put under one index."""
    codes = [node.code for node in nodes]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise BadStructure(f"Code présent plusieurs fois dans la structure : {', '.join(twice)}.")
    parents = [node.parent for node in nodes if node.parent]
    nodes = [*nodes, *(Node(code, None) for code in dict.fromkeys(parents) if code not in codes)]
    tops = [node for node in nodes if node.parent is None]
    if len(tops) != 1 or tops[0].code not in parents:
        name = ROOT if ROOT not in codes else f"{ROOT}_total"
        nodes = [*(node if node.parent else _under(node, name) for node in nodes), Node(name, None)]
    return _ordered(nodes)


def _under(node: Node, parent: str) -> Node:
    return Node(node.code, parent, node.weight, node.direction, node.low, node.high, node.target)


def _ordered(nodes: Sequence[Node]) -> Structure:
    children: dict[str, list[Node]] = {}
    for node in nodes:
        if node.parent:
            children.setdefault(node.parent, []).append(node)
    groups: list[tuple[Node, tuple[Node, ...]]] = []
    waiting = [node for node in nodes if node.code in children]
    done = {node.code for node in nodes if node.code not in children}
    while waiting:
        ready = [node for node in waiting if all(child.code in done for child in children[node.code])]
        if not ready:
            raise BadStructure(f"La structure tourne en rond : {', '.join(node.code for node in waiting)}.")
        groups += [(node, tuple(children[node.code])) for node in ready]
        done |= {node.code for node in ready}
        waiting = [node for node in waiting if node.code not in done]
    for node, members in groups:
        if not sum(member.weight for member in members):
            raise BadStructure(f"Les poids sous « {node.code} » sont tous nuls.")
    return Structure(tuple(node for node in nodes if node.code not in children), tuple(groups))
