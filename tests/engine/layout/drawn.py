"""What a test asks of a BPMN file that has a picture."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from lxml import etree

from engine.layout.shapes import Box, Point

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"
FLOWS = ("sequenceFlow", "association", "dataInputAssociation", "dataOutputAssociation")
CONTAINERS = ("lane", "participant")
NOT_DRAWN = ("laneSet", "process", "collaboration", "dataObject", "extensionElements")


@dataclass
class Drawn:
    """A picture by element id, with what each element is."""

    tags: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)
    lanes: dict[str, str] = field(default_factory=dict)
    ends: dict[str, tuple[str, str]] = field(default_factory=dict)
    shapes: dict[str, Box] = field(default_factory=dict)
    edges: dict[str, list[Point]] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)

    def siblings(self) -> list[tuple[str, str]]:
        """Pairs of shapes that must not overlap: neither holds the other, nor sits on its border."""
        nodes = [id for id in self.shapes if self.tags[id] not in CONTAINERS]
        return [
            (a, b)
            for a, b in itertools.combinations(nodes, 2)
            if self.parents[a] == self.parents[b] and self.hosts.get(a) != b and self.hosts.get(b) != a
        ]

    def around(self, id: str) -> set[str]:
        """A shape and all that hold it."""
        found = {id}
        while id in self.parents and self.parents[id] in self.shapes:
            found.add(id := self.parents[id])
        return found


def look_at(content: bytes) -> Drawn:
    """Reads a file back, on its own, not with the code that wrote it."""
    root = etree.fromstring(content)
    drawn = Drawn()
    for element in root.iter(f"{BPMN}*"):
        id, tag = element.get("id"), etree.QName(element).localname
        if id is None:
            continue
        drawn.tags[id] = tag
        parent = element.getparent()
        drawn.parents[id] = "" if parent is None else parent.get("id", "")
        if element.get("attachedToRef"):
            drawn.hosts[id] = element.get("attachedToRef")
        if element.get("sourceRef"):
            drawn.ends[id] = (element.get("sourceRef"), element.get("targetRef"))
        if tag == "lane":
            for reference in element.findall(f"{BPMN}flowNodeRef"):
                drawn.lanes[reference.text] = id
    for shape in root.iter(f"{BPMNDI}BPMNShape"):
        drawn.shapes[shape.get("bpmnElement")] = _box(shape.find(f"{DC}Bounds"))
    for edge in root.iter(f"{BPMNDI}BPMNEdge"):
        points = [(float(p.get("x")), float(p.get("y"))) for p in edge.findall(f"{DI}waypoint")]
        drawn.edges[edge.get("bpmnElement")] = points
    for label in root.iter(f"{BPMNDI}BPMNLabel"):
        drawn.labels[label.getparent().get("bpmnElement")] = _box(label.find(f"{DC}Bounds"))
    return drawn


def _box(bounds: etree._Element) -> Box:
    return Box(*(float(bounds.get(name)) for name in ("x", "y", "width", "height")))


def expect_a_clean_picture(drawn: Drawn) -> None:
    """Fails unless everything is drawn once, nothing overlaps, lanes hold their nodes, flows meet borders."""
    expect_everything_drawn(drawn)
    for a, b in drawn.siblings():
        assert not drawn.shapes[a].overlaps(drawn.shapes[b]), f"{a} lies on {b}"
    for node, lane in drawn.lanes.items():
        if node in drawn.shapes and node not in drawn.hosts:
            assert drawn.shapes[lane].holds(drawn.shapes[node]), f"{node} is not inside {lane}"
    for id, box in drawn.shapes.items():
        parent = drawn.parents[id]
        if drawn.tags.get(parent) in ("subProcess", "transaction") and parent in drawn.shapes:
            assert drawn.shapes[parent].holds(box), f"{id} is not inside {parent}"
    for id, way in drawn.edges.items():
        if drawn.tags[id] == "sequenceFlow":
            expect_a_clean_flow(drawn, id, way)


def expect_everything_drawn(drawn: Drawn) -> None:
    """Fails unless every node has a shape and every flow an edge."""
    nested = {id for id, tag in drawn.tags.items() if tag.endswith(("EventDefinition", "Characteristics"))}
    for id, tag in drawn.tags.items():
        if tag in FLOWS:
            assert id in drawn.edges, f"{id} has no edge"
        elif tag not in NOT_DRAWN and tag != "definitions" and id not in nested:
            assert id in drawn.shapes, f"{id} has no shape"


def expect_a_clean_flow(drawn: Drawn, id: str, way: list[Point]) -> None:
    """Fails unless the flow runs along the axes, from border to border, through no other shape."""
    source, target = drawn.ends[id]
    assert len(way) >= 2
    assert on_border(drawn.shapes[source], way[0]), f"{id} doesn't begin on the border of {source}"
    assert on_border(drawn.shapes[target], way[-1]), f"{id} doesn't end on the border of {target}"
    holders = drawn.around(source) | drawn.around(target)
    for a, b in itertools.pairwise(way):
        assert a[0] == b[0] or a[1] == b[1], f"{id} runs aslant"
        for other, box in drawn.shapes.items():
            if other in holders or drawn.tags[other] in CONTAINERS or other == drawn.hosts.get(source):
                continue
            assert not box.crossed_by(a, b), f"{id} runs through {other}"


def on_border(box: Box, point: Point) -> bool:
    """Whether a point lies on the border of a box, to the pixel."""
    x, y = point
    within = box.x <= x <= box.right and box.y <= y <= box.bottom
    return within and min(abs(x - box.x), abs(x - box.right), abs(y - box.y), abs(y - box.bottom)) < 1


def meaning(content: bytes) -> bytes:
    """The file without its picture, in canonical form."""
    root = etree.fromstring(content, etree.XMLParser(remove_blank_text=True, remove_comments=True))
    for diagram in root.findall(f"{BPMNDI}BPMNDiagram"):
        root.remove(diagram)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, method="c14n2")
