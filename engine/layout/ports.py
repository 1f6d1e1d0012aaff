"""Where flows leave and enter shapes, and how much each place is liked."""

from __future__ import annotations

from engine.layout.reading import EVENTS, GATEWAYS, Node
from engine.layout.shapes import Box, Point
from engine.layout.tracks import BEND, Heading, Stop

STUB = 12.0
"""How far a flow goes straight before its first and after its last bend."""
RIGHT: Heading = (1, 0)
LEFT: Heading = (-1, 0)
UP: Heading = (0, -1)
DOWN: Heading = (0, 1)
TAKEN = 400.0
SHARED = 240.0
ASIDE = 45.0
ENTERED = 100.0
UPWARDS = 3.0
SIDE_STEP = 36.0

Taken = dict[Point, str]
"""Border points in use: ``in`` or ``out``."""


def exits(
    node: Node, box: Box, anchor: float, back: bool, taken: Taken, other: Box | None = None
) -> list[Stop]:
    """Where a flow may leave: to the right by preference; a boundary event downwards only.

    :param other: where it leads to: an expanded subprocess may be left right above or below it.
    """
    if node.host is not None:
        return [_stop((box.cx, box.bottom), DOWN, 0, taken, "out", outwards=True)]
    right, upright = (20.0, 0.0) if back else (0.0, 30.0)
    if node.tag in GATEWAYS:
        right, upright = (40.0, 0.0) if back else (0.0, 8.0)
    found = [((box.right, anchor), RIGHT, right)]
    found += [(point, UP, upright + UPWARDS + cost) for point, cost in _upright(node, box, box.y, other)]
    found += [(point, DOWN, upright + cost) for point, cost in _upright(node, box, box.bottom, other)]
    return [_stop(point, side, cost, taken, "out", outwards=True) for point, side, cost in found]


def entries(
    node: Node,
    box: Box,
    anchor: float,
    back: bool,
    taken: Taken,
    other: Box | None = None,
    forks: bool = False,
) -> list[Stop]:
    """Where a flow may enter: from the left by preference; one that leads back from above or below.

    :param other: where it comes from.
    :param forks: whether several ways leave the node: a gateway then needs its other corners for them.
    """
    left, upright = (30.0, 0.0) if back else (0.0, 60.0)
    if node.tag in GATEWAYS:
        left, upright = (20.0, 0.0) if back else (0.0, 160.0 if forks else 4.0)
    elif node.tag in EVENTS:
        upright = 20.0
    found = [((box.x, anchor), LEFT, left)]
    found += [(point, UP, upright + cost) for point, cost in _upright(node, box, box.y, other)]
    found += [(point, DOWN, upright + cost) for point, cost in _upright(node, box, box.bottom, other)]
    return [_stop(point, side, cost, taken, "in", outwards=False) for point, side, cost in found]


def _upright(node: Node, box: Box, y: float, other: Box | None) -> list[tuple[Point, float]]:
    """The middle of a horizontal border and, where it is long enough, places to both sides."""
    found = [((box.cx, y), 0.0)]
    if node.inner is not None:
        if other is not None and box.x + STUB < other.cx < box.right - STUB:
            found.append(((other.cx, y), -BEND))
        if other is not None and box.x + STUB < other.x - 2 * STUB < box.right - STUB:
            found.append(((other.x - 2 * STUB, y), 0.0))
    elif node.tag not in EVENTS | GATEWAYS:
        found += [((box.cx - SIDE_STEP, y), ASIDE), ((box.cx + SIDE_STEP, y), ASIDE)]
    return found


def _stop(point: Point, side: Heading, cost: float, taken: Taken, use: str, *, outwards: bool) -> Stop:
    at = (point[0] + side[0] * STUB, point[1] + side[1] * STUB)
    heading = side if outwards else (-side[0], -side[1])
    already = taken.get(point)
    if already is not None and already != use:
        cost += TAKEN
    elif already is not None:
        cost += SHARED if use == "out" else ENTERED
    return Stop(at, heading, cost, point)
