"""A small home with one good file of every kind, and a way to spoil it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.checks import Finding, check_paths

PRODUCT = Path(__file__).resolve().parents[3]

MAIN = """\
<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:anliu="urn:anliu:bpmn" id="d" targetNamespace="t">
  <bpmn:collaboration id="c"><bpmn:participant id="pool" name="案件" anliu:en="Case" processRef="small_case"/></bpmn:collaboration>
  <bpmn:process id="small_case" name="案件" anliu:en="Case" anliu:data="tip" isExecutable="true">
    <bpmn:startEvent id="received" name="收到" anliu:en="Received" anliu:form="report" anliu:group="handler"/>
    <bpmn:serviceTask id="register" name="登记" anliu:en="Register" anliu:operation="register" anliu:marks="tip_registered"/>
    <bpmn:callActivity id="call_phase" name="核查" anliu:en="Verification" calledElement="small_phase"/>
    <bpmn:exclusiveGateway id="established" name="属实？" anliu:en="Established?" default="to_dropped"/>
    <bpmn:endEvent id="done" name="立案" anliu:en="Filed"/>
    <bpmn:endEvent id="dropped" name="不立案" anliu:en="Dropped"/>
    <bpmn:sequenceFlow id="f1" sourceRef="received" targetRef="register"/>
    <bpmn:sequenceFlow id="f2" sourceRef="register" targetRef="call_phase"/>
    <bpmn:sequenceFlow id="f3" sourceRef="call_phase" targetRef="established"/>
    <bpmn:sequenceFlow id="to_done" name="属实" sourceRef="established" targetRef="done">
      <bpmn:conditionExpression>small_phase.outcome = "established"</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="to_dropped" name="不属实" sourceRef="established" targetRef="dropped"/>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="di"><bpmndi:BPMNPlane id="plane" bpmnElement="c">
    <bpmndi:BPMNShape id="s1" bpmnElement="received"/><bpmndi:BPMNShape id="s2" bpmnElement="register"/>
    <bpmndi:BPMNShape id="s3" bpmnElement="call_phase"/><bpmndi:BPMNShape id="s4" bpmnElement="established"/>
    <bpmndi:BPMNShape id="s5" bpmnElement="done"/><bpmndi:BPMNShape id="s6" bpmnElement="dropped"/>
    <bpmndi:BPMNEdge id="e1" bpmnElement="f1"/><bpmndi:BPMNEdge id="e2" bpmnElement="f2"/>
    <bpmndi:BPMNEdge id="e3" bpmnElement="f3"/><bpmndi:BPMNEdge id="e4" bpmnElement="to_done"/>
    <bpmndi:BPMNEdge id="e5" bpmnElement="to_dropped"/>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""

PHASE = """\
<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:anliu="urn:anliu:bpmn" id="d" targetNamespace="t">
  <bpmn:process id="small_phase" name="核查" anliu:en="Verification" isExecutable="true">
    <bpmn:laneSet id="lanes">
      <bpmn:lane id="lane_handler" name="承办人" anliu:en="Handler" anliu:group="handler">
        <bpmn:flowNodeRef>begun</bpmn:flowNodeRef><bpmn:flowNodeRef>propose</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>verify</bpmn:flowNodeRef><bpmn:flowNodeRef>overdue</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>escalate</bpmn:flowNodeRef><bpmn:flowNodeRef>escalated</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>ended</bpmn:flowNodeRef>
      </bpmn:lane>
      <bpmn:lane id="lane_liaison" name="联络员" anliu:en="Liaison" anliu:group="liaison" anliu:agency="police" anliu:place="city">
        <bpmn:flowNodeRef>opinion</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="begun" name="开始" anliu:en="Begun"/>
    <bpmn:businessRuleTask id="propose" name="建议部门" anliu:en="Propose agencies" anliu:decision="agencies"/>
    <bpmn:userTask id="verify" name="核实" anliu:en="Verify" anliu:form="verify" anliu:act="investigate" anliu:document="note"/>
    <bpmn:boundaryEvent id="overdue" name="逾期" anliu:en="Overdue" attachedToRef="verify" cancelActivity="false" anliu:deadline="verification">
      <bpmn:timerEventDefinition id="overdue_timer"/>
    </bpmn:boundaryEvent>
    <bpmn:serviceTask id="escalate" name="上报" anliu:en="Escalate" anliu:operation="escalate"/>
    <bpmn:endEvent id="escalated" name="已上报" anliu:en="Escalated"/>
    <bpmn:userTask id="opinion" name="意见" anliu:en="Opinion" anliu:form="opinion">
      <bpmn:multiInstanceLoopCharacteristics id="each">
        <bpmn:loopDataInputRef>small_phase.asked</bpmn:loopDataInputRef>
        <bpmn:completionCondition>numberOfCompletedInstances &gt;= 2</bpmn:completionCondition>
      </bpmn:multiInstanceLoopCharacteristics>
    </bpmn:userTask>
    <bpmn:endEvent id="ended" name="结束" anliu:en="Ended"/>
    <bpmn:sequenceFlow id="p1" sourceRef="begun" targetRef="propose"/>
    <bpmn:sequenceFlow id="p2" sourceRef="propose" targetRef="verify"/>
    <bpmn:sequenceFlow id="p3" sourceRef="verify" targetRef="opinion"/>
    <bpmn:sequenceFlow id="p4" sourceRef="opinion" targetRef="ended"/>
    <bpmn:sequenceFlow id="p5" sourceRef="overdue" targetRef="escalate"/>
    <bpmn:sequenceFlow id="p6" sourceRef="escalate" targetRef="escalated"/>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="di"><bpmndi:BPMNPlane id="plane" bpmnElement="small_phase">
    <bpmndi:BPMNShape id="s1" bpmnElement="begun"/><bpmndi:BPMNShape id="s2" bpmnElement="propose"/>
    <bpmndi:BPMNShape id="s3" bpmnElement="verify"/><bpmndi:BPMNShape id="s4" bpmnElement="overdue"/>
    <bpmndi:BPMNShape id="s5" bpmnElement="escalate"/><bpmndi:BPMNShape id="s6" bpmnElement="escalated"/>
    <bpmndi:BPMNShape id="s7" bpmnElement="opinion"/><bpmndi:BPMNShape id="s8" bpmnElement="ended"/>
    <bpmndi:BPMNShape id="s9" bpmnElement="lane_handler"/><bpmndi:BPMNShape id="s10" bpmnElement="lane_liaison"/>
    <bpmndi:BPMNEdge id="e1" bpmnElement="p1"/><bpmndi:BPMNEdge id="e2" bpmnElement="p2"/>
    <bpmndi:BPMNEdge id="e3" bpmnElement="p3"/><bpmndi:BPMNEdge id="e4" bpmnElement="p4"/>
    <bpmndi:BPMNEdge id="e5" bpmnElement="p5"/><bpmndi:BPMNEdge id="e6" bpmnElement="p6"/>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""

AGENCIES = """\
<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="agencies" namespace="t">
  <decision id="agencies" name="建议部门">
    <decisionTable id="table" hitPolicy="FIRST">
      <input id="by_channel" label="来源"><inputExpression id="ie" typeRef="string"><text>tip.channel</text></inputExpression></input>
      <output id="asked_by_rule" name="proposed" typeRef="string"/>
      <rule id="row_1"><inputEntry id="i1"><text>"hotline"</text></inputEntry><outputEntry id="o1"><text>"police"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""

REPORT = """\
{"type": "default", "id": "report", "schemaVersion": 16, "properties": {"title": "线索", "title_en": "Tip"},
 "components": [
  {"type": "radio", "key": "channel", "label": "来源", "properties": {"en": "Channel"},
   "values": [{"label": "热线", "value": "hotline", "en": "Hotline"}, {"label": "巡查", "value": "patrol", "en": "Patrol"}]},
  {"type": "textarea", "key": "summary", "label": "情况", "properties": {"en": "Summary"}}
 ]}
"""

VERIFY = """\
{"type": "default", "id": "verify", "schemaVersion": 16, "properties": {"title": "核实", "title_en": "Verify"},
 "components": [
  {"type": "radio", "key": "outcome", "label": "结论", "properties": {"en": "Outcome"},
   "values": [{"label": "属实", "value": "established", "en": "Established"}, {"label": "不属实", "value": "dropped", "en": "Dropped"}]},
  {"type": "checklist", "key": "asked", "label": "部门", "valuesKey": "agencies", "properties": {"en": "Agencies", "default_from": "small_phase.proposed"}},
  {"type": "datetime", "subtype": "date", "key": "served_on", "label": "送达", "properties": {"en": "Served", "moment": "notice_served"},
   "conditional": {"hide": "=tip.channel = \\"patrol\\""}},
  {"type": "textfield", "key": "remark", "label": "备注", "properties": {"en": "Remark"}}
 ]}
"""

OPINION = """\
{"type": "default", "id": "opinion", "schemaVersion": 16, "properties": {"title": "意见", "title_en": "Opinion"},
 "components": [{"type": "textarea", "key": "text", "label": "意见", "properties": {"en": "Opinion"}}]}
"""

NOTE = """\
---
key: note
title: 核查记录
title_en: Record
layout: approval_table
---
{{ agency.name }}：{{ tip.summary }}，{{ small_phase.remark }}{% for each in evidence %}{{ each.name }}{% endfor %}
"""

LEGAL = """\
separates:
  - id: one
    act: investigate
    not_by: [investigate]
    code: separation_of_duties
    article: 《甲法》第一条
    message: 不得。
    message_en: Must not.
"""

FILES = {
    "processes/small_case.bpmn": MAIN,
    "processes/phases/small_phase.bpmn": PHASE,
    "processes/decisions/agencies.dmn": AGENCIES,
    "processes/legal_rules.yaml": LEGAL,
    "forms/definitions/report.json": REPORT,
    "forms/definitions/verify.json": VERIFY,
    "forms/definitions/opinion.json": OPINION,
    "forms/documents/note.md": NOTE,
}
OPERATIONS = {"register": (), "escalate": ()}

Spoil = Callable[[str, str, str], Path]
Check = Callable[..., list[Finding]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a small set of good definitions; deadlines and roles are the product's own."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in ("deadlines", "agencies"):
        shutil.copy(PRODUCT / "processes" / f"{name}.yaml", tmp_path / "processes")
    return tmp_path


@pytest.fixture
def spoil(home: Path) -> Spoil:
    """Replaces a text in one file of the home, and answers the file."""

    def replace(name: str, old: str, new: str) -> Path:
        path = next(each for each in home.rglob(name))
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return replace


@pytest.fixture
def check() -> Check:
    """Checks paths with the small home's operations."""
    return lambda *paths: check_paths(list(paths), OPERATIONS)
