"""The second eigenvector that complexity is made of, and when it means nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.sparse.linalg import ArpackNoConvergence, eigsh

from beffroi.analytics import tables
from beffroi.analytics.relatedness.grid import Grid, Matrix, Numbers, components

DENSE = 300  # sides up to here are solved whole
NOTHING = 1e-10  # eigenvalues nearer than this to another or to zero cannot be told from it
LISTED = 8


class Disconnected(tables.Refusal):
    def __init__(self, parts: Iterable[Iterable[str]]) -> None:
        told = " ; ".join(", ".join(part) for part in parts)
        super().__init__(
            f"Le graphe des territoires et des activités est en plusieurs morceaux sans lien ({told}) : l’indice de complexité "
            "ne ferait que dire dans quel morceau on est. Analysez-les séparément."
        )


class NoDifference(tables.Refusal):
    def __init__(self) -> None:
        super().__init__("Tous les territoires ont le même profil : aucune complexité ne les distingue.")


class RepeatedEigenvalue(tables.Refusal):
    def __init__(self) -> None:
        super().__init__(
            "Deux dimensions distinguent également les territoires (valeur propre double) : l’indice de complexité "
            "n’est pas unique."
        )


class NoDirection(tables.Refusal):
    def __init__(self) -> None:
        super().__init__(
            "L’indice de complexité n’est pas corrélé à la diversité : rien ne dit quel bout est le plus complexe. Son signe "
            "serait arbitraire."
        )


@dataclass(frozen=True)
class Spectrum:
    """Before scaling; nan for a territory that has nothing and an activity that is nowhere present."""

    eci: Numbers
    pci: Numbers
    eigenvalue: float


def spectrum(grid: Grid) -> Spectrum:
    """Second eigenvector of D_c^-1 M D_p^-1 M' through the symmetric S = D_c^-1/2 M D_p^-1/2, on its smaller side.

    pci is D_p^-1/2 v and eci D_c^-1 M pci, so that eci is the mean of pci over what the territory has. The sign is that of
    the correlation with diversity. Raises Disconnected, NoDifference, RepeatedEigenvalue, NoDirection.
    """
    rows, columns = grid.diversity > 0, grid.ubiquity > 0
    _refuse_parts(grid, rows)
    mcp = grid.mcp if rows.all() and columns.all() else grid.mcp[np.ix_(rows, columns)]
    diversity, ubiquity = grid.diversity[rows], grid.ubiquity[columns]
    symmetric = mcp * (1 / np.sqrt(diversity))[:, None]
    symmetric *= (1 / np.sqrt(ubiquity))[None, :]
    is_wide = symmetric.shape[0] <= symmetric.shape[1]
    short = symmetric if is_wide else symmetric.T
    eigenvalue, vector = _second(short @ short.T, np.sqrt(diversity if is_wide else ubiquity))
    other = (short.T @ vector) / np.sqrt(eigenvalue)
    left, right = (vector, other) if is_wide else (other, vector)
    eci, pci = np.sqrt(eigenvalue) * left / np.sqrt(diversity), right / np.sqrt(ubiquity)
    sign = _direction(diversity, eci)
    return Spectrum(_spread(sign * eci, rows), _spread(sign * pci, columns), eigenvalue)


def _refuse_parts(grid: Grid, rows: np.ndarray) -> None:
    of_territories, _ = components(grid)
    labels = of_territories[rows]
    found = np.unique(labels)
    if len(found) > 1:
        names = np.array(grid.territories.to_list(), dtype=object)[rows]
        raise Disconnected(_told([str(name) for name in names[labels == label]]) for label in found[:LISTED])


def _told(names: list[str]) -> list[str]:
    return names if len(names) <= 3 else [*names[:3], f"… {len(names)} territoires"]


def _second(square: Matrix, first: Numbers) -> tuple[float, Numbers]:
    """The largest eigenvalue and vector once the known first one (1, the square roots of the margins) is taken away."""
    first = first / np.linalg.norm(first)
    square = square - np.outer(first, first)
    values, vectors = _largest(square)
    if not len(values) or values[-1] < NOTHING:
        raise NoDifference
    if len(values) > 1 and values[-1] - values[-2] < NOTHING:
        raise RepeatedEigenvalue
    return float(values[-1]), vectors[:, -1]


def _largest(square: Matrix) -> tuple[Numbers, Matrix]:
    if square.shape[0] > DENSE:
        start = np.random.default_rng(0).standard_normal(square.shape[0])  # any start serves; a fixed one repeats the digits
        try:
            values, vectors = eigsh(square, k=2, which="LA", v0=start, ncv=40)
        except ArpackNoConvergence:
            pass
        else:
            order = np.argsort(values)
            return values[order], vectors[:, order]
    return np.linalg.eigh(square)


def _direction(diversity: Numbers, eci: Numbers) -> float:
    away, slope = diversity - diversity.mean(), eci - eci.mean()
    together = float(away @ slope)
    if abs(together) <= NOTHING * float(np.linalg.norm(away) * np.linalg.norm(slope)):
        raise NoDirection
    return float(np.sign(together))


def _spread(values: Numbers, kept: np.ndarray) -> Numbers:
    result = np.full(len(kept), np.nan)
    result[kept] = values
    return result
