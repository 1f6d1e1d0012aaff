"""A net of tracks between the shapes: what each stretch costs, and which ways already lie on it."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.layout.shapes import Box, Point

Heading = tuple[int, int]
Knot = tuple[int, int]
"""A crossing of two tracks, by their numbers."""
Stretch = tuple[int, int, bool]
"""From one crossing to the next on its right or, where the last is False, below it."""

CLEARANCE = 10.0
"""How far flows keep from shapes that aren't theirs."""
BEND = 40.0
CROSSING = 90.0
TOUCHING = 250.0
OVERLAPPING = 3000.0
THROUGH_LABEL = 160.0
CROWDED = 0.5
"""How much dearer a track is that runs close to a shape."""
CLOSE = 20.0
SHARED_EXIT = 40.0
CLOSED = float("inf")


@dataclass(frozen=True)
class Stop:
    """Where a way may begin or end: a place on the net, the heading there, and what choosing it costs."""

    at: Point
    heading: Heading
    cost: float
    border: Point
    """The point on the shape's border that belongs to it."""


@dataclass(frozen=True)
class _Use:
    source: str
    target: str
    horizontal: bool


@dataclass
class Tracks:
    """The net, and the ways that are already taken."""

    xs: list[float]
    ys: list[float]
    across: list[list[float]] = field(default_factory=list)
    """What each stretch to the right costs, by the numbers of its row and its left end."""
    down: list[list[float]] = field(default_factory=list)
    """What each stretch downwards costs, by the numbers of its column and its upper end."""
    on_stretch: dict[Stretch, list[_Use]] = field(default_factory=dict)
    on_knot: dict[Knot, list[_Use]] = field(default_factory=dict)
    x_number: dict[float, int] = field(default_factory=dict)
    y_number: dict[float, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls, xs: Iterable[float], ys: Iterable[float], obstacles: Iterable[Box], labels: Iterable[Box]
    ) -> Tracks:
        """A net with these vertical and horizontal tracks, closed where a shape stands."""
        tracks = cls(sorted(set(xs)), sorted(set(ys)))
        tracks.x_number = {x: number for number, x in enumerate(tracks.xs)}
        tracks.y_number = {y: number for number, y in enumerate(tracks.ys)}
        tracks.across = [[b - a for a, b in itertools.pairwise(tracks.xs)] for _ in tracks.ys]
        tracks.down = [[b - a for a, b in itertools.pairwise(tracks.ys)] for _ in tracks.xs]
        solid = list(obstacles)
        crowded = {stretch for box in solid for stretch in tracks._through(box.grown(CLOSE))}
        for stretch in crowded:
            tracks._raise(stretch, times=1 + CROWDED)
        for label in labels:
            for stretch in tracks._through(label):
                tracks._raise(stretch, by=THROUGH_LABEL)
        for box in solid:
            for stretch in tracks._through(box.grown(CLEARANCE)):
                tracks._raise(stretch, by=CLOSED)
        return tracks

    def knot(self, point: Point) -> Knot:
        """The crossing at a point, which must lie on the net."""
        return self.x_number[point[0]], self.y_number[point[1]]

    def point(self, knot: Knot) -> Point:
        """Where a crossing lies."""
        return self.xs[knot[0]], self.ys[knot[1]]

    def step(self, knot: Knot, heading: Heading, turned: Heading, source: str, target: str) -> float:
        """What going on from a crossing to the next one costs; infinite when a shape or the edge is there.

        :param heading: where the way comes from.
        :param turned: where it goes on to.
        """
        x, y = min(knot[0], knot[0] + turned[0]), min(knot[1], knot[1] + turned[1])
        horizontal = turned[1] == 0
        if x < 0 or y < 0 or x + horizontal >= len(self.xs) or y + (not horizontal) >= len(self.ys):
            return CLOSED
        cost = self.across[y][x] if horizontal else self.down[x][y]
        if cost == CLOSED:
            return CLOSED
        for use in self.on_stretch.get((x, y, horizontal), ()):
            if use.target != target:
                cost += SHARED_EXIT if use.source == source else OVERLAPPING
        bends = turned != heading
        if bends:
            cost += BEND
        for use in self.on_knot.get(knot, ()):
            if use.target == target or use.source == source:
                continue
            if bends:
                cost += TOUCHING
            elif use.horizontal != horizontal:
                cost += CROSSING
        return cost

    def take(self, way: list[Point], source: str, target: str) -> None:
        """Remembers a way, so that later ones cross it seldom and never lie on it."""
        for a, b in itertools.pairwise(way):
            horizontal = a[1] == b[1]
            use = _Use(source, target, horizontal)
            knots = self._between(a, b)
            for knot in knots:
                self.on_knot.setdefault(knot, []).append(use)
            for knot in knots[:-1]:
                self.on_stretch.setdefault((*knot, horizontal), []).append(use)

    def _between(self, a: Point, b: Point) -> list[Knot]:
        """The crossings on a segment, from the left or from above."""
        (left, right), (top, bottom) = sorted((a[0], b[0])), sorted((a[1], b[1]))
        columns = range(bisect_left(self.xs, left), bisect_right(self.xs, right))
        rows = range(bisect_left(self.ys, top), bisect_right(self.ys, bottom))
        return [(x, y) for x in columns for y in rows]

    def _through(self, box: Box) -> Iterable[Stretch]:
        """The stretches that pass through the inside of a box."""
        inside_x = range(bisect_right(self.xs, box.x), bisect_left(self.xs, box.right))
        inside_y = range(bisect_right(self.ys, box.y), bisect_left(self.ys, box.bottom))
        reach_x = range(max(inside_x.start - 1, 0), min(inside_x.stop, len(self.xs) - 1))
        reach_y = range(max(inside_y.start - 1, 0), min(inside_y.stop, len(self.ys) - 1))
        yield from ((x, y, True) for y in inside_y for x in reach_x)
        yield from ((x, y, False) for x in inside_x for y in reach_y)

    def _raise(self, stretch: Stretch, *, times: float = 1.0, by: float = 0.0) -> None:
        x, y, horizontal = stretch
        if horizontal:
            self.across[y][x] = self.across[y][x] * times + by
        else:
            self.down[x][y] = self.down[x][y] * times + by
