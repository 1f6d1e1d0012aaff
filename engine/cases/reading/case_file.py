"""The whole file of a case, for its page: who, what, by when, and what happened so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.tables import AuditEvent
from engine.cases.tables import Case, Evidence, Party, Reporter
from engine.documents.tables import Document
from engine.errors import N_, NotFound
from engine.people.permissions import Actor, may_see_case, may_see_reporter, names_of
from engine.runtime.tables import Passage, ProcessInstance, Submission, Timer, UserTask


@dataclass(frozen=True)
class CaseFile:
    """Everything that the case's page shows, read with a fixed number of statements."""

    instance: ProcessInstance
    case: Case | None
    """None for a process that isn't an enforcement case."""
    parties: Sequence[Party]
    evidence: Sequence[Evidence]
    documents: Sequence[Document]
    tasks: Sequence[UserTask]
    """All tasks of the case that ever were, in the order in which they were opened."""
    submissions: Sequence[Submission]
    timers: Sequence[Timer]
    passages: Sequence[Passage]
    events: Sequence[AuditEvent]
    """Newest last."""
    reporter: Reporter | None
    """None also for who may not see it."""
    names: Mapping[str, str]
    """Names of the people who appear in the file, by account."""

    @property
    def open_tasks(self) -> list[UserTask]:
        """What waits for somebody, the soonest due first."""
        waiting = [task for task in self.tasks if task.state == "open"]
        return sorted(
            waiting, key=lambda task: (task.due_at is None, task.due_at or task.created_at, task.id)
        )

    @property
    def party(self) -> Party | None:
        """The party that the case is called after."""
        return self.parties[0] if self.parties else None


def find(session: Session, actor: Actor, number: str) -> ProcessInstance:
    """The instance of a case by its number.

    :raises NotFound: there is none, or the person may not see it: the answer is the same.
    """
    instance = session.scalar(select(ProcessInstance).where(ProcessInstance.business_key == number))
    if instance is None or not may_see_case(session, actor, instance):
        raise NotFound(N_("There is no case %(number)s that you may open."), number=number)
    return instance


def read(session: Session, actor: Actor, instance: ProcessInstance) -> CaseFile:
    """The file of a case that the person may see; who reported it only where they may know."""
    here = instance.id
    case = session.get(Case, here)
    parties = session.scalars(select(Party).where(Party.case_id == here).order_by(Party.id)).all()
    evidence = session.scalars(
        select(Evidence).where(Evidence.case_id == here).order_by(Evidence.number)
    ).all()
    documents = session.scalars(
        select(Document).where(Document.instance_id == here).order_by(Document.id)
    ).all()
    tasks = session.scalars(select(UserTask).where(UserTask.instance_id == here).order_by(UserTask.id)).all()
    submissions = session.scalars(
        select(Submission).where(Submission.instance_id == here).order_by(Submission.id)
    ).all()
    timers = session.scalars(
        select(Timer).where(Timer.instance_id == here).order_by(Timer.due_at, Timer.id)
    ).all()
    passages = session.scalars(select(Passage).where(Passage.instance_id == here)).all()
    events = session.scalars(
        select(AuditEvent).where(AuditEvent.instance_id == here).order_by(AuditEvent.seq)
    ).all()
    reporter = session.get(Reporter, here) if may_see_reporter(actor, instance.place) else None
    people = {
        instance.started_by,
        *(task.assignee for task in tasks),
        *(task.completed_by for task in tasks),
        *(event.person_id for event in events),
        *((case.officer_1, case.officer_2) if case else ()),
        *(document.issued_by for document in documents),
    }
    return CaseFile(
        instance=instance,
        case=case,
        parties=parties,
        evidence=evidence,
        documents=documents,
        tasks=tasks,
        submissions=submissions,
        timers=timers,
        passages=passages,
        events=events,
        reporter=reporter,
        names=names_of(session, [person for person in people if person]),
    )
