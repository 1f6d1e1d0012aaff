"""The functions that an expression may call: DMN 1.5, 10.3.4 (built-in functions), those of common use.

There are no others: a condition can't define functions, and none of these reads a clock, a file or a
random number. An argument of the wrong type makes the result null, as the specification says.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from functools import partial
from typing import Any

from engine.runtime.expressions import operators, temporal
from engine.runtime.expressions.bounds import TEXT_A_STEP, Frame
from engine.runtime.expressions.values import NUMBERS, YearsMonths, component, kind_of, number
from engine.runtime.expressions.writing import write


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language.

    ``takes`` names the types of its parameters ("any" for every type and null); ``optional`` of the last may
    be left out; ``rest`` is the type of any number of further arguments. A function that ``gathers`` takes
    one list, or the list's elements as its arguments.
    """

    run: Callable[..., Any]
    takes: tuple[str, ...]
    optional: int = 0
    rest: str | None = None
    gathers: bool = False

    def accepts(self, count: int) -> bool:
        """Whether the function can be called with so many arguments."""
        if self.gathers:
            return count >= 1
        return len(self.takes) - self.optional <= count and (
            self.rest is not None or count <= len(self.takes)
        )

    def call(self, frame: Frame, arguments: Sequence[Any]) -> Any:
        """The result for these arguments."""
        if self.gathers and not (len(arguments) == 1 and isinstance(arguments[0], list)):
            arguments = [list(arguments)] if arguments != [None] else [None]
        kinds = self.takes + (self.rest,) * (len(arguments) - len(self.takes)) if self.rest else self.takes
        fitted = []
        for kind, value in zip(kinds, arguments, strict=False):
            one = _fit(frame, value, kind)
            if one is None and kind != "any":
                return None
            fitted.append(one)
        result = self.run(frame, *fitted)
        if isinstance(result, str):
            frame.spend(len(result) // TEXT_A_STEP)
        return result


def _fit(frame: Frame, value: Any, kind: str | None) -> Any:
    """The value as an argument of that type, or None: a list of one stands for its element, and the reverse
    (DMN 1.5, 10.3.2.9.4)."""
    if isinstance(value, str):
        frame.spend(len(value) // TEXT_A_STEP)
    if kind == "any":
        return value
    if isinstance(value, list):
        frame.spend(len(value))
        if kind != "list" and len(value) == 1:
            value = value[0]
    if kind == "list" and not isinstance(value, list):
        return None if value is None else [value]
    return value if kind_of(value) == kind else None


def _whole(value: Decimal) -> int | None:
    """A number as an integer; None where it is none, or beyond what any date or list has."""
    return int(value) if value == value.to_integral_value() and abs(value) < 1_000_000_000 else None


def _cut(value: Decimal) -> int:
    """A number without its fraction, within what any text or list has."""
    return int(max(min(value, Decimal(1_000_000_000)), Decimal(-1_000_000_000)))


# Texts (10.3.4.3)


def _substring(frame: Frame, text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    """From the first character (1) or the last (-1) on. Outside the text there is nothing: ""."""
    first = _cut(start)
    count = len(text) if length is None else _cut(length)
    if first == 0 or count < 0:
        return None
    begin = first - 1 if first > 0 else len(text) + first
    return text[begin : begin + count] if begin >= 0 else ""


def _substring_before(frame: Frame, text: str, mark: str) -> str:
    return text.partition(mark)[0] if mark and mark in text else ""


def _substring_after(frame: Frame, text: str, mark: str) -> str:
    return text.partition(mark)[2] if mark else text


# Lists (10.3.4.4)


def _numbers(values: list[Any]) -> list[Decimal] | None:
    return values if values and all(isinstance(value, Decimal) for value in values) else None


def _sum(frame: Frame, values: list[Any]) -> Any:
    if _numbers(values) is None:
        return None
    total = Decimal(0)
    for value in values:
        total = NUMBERS.add(total, value)
    return total if total.is_finite() else None


def _mean(frame: Frame, values: list[Any]) -> Any:
    return operators.divide(_sum(frame, values), Decimal(len(values)))


def _outermost(frame: Frame, values: list[Any], *, before: Callable[..., bool | None]) -> Any:
    """The least or greatest of values that have an order."""
    if not values or operators.less(frame, values[0], values[0]) is None:
        return None
    found = values[0]
    for value in values[1:]:
        ahead = before(frame, value, found)
        if ahead is None:
            return None
        found = value if ahead else found
    return found


def _list_contains(frame: Frame, values: list[Any], element: Any) -> bool:
    return any(operators.equal(frame, value, element) is True for value in values)


def _append(frame: Frame, values: list[Any], *more: Any) -> list[Any]:
    frame.grow(len(values) + len(more))
    return [*values, *more]


def _concatenate(frame: Frame, *lists: list[Any]) -> list[Any]:
    frame.grow(sum(len(values) for values in lists))
    return [value for values in lists for value in values]


def _distinct(frame: Frame, values: list[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        frame.spend(len(found))
        if not _list_contains(frame, found, value):
            found.append(value)
    return found


def _index_of(frame: Frame, values: list[Any], match: Any) -> list[Decimal]:
    return [
        Decimal(place)
        for place, value in enumerate(values, start=1)
        if operators.equal(frame, value, match) is True
    ]


# Numbers (10.3.4.5)


def _rounded(frame: Frame, value: Decimal, scale: Decimal = Decimal(0), *, rounding: str) -> Decimal | None:
    places = _cut(scale)
    if not -6111 <= places <= 6176:  # the scales of decimal128
        return None
    unit = Decimal((0, (1,), -places))
    if value and value.adjusted() + places + 1 > NUMBERS.prec:  # finer already than the digits that it has
        return value
    context = NUMBERS.copy()
    context.rounding = rounding
    result = context.quantize(value, unit)
    return result if result.is_finite() else None


def _modulo(frame: Frame, dividend: Decimal, divisor: Decimal) -> Decimal | None:
    if not divisor:
        return None
    rest = NUMBERS.remainder(dividend, divisor)
    if not rest.is_finite():
        return None
    return NUMBERS.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


def _abs(frame: Frame, value: Any) -> Any:
    match value:
        case Decimal():
            return NUMBERS.abs(value)
        case dt.timedelta():
            return operators.negative(value) if value < dt.timedelta(0) else value
        case YearsMonths():
            return YearsMonths(abs(value.months))
    return None


# Conversions (10.3.4.1)

_NUMERAL = re.compile(r"[+-]?([0-9]{1,1000}(\.[0-9]{0,1000})?|\.[0-9]{1,1000})([eE][+-]?[0-9]{1,9})?")


def _number(frame: Frame, text: Any, *marks: Any) -> Decimal | None:
    grouping, point = marks if len(marks) == 2 else (None, None)
    if (
        grouping not in (None, " ", ",", ".")
        or point not in (None, ",", ".")
        or (point and point == grouping)
    ):
        return None
    if isinstance(text, Decimal):
        return text
    if not isinstance(text, str):
        return None
    if grouping:
        text = text.replace(grouping, "")
    if point == ",":
        if "." in text:
            return None
        text = text.replace(",", ".")
    return number(text) if _NUMERAL.fullmatch(text) else None


def _string(frame: Frame, value: Any) -> str | None:
    return None if value is None else write(frame, value)


def _date(frame: Frame, *arguments: Any) -> dt.date | None:
    match arguments:
        case (str(text),):
            return temporal.parse_date(text)
        case (dt.datetime() as moment,):
            return moment.date()
        case (dt.date() as day,):
            return day
        case (Decimal(), Decimal(), Decimal()):
            parts = [part for part in map(_whole, arguments) if part is not None]
            return temporal.date_of(*parts) if len(parts) == 3 else None
    return None


def _time(frame: Frame, *arguments: Any) -> dt.time | None:
    match arguments:
        case (str(text),):
            return temporal.parse_time(text)
        case (dt.datetime() as moment,):
            return moment.timetz()
        case (dt.date(),):
            return dt.time(tzinfo=dt.UTC)
        case (dt.time() as at,):
            return at
        case (Decimal() as hour, Decimal() as minute, Decimal() as second):
            return temporal.time_of(hour, minute, second, None)
        case (Decimal() as hour, Decimal() as minute, Decimal() as second, (dt.timedelta() | None) as offset):
            return temporal.time_of(hour, minute, second, offset)
    return None


def _date_and_time(frame: Frame, *arguments: Any) -> dt.datetime | None:
    match arguments:
        case (str(text),):
            return temporal.parse_date_and_time(text)
        case (dt.datetime() as moment,):
            return moment
        case (dt.datetime() as moment, dt.time() as at):
            return dt.datetime.combine(moment.date(), at)
        case (dt.date() as day, dt.time() as at):
            return dt.datetime.combine(day, at)
    return None


def _months_between(frame: Frame, start: Any, end: Any) -> YearsMonths | None:
    if isinstance(start, dt.date) and isinstance(end, dt.date):
        return temporal.months_between(start, end)
    return None


def _rounding(rounding: str, optional: int) -> Function:
    return Function(partial(_rounded, rounding=rounding), ("number", "number"), optional=optional)


_TWO_TEXTS = ("string", "string")

FUNCTIONS: dict[str, Function] = {
    "contains": Function(lambda frame, text, part: part in text, _TWO_TEXTS),
    "starts with": Function(lambda frame, text, part: text.startswith(part), _TWO_TEXTS),
    "ends with": Function(lambda frame, text, part: text.endswith(part), _TWO_TEXTS),
    "upper case": Function(lambda frame, text: text.upper(), ("string",)),
    "lower case": Function(lambda frame, text: text.lower(), ("string",)),
    "string length": Function(lambda frame, text: Decimal(len(text)), ("string",)),
    "substring": Function(_substring, ("string", "number", "number"), optional=1),
    "substring before": Function(_substring_before, _TWO_TEXTS),
    "substring after": Function(_substring_after, _TWO_TEXTS),
    "count": Function(lambda frame, values: Decimal(len(values)), ("list",), gathers=True),
    "sum": Function(_sum, ("list",), gathers=True),
    "mean": Function(_mean, ("list",), gathers=True),
    "min": Function(partial(_outermost, before=operators.less), ("list",), gathers=True),
    "max": Function(partial(_outermost, before=operators.greater), ("list",), gathers=True),
    "all": Function(lambda frame, values: operators.all_of(values), ("list",), gathers=True),
    "any": Function(lambda frame, values: operators.any_of(values), ("list",), gathers=True),
    "list contains": Function(_list_contains, ("list", "any")),
    "append": Function(_append, ("list",), rest="any"),
    "concatenate": Function(_concatenate, ("list",), rest="list"),
    "distinct values": Function(_distinct, ("list",)),
    "index of": Function(_index_of, ("list", "any")),
    "reverse": Function(lambda frame, values: values[::-1], ("list",)),
    "floor": _rounding(ROUND_FLOOR, 1),
    "ceiling": _rounding(ROUND_CEILING, 1),
    "decimal": _rounding(ROUND_HALF_EVEN, 0),
    "round up": _rounding(ROUND_UP, 0),
    "round down": _rounding(ROUND_DOWN, 0),
    "round half up": _rounding(ROUND_HALF_UP, 0),
    "round half down": _rounding(ROUND_HALF_DOWN, 0),
    "abs": Function(_abs, ("any",)),
    "modulo": Function(_modulo, ("number", "number")),
    "number": Function(_number, ("any", "any", "any"), optional=2),
    "string": Function(_string, ("any",)),
    "date": Function(_date, ("any", "any", "any"), optional=2),
    "time": Function(_time, ("any", "any", "any", "any"), optional=3),
    "date and time": Function(_date_and_time, ("any", "any"), optional=1),
    "duration": Function(lambda frame, text: temporal.parse_duration(text), ("string",)),
    "years and months duration": Function(_months_between, ("any", "any")),
    "get value": Function(lambda frame, values, key: component(frame, values, key), ("context", "string")),
}
