"""Processes that are killed in the middle of their work leave nothing half done."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from SpiffWorkflow.bpmn.specs.mixins.user_task import UserTask as UserTaskSpec
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import func, select

from engine.audit.events import BadEntry, verify
from engine.audit.tables import AuditEvent
from engine.runtime import state
from engine.runtime.tables import ProcessInstance, Submission, Timer, UserTask
from engine.settings import ROOT
from engine.system import System

KILLS = 3


def test_every_step_is_whole_after_kill_9(system: System, database_url: str, tmp_path: Path) -> None:
    finished = 0
    for round_ in range(KILLS):
        finished += _work_and_die(database_url, tmp_path, random.Random(round_).uniform(0.3, 0.9))
    assert finished > 0, "no work was done before the kills"
    with system.store.reading() as session:
        assert not [found for found in verify(session) if isinstance(found, BadEntry)]
        done = session.scalar(select(func.count()).where(UserTask.state == "done")) or 0
        assert done >= finished
        assert session.scalar(select(func.count()).where(Submission.task_id.is_not(None))) == done
        assert session.scalar(select(func.count()).where(AuditEvent.kind == "task.completed")) == done
        for instance in session.scalars(select(ProcessInstance)):
            tasks = session.scalars(
                select(UserTask.spiff_id).where(UserTask.instance_id == instance.id, UserTask.state == "open")
            )
            timers = session.scalars(
                select(Timer.spiff_id).where(Timer.instance_id == instance.id, Timer.state == "waiting")
            )
            assert (set(tasks), set(timers)) == _waiting(system, instance)


def _work_and_die(database_url: str, tmp_path: Path, seconds: float) -> int:
    """Lets a process work for that long after its first case, kills it; returns how many cases it finished."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.engine.working", database_url, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready"
    process.stdout.readline()
    time.sleep(seconds)
    process.kill()
    rest, _ = process.communicate()
    return 1 + len(rest.split())


def _waiting(system: System, instance: ProcessInstance) -> tuple[set[str], set[str]]:
    """The user tasks and the timers that the stored state itself waits for."""
    release = system.library.release(instance.release_id)
    workflow = state.load(instance.state_blob, release.processes, instance.process_key)
    tasks = {
        str(task.id)
        for each in state.workflows(workflow)
        for task in each.tasks.values()
        if task.has_state(TaskState.READY) and isinstance(task.task_spec, UserTaskSpec)
    }
    return tasks, {str(task_id) for task_id in workflow.event_manager.tasks}
