"""Which column each node stands in: as far right as its longest way from a start (networkx)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import networkx as nx

from engine.layout.reading import ARTIFACTS, Flow, Scope


@dataclass
class Ranking:
    """The columns of a scope."""

    column: dict[str, int] = field(default_factory=dict)
    back: set[str] = field(default_factory=set)
    """Flows that lead back to an earlier step."""
    main: list[str] = field(default_factory=list)
    """The way that a reader follows first: at each fork the exit that stands first in the file."""
    skirts: dict[str, list[list[str]]] = field(default_factory=dict)
    """What hangs below an expanded subprocess: for each of its boundary events, the steps that follow it."""

    @property
    def hanging(self) -> set[str]:
        """All nodes that hang below a subprocess; they have no column of their own."""
        return {node for chains in self.skirts.values() for chain in chains for node in chain}


def rank(scope: Scope) -> Ranking:
    """Columns, flows that lead back, and the main way of a scope."""
    ranking = Ranking(skirts=_skirts(scope))
    edges = _edges(scope, ranking.hanging)
    nodes = [
        node.id
        for node in scope.nodes.values()
        if node.host is None and node.tag not in ARTIFACTS and node.id not in ranking.hanging
    ]
    starts = [id for id in nodes if scope.nodes[id].tag == "startEvent"]
    entered = {target for _, target, _ in edges}
    starts += [id for id in nodes if id not in entered and id not in starts]
    ranking.back = _back(starts + nodes, edges)
    graph = nx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from((s, t) for s, t, flow in edges if flow.id not in ranking.back and s != t)
    for id in nx.lexicographical_topological_sort(graph, key={n: i for i, n in enumerate(nodes)}.get):
        before = [ranking.column[other] for other in graph.predecessors(id)]
        ranking.column[id] = max(before) + 1 if before else 0
    ranking.main = _main(starts, edges, ranking.back)
    return ranking


def _edges(scope: Scope, hanging: set[str]) -> list[tuple[str, str, Flow]]:
    """Sequence flows between nodes that have columns; one from a boundary event counts from its host."""
    found = []
    for flow in scope.sequence:
        source = scope.nodes[flow.source].host or flow.source
        if source in hanging or flow.target in hanging:
            continue
        found.append((source, flow.target, flow))
    return found


def _back(order: Iterable[str], edges: list[tuple[str, str, Flow]]) -> set[str]:
    """Flows to a step that is still being followed, found depth first in the order of the file."""
    leaving: dict[str, list[tuple[str, Flow]]] = {}
    for source, target, flow in edges:
        leaving.setdefault(source, []).append((target, flow))
    back: set[str] = set()
    done: set[str] = set()
    for start in order:
        if start in done:
            continue
        path = {start: iter(leaving.get(start, []))}
        while path:
            current = next(reversed(path))
            for target, flow in path[current]:
                if target in path:
                    back.add(flow.id)
                elif target not in done:
                    path[target] = iter(leaving.get(target, []))
                    break
            else:
                path.pop(current)
                done.add(current)
    return back


def _main(starts: list[str], edges: list[tuple[str, str, Flow]], back: set[str]) -> list[str]:
    main = starts[:1]
    while main:
        ahead = [target for _, target, flow in edges if flow.source == main[-1] and flow.id not in back]
        ahead = [target for target in ahead if target not in main]
        if not ahead:
            break
        main.append(ahead[0])
    return main


def _skirts(scope: Scope) -> dict[str, list[list[str]]]:
    """The handlers that belong to a boundary event of an expanded subprocess alone."""
    found: dict[str, list[list[str]]] = {}
    for event in scope.nodes.values():
        if event.host is None or scope.nodes[event.host].inner is None:
            continue
        chain: list[str] = []
        current = event.id
        while True:
            ahead = [flow.target for flow in scope.sequence if flow.source == current]
            if len(ahead) != 1 or ahead[0] in chain:
                break
            entering = [flow for flow in scope.sequence if flow.target == ahead[0]]
            boundary = [node for node in scope.nodes.values() if node.host == ahead[0]]
            if len(entering) != 1 or boundary or scope.nodes[ahead[0]].inner is not None:
                break
            chain.append(current := ahead[0])
        found.setdefault(event.host, []).append(chain)
    return found
