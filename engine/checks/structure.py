"""Whether a diagram is made of what Anliu runs, and drawn so that a person can read it."""

from __future__ import annotations

from lxml import etree

from engine.checks.diagram import BPMNDI, Diagram, id_of, line_of, local
from engine.checks.findings import Notes
from engine.runtime.vocabulary import (
    ACTIVITIES,
    ANLIU,
    BPMN,
    DRAWING,
    EVENTS,
    GATEWAYS,
    REFUSED,
    SUPPORTED,
    XSI,
)

EDITOR = "http://camunda.org/schema/modeler/1.0"
"""What the common editor notes about itself on the root."""

EVERYWHERE = frozenset({"en"})
PERFORMS = frozenset({"act", "document", "marks"})
WHO = frozenset({"group", "agency", "place"})
ATTRIBUTES = {
    "process": frozenset({"data"}),
    "lane": WHO,
    "startEvent": frozenset({"form"}) | WHO,
    "userTask": frozenset({"form", "assignee"}) | WHO | PERFORMS,
    "serviceTask": frozenset({"operation"}) | PERFORMS,
    "businessRuleTask": frozenset({"decision"}),
    "boundaryEvent": frozenset({"deadline"}),
    "intermediateCatchEvent": frozenset({"deadline"}),
}
"""Which of our attributes stand on which element (besides ``en``)."""


def check(diagram: Diagram, notes: Notes) -> None:
    """Elements, attributes, ids, names and drawing of a diagram."""
    refused = _elements(diagram, notes)
    _ids(diagram, notes)
    _names(diagram, notes)
    _lanes(diagram, notes)
    _drawing(diagram, notes)
    _one_process(diagram, notes, refused)


def refuses(diagram: Diagram, id: str) -> bool:
    """Whether a node is of a kind that Anliu doesn't run, so that nothing more need be said about it."""
    node = diagram.nodes.get(id)
    return node is not None and node.tag not in SUPPORTED


def _elements(diagram: Diagram, notes: Notes) -> set[str]:
    refused: set[str] = set()
    for element in diagram.root.iter(etree.Element):
        space = etree.QName(element).namespace or ""
        tag, id = local(element), id_of(element)
        parent = element.getparent()
        if parent is not None and id_of(parent) in refused and not element.get("id"):
            continue
        if space == BPMN and tag not in SUPPORTED:
            refused.add(id)
            rule = "no-script" if "script" in tag.lower() else "unsupported-element"
            notes.error(id, rule, REFUSED.get(tag, f"{tag} is not supported"))
        elif space not in (BPMN, ANLIU) and not space.startswith(DRAWING):
            refused.add(id)
            if "script" in tag.lower() or "listener" in tag.lower():
                notes.error(
                    id, "no-script", f"{tag} of {space or 'no namespace'}: no script from a diagram ever runs"
                )
            else:
                notes.error(
                    id, "foreign-extension", f"{tag} of {space or 'no namespace'} is not read by Anliu"
                )
        elif space == ANLIU:
            notes.error(id, "unknown-attribute", f"Anliu reads attributes only, not an element anliu:{tag}")
        else:
            _attributes(element, tag, id, notes)
    return refused


def _attributes(element: etree._Element, tag: str, id: str, notes: Notes) -> None:
    for written in element.attrib:
        name = etree.QName(written)
        space = name.namespace
        if (
            space is None
            or space == XSI
            or space.startswith(DRAWING)
            or (tag == "definitions" and space == EDITOR)
        ):
            continue
        if space != ANLIU:
            notes.error(
                id, "foreign-extension", f"the attribute {name.localname} of {space} is not read by Anliu"
            )
        elif name.localname not in ATTRIBUTES.get(tag, frozenset()) | EVERYWHERE:
            known = ", ".join(sorted(ATTRIBUTES.get(tag, frozenset()) | EVERYWHERE))
            notes.error(
                id,
                "unknown-attribute",
                f"anliu:{name.localname} has no meaning on a {tag}; known are {known}",
            )
    if tag == "subProcess" and element.get("triggeredByEvent") == "true":
        notes.error(id, "unsupported-element", "an event subprocess is not supported")


def _ids(diagram: Diagram, notes: Notes) -> None:
    for id in diagram.duplicates:
        notes.error(id, "duplicate-id", f"the id {id} stands twice")
    tags = ACTIVITIES | GATEWAYS | EVENTS | {"sequenceFlow"}
    for element in diagram.process.iter(*(f"{{{BPMN}}}{tag}" for tag in sorted(tags))):
        if not element.get("id"):
            notes.error(line_of(element), "no-id", f"a {local(element)} has no id")


def _names(diagram: Diagram, notes: Notes) -> None:
    named = [(diagram.key, diagram.process.get("name") or "", diagram.process)]
    named += [(lane.id, lane.name, lane.xml) for lane in diagram.lanes.values()]
    for node in diagram.nodes.values():
        if node.tag in GATEWAYS and (len(diagram.outgoing[node.id]) < 2 or node.tag == "parallelGateway"):
            continue  # a merge, or a fork where nothing is asked
        named.append((node.id, node.name, node.xml))
    for id, name, element in named:
        if refuses(diagram, id):
            continue
        if not name.strip():
            notes.warning(id, "no-name", f"the {local(element)} has no name")
        elif not (element.get(f"{{{ANLIU}}}en") or "").strip():
            notes.warning(
                id, "no-english-name", f"the {local(element)} {name} has no English name (anliu:en)"
            )
    for node in diagram.nodes.values():
        if node.tag not in ("exclusiveGateway", "inclusiveGateway") or len(diagram.outgoing[node.id]) < 2:
            continue
        for flow in diagram.outgoing[node.id]:
            if not flow.name.strip():
                notes.warning(flow.id, "no-label", f"this exit of {node.name or node.id} has no label")


def _lanes(diagram: Diagram, notes: Notes) -> None:
    if not diagram.lanes:
        return
    for node in diagram.within(diagram.key):
        if node.lane is None and not refuses(diagram, node.id):
            notes.warning(node.id, "no-lane", f"{node.name or node.id} lies in no lane")
    for lane in diagram.lanes.values():
        for reference in lane.xml.findall(f"{{{BPMN}}}flowNodeRef"):
            id = (reference.text or "").strip()
            if id not in diagram.nodes:
                notes.error(
                    lane.id,
                    "broken-reference",
                    f"the lane holds {id or 'nothing'}, which is not in the diagram",
                )


def _drawing(diagram: Diagram, notes: Notes) -> None:
    drawn = {
        element.get("bpmnElement")
        for tag in ("BPMNShape", "BPMNEdge")
        for element in diagram.root.iter(f"{{{BPMNDI}}}{tag}")
    }
    if not drawn:
        notes.warning(diagram.key, "not-drawn", "the file has no drawing (BPMN DI)")
        return
    for id in (*diagram.nodes, *(flow.id for flow in diagram.flows), *diagram.lanes):
        if id not in drawn and not refuses(diagram, id):
            notes.warning(id, "not-drawn", "has no shape or line in the drawing (BPMN DI)")


def _one_process(diagram: Diagram, notes: Notes, refused: set[str]) -> None:
    others = [
        each.get("id") or "?"
        for each in diagram.root.findall(f"{{{BPMN}}}process")
        if each is not diagram.process
    ]
    if others:
        notes.error(
            others[0],
            "several-processes",
            f"one file holds one process; this one also holds {', '.join(others)}",
        )
    references = [each.get("processRef") for each in diagram.root.iter(f"{{{BPMN}}}participant")]
    if len(references) > 1 and not others:
        notes.error(diagram.key, "several-processes", "several pools in one diagram are not supported")
    if references and diagram.key not in references and diagram.key not in refused:
        notes.error(
            diagram.key, "broken-reference", f"the pool shows {references[0]}, not the process {diagram.key}"
        )
