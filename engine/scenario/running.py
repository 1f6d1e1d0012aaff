"""Running a scenario: people act, the simulated clock goes on, timers fire in order, expectations are held."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select

from engine.cases.registration import PROCESS, register_tip
from engine.deadlines.calendar import SHANGHAI
from engine.deadlines.clock import SimulatedClock
from engine.documents.tables import Document
from engine.errors import AnliuError
from engine.people import permissions
from engine.runtime import timers, user_tasks
from engine.runtime.tables import ProcessInstance, Timer, UserTask
from engine.scenario.expectations import differences, shown_text
from engine.scenario.script import ActStep, DocumentStep, Scenario, Step, TaskStep, WaitStep
from engine.system import System

Trace = Callable[[str], None]


@dataclass
class Outcome:
    """What became of a scenario. ``failure`` says what was expected, what is, and at which line; None is success."""

    scenario: Scenario
    business_key: str | None = None
    instance_id: int | None = None
    failure: str | None = None
    trace: list[str] = field(default_factory=list)


class Failed(Exception):
    """An expectation doesn't hold, or a step can't be done."""


def run(
    system: System,
    scenario: Scenario,
    *,
    steps: int | None = None,
    tell: Trace | None = None,
    finish: bool = True,
) -> Outcome:
    """Runs a scenario in the system's database, whose clock must be a simulated one.

    :param steps: stop after so many steps; all of them by default.
    :param tell: gets each line of the trace as it comes.
    :param finish: whether to hold the expectations at the end; not for a scenario that is stopped early.
    """
    outcome = Outcome(scenario)
    runner = Runner(system, scenario, outcome, tell or (lambda line: None))
    try:
        runner.start()
        for step in scenario.steps[:steps]:
            runner.do(step)
        if finish and steps is None:
            runner.hold()
    except Failed as failure:
        outcome.failure = str(failure)
    except AnliuError as error:
        outcome.failure = f"{scenario.file}: {error.code}: {error}"
    return outcome


class Runner:
    def __init__(self, system: System, scenario: Scenario, outcome: Outcome, tell: Trace) -> None:
        if not isinstance(system.clock, SimulatedClock):
            raise TypeError("a scenario needs a simulated clock")
        self.system = system
        self.clock = system.clock
        self.scenario = scenario
        self.outcome = outcome
        self._tell = tell

    def start(self) -> None:
        start = self.scenario.start
        self.clock.set(self.scenario.at.astimezone(UTC))
        if self.scenario.process != PROCESS:
            raise self.failed(1, f"process {self.scenario.process} can't be started by a scenario")
        try:
            started = register_tip(self.system, start.by, start.form, uuid.uuid4().hex)
        except AnliuError as error:
            raise self.failed(start.line, f"the start was refused: {error.code}: {error}") from error
        self.outcome.business_key, self.outcome.instance_id = started.business_key, started.instance_id
        self.tell(f"{start.by} started {started.business_key}")

    def do(self, step: Step) -> None:
        if isinstance(step, WaitStep):
            self.go_to(step.until, step.line)
            return
        if isinstance(step, DocumentStep):
            self.check_document(step)
            return
        if step.at is not None:
            self.go_to(step.at, step.line)
        if isinstance(step, ActStep):
            raise self.failed(step.line, f"there is no act {step.act!r}")
        self.complete(step)

    def complete(self, step: TaskStep) -> None:
        task = self.find_task(step)
        try:
            user_tasks.complete(self.system, task.id, step.by, step.form, uuid.uuid4().hex)
        except AnliuError as error:
            if step.refused is None:
                raise self.failed(
                    step.line, f"{step.task} by {step.by} was refused: {error.code}: {error}"
                ) from error
            if error.code != step.refused:
                raise self.failed(
                    step.line, f"expected refusal {step.refused}, got {error.code}: {error}"
                ) from error
            self.tell(f"{step.by} was refused {step.task}: {error.code} {error.article or ''}".rstrip())
            return
        if step.refused is not None:
            raise self.failed(
                step.line, f"expected {step.task} by {step.by} to be refused with {step.refused}"
            )
        self.tell(f"{step.by} completed {step.task}")

    def find_task(self, step: TaskStep) -> UserTask:
        """The open task of that element which the person may do; else any, to be refused on it."""
        with self.system.store.reading() as session:
            actor = permissions.load(session, step.by)
            open_tasks = list(
                session.scalars(
                    select(UserTask)
                    .where(UserTask.instance_id == self.outcome.instance_id, UserTask.state == "open")
                    .order_by(UserTask.id)
                )
            )
            matching = [task for task in open_tasks if task.element_id == step.task]
            if not matching and step.refused is not None:
                matching = list(
                    session.scalars(
                        select(UserTask)
                        .where(
                            UserTask.instance_id == self.outcome.instance_id, UserTask.element_id == step.task
                        )
                        .order_by(UserTask.id.desc())
                    )
                )
            if not matching:
                there = ", ".join(task.element_id for task in open_tasks) or "none"
                raise self.failed(step.line, f"no task {step.task} is open; open are: {there}")
            return next((task for task in matching if permissions.may_do(actor, task)), matching[0])

    def go_to(self, time: datetime, line: int) -> None:
        """Moves the clock on; each timer that falls due on the way fires at its own time."""
        target = time.astimezone(UTC)
        if target < self.clock.now():
            raise self.failed(line, f"{time:%Y-%m-%d %H:%M} lies before the step before it")
        while (due := self.next_due()) is not None and due.due_at <= target:
            self.clock.set(max(due.due_at, self.clock.now()))
            if not timers.fire(self.system, due.id):
                raise self.failed(line, f"the timer {due.element_id} didn't fire")
            self.tell(f"timer {due.element_id} ({due.rule or 'duration'}) fired")
        self.clock.set(target)

    def next_due(self) -> Timer | None:
        with self.system.store.reading() as session:
            return session.scalar(
                select(Timer)
                .where(Timer.instance_id == self.outcome.instance_id, Timer.state == "waiting")
                .order_by(Timer.due_at, Timer.id)
                .limit(1)
            )

    def check_document(self, step: DocumentStep) -> None:
        with self.system.store.reading() as session:
            document = session.scalar(
                select(Document)
                .where(Document.instance_id == self.outcome.instance_id, Document.kind == step.document)
                .order_by(Document.version.desc())
                .limit(1)
            )
        if document is None:
            raise self.failed(step.line, f"there is no document {step.document}")
        text = shown_text(document)
        for part in step.contains:
            if "".join(part.split()) not in "".join(text.split()):
                raise self.failed(step.line, f"{step.document} doesn't contain {part!r}; it says:\n{text}")
        self.tell(f"document {document.title} {document.number or ''}".rstrip())

    def hold(self) -> None:
        with self.system.store.reading() as session:
            instance = session.get_one(ProcessInstance, self.outcome.instance_id)
            found = differences(
                session, self.system.library.release(instance.release_id), instance, self.scenario
            )
        if found:
            raise Failed("\n".join(f"{self.scenario.file}:{line}: {what}" for line, what in found))

    def failed(self, line: int, what: str) -> Failed:
        return Failed(f"{self.scenario.file}:{line}: {what}")

    def tell(self, line: str) -> None:
        stamped = f"{self.clock.now().astimezone(SHANGHAI):%Y-%m-%d %H:%M}  {line}"
        self.outcome.trace.append(stamped)
        self._tell(stamped)
