"""Where the names stand that don't fit into their shapes: beside events and gateways, along flows."""

from __future__ import annotations

import itertools

from engine.layout.reading import EVENTS, GATEWAYS, Flow, Scope
from engine.layout.shapes import Box, Picture, Point, label_size

NEAR = 4.0
ON_SHAPE = 1000.0
ON_LABEL = 600.0
ON_FLOW = 250.0
LESS_LIKED = 6.0


def reserve(scope: Scope, picture: Picture) -> list[Box]:
    """Where names of nodes will stand: flows avoid going there. A gateway's name goes where flows leave room."""
    return [
        _beside(scope, picture, node.id)[0]
        for node in scope.nodes.values()
        if node.named_outside and node.tag not in GATEWAYS
    ]


def label(scope: Scope, picture: Picture) -> None:
    """Adds the box of every outside name to the picture: of nodes first, then of flows."""
    # The corners of a diamond are free.
    solid = {
        id: picture.shapes[id].grown(-10 if scope.nodes[id].tag in GATEWAYS else 0) for id in scope.nodes
    }
    segments = [
        (flow.id, a, b) for flow in scope.flows for a, b in itertools.pairwise(picture.edges[flow.id])
    ]
    for node in scope.nodes.values():
        if node.named_outside:
            _choose(picture, node.id, _beside(scope, picture, node.id), solid, segments)
    for flow in scope.flows:
        if flow.name:
            _choose(picture, flow.id, _along(flow, picture.edges[flow.id]), solid, segments)


def _choose(
    picture: Picture,
    id: str,
    candidates: list[Box],
    solid: dict[str, Box],
    segments: list[tuple[str, Point, Point]],
) -> None:
    def cost(number: int) -> float:
        box = candidates[number]
        return (
            LESS_LIKED * number
            + ON_SHAPE * (not picture.frame.holds(box))
            + ON_SHAPE * sum(box.overlaps(other) for other_id, other in solid.items() if other_id != id)
            + ON_LABEL * sum(box.overlaps(other) for other in picture.labels.values())
            + ON_FLOW * sum(box.grown(1).crossed_by(a, b) for _, a, b in segments)
        )

    picture.labels[id] = candidates[min(range(len(candidates)), key=cost)]


def _beside(scope: Scope, picture: Picture, id: str) -> list[Box]:
    """Places for a node's name, the best first."""
    node, box = scope.nodes[id], picture.shapes[id]
    w, h = label_size(node.name)
    above = Box(box.cx - w / 2, box.y - h - NEAR, w, h)
    below = Box(box.cx - w / 2, box.bottom + NEAR, w, h)
    corners = [
        Box(box.cx - w - NEAR, box.y - h, w, h),
        Box(box.cx + NEAR, box.y - h, w, h),
        Box(box.cx - w - NEAR, box.bottom, w, h),
        Box(box.cx + NEAR, box.bottom, w, h),
    ]
    if node.host is not None:
        left = Box(box.x - w - NEAR, box.cy + NEAR, w, h)
        right = Box(box.right + NEAR, box.cy + NEAR, w, h)
        return [left, right, *corners[2:]]
    if node.tag in GATEWAYS:
        # The corners of the diamond leave room: a name may come nearer there.
        near = [
            Box(box.cx - w - 8, box.y - h + 6, w, h),
            Box(box.cx + 8, box.y - h + 6, w, h),
            Box(box.cx - w - 8, box.bottom - 6, w, h),
            Box(box.cx + 8, box.bottom - 6, w, h),
        ]
        return [above, below, *near]
    if node.tag in EVENTS:
        return [below, above, *corners]
    return [below, above]


def _along(flow: Flow, way: list[Point]) -> list[Box]:
    """Places for a flow's name, near its exit first."""
    w, h = label_size(flow.name)
    found: list[Box] = []
    narrow: list[Box] = []
    for (ax, ay), (bx, by) in itertools.pairwise(way):
        if ay == by and abs(bx - ax) < w + 10:
            x = (ax + bx - w) / 2
            narrow += [Box(x, ay - h - 2, w, h), Box(x, ay + 3, w, h)]
        elif ay == by:
            x = ax + 6 if bx > ax else ax - 6 - w
            found += [Box(x, ay - h - 2, w, h), Box(x, ay + 3, w, h)]
        elif ax == bx:
            room = abs(by - ay) - h
            start = min(ay, by) + (min(6, room / 2) if by > ay else max(room - 6, room / 2))
            further = start + 16 if by > ay else start - 16
            found += [Box(x, y, w, h) for y in (start, further) for x in (ax + 5, ax - 5 - w)]
    return [*found, *narrow] or [Box(way[0][0], way[0][1], w, h)]
