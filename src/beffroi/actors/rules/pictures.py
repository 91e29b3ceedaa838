"""Where the nodes and the edges of a network stand on a drawing. Pure: the same network always gives the same drawing."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

LONGEST = 34  # letters of a label; the whole name is its tooltip
LETTER = 6.6  # pixels that a letter takes
ROW, REACH, MARGIN = 26, 150, 24
ROUND_ROOM = 44  # pixels of the circle's edge that each node has
SMALLEST = 110
ABOVE = 0.25  # cosine under which a label stands over or under its point


@dataclass(frozen=True)
class Node:
    """`role`: centre, near or far; it gives the drawing's class. `anchor`: on which side of the point the label starts."""

    label: str
    full: str
    address: str
    role: str
    x: str
    y: str
    label_x: str
    label_y: str
    anchor: str


@dataclass(frozen=True)
class Edge:
    x1: str
    y1: str
    x2: str
    y2: str
    role: str
    title: str


@dataclass(frozen=True)
class Picture:
    width: str
    height: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True)
class Thing:
    """What a node shows: its text, where it leads, and its kind of node."""

    text: str
    address: str = ""
    role: str = "near"


def shortened(text: str, most: int = LONGEST) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _node(thing: Thing, x: float, y: float, shift: tuple[float, float, str]) -> Node:
    right, down, anchor = shift
    return Node(
        label=shortened(thing.text),
        full=thing.text,
        address=thing.address,
        role=thing.role,
        x=f"{x:.1f}",
        y=f"{y:.1f}",
        label_x=f"{x + right:.1f}",
        label_y=f"{y + down:.1f}",
        anchor=anchor,
    )


def star(centre: Thing, around: Sequence[tuple[Thing, str]]) -> Picture:
    """One thing in the middle, what it is tied to in two columns: each label has its own line. Each neighbour comes with
    the words of its tie."""
    left, right = around[::2], around[1::2]
    height = 2 * MARGIN + max(len(left), 2) * ROW
    middle = (_room(left) + REACH, height / 2)
    nodes, edges = [_node(centre, *middle, (0.0, 26.0, "middle"))], []
    for column, side, anchor in ((left, -1, "end"), (right, 1, "start")):
        start = (height - (len(column) - 1) * ROW) / 2
        for place, (thing, words) in enumerate(column):
            x, y = middle[0] + side * REACH, start + place * ROW
            nodes.append(_node(thing, x, y, (side * 10.0, 5.0, anchor)))
            edges.append(_edge(middle, (x, y), "plain", words))
    return Picture(f"{middle[0] + REACH + _room(right):.0f}", f"{height:.0f}", tuple(nodes), tuple(edges))


def _room(things: Sequence[tuple[Thing, str]]) -> float:
    return MARGIN + LETTER * max((len(shortened(thing.text)) for thing, _words in things), default=0)


def ring(things: Mapping[Hashable, Thing], ties: Sequence[tuple[Hashable, Hashable, str, str]]) -> Picture:
    """Everything on a circle with its label outside, in the order given; each tie is (one, other, role, words)."""
    radius = max(SMALLEST, len(things) * ROUND_ROOM / (2 * pi))
    angles = {key: 2 * pi * (place + 0.5) / len(things) - pi / 2 for place, key in enumerate(things)}
    rooms = [_side_room(things, angles, side) for side in (-1, 1)]
    middle = (radius + rooms[0], radius + MARGIN + 14)
    points = {key: (middle[0] + radius * cos(angle), middle[1] + radius * sin(angle)) for key, angle in angles.items()}
    nodes = [_node(thing, *points[key], _outward(angles[key])) for key, thing in things.items()]
    edges = [_edge(points[one], points[other], role, words) for one, other, role, words in ties]
    return Picture(f"{2 * radius + sum(rooms):.0f}", f"{2 * middle[1]:.0f}", tuple(nodes), tuple(edges))


def _side_room(things: Mapping[Hashable, Thing], angles: Mapping[Hashable, float], side: int) -> float:
    lengths = [len(shortened(thing.text)) for key, thing in things.items() if cos(angles[key]) * side > -ABOVE]
    return MARGIN + LETTER * max(lengths, default=0)


def _outward(angle: float) -> tuple[float, float, str]:
    if abs(cos(angle)) < ABOVE:
        return 0.0, -14.0 if sin(angle) < 0 else 24.0, "middle"
    return (12.0, 5.0, "start") if cos(angle) > 0 else (-12.0, 5.0, "end")


def _edge(start: tuple[float, float], end: tuple[float, float], role: str, words: str) -> Edge:
    return Edge(f"{start[0]:.1f}", f"{start[1]:.1f}", f"{end[0]:.1f}", f"{end[1]:.1f}", role, words)
