"""What an instance waits for, as rows: user tasks for people, timers for the dispatcher.

Inboxes and boards read these rows alone. They are brought in line with the workflow at the end of each step.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from SpiffWorkflow.bpmn.specs.mixins.user_task import UserTask as UserTaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import select

from engine.deadlines.compute import due
from engine.runtime.specs import RowTimer, look_up
from engine.runtime.state import workflows
from engine.runtime.tables import Timer, UserTask

if TYPE_CHECKING:
    from engine.runtime.step import Step


def project(step: Step) -> None:
    """Opens and closes rows so that they say what the workflow waits for."""
    timers = _project_timers(step)
    _project_tasks(step, timers)


def _project_timers(step: Step) -> dict[UUID, Timer]:
    """The waiting timers, by the id of the SpiffWorkflow task that each governs."""
    rows = {
        row.spiff_id: row
        for row in step.session.scalars(
            select(Timer).where(Timer.instance_id == step.instance.id, Timer.state == "waiting")
        )
    }
    governed = {}
    for task in list(step.workflow.event_manager.tasks.values()):
        definition = task.task_spec.event_definition
        if not isinstance(definition, RowTimer) or not task.has_state(TaskState.WAITING):
            continue
        row = rows.pop(str(task.id), None)
        if row is None:
            row = _new_timer(step, task, definition)
            step.session.add(row)
        if row.attached_to is not None and task.parent is not None:
            governed.update({sibling.id: row for sibling in task.parent.children if sibling is not task})
    for row in rows.values():
        row.state = "cancelled"
    return governed


def _new_timer(step: Step, task: Task, definition: RowTimer) -> Timer:
    element = step.element_of(task)
    explanation: dict[str, Any]
    if definition.rule is not None:
        rule = step.release.deadline_rules[definition.rule]
        starts_at = step.moments.get(rule.starts_at, step.now)
        answer = due(rule, starts_at)
        due_at, explanation = answer.due_at, answer.explanation
    else:
        starts_at = step.now
        parts = RowTimer.parse_iso_duration(definition.expression)
        wait: timedelta = RowTimer.get_timedelta_from_start(parts, starts_at)
        due_at, explanation = starts_at + wait, {"duration": definition.expression}
    return Timer(
        instance_id=step.instance.id,
        spiff_id=str(task.id),
        process_key=element.process_key,
        element_id=element.id,
        attached_to=element.attached_to,
        rule=definition.rule,
        starts_at=starts_at,
        due_at=due_at,
        explanation=explanation,
        state="waiting",
        attempts=0,
        next_at=due_at,
    )


def _project_tasks(step: Step, timers: dict[UUID, Timer]) -> None:
    rows = {
        row.spiff_id: row
        for row in step.session.scalars(
            select(UserTask).where(UserTask.instance_id == step.instance.id, UserTask.state == "open")
        )
    }
    for workflow in workflows(step.workflow):
        for task in list(workflow.tasks.values()):
            if not task.has_state(TaskState.READY) or not isinstance(task.task_spec, UserTaskSpec):
                continue
            row = rows.pop(str(task.id), None)
            if row is None:
                row = _new_task(step, task)
                step.session.add(row)
                step.session.flush()
                step.record(
                    "task.opened", task=row.id, process=row.process_key, element=row.element_id, name=row.name
                )
            _set_due(row, _soonest(step, task, timers))
    for row in rows.values():
        row.state = "cancelled"
        step.record(
            "task.cancelled", task=row.id, process=row.process_key, element=row.element_id, name=row.name
        )


def _new_task(step: Step, task: Task) -> UserTask:
    element = step.element_of(task)
    item = _item(step, task)
    return UserTask(
        instance_id=step.instance.id,
        spiff_id=str(task.id),
        process_key=element.process_key,
        element_id=element.id,
        name=element.name,
        name_en=element.name_en,
        candidate_group=element.group or "",
        place=element.place or step.instance.place,
        agency=item or element.agency,
        item=item,
        scope="/".join(reversed([around.task_spec.bpmn_id for around in _scopes(step, task)])),
        form_key=element.form or "",
        act=element.act,
        assignee=look_up(step.variables, element.assignee) if element.assignee else None,
        state="open",
        created_at=step.now,
    )


def _item(step: Step, task: Task) -> str | None:
    """The item of the multi-instance activity that the task belongs to: an agency's id."""
    found: Task | None = task
    while found is not None:
        if "item" in found.internal_data:
            return str(found.internal_data["item"])
        found = _enclosing(step, found)
    return None


def _scopes(step: Step, task: Task) -> Iterator[Task]:
    """What the task runs in, innermost first."""
    found = _enclosing(step, task)
    while found is not None:
        yield found
        found = _enclosing(step, found)


def _enclosing(step: Step, task: Task) -> Task | None:
    """The call activity or subprocess that the task runs in."""
    parent_id = task.workflow.parent_task_id
    return step.workflow.get_task_from_id(parent_id) if parent_id is not None else None


def _soonest(step: Step, task: Task, timers: dict[UUID, Timer]) -> Timer | None:
    """The soonest deadline over a task: its own, or that of what encloses it."""
    found: list[Timer] = []
    current: Task | None = task
    while current is not None:
        if current.id in timers:
            found.append(timers[current.id])
        # A boundary event governs the multi-instance activity as a whole; its instances are its children.
        parent = current.parent
        if parent is not None and parent.id in timers and "merged" in parent.internal_data:
            found.append(timers[parent.id])
        current = _enclosing(step, current)
    return min(found, key=lambda timer: timer.due_at, default=None)


def _set_due(row: UserTask, timer: Timer | None) -> None:
    # A deadline that has fired no longer waits but still holds: the task stays overdue by it.
    if timer is not None and (row.due_at is None or timer.due_at < row.due_at):
        row.due_at, row.due_rule, row.due_explanation = timer.due_at, timer.rule, timer.explanation
