"""Compiled expressions and cells, as the rest of the product holds them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from engine.runtime.expressions.bounds import Frame
from engine.runtime.expressions.code import Code, constant, folded, one_of
from engine.runtime.expressions.compiler import Compiler, Scope
from engine.runtime.expressions.operators import negated, passes
from engine.runtime.expressions.reading import Node, read
from engine.runtime.expressions.values import deliver, lift

_INPUT = Code(lambda frame: frame.input)

# In a cell these say themselves whether it is met; any other expression gives the value to meet.
_CONDITIONS = frozenset({"compare", "between", "membership", "conjunction", "disjunction", "some", "every"})


class Expression:
    """An expression that can be evaluated any number of times, by any thread.

    ``text`` is what was written. ``names`` are the variables that it reads, as paths such as
    ``verification.outcome``; a path may go on into a date (``served_on.year``). Names inside a filter's
    brackets aren't among them, because they may be entries of the list's elements.
    """

    __slots__ = ("_run", "constant", "names", "text")

    def __init__(self, text: str, code: Code, names: frozenset[str]) -> None:
        self.text = text
        self.names = names
        self.constant = code.constant
        self._run = code.run

    def evaluate(self, context: Mapping[str, Any]) -> Any:
        """The value for these variables: None, bool, Decimal, str, date, time, datetime, timedelta,
        :class:`YearsMonths`, :class:`Range`, a list or a mapping of them.

        :param context: variables by name, nested mappings for paths; int and float become Decimal.
        :raises EvaluationLimit: it needs more steps, or makes more, than a condition may.
        """
        frame = Frame(context)
        value = self._run(frame)
        return deliver(frame, value) if type(value) is list else value

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


class UnaryTests:
    """The cell of a decision table: tests of one input value.

    ``text`` and ``names`` as in :class:`Expression`.
    """

    __slots__ = ("_run", "names", "text")

    def __init__(self, text: str, code: Code, names: frozenset[str]) -> None:
        self.text = text
        self.names = names
        self._run = code.run

    def matches(self, value: Any, context: Mapping[str, Any]) -> bool:
        """Whether the input value meets the cell. A test that comes to null is not met.

        :param value: the input value, a Python value as in ``context``.
        :param context: the variables that the cell may name.
        :raises EvaluationLimit: it needs more steps than a cell may.
        """
        frame = Frame(context)
        frame.input = lift(frame, value)
        return self._run(frame) is True

    def __repr__(self) -> str:
        return f"UnaryTests({self.text!r})"


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """Compiles an expression; the same text is compiled once.

    :raises ExpressionRefused: the text is no expression; it has ``message`` and ``position``.
    """
    compiler = Compiler()
    code = compiler.compile(read(text, "expression"), Scope())
    return Expression(text, code, frozenset(compiler.names))


@lru_cache(maxsize=4096)
def compile_unary_tests(text: str) -> UnaryTests:
    """Compiles the cell of a decision table (DMN 1.5, grammar rules 13 to 17 and table 55): ``-``, values, ranges, ``< 5``,
    lists of these with commas, ``not(...)`` round them, or a condition in which ``?`` is the input value.

    :raises ExpressionRefused: the text is none of these.
    """
    compiler = Compiler()
    tree = read(text, "unary_tests")
    if tree.data == "anything":
        return UnaryTests(text, constant(True), frozenset())
    code = _cell(compiler, tree.children)
    return UnaryTests(text, code, frozenset(compiler.names))


def _cell(compiler: Compiler, tests: list[Node]) -> Code:
    return one_of([_test(compiler, test) for test in tests])


def _test(compiler: Compiler, tree: Node) -> Code:
    scope = Scope(input_allowed=True)
    if tree.data == "negation":
        inner = _cell(compiler, tree.children)
        run = inner.run
        return folded(lambda frame: negated(run(frame)), [inner])
    if tree.data == "comparing_test":
        return compiler.test(tree, _INPUT, scope)
    if tree.data == "input":
        return constant(True)
    value = compiler.compile(tree, scope)
    run = value.run
    if tree.data in _CONDITIONS or next(tree.find_data("input"), None) is not None:
        return value

    def test(frame: Frame) -> bool | None:
        expected = run(frame)
        if is_call and isinstance(expected, bool):
            return expected
        return passes(frame, frame.input, expected)

    is_call = tree.data == "call"
    return Code(test, value.size)
