"""The story of a case in words, from its audit trail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext

from engine.audit.tables import AuditEvent
from engine.cases.reading.case_file import CaseFile
from engine.runtime.definitions import Release
from engine.runtime.parser import Element
from webapp.language import localized
from webapp.words import choice, outcome_words

QUIET = frozenset(
    {"task.opened", "task.claimed", "task.released", "instance.started", "decision.taken", "timer.fired"}
)
"""Kinds that matter less: shown smaller, and left out of a print."""
SKIPPED = frozenset({"instance.started", "instance.ended", "decision.made"})
"""Kinds that another event of the same step tells better."""


@dataclass(frozen=True)
class Moment:
    """One line of the story."""

    at: datetime
    seq: int
    icon: str
    tone: str
    """``plain``, ``good``, ``bad`` or ``quiet``."""
    text: str
    detail: str
    who: str
    """The person's name; empty when the clock or the engine did it."""


def story(file: CaseFile, release: Release) -> Iterator[Moment]:
    """The case's events, newest first."""
    for event in reversed(file.events):
        if event.kind in SKIPPED:
            continue
        icon, tone, text, detail = _words(event, release, file)
        who = file.names.get(event.person_id, event.person_id) if event.person_id else ""
        yield Moment(event.at, event.seq, icon, "quiet" if event.kind in QUIET else tone, text, detail, who)


def _words(event: AuditEvent, release: Release, file: CaseFile) -> tuple[str, str, str, str]:
    """Icon, tone, sentence and detail of an event."""
    said: Mapping[str, Any] = event.detail
    name = element_name(release, said)
    match event.kind:
        case "tip.registered":
            channel = choice(release, "register_tip", "channel", said.get("channel"))
            return "file-plus", "plain", gettext("Tip registered"), channel
        case "task.opened":
            return "circle-dashed", "quiet", gettext("To do: %(name)s", name=name), ""
        case "task.claimed":
            return "hand-grab", "quiet", gettext("Claimed: %(name)s", name=name), ""
        case "task.released":
            return "hand-off", "quiet", gettext("Given back: %(name)s", name=name), ""
        case "task.completed":
            return "check", "good", name, ""
        case "task.cancelled":
            return "circle-x", "quiet", gettext("No longer needed: %(name)s", name=name), ""
        case "decision.taken":
            return "scale", "quiet", gettext("Decided by table: %(name)s", name=name), ""
        case "timer.fired":
            return (
                "hourglass",
                "quiet",
                gettext("A period ended: %(name)s", name=rule_name(release, said) or name),
                "",
            )
        case "deadline.missed":
            return (
                "clock-exclamation",
                "bad",
                gettext("Overdue: %(name)s", name=rule_name(release, said) or name),
                "",
            )
        case "document.issued":
            return (
                "file-text",
                "plain",
                gettext("Document issued: %(title)s", title=said.get("title", "")),
                said.get("number") or "",
            )
        case "evidence.recorded":
            kind = choice(release, "collect_evidence", "evidence.*.kind", said.get("kind"))
            text = gettext(
                "Evidence %(number)s: %(name)s", number=said.get("number", ""), name=said.get("name", "")
            )
            return "paperclip", "plain", text, kind
        case "case.filed":
            officers = "、".join(file.names.get(each, each) for each in said.get("officers", ()))
            text = gettext("Case filed: %(number)s", number=said.get("number", ""))
            return "gavel", "good", text, gettext("Officers: %(names)s", names=officers) if officers else ""
        case "decision.published":
            return "external-link", "plain", gettext("Decision made public"), ""
        case "listing.shared":
            return "send", "plain", gettext("Listing shared with the credit platform"), ""
        case "case.closed":
            return "flag", "good", gettext("Closed"), outcome_words(release, said.get("outcome"))
        case _:
            return "circle-dot", "quiet", event.kind, name


def element_name(release: Release, said: Mapping[str, Any]) -> str:
    """The name of the diagram's element that an event is about, in the reader's language."""
    found = element(release, said)
    return localized(found.name, found.name_en) if found else str(said.get("name", ""))


def element(release: Release, said: Mapping[str, Any]) -> Element | None:
    """The diagram's element that an event is about: for a timer, the step that it watches."""
    process_key = said.get("process")
    element_id = said.get("attached_to") or said.get("element")
    if process_key is None or element_id is None:
        return None
    return release.processes.elements.get((process_key, element_id))


def rule_name(release: Release, said: Mapping[str, Any]) -> str:
    """The name of the deadline rule that an event is about; empty where there is none."""
    rule = release.deadline_rules.get(said.get("rule") or "")
    return localized(rule.name, rule.name_en) if rule else ""
