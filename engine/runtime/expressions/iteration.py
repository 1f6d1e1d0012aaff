"""Loops and filters: DMN 1.5, 10.3.2.14 (for), table 49 (some, every) and table 68 (filters)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from engine.runtime.expressions.bounds import Frame
from engine.runtime.expressions.operators import all_of, any_of
from engine.runtime.expressions.values import Range, lift

Run = Callable[[Frame], Any]
Domain = Callable[[Frame], Iterator[Any]]


class NoElements(Exception):
    """What a loop runs over has no elements to run over: the loop is null. Never leaves this module."""


def elements(run: Run) -> Domain:
    """The elements of a list; a value that is no list is the only element, null is none."""

    def each(frame: Frame) -> Iterator[Any]:
        value = run(frame)
        if isinstance(value, Range):
            if not (value.start_included and value.end_included):
                raise NoElements
            return _count(value.start, value.end)
        return iter(_as_list(value))

    return each


def counting(start: Run, end: Run) -> Domain:
    """The whole numbers, or the days, from one end to the other, upwards or downwards."""
    return lambda frame: _count(start(frame), end(frame))


def _count(start: Any, end: Any) -> Iterator[Any]:
    if type(start) is dt.date and type(end) is dt.date:
        return (dt.date.fromordinal(day) for day in _between(start.toordinal(), end.toordinal()))
    first, last = _whole(start), _whole(end)
    if first is None or last is None:
        raise NoElements
    return (Decimal(value) for value in _between(first, last))


def _between(first: int, last: int) -> range:
    step = 1 if first <= last else -1
    return range(first, last + step, step)


def rounds(clauses: list[tuple[str, Domain]], body: Run, cost: int) -> Domain:
    """What the body gives in each round of loops inside loops. A round costs as many steps as the body has
    parts."""

    def turn(frame: Frame, place: int) -> Iterator[Any]:
        if place == len(clauses):
            frame.spend(cost)
            yield body(frame)
            return
        name, domain = clauses[place]
        outer = frame.bound.get(name)
        for value in domain(frame):
            frame.spend(1)
            frame.bound[name] = value
            yield from turn(frame, place + 1)
        frame.bound[name] = outer

    return lambda frame: turn(frame, 0)


def collected(each: Domain) -> Run:
    """``for``: the list of what the rounds give."""

    def run(frame: Frame) -> list[Any] | None:
        results: list[Any] = []
        try:
            for value in each(frame):
                results.append(value)
                frame.grow(len(results))
        except NoElements:
            return None
        return results

    return run


def some(each: Domain) -> Run:
    """``some``: whether a round is true."""
    return _combined(each, any_of)


def every(each: Domain) -> Run:
    """``every``: whether all rounds are true."""
    return _combined(each, all_of)


def _combined(each: Domain, combine: Callable[[list[Any]], bool | None]) -> Run:
    collect = collected(each)

    def run(frame: Frame) -> bool | None:
        values = collect(frame)
        return combine(values) if values is not None else None

    return run


def filtered(base: Run, condition: Run, cost: int) -> Run:
    """``list[condition]``: the element at a place, from 1 or from -1 backwards, or those that meet it."""

    def run(frame: Frame) -> Any:
        subject = base(frame)
        values = _as_list(subject)
        found = []
        for item in values or [None]:
            frame.spend(cost)
            frame.items.append(item)
            try:
                verdict = condition(frame)
            finally:
                frame.items.pop()
            if isinstance(verdict, Decimal):
                return _at(values, verdict)
            if verdict is True and values:
                found.append(item)
        return found

    return run


def in_filter(name: str, bound: bool) -> Run:
    """A name inside a filter: an entry of the element, the element itself as ``item``, or what it means outside."""

    def run(frame: Frame) -> Any:
        for item in reversed(frame.items):
            if isinstance(item, Mapping) and name in item:
                return lift(frame, item[name])
        if name == "item":
            return frame.items[-1]
        return frame.bound[name] if bound else lift(frame, frame.context.get(name))

    return run


def _as_list(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _at(values: list[Any], place: Decimal) -> Any:
    whole = _whole(place)
    if not whole or abs(whole) > len(values):
        return None
    return values[whole - 1 if whole > 0 else whole]


def _whole(value: Any) -> int | None:
    if not isinstance(value, Decimal) or value != value.to_integral_value() or value.adjusted() > 15:
        return None
    return int(value)
