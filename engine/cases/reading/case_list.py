"""The list of cases that a person may open, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from engine.cases.reading.search import matches
from engine.cases.tables import Case, Party
from engine.people.permissions import Actor, case_filter
from engine.runtime.tables import ProcessInstance, UserTask

LARGEST_ID = 2**31 - 1
"""The largest number that a row's id can be on every database."""
STATES = ("open", "overdue", "closed", "terminated")


@dataclass(frozen=True)
class Wanted:
    """What the list is filtered by; empty texts filter nothing."""

    search: str = ""
    place: str = ""
    state: str = ""
    after: str = ""
    """Where the page before ended: the ``next`` of its answer."""


@dataclass(frozen=True)
class Row:
    """One case of the list."""

    instance_id: int
    number: str
    place: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    process_key: str
    address: str | None
    summary: str | None
    outcome: str | None
    party: str | None
    parties: int
    step: str | None
    step_en: str | None
    steps: int
    """How many tasks are open; ``step`` is the one that is due first."""
    due_at: datetime | None


@dataclass(frozen=True)
class CaseList:
    """One page of the list, the number of all that match, and the places to choose from."""

    rows: Sequence[Row]
    next: str
    total: int
    places: Sequence[str]


def read(session: Session, actor: Actor, wanted: Wanted, now: datetime, limit: int = 50) -> CaseList:
    """The cases that a person may open.

    :param now: aware UTC; what is overdue depends on it.
    """
    # Aliases, because the condition for what the person may open speaks of user tasks too.
    waiting, soonest = aliased(UserTask), aliased(UserTask)
    open_tasks = (waiting.instance_id == ProcessInstance.id, waiting.state == "open")
    first = (
        select(waiting.id).where(*open_tasks).order_by(waiting.due_at.is_(None), waiting.due_at, waiting.id)
    )
    next_task_id = first.limit(1).correlate(ProcessInstance).scalar_subquery()
    party = select(Party.id).where(Party.case_id == ProcessInstance.id).correlate(ProcessInstance)
    conditions = [case_filter(actor), *_conditions(wanted, now)]
    base = select(ProcessInstance.id).outerjoin(Case, Case.instance_id == ProcessInstance.id)
    found = session.execute(
        base.with_only_columns(
            ProcessInstance.id,
            ProcessInstance.business_key,
            ProcessInstance.place,
            ProcessInstance.state,
            ProcessInstance.started_at,
            ProcessInstance.ended_at,
            ProcessInstance.process_key,
            Case.address,
            Case.summary,
            Case.outcome,
            party.with_only_columns(Party.name).order_by(Party.id).limit(1).scalar_subquery(),
            party.with_only_columns(func.count(Party.id)).scalar_subquery(),
            soonest.name,
            soonest.name_en,
            select(func.count(waiting.id)).where(*open_tasks).correlate(ProcessInstance).scalar_subquery(),
            soonest.due_at,
        )
        .outerjoin(soonest, soonest.id == next_task_id)
        .where(*conditions, *_after(wanted.after))
        .order_by(ProcessInstance.id.desc())
        .limit(limit + 1)
    ).all()
    rows = [Row(*tuple(row)) for row in found[:limit]]
    total = session.scalar(select(func.count()).select_from(base.where(*conditions).subquery())) or 0
    places = session.scalars(select(ProcessInstance.place).where(case_filter(actor)).distinct()).all()
    return CaseList(rows, str(rows[-1].instance_id) if len(found) > limit else "", total, sorted(places))


def _conditions(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.place:
        conditions.append(ProcessInstance.place == wanted.place)
    if wanted.state == "overdue":
        conditions.append(
            exists().where(
                UserTask.instance_id == ProcessInstance.id, UserTask.state == "open", UserTask.due_at <= now
            )
        )
    elif wanted.state:
        conditions.append(ProcessInstance.state == wanted.state)
    if wanted.search.strip():
        conditions.append(matches(wanted.search))
    return conditions


def _after(cursor: str) -> list[ColumnElement[bool]]:
    """Where the page begins; a cursor that we didn't give out begins at the top."""
    known = cursor.isascii() and cursor.isdigit() and len(cursor) <= 10 and int(cursor) <= LARGEST_ID
    return [ProcessInstance.id < int(cursor)] if known else []
