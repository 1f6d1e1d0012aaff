"""Values as texts: what ``string()`` gives (DMN 1.5, table 72)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.runtime.expressions import temporal
from engine.runtime.expressions.bounds import MAX_NESTING, TEXT_A_STEP, Frame
from engine.runtime.expressions.values import Range, YearsMonths, lift


def write(frame: Frame, value: Any, depth: int = 0) -> str:
    """A value as the language writes it; a text inside a list or context stands in quotes.

    :raises EvaluationLimit: there is too much of it.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return value if depth == 0 else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case Decimal():
            return write_number(value)
        case dt.datetime() | dt.time():
            return temporal.write_time(value)
        case dt.timedelta():
            return temporal.write_duration(value)
        case dt.date() | YearsMonths():
            return str(value)
        case Range():
            start, end = write(frame, value.start, depth + 1), write(frame, value.end, depth + 1)
            return f"{'[' if value.start_included else '('}{start}..{end}{']' if value.end_included else ')'}"
    if depth >= MAX_NESTING:
        return "..."
    return _write_many(frame, value, depth + 1)


def write_number(value: Decimal) -> str:
    """A number without an exponent and without zeros that say nothing."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _write_many(frame: Frame, value: Any, depth: int) -> str:
    parts = []
    if isinstance(value, Mapping):
        for key, one in value.items():
            parts.append(f"{key}: {write(frame, lift(frame, one), depth)}")
            frame.spend(1 + len(parts[-1]) // TEXT_A_STEP)
        return "{" + ", ".join(parts) + "}"
    for one in value:
        parts.append(write(frame, one, depth))
        frame.spend(1 + len(parts[-1]) // TEXT_A_STEP)
    return "[" + ", ".join(parts) + "]"
