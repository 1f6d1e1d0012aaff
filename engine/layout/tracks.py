"""A net of tracks between the shapes, and the cheapest way along it (A* over place and heading)."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.layout.shapes import Box, Point

Heading = tuple[int, int]
Knot = tuple[int, int]
"""A crossing of two tracks, by their numbers."""

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
    """The net, what stands in its way, and the ways that are already taken."""

    xs: list[float]
    ys: list[float]
    obstacles: list[Box]
    labels: list[Box]
    surroundings: list[Box]
    on_segment: dict[tuple[Knot, Knot], list[_Use]] = field(default_factory=dict)
    on_knot: dict[Knot, list[_Use]] = field(default_factory=dict)
    costs: dict[tuple[Knot, Knot], float | None] = field(default_factory=dict)
    x_number: dict[float, int] = field(default_factory=dict)
    y_number: dict[float, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls, xs: Iterable[float], ys: Iterable[float], obstacles: Iterable[Box], labels: Iterable[Box]
    ) -> Tracks:
        """A net with these vertical and horizontal tracks."""
        tracks = cls(sorted(set(xs)), sorted(set(ys)), [], [*labels], [])
        for box in obstacles:
            tracks.obstacles.append(box.grown(CLEARANCE))
            tracks.surroundings.append(box.grown(CLOSE))
        tracks.x_number = {x: number for number, x in enumerate(tracks.xs)}
        tracks.y_number = {y: number for number, y in enumerate(tracks.ys)}
        return tracks

    def knot(self, point: Point) -> Knot:
        """The crossing at a point, which must lie on the net."""
        return self.x_number[point[0]], self.y_number[point[1]]

    def point(self, knot: Knot) -> Point:
        """Where a crossing lies."""
        return self.xs[knot[0]], self.ys[knot[1]]

    def find(self, starts: list[Stop], goals: list[Stop], source: str, target: str) -> list[Point] | None:
        """The cheapest way from one of the starts to one of the goals, from border to border; None if walled in.

        :param source: the shape the way leaves; ways may share the part behind one exit.
        :param target: the shape it leads to; ways to the same shape may run together.
        """
        wanted: dict[Knot, list[Stop]] = {}
        for goal in goals:
            wanted.setdefault(self.knot(goal.at), []).append(goal)
        number = 0
        queue: list[tuple[float, int, float, Knot, Heading]] = []
        came: dict[tuple[Knot, Heading], tuple[Knot, Heading] | Stop] = {}
        best: dict[tuple[Knot, Heading], float] = {}
        for start in starts:
            state = (self.knot(start.at), start.heading)
            if start.cost < best.get(state, float("inf")):
                best[state], came[state] = start.cost, start
                number += 1
                heapq.heappush(queue, (start.cost + self._ahead(state[0], goals), number, start.cost, *state))
        found: tuple[float, tuple[Knot, Heading], Stop] | None = None
        while queue:
            guess, _, cost, knot, heading = heapq.heappop(queue)
            if found is not None and guess >= found[0]:
                break
            if cost > best[(knot, heading)]:
                continue
            for goal in wanted.get(knot, []):
                if goal.heading == (-heading[0], -heading[1]):
                    continue
                total = cost + goal.cost + (0 if goal.heading == heading else BEND)
                if found is None or total < found[0]:
                    found = (total, (knot, heading), goal)
            for turned in (heading, (heading[1], heading[0]), (-heading[1], -heading[0])):
                after = (knot[0] + turned[0], knot[1] + turned[1])
                if not (0 <= after[0] < len(self.xs) and 0 <= after[1] < len(self.ys)):
                    continue
                step = self._step(knot, after, heading, turned, source, target)
                if step is None:
                    continue
                state = (after, turned)
                if cost + step < best.get(state, float("inf")):
                    best[state] = cost + step
                    came[state] = (knot, heading)
                    number += 1
                    guess = cost + step + self._ahead(after, goals)
                    heapq.heappush(queue, (guess, number, cost + step, after, turned))
        return None if found is None else self._way(found[1], found[2], came)

    def take(self, way: list[Point], source: str, target: str) -> None:
        """Remembers a way, so that later ones cross it seldom and never lie on it."""
        for a, b in itertools.pairwise(way):
            horizontal = a[1] == b[1]
            use = _Use(source, target, horizontal)
            knots = self._between(a, b)
            for knot in knots:
                self.on_knot.setdefault(knot, []).append(use)
            for one, two in itertools.pairwise(knots):
                self.on_segment.setdefault((min(one, two), max(one, two)), []).append(use)

    def _between(self, a: Point, b: Point) -> list[Knot]:
        if a[1] == b[1]:
            low, high = sorted((a[0], b[0]))
            row = self.y_number.get(a[1])
            return [] if row is None else [(n, row) for n, x in enumerate(self.xs) if low <= x <= high]
        low, high = sorted((a[1], b[1]))
        column = self.x_number.get(a[0])
        return [] if column is None else [(column, n) for n, y in enumerate(self.ys) if low <= y <= high]

    def _ahead(self, knot: Knot, goals: list[Stop]) -> float:
        x, y = self.point(knot)
        return min(abs(goal.at[0] - x) + abs(goal.at[1] - y) + goal.cost for goal in goals)

    def _step(
        self, knot: Knot, after: Knot, heading: Heading, turned: Heading, source: str, target: str
    ) -> float | None:
        """What going on to the next crossing costs; None when a shape stands there."""
        pair = (min(knot, after), max(knot, after))
        if pair not in self.costs:
            self.costs[pair] = self._length(*pair)
        cost = self.costs[pair]
        if cost is None:
            return None
        for use in self.on_segment.get(pair, []):
            if use.target == target:
                continue
            cost += SHARED_EXIT if use.source == source else OVERLAPPING
        if turned != heading:
            cost += BEND
        for use in self.on_knot.get(knot, []):
            if use.target == target or use.source == source:
                continue
            if turned != heading:
                cost += TOUCHING
            elif use.horizontal != (heading[1] == 0):
                cost += CROSSING
        return cost

    def _length(self, one: Knot, two: Knot) -> float | None:
        a, b = self.point(one), self.point(two)
        if any(box.crossed_by(a, b) for box in self.obstacles):
            return None
        length = abs(a[0] - b[0]) + abs(a[1] - b[1])
        if any(box.crossed_by(a, b) for box in self.surroundings):
            length *= 1 + CROWDED
        return length + THROUGH_LABEL * sum(box.crossed_by(a, b) for box in self.labels)

    def _way(
        self,
        state: tuple[Knot, Heading],
        goal: Stop,
        came: dict[tuple[Knot, Heading], tuple[Knot, Heading] | Stop],
    ) -> list[Point]:
        points = [goal.border, goal.at]
        at: tuple[Knot, Heading] | Stop = state
        while not isinstance(at, Stop):
            points.append(self.point(at[0]))
            at = came[at]
        points += [at.at, at.border]
        return straighten(points[::-1])


def straighten(points: list[Point]) -> list[Point]:
    """The same way with only its ends and bends."""
    way: list[Point] = []
    for point in points:
        if way and way[-1] == point:
            continue
        if len(way) > 1 and (way[-2][0] == way[-1][0] == point[0] or way[-2][1] == way[-1][1] == point[1]):
            way[-1] = point
        else:
            way.append(point)
    return way
