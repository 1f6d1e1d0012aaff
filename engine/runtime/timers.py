"""Firing timers: each delivered in a step of its own, and once."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from SpiffWorkflow.util.task import TaskState
from sqlalchemy import select

from engine.jobs.retry import after_failure
from engine.runtime.specs import FIRED
from engine.runtime.step import stepping
from engine.runtime.tables import Timer

if TYPE_CHECKING:
    from engine.system import System


def fire(system: System, timer_id: int) -> bool:
    """Delivers a timer that is due; returns whether it did.

    A timer that was delivered, cancelled or moved to later meanwhile is left alone, so a repeat is harmless.
    """
    with system.store.reading() as session:
        timer = session.get(Timer, timer_id)
    if timer is None or timer.state != "waiting":
        return False
    with stepping(system, timer.instance_id, None) as step:
        timer = step.session.get(Timer, timer_id, populate_existing=True)
        if timer is None or timer.state != "waiting" or timer.due_at > step.now:
            return False
        task = step.workflow.get_task_from_id(UUID(timer.spiff_id))
        if task is None or not task.has_state(TaskState.WAITING):
            timer.state = "cancelled"
            return False
        timer.state = "fired"
        step.timer = timer
        step.record(
            "timer.fired",
            timer=timer.id,
            process=timer.process_key,
            element=timer.element_id,
            attached_to=timer.attached_to,
            rule=timer.rule,
            due_at=timer.due_at,
        )
        task._set_internal_data(**{FIRED: True})
        step.workflow_does(lambda: task.task_spec._update(task))
    return True


def fire_due(system: System, instance_id: int) -> None:
    """Delivers all timers of an instance that are due by now, the earliest first."""
    while True:
        with system.store.reading() as session:
            timer_id = session.scalar(
                select(Timer.id)
                .where(
                    Timer.instance_id == instance_id,
                    Timer.state == "waiting",
                    Timer.due_at <= system.clock.now(),
                )
                .order_by(Timer.due_at, Timer.id)
                .limit(1)
            )
        if timer_id is None or not fire(system, timer_id):
            return


def fire_job(system: System, timer_id: int) -> None:
    """Delivers a timer for the dispatcher; a failure is noted on its row, with when to try again."""
    try:
        fire(system, timer_id)
    except Exception as error:
        with system.store.transaction() as session:
            timer = session.get(Timer, timer_id, with_for_update=True)
            if timer is not None and timer.state == "waiting":
                after_failure(timer, error, system.clock.now())
