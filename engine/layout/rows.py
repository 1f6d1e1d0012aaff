"""Which row of its band each node stands in. A band is a lane; without lanes, a line of the picture.

The main way takes row 0 of each band. Every other way takes the row next to it that is free from where it
leaves to where it comes back: below before above, and what follows a boundary event always below.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.layout.ranking import Ranking
from engine.layout.reading import ARTIFACTS, Scope

ROWS = sorted(range(-5, 9), key=lambda row: (abs(row), row < 0))
"""Rows in the order in which they are tried."""
TAKEN = 1000.0
ABOVE = 3.0
APART = 10.0
CROSSED = 6.0


@dataclass
class _Rows:
    scope: Scope
    ranking: Ranking
    band: Mapping[str, int]
    row: dict[str, int] = field(default_factory=dict)
    taken: dict[tuple[int, int], list[tuple[float, float]]] = field(default_factory=dict)

    def is_free(self, band: int, row: int, start: float, end: float) -> bool:
        return all(end <= a or b <= start for a, b in self.taken.get((band, row), []))

    def take(self, band: int, row: int, start: float, end: float) -> None:
        self.taken.setdefault((band, row), []).append((start, end))


def assign(scope: Scope, ranking: Ranking, band: Mapping[str, int]) -> dict[str, int]:
    """The row of every node that has a column, and of every artifact; rows above the main way are negative.

    :param band: the band of each node, counted from the top.
    """
    rows = _Rows(scope, ranking, band)
    _place_main(rows)
    waiting = [(ranking.column[id], number, id) for number, id in enumerate(ranking.main)]
    heapq.heapify(waiting)
    rest = [id for id in ranking.column if id not in rows.row]
    while waiting or rest:
        if not waiting:
            # Nothing leads here: a step that is not connected yet, or a second start.
            chain = _chain(rows, rest[0])
            _place(rows, chain, None)
        else:
            _, _, source = heapq.heappop(waiting)
            chain = _next_chain(rows, source)
            if not chain:
                continue
            heapq.heappush(waiting, (ranking.column[source], len(rows.row), source))
        for id in chain:
            heapq.heappush(waiting, (ranking.column[id], len(rows.row), id))
        rest = [id for id in rest if id not in rows.row]
    _place_artifacts(rows)
    return rows.row


def _place_main(rows: _Rows) -> None:
    column, main = rows.ranking.column, rows.ranking.main
    for id in main:
        rows.row[id] = 0
        rows.take(rows.band[id], 0, column[id] - 0.4, column[id] + 0.4)
    for before, after in itertools.pairwise(main):
        if rows.band[before] == rows.band[after]:
            rows.take(rows.band[before], 0, column[before], column[after])


def _next_chain(rows: _Rows, source: str) -> list[str]:
    """The first way out of a placed node that isn't placed yet: its boundary events' before its own."""
    boundary = [node.id for node in rows.scope.nodes.values() if node.host == source]
    for leaving in [*boundary, source]:
        for flow in rows.scope.sequence:
            if flow.source == leaving and flow.target in rows.ranking.column and flow.target not in rows.row:
                chain = _chain(rows, flow.target)
                _place(rows, chain, leaving)
                return chain
    return []


def _chain(rows: _Rows, first: str) -> list[str]:
    """From a node on along the first exits, as long as nothing there is placed."""
    chain = [first]
    while True:
        ahead = [
            flow.target
            for flow in rows.scope.sequence
            if flow.source == chain[-1]
            and flow.id not in rows.ranking.back
            and flow.target in rows.ranking.column
        ]
        if not ahead or ahead[0] in rows.row or ahead[0] in chain:
            return chain
        chain.append(ahead[0])


def _place(rows: _Rows, chain: list[str], leaving: str | None) -> None:
    column, band = rows.ranking.column, rows.band
    source = None if leaving is None else rows.scope.nodes[leaving].host or leaving
    below = source is not None and source != leaving
    ahead = [
        flow.target
        for flow in rows.scope.sequence
        if flow.source == chain[-1] and flow.id not in rows.ranking.back and flow.target in rows.row
    ]
    stretches: list[list[str]] = []
    for id in chain:
        if stretches and band[stretches[-1][-1]] == band[id]:
            stretches[-1].append(id)
        else:
            stretches.append([id])
    for number, stretch in enumerate(stretches):
        before = source if number == 0 else stretches[number - 1][-1]
        after = (ahead[0] if ahead else None) if number + 1 == len(stretches) else stretches[number + 1][0]
        here = band[stretch[0]]
        best = min(ROWS, key=lambda row: _cost(rows, here, row, stretch, before, after, below))
        start, end = _span(rows, best, stretch, before, after)
        rows.take(here, best, start, end)
        for id in stretch:
            rows.row[id] = best
            rows.take(here, best, column[id] - 0.4, column[id] + 0.4)
        below = False


def _span(
    rows: _Rows, row: int, stretch: list[str], before: str | None, after: str | None
) -> tuple[float, float]:
    """From where to where a way in this row takes it: from the column where it turns in to where it leaves."""
    column, here = rows.ranking.column, rows.band[stretch[0]]
    start, end = column[stretch[0]] - 0.4, column[stretch[-1]] + 0.4
    if before is not None and rows.band[before] == here:
        start = column[before] + (0.4 if rows.row.get(before) == row else -0.1)
    if after is not None and rows.band[after] == here:
        end = column[after] - (0.4 if rows.row.get(after) == row else -0.1)
    return min(start, column[stretch[0]] - 0.4), max(end, column[stretch[-1]] + 0.4)


def _cost(
    rows: _Rows,
    here: int,
    row: int,
    stretch: list[str],
    before: str | None,
    after: str | None,
    below: bool,
) -> float:
    start, end = _span(rows, row, stretch, before, after)
    cost = abs(row) * APART + (ABOVE if row < 0 else 0)
    if not rows.is_free(here, row, start, end):
        cost += TAKEN
    for other in (before, after):
        if other is None or rows.band[other] != here or other not in rows.row:
            continue
        at = rows.ranking.column[other]
        between = range(min(row, rows.row[other]) + 1, max(row, rows.row[other]))
        cost += CROSSED * sum(not rows.is_free(here, crossed, at - 0.1, at + 0.1) for crossed in between)
        if below and other == before and row <= rows.row[other]:
            cost += TAKEN
    return cost


def _place_artifacts(rows: _Rows) -> None:
    for node in rows.scope.nodes.values():
        if node.tag not in ARTIFACTS:
            continue
        near = [
            rows.scope.nodes[other].host or other
            for flow in rows.scope.flows
            for own, other in ((flow.source, flow.target), (flow.target, flow.source))
            if own == node.id and (rows.scope.nodes[other].host or other) in rows.ranking.column
        ]
        at = rows.ranking.column[near[0]] if near else 0
        rows.ranking.column[node.id] = at
        here = rows.band[node.id]
        candidates = sorted(ROWS, key=lambda row: (abs(row), row > 0))
        free = [row for row in candidates if row and rows.is_free(here, row, at - 0.4, at + 0.4)]
        rows.row[node.id] = free[0] if free else max(ROWS) + 1
        rows.take(here, rows.row[node.id], at - 0.4, at + 0.4)
