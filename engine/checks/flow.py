"""Whether a case can get through a diagram: starts, ends, gateways that decide, nothing out of reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import networkx as nx

from engine.checks.diagram import Diagram, Node
from engine.checks.findings import Notes
from engine.checks.structure import refuses
from engine.runtime.vocabulary import ACTIVITIES, GATEWAYS


def check(diagram: Diagram, notes: Notes) -> None:
    """The ways through a diagram, in the process and in each embedded subprocess."""
    sound = all([_flows(diagram, notes), _boundaries(diagram, notes)])
    for node in diagram.nodes.values():
        if node.tag in GATEWAYS:
            _gateway(diagram, node, notes)
        elif len(diagram.outgoing[node.id]) > 1 and not refuses(diagram, node.id):
            notes.warning(
                node.id,
                "implicit-split",
                "several flows leave here; draw the gateway that says which are taken",
            )
    for scope in diagram.scopes:
        nodes = diagram.within(scope)
        if _ends_are_there(scope, nodes, notes) and sound:
            _reach(diagram, scope, nodes, notes)


def _flows(diagram: Diagram, notes: Notes) -> bool:
    """Whether every flow joins two nodes of one process or subprocess."""
    sound = True
    for flow in diagram.flows:
        for id in (flow.source, flow.target):
            node = diagram.nodes.get(id)
            if node is None:
                notes.error(
                    flow.id,
                    "broken-reference",
                    f"the flow ends at {id or 'nothing'}, which is not in the diagram",
                )
                sound = False
            elif node.scope != flow.scope:
                notes.error(flow.id, "broken-reference", f"the flow leaves the subprocess that {id} lies in")
                sound = False
    for node in diagram.nodes.values():
        if node.tag == "startEvent" and diagram.incoming[node.id]:
            notes.error(node.id, "broken-reference", "a flow leads into a start event")
            sound = False
        if node.tag == "endEvent" and diagram.outgoing[node.id]:
            notes.error(node.id, "broken-reference", "a flow leads out of an end event")
            sound = False
    return sound


def _boundaries(diagram: Diagram, notes: Notes) -> bool:
    """Whether every boundary event sits on an activity beside it."""
    sound = True
    for node in diagram.nodes.values():
        if node.tag != "boundaryEvent":
            continue
        host = diagram.nodes.get(node.attached_to or "")
        fits = host is not None and (host.tag in ACTIVITIES or refuses(diagram, host.id))
        if host is None or not fits or host.scope != node.scope:
            message = f"it is attached to {node.attached_to or 'nothing'}, which is no activity here"
            notes.error(node.id, "broken-reference", message)
            sound = False
    return sound


def _gateway(diagram: Diagram, gateway: Node, notes: Notes) -> None:
    exits = diagram.outgoing[gateway.id]
    default = gateway.xml.get("default")
    if default and default not in {flow.id for flow in exits}:
        notes.error(gateway.id, "broken-reference", f"its default exit {default} is not one of its exits")
        return
    if len(exits) < 2:
        return
    if gateway.tag == "parallelGateway":
        for flow in exits:
            if flow.condition is not None:
                notes.error(
                    flow.id,
                    "condition-ignored",
                    "a parallel gateway takes every exit; its conditions are not asked",
                )
        return
    open_exits = [flow for flow in exits if flow.condition is None and flow.id != default]
    if gateway.tag == "exclusiveGateway":
        if default is None and len(open_exits) == 1:
            exit = open_exits[0].id
            notes.error(
                gateway.id, "no-default", f"mark the exit without a condition ({exit}) as the default", [exit]
            )
            return
        for flow in open_exits:
            notes.error(
                flow.id, "no-condition", f"this exit of {gateway.name or gateway.id} has no condition"
            )
    if default is None and not open_exits:
        exits_ids = [flow.id for flow in exits]
        notes.error(
            gateway.id,
            "no-default",
            "no exit is taken when none of the conditions holds; mark a default",
            exits_ids,
        )


def _ends_are_there(scope: str, nodes: Iterable[Node], notes: Notes) -> bool:
    starts = [node.id for node in nodes if node.tag == "startEvent"]
    ends = [node.id for node in nodes if node.tag == "endEvent"]
    if not starts:
        notes.error(scope, "no-start", "there is no start event")
    elif len(starts) > 1:
        notes.error(
            scope,
            "several-starts",
            f"there are {len(starts)} start events; nobody can say which one begins",
            starts,
        )
    if not ends:
        notes.error(scope, "no-end", "there is no end event")
    return len(starts) == 1 and bool(ends)


def _reach(diagram: Diagram, scope: str, nodes: list[Node], notes: Notes) -> None:
    """Every node is reached from the start, and from every node an end is."""
    graph = nx.DiGraph()
    graph.add_nodes_from(node.id for node in nodes)
    graph.add_edges_from((flow.source, flow.target) for flow in diagram.flows if flow.scope == scope)
    for node in nodes:
        if node.tag == "boundaryEvent" and node.attached_to in graph:
            graph.add_edge(node.attached_to, node.id)
    start = next(node.id for node in nodes if node.tag == "startEvent")
    ways: dict[str, list[str]] = nx.single_source_shortest_path(graph, start)
    _unreachable(diagram, graph.subgraph(node.id for node in nodes if node.id not in ways), notes)
    for node in nodes:
        ends = node.tag == "endEvent" or refuses(diagram, node.id)
        if node.id in ways and not diagram.outgoing[node.id] and not ends:
            message = f"no way leads on from {node.name or node.id}; draw the end event"
            notes.error(node.id, "dead-end", message, ways[node.id])
    _traps(diagram, graph, ways, notes)


def _traps(diagram: Diagram, graph: nx.DiGraph, ways: Mapping[str, list[str]], notes: Notes) -> None:
    """One finding for each circle that is entered and never left."""
    circles = nx.condensation(graph)
    for circle in circles:
        ids = [id for id in diagram.nodes if id in circles.nodes[circle]["members"] and id in ways]
        if not ids or circles.out_degree(circle) or not graph.out_degree(ids[0]):
            continue
        entry = min(ids, key=lambda id: len(ways[id]))
        message = f"no way leads from {diagram.nodes[entry].name or entry} to an end"
        notes.error(entry, "no-way-out", message, [*ways[entry], *(id for id in ids if id != entry)])


def _unreachable(diagram: Diagram, lost: nx.DiGraph, notes: Notes) -> None:
    """One finding for each part of the diagram that nothing leads to, on the node where it begins."""
    for part in nx.weakly_connected_components(lost):
        ids = [id for id in diagram.nodes if id in part]
        if all(refuses(diagram, id) for id in ids):
            continue
        head = next((id for id in ids if not lost.in_degree(id)), ids[0])
        name = diagram.nodes[head].name or head
        notes.error(
            head,
            "unreachable",
            f"no way leads from the start to {name}",
            [head, *(id for id in ids if id != head)],
        )
