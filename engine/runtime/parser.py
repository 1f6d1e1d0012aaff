"""BPMN files to specifications that run, and to elements that people and pages can ask about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import networkx as nx
from lxml import etree
from SpiffWorkflow.bpmn.parser import event_parsers
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, IntermediateCatchEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask

from engine.errors import DefinitionRefused
from engine.runtime import xml
from engine.runtime.expressions import ExpressionRefused, compile_expression
from engine.runtime.specs import DecisionTask, OperationTask, RowTimer, VariableItems
from engine.runtime.vocabulary import ANLIU, BPMN, DRAWING, REFUSED, SUPPORTED, WAITS_FOR_TIME

ANY_DAY = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Element:
    """A flow node of a diagram with what Anliu reads from it (docs/adding-a-step.md lists the attributes)."""

    process_key: str
    id: str
    kind: str
    """The BPMN tag: ``userTask``, ``serviceTask``, ``boundaryEvent`` ..."""
    name: str
    name_en: str
    documentation: str
    group: str | None
    agency: str
    place: str | None
    assignee: str | None
    """Path of the variable that names the person whose task it is, if one is named beforehand."""
    form: str | None
    act: str | None
    document: str | None
    marks: str | None
    operation: str | None
    decision: str | None
    deadline: str | None
    called: str | None
    attached_to: str | None
    interrupting: bool
    multi_instance: bool


@dataclass
class Processes:
    """All processes of a release, parsed together because they call each other."""

    specs: dict[str, BpmnProcessSpec]
    """By process key, and by element id for embedded subprocesses: what SpiffWorkflow looks specs up in."""
    owner: dict[str, str]
    """Process key of each entry of ``specs``: an embedded subprocess belongs to its process."""
    elements: dict[tuple[str, str], Element]
    names: dict[str, tuple[str, str]]
    """Chinese and English name of each process."""
    data_name: dict[str, str] = field(default_factory=dict)
    """Under which name the answers of a process are kept among the variables."""

    def element(self, process_key: str, element_id: str) -> Element:
        """The element, or KeyError."""
        return self.elements[(process_key, element_id)]


class _RowTimers:
    """Timer events become rows: by deadline rule (``anliu:deadline``) or by an ISO 8601 duration."""

    def parse_timer_event(self, event: etree._Element) -> RowTimer:
        node = self.node  # type: ignore[attr-defined]
        duration = event.findtext(f"{{{BPMN}}}timeDuration")
        rule = node.get(f"{{{ANLIU}}}deadline")
        if not rule and not duration:
            raise ValidationException("a timer names a deadline rule or a duration", node=node)
        if duration and not rule:
            try:
                RowTimer.get_timedelta_from_start(RowTimer.parse_iso_duration(duration.strip()), ANY_DAY)
            except Exception:
                raise ValidationException(f"{duration.strip()} is no ISO 8601 duration", node=node) from None
        return RowTimer(node.get("name") or node.get("id"), rule, duration.strip() if duration else None)


class _Boundary(_RowTimers, event_parsers.BoundaryEventParser):  # type: ignore[misc]
    pass


class _IntermediateCatch(_RowTimers, event_parsers.IntermediateCatchEventParser):  # type: ignore[misc]
    pass


class _Parser(BpmnParser):  # type: ignore[misc]
    OVERRIDE_PARSER_CLASSES = {
        full_tag("serviceTask"): (TaskParser, OperationTask),
        full_tag("businessRuleTask"): (TaskParser, DecisionTask),
        full_tag("boundaryEvent"): (_Boundary, BoundaryEvent),
        full_tag("intermediateCatchEvent"): (_IntermediateCatch, IntermediateCatchEvent),
    }

    def get_document_positions(self, root: etree._Element) -> dict[str, Any]:
        """None: the library would try a gateway's exits from top to bottom, and a moved shape change the law.

        The exits are tried in the order of the file.
        """
        return {}


def parse(sources: Mapping[str, bytes]) -> Processes:
    """Parses BPMN files that may call each other.

    :param sources: process key to file content; a file holds the process whose id is its key.
    :raises DefinitionRefused: with the element that can't be used and why.
    """
    parser = _Parser()
    roots = {}
    for key, content in sources.items():
        try:
            root = xml.parse(content, key)
        except xml.XmlRefused as error:
            raise DefinitionRefused(f"{key}.bpmn", [("", error.message)]) from None
        _refuse_unsafe(key, root)
        roots[key] = root
        try:
            parser.add_bpmn_xml(root, filename=f"{key}.bpmn")
        except ValidationException as error:
            raise DefinitionRefused(f"{key}.bpmn", [("", str(error))]) from None
        if root.find(f"{{{BPMN}}}process[@id='{key}']") is None:
            raise DefinitionRefused(f"{key}.bpmn", [("", f"has no process with the id {key}")])
    processes = Processes(specs={}, owner={}, elements={}, names={})
    for key, root in roots.items():
        try:
            specs = {key: parser.get_spec(key), **parser.get_subprocess_specs(key)}
        except ValidationException as error:
            raise DefinitionRefused(
                f"{key}.bpmn", [(str(getattr(error, "id", "") or ""), str(error))]
            ) from None
        for name, spec in specs.items():
            _mend_multi_instance(spec)
            processes.specs[name] = spec
            if name in sources:
                processes.owner[name] = name
        _read_elements(key, root, processes)
    _refuse_call_cycles(processes)
    return processes


def _refuse_unsafe(key: str, root: etree._Element) -> None:
    """Refuses whatever isn't known to be harmless: the list says what may be there, not what may not."""
    findings: dict[str, str] = {}
    for node in root.iter(etree.Element):
        tag = etree.QName(node)
        if tag.namespace == BPMN:
            problem = _problem(node, tag.localname)
        elif tag.namespace == ANLIU or (tag.namespace or "").startswith(DRAWING):
            problem = None
        else:
            problem = f"{tag.localname} of {tag.namespace or 'no namespace'} has no meaning here"
        if problem is not None:
            findings.setdefault(_id_of(node), problem)
    if findings:
        raise DefinitionRefused(f"{key}.bpmn", list(findings.items()))


def _problem(node: etree._Element, tag: str) -> str | None:
    if tag not in SUPPORTED:
        return REFUSED.get(tag, f"{tag} is not supported")
    parent = node.getparent()
    if (
        tag == "timerEventDefinition"
        and parent is not None
        and etree.QName(parent).localname not in WAITS_FOR_TIME
    ):
        return "only a boundary or an intermediate event waits for a time"
    if tag in ("conditionExpression", "completionCondition") and node.text:
        try:
            compile_expression(node.text.strip())
        except ExpressionRefused as error:
            return f"{node.text.strip()!r} is no S-FEEL expression: {error}"
    return None


def _refuse_call_cycles(processes: Processes) -> None:
    """A process that calls itself, directly or not, would never come to wait for anybody."""
    calls = nx.DiGraph(
        (element.process_key, element.called) for element in processes.elements.values() if element.called
    )
    for cycle in nx.simple_cycles(calls):
        raise DefinitionRefused(
            f"{cycle[0]}.bpmn", [("", f"calls itself: {' -> '.join([*cycle, cycle[0]])}")]
        )


def _id_of(node: etree._Element) -> str:
    found: etree._Element | None = node
    while found is not None and not found.get("id"):
        found = found.getparent()
    return str(found.get("id")) if found is not None else ""


def _mend_multi_instance(spec: BpmnProcessSpec) -> None:
    """Makes multi-instance activities read the case's variables, and work in a process that didn't start them.

    The library connects the parent to its instances when it creates them, so that after a restart, in
    another process, their completion would go unheard.
    """
    for task_spec in spec.task_specs.values():
        if not isinstance(task_spec, MultiInstanceTask):
            continue
        if task_spec.data_input is not None and not isinstance(task_spec.data_input, VariableItems):
            task_spec.data_input = VariableItems(task_spec.data_input.bpmn_id)
        task_spec.input_item = task_spec.output_item = task_spec.data_output = None
        instance = spec.task_specs[task_spec.task_spec]
        if not instance.completed_event.is_connected(task_spec.merge_child):
            instance.completed_event.connect(task_spec.merge_child)


def _read_elements(key: str, root: etree._Element, processes: Processes) -> None:
    process = root.find(f"{{{BPMN}}}process[@id='{key}']")
    assert process is not None
    processes.names[key] = (process.get("name") or key, process.get(f"{{{ANLIU}}}en") or key)
    processes.data_name[key] = process.get(f"{{{ANLIU}}}data") or key
    lanes = {
        (ref.text or "").strip(): lane
        for lane in process.iter(f"{{{BPMN}}}lane")
        for ref in lane.findall(f"{{{BPMN}}}flowNodeRef")
    }
    for node in process.iter(etree.Element):
        tag = etree.QName(node)
        if (
            tag.namespace != BPMN
            or not node.get("id")
            or tag.localname in ("lane", "laneSet", "sequenceFlow")
        ):
            continue
        lane = lanes.get(node.get("id", ""))

        def of(name: str, node: etree._Element = node) -> str | None:
            return node.get(f"{{{ANLIU}}}{name}")

        def inherited(
            name: str, node: etree._Element = node, lane: etree._Element | None = lane
        ) -> str | None:
            return of(name, node) or (lane.get(f"{{{ANLIU}}}{name}") if lane is not None else None)

        name = " ".join((node.get("name") or node.get("id") or "").split())
        element = Element(
            process_key=key,
            id=node.get("id") or "",
            kind=tag.localname,
            name=name,
            name_en=of("en") or name,
            documentation=(node.findtext(f"{{{BPMN}}}documentation") or "").strip(),
            group=inherited("group"),
            agency=inherited("agency") or "",
            place=inherited("place"),
            assignee=of("assignee"),
            form=of("form"),
            act=of("act"),
            document=of("document"),
            marks=of("marks"),
            operation=of("operation"),
            decision=of("decision"),
            deadline=of("deadline"),
            called=node.get("calledElement"),
            attached_to=node.get("attachedToRef"),
            interrupting=node.get("cancelActivity", "true") == "true",
            multi_instance=node.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics") is not None,
        )
        processes.elements[(key, element.id)] = element
        if tag.localname == "subProcess":
            processes.owner[element.id] = key
