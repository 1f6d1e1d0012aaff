"""Decision tables read from DMN 1.3 XML, as dmn-js writes it.

One file is one decision with one table, and needs no other decision. Every cell is compiled when the file is
read, so that a table with a mistake is refused whole, with all its mistakes, and never half decided.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from lxml import etree

from engine.errors import N_, AnliuError
from engine.runtime.decision_tables import (
    AGGREGATIONS,
    MULTIPLE_HIT,
    RANKED,
    SINGLE_HIT,
    DecisionError,
    DecisionTable,
    Input,
    Output,
    Rule,
    fits,
)
from engine.runtime.expressions import (
    Expression,
    ExpressionRefused,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
)
from engine.runtime.xml import parse

__all__ = [
    "DecisionError",
    "DecisionRefused",
    "DecisionTable",
    "Finding",
    "Input",
    "Output",
    "Rule",
    "check_decision",
    "parse_decision",
]

# The versions of DMN that differ in nothing that a decision table has: 1.2 to 1.5.
NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    }
)

_Part = TypeVar("_Part")
Element = etree._Element
Finding = tuple[str, str]


class DecisionRefused(AnliuError):
    """The file is no decision table that can be decided.

    ``name`` is the file's, ``element`` the id of the first element at fault, ``message`` what is wrong with
    it; ``findings`` has all of them as (element id, message).
    """

    code = "decision_refused"
    status = 422

    def __init__(self, name: str, findings: Sequence[Finding]) -> None:
        self.name = name
        self.findings = list(findings)
        self.element, self.message = self.findings[0]
        super().__init__(
            N_("%(name)s: %(element)s: %(message)s"), name=name, element=self.element, message=self.message
        )


def parse_decision(content: bytes, name: str) -> DecisionTable:
    """The decision table of a DMN file.

    :param content: the file's bytes.
    :param name: what to call it in an error.
    :raises DecisionRefused: with everything that is wrong with it.
    :raises XmlRefused: it is no XML that is read.
    """
    reader = _Reader()
    table = reader.table(parse(content, name))
    if reader.findings or table is None:
        raise DecisionRefused(name, reader.findings)
    return table


def check_decision(content: bytes, name: str) -> list[Finding]:
    """Everything that keeps a DMN file from being decided, as (element id, message); nothing when it can be.

    :raises XmlRefused: it is no XML that is read.
    """
    reader = _Reader()
    reader.table(parse(content, name))
    return reader.findings


class _Reader:
    """Reads one file and notes everything that is wrong with it."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def table(self, root: Element) -> DecisionTable | None:
        """The table, as far as it can be read."""
        self._namespace, _, kind = root.tag.rpartition("}")
        self._namespace = self._namespace.lstrip("{")
        if kind != "definitions" or self._namespace not in NAMESPACES:
            self._note(root, "this is no DMN 1.3 file")
            return None
        decisions = self._children(root, "decision")
        if len(decisions) != 1:
            self._note(root, f"a file holds one decision, this one {len(decisions)}")
            return None
        return self._decision(decisions[0])

    def _decision(self, decision: Element) -> DecisionTable | None:
        tables = self._children(decision, "decisionTable")
        if len(tables) != 1:
            self._note(decision, "the decision has no decision table")
            return None
        key = decision.get("id", "")
        if not key:
            self._note(decision, "the decision has no id")
        for needed in decision.iter(f"{{{self._namespace}}}requiredDecision"):
            self._note(decision, f"the decision needs another one, {needed.get('href', '')}: write one table")
        table = tables[0]
        for element in decision.iter(f"{{{self._namespace}}}*"):
            if "feel" not in element.get("expressionLanguage", "feel").lower():
                self._note(
                    element, f"the expression language is S-FEEL, not {element.get('expressionLanguage')}"
                )
        hit_policy = table.get("hitPolicy", "UNIQUE")
        aggregation = table.get("aggregation")
        if hit_policy not in SINGLE_HIT | MULTIPLE_HIT:
            self._note(table, f"there is no hit policy {hit_policy}")
        if aggregation is not None and (hit_policy != "COLLECT" or aggregation not in AGGREGATIONS):
            self._note(table, f"{hit_policy} can't be aggregated by {aggregation}")
        inputs = tuple(self._input(element) for element in self._children(table, "input"))
        outputs = self._outputs(decision, table)
        if hit_policy in RANKED and not any(output.ranking for output in outputs):
            self._note(table, f"{hit_policy} needs the allowed values of an output, the first first")
        rules = self._rules(table, inputs, outputs)
        if aggregation is not None and len(outputs) > 1:
            self._note(table, "a table with several outputs can't be aggregated")
        name = decision.get("name", key)
        return DecisionTable(key, name, hit_policy, aggregation, inputs, outputs, rules)

    def _input(self, element: Element) -> Input:
        found = self._children(element, "inputExpression")
        expression = self._expression(found[0], element) if found else None
        if expression is None:
            if not found or not self._text(found[0]):
                self._note(element, "the input has no expression")
            expression = compile_expression("null")
        for values in self._children(element, "inputValues"):
            self._compiled(values, element, compile_unary_tests)
        kind = found[0].get("typeRef", "") if found else ""
        return Input(element.get("id", ""), element.get("label", ""), kind, expression)

    def _outputs(self, decision: Element, table: Element) -> tuple[Output, ...]:
        elements = self._children(table, "output")
        if not elements:
            self._note(table, "the table has no output")
        outputs: list[Output] = []
        for element in elements:
            name = element.get("name", "")
            if not name and len(elements) == 1:
                name = next((one.get("name", "") for one in self._children(decision, "variable")), "")
            if not name:
                self._note(element, "the output has no name")
            if name in {output.name for output in outputs}:
                self._note(element, f"two outputs are named {name}")
            outputs.append(self._output(element, name))
        return tuple(outputs)

    def _output(self, element: Element, name: str) -> Output:
        kind = element.get("typeRef", "")
        default = None
        for entry in self._children(element, "defaultOutputEntry"):
            default = self._result(entry, element, kind)
        ranking = tuple(
            value
            for values in self._children(element, "outputValues")
            for value in self._values(values, element)
        )
        return Output(element.get("id", ""), name, element.get("label", ""), kind, ranking, default)

    def _values(self, element: Element, owner: Element) -> list[Any]:
        """The allowed values of an output, which are constants."""
        listed = self._compiled(element, owner, lambda text: compile_expression(f"[{text}]"))
        if listed is None:
            return []
        if not listed.constant:
            self._note(element, "the allowed values are no constants", owner)
            return []
        found: list[Any] = listed.evaluate({})
        return found

    def _rules(self, table: Element, inputs: Sequence[Input], outputs: Sequence[Output]) -> tuple[Rule, ...]:
        rules = []
        for number, element in enumerate(self._children(table, "rule"), start=1):
            if not element.get("id"):
                element.set("id", f"rule {number}")
            conditions = self._children(element, "inputEntry")
            results = self._children(element, "outputEntry")
            if len(conditions) != len(inputs) or len(results) != len(outputs):
                self._note(
                    element,
                    f"the rule has {len(conditions)} conditions and {len(results)} results; "
                    f"the table has {len(inputs)} inputs and {len(outputs)} outputs",
                )
                continue
            tests = tuple(self._tests(entry, element) for entry in conditions)
            cells = tuple(
                self._result(entry, element, output.type, output.ranking)
                for entry, output in zip(results, outputs, strict=True)
            )
            rules.append(Rule(element.get("id", ""), number, tests, cells, self._annotation(element)))
        return tuple(rules)

    def _tests(self, entry: Element, rule: Element) -> UnaryTests:
        anything = compile_unary_tests("-")
        return (
            (self._compiled(entry, rule, compile_unary_tests) or anything) if self._text(entry) else anything
        )

    def _result(
        self, entry: Element, owner: Element, kind: str, allowed: Sequence[Any] = ()
    ) -> Expression | None:
        cell = self._expression(entry, owner)
        if cell is not None and cell.constant:
            value = cell.evaluate({})
            if not fits(value, kind):
                self._note(entry, f"{cell.text} is no {kind}", owner)
            elif allowed and value is not None and value not in allowed:
                self._note(entry, f"{cell.text} is not among the allowed values of the output", owner)
        return cell

    def _annotation(self, rule: Element) -> str:
        entries = self._children(rule, "annotationEntry") or [rule]
        texts = [self._text(entry) for entry in entries]
        descriptions = [(one.text or "").strip() for one in self._children(rule, "description")]
        return "; ".join(text for text in [*texts, *descriptions] if text)

    def _expression(self, element: Element, owner: Element) -> Expression | None:
        return self._compiled(element, owner, compile_expression) if self._text(element) else None

    def _compiled(self, element: Element, owner: Element, compiler: Callable[[str], _Part]) -> _Part | None:
        text = self._text(element)
        try:
            return compiler(text)
        except ExpressionRefused as error:
            self._note(element, f"{text!r}: {error.message} (character {error.position + 1})", owner)
            return None

    def _note(self, element: Element, message: str, owner: Element | None = None) -> None:
        """Notes a finding on an element, or on the one that holds it where it has no id."""
        named = element.get("id") or (owner.get("id") if owner is not None else None)
        self.findings.append((named or etree.QName(element).localname, message))

    def _children(self, element: Element, name: str) -> list[Element]:
        return element.findall(f"{{{self._namespace}}}{name}")

    def _text(self, element: Element) -> str:
        return (element.findtext(f"{{{self._namespace}}}text") or "").strip()
