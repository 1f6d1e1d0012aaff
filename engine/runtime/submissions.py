"""What people filled in: kept whole, and as far as the flow decides on it, among the variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadlines.calendar import SHANGHAI
from engine.errors import N_, FormRefused
from engine.runtime.definitions import Release
from engine.runtime.parser import Element
from engine.runtime.step import Step
from engine.runtime.tables import ProcessInstance, Submission
from forms.errors import FieldError, FormErrors
from forms.schema import Form, Option

if TYPE_CHECKING:
    from engine.system import System

_KEYS = "$keys"  # no field can be called that


def keep(
    step: Step,
    element: Element,
    form: Form,
    values: Mapping[str, Any],
    *,
    key: str,
    task_id: int | None = None,
    item: str | None = None,
) -> Submission:
    """Stores the cleaned answers, sets the variables and the moments that come from them."""
    submission = Submission(
        instance_id=step.instance.id,
        task_id=task_id,
        process_key=element.process_key,
        element_id=element.id,
        form_key=form.key,
        item=item,
        values=dict(values),
        person_id=step.person_id or "",
        at=step.now,
        key=key,
    )
    step.session.add(submission)
    flow = form.flow_values(values)
    if item is None:
        step.set(element.process_key, flow)
    else:
        _set_of_item(step, element, item, flow)
    for moment, at in form.moments(values).items():
        step.mark(moment, at)
    step.session.flush()
    return submission


def _set_of_item(step: Step, element: Element, item: str, flow: Mapping[str, Any]) -> None:
    """Answers of one instance of a multi-instance task: ``consultation.give_opinion.police.opinion``."""
    name = step.release.processes.data_name[element.process_key]
    step.variables.setdefault(name, {}).setdefault(element.id, {})[item] = dict(flow)


def clean(step: Step, form: Form, values: Mapping[str, Any], place: str, opened: datetime) -> dict[str, Any]:
    """The answers as the form accepts them, the files that they name included.

    :param opened: aware UTC time at which the task was opened.

    :raises FormRefused: with what is wrong, by field; nothing is changed.
    """
    options = step.system.form_options(step.session, step.instance, place)
    context = context_at(step.variables, step.now, opened=opened, person=step.person_id)
    return checked(step.system, form, values, options, context)


def checked(
    system: System,
    form: Form,
    values: Mapping[str, Any],
    options: Mapping[str, Sequence[Option]],
    context: Mapping[str, Any],
) -> dict[str, Any]:
    """The same, before there is an instance."""
    try:
        cleaned = form.clean(values, options=options, context=context)
    except FormErrors as error:
        raise FormRefused(error.errors) from None
    lost = {
        path: [
            FieldError(
                N_("The file %(name)s did not arrive; please choose it again."), {"name": file["name"]}
            )
        ]
        for path, file in form.files(cleaned)
        if not system.files.has(file["sha256"])
    }
    if lost:
        raise FormRefused(lost)
    return cleaned


def context_at(
    variables: Mapping[str, Any], now: datetime, *, opened: datetime | None = None, person: str | None = None
) -> dict[str, Any]:
    """What the conditions and checks of a form may read: the case's variables, and what is given.

    Given are ``now``, ``today`` and ``opened`` (its day and the day on which the task was opened, in
    Asia/Shanghai) and ``person`` (the account that fills in the form).

    :param now: aware UTC.
    :param opened: aware UTC; now by default, as for a form that starts a case.
    """
    return {
        **variables,
        "now": now,
        "today": now.astimezone(SHANGHAI).date(),
        "opened": (opened or now).astimezone(SHANGHAI).date(),
        "person": person,
    }


def prefill(session: Session, instance: ProcessInstance, release: Release, now: datetime) -> dict[str, Any]:
    """What a form may be pre-filled from: all that was answered or found in the case so far."""
    found = answers(session, instance.id, release.processes.data_name)
    for section, values in instance.variables.items():
        for name, value in values.items():
            found.setdefault(section, {}).setdefault(name, value)
    return context_at(found, now)


def answers(session: Session, instance_id: int, data_names: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The latest answers of an instance, whole: by process, then field.

    Those of multi-instance tasks are lists under the element's id, with ``agency``, ``person`` and ``at``.

    :param data_names: under which name each process's answers go (``Processes.data_name``).
    """
    found: dict[str, dict[str, Any]] = {}
    rows = session.scalars(
        select(Submission).where(Submission.instance_id == instance_id).order_by(Submission.id)
    )
    for row in rows:
        section = found.setdefault(data_names.get(row.process_key, row.process_key), {})
        if row.item is None:
            merge(section, row, row.values)
        else:
            entry = {**row.values, "agency": row.item, "person": row.person_id, "at": row.at}
            section.setdefault(row.element_id, []).append(entry)
    settle(found)
    return found


def merge(section: dict[str, Any], row: Submission, values: Mapping[str, Any]) -> None:
    """Puts a submission's values into its section, in place of all that the same form held before.

    What a second round leaves empty, such as a fine that was dropped, is gone and not kept from the first.
    """
    keys = section.setdefault(_KEYS, {})
    for key in keys.get(row.form_key, ()):
        section.pop(key, None)
    keys[row.form_key] = list(values)
    section.update(values)


def settle(sections: Mapping[str, dict[str, Any]]) -> None:
    """Takes out what :func:`merge` noted while it worked."""
    for section in sections.values():
        section.pop(_KEYS, None)
