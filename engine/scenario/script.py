"""Reading a scenario file: YAML to steps, with the line of whatever is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from engine.deadlines.calendar import SHANGHAI
from engine.deadlines.strict_yaml import Node
from engine.deadlines.strict_yaml import read as read_yaml

EXPECTATIONS = ("state", "open", "path", "not", "due", "data", "outbox")
STATES = ("open", "closed", "terminated")
_TIME = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?")


@dataclass(frozen=True)
class Start:
    """Who starts the instance, and the answers to its start form."""

    by: str
    form: Mapping[str, Any]
    line: int


@dataclass(frozen=True)
class TaskStep:
    """A person completes a task; with ``refused``, must be refused with that error code."""

    task: str
    by: str
    form: Mapping[str, Any]
    at: datetime | None
    refused: str | None
    line: int


@dataclass(frozen=True)
class WaitStep:
    """The clock goes on to a time; what falls due in between happens."""

    until: datetime
    line: int


@dataclass(frozen=True)
class ActStep:
    """A person does something to the case outside a task."""

    act: str
    by: str
    form: Mapping[str, Any]
    at: datetime | None
    refused: str | None
    line: int


@dataclass(frozen=True)
class DocumentStep:
    """A document exists by now, and its text holds all of these."""

    document: str
    contains: tuple[str, ...]
    line: int


Step = TaskStep | WaitStep | ActStep | DocumentStep


@dataclass(frozen=True)
class Scenario:
    """One case as a file tells it. Times are aware, in Asia/Shanghai."""

    file: str
    name: str
    process: str
    at: datetime
    start: Start
    steps: tuple[Step, ...]
    expect: Mapping[str, Any]
    expect_lines: Mapping[str, int]


def read(text: str, file: str) -> Scenario:
    """A scenario from its text.

    :param text: the YAML, as docs and the contracts describe it.
    :param file: what to call it in an error.
    :raises DataRefused: an unknown key, a missing one or a value of the wrong kind, with its line.
    """
    root = read_yaml(text, file)
    top = root.mapping(("scenario", "process", "at", "start"), ("steps", "expect"))
    start = top["start"].mapping(("by", "form"))
    steps = tuple(_step(node) for node in top["steps"].items()) if "steps" in top else ()
    expect = top["expect"].mapping((), EXPECTATIONS) if "expect" in top else {}
    return Scenario(
        file=file,
        name=top["scenario"].text(),
        process=top["process"].text(),
        at=_time(top["at"]),
        start=Start(start["by"].text(), _plain_mapping(start["form"]), top["start"].line),
        steps=steps,
        expect={key: _expectation(key, node) for key, node in expect.items()},
        expect_lines={key: node.line for key, node in expect.items()},
    )


def _step(node: Node) -> Step:
    keys = set(node.entries())
    if "wait" in keys:
        return WaitStep(_time(node.mapping(("wait",))["wait"]), node.line)
    if "document" in keys:
        entries = node.mapping(("document",), ("contains",))
        contains = tuple(item.text() for item in entries["contains"].items()) if "contains" in entries else ()
        return DocumentStep(entries["document"].text(), contains, node.line)
    if "task" not in keys and "act" not in keys:
        raise node.refuse("a step has one of the keys task, act, wait, document")
    kind = "task" if "task" in keys else "act"
    entries = node.mapping((kind, "by"), ("form", "at", "refused"))
    shared: dict[str, Any] = {
        "by": entries["by"].text(),
        "form": _plain_mapping(entries["form"]) if "form" in entries else {},
        "at": _time(entries["at"]) if "at" in entries else None,
        "refused": entries["refused"].text() if "refused" in entries else None,
        "line": node.line,
    }
    if kind == "task":
        return TaskStep(task=entries["task"].text(), **shared)
    return ActStep(act=entries["act"].text(), **shared)


def _expectation(key: str, node: Node) -> Any:
    if key == "state":
        if node.text() not in STATES:
            raise node.refuse(f"must be one of {', '.join(STATES)}")
        return node.text()
    if key in ("open", "path", "not"):
        return [item.text() for item in node.items()]
    found = {name: plain(entry) for name, entry in node.entries().items()}
    if key == "outbox":
        for name, entry in node.entries().items():
            found[name] = entry.whole(0, 1_000_000)
    return found


def _time(node: Node) -> datetime:
    value = node.value
    if isinstance(value, datetime):
        return value.replace(tzinfo=SHANGHAI)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=SHANGHAI)
    match = _TIME.fullmatch(str(value).strip())
    if match is None:
        raise node.refuse(f"{value!r} is no time; write 2024-03-04 09:00")
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        # 24:00 is how the law writes the end of a day.
        return datetime(year, month, day, tzinfo=SHANGHAI) + timedelta(
            hours=hour, minutes=minute, seconds=second
        )
    except ValueError as error:
        raise node.refuse(f"{value!r} is no time: {error}") from None


def _plain_mapping(node: Node) -> Mapping[str, Any]:
    return {key: plain(entry) for key, entry in node.entries().items()}


def plain(node: Node) -> Any:
    """A node's value without the lines."""
    if isinstance(node.value, dict):
        return {key: plain(entry) for key, entry in node.value.items()}
    if isinstance(node.value, list):
        return [plain(entry) for entry in node.value]
    return node.value
