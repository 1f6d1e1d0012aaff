"""The page of a task: its form, and beside it what is needed to fill it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import login_required
from sqlalchemy import select
from werkzeug.wrappers import Response

from engine.cases.options import form_options
from engine.cases.reading import case_file, diagram, inbox
from engine.cases.reading.case_file import CaseFile
from engine.cases.tables import Party
from engine.errors import N_, AnliuError, FormRefused, NotFound
from engine.people.permissions import may_do, may_see_case, may_see_reporter
from engine.runtime import user_tasks
from engine.runtime.definitions import Release
from engine.runtime.submissions import prefill
from engine.runtime.tables import ProcessInstance, Submission, UserTask
from engine.system import System
from forms.definition import Kind, keyed
from forms.schema import Form
from webapp.addresses import inside
from webapp.database import db, fresh
from webapp.language import error_text, localized, next_step
from webapp.pages.typed import decoded, form_context, sent_ticket, wants_fields_only
from webapp.sign_in import the_actor, the_system
from webapp.tickets import Ticket
from webapp.times import now
from webapp.words import whom

blueprint = Blueprint("task", __name__)
NAMED = 3
"""How many next tasks a message names."""


@dataclass(frozen=True)
class Work:
    """A task with what its page needs to know of it."""

    task: UserTask
    instance: ProcessInstance
    release: Release
    form: Form


@blueprint.get("/tasks/<int:task_id>")
@login_required
def show(task_id: int) -> tuple[str, int]:
    """The task with its form, filled in as far as the case knows."""
    work = the_work(task_id)
    values = work.form.initial(prefill(db.session(), work.instance, work.release, now()))
    return page(task_id, values=_with_party(work, values))


@blueprint.post("/tasks/<int:task_id>")
@login_required
def submit(task_id: int) -> tuple[str, int] | Response:
    """Completes the task and goes to the person's next one in the same case, or to the inbox."""
    work = the_work(task_id)
    sent = decoded(work.form)
    ticket = sent_ticket()
    if not sent.submitted:
        return page(task_id, values=sent.raw, ticket=ticket, focus=sent.focus)
    if ticket is None:
        note = gettext("This form was open for too long. Check it and send it again.")
        return page(task_id, values=sent.raw, note=note)
    name = localized(work.task.name, work.task.name_en)
    try:
        done = user_tasks.complete(the_system(), task_id, the_actor().id, sent.raw, ticket.key)
    except FormRefused as error:
        fresh()
        return page(task_id, values=sent.raw, ticket=ticket, errors=error.errors, status=error.status)
    except AnliuError as error:
        fresh()
        return page(task_id, values=sent.raw, ticket=ticket, refused=error, status=error.status)
    fresh()
    flash(_what_happened(name, done.instance_id))
    following = inbox.next_task(db.session(), the_actor(), done.instance_id)
    return redirect(url_for("task.show", task_id=following.id) if following else url_for("inbox.show"))


@blueprint.post("/tasks/<int:task_id>/claim")
@login_required
def claim(task_id: int) -> Response:
    """Takes the task for oneself."""
    return _assign(task_id, user_tasks.claim, gettext("Claimed. Colleagues see that you have this task."))


@blueprint.post("/tasks/<int:task_id>/release")
@login_required
def release(task_id: int) -> Response:
    """Gives the task back to the group."""
    return _assign(
        task_id, user_tasks.release, gettext("Given back. Your colleagues can take this task again.")
    )


def the_work(task_id: int) -> Work:
    """A task of a case that the person may see.

    :raises NotFound: there is none, or the person may not see its case.
    """
    task = db.session.get(UserTask, task_id)
    instance = db.session.get(ProcessInstance, task.instance_id) if task else None
    if task is None or instance is None or not may_see_case(db.session(), the_actor(), instance):
        raise NotFound(N_("There is no such task."))
    g.case_number = instance.business_key
    release = the_system().library.release(instance.release_id)
    return Work(task, instance, release, release.form(task.form_key))


def form_of(task_id: int) -> Form | None:
    """The form of a task, whoever asks; None where there is no such task."""
    row = db.session.execute(
        select(ProcessInstance.release_id, UserTask.form_key)
        .join(UserTask, UserTask.instance_id == ProcessInstance.id)
        .where(UserTask.id == task_id)
    ).first()
    return the_system().library.release(row.release_id).form(row.form_key) if row else None


def page(
    task_id: int,
    *,
    values: Mapping[str, Any],
    ticket: Ticket | None = None,
    errors: Mapping[str, Sequence[Any]] | None = None,
    refused: AnliuError | None = None,
    focus: str | None = None,
    note: str = "",
    status: int = 200,
) -> tuple[str, int]:
    """The page of a task.

    :param values: what is filled in, as typed.
    :param ticket: of the rendering before, so that sending twice completes once; a fresh one by default.
    :param refused: why the engine did not take what was sent.
    :param note: what to tell the person above the form.
    """
    work = the_work(task_id)
    system, actor, session = the_system(), the_actor(), db.session()
    shared = {
        "form": work.form,
        "values": values,
        "errors": errors or {},
        "options": form_options(session, system, work.instance, work.task.place),
        "context": form_context(work.instance.variables, now()),
        "focus": focus,
    }
    if wants_fields_only():
        return render_template("task/fields_only.html", **shared), status
    file = case_file.read(session, actor, work.instance)
    hindrance = _hindrance(work)
    body = render_template(
        "task/show.html",
        **shared,
        task=work.task,
        instance=work.instance,
        release=work.release,
        file=file,
        diagrams=diagram.diagrams(work.release, work.instance.process_key, file.passages, file.tasks, now()),
        ticket=ticket or Ticket.new(actor.id, url_for("task.show", task_id=task_id)),
        note=note,
        typed=refused is not None,
        hindrance=hindrance,
        advice=next_step(hindrance) if hindrance else "",
        refused=refused,
        refusal=error_text(refused) if refused and not hindrance and work.task.state == "open" else "",
        candidate=may_do(actor, work.task),
        submission=_submission(file, work.task),
        reporter=may_see_reporter(actor, work.instance.place),
        unsaved=bool(errors or refused or note),
    )
    return body, status


def _with_party(work: Work, values: dict[str, Any]) -> dict[str, Any]:
    """Fills the party that a form asks for with the one that the case is about; the person checks it."""
    wanted = [
        field
        for field in work.form.fields
        if field.kind is Kind.PARTY and not any((values.get(field.key) or {}).values())
    ]
    if not wanted:
        return values
    query = select(Party).where(Party.case_id == work.instance.id).order_by(Party.id).limit(1)
    party = db.session.scalar(query)
    if party is None:
        return values
    for field in wanted:
        known = {part.key: getattr(party, part.key, None) for part in keyed(field.children)}
        values[field.key] = {key: value for key, value in known.items() if isinstance(value, str) and value}
    return values


def _hindrance(work: Work) -> AnliuError | None:
    """Why the person can't complete the task now; None where they can."""
    if work.task.state != "open":
        return None
    try:
        user_tasks.require_may_perform(db.session(), work.release.legal_rules, work.task, the_actor().id)
    except AnliuError as error:
        return error
    return None


def _submission(file: CaseFile, task: UserTask) -> Submission | None:
    return next((each for each in file.submissions if each.task_id == task.id), None)


def _what_happened(name: str, instance_id: int) -> str:
    """What to tell the person who just completed a task: where the case went."""
    said = gettext("“%(name)s” is done.", name=name)
    instance = db.session.get_one(ProcessInstance, instance_id)
    if instance.state != "open":
        return f"{said} {gettext('The case is closed.')}"
    following = db.session.scalars(
        select(UserTask)
        .where(UserTask.instance_id == instance_id, UserTask.state == "open")
        .order_by(UserTask.id.desc())
        .limit(NAMED)
    ).all()
    if not following:
        return said
    steps = [
        f"{localized(task.name, task.name_en)} ({whom(task.candidate_group, task.place, task.agency)})"
        for task in following
    ]
    return f"{said} {gettext('Now waiting: %(steps)s.', steps=gettext(', ').join(steps))}"


def _assign(task_id: int, act: Callable[[System, int, str], None], said: str) -> Response:
    the_work(task_id)
    act(the_system(), task_id, the_actor().id)
    fresh()
    flash(said)
    return redirect(inside(request.form.get("next"), url_for("task.show", task_id=task_id)))
