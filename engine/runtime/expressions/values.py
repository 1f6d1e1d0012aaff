"""The values of the language (DMN 1.5, 10.3.2.3) and how Python values become them.

number Decimal · string str · boolean bool · null None · date date · date and time datetime · time time ·
days and time duration timedelta · years and months duration YearsMonths · list list · context Mapping · Range
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from engine.runtime.expressions.bounds import MAX_NESTING, Frame

# IEEE 754-2008 decimal128, as DMN 1.5, 10.3.2.3.1 asks; what overflows is null, never an exception.
NUMBERS = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, capitals=0, clamp=0, traps=[])

MAX_MONTHS = 12 * 999_999_999  # as many years as DMN 1.5, table 66 allows


@dataclass(frozen=True, order=True, slots=True)
class YearsMonths:
    """A years and months duration: a number of months, which may be negative."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.months < 0 else "") + "P" + (text or "0M")


@dataclass(frozen=True, slots=True)
class Range:
    """An interval such as ``[1..5)``."""

    start: Any
    end: Any
    start_included: bool
    end_included: bool


def number(value: Decimal | int | str) -> Decimal | None:
    """A number of the language, rounded to 34 digits; null when it is too large or not a number."""
    result = NUMBERS.create_decimal(value)
    return result if result.is_finite() else None


def lift(frame: Frame, value: Any, depth: int = 0) -> Any:
    """The value of the language that a Python value stands for; null for what stands for none.

    :raises EvaluationLimit: a list is larger than an expression may look at.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is int:
        return number(value) if value.bit_length() < 20_000 else None
    if kind is Decimal:
        result = NUMBERS.plus(value)
        return result if result.is_finite() else None
    if isinstance(value, (list, tuple)):
        if depth >= MAX_NESTING:
            return None
        frame.grow(len(value))
        frame.spend(len(value))
        return [lift(frame, item, depth + 1) for item in value]
    return _lift_unusual(frame, value, depth)


def _lift_unusual(frame: Frame, value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        return value
    if isinstance(value, float):
        return number(float.__repr__(value))
    if isinstance(value, Decimal):
        return lift(frame, Decimal(value), depth)
    if isinstance(value, str):
        return str.__getitem__(value, slice(None))
    if isinstance(value, int):
        return lift(frame, int.__int__(value), depth)
    return None


def kind_of(value: Any) -> str | None:
    """The name of a value's type; None for null and for what is no value of the language."""
    found = _KINDS.get(type(value))
    if found is None and isinstance(value, Mapping):
        return "context"
    return found


def deliver(frame: Frame, value: Any) -> Any:
    """A result for the caller to keep: lists are copied, so that changing one changes no expression.

    :raises EvaluationLimit: its lists hold more, all together, than one expression may make.
    """
    if not isinstance(value, list):
        return value
    frame.spend(len(value))
    return [deliver(frame, item) for item in value]


_KINDS: dict[type, str] = {
    bool: "boolean",
    Decimal: "number",
    str: "string",
    dt.date: "date",
    dt.datetime: "date and time",
    dt.time: "time",
    dt.timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
}
_PLAIN = frozenset(_KINDS.keys() - {Decimal, list}) | {type(None)}


def _sign(value: dt.timedelta) -> int:
    return -1 if value < dt.timedelta(0) else 1


def _seconds(whole: int, microseconds: int) -> Decimal:
    return Decimal(whole) + Decimal(microseconds) / 1_000_000


def _offset(value: dt.datetime | dt.time) -> dt.timedelta | None:
    return value.utcoffset()


def _zone(value: dt.datetime | dt.time) -> str | None:
    return getattr(value.tzinfo, "key", None)


# What a path may ask of a value that is no context (DMN 1.5, tables 65 to 67).
COMPONENTS: dict[type, dict[str, Callable[[Any], Any]]] = {
    dt.date: {
        "year": lambda value: Decimal(value.year),
        "month": lambda value: Decimal(value.month),
        "day": lambda value: Decimal(value.day),
        "weekday": lambda value: Decimal(value.isoweekday()),
    },
    dt.time: {
        "hour": lambda value: Decimal(value.hour),
        "minute": lambda value: Decimal(value.minute),
        "second": lambda value: _seconds(value.second, value.microsecond),
        "time offset": _offset,
        "timezone": _zone,
    },
    dt.timedelta: {
        "days": lambda value: Decimal(abs(value).days * _sign(value)),
        "hours": lambda value: Decimal(abs(value).seconds // 3600 * _sign(value)),
        "minutes": lambda value: Decimal(abs(value).seconds % 3600 // 60 * _sign(value)),
        "seconds": lambda value: _seconds(abs(value).seconds % 60, abs(value).microseconds) * _sign(value),
    },
    YearsMonths: {
        "years": lambda value: Decimal(abs(value.months) // 12 * (-1 if value.months < 0 else 1)),
        "months": lambda value: Decimal(abs(value.months) % 12 * (-1 if value.months < 0 else 1)),
    },
    Range: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}
COMPONENTS[dt.datetime] = COMPONENTS[dt.date] | COMPONENTS[dt.time]


def component(frame: Frame, value: Any, key: str) -> Any:
    """What ``value.key`` means: a context's entry, a date's component, or a list of them; else null."""
    if isinstance(value, Mapping):
        return lift(frame, value.get(key))
    if isinstance(value, list):
        frame.spend(len(value))
        return [component(frame, item, key) for item in value]
    known = COMPONENTS.get(type(value))
    if known is None or key not in known:
        return None
    return known[key](value)
