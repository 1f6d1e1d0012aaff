"""What a diagram may be made of. Everything else is refused, by `anliu check` and when a diagram is loaded."""

from __future__ import annotations

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ANLIU = "urn:anliu:bpmn"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

ACTIVITIES = frozenset({"userTask", "serviceTask", "businessRuleTask", "callActivity", "subProcess"})
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway"})
EVENTS = frozenset(
    {"startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"}
)
SUPPORTED = (
    ACTIVITIES
    | GATEWAYS
    | EVENTS
    | {
        "definitions", "collaboration", "participant", "process", "laneSet", "lane", "childLaneSet", "flowNodeRef",
        "sequenceFlow", "incoming", "outgoing", "conditionExpression", "documentation", "extensionElements",
        "multiInstanceLoopCharacteristics", "loopDataInputRef", "inputDataItem", "completionCondition",
        # Declares the variable that a loopDataInputRef names: editors drop a reference that leads nowhere.
        "dataObject",
        "timerEventDefinition", "timeDuration", "terminateEventDefinition",
        "textAnnotation", "text", "association", "group", "category", "categoryValue",
    }
)  # fmt: skip
WAITS_FOR_TIME = frozenset({"boundaryEvent", "intermediateCatchEvent"})
"""The events that may have a timer."""

DRAWING = (
    "http://www.omg.org/spec/BPMN/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/",
    "http://bpmn.io/schema/bpmn/biocolor/1.0",
    "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
)
"""Namespaces that say only how a diagram looks."""

REFUSED = {
    "scriptTask": "a script task is not allowed: no Python from a diagram ever runs",
    "complexGateway": "a complex gateway is not supported",
    "transaction": "a transaction is not supported",
    "adHocSubProcess": "an ad-hoc subprocess is not supported",
    "standardLoopCharacteristics": "a standard loop is not supported; draw the loop with a gateway",
    "loopCardinality": "a multi-instance activity goes over a collection of the case (loopDataInputRef)",
    "timeCycle": "a repeating timer is not supported",
    "timeDate": "a timer names a deadline rule or a duration",
    "conditionalEventDefinition": "a conditional event is not supported",
    "script": "a script is not allowed: no Python from a diagram ever runs",
}
"""Why some of what isn't supported isn't."""
