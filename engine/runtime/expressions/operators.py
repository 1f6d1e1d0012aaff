"""What the operators mean: DMN 1.5, 10.3.2.15 (semantic mappings), tables 49 to 62.

Every function takes values of the language and gives one. What the specification leaves undefined, above
all operands of unlike types, is null.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.errors import N_
from engine.runtime.expressions import temporal
from engine.runtime.expressions.bounds import MAX_NESTING, MAX_STRING, EvaluationLimit, Frame
from engine.runtime.expressions.values import NUMBERS, Range, YearsMonths, kind_of, lift

Logical = bool | None

MAX_EXPONENT = 999_999_999  # table 60

_ORDERED = frozenset(
    {
        "number",
        "string",
        "date",
        "date and time",
        "time",
        "days and time duration",
        "years and months duration",
    }
)


_CLOCKED = frozenset({"date and time", "time"})


def equal(frame: Frame, left: Any, right: Any, depth: int = 0) -> Logical:
    """``left = right``; null for values of unlike types, but nothing is unlike null."""
    if left is None or right is None:
        return left is right
    kind = kind_of(left)
    if kind is None or kind != kind_of(right) or depth > MAX_NESTING:
        return None
    if kind == "list":
        return _equal_lists(frame, left, right, depth)
    if kind == "context":
        return _equal_contexts(frame, left, right, depth)
    if kind == "range":
        same_ends = left.start_included == right.start_included and left.end_included == right.end_included
        return same_ends and _equal_lists(frame, [left.start, left.end], [right.start, right.end], depth)
    if kind in _CLOCKED:
        left, right = _on_one_clock(left, right)
    return bool(left == right)


def _equal_lists(frame: Frame, left: list[Any], right: list[Any], depth: int) -> bool:
    if len(left) != len(right):
        return False
    for one, other in zip(left, right, strict=True):
        frame.spend(1)
        if equal(frame, one, other, depth + 1) is not True:
            return False
    return True


def _equal_contexts(frame: Frame, left: Mapping[str, Any], right: Mapping[str, Any], depth: int) -> bool:
    if left.keys() != right.keys():
        return False
    for key in left:
        frame.spend(1)
        if equal(frame, lift(frame, left[key]), lift(frame, right[key]), depth + 1) is not True:
            return False
    return True


def unequal(frame: Frame, left: Any, right: Any) -> Logical:
    """``left != right``."""
    return negated(equal(frame, left, right))


def less(frame: Frame, left: Any, right: Any) -> Logical:
    """``left < right``; null unless both are of one type that has an order."""
    kind = kind_of(left)
    if kind not in _ORDERED or kind != kind_of(right):
        return None
    if kind in _CLOCKED:
        left, right = _on_one_clock(left, right)
    return bool(left < right)


def _on_one_clock(left: Any, right: Any) -> tuple[Any, Any]:
    """Two times, or dates and times; one without an offset takes that of the other (table 54)."""
    if left.utcoffset() is None and right.utcoffset() is not None:
        return left.replace(tzinfo=right.tzinfo), right
    if right.utcoffset() is None and left.utcoffset() is not None:
        return left, right.replace(tzinfo=left.tzinfo)
    return left, right


def less_or_equal(frame: Frame, left: Any, right: Any) -> Logical:
    """``left <= right``; null unless both are of one type that has an order."""
    return negated(less(frame, right, left))


def greater(frame: Frame, left: Any, right: Any) -> Logical:
    """``left > right``."""
    return less(frame, right, left)


def greater_or_equal(frame: Frame, left: Any, right: Any) -> Logical:
    """``left >= right``."""
    return negated(less(frame, left, right))


COMPARISONS: dict[str, Callable[[Frame, Any, Any], Logical]] = {
    "=": equal,
    "!=": unequal,
    "<": less,
    "<=": less_or_equal,
    ">": greater,
    ">=": greater_or_equal,
}


def negated(value: Any) -> Logical:
    """``not(value)``; null for what is no boolean."""
    return not value if isinstance(value, bool) else None


def all_of(values: list[Any]) -> Logical:
    """Conjunction in three values: false if one is false, else null if one is no boolean, else true."""
    if any(value is False for value in values):
        return False
    return True if all(value is True for value in values) else None


def any_of(values: list[Any]) -> Logical:
    """Disjunction in three values: true if one is true, else null if one is no boolean, else false."""
    if any(value is True for value in values):
        return True
    return False if all(value is False for value in values) else None


def within(frame: Frame, value: Any, interval: Range) -> Logical:
    """``value in [start..end]``."""
    after = less_or_equal if interval.start_included else less
    before = less_or_equal if interval.end_included else less
    return all_of([after(frame, interval.start, value), before(frame, value, interval.end)])


def passes(frame: Frame, value: Any, test: Any) -> Logical:
    """Whether a value meets the value of a test: is in it, if it is a range or a list, or else equals it."""
    if isinstance(test, Range) and not isinstance(value, Range):
        return within(frame, value, test)
    if isinstance(test, list):
        if isinstance(value, list) and equal(frame, value, test):
            return True
        frame.spend(len(test))
        found = [
            within(frame, value, one) if isinstance(one, Range) else equal(frame, value, one) for one in test
        ]
        return any(one is True for one in found)
    return equal(frame, value, test)


def add(left: Any, right: Any) -> Any:
    """``left + right``: numbers, strings, durations, and a duration to a date or time."""
    if type(left) is Decimal and type(right) is Decimal:
        return _finite(NUMBERS.add(left, right))
    if isinstance(left, str) and isinstance(right, str):
        if len(left) + len(right) > MAX_STRING:
            raise EvaluationLimit(N_("A text has more than %(limit)s characters."), limit=MAX_STRING)
        return left + right
    match left, right:
        case dt.timedelta(), dt.timedelta():
            return _within_days(lambda: left + right)
        case YearsMonths(), YearsMonths():
            return temporal.months_of(left.months + right.months)
        case ((dt.date() | dt.time()), (dt.timedelta() | YearsMonths())):
            return _later(left, right)
        case ((dt.timedelta() | YearsMonths()), (dt.date() | dt.time())):
            return _later(right, left)
    return None


def subtract(left: Any, right: Any) -> Any:
    """``left - right``: numbers, durations, a duration from a date or time, two dates or two times."""
    if type(left) is Decimal and type(right) is Decimal:
        return _finite(NUMBERS.subtract(left, right))
    match left, right:
        case dt.timedelta(), dt.timedelta():
            return _within_days(lambda: left - right)
        case YearsMonths(), YearsMonths():
            return temporal.months_of(left.months - right.months)
        case ((dt.date() | dt.time()), (dt.timedelta() | YearsMonths())):
            return _later(left, negative(right))
        case dt.time(), dt.time():
            return temporal.between_times(right, left)
        case dt.date(), dt.date():
            return temporal.between_moments(_as_moment(right), _as_moment(left))
    return None


def multiply(left: Any, right: Any) -> Any:
    """``left * right``: numbers, or a duration and a number."""
    if type(left) is Decimal and type(right) is Decimal:
        return _finite(NUMBERS.multiply(left, right))
    match left, right:
        case dt.timedelta(), Decimal():
            return temporal.duration_of(NUMBERS.multiply(temporal.microseconds_of(left), right))
        case YearsMonths(), Decimal():
            return _months(NUMBERS.multiply(Decimal(left.months), right))
        case Decimal(), (dt.timedelta() | YearsMonths()):
            return multiply(right, left)
    return None


def divide(left: Any, right: Any) -> Any:
    """``left / right``: numbers, a duration by a number, two durations of one type; null when by nothing."""
    match left, right:
        case Decimal(), Decimal():
            return _finite(NUMBERS.divide(left, right)) if right else None
        case dt.timedelta(), Decimal():
            return temporal.duration_of(NUMBERS.divide(temporal.microseconds_of(left), right))
        case YearsMonths(), Decimal():
            return _months(NUMBERS.divide(Decimal(left.months), right))
        case dt.timedelta(), dt.timedelta():
            return divide(temporal.microseconds_of(left), temporal.microseconds_of(right))
        case YearsMonths(), YearsMonths():
            return divide(Decimal(left.months), Decimal(right.months))
    return None


def power(left: Any, right: Any) -> Any:
    """``left ** right`` of numbers; null when it is too large or not a real number."""
    if not isinstance(left, Decimal) or not isinstance(right, Decimal) or abs(right) > MAX_EXPONENT:
        return None
    return _finite(NUMBERS.power(left, right))


def negative(value: Any) -> Any:
    """``-value`` of a number or a duration."""
    match value:
        case Decimal():
            return NUMBERS.minus(value)
        case dt.timedelta():
            return _within_days(lambda: -value)
        case YearsMonths():
            return YearsMonths(-value.months)
    return None


ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}


def _finite(value: Decimal) -> Decimal | None:
    return value if value.is_finite() else None


def _within_days(reckon: Callable[[], dt.timedelta]) -> dt.timedelta | None:
    try:
        return reckon()
    except OverflowError:
        return None


def _months(months: Decimal) -> YearsMonths | None:
    return temporal.months_of(int(months)) if months.is_finite() and months.adjusted() < 12 else None


def _later(start: dt.date | dt.time, duration: Any) -> Any:
    match start, duration:
        case dt.time(), dt.timedelta():
            return temporal.add_to_time(start, duration)
        case dt.datetime(), dt.timedelta():
            return temporal.add_duration(start, duration)
        case dt.date(), dt.timedelta():
            return temporal.add_days(start, duration)
        case dt.date(), YearsMonths():
            return temporal.add_months(start, duration)
    return None


def _as_moment(value: dt.date) -> dt.datetime:
    return value if isinstance(value, dt.datetime) else temporal.midnight(value)
