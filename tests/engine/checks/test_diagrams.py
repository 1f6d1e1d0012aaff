"""One mistake in a good diagram gives one finding, on the element that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

CASE, PHASE = "small_case.bpmn", "small_phase.bpmn"
VERIFY = '<bpmn:userTask id="verify" name="核实" anliu:en="Verify" anliu:form="verify"'


def extension(inner: str) -> str:
    return f'anliu:document="note"><bpmn:extensionElements>{inner}</bpmn:extensionElements></bpmn:userTask>'


def test_a_good_home_has_no_findings(home: Path, check) -> None:
    assert check(home / "processes", home / "forms") == []


def test_each_good_file_alone_is_good_against_its_home(home: Path, check) -> None:
    for path in (*home.rglob("*.bpmn"), *home.rglob("*.json"), *home.rglob("*.dmn"), *home.rglob("*.md")):
        assert check(path) == [], path


ERRORS = [
    # what is never run
    (PHASE, "<bpmn:userTask id=\"verify\"", "<bpmn:scriptTask id=\"verify\"", "verify", "no-script"),
    (PHASE, '<bpmn:serviceTask id="escalate"', '<bpmn:sendTask id="escalate"', "escalate", "unsupported-element"),
    (CASE, '<bpmn:exclusiveGateway id="established"', '<bpmn:complexGateway id="established"', "established", "unsupported-element"),
    (PHASE, "<bpmn:timerEventDefinition id=\"overdue_timer\"/>",
     "<bpmn:timerEventDefinition id=\"t\"><bpmn:timeCycle>R/P1D</bpmn:timeCycle></bpmn:timerEventDefinition>", "t", "unsupported-element"),
    (PHASE, "<bpmn:timerEventDefinition id=\"overdue_timer\"/>", "<bpmn:conditionalEventDefinition id=\"overdue_timer\"/>",
     "overdue_timer", "unsupported-element"),
    (PHASE, "<bpmn:endEvent id=\"escalated\"", "<bpmn:dataStoreReference id=\"store\"/><bpmn:endEvent id=\"escalated\"", "store",
     "unsupported-element"),
    (PHASE, "<bpmn:multiInstanceLoopCharacteristics id=\"each\">",
     "<bpmn:standardLoopCharacteristics id=\"again\"/><bpmn:multiInstanceLoopCharacteristics id=\"each\">", "again", "unsupported-element"),
    (PHASE, 'anliu:document="note"/>',
     extension('<s:preScript xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core">import os</s:preScript>'), "verify", "no-script"),
    (PHASE, 'anliu:document="note"/>',
     extension('<c:inputOutput xmlns:c="http://camunda.org/schema/1.0/bpmn"><c:inputParameter/></c:inputOutput>'), "verify", "foreign-extension"),
    (PHASE, VERIFY, VERIFY + ' xmlns:c="http://camunda.org/schema/1.0/bpmn" c:assignee="x"', "verify", "foreign-extension"),
    (PHASE, VERIFY, VERIFY + ' anliu:fom="verify"', "verify", "unknown-attribute"),
    # references
    (PHASE, 'anliu:form="verify"', 'anliu:form="verfy"', "verify", "unknown-form"),
    (PHASE, ' anliu:form="verify"', "", "verify", "no-form"),
    (PHASE, 'anliu:group="handler"', 'anliu:group="wizard"', "lane_handler", "unknown-group"),
    (PHASE, ' anliu:group="handler"', "", "verify", "no-group"),
    (PHASE, VERIFY, VERIFY + ' anliu:group="wizard"', "verify", "unknown-group"),
    (PHASE, 'anliu:agency="police"', 'anliu:agency="polizei"', "lane_liaison", "unknown-agency"),
    (PHASE, 'anliu:place="city"', 'anliu:place="atlantis"', "lane_liaison", "unknown-place"),
    (PHASE, 'anliu:deadline="verification"', 'anliu:deadline="verificaton"', "overdue", "unknown-deadline"),
    (PHASE, ' anliu:deadline="verification"', "", "overdue", "no-deadline"),
    (PHASE, ' anliu:deadline="verification">\n      <bpmn:timerEventDefinition id="overdue_timer"/>',
     '><bpmn:timerEventDefinition id="t"><bpmn:timeDuration>three days</bpmn:timeDuration></bpmn:timerEventDefinition>', "overdue",
     "bad-duration"),
    (PHASE, 'anliu:operation="escalate"', 'anliu:operation="os.system"', "escalate", "unknown-operation"),
    (PHASE, ' anliu:operation="escalate"', "", "escalate", "no-operation"),
    (PHASE, 'anliu:decision="agencies"', 'anliu:decision="agency"', "propose", "unknown-decision"),
    (PHASE, ' anliu:decision="agencies"', "", "propose", "no-decision"),
    (PHASE, 'anliu:document="note"', 'anliu:document="nota"', "verify", "unknown-document"),
    (CASE, 'anliu:marks="tip_registered"', 'anliu:marks="tip_registred"', "register", "unknown-moment"),
    (CASE, 'calledElement="small_phase"', 'calledElement="smal_phase"', "call_phase", "unknown-process"),
    (CASE, ' calledElement="small_phase"', "", "call_phase", "no-process"),
    (CASE, 'calledElement="small_phase"', 'calledElement="small_case"', "call_phase", "call-cycle"),
    (PHASE, "<bpmn:loopDataInputRef>small_phase.asked</bpmn:loopDataInputRef>", "", "opinion", "no-items"),
    # expressions
    (CASE, 'small_phase.outcome = "established"', "small_phase.outcome == 'established'", "to_done", "bad-expression"),
    (CASE, 'small_phase.outcome = "established"', '__import__("os").popen("id").read() != ""', "to_done", "bad-expression"),
    (CASE, 'small_phase.outcome = "established"', "True", "to_done", "bad-expression"),
    (CASE, 'small_phase.outcome = "established"', "", "to_done", "bad-expression"),
    (CASE, "<bpmn:conditionExpression>", '<bpmn:conditionExpression language="python">', "to_done", "bad-expression"),
    (CASE, "small_phase.outcome =", "small_phase.outcom =", "to_done", "unknown-variable"),
    (CASE, "small_phase.outcome =", "outcome =", "to_done", "unknown-variable"),
    (CASE, 'small_phase.outcome = "established"', 'small_phase.remark = "x"', "to_done", "unknown-variable"),
    (CASE, '"established"</bpmn:cond', '"estabished"</bpmn:cond', "to_done", "unknown-choice"),
    (PHASE, VERIFY, VERIFY + ' anliu:assignee="tip.whoever"', "verify", "unknown-variable"),
    (PHASE, "small_phase.asked", "small_phase.agencies", "opinion", "unknown-variable"),
    (PHASE, "numberOfCompletedInstances &gt;= 2", "numberOfCompleted &gt;= 2", "opinion", "unknown-variable"),
    # the ways through
    (CASE, ' default="to_dropped"', "", "established", "no-default"),
    (CASE, 'default="to_dropped"', 'default="nowhere"', "established", "broken-reference"),
    (CASE, 'sourceRef="established" targetRef="dropped"', 'sourceRef="established" targetRef="done"', "dropped", "unreachable"),
    (CASE, '<bpmn:sequenceFlow id="f2" sourceRef="register" targetRef="call_phase"/>',
     '<bpmn:sequenceFlow id="f2" sourceRef="register" targetRef="register"/>', "register", "no-way-out"),
    (CASE, 'id="f3" sourceRef="call_phase" targetRef="established"', 'id="f3" sourceRef="call_phase" targetRef="gone"', "f3",
     "broken-reference"),
    (PHASE, 'attachedToRef="verify"', 'attachedToRef="gone"', "overdue", "broken-reference"),
    (PHASE, "<bpmn:flowNodeRef>opinion", "<bpmn:flowNodeRef>gone</bpmn:flowNodeRef><bpmn:flowNodeRef>opinion", "lane_liaison",
     "broken-reference"),
    (PHASE, '<bpmn:endEvent id="escalated"', '<bpmn:task id="loose"/><bpmn:endEvent id="escalated"', "loose", "unsupported-element"),
    # the file
    (CASE, '<bpmn:startEvent id="received"', '<bpmn:startEvent id="other"/><bpmn:startEvent id="received"', "small_case", "several-starts"),
    (CASE, '<bpmn:endEvent id="done"', '<bpmn:endEvent id="dropped"/><bpmn:endEvent id="done"', "dropped", "duplicate-id"),
    (CASE, '<bpmn:process id="small_case"', '<bpmn:process id="second"/><bpmn:process id="small_case"', "second", "several-processes"),
    (CASE, 'processRef="small_case"', 'processRef="smallcase"', "small_case", "broken-reference"),
    (CASE, '<bpmn:sequenceFlow id="f1"', "<bpmn:sequenceFlow", "received", "dead-end"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "element", "rule"), ERRORS, ids=lambda value: None)
def test_a_mistake_gives_one_error(
    name: str, old: str, new: str, element: str, rule: str, spoil, check
) -> None:
    found = [(each.element, each.severity, each.rule) for each in check(spoil(name, old, new))]
    assert (element, "error", rule) in found
    expected = 1 if rule not in ("dead-end", "no-way-out", "no-group") else len(found)
    assert len(found) == expected, found


WARNINGS = [
    (CASE, ' name="登记"', "", "register", "no-name"),
    (CASE, ' name="属实？"', "", "established", "no-name"),
    (CASE, ' anliu:en="Register"', "", "register", "no-english-name"),
    (CASE, ' name="属实" sourceRef', " sourceRef", "to_done", "no-label"),
    (PHASE, "<bpmn:flowNodeRef>escalate</bpmn:flowNodeRef>", "", "escalate", "no-lane"),
    (PHASE, '<bpmndi:BPMNShape id="s3" bpmnElement="verify"/>', "", "verify", "not-drawn"),
    (PHASE, '<bpmndi:BPMNEdge id="e3" bpmnElement="p3"/>', "", "p3", "not-drawn"),
    (PHASE, 'sourceRef="opinion" targetRef="ended"/>',
     'sourceRef="opinion" targetRef="ended"/><bpmn:sequenceFlow id="p4b" sourceRef="verify" targetRef="ended"/>', "verify", "implicit-split"),
    (PHASE, 'anliu:deadline="verification"', 'anliu:deadline="payment"', "overdue", "moment-never-recorded"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "element", "rule"), WARNINGS, ids=lambda value: None)
def test_an_untidiness_gives_a_warning(
    name: str, old: str, new: str, element: str, rule: str, spoil, check
) -> None:
    found = [(each.element, each.severity, each.rule) for each in check(spoil(name, old, new))]
    assert (element, "warning", rule) in found
    assert len(found) == (2 if rule == "implicit-split" else 1), found  # the added flow isn't drawn either


def test_a_file_without_any_drawing_is_said_once(spoil, home: Path, check) -> None:
    path = home / "processes" / CASE
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("<bpmndi:BPMNDiagram")] + "</bpmn:definitions>", encoding="utf-8")
    assert [(each.element, each.rule) for each in check(path)] == [("small_case", "not-drawn")]


def test_warnings_wait_until_the_errors_are_mended(spoil, check) -> None:
    spoil(PHASE, ' name="核实"', "")
    assert {each.severity for each in check(spoil(PHASE, 'anliu:form="verify"', 'anliu:form="gone"'))} == {
        "error"
    }


def test_a_finding_says_what_was_probably_meant(spoil, check) -> None:
    finding = check(spoil(PHASE, 'anliu:form="verify"', 'anliu:form="verfy"'))[0]
    assert finding.message == "there is no form verfy; did you mean verify?"
    assert str(finding).endswith(
        "small_phase.bpmn:verify: error unknown-form: there is no form verfy; did you mean verify?"
    )
    assert finding.as_json()["path"] == []


def test_a_python_condition_is_called_by_its_name(spoil, check) -> None:
    finding = check(
        spoil(CASE, 'small_phase.outcome = "established"', "len(outcome) > 0 and outcome == 'x'")
    )[0]
    assert "it looks like Python, which is never run" in finding.message


def test_a_part_out_of_reach_is_lit_up_whole(spoil, check) -> None:
    finding = check(
        spoil(
            PHASE,
            'id="p1" sourceRef="begun" targetRef="propose"',
            'id="p1" sourceRef="begun" targetRef="ended"',
        )
    )
    assert [(each.element, each.rule) for each in finding] == [("propose", "unreachable")]
    assert set(finding[0].path) == {"propose", "verify", "overdue", "escalate", "escalated", "opinion"}


def test_nodes_of_an_embedded_subprocess_are_checked_within_it(spoil, check) -> None:
    inside = (
        '<bpmn:subProcess id="sub" name="期间" anliu:en="Period"><bpmn:startEvent id="a" name="始" anliu:en="A"/>'
        '<bpmn:endEvent id="b" name="终" anliu:en="B"/><bpmn:sequenceFlow id="ab" sourceRef="a" targetRef="call_phase"/></bpmn:subProcess>'
        '<bpmn:sequenceFlow id="fs" sourceRef="sub" targetRef="call_phase"/>'
    )
    path = spoil(CASE, '<bpmn:callActivity id="call_phase"', inside + '<bpmn:callActivity id="call_phase"')
    spoil(
        CASE,
        'id="f2" sourceRef="register" targetRef="call_phase"',
        'id="f2" sourceRef="register" targetRef="sub"',
    )
    assert [(each.element, each.rule) for each in check(path)] == [("ab", "broken-reference")]
