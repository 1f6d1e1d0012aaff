"""Whether conditions are S-FEEL, and decide on what the case really has."""

from __future__ import annotations

import re
from collections.abc import Collection

from lxml import etree

from engine.checks.catalogue import Catalogue
from engine.checks.diagram import Diagram
from engine.checks.findings import Notes, did_you_mean
from engine.runtime.expressions import ExpressionRefused, compile_expression
from engine.runtime.vocabulary import BPMN

COUNTS = frozenset({"numberOfInstances", "numberOfCompletedInstances"})
"""What a completion condition may count (BPMN 2.0.2, table 10.31)."""

_LANGUAGES = re.compile(r"(s-)?feel\Z|https?://www\.omg\.org/spec/DMN/\d+/FEEL/?\Z", re.IGNORECASE)
_PYTHON = re.compile(
    r"__|==|\b(import|lambda|exec|eval|open|print|len|os|sys|subprocess|True|False|None|is|elif)\b|'[^']*'|\bnot\s+\w"
)
_COMPARISON = re.compile(r'(?P<path>[\w.]+)\s*(?:!=|=)\s*"(?P<value>[^"]*)"')


def check(diagram: Diagram, catalogue: Catalogue, notes: Notes) -> None:
    """Every condition, completion condition and collection of a diagram."""
    for flow in diagram.flows:
        if flow.condition is not None:
            _element(flow.condition, flow.id, catalogue, notes)
    for node in diagram.nodes.values():
        assignee = node.anliu("assignee")
        if assignee is not None and not is_known(assignee, catalogue):
            close = did_you_mean(assignee, catalogue.variables)
            notes.error(
                node.id, "unknown-variable", f"no form gives the assignee {assignee or '(empty)'}{close}"
            )
        loop = node.multi_instance
        if loop is None:
            continue
        completion = loop.find(f"{{{BPMN}}}completionCondition")
        if completion is not None:
            _element(completion, node.id, catalogue, notes, COUNTS)
        path = loop.findtext(f"{{{BPMN}}}loopDataInputRef")
        if path is not None and not is_known(path.strip(), catalogue):
            close = did_you_mean(path.strip(), catalogue.variables)
            notes.error(node.id, "unknown-variable", f"there is no list {path.strip() or '(empty)'}{close}")


def _element(
    element: etree._Element, id: str, catalogue: Catalogue, notes: Notes, names: Collection[str] = frozenset()
) -> None:
    language = element.get("language")
    if language and not _LANGUAGES.match(language):
        message = f"the condition is in {language}; conditions are S-FEEL, nothing else is run"
        notes.error(id, "bad-expression", message)
    else:
        check_text((element.text or "").strip(), id, catalogue, notes, names)


def check_text(
    text: str, element: str, catalogue: Catalogue, notes: Notes, local: Collection[str] = frozenset()
) -> None:
    """One expression: that it is S-FEEL, that its names are known, that it compares with values that can be.

    :param local: names that are known only here.
    """
    try:
        expression = compile_expression(text)
    except ExpressionRefused as error:
        notes.error(
            element,
            "bad-expression",
            f"{_shown(text)} is not S-FEEL: {str(error).rstrip('.')}{_if_python(text)}",
        )
        return
    for name in sorted(expression.names):
        if name in local or is_known(name, catalogue):
            continue
        if _PYTHON.search(text):
            notes.error(
                element,
                "bad-expression",
                f"{_shown(text)} is not S-FEEL: there is no {name}{_if_python(text)}",
            )
            return
        close = did_you_mean(name, catalogue.variables)
        notes.error(element, "unknown-variable", f"no form, decision or operation gives {name}{close}")
    for found in _COMPARISON.finditer(text):
        variable = catalogue.variables.get(found["path"])
        if variable is not None and variable.choices is not None and found["value"] not in variable.choices:
            known = ", ".join(sorted(variable.choices))
            notes.error(
                element,
                "unknown-choice",
                f'{found["path"]} is never "{found["value"]}"; its choices are {known}',
            )


def is_known(name: str, catalogue: Catalogue) -> bool:
    """Whether a path is a variable of the case, one of its parts (``served_on.year``), or a group of them."""
    variables = catalogue.variables
    parts = name.split(".")
    if len(parts) < 2:
        return False
    if parts[0] in catalogue.incomplete:
        return True
    return any(".".join(parts[:end]) in variables for end in range(2, len(parts) + 1)) or any(
        path.startswith(name + ".") for path in variables
    )


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "...")


def _if_python(text: str) -> str:
    return "; it looks like Python, which is never run" if _PYTHON.search(text) else ""
