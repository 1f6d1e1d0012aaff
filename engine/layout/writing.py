"""Writes a picture into the file as BPMN DI, formatted as the editors do it."""

from __future__ import annotations

from lxml import etree

from engine.layout.reading import Diagram, Scope
from engine.layout.shapes import Box, Picture

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
MARGIN = (160.0, 80.0)
"""Where the picture starts on the canvas, as editors place a first shape."""


def write(root: etree._Element, diagram: Diagram, picture: Picture) -> bytes:
    """The file with this picture in place of the pictures it had."""
    for old in root.findall(f"{{{BPMNDI}}}BPMNDiagram"):
        root.remove(old)
    nsmap = {"bpmndi": BPMNDI, "dc": DC, "di": DI}
    drawn = etree.SubElement(
        root, f"{{{BPMNDI}}}BPMNDiagram", nsmap=nsmap, attrib={"id": f"diagram_{diagram.plane}"}
    )
    plane = etree.SubElement(
        drawn,
        f"{{{BPMNDI}}}BPMNPlane",
        attrib={"id": f"plane_{diagram.plane}", "bpmnElement": diagram.plane},
    )
    moved = Picture()
    moved.add(picture, *MARGIN)
    if diagram.pool is not None:
        _shape(plane, diagram.pool, picture.frame.moved(*MARGIN), isHorizontal="true")
    for lane in diagram.scope.lanes:
        _shape(plane, lane, moved.shapes[lane], isHorizontal="true")
    _scope(plane, diagram.scope, moved)
    etree.indent(drawn, "  ", level=1)
    before = drawn.getprevious()
    if before is not None:
        before.tail = "\n  "
    else:
        root.text = "\n  "
    drawn.tail = "\n"
    text = etree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _scope(plane: etree._Element, scope: Scope, picture: Picture) -> None:
    for node in scope.nodes.values():
        attributes = {}
        if node.tag == "exclusiveGateway":
            attributes["isMarkerVisible"] = "true"
        if node.inner is not None:
            attributes["isExpanded"] = "true"
        _shape(plane, node.id, picture.shapes[node.id], picture.labels.get(node.id), **attributes)
        if node.inner is not None:
            _scope(plane, node.inner, picture)
    for flow in scope.flows:
        edge = etree.SubElement(
            plane, f"{{{BPMNDI}}}BPMNEdge", attrib={"id": f"{flow.id}_di", "bpmnElement": flow.id}
        )
        for x, y in picture.edges[flow.id]:
            etree.SubElement(edge, f"{{{DI}}}waypoint", attrib={"x": _number(x), "y": _number(y)})
        _label(edge, picture.labels.get(flow.id))


def _shape(plane: etree._Element, id: str, box: Box, label: Box | None = None, **attributes: str) -> None:
    shape = etree.SubElement(
        plane,
        f"{{{BPMNDI}}}BPMNShape",
        attrib={"id": f"{id}_di", "bpmnElement": id, **attributes},
    )
    _bounds(shape, box)
    _label(shape, label)


def _label(parent: etree._Element, box: Box | None) -> None:
    if box is not None:
        _bounds(etree.SubElement(parent, f"{{{BPMNDI}}}BPMNLabel"), box)


def _bounds(parent: etree._Element, box: Box) -> None:
    etree.SubElement(
        parent,
        f"{{{DC}}}Bounds",
        attrib={"x": _number(box.x), "y": _number(box.y), "width": _number(box.w), "height": _number(box.h)},
    )


def _number(value: float) -> str:
    return str(round(value))
