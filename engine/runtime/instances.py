"""Starting process instances."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import N_, AlreadyDone
from engine.runtime import state
from engine.runtime.parser import Element
from engine.runtime.step import Step
from engine.runtime.submissions import checked, context_at, keep
from engine.runtime.tables import ProcessInstance, Submission

if TYPE_CHECKING:
    from engine.system import System


@dataclass(frozen=True)
class Started:
    """A new instance."""

    instance_id: int
    business_key: str


def start(
    system: System,
    process_key: str,
    person_id: str,
    values: Mapping[str, Any],
    *,
    place: str,
    key: str,
    business_key: Callable[[Session], str],
) -> Started:
    """Starts an instance with the answers to its start form, in one transaction.

    :param values: the start form's answers, as they came in.
    :param place: the county's id, or ``city``.
    :param key: idempotency key: the same key starts one instance, however often it is sent.
    :param business_key: gives the instance's number, inside the transaction.
    :raises FormRefused: an answer doesn't fit; nothing is changed.
    """
    with system.store.transaction() as session:
        sent = session.scalar(select(Submission).where(Submission.key == key))
        if sent is not None:
            if sent.task_id is not None or sent.person_id != person_id:
                raise AlreadyDone(N_("This key was used for another task."))
            known = session.get_one(ProcessInstance, sent.instance_id)
            return Started(known.id, known.business_key)
        release = system.library.current(session)
        element = _start_event(release.processes.elements, process_key)
        form = release.form(element.form or "")
        options = system.form_options(session, None, place)
        cleaned = checked(system, form, values, options, context_at({}, system.clock.now(), person=person_id))
        workflow = state.start(release.processes, process_key)
        instance = ProcessInstance(
            process_key=process_key,
            release_id=release.id,
            business_key=business_key(session),
            place=place,
            state="open",
            variables={},
            state_blob=b"",
            started_at=system.clock.now(),
            started_by=person_id,
        )
        session.add(instance)
        session.flush()
        step = Step(system, session, instance, release, workflow, person_id)
        step.record("instance.started", process=process_key)
        keep(step, element, form, cleaned, key=key)
        step.advance()
        started = Started(instance.id, instance.business_key)
    system.wake()
    return started


def _start_event(elements: Mapping[tuple[str, str], Element], process_key: str) -> Element:
    return next(
        element
        for (key, _), element in elements.items()
        if key == process_key and element.kind == "startEvent" and element.form
    )
