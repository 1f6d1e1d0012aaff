"""From the tree of an expression to functions that evaluate it.

Every node becomes a closure over the closures of its parts, once; evaluating is calling them. Nothing of the
text becomes Python code, and no attribute of any value is looked up by a name from the text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lark import Token, Tree

from engine.errors import N_
from engine.runtime.expressions import iteration, temporal
from engine.runtime.expressions.bounds import MAX_NESTING, TEXT_A_STEP, ExpressionRefused, Frame
from engine.runtime.expressions.code import (
    Code,
    comparison,
    constant,
    folded,
    follow,
    has_entry,
    one_of,
    until,
    variable,
)
from engine.runtime.expressions.functions import FUNCTIONS
from engine.runtime.expressions.operators import (
    ARITHMETIC,
    all_of,
    any_of,
    negated,
    negative,
    passes,
    within,
)
from engine.runtime.expressions.reading import Node, name_of, position_of, text_of
from engine.runtime.expressions.values import Range, number


@dataclass(frozen=True, slots=True)
class Scope:
    """Which names mean what at a place: ``layers`` are the loops' variables and the filters, innermost first."""

    layers: tuple[str | None, ...] = ()  # a loop's variable, or None for a filter
    input_allowed: bool = False

    def withvariable(self, name: str) -> Scope:
        """The scope inside a loop that binds ``name``."""
        return replace(self, layers=(name, *self.layers))

    def in_filter(self) -> Scope:
        """The scope inside a filter's brackets."""
        return replace(self, layers=(None, *self.layers))


class Compiler:
    """Compiles one tree and collects the names of the variables that it reads."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self._depth = 0

    def compile(self, tree: Node, scope: Scope) -> Code:
        """The code of a node.

        :raises ExpressionRefused: it is nested too deeply, or calls what doesn't exist.
        """
        if self._depth >= MAX_NESTING:
            raise ExpressionRefused(
                N_("An expression may be nested %(limit)s deep."), position_of(tree), limit=MAX_NESTING
            )
        self._depth += 1
        try:
            return self._KINDS[tree.data](self, tree, scope)
        finally:
            self._depth -= 1

    def _parts(self, tree: Node, scope: Scope) -> list[Code]:
        return [self.compile(child, scope) for child in tree.children if isinstance(child, Tree)]

    # Literals

    def _number(self, tree: Node, scope: Scope) -> Code:
        value = number(str(tree.children[0]))
        if value is None:
            raise ExpressionRefused(N_("This number is too large."), position_of(tree))
        return constant(value)

    def _string(self, tree: Node, scope: Scope) -> Code:
        return constant(text_of(str(tree.children[0])))

    def _at_literal(self, tree: Node, scope: Scope) -> Code:
        text = text_of(str(tree.children[0]))
        value = temporal.parse_literal(text)
        if value is None:
            message = N_("“%(text)s” is no date, time or duration.")
            raise ExpressionRefused(message, position_of(tree), text=text)
        return constant(value)

    def _list(self, tree: Node, scope: Scope) -> Code:
        parts = self._parts(tree, scope)
        runs = [part.run for part in parts]
        return folded(lambda frame: [run(frame) for run in runs], parts)

    def _range(self, tree: Node, scope: Scope) -> Code:
        start, end = (self.compile(child, scope) for child in tree.children[:2])
        from_start, to_end = tree.data == "range_from", tree.children[2].data == "closed_end"
        start_run, end_run = start.run, end.run
        return folded(lambda frame: Range(start_run(frame), end_run(frame), from_start, to_end), [start, end])

    # Names

    def _input(self, tree: Node, scope: Scope) -> Code:
        if not scope.input_allowed:
            raise ExpressionRefused(
                N_("“?” stands for the input of a decision table's cell."), position_of(tree)
            )
        return Code(lambda frame: frame.input)

    def _reference(self, tree: Node, scope: Scope) -> Code:
        return self._path(tree, scope)

    def _path(self, tree: Node, scope: Scope) -> Code:
        keys: list[str] = []
        while tree.data == "path":
            keys.insert(0, name_of(tree.children[1]))
            tree = tree.children[0]
        if tree.data != "reference":
            base = self.compile(tree, scope)
            return folded(follow(base.run, keys), [base]) if keys else base
        name = name_of(tree.children[0])
        for layer in scope.layers:
            if layer == name:
                return Code(follow(lambda frame: frame.bound[name], keys))
            if layer is None:
                bound = name in scope.layers
                return Code(follow(iteration.in_filter(name, bound), keys))
        self.names.add(".".join([name, *keys]))
        return Code(variable(name, keys))

    def _filter(self, tree: Node, scope: Scope) -> Code:
        base = self.compile(tree.children[0], scope)
        condition = self.compile(tree.children[1], scope.in_filter())
        run = iteration.filtered(base.run, condition.run, condition.size)
        return Code(run, base.size + condition.size)

    # Logic

    def _disjunction(self, tree: Node, scope: Scope) -> Code:
        parts = self._parts(tree, scope)
        return folded(until(True, [part.run for part in parts], any_of), parts)

    def _conjunction(self, tree: Node, scope: Scope) -> Code:
        parts = self._parts(tree, scope)
        return folded(until(False, [part.run for part in parts], all_of), parts)

    def _negation(self, tree: Node, scope: Scope) -> Code:
        if len(tree.children) != 1 or tree.children[0].data == "comparing_test":
            raise ExpressionRefused(N_("Here, not(...) takes one condition."), position_of(tree))
        part = self.compile(tree.children[0], scope)
        run = part.run
        return folded(lambda frame: negated(run(frame)), [part])

    def _conditional(self, tree: Node, scope: Scope) -> Code:
        parts = self._parts(tree, scope)
        condition, then, otherwise = (part.run for part in parts)
        return folded(lambda frame: then(frame) if condition(frame) is True else otherwise(frame), parts)

    # Comparisons and tests

    def _compare(self, tree: Node, scope: Scope) -> Code:
        left, right = self._parts(tree, scope)
        return comparison(str(tree.children[1]), left, right)

    def _between(self, tree: Node, scope: Scope) -> Code:
        parts = self._parts(tree, scope)
        value, start, end = (part.run for part in parts)
        return folded(
            lambda frame: within(frame, value(frame), Range(start(frame), end(frame), True, True)), parts
        )

    def _membership(self, tree: Node, scope: Scope) -> Code:
        subject = self.compile(tree.children[0], scope)
        tests = [self.test(child, subject, scope) for child in tree.children[1:]]
        return one_of(tests)

    def test(self, tree: Node, subject: Code, scope: Scope) -> Code:
        """The code of one test of ``subject``: an operator with its right side, or an expression."""
        if tree.data == "comparing_test":
            return comparison(str(tree.children[0]), subject, self.compile(tree.children[1], scope))
        value = self.compile(tree, scope)
        subject_run, value_run = subject.run, value.run
        return folded(lambda frame: passes(frame, subject_run(frame), value_run(frame)), [subject, value])

    # Arithmetic

    def _arithmetic(self, tree: Node, scope: Scope) -> Code:
        parts = self._parts(tree, scope)
        signs = [str(child) for child in tree.children if isinstance(child, Token)]
        operations = [ARITHMETIC[sign] for sign in signs or ["**"] * (len(parts) - 1)]
        first = parts[0].run
        steps = [(operation, part.run) for operation, part in zip(operations, parts[1:], strict=True)]

        def run(frame: Frame) -> Any:
            value = first(frame)
            for operation, right in steps:
                value = operation(value, right(frame))
                if type(value) is str:
                    frame.spend(len(value) // TEXT_A_STEP)
            return value

        return folded(run, parts)

    def _negative(self, tree: Node, scope: Scope) -> Code:
        part = self.compile(tree.children[1], scope)
        run = part.run
        return folded(lambda frame: negative(run(frame)), [part])

    # Loops and calls

    def _loop(self, tree: Node, scope: Scope) -> Code:
        clauses = []
        size = 1
        for clause in tree.children[0].children:
            name = name_of(clause.children[0])
            domain = clause.children[1]
            if domain.data == "span":
                ends = self._parts(domain, scope)
                size += sum(end.size for end in ends)
                clauses.append((name, iteration.counting(ends[0].run, ends[1].run)))
            else:
                values = self.compile(domain, scope)
                size += values.size
                clauses.append((name, iteration.elements(values.run)))
            scope = scope.withvariable(name)
        self._depth += len(clauses) - 1  # a loop with three variables is three loops deep
        body = self.compile(tree.children[1], scope)
        self._depth -= len(clauses) - 1
        run = {"for_each": iteration.collected, "some": iteration.some, "every": iteration.every}[tree.data]
        return Code(run(iteration.rounds(clauses, body.run, body.size)), size + body.size)

    def _call(self, tree: Node, scope: Scope) -> Code:
        name = name_of(tree.children[0])
        arguments = tree.children[1:]
        if name == "is defined" and len(arguments) == 1:
            return self._is_defined(arguments[0], scope)
        function = FUNCTIONS.get(name)
        if function is None:
            message = N_("There is no function “%(name)s”.")
            raise ExpressionRefused(message, position_of(tree), name=name)
        if not function.accepts(len(arguments)):
            message = N_("“%(name)s” can't be called with %(count)s arguments.")
            raise ExpressionRefused(message, position_of(tree), name=name, count=len(arguments))
        parts = [self.compile(child, scope) for child in arguments]
        runs = [part.run for part in parts]
        call = function.call
        return folded(lambda frame: call(frame, [run(frame) for run in runs]), parts)

    def _is_defined(self, tree: Node, scope: Scope) -> Code:
        if tree.data == "path":
            base, key = self.compile(tree.children[0], scope), name_of(tree.children[1])
            self.compile(tree, scope)  # for the name that it reads
            run = base.run
            return Code(lambda frame: has_entry(run(frame), key), base.size + 1)
        if tree.data == "reference" and not scope.layers:
            name = name_of(tree.children[0])
            self.names.add(name)
            return Code(lambda frame: name in frame.context)
        part = self.compile(tree, scope)
        value_of = part.run
        return folded(lambda frame: value_of(frame) is not None, [part])

    _KINDS: Mapping[str, Callable[[Compiler, Node, Scope], Code]] = {
        "number": _number,
        "string": _string,
        "true": lambda self, tree, scope: constant(True),
        "false": lambda self, tree, scope: constant(False),
        "null": lambda self, tree, scope: constant(None),
        "at_literal": _at_literal,
        "list": _list,
        "range_from": _range,
        "range_after": _range,
        "input": _input,
        "reference": _reference,
        "path": _path,
        "filter": _filter,
        "disjunction": _disjunction,
        "conjunction": _conjunction,
        "negation": _negation,
        "conditional": _conditional,
        "compare": _compare,
        "between": _between,
        "membership": _membership,
        "sum": _arithmetic,
        "product": _arithmetic,
        "power": _arithmetic,
        "negative": _negative,
        "for_each": _loop,
        "some": _loop,
        "every": _loop,
        "call": _call,
    }
