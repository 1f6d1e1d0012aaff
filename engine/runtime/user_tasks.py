"""What a person does with a user task: claim it, release it, complete it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import events
from engine.errors import N_, AlreadyDone, NotFound, NotYourTask
from engine.people import permissions, separation_of_duties
from engine.runtime import timers
from engine.runtime.step import Step, stepping
from engine.runtime.submissions import clean, keep
from engine.runtime.tables import PerformedAct, ProcessInstance, Submission, UserTask

if TYPE_CHECKING:
    from engine.system import System


@dataclass(frozen=True)
class Completion:
    """A completed task, and the tasks of the same instance that the person may do next."""

    task_id: int
    instance_id: int
    next_tasks: tuple[int, ...]


def complete(system: System, task_id: int, person_id: str, values: Mapping[str, Any], key: str) -> Completion:
    """Completes a task with the answers to its form: checks, step, projection, audit, outbox, in one transaction.

    Deadlines that passed before now take effect first, whether or not a dispatcher got to them.

    :param values: the answers as they came in, from a page, the API or a scenario file.
    :param key: idempotency key: sent again, it answers the same and does nothing more.
    :raises NotFound: there is no such task.
    :raises NotYourTask: it belongs to others, or somebody else claimed it.
    :raises AlreadyDone: it was finished, by whom and when is in ``params``.
    :raises RuleBroken: separation of duties forbids it to this person.
    :raises FormRefused: answers don't fit; nothing is changed.
    """
    with system.store.reading() as session:
        task = _get(session, task_id)
        repeated = _repeated(session, task, person_id, key)
    if repeated is not None:
        return repeated
    timers.fire_due(system, task.instance_id)
    with stepping(system, task.instance_id, person_id) as step:
        task = _get(step.session, task_id)  # read again, under the instance's lock
        repeated = _repeated(step.session, task, person_id, key)
        if repeated is None:
            _complete(step, task, values, key)
    if repeated is not None:
        return repeated
    with system.store.reading() as session:
        return _answer(session, task, person_id)


def claim(system: System, task_id: int, person_id: str) -> None:
    """Takes a task for oneself; of several who try, the database lets one win.

    :raises NotYourTask: it belongs to others, or somebody else was first.
    :raises AlreadyDone: it was finished.
    :raises RuleBroken: separation of duties forbids it to this person.
    """
    _assign(system, task_id, person_id, person_id)


def release(system: System, task_id: int, person_id: str) -> None:
    """Gives a claimed task back to its group.

    :raises NotYourTask: somebody else has it.
    :raises AlreadyDone: it was finished.
    """
    _assign(system, task_id, person_id, None)


def require_may_perform(session: Session, rules: Mapping[str, Any], task: UserTask, person_id: str) -> None:
    """Refuses who may not do the task: by group, place and agency, by claim, by separation of duties.

    :raises NotYourTask: not a candidate, or claimed by another.
    :raises RuleBroken: with the article that forbids it.
    """
    actor = permissions.load(session, person_id)
    performed = session.execute(
        select(PerformedAct.act, PerformedAct.person_id).where(PerformedAct.instance_id == task.instance_id)
    )
    # First what the law forbids: whoever acted in the case learns the article, not only that it's another's task.
    separation_of_duties.check(rules, task.act, person_id, [(act, who) for act, who in performed])
    permissions.require_candidate(actor, task)
    permissions.require_unclaimed(actor, task)


def _get(session: Session, task_id: int) -> UserTask:
    task = session.get(UserTask, task_id)
    if task is None:
        raise NotFound(N_("There is no such task."))
    return task


def _require_open(task: UserTask) -> None:
    if task.state == "done":
        raise AlreadyDone(
            N_("%(who)s finished this task at %(at)s."),
            who=task.completed_by,
            at=task.completed_at,
            task=task.id,
        )
    if task.state != "open":
        raise AlreadyDone(N_("This task is no longer open: the case has gone on without it."), task=task.id)


def _repeated(session: Session, task: UserTask, person_id: str, key: str) -> Completion | None:
    sent = session.scalar(select(Submission).where(Submission.key == key))
    if sent is None:
        return None
    if sent.task_id != task.id or sent.person_id != person_id:
        raise AlreadyDone(N_("This key was used for another task."))
    return _answer(session, task, person_id)


def _answer(session: Session, task: UserTask, person_id: str) -> Completion:
    actor = permissions.load(session, person_id)
    mine = session.scalars(
        select(UserTask.id)
        .where(
            UserTask.instance_id == task.instance_id, UserTask.state == "open", permissions.task_filter(actor)
        )
        .order_by(UserTask.due_at, UserTask.id)
    )
    return Completion(task.id, task.instance_id, tuple(mine))


def _complete(step: Step, task: UserTask, values: Mapping[str, Any], key: str) -> None:
    assert step.person_id is not None
    _require_open(task)
    require_may_perform(step.session, step.release.legal_rules, task, step.person_id)
    element = step.release.element(task.process_key, task.element_id)
    form = step.release.form(task.form_key)
    cleaned = clean(step, form, values, task.place, task.created_at)
    task.state = "done"
    task.completed_by = step.person_id
    task.completed_at = step.now
    task.assignee = step.person_id
    step.task_id = task.id
    keep(step, element, form, cleaned, key=key, task_id=task.id, item=task.item)
    step.record(
        "task.completed",
        task=task.id,
        process=task.process_key,
        element=task.element_id,
        name=task.name,
        form=form.key,
    )
    step.leave(element)
    step.issue(element)
    step.run(step.workflow.get_task_from_id(UUID(task.spiff_id)))


def _assign(system: System, task_id: int, person_id: str, assignee: str | None) -> None:
    with system.store.transaction() as session:
        # The instance's lock decides between those who claim at once, as it does between steps.
        owner = _get(session, task_id).instance_id
        instance = session.get_one(ProcessInstance, owner, with_for_update=True, populate_existing=True)
        task = session.get_one(UserTask, task_id, populate_existing=True)
        _require_open(task)
        rules = system.library.release(instance.release_id).legal_rules
        require_may_perform(session, rules, task, person_id)
        if assignee is None and task.assignee != person_id:
            raise NotYourTask(N_("You have not claimed this task."))
        if task.assignee == assignee:
            return
        task.assignee = assignee
        task.claimed_at = system.clock.now() if assignee else None
        events.record(
            session,
            chain=instance.business_key,
            kind="task.claimed" if assignee else "task.released",
            at=system.clock.now(),
            person_id=person_id,
            instance_id=instance.id,
            release_id=instance.release_id,
            detail={
                "task": task.id,
                "process": task.process_key,
                "element": task.element_id,
                "name": task.name,
            },
        )
