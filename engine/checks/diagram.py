"""A BPMN file as the checks see it: nodes, flows and lanes, read leniently, so that what is wrong can be named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from engine.runtime.vocabulary import ACTIVITIES, ANLIU, BPMN, EVENTS, GATEWAYS

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"

OTHER_NODES = frozenset(
    {
        "task", "scriptTask", "manualTask", "sendTask", "receiveTask", "transaction", "adHocSubProcess",
        "complexGateway", "eventBasedGateway", "subChoreography", "callChoreography", "choreographyTask",
    }
)  # fmt: skip
"""Nodes of BPMN that Anliu doesn't run."""


def local(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return etree.QName(element).localname


@dataclass(frozen=True)
class Node:
    """A flow node. ``scope`` is the id of the process or subprocess around it, ``lane`` its lane's id or None."""

    id: str
    tag: str
    name: str
    scope: str
    lane: str | None
    xml: etree._Element

    def anliu(self, attribute: str) -> str | None:
        """The value of one of our attributes, or None."""
        return self.xml.get(f"{{{ANLIU}}}{attribute}")

    @property
    def multi_instance(self) -> etree._Element | None:
        """What makes the node run once for each item, or None."""
        return self.child("multiInstanceLoopCharacteristics")

    @property
    def attached_to(self) -> str | None:
        """The activity that a boundary event sits on."""
        return self.xml.get("attachedToRef")

    def child(self, tag: str) -> etree._Element | None:
        """The first child of that BPMN name."""
        return self.xml.find(f"{{{BPMN}}}{tag}")


@dataclass(frozen=True)
class Flow:
    """A sequence flow. ``source`` and ``target`` are as written, whether or not there is such a node."""

    id: str
    name: str
    scope: str
    source: str
    target: str
    xml: etree._Element

    @property
    def condition(self) -> etree._Element | None:
        """The condition's element, or None."""
        return self.xml.find(f"{{{BPMN}}}conditionExpression")


@dataclass(frozen=True)
class Lane:
    """A lane: whose work its nodes are."""

    id: str
    name: str
    xml: etree._Element

    def anliu(self, attribute: str) -> str | None:
        """The value of one of our attributes, or None."""
        return self.xml.get(f"{{{ANLIU}}}{attribute}")


@dataclass(frozen=True)
class Diagram:
    """One process with its diagram. ``key`` is the process's id, ``data`` the name of its variables."""

    key: str
    root: etree._Element
    process: etree._Element
    nodes: Mapping[str, Node]
    flows: tuple[Flow, ...]
    lanes: Mapping[str, Lane]
    duplicates: tuple[str, ...] = field(default=())

    @property
    def data(self) -> str:
        """Under which name the answers of the process are kept among the variables."""
        return self.process.get(f"{{{ANLIU}}}data") or self.key

    @cached_property
    def outgoing(self) -> Mapping[str, list[Flow]]:
        """The flows out of each node."""
        found: dict[str, list[Flow]] = {id: [] for id in self.nodes}
        for flow in self.flows:
            found.get(flow.source, []).append(flow)
        return found

    @cached_property
    def incoming(self) -> Mapping[str, list[Flow]]:
        """The flows into each node."""
        found: dict[str, list[Flow]] = {id: [] for id in self.nodes}
        for flow in self.flows:
            found.get(flow.target, []).append(flow)
        return found

    @property
    def scopes(self) -> list[str]:
        """The process and its embedded subprocesses, by id."""
        return [self.key, *(id for id, node in self.nodes.items() if node.tag == "subProcess")]

    def within(self, scope: str) -> list[Node]:
        """The nodes that lie directly in a process or subprocess."""
        return [node for node in self.nodes.values() if node.scope == scope]

    def inherited(self, node: Node, attribute: str) -> str | None:
        """One of our attributes of a node, or else of its lane."""
        lane = self.lanes.get(node.lane or "")
        return node.anliu(attribute) or (lane.anliu(attribute) if lane is not None else None)


def read_diagram(root: etree._Element, stem: str) -> Diagram | None:
    """The diagram of a BPMN document, or None when there is no process in it.

    :param root: the document's root.
    :param stem: the file's name without its ending; the process with that id, else the first one, is read.
    """
    processes = [each for each in root.findall(f"{{{BPMN}}}process") if each.get("id")]
    if not processes:
        return None
    process = next((each for each in processes if each.get("id") == stem), processes[0])
    lanes = {
        each.get("id", ""): Lane(each.get("id", ""), each.get("name") or "", each)
        for each in process.iter(f"{{{BPMN}}}lane")
        if each.get("id")
    }
    lane_of = {
        (reference.text or "").strip(): id
        for id, lane in lanes.items()
        for reference in lane.xml.findall(f"{{{BPMN}}}flowNodeRef")
    }
    key = process.get("id", "")
    nodes: dict[str, Node] = {}
    flows: list[Flow] = []
    duplicates: list[str] = []
    seen: set[str] = set()
    for element, scope in _flow_elements(process, key):
        id = element.get("id") or ""
        if not id:
            continue
        if id in seen:
            duplicates.append(id)
        elif local(element) == "sequenceFlow":
            source, target = element.get("sourceRef") or "", element.get("targetRef") or ""
            flows.append(Flow(id, element.get("name") or "", scope, source, target, element))
        else:
            name = " ".join((element.get("name") or "").split())
            nodes[id] = Node(id, local(element), name, scope, lane_of.get(id), element)
        seen.add(id)
    return Diagram(key, root, process, nodes, tuple(flows), lanes, tuple(duplicates))


def _flow_elements(container: etree._Element, scope: str) -> Iterator[tuple[etree._Element, str]]:
    tags = ACTIVITIES | GATEWAYS | EVENTS | OTHER_NODES | {"sequenceFlow"}
    for element in container.iterchildren(f"{{{BPMN}}}*"):
        if local(element) not in tags:
            continue
        yield element, scope
        if local(element) in ("subProcess", "transaction", "adHocSubProcess"):
            yield from _flow_elements(element, element.get("id") or scope)


def id_of(element: etree._Element) -> str:
    """The id of an element, or of the nearest one around it that has one."""
    found: etree._Element | None = element
    while found is not None and not found.get("id"):
        found = found.getparent()
    return str(found.get("id")) if found is not None else line_of(element)


def line_of(element: etree._Element) -> str:
    """Where an element without an id stands, for a finding."""
    line: int | None = element.sourceline  # type: ignore[assignment]
    return f"line {line or 1}"
