"""Decision tables: what they decide, and what keeps a file from being one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import pytest

from engine.runtime.decisions import (
    DecisionError,
    DecisionRefused,
    DecisionTable,
    check_decision,
    parse_decision,
)
from engine.runtime.xml import XmlRefused

# As dmn-js 17 saves it: DMN 1.3, empty cells as empty texts, layout beside the logic.
DISCRETION = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"
    xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/"
    id="discretion_file" name="处罚裁量" namespace="http://camunda.org/schema/1.0/dmn" exporter="dmn-js">
  <inputData id="income" name="违法所得" />
  <decision id="discretion" name="处罚裁量">
    <informationRequirement id="needs_income"><requiredInput href="#income" /></informationRequirement>
    <decisionTable id="discretion_table" hitPolicy="FIRST">
      <input id="tier" label="情节">
        <inputExpression id="tier_expression" typeRef="string"><text>review.tier</text></inputExpression>
        <inputValues id="tiers"><text>"base","serious","especially_serious"</text></inputValues>
      </input>
      <input id="amount" label="违法所得">
        <inputExpression id="amount_expression" typeRef="number"><text>review.unlawful_income</text></inputExpression>
      </input>
      <output id="lowest" label="罚款下限" name="lowest" typeRef="number">
        <defaultOutputEntry id="lowest_default"><text>0</text></defaultOutputEntry>
      </output>
      <output id="note" label="说明" name="note" typeRef="string" />
      <rule id="serious">
        <description>第十八条</description>
        <inputEntry id="s1"><text>"serious", "especially_serious"</text></inputEntry>
        <inputEntry id="s2"><text>&gt;= 50000</text></inputEntry>
        <outputEntry id="s3"><text>review.unlawful_income * 2</text></outputEntry>
        <outputEntry id="s4"><text>"从重"</text></outputEntry>
      </rule>
      <rule id="small">
        <inputEntry id="m1"><text></text></inputEntry>
        <inputEntry id="m2"><text>[0..10000)</text></inputEntry>
        <outputEntry id="m3"><text>1000</text></outputEntry>
        <outputEntry id="m4"><text></text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI><dmndi:DMNDiagram id="diagram"><dmndi:DMNShape id="shape" dmnElementRef="discretion">
    <dc:Bounds height="80" width="180" x="160" y="100" /></dmndi:DMNShape></dmndi:DMNDiagram></dmndi:DMNDI>
</definitions>"""


def dmn(
    rules: Sequence[Sequence[str]],
    *,
    policy: str = "",
    inputs: Sequence[str] = ("age",),
    outputs: Sequence[str] = ('<output id="o1" name="result" />',),
) -> bytes:
    """A file with these rules; the cells of a rule are its conditions, then its results."""
    columns = "".join(
        f'<input id="i{number}"><inputExpression id="e{number}"><text>{escape(text)}</text></inputExpression></input>'
        for number, text in enumerate(inputs, start=1)
    )
    rows = ""
    for number, cells in enumerate(rules, start=1):
        row = ""
        for place, cell in enumerate(cells, start=1):
            kind = "inputEntry" if place <= len(inputs) else "outputEntry"
            row += f'<{kind} id="r{number}c{place}"><text>{escape(cell)}</text></{kind}>'
        rows += f'<rule id="r{number}">{row}</rule>'
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="file" name="file" namespace="x">'
        f'<decision id="test" name="Test"><decisionTable id="table" {policy}>'
        f"{columns}{''.join(outputs)}{rows}</decisionTable></decision></definitions>"
    ).encode()


def table(rules: Sequence[Sequence[str]], **rest: Any) -> DecisionTable:
    return parse_decision(dmn(rules, **rest), "test")


@pytest.mark.parametrize(
    ("tier", "income", "expected"),
    [
        ("serious", 60000, {"lowest": Decimal(120000), "note": "从重"}),
        ("especially_serious", 50000, {"lowest": Decimal(100000), "note": "从重"}),
        ("base", 500, {"lowest": Decimal(1000), "note": None}),
        ("serious", 9999.99, {"lowest": Decimal(1000), "note": None}),
        ("base", 60000, {"lowest": Decimal(0), "note": None}),
        (None, None, {"lowest": Decimal(0), "note": None}),
    ],
)
def test_a_table_as_dmn_js_writes_it_is_decided(tier: Any, income: Any, expected: dict[str, Any]) -> None:
    discretion = parse_decision(DISCRETION.encode(), "discretion")
    assert discretion.decide({"review": {"tier": tier, "unlawful_income": income}}) == expected


def test_a_table_tells_what_it_is() -> None:
    discretion = parse_decision(DISCRETION.encode(), "discretion")
    assert (discretion.key, discretion.name, discretion.hit_policy) == ("discretion", "处罚裁量", "FIRST")
    assert [(column.label, column.expression.text) for column in discretion.inputs] == [
        ("情节", "review.tier"),
        ("违法所得", "review.unlawful_income"),
    ]
    assert [(column.name, column.label, column.type) for column in discretion.outputs] == [
        ("lowest", "罚款下限", "number"),
        ("note", "说明", "string"),
    ]
    assert [(rule.id, rule.annotation) for rule in discretion.rules] == [
        ("serious", "第十八条"),
        ("small", ""),
    ]
    assert discretion.names == {"review.tier", "review.unlawful_income"}


# Hit policies: DMN 1.3, 8.2.10

OVERLAPPING = [["> 10", '"a"'], ["> 20", '"b"'], ["> 30", '"a"']]
RANKED = (
    '<output id="o1" name="result"><outputValues id="v1"><text>"b", "a"</text></outputValues></output>',
)
NUMBERS = [["> 10", "7"], ["> 20", "3"], ["> 30", "5"]]


def test_unique_gives_the_one_rule_that_matches() -> None:
    assert table(OVERLAPPING).decide({"age": 15}) == {"result": "a"}


def test_unique_with_two_hits_names_both_rules() -> None:
    with pytest.raises(DecisionError, match="r1, r2") as error:
        table(OVERLAPPING).decide({"age": 25})
    assert error.value.rules == ["r1", "r2"]


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "ANY", "PRIORITY"])
def test_where_no_rule_matches_a_single_result_is_none(policy: str) -> None:
    found = table(OVERLAPPING, policy=f'hitPolicy="{policy}"', outputs=RANKED).decide({"age": 5})
    assert found == {"result": None}


def test_first_gives_the_first_rule_that_matches() -> None:
    assert table(OVERLAPPING, policy='hitPolicy="FIRST"').decide({"age": 35}) == {"result": "a"}


def test_any_gives_what_all_matching_rules_agree_on() -> None:
    any_of = table([["> 10", '"a"'], ["> 20", '"a"'], ["> 30", '"b"']], policy='hitPolicy="ANY"')
    assert any_of.decide({"age": 25}) == {"result": "a"}
    with pytest.raises(DecisionError, match="r1, r2, r3"):
        any_of.decide({"age": 35})


def test_priority_gives_the_value_that_stands_first_in_the_allowed_ones() -> None:
    assert table(OVERLAPPING, policy='hitPolicy="PRIORITY"', outputs=RANKED).decide({"age": 35}) == {
        "result": "b"
    }


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("RULE ORDER", ["a", "b", "a"]), ("OUTPUT ORDER", ["b", "a", "a"]), ("COLLECT", ["a", "b", "a"])],
)
def test_multiple_hits_are_lists(policy: str, expected: list[str]) -> None:
    found = table(OVERLAPPING, policy=f'hitPolicy="{policy}"', outputs=RANKED)
    assert found.decide({"age": 35}) == {"result": expected}
    assert found.decide({"age": 5}) == {"result": []}


@pytest.mark.parametrize(
    ("aggregation", "expected", "of_nothing"),
    [
        ("SUM", Decimal(15), None),
        ("MIN", Decimal(3), None),
        ("MAX", Decimal(7), None),
        ("COUNT", Decimal(3), Decimal(0)),
    ],
)
def test_collected_hits_may_be_aggregated(
    aggregation: str, expected: Decimal, of_nothing: Decimal | None
) -> None:
    found = table(NUMBERS, policy=f'hitPolicy="COLLECT" aggregation="{aggregation}"')
    assert found.decide({"age": 35}) == {"result": expected}
    assert found.decide({"age": 5}) == {"result": of_nothing}


def test_defaults_stand_where_no_rule_matches() -> None:
    default = (
        '<output id="o1" name="result"><defaultOutputEntry><text>"none"</text></defaultOutputEntry></output>',
    )
    assert table(OVERLAPPING, outputs=default).decide({"age": 5}) == {"result": "none"}
    assert table(OVERLAPPING, policy='hitPolicy="COLLECT"', outputs=default).decide({"age": 5}) == {
        "result": ["none"]
    }


def test_collected_agencies_become_a_list() -> None:
    agencies = table(
        [["true", "-", '"police"'], ["-", "> 0", '"market"'], ["-", "-", '"education"']],
        policy='hitPolicy="COLLECT"', inputs=["案件.跑路", "案件.收费"],
    )  # fmt: skip
    assert agencies.decide({"案件": {"跑路": True, "收费": 100}}) == {
        "result": ["police", "market", "education"]
    }
    assert agencies.decide({"案件": {"跑路": False}}) == {"result": ["education"]}
    assert agencies.decide({}) == {"result": ["education"]}


def test_inputs_may_be_reckoned_and_cells_may_look_at_other_variables() -> None:
    late = table(
        [["> duration(\"P15D\")", "today > limit", '"late"'], ["-", "-", '"in time"']],
        policy='hitPolicy="FIRST"', inputs=["today - served", "today"],
    )  # fmt: skip
    context = {"today": dt.date(2024, 3, 20), "served": dt.date(2024, 3, 1), "limit": dt.date(2024, 3, 16)}
    assert late.decide(context) == {"result": "late"}
    assert late.decide(context | {"served": dt.date(2024, 3, 10)}) == {"result": "in time"}


def test_a_computed_result_of_the_wrong_type_is_none() -> None:
    number = ('<output id="o1" name="result" typeRef="number" />',)
    assert table([["-", "name"]], outputs=number).decide({"name": "甲"}) == {"result": None}


def test_a_result_without_a_name_is_called_what_the_decision_gives() -> None:
    content = dmn([["-", "1"]], outputs=['<output id="o1" />']).replace(
        b"<decisionTable", b'<variable id="v" name="needed" /><decisionTable'
    )
    assert parse_decision(content, "test").decide({}) == {"needed": 1}


# What is refused


def test_every_mistake_is_found_with_its_element() -> None:
    content = dmn(
        [["> ", '"a"'], ["== 5", "launch()"], ["5", "“b”"], ["-"], ["-", "1"]],
        inputs=["age >"], outputs=['<output id="o1" name="result" typeRef="string" />'],
    )  # fmt: skip
    found = check_decision(content, "test")
    assert [element for element, _ in found] == ["e1", "r1c1", "r2c1", "r2c2", "r3c2", "r4", "r5c2"]
    assert "ends too early" in found[0][1]
    assert "no function “launch”" in found[3][1]
    assert "0 results" in found[5][1]
    assert found[6][1] == "1 is no string"
    with pytest.raises(DecisionRefused) as refused:
        parse_decision(content, "test.dmn")
    assert (refused.value.name, refused.value.element) == ("test.dmn", "e1")
    assert refused.value.findings == found


def test_a_good_table_has_no_findings() -> None:
    assert check_decision(DISCRETION.encode(), "discretion") == []


@pytest.mark.parametrize(
    ("content", "element", "words"),
    [
        (b"<definitions/>", "definitions", "no DMN"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "definitions", "no DMN"),
        (dmn([]).replace(b"decisionTable", b"literalExpression"), "test", "no decision table"),
        (dmn([]).replace(b'<decision id="test"', b'<decision id="other"/><decision id="test"'), "file", "one decision"),
        (dmn([], outputs=[]), "table", "no output"),
        (dmn([], outputs=['<output id="o1" />']), "o1", "no name"),
        (dmn([], outputs=['<output id="o1" name="a" />', '<output id="o2" name="a" />']), "o2", "two outputs"),
        (dmn([], inputs=[""]), "i1", "no expression"),
        (dmn([], policy='hitPolicy="LAST"'), "table", "no hit policy LAST"),
        (dmn([], policy='hitPolicy="FIRST" aggregation="SUM"'), "table", "can't be aggregated"),
        (dmn([], policy='hitPolicy="COLLECT" aggregation="MEAN"'), "table", "can't be aggregated"),
        (dmn([], policy='hitPolicy="PRIORITY"'), "table", "allowed values"),
        (dmn([["-", '"c"']], outputs=RANKED), "r1c2", "not among the allowed values"),
        (dmn([["-", "1"]]).replace(b'"e1"', b'"e1" expressionLanguage="python"'), "e1", "not python"),
        (
            dmn([["-", "1"]]).replace(
                b"<decisionTable", b'<informationRequirement><requiredDecision href="#b" /></informationRequirement><decisionTable'
            ),
            "test",
            "#b",
        ),
    ],
)  # fmt: skip
def test_what_is_no_decidable_table_is_refused(content: bytes, element: str, words: str) -> None:
    found = check_decision(content, "test")
    assert [(at, words in message) for at, message in found] == [(element, True)]
    with pytest.raises(DecisionRefused):
        parse_decision(content, "test")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no xml",
        b"<definitions>",
        b'<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>',
    ],
)
def test_what_is_no_xml_is_refused_before_it_is_read(content: bytes) -> None:
    with pytest.raises(XmlRefused):
        check_decision(content, "test")


def test_python_in_a_cell_is_refused() -> None:
    found = check_decision(dmn([["__import__('os').system('true')", '__import__("os")']]), "test")
    assert [element for element, _ in found] == ["r1c1", "r1c2"]
