"""What the parts of an expression are compiled to: closures, put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.runtime.expressions.bounds import EvaluationLimit, Frame
from engine.runtime.expressions.operators import COMPARISONS, any_of, equal
from engine.runtime.expressions.values import component, lift

Run = Callable[[Frame], Any]


@dataclass(frozen=True, slots=True)
class Code:
    """A compiled part: how to evaluate it, how many parts it has, and whether it is the same every time."""

    run: Run
    size: int = 1
    constant: bool = False


def constant(value: Any) -> Code:
    """Code that is always this value."""
    return Code(lambda frame: value, constant=True)


def folded(run: Run, parts: list[Code]) -> Code:
    """Code made of parts; evaluated at once when all of them are constant."""
    size = 1 + sum(part.size for part in parts)
    if all(part.constant for part in parts):
        try:
            return replace(constant(run(Frame({}))), size=size)
        except EvaluationLimit:
            pass
    return Code(run, size)


def comparison(sign: str, left: Code, right: Code) -> Code:
    """Code of ``left sign right``."""
    left_run, right_run = left.run, right.run
    if sign == "=" and right.constant:
        value = right_run(Frame({}))
        if isinstance(value, (str, bool)):  # by far the most conditions: a choice or a yes
            return folded(_equals(left_run, value), [left, right])
    compare = COMPARISONS[sign]
    return folded(lambda frame: compare(frame, left_run(frame), right_run(frame)), [left, right])


def one_of(tests: list[Code]) -> Code:
    """Code that is true when one of the tests is."""
    return tests[0] if len(tests) == 1 else folded(until(True, [test.run for test in tests], any_of), tests)


def _equals(run: Run, expected: str | bool) -> Run:
    kind = type(expected)

    def equals(frame: Frame) -> bool | None:
        value = run(frame)
        return bool(value == expected) if type(value) is kind else equal(frame, value, expected)

    return equals


def until(decisive: bool, runs: list[Run], combined: Callable[[list[Any]], bool | None]) -> Run:
    """``and`` and ``or``: stops at the first part that decides."""

    def decide(frame: Frame) -> bool | None:
        values: list[object] = []
        for run in runs:
            value: object = run(frame)
            if value is decisive:
                return decisive
            values.append(value)
        return combined(values)

    return decide


def follow(run: Run, keys: list[str]) -> Run:
    """Code of a path from a value through ``keys``."""
    if not keys:
        return run

    def followed(frame: Frame) -> Any:
        value = run(frame)
        for key in keys:
            value = component(frame, value, key)
        return value

    return followed


def variable(name: str, keys: list[str]) -> Run:
    """A variable of the context, by way of plain dicts as long as there are any."""

    def read(frame: Frame) -> Any:
        value = frame.context.get(name)
        for place, key in enumerate(keys):
            if type(value) is not dict:
                value = lift(frame, value)
                for later in keys[place:]:
                    value = component(frame, value, later)
                return value
            value = value.get(key)
        return lift(frame, value)

    return read


def has_entry(value: Any, key: str) -> bool:
    """Whether a value is a context with that entry."""
    return isinstance(value, Mapping) and key in value
