"""A decision table and what it means: DMN 1.3, chapter 8.

Read from a file by :mod:`engine.runtime.decisions`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import N_, AnliuError
from engine.runtime.expressions import Expression, UnaryTests, compile_expression
from engine.runtime.expressions.values import kind_of

SINGLE_HIT = frozenset({"UNIQUE", "FIRST", "ANY", "PRIORITY"})
MULTIPLE_HIT = frozenset({"RULE ORDER", "OUTPUT ORDER", "COLLECT"})
RANKED = frozenset({"PRIORITY", "OUTPUT ORDER"})

AGGREGATIONS = {
    "SUM": "sum(found)",
    "MIN": "min(found)",
    "MAX": "max(found)",
    "COUNT": "count(found)",
}

# The types of DMN by their names in typeRef; a type of another name is not checked.
_KINDS = {
    "string": "string",
    "number": "number",
    "integer": "number",
    "long": "number",
    "double": "number",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "dateTime": "date and time",
    "date and time": "date and time",
    "dayTimeDuration": "days and time duration",
    "days and time duration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "years and months duration": "years and months duration",
}


def fits(value: Any, type_name: str) -> bool:
    """Whether a value is of a column's type. None is of every type, and all are of one that DMN doesn't name."""
    return value is None or type_name not in _KINDS or kind_of(value) == _KINDS[type_name]


class DecisionError(AnliuError):
    """The table contradicts itself for these inputs; ``rules`` are the ids of the rules that do."""

    code = "decision_error"
    status = 422

    def __init__(self, key: str, template: str, rules: Sequence[str]) -> None:
        super().__init__(template, key=key, rules=", ".join(rules))
        self.key = key
        self.rules = list(rules)


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions: what is looked at."""

    id: str
    label: str
    type: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results. ``ranking`` are the allowed values, the first of them first in priority."""

    id: str
    name: str
    label: str
    type: str
    ranking: tuple[Any, ...] = ()
    default: Expression | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row. ``results`` has None where a cell is empty."""

    id: str
    number: int
    tests: tuple[UnaryTests, ...]
    results: tuple[Expression | None, ...]
    annotation: str


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A decision table that can be decided. ``key`` is the decision's id."""

    key: str
    name: str
    hit_policy: str
    aggregation: str | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]

    @property
    def names(self) -> frozenset[str]:
        """The variables that the table reads, as paths."""
        parts: list[Expression | UnaryTests | None] = [column.expression for column in self.inputs]
        parts += [column.default for column in self.outputs]
        for rule in self.rules:
            parts += [*rule.tests, *rule.results]
        return frozenset(name for part in parts if part is not None for name in part.names)

    def decide(self, context: Mapping[str, Any]) -> dict[str, Any]:
        """The results by output name.

        With UNIQUE, FIRST, ANY and PRIORITY a result is one value; where no rule matches, the output's
        default or None. With RULE ORDER, OUTPUT ORDER and COLLECT it is a list, with COLLECT and an
        aggregation a number, None for the sum, least or greatest of nothing.

        :param context: the variables, as for an expression.
        :raises DecisionError: two rules of a UNIQUE table match, or rules of an ANY table that differ.
        :raises EvaluationLimit: a cell is too much work.
        """
        values = [column.expression.evaluate(context) for column in self.inputs]
        hits = self._hits(values, context)
        if self.hit_policy == "FIRST":
            return self._row(next(hits, None), context)
        matching = list(hits)
        if self.hit_policy in SINGLE_HIT:
            return self._one(matching, context)
        return self._many(matching, context)

    def _hits(self, values: list[Any], context: Mapping[str, Any]) -> Iterator[Rule]:
        for rule in self.rules:
            if all(test.matches(value, context) for test, value in zip(rule.tests, values, strict=True)):
                yield rule

    def _one(self, matching: list[Rule], context: Mapping[str, Any]) -> dict[str, Any]:
        if self.hit_policy == "UNIQUE" and len(matching) > 1:
            message = N_("Decision %(key)s: only one rule may match, but these do: %(rules)s.")
            raise DecisionError(self.key, message, [rule.id for rule in matching])
        rows = [self._row(rule, context) for rule in matching] or [self._row(None, context)]
        if self.hit_policy == "ANY" and any(row != rows[0] for row in rows):
            message = N_("Decision %(key)s: these rules match and give different results: %(rules)s.")
            raise DecisionError(self.key, message, [rule.id for rule in matching])
        return min(rows, key=self._rank) if self.hit_policy == "PRIORITY" else rows[0]

    def _many(self, matching: list[Rule], context: Mapping[str, Any]) -> dict[str, Any]:
        rows = [self._row(rule, context) for rule in matching]
        if not rows and any(column.default for column in self.outputs):
            rows = [self._row(None, context)]
        if self.hit_policy == "OUTPUT ORDER":
            rows.sort(key=self._rank)
        columns = {column.name: [row[column.name] for row in rows] for column in self.outputs}
        if self.aggregation is None:
            return columns
        aggregate = compile_expression(AGGREGATIONS[self.aggregation])
        return {name: aggregate.evaluate({"found": found}) for name, found in columns.items()}

    def _row(self, rule: Rule | None, context: Mapping[str, Any]) -> dict[str, Any]:
        """The results of a rule, or of none: the defaults. A value of the wrong type is None."""
        cells = rule.results if rule is not None else tuple(column.default for column in self.outputs)
        row = {}
        for column, cell in zip(self.outputs, cells, strict=True):
            value = cell.evaluate(context) if cell is not None else None
            row[column.name] = value if fits(value, column.type) else None
        return row

    def _rank(self, row: dict[str, Any]) -> tuple[int, ...]:
        return tuple(
            column.ranking.index(row[column.name])
            if row[column.name] in column.ranking
            else len(column.ranking)
            for column in self.outputs
        )
