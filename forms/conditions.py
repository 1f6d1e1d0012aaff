"""When fields are hidden and which rules hold over several fields: compiling, and deciding on values.

Names are looked up in the row or group first, then around it, then among the case variables; what was not
answered or is hidden is null.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from forms.definition import (
    NESTING,
    Check,
    CompileExpression,
    Condition,
    Expr,
    Field,
    Kind,
    keyed,
    walk,
)
from forms.notes import Component, Findings
from forms.values import masked, path_of, without_blank_rows

GIVEN = frozenset({"today", "now", "opened", "person"})
"""Names that the caller gives besides the case variables: a date and a moment."""

Values = Mapping[str, Any]
_CHECK = re.compile(r"check[2-9]?")


class Compiler:
    """Compiles the conditions and checks of a form.

    :param sources: the component of each field by its pattern, as read.
    """

    def __init__(
        self, sources: Mapping[str, Component], compile_expression: CompileExpression, findings: Findings
    ) -> None:
        self.sources = sources
        self.compile_expression = compile_expression
        self.findings = findings

    def attach(
        self, fields: Sequence[Field], scopes: Sequence[Mapping[str, Field]] = ()
    ) -> tuple[Field, ...]:
        """The same fields with their conditions and checks; ``scopes`` are the levels around them, outermost first."""
        level = {found.key: found for found in keyed(fields)}
        inner = [*scopes, level]
        return tuple(self._attach(found, inner) for found in fields)

    def _attach(self, field: Field, scopes: Sequence[Mapping[str, Field]]) -> Field:
        component = self.sources[field.pattern]
        if field.kind is Kind.FIELDSET:
            children = tuple(self._attach(child, scopes) for child in field.children)
        else:
            children = self.attach(field.children, scopes)
        return dataclasses.replace(
            field,
            children=children,
            condition=self._condition(component, scopes),
            checks=self.checks(component, scopes),
        )

    def _condition(self, component: Component, scopes: Sequence[Mapping[str, Field]]) -> Condition | None:
        found = component.take("conditional")
        hide = found.get("hide") if isinstance(found, Mapping) else None
        if found is None or found == {} or hide == "":
            return None
        if not isinstance(found, Mapping) or set(found) != {"hide"} or not isinstance(hide, str):
            component.refuse('conditional must be {"hide": "=expression"}')
            return None
        if not hide.lstrip().startswith("="):
            component.refuse('conditional.hide must begin with "="')
            return None
        expr = self._expression(component, "conditional.hide", hide.lstrip()[1:], scopes)
        if expr is None:
            return None
        reads = (self._resolve(name, scopes) for name in expr.names)
        return Condition(
            expr, frozenset(leaf.pattern for target in reads if target for leaf in walk([target]))
        )

    def checks(self, component: Component, scopes: Sequence[Mapping[str, Field]]) -> tuple[Check, ...]:
        """The checks among a component's properties: ``check``, ``check2`` … ``check9``."""
        found = []
        for key in sorted(name for name in component.properties if _CHECK.fullmatch(name)):
            text, message = component.property(key), component.property(f"{key}_message")
            message_en, article = (
                component.property(f"{key}_message_en"),
                component.property(f"{key}_article"),
            )
            if not text or not message or not message_en:
                component.refuse(f"properties.{key} needs {key}_message and {key}_message_en")
                continue
            expr = self._expression(component, f"properties.{key}", text, scopes)
            if expr is not None:
                found.append(Check(expr, message, message_en, article or None))
        return tuple(found)

    def _expression(
        self, component: Component, key: str, text: str, scopes: Sequence[Mapping[str, Field]]
    ) -> Expr | None:
        try:
            expr = self.compile_expression(text.strip())
        except Exception as error:  # the compiler is handed in, and so are the ways it refuses
            component.refuse(f"{key}: {error}")
            return None
        for name in sorted(expr.names):
            if "." not in name and name not in GIVEN and self._resolve(name, scopes) is None:
                component.refuse(f"{key}: there is no field {name} in this form")
        return expr

    def _resolve(self, name: str, scopes: Sequence[Mapping[str, Field]]) -> Field | None:
        first, *rest = name.split(".")
        found = next((scope[first] for scope in reversed(scopes) if first in scope), None)
        for part in rest:
            if found is None or found.kind not in NESTING:
                break
            found = {child.key: child for child in keyed(found.children)}.get(part, found)
        return found


def refuse_cycles(fields: Sequence[Field], findings: Findings) -> None:
    """Adds a finding when what hides a field depends, in the end, on the field itself."""
    graph: dict[str, set[str]] = {}

    def collect(level: Sequence[Field], parent: str | None) -> None:
        for found in level:
            graph.setdefault(found.pattern, set()).update({parent} - {None})  # type: ignore[arg-type]
            if found.condition is not None:
                graph[found.pattern] |= found.condition.reads
            collect(found.children, found.pattern)

    collect(fields, None)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        round_ = list(reversed(error.args[1]))
        findings.append((round_[0], "conditions depend on each other in a circle: " + " -> ".join(round_)))


def hidden_paths(fields: Sequence[Field], values: Values, variables: Values) -> set[str]:
    """The paths of the fields that are hidden, given values as read so far. A hidden container stands for all in it."""
    hidden: set[str] = set()
    for _ in range(len(list(walk(fields))) + 1):  # conditions have no cycles, so this comes to rest
        found = set(_hidden(fields, masked(fields, values, hidden), dict(variables), "", hidden))
        if found == hidden:
            break
        hidden = found
    return hidden


def _hidden(
    fields: Sequence[Field], values: Values, around: dict[str, Any], prefix: str, before: set[str]
) -> Iterator[str]:
    names = {**around, **without_blank_rows(fields, values)}
    for found in fields:
        path = path_of(found, prefix)
        if found.condition is not None and _true(found.condition.expr, names):
            yield path
        elif found.kind is Kind.FIELDSET:
            yield from _hidden(found.children, values, around, prefix, before)
        elif found.kind is Kind.TABLE:
            for number, row in enumerate(values.get(found.key) or ()):
                yield from _hidden(found.children, row, names, f"{path}.{number}.", before)
        elif found.kind in NESTING:
            yield from _hidden(found.children, values.get(found.key) or {}, names, f"{path}.", before)


def _true(expr: Expr, names: Values) -> bool:
    try:
        return expr.evaluate(names) is True
    except Exception:  # the evaluator is handed in; a field that can't be decided on is shown
        return False
