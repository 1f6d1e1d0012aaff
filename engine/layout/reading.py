"""From BPMN XML to what a picture is made of: nodes, flows and lanes, nested as the subprocesses are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from lxml import etree

from engine.errors import DefinitionRefused
from engine.layout import shapes

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"

SUBPROCESSES = {"subProcess", "transaction", "adHocSubProcess"}
TASKS = {
    "task",
    "userTask",
    "manualTask",
    "serviceTask",
    "scriptTask",
    "businessRuleTask",
    "sendTask",
    "receiveTask",
    "callActivity",
}
EVENTS = {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
GATEWAYS = {
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "eventBasedGateway",
    "complexGateway",
}
DATA = {"dataObjectReference", "dataStoreReference"}
ARTIFACTS = DATA | {"textAnnotation"}
NODES = SUBPROCESSES | TASKS | EVENTS | GATEWAYS | ARTIFACTS
MOST_NODES = 400
"""More in one process is no picture that a person reads, and would take minutes."""


@dataclass
class Node:
    """Something with a shape."""

    id: str
    tag: str
    name: str
    lane: str | None = None
    host: str | None = None
    """The activity that a boundary event sits on."""
    inner: Scope | None = None
    """What an expanded subprocess holds."""

    @property
    def named_outside(self) -> bool:
        """Whether its name stands beside the shape, not in it."""
        return bool(self.name) and self.tag in EVENTS | GATEWAYS | DATA

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the shape; of a subprocess, when it is closed."""
        if self.tag in EVENTS:
            return shapes.EVENT
        if self.tag in GATEWAYS:
            return shapes.GATEWAY
        if self.tag in DATA:
            return shapes.DATA_OBJECT
        if self.tag == "textAnnotation":
            return shapes.ANNOTATION
        return shapes.TASK


@dataclass(frozen=True)
class Flow:
    """Something with a line: a sequence flow, an association, a data association."""

    id: str
    tag: str
    name: str
    source: str
    target: str


@dataclass
class Scope:
    """A process, or the inside of a subprocess. Everything stands in the order of the file."""

    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    lanes: list[str] = field(default_factory=list)

    @property
    def sequence(self) -> list[Flow]:
        """The sequence flows alone, which decide where things stand."""
        return [flow for flow in self.flows if flow.tag == "sequenceFlow"]


@dataclass
class Diagram:
    """A file as read."""

    plane: str
    """Which element the picture is of: the collaboration, or the process where there is no pool."""
    pool: str | None
    scope: Scope


def read(root: etree._Element, name: str) -> Diagram:
    """What the file holds.

    :raises DefinitionRefused: when it has no process, several, a flow to nowhere, or too much for a picture.
    """
    processes = root.findall(f"{{{BPMN}}}process")
    if len(processes) != 1:
        raise DefinitionRefused(name, [("", f"a picture is drawn of one process, not of {len(processes)}")])
    process = processes[0]
    count = sum(etree.QName(element).localname in NODES for element in process.iter(f"{{{BPMN}}}*"))
    if count > MOST_NODES:
        raise DefinitionRefused(name, [("", f"{count} steps in one process; {MOST_NODES} can be drawn")])
    collaboration = root.find(f"{{{BPMN}}}collaboration")
    pool = None
    plane = process.get("id", "")
    if collaboration is not None:
        pools = collaboration.findall(f"{{{BPMN}}}participant")
        if len(pools) != 1:
            raise DefinitionRefused(name, [("", f"a picture is drawn of one pool, not of {len(pools)}")])
        pool, plane = pools[0].get("id", ""), collaboration.get("id", "")
    scope = _scope(process, name)
    _assign_lanes(process, scope)
    return Diagram(plane, pool, scope)


def _scope(element: etree._Element, name: str) -> Scope:
    scope = Scope()
    for child in element.iterchildren(f"{{{BPMN}}}*"):
        tag = etree.QName(child).localname
        if tag not in NODES or not child.get("id"):
            continue
        node = Node(child.get("id", ""), tag, " ".join((child.get("name") or "").split()))
        node.host = child.get("attachedToRef")
        if tag in SUBPROCESSES:
            inner = _scope(child, name)
            node.inner = inner if inner.nodes else None
        scope.nodes[node.id] = node
        scope.flows += _data_flows(child)
    for child in element.iterchildren(f"{{{BPMN}}}sequenceFlow", f"{{{BPMN}}}association"):
        tag, name = etree.QName(child).localname, " ".join((child.get("name") or "").split())
        scope.flows.append(
            Flow(child.get("id", ""), tag, name, child.get("sourceRef", ""), child.get("targetRef", ""))
        )
    _mend_associations(scope)
    lost = [
        (flow.id, "leads from or to nothing in the same process")
        for flow in scope.flows
        if flow.source not in scope.nodes or flow.target not in scope.nodes
    ]
    lost += [
        (node.id, "sits on nothing in the same process")
        for node in scope.nodes.values()
        if node.host is not None and node.host not in scope.nodes
    ]
    if lost:
        raise DefinitionRefused(name, lost)
    return scope


def _mend_associations(scope: Scope) -> None:
    """A remark on a flow is drawn to the step that the flow leaves."""
    leaves = {flow.id: flow.source for flow in scope.sequence}
    scope.flows = [
        replace(
            flow, source=leaves.get(flow.source, flow.source), target=leaves.get(flow.target, flow.target)
        )
        for flow in scope.flows
    ]


def _data_flows(element: etree._Element) -> list[Flow]:
    """The data associations inside an activity: their other end is the activity itself."""
    own = element.get("id", "")
    found = []
    for child in element.iterchildren(f"{{{BPMN}}}dataInputAssociation", f"{{{BPMN}}}dataOutputAssociation"):
        tag = etree.QName(child).localname
        source = (child.findtext(f"{{{BPMN}}}sourceRef") or "").strip() if "Input" in tag else own
        target = (child.findtext(f"{{{BPMN}}}targetRef") or "").strip() if "Output" in tag else own
        if source and target and child.get("id"):
            found.append(Flow(child.get("id", ""), tag, "", source, target))
    return found


def _assign_lanes(process: etree._Element, scope: Scope) -> None:
    """Each node its lane; one that no lane names goes where its first neighbour is, or into the first."""
    for lane in process.iterfind(f"{{{BPMN}}}laneSet//{{{BPMN}}}lane"):
        if lane.find(f"{{{BPMN}}}childLaneSet") is not None:
            continue
        scope.lanes.append(lane.get("id", ""))
        for reference in lane.findall(f"{{{BPMN}}}flowNodeRef"):
            node = scope.nodes.get((reference.text or "").strip())
            if node is not None:
                node.lane = scope.lanes[-1]
    if not scope.lanes:
        return
    for node in scope.nodes.values():
        if node.host is not None:
            node.lane = scope.nodes[node.host].lane
        if node.lane is None:
            near = [
                scope.nodes[other].lane
                for flow in scope.flows
                for own, other in ((flow.source, flow.target), (flow.target, flow.source))
                if own == node.id and scope.nodes[other].lane is not None
            ]
            node.lane = near[0] if near else scope.lanes[0]
