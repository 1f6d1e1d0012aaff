"""What has happened on a case's diagrams: which elements are done, current or overdue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.runtime.definitions import Release
from engine.runtime.parser import Element
from engine.runtime.tables import Passage, UserTask

State = Literal["done", "current", "overdue"]
STRENGTH: Mapping[State, int] = {"done": 0, "current": 1, "overdue": 2}


@dataclass(frozen=True)
class Mark:
    """One element of a diagram that something is to be said about."""

    element: Element
    state: State | None
    """None where the case has not been, and may never come."""
    tasks: Sequence[UserTask]
    """The tasks that were opened there, in order."""


@dataclass(frozen=True)
class Diagram:
    """A process of the case's release, and where the case stands in it."""

    process_key: str
    name: str
    name_en: str
    marks: Mapping[str, Mark]
    """By element id, in the order of the file."""

    @property
    def state(self) -> State | None:
        """The strongest state of any of its elements."""
        states = [mark.state for mark in self.marks.values() if mark.state is not None]
        return max(states, key=lambda state: STRENGTH[state], default=None)


def diagrams(
    release: Release,
    process_key: str,
    passages: Iterable[Passage],
    tasks: Iterable[UserTask],
    now: datetime,
) -> dict[str, Diagram]:
    """The case's main process and every process that it calls, the main one first.

    :param process_key: the process that the instance started with.
    :param now: aware UTC; what is overdue depends on it.
    """
    passed = {(passage.process_key, passage.element_id) for passage in passages}
    tasks_at: dict[tuple[str, str], list[UserTask]] = {}
    inside: dict[str, list[UserTask]] = {}
    for task in tasks:
        tasks_at.setdefault((task.process_key, task.element_id), []).append(task)
        for around in task.scope.split("/"):
            inside.setdefault(around, []).append(task)
    found: dict[str, Diagram] = {}
    for key in _called(release, process_key):
        elements = [element for (owner, _), element in release.processes.elements.items() if owner == key]
        marks = {}
        for element in elements:
            here = tasks_at.get((key, element.id), [])
            # A call activity is as current or overdue as what runs in it, drawn in a diagram of its own.
            state = _state([*here, *inside.get(element.id, ())], (key, element.id) in passed, now)
            marks[element.id] = Mark(element, state, here)
        name, name_en = release.processes.names[key]
        found[key] = Diagram(key, name, name_en, marks)
    return found


def _called(release: Release, process_key: str) -> list[str]:
    """The process and all that it calls, directly or not, in the order in which they are drawn."""
    order = [process_key]
    for key in order:
        for (owner, _), element in release.processes.elements.items():
            if owner == key and element.called and element.called not in order:
                order.append(element.called)
    return order


def _state(tasks: Sequence[UserTask], passed: bool, now: datetime) -> State | None:
    waiting = [task for task in tasks if task.state == "open"]
    if any(task.due_at is not None and task.due_at <= now for task in waiting):
        return "overdue"
    if waiting:
        return "current"
    return "done" if passed else None
