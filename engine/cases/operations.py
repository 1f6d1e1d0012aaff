"""What service tasks of the case's diagrams may ask for: one function each, by the name in the diagram."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, select

from engine.cases import answers
from engine.cases.context import authority, document_context
from engine.cases.tables import Case, Evidence, Party, Reporter
from engine.deadlines.calendar import SHANGHAI
from engine.deadlines.compute import format_due
from engine.documents.issue import issue
from engine.documents.numbering import next_number
from engine.runtime.operations import operation
from engine.runtime.parser import Element
from engine.runtime.step import Step
from engine.runtime.tables import Submission

Values = Mapping[str, Any] | None
FILING_DOCUMENT = "filing_approval"
FILING_SERIES = "立"


@operation("register_case")
def register_case(step: Step, element: Element) -> Values:
    """Enters the tip as a case, with who is suspected and who reported it."""
    values = answers.latest(step, "tip")
    case = Case(
        instance_id=step.instance.id,
        number=step.instance.business_key,
        place=step.instance.place,
        address=values["address"]["detail"],
        channel=values["channel"],
        disguise=values.get("disguise"),
        summary=values["summary"],
        registered_at=step.now,
    )
    step.session.add(case)
    step.session.flush()
    _set_parties(step, values.get("suspects") or [])
    if not values.get("anonymous", True):
        step.session.add(
            Reporter(
                case_id=step.instance.id,
                name=values.get("reporter_name"),
                phone=values.get("reporter_phone"),
                wants_answer=bool(values.get("wants_answer")),
            )
        )
    step.record("tip.registered", number=case.number, channel=case.channel)
    return None


@operation("file_case")
def file_case(step: Step, element: Element) -> Values:
    """Files the case (行政处罚法第五十四条): its filing number, its two officers, its parties."""
    values = answers.latest(step, "filing")
    case = step.session.get_one(Case, step.instance.id)
    agency = authority(step)
    case.filing_number = next_number(
        step.session, agency.short, FILING_SERIES, step.now.astimezone(SHANGHAI).year
    )
    case.filed_at = step.now
    case.officer_1, case.officer_2 = values["officer_1"], values["officer_2"]
    # Both are handling officers from now on, whoever fills in the forms (行政处罚法第四十二条、第五十八条).
    for officer in (case.officer_1, case.officer_2):
        step.perform("investigate", officer)
    if values.get("parties"):
        step.session.execute(delete(Party).where(Party.case_id == step.instance.id))
        _set_parties(step, values["parties"])
    step.record("case.filed", number=case.filing_number, officers=[case.officer_1, case.officer_2])
    return None


@operation("record_evidence")
def record_evidence(step: Step, element: Element) -> Values:
    """Enters the evidence of the phase's forms in the case's list (行政处罚法第四十六条), each form once."""
    entered = set(
        step.session.scalars(select(Evidence.task_id).where(Evidence.case_id == step.instance.id).distinct())
    )
    last = (
        step.session.scalar(select(func.max(Evidence.number)).where(Evidence.case_id == step.instance.id))
        or 0
    )
    rows = step.session.scalars(
        select(Submission)
        .where(Submission.instance_id == step.instance.id, Submission.process_key == element.process_key)
        .order_by(Submission.id)
    )
    for row in rows:
        if row.task_id in entered:
            continue
        if row.values.get("second_officer"):
            step.perform("investigate", row.values["second_officer"])
        for piece in row.values.get("evidence") or []:
            last += 1
            step.session.add(
                Evidence(
                    case_id=step.instance.id,
                    number=last,
                    kind=piece["kind"],
                    name=piece["name"],
                    collected_at=piece.get("collected_at"),
                    place=piece.get("place"),
                    provider=piece.get("provider"),
                    collected_by=row.person_id,
                    second_officer=row.values.get("second_officer"),
                    agency=row.item or "",
                    pages=piece.get("pages"),
                    files=piece.get("files") or [],
                    note=piece.get("note"),
                    recorded_at=step.now,
                    task_id=row.task_id,
                )
            )
            step.record("evidence.recorded", number=last, kind=piece["kind"], name=piece["name"])
    return None


@operation("issue_document")
def issue_document(step: Step, element: Element) -> Values:
    """Issues the document that the element names: numbered and worded now, rendered by a job."""
    assert element.document is not None
    # The approval of filing bears the number that the case was filed under, not one of its own.
    filed = element.document == FILING_DOCUMENT
    number = step.session.get_one(Case, step.instance.id).filing_number if filed else None
    document = issue(
        step.session,
        step.release,
        element.document,
        step.instance.id,
        document_context(step),
        person_id=step.person_id,
        now=step.now,
        number=number,
    )
    step.record("document.issued", document=document.kind, title=document.title, number=document.number)
    return None


@operation("issue_decision")
def issue_decision(step: Step, element: Element) -> Values:
    """Notes on the case what was decided."""
    outcome = answers.latest(step, "decision")["outcome"]
    step.session.get_one(Case, step.instance.id).outcome = outcome
    step.record("decision.made", outcome=outcome)
    return None


@operation("set_refused")
def set_refused(step: Step, element: Element) -> Values:
    """The chief refused a transfer to the police: the case goes on as one of the agency's own."""
    return {"outcome": "refused"}


@operation("escalate_overdue")
def escalate_overdue(step: Step, element: Element) -> Values:
    """Tells the head of the place that a deadline has passed: once, however often the step is entered again."""
    timer = step.timer
    assert timer is not None, "only a deadline's boundary event leads here"
    overdue = step.release.element(timer.process_key, timer.attached_to or timer.element_id)
    step.put(
        "notice",
        f"overdue:{step.instance.business_key}:{timer.element_id}:{timer.due_at:%Y%m%d%H%M}",
        {
            "group": "head",
            "place": step.instance.place,
            "kind": "overdue",
            "case": step.instance.business_key,
            "name": overdue.name,
            "name_en": overdue.name_en,
            "due": format_due(timer.due_at),
            "rule": timer.rule,
        },
    )
    step.record("deadline.missed", rule=timer.rule, name=overdue.name, due_at=timer.due_at)
    return None


@operation("publish")
def publish(step: Step, element: Element) -> Values:
    """Sends the approved text to the publicity platform (行政处罚法第四十八条)."""
    values = answers.latest(step, "publication")
    number = step.instance.business_key
    step.put("publicity", f"publicity:{number}", {"case": number, "answers": values})
    step.record("decision.published")
    return None


@operation("share_listing")
def share_listing(step: Step, element: Element) -> Values:
    """Shares a listing with the credit information platform, once (the city's plan, part 4.3)."""
    number = step.instance.business_key
    step.put(
        "credit_platform",
        f"listing:{number}",
        {"case": number, "answers": answers.latest(step, "blacklisting")},
    )
    step.record("listing.shared")
    return None


@operation("close_case")
def close_case(step: Step, element: Element) -> Values:
    """Closes the case or drops the tip, and answers the reporter who asked for it."""
    case = step.session.get_one(Case, step.instance.id)
    values = answers.latest(step, "closing")
    case.closed_at = step.now
    case.outcome = case.outcome or values.get("closing_reason") or values.get("drop_reason")
    reporter = step.session.get(Reporter, step.instance.id)
    if reporter is not None and reporter.wants_answer:
        payload = {
            "case": case.number,
            "to": {"name": reporter.name, "phone": reporter.phone},
            "outcome": case.outcome,
            "text": values.get("reporter_answer"),
        }
        step.put("reporter_notice", f"reporter:{case.number}", payload)
    step.record("case.closed", outcome=case.outcome)
    return None


def _set_parties(step: Step, rows: list[Mapping[str, Any]]) -> None:
    for row in rows:
        step.session.add(
            Party(
                case_id=step.instance.id,
                kind=row["kind"],
                role=row.get("role") or "other",
                name=row["name"],
                identifier=row.get("identifier"),
                phone=row.get("phone"),
                address=row.get("address"),
            )
        )
