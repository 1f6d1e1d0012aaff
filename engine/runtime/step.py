"""One step of one instance: the only transaction that moves a case.

State, tasks, timers, audit events, documents and outgoing messages of a step commit together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from engine.audit import events
from engine.deadlines.calendar import SHANGHAI
from engine.errors import N_, AnliuError, Conflict, NotFound
from engine.jobs import outbox
from engine.runtime import operations, projection, state
from engine.runtime.definitions import Release
from engine.runtime.parser import Element
from engine.runtime.tables import Moment, Passage, PerformedAct, ProcessInstance, Timer

if TYPE_CHECKING:
    from engine.system import System


class StuckStep(AnliuError):
    """The diagram can't go on from here, such as a gateway of which no exit holds."""

    code = "stuck"
    status = 500


class Step:
    """A step under way. Operations get it to read and change what belongs to the case."""

    def __init__(
        self,
        system: System,
        session: Session,
        instance: ProcessInstance,
        release: Release,
        workflow: BpmnWorkflow,
        person_id: str | None,
    ) -> None:
        self.system = system
        self.session = session
        self.instance = instance
        self.release = release
        self.workflow = workflow
        self.person_id = person_id
        """Who causes the step; None when a timer does."""
        self.now: datetime = system.clock.now()
        self.variables: dict[str, Any] = instance.variables
        self.task_id: int | None = None
        """The user task that is being completed, or None."""
        self.timer: Timer | None = None
        """The timer that is being delivered, or None."""
        self.moments: dict[str, datetime] = {
            row.name: row.at
            for row in session.scalars(select(Moment).where(Moment.instance_id == instance.id))
        }
        self._marked: set[str] = set()
        workflow.step = self

    def record(self, kind: str, /, **detail: Any) -> None:
        """Writes an audit event of this case."""
        events.record(
            self.session,
            chain=self.instance.business_key,
            kind=kind,
            at=self.now,
            person_id=self.person_id,
            instance_id=self.instance.id,
            release_id=self.release.id,
            detail=detail,
        )

    def put(self, topic: str, key: str, payload: Mapping[str, Any]) -> None:
        """Adds a message to the outbox."""
        outbox.put(self.session, topic, key, payload, instance_id=self.instance.id, now=self.now)

    def set(self, process_key: str, values: Mapping[str, Any]) -> None:
        """Sets variables of a process of the case."""
        name = self.release.processes.data_name[process_key]
        self.variables.setdefault(name, {}).update(values)

    def mark(self, moment: str, at: datetime) -> None:
        """Records a legal moment, from which clocks start. ``at`` is aware UTC; a later record replaces it."""
        row = self.session.get(Moment, (self.instance.id, moment))
        if row is None:
            self.session.add(Moment(instance_id=self.instance.id, name=moment, at=at))
        else:
            row.at = at
        self.moments[moment] = at
        self._marked.add(moment)

    def perform(self, act: str, person_id: str | None = None) -> None:
        """Records that a person (default: who causes the step) performed a legal act."""
        who = person_id or self.person_id
        if who is not None:
            self.session.add(PerformedAct(instance_id=self.instance.id, act=act, person_id=who, at=self.now))

    def performed(self) -> list[tuple[str, str]]:
        """(act, person) pairs of what was done in this case."""
        rows = self.session.execute(
            select(PerformedAct.act, PerformedAct.person_id).where(
                PerformedAct.instance_id == self.instance.id
            )
        )
        return [(act, person) for act, person in rows]

    def element_of(self, task: Task) -> Element:
        """The diagram element that a SpiffWorkflow task belongs to."""
        process_key = self.release.processes.owner[task.workflow.spec.name]
        return self.release.element(process_key, task.task_spec.bpmn_id)

    def run_operation(self, task: Task) -> None:
        """Runs a service task: the operation that it names, then the document that it produces."""
        element = self.element_of(task)
        self.leave(element)
        if element.operation is not None:
            values = operations.find(element.operation)(self, element)
            if values:
                self.set(element.process_key, values)
        self.issue(element)

    def issue(self, element: Element) -> None:
        """Issues the document that an element produces, if it names one."""
        if element.document is not None and element.operation != "issue_document":
            operations.find("issue_document")(self, element)

    def run_decision(self, task: Task) -> None:
        """Runs a business rule task: its outputs become variables of its process."""
        element = self.element_of(task)
        table = self.release.decision(element.decision or "")
        outcome = table.decide(self.expression_context())
        self.set(element.process_key, outcome)
        self.record("decision.taken", process=element.process_key, element=element.id, outcome=outcome)

    def expression_context(self) -> dict[str, Any]:
        """The variables as conditions and tables read them: moments in Asia/Shanghai, so that their day is ours."""
        return {name: _local(value) for name, value in self.variables.items()}

    def leave(self, element: Element) -> None:
        """Records the act and the moment that an element stands for.

        A moment that a form just gave, such as the day of service, stands.
        """
        if element.act is not None:
            self.perform(element.act)
        if element.marks is not None and element.marks not in self._marked:
            self.mark(element.marks, self.now)

    def run(self, task: Task) -> None:
        """Completes a task of the workflow that waited for a person."""
        self.workflow_does(task.run)
        self._passed(task)

    def workflow_does(self, act: Callable[[], object]) -> None:
        """Lets the library act, and words what it raises as an error of ours."""
        try:
            act()
        except SpiffWorkflowException as error:
            cause = error.__cause__ or error.__context__
            if isinstance(cause, AnliuError):
                raise cause from None
            raise StuckStep(N_("The process can't go on: %(detail)s"), detail=str(error)) from error

    def _passed(self, task: Task) -> None:
        if getattr(task.task_spec, "bpmn_id", None) is None or not task.has_state(TaskState.COMPLETED):
            return
        element = self.element_of(task)
        self.session.add(
            Passage(
                instance_id=self.instance.id,
                process_key=element.process_key,
                element_id=element.id,
                at=self.now,
            )
        )

    def advance(self) -> None:
        """Runs the diagram on until it waits, and projects what it waits for."""
        self.workflow_does(lambda: self.workflow.do_engine_steps(did_complete_task=self._passed))
        state.prune(self.workflow)
        projection.project(self)
        if self.workflow.is_completed() and self.instance.state == "open":
            self.instance.state = "closed"
            self.instance.ended_at = self.now
            self.record("instance.ended")
        self.instance.state_blob = state.dump(self.workflow)
        flag_modified(self.instance, "state_blob")
        flag_modified(self.instance, "variables")


def _local(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _local(inner) for name, inner in value.items()}
    return value.astimezone(SHANGHAI) if isinstance(value, datetime) else value


@contextmanager
def stepping(system: System, instance_id: int, person_id: str | None) -> Iterator[Step]:
    """A step of an instance; what the caller does to the workflow inside is run on and saved at the end.

    :raises NotFound: there is no such instance.
    :raises Conflict: another step came between, which the databases' locks make rare.
    """
    try:
        with system.store.transaction() as session:
            instance = session.get(ProcessInstance, instance_id, with_for_update=True, populate_existing=True)
            if instance is None:
                raise NotFound(N_("There is no such case."))
            release = system.library.release(instance.release_id)
            workflow = state.load(instance.state_blob, release.processes, instance.process_key)
            step = Step(system, session, instance, release, workflow, person_id)
            yield step
            step.advance()
    except StaleDataError:
        raise Conflict(N_("Somebody else just changed this case. Please try again.")) from None
    system.wake()
