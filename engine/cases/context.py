"""What a document of a case can speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine.cases.tables import Case, Evidence, Party
from engine.deadlines.calendar import SHANGHAI
from engine.deadlines.compute import due, last_day
from engine.documents.presenting import Choice, present
from engine.documents.tables import Document
from engine.people.agencies import Agencies, Place
from engine.people.tables import Certificate, Person
from engine.runtime.step import Step
from engine.runtime.submissions import merge, settle
from engine.runtime.tables import Submission


@dataclass(frozen=True)
class Authority:
    """The education authority that acts in a case and signs its documents."""

    name: str
    short: str
    place_name: str
    government: str
    court: str


def authority(step: Step) -> Authority:
    """The authority of the case's place."""
    place: Place = Agencies.of(step.release).places[step.instance.place]
    return Authority(place.authority, f"{place.short}教", place.name, place.government, place.court)


def document_context(step: Step) -> dict[str, Any]:
    """The names that a document's source may use (docs/adding-a-step.md lists them)."""
    step.session.flush()
    case = step.session.get_one(Case, step.instance.id)
    sections, kinds = _sections(step)
    return {
        **sections,
        "case": _case(step, case),
        "agency": authority(step),
        "parties": [_party(row) for row in _of_case(step, Party, Party.id)],
        "evidence": [_evidence(row, kinds) for row in _of_case(step, Evidence, Evidence.number)],
        "documents": _documents(step),
        "moments": dict(step.moments),
        "due": _due(step),
    }


def _sections(step: Step) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """The latest answers by section with the labels of what was chosen, and the labels of kinds of evidence."""
    names = step.release.processes.data_name
    options = _labels(step)
    sections: dict[str, dict[str, Any]] = {name: {} for name in names.values()}
    kinds: dict[str, str] = {}
    submissions = step.session.scalars(
        select(Submission).where(Submission.instance_id == step.instance.id).order_by(Submission.id)
    )
    for row in submissions:
        shown = present(step.release.form(row.form_key), row.values, options)
        kinds.update({piece["kind"]: piece["kind"] for piece in shown.get("evidence", ())})
        section = sections[names[row.process_key]]
        if row.item is None:
            merge(section, row, shown)
        else:
            agency = Choice(row.item, options["agencies"].get(row.item, row.item))
            section.setdefault(row.element_id, []).append({**shown, "agency": agency, "at": row.at})
    settle(sections)
    for key, variables in step.variables.items():  # what operations and decision tables found
        for name, value in variables.items():
            sections.setdefault(key, {}).setdefault(name, value)
    return sections, kinds


def _labels(step: Step) -> dict[str, dict[str, str]]:
    lists = step.system.form_options(step.session, step.instance, step.instance.place)
    return {name: {option.value: option.label for option in options} for name, options in lists.items()}


def _case(step: Step, case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "address": case.address,
        "summary": case.summary,
        "filing_number": case.filing_number,
        "filed_at": case.filed_at,
        "registered_at": case.registered_at,
        "closed_at": case.closed_at,
        "outcome": case.outcome,
        "place_name": authority(step).place_name,
        "officer_1": _officer(step, case.officer_1),
        "officer_2": _officer(step, case.officer_2),
    }


def _officer(step: Step, person_id: str | None) -> dict[str, str]:
    if person_id is None:
        return {"name": "", "certificate": ""}
    today = step.now.astimezone(SHANGHAI).date()
    certificate = step.session.scalar(
        select(Certificate.number).where(
            Certificate.person_id == person_id, Certificate.valid_from <= today, Certificate.valid_to >= today
        )
    )
    return {"name": step.session.get_one(Person, person_id).name, "certificate": certificate or ""}


def _of_case(step: Step, table: type[Any], order: Any) -> list[Any]:
    return list(step.session.scalars(select(table).where(table.case_id == step.instance.id).order_by(order)))


ROLES = {
    "organiser": "举办者",
    "tutor": "培训人员",
    "institution": "机构",
    "landlord": "场所提供者",
    "responsible": "直接负责的主管人员",
}


def _party(row: Party) -> dict[str, Any]:
    return {
        "name": row.name,
        "kind": row.kind,
        "role": row.role,
        "role_name": ROLES.get(row.role, row.role),
        "identifier": row.identifier,
        "phone": row.phone,
        "address": row.address,
    }


def _evidence(row: Evidence, kinds: Mapping[str, str]) -> dict[str, Any]:
    return {
        "number": row.number,
        "kind": kinds.get(row.kind, row.kind),
        "name": row.name,
        "collected_at": row.collected_at,
        "place": row.place,
        "provider": row.provider,
        "note": row.note,
        "agency": row.agency,
        "pages": row.pages,
    }


def _documents(step: Step) -> dict[str, Mapping[str, Any]]:
    rows = step.session.scalars(
        select(Document).where(Document.instance_id == step.instance.id).order_by(Document.id)
    )
    return {row.kind: {"title": row.title, "number": row.number, "issued_on": row.issued_at} for row in rows}


def _due(step: Step) -> dict[str, Any]:
    """The last day of every period whose clock has started, by rule."""
    return {
        rule.id: last_day(due(rule, step.moments[rule.starts_at]).due_at)
        for rule in step.release.deadline_rules.values()
        if rule.starts_at in step.moments
    }
