"""What a scenario expects at its end, held against what is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.deadlines.calendar import SHANGHAI
from engine.deadlines.compute import format_due
from engine.documents.escaping import plain_text
from engine.documents.tables import Document
from engine.jobs.tables import OutboxMessage
from engine.runtime.definitions import Release
from engine.runtime.specs import look_up
from engine.runtime.submissions import answers
from engine.runtime.tables import Passage, ProcessInstance, UserTask
from engine.scenario.script import Scenario

Found = Iterator[tuple[int, str]]


def differences(
    session: Session, release: Release, instance: ProcessInstance, scenario: Scenario
) -> list[tuple[int, str]]:
    """The expectations that don't hold: line, and what was expected and what is."""
    return list(_all(session, release, instance, scenario))


def shown_text(document: Document) -> str:
    """A document's text as its reader sees it, with its title and number."""
    return "\n".join([document.title, document.number or "", plain_text(document.text)])


def _all(session: Session, release: Release, instance: ProcessInstance, scenario: Scenario) -> Found:
    lines = scenario.expect_lines
    for key, expected in scenario.expect.items():
        line = lines[key]
        if key == "state" and instance.state != expected:
            yield line, f"expected the case to be {expected}, it is {instance.state}"
        elif key == "open":
            yield from _open(session, instance, expected, line)
        elif key in ("path", "not"):
            yield from _path(session, instance, key, expected, line)
        elif key == "due":
            yield from _due(session, instance, expected, line)
        elif key == "data":
            yield from _data(session, release, instance, expected, line)
        elif key == "outbox":
            yield from _outbox(session, instance, expected, line)


def _open(session: Session, instance: ProcessInstance, expected: Sequence[str], line: int) -> Found:
    found = session.scalars(
        select(UserTask.element_id).where(UserTask.instance_id == instance.id, UserTask.state == "open")
    )
    actual = sorted(found)
    if sorted(expected) != actual:
        yield line, f"expected open tasks {sorted(expected)}, they are {actual}"


def _path(session: Session, instance: ProcessInstance, key: str, expected: Sequence[str], line: int) -> Found:
    entered = [
        *session.scalars(
            select(Passage.element_id).where(Passage.instance_id == instance.id).order_by(Passage.id)
        ),
        *session.scalars(
            select(UserTask.element_id).where(UserTask.instance_id == instance.id, UserTask.state == "open")
        ),
    ]
    if key == "not":
        for element in expected:
            if element in entered:
                yield line, f"expected {element} never to be entered, it was"
        return
    rest = iter(entered)
    for element in expected:
        if element not in rest:
            yield line, f"expected {element} next on the path {expected}, the case went {entered}"
            return


def _due(session: Session, instance: ProcessInstance, expected: Mapping[str, Any], line: int) -> Found:
    for element, wanted in expected.items():
        due_at = session.scalar(
            select(UserTask.due_at)
            .where(UserTask.instance_id == instance.id, UserTask.element_id == element)
            .order_by(UserTask.id.desc())
            .limit(1)
        )
        actual = format_due(due_at) if due_at else "not due at all"
        if _text(wanted) != actual:
            yield line, f"expected {element} to be due {_text(wanted)}, it is {actual}"


def _data(
    session: Session, release: Release, instance: ProcessInstance, expected: Mapping[str, Any], line: int
) -> Found:
    given = answers(session, instance.id, release.processes.data_name)
    for path, wanted in expected.items():
        found = look_up(given, path)
        actual = _text(look_up(instance.variables, path) if found is None else found)
        if _text(wanted) != actual:
            yield line, f"expected {path} to be {_text(wanted)}, it is {actual}"


def _outbox(session: Session, instance: ProcessInstance, expected: Mapping[str, int], line: int) -> Found:
    rows = session.execute(
        select(OutboxMessage.topic, func.count())
        .where(OutboxMessage.instance_id == instance.id)
        .group_by(OutboxMessage.topic)
    )
    counts = dict(rows.all())
    for topic, wanted in expected.items():
        if counts.get(topic, 0) != wanted:
            yield line, f"expected {wanted} messages {topic}, there are {counts.get(topic, 0)}"


def _text(value: Any) -> str:
    """A value as a scenario file writes it."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return f"{value.astimezone(SHANGHAI) if value.tzinfo else value:%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_text(item) for item in value) + "]"
    return str(value)
