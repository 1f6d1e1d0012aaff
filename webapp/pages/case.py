"""The page of a case: what it is, what is due, what happened so far, and everything in its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, g, render_template, request
from flask_login import login_required

from engine.cases.options import form_options
from engine.cases.reading import case_file, diagram
from engine.cases.reading.case_file import CaseFile
from engine.people.permissions import may_do, may_see_reporter
from engine.runtime.definitions import Release
from engine.runtime.parser import Element
from engine.runtime.tables import ProcessInstance, Submission
from forms.schema import Form
from webapp import timeline
from webapp.database import db
from webapp.sign_in import the_actor, the_system
from webapp.times import now

blueprint = Blueprint("case", __name__)


@dataclass(frozen=True)
class Answered:
    """One form that was filled in, ready to be shown."""

    element: Element
    form: Form
    submission: Submission
    values: dict[str, object]
    """Without what the reader may not see."""


@dataclass(frozen=True)
class Phase:
    """What was filled in within one process of the case."""

    process_key: str
    name: str
    name_en: str
    answered: Sequence[Answered]


@blueprint.get("/cases/<number>")
@login_required
def show(number: str) -> str:
    """The case's page. ``?diagram=<process>`` chooses the diagram, for who has no JavaScript."""
    instance = the_case(number)
    system = the_system()
    file = case_file.read(db.session(), the_actor(), instance)
    release = system.library.release(instance.release_id)
    diagrams = diagram.diagrams(release, instance.process_key, file.passages, file.tasks, now())
    chosen = request.args.get("diagram", "")
    return render_template(
        "case/show.html",
        file=file,
        instance=instance,
        case=file.case,
        release=release,
        diagrams=diagrams,
        chosen=chosen if chosen in diagrams else instance.process_key,
        phases=phases(file, release, reporter=may_see_reporter(the_actor(), instance.place)),
        options=form_options(db.session(), system, instance, instance.place),
        story=list(timeline.story(file, release)),
        mine={task.id for task in file.open_tasks if may_do(the_actor(), task)},
    )


@blueprint.get("/cases/<number>/documents")
@login_required
def documents(number: str) -> str:
    """The list of documents alone: asked for again while one is being made."""
    instance = the_case(number)
    file = case_file.read(db.session(), the_actor(), instance)
    return render_template("case/documents_only.html", file=file, instance=instance)


def the_case(number: str) -> ProcessInstance:
    """The case by its number, for who may see it; templates link its files by it.

    :raises NotFound: there is none, or the person may not see it.
    """
    instance = case_file.find(db.session(), the_actor(), number)
    g.case_number = instance.business_key
    return instance


def phases(file: CaseFile, release: Release, *, reporter: bool) -> list[Phase]:
    """What was filled in, by the process that asked for it, in the order in which the processes began.

    :param reporter: whether the reader may see who reported the tip.
    """
    found: dict[str, list[Answered]] = {}
    for submission in file.submissions:
        form = release.form(submission.form_key)
        values = submission.values if reporter else form.public_values(submission.values)
        element = release.element(submission.process_key, submission.element_id)
        found.setdefault(submission.process_key, []).append(Answered(element, form, submission, values))
    return [Phase(key, *release.processes.names[key], answered) for key, answered in found.items()]
