"""Whether everything that a diagram names exists: forms, roles, deadlines, operations, decisions, processes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from engine.checks.catalogue import Catalogue
from engine.checks.diagram import Diagram, Lane, Node
from engine.checks.findings import Notes, did_you_mean
from engine.deadlines.rules import STARTED
from engine.runtime.vocabulary import BPMN

_DURATION = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?\Z")


@dataclass(frozen=True)
class _Check:
    """One diagram's references, checked."""

    diagram: Diagram
    catalogue: Catalogue
    notes: Notes

    def known(self, element: str, rule: str, what: str, name: str | None, known: Collection[str]) -> None:
        """Adds a finding when a name is given and unknown."""
        if name is not None and name not in known:
            self.notes.error(
                element, rule, f"there is no {what} {name or '(empty)'}{did_you_mean(name, known)}"
            )

    def required(self, node: Node, attribute: str, rule: str, what: str) -> None:
        """Adds a finding when an attribute is not there at all."""
        if node.anliu(attribute) is None:
            self.notes.error(node.id, rule, f"{node.name or node.id} has no {what} (anliu:{attribute})")


def check(diagram: Diagram, catalogue: Catalogue, notes: Notes) -> None:
    """Every reference of a diagram."""
    here = _Check(diagram, catalogue, notes)
    for lane in diagram.lanes.values():
        _who(here, lane)
    for node in diagram.nodes.values():
        _who(here, node)
        here.known(node.id, "unknown-form", "form", node.anliu("form"), catalogue.keys("form"))
        here.known(
            node.id, "unknown-document", "document", node.anliu("document"), catalogue.keys("document")
        )
        if catalogue.deadlines is not None:
            here.known(node.id, "unknown-moment", "moment", node.anliu("marks"), catalogue.deadlines.moments)
        if node.tag in _BY_TAG:
            _BY_TAG[node.tag](here, node)
    _call_cycle(here)


def _who(here: _Check, owner: Lane | Node) -> None:
    roles = here.catalogue.roles
    if roles is None:
        return
    here.known(owner.id, "unknown-group", "candidate group (role)", owner.anliu("group"), roles.groups)
    here.known(owner.id, "unknown-agency", "agency", owner.anliu("agency"), roles.agencies)
    here.known(owner.id, "unknown-place", "place", owner.anliu("place"), roles.places)


def _user_task(here: _Check, node: Node) -> None:
    here.required(node, "form", "no-form", "form")
    if here.diagram.inherited(node, "group") is None:
        where = f"its lane {node.lane} names none" if node.lane else "it lies in no lane"
        here.notes.error(
            node.id, "no-group", f"nobody may do {node.name or node.id}: it names no group, and {where}"
        )
    loop = node.multi_instance
    if loop is not None and loop.find(f"{{{BPMN}}}loopDataInputRef") is None:
        here.notes.error(
            node.id, "no-items", "it runs once for each item, but names no list (loopDataInputRef)"
        )


def _service_task(here: _Check, node: Node) -> None:
    here.required(node, "operation", "no-operation", "operation")
    here.known(node.id, "unknown-operation", "operation", node.anliu("operation"), here.catalogue.operations)
    if node.anliu("operation") == "issue_document" and node.anliu("document") is None:
        here.notes.error(node.id, "no-document", "it issues a document, but names none (anliu:document)")


def _decision_task(here: _Check, node: Node) -> None:
    here.required(node, "decision", "no-decision", "decision table")
    keys = here.catalogue.keys("decision")
    here.known(node.id, "unknown-decision", "decision table", node.anliu("decision"), keys)


def _call(here: _Check, node: Node) -> None:
    called = node.xml.get("calledElement")
    if called is None:
        here.notes.error(node.id, "no-process", f"{node.name or node.id} calls no process (calledElement)")
    here.known(node.id, "unknown-process", "process", called, here.catalogue.diagrams)


def _timer(here: _Check, node: Node) -> None:
    timer = node.child("timerEventDefinition")
    if timer is None:
        if not _has_definition(node):  # one of another kind was refused as an element already
            here.notes.error(node.id, "no-deadline", "only timer events are supported here")
        return
    rule, duration = node.anliu("deadline"), timer.findtext(f"{{{BPMN}}}timeDuration")
    if rule is None and duration is None:
        here.notes.error(
            node.id, "no-deadline", "the timer names no deadline rule (anliu:deadline) and no duration"
        )
    if duration is not None and not _DURATION.match(duration.strip()):
        here.notes.error(
            node.id, "bad-duration", f"{duration.strip() or '(empty)'} is no ISO 8601 duration such as P3D"
        )
    deadlines = here.catalogue.deadlines
    if rule is None or deadlines is None:
        return
    here.known(node.id, "unknown-deadline", "deadline rule", rule, deadlines.rules)
    if rule in deadlines.rules:
        moment = deadlines.rules[rule].moment.id
        if moment != STARTED and moment not in here.catalogue.recorded_moments:
            message = f"the deadline {rule} counts from {moment}, which no element and no form field records"
            here.notes.warning(node.id, "moment-never-recorded", message)


def _has_definition(node: Node) -> bool:
    return any(str(child.tag).endswith("EventDefinition") for child in node.xml)


def _call_cycle(here: _Check) -> None:
    """A process that calls itself, at once or in a round, would never come to an end."""
    for node in here.diagram.nodes.values():
        called = node.xml.get("calledElement")
        if node.tag == "callActivity" and called is not None:
            way = _way_back(here.diagram.key, called, here.catalogue)
            if way:
                around = " -> ".join([here.diagram.key, *way])
                here.notes.error(node.id, "call-cycle", f"processes call each other in a circle: {around}")


def _way_back(key: str, called: str, catalogue: Catalogue) -> list[str]:
    """The processes from a called one back to the caller, or nothing."""
    before: dict[str, str] = {called: ""}
    waiting = [called]
    while waiting:
        here = waiting.pop(0)
        if here == key:
            way = [here]
            while before[way[0]]:
                way.insert(0, before[way[0]])
            return way
        for each in _calls(catalogue.diagrams.get(here)):
            if each not in before:
                before[each] = here
                waiting.append(each)
    return []


def _calls(diagram: Diagram | None) -> Iterable[str]:
    nodes = diagram.nodes.values() if diagram is not None else ()
    return (node.xml.get("calledElement") or "" for node in nodes if node.tag == "callActivity")


_BY_TAG: dict[str, Callable[[_Check, Node], None]] = {
    "userTask": _user_task,
    "serviceTask": _service_task,
    "businessRuleTask": _decision_task,
    "callActivity": _call,
    "boundaryEvent": _timer,
    "intermediateCatchEvent": _timer,
}
