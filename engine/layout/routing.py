"""Draws the flows of a scope between its placed shapes, the straight ones first."""

from __future__ import annotations

from collections.abc import Iterator

from engine.layout.labels import reserve
from engine.layout.placing import Places
from engine.layout.ports import STUB, Taken, entries, exits
from engine.layout.ranking import Ranking
from engine.layout.reading import ARTIFACTS, GATEWAYS, Flow, Scope
from engine.layout.search import find, straighten
from engine.layout.shapes import Box, Picture, Point
from engine.layout.tracks import Tracks


def route(scope: Scope, ranking: Ranking, places: Places) -> None:
    """Adds the way of every flow to the picture of the scope."""
    picture = places.picture
    taken: Taken = {}
    tracks = _tracks(scope, places)
    waiting = []
    for flow in scope.flows:
        if flow.tag != "sequenceFlow":
            picture.edges[flow.id] = _direct(picture.shapes[flow.source], picture.shapes[flow.target])
            continue
        way = _straight(scope, picture, flow, tracks)
        if way is None:
            waiting.append(flow)
        else:
            _take(picture, tracks, taken, flow, way)
    waiting.sort(key=lambda flow: _urgency(scope, ranking, picture, flow))
    for flow in waiting:
        back = flow.id in ranking.back
        source, target = scope.nodes[flow.source], scope.nodes[flow.target]
        out_of, into = picture.shapes[source.id], picture.shapes[target.id]
        starts = exits(source, out_of, anchor(picture, source.id), back, taken, into)
        forks = sum(other.source == target.id for other in scope.sequence) > 1
        goals = entries(target, into, anchor(picture, target.id), back, taken, out_of, forks)
        # A parallel join shows how many ways it waits for: its ways never run together before it.
        to = target.id if target.tag == "exclusiveGateway" or target.tag not in GATEWAYS else flow.id
        way = find(tracks, starts, goals, source.id, to)
        if way is None:
            way = straighten([starts[0].border, starts[0].at, goals[0].at, goals[0].border])
        _take(picture, tracks, taken, flow, way)


def anchor(picture: Picture, id: str) -> float:
    """The y at which flows enter and leave a shape sideways."""
    box = picture.shapes[id]
    return box.y + picture.anchors.get(id, box.h / 2)


def _take(picture: Picture, tracks: Tracks, taken: Taken, flow: Flow, way: list[Point]) -> None:
    picture.edges[flow.id] = way
    tracks.take(way, flow.source, flow.target)
    taken.setdefault(way[0], "out")
    taken.setdefault(way[-1], "in")


def _straight(scope: Scope, picture: Picture, flow: Flow, tracks: Tracks) -> list[Point] | None:
    """A flow to a shape in the same row with nothing between."""
    if scope.nodes[flow.source].host is not None:
        return None
    source, target = picture.shapes[flow.source], picture.shapes[flow.target]
    y = anchor(picture, flow.source)
    if y != anchor(picture, flow.target) or target.x <= source.right:
        return None
    way = [(source.right, y), (target.x, y)]
    others = [box for id, box in picture.shapes.items() if id in scope.nodes and box not in (source, target)]
    return None if any(box.crossed_by(*way) for box in others) else way


def _urgency(scope: Scope, ranking: Ranking, picture: Picture, flow: Flow) -> tuple[bool, bool, float, float]:
    source, target = picture.shapes[flow.source], picture.shapes[flow.target]
    return (
        flow.id in ranking.back,
        scope.nodes[flow.source].host is None,
        max(target.x - source.right, source.x - target.right, 0)
        + max(target.y - source.bottom, source.y - target.bottom, 0),
        source.cx,
    )


def _direct(source: Box, target: Box) -> list[Point]:
    """An association: the straight line between two shapes, from border to border."""
    return [_border(source, (target.cx, target.cy)), _border(target, (source.cx, source.cy))]


def _border(box: Box, towards: Point) -> Point:
    dx, dy = towards[0] - box.cx, towards[1] - box.cy
    if not dx and not dy:
        return box.cx, box.y
    scale = min(box.w / 2 / abs(dx) if dx else float("inf"), box.h / 2 / abs(dy) if dy else float("inf"))
    return box.cx + dx * scale, box.cy + dy * scale


def _tracks(scope: Scope, places: Places) -> Tracks:
    """Tracks through the middle of every shape, and side by side through the room between them."""
    picture = places.picture
    boxes = {id: box for id, box in picture.shapes.items() if id in scope.nodes}
    solid = [box for id, box in boxes.items() if scope.nodes[id].tag not in ARTIFACTS]
    xs: set[float] = set()
    ys: set[float] = set()
    taken: Taken = {}
    for flow in scope.sequence:
        source, target = boxes[flow.source], boxes[flow.target]
        y, to_y = anchor(picture, flow.source), anchor(picture, flow.target)
        stops = exits(scope.nodes[flow.source], source, y, False, taken, target)
        stops += entries(scope.nodes[flow.target], target, to_y, False, taken, source)
        xs |= {stop.at[0] for stop in stops}
        ys |= {stop.at[1] for stop in stops}
    xs |= set(_free(sorted((box.x, box.right) for box in solid), 0, places.picture.frame.right))
    ys |= set(_free(sorted((box.y, box.bottom) for box in solid), 0, places.picture.frame.bottom))
    ys -= set(places.borders)
    return Tracks.of(xs, ys, solid, reserve(scope, picture))


def _free(intervals: list[tuple[float, float]], start: float, end: float) -> Iterator[float]:
    """Tracks in the room that no shape reaches into, a stub's length apart, counted from both sides."""
    at = start
    for low, high in [*intervals, (end, end)]:
        if low - at >= 2 * STUB:
            steps = int((low - at) // STUB)
            half = (steps + 1) // 2
            yield from (at + STUB * n for n in range(1, half))
            yield from (low - STUB * n for n in range(1, half))
            if low - at - 2 * STUB * (half - 1) >= 2 * STUB:
                yield round(at + (low - at) / 2)
        at = max(at, high)
