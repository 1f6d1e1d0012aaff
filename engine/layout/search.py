"""The cheapest way along a net of tracks: A* over place and heading."""

from __future__ import annotations

import heapq

from engine.layout.shapes import Point
from engine.layout.tracks import BEND, CLOSED, Heading, Knot, Stop, Tracks

PATIENCE = 60_000
"""How many crossings are looked at for one way: a picture with more between two shapes can't be read anyway."""

State = tuple[Knot, Heading]


def find(
    tracks: Tracks, starts: list[Stop], goals: list[Stop], source: str, target: str
) -> list[Point] | None:
    """The cheapest way from one of the starts to one of the goals, from border to border; None if walled in.

    :param source: the shape the way leaves; ways may share the part behind one exit.
    :param target: the shape it leads to; ways to the same shape may run together.
    """
    wanted: dict[Knot, list[Stop]] = {}
    for goal in goals:
        wanted.setdefault(tracks.knot(goal.at), []).append(goal)
    queue: list[tuple[float, int, float, Knot, Heading]] = []
    came: dict[State, State | Stop] = {}
    best: dict[State, float] = {}

    def reach(state: State, cost: float, by: State | Stop) -> None:
        if cost < best.get(state, CLOSED):
            best[state], came[state] = cost, by
            heapq.heappush(queue, (cost + _ahead(tracks, *state, goals), len(came), cost, *state))

    for start in starts:
        reach((tracks.knot(start.at), start.heading), start.cost, start)
    found: tuple[float, State, Stop] | None = None
    for _ in range(PATIENCE):
        if not queue:
            break
        guess, _, cost, knot, heading = heapq.heappop(queue)
        if found is not None and guess >= found[0]:
            break
        if cost > best[(knot, heading)]:
            continue
        for goal in wanted.get(knot, ()):
            total = cost + goal.cost + (0 if goal.heading == heading else BEND)
            if goal.heading != (-heading[0], -heading[1]) and (found is None or total < found[0]):
                found = (total, (knot, heading), goal)
        for turned in (heading, (heading[1], heading[0]), (-heading[1], -heading[0])):
            step = tracks.step(knot, heading, turned, source, target)
            if step < CLOSED:
                after = (knot[0] + turned[0], knot[1] + turned[1])
                reach((after, turned), cost + step, (knot, heading))
    return None if found is None else _way(tracks, found[1], found[2], came)


def _ahead(tracks: Tracks, knot: Knot, heading: Heading, goals: list[Stop]) -> float:
    """At least what is still to come: the distance, and a bend where the goal isn't straight ahead."""
    x, y = tracks.point(knot)
    least = CLOSED
    for goal in goals:
        dx, dy = goal.at[0] - x, goal.at[1] - y
        ahead = abs(dx) + abs(dy) + goal.cost
        if (dy if heading[0] else dx) or dx * heading[0] < 0 or dy * heading[1] < 0:
            ahead += BEND
        least = min(least, ahead)
    return least


def _way(tracks: Tracks, state: State, goal: Stop, came: dict[State, State | Stop]) -> list[Point]:
    points = [goal.border, goal.at]
    at: State | Stop = state
    while not isinstance(at, Stop):
        points.append(tracks.point(at[0]))
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
