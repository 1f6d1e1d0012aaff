"""The diagrams of a case, for the viewer: the BPMN itself, and where the case stands on it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, jsonify
from flask_babel import gettext
from flask_login import login_required
from lxml import etree

from engine.cases.reading import case_file, diagram
from engine.cases.reading.diagram import Diagram, Mark
from engine.deadlines.calendar import SHANGHAI
from engine.errors import N_, NotFound
from engine.runtime import xml
from engine.runtime.vocabulary import ANLIU
from webapp.database import db
from webapp.language import is_english, localized
from webapp.pages.case import the_case
from webapp.sign_in import the_actor, the_system
from webapp.times import due_words, now, short_day

blueprint = Blueprint("diagram", __name__)
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"


@blueprint.get("/cases/<number>/diagrams/<process_key>.bpmn")
@login_required
def source(number: str, process_key: str) -> Response:
    """The diagram as the case's release has it, its words in the reader's language."""
    release = the_system().library.release(the_case(number).release_id)
    content = release.source("process", process_key).encode()
    return Response(_in_english(content) if is_english() else content, mimetype="application/xml")


@blueprint.get("/cases/<number>/diagrams/<process_key>.json")
@login_required
def state(number: str, process_key: str) -> Response:
    """Which elements are done, current and overdue, with a sentence for each."""
    instance = the_case(number)
    release = the_system().library.release(instance.release_id)
    file = case_file.read(db.session(), the_actor(), instance)
    found = diagram.diagrams(release, instance.process_key, file.passages, file.tasks, now())
    if process_key not in found:
        raise NotFound(N_("There is no such diagram."))
    shown = found[process_key]
    return jsonify(
        name=localized(shown.name, shown.name_en),
        parent=_parent(found, process_key),
        elements={
            element_id: {
                "state": mark.state,
                "text": sentence(mark, file.names),
                "calls": mark.element.called,
            }
            for element_id, mark in shown.marks.items()
        },
    )


def _in_english(content: bytes) -> bytes:
    """The diagram with its English names, where it has them, in place of the Chinese ones.

    The places of labels were measured for Chinese; without them the viewer finds its own.
    """
    root = xml.parse(content, "diagram")
    for element in root.iter(etree.Element):
        english = element.get(f"{{{ANLIU}}}en")
        if english and element.get("name"):
            element.set("name", english)
    for label in list(root.iter(f"{{{BPMNDI}}}BPMNLabel")):
        parent = label.getparent()
        if parent is not None:
            parent.remove(label)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _parent(found: dict[str, Diagram], process_key: str) -> str | None:
    """The process whose diagram calls this one."""
    for key, other in found.items():
        if any(mark.element.called == process_key for mark in other.marks.values()):
            return key
    return None


def sentence(mark: Mark, names: Mapping[str, str]) -> str:
    """An element and what has become of it, in a line.

    :param names: names of people by account.
    """
    said = [localized(mark.element.name, mark.element.name_en)]
    match mark.state:
        case "done":
            said.append(gettext("done"))
        case "current":
            said.append(gettext("in progress"))
        case "overdue":
            said.append(gettext("overdue"))
    for task in mark.tasks:
        if task.state == "done" and task.completed_at:
            who = names.get(task.completed_by or "", task.completed_by)
            said.append(f"{who} {short_day(task.completed_at.astimezone(SHANGHAI).date())}")
        elif task.state == "open" and task.due_at:
            said.append(due_words(task.due_at))
    return " · ".join(said)
