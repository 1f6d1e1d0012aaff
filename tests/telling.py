"""Cases for tests: told by the scenario files, as far as the test wants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select

from engine.runtime.tables import UserTask
from engine.scenario import Outcome, Scenario, read, run
from engine.scenario.script import TaskStep
from engine.system import System

SCENARIOS = Path(__file__).parent / "scenarios"


def scenario(name: str) -> Scenario:
    """The scenario file of that name."""
    path = SCENARIOS / f"{name}.yaml"
    return read(path.read_text(encoding="utf-8"), path.name)


def tell(system: System, name: str, until: str | None = None, *, after: str | None = None) -> Outcome:
    """Runs a scenario: to just before the task ``until``, to just after the task ``after``, or whole."""
    told = scenario(name)
    steps = None
    for index, step in enumerate(told.steps):
        if (
            isinstance(step, TaskStep)
            and step.refused is None
            and step.task in (until, after)
            and steps is None
        ):
            steps = index if step.task == until else index + 1
    assert steps is not None or (until is None and after is None), f"{name} has no task {until or after}"
    outcome = run(system, told, steps=steps)
    assert outcome.failure is None, outcome.failure
    return outcome


def answers(name: str, task: str) -> dict[str, Any]:
    """What the scenario fills into a task's form."""
    return dict(
        next(step.form for step in scenario(name).steps if isinstance(step, TaskStep) and step.task == task)
    )


def open_task(system: System, outcome: Outcome, element: str, agency: str | None = None) -> UserTask:
    """The open task of that element."""
    with system.store.reading() as session:
        query = select(UserTask).where(
            UserTask.instance_id == outcome.instance_id,
            UserTask.element_id == element,
            UserTask.state == "open",
        )
        if agency is not None:
            query = query.where(UserTask.agency == agency)
        return session.scalars(query).one()
