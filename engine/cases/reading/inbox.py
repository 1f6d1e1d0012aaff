"""The inbox: the open tasks that a person may do, the soonest due first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, join, or_, select, true
from sqlalchemy.orm import Session

from engine.cases.reading.search import matches
from engine.cases.tables import Case, Party
from engine.deadlines.calendar import SHANGHAI
from engine.people.permissions import Actor, task_filter
from engine.people.tables import Person
from engine.runtime.tables import ProcessInstance, UserTask

GROUPS = ("overdue", "today", "week", "later")
"""How due dates are grouped; what has none comes with the later ones."""
WHOSE = ("mine_and_free", "mine", "free", "everybody")
"""What the person can take up (the default), has claimed, could claim; and colleagues' claimed tasks too."""


@dataclass(frozen=True)
class Wanted:
    """What the person filtered the inbox by; empty texts filter nothing."""

    search: str = ""
    whose: str = WHOSE[0]
    place: str = ""
    step: str = ""
    after: str = ""
    """Where the page before ended: the ``next`` of its answer."""


@dataclass(frozen=True)
class Row:
    """One task of the inbox."""

    task_id: int
    element_id: str
    name: str
    name_en: str
    number: str
    party: str | None
    parties: int
    address: str | None
    place: str
    agency: str
    due_at: datetime | None
    group: str
    assignee: str | None
    assignee_name: str | None


@dataclass(frozen=True)
class Inbox:
    """One page of the inbox, how many tasks there are in each group, and what can be filtered by."""

    rows: Sequence[Row]
    next: str
    """Cursor of the next page; empty on the last one."""
    counts: dict[str, int]
    steps: Sequence[tuple[str, str, str]]
    """(element id, Chinese name, English name) of the steps at which tasks wait."""
    places: Sequence[str] = field(default_factory=tuple)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def read(session: Session, actor: Actor, wanted: Wanted, now: datetime, limit: int = 100) -> Inbox:
    """The inbox of a person.

    :param now: aware UTC; what is overdue depends on it.
    :param limit: at most how many rows.
    """
    may_do = and_(UserTask.state == "open", task_filter(actor))
    today, week = _boundaries(now)
    conditions = _conditions(wanted, actor)
    group = case(
        (UserTask.due_at.is_(None), "later"),
        (UserTask.due_at <= now, "overdue"),
        (UserTask.due_at <= today, "today"),
        (UserTask.due_at <= week, "week"),
        else_="later",
    ).label("due_group")
    joined = _joined()
    counts = session.execute(
        select(group, func.count()).select_from(joined).where(may_do, *conditions).group_by(group)
    )
    choices = session.execute(
        select(UserTask.element_id, UserTask.name, UserTask.name_en, UserTask.place).where(may_do).distinct()
    ).all()
    party = (
        select(Party.name)
        .where(Party.case_id == UserTask.instance_id)
        .order_by(Party.id)
        .limit(1)
        .scalar_subquery()
    )
    parties = select(func.count()).where(Party.case_id == UserTask.instance_id).scalar_subquery()
    found = session.execute(
        select(
            UserTask.id,
            UserTask.element_id,
            UserTask.name,
            UserTask.name_en,
            ProcessInstance.business_key,
            party,
            parties,
            Case.address,
            ProcessInstance.place,
            UserTask.agency,
            UserTask.due_at,
            group,
            UserTask.assignee,
            Person.name,
        )
        .select_from(joined)
        .outerjoin(Person, Person.id == UserTask.assignee)
        .where(may_do, *conditions, *_after(wanted.after))
        .order_by(UserTask.due_at.is_(None), UserTask.due_at, UserTask.id)
        .limit(limit + 1)
    ).all()
    rows = [Row(*tuple(row)) for row in found[:limit]]
    return Inbox(
        rows=rows,
        next=_cursor(rows[-1]) if len(found) > limit else "",
        counts=dict.fromkeys(GROUPS, 0) | {row[0]: row[1] for row in counts},
        steps=sorted({(row[0], row[1], row[2]) for row in choices}, key=lambda step: step[1]),
        places=sorted({row[3] for row in choices}),
    )


def count(session: Session, actor: Actor) -> int:
    """How many open tasks the person can take up: their own, and those that nobody claimed."""
    wanted = (UserTask.state == "open", task_filter(actor), _whose("mine_and_free", actor))
    return session.scalar(select(func.count()).select_from(UserTask).where(*wanted)) or 0


def next_task(session: Session, actor: Actor, instance_id: int) -> UserTask | None:
    """The person's next task in the same case: one that they claimed or that is free, the soonest due first."""
    return session.scalar(
        select(UserTask)
        .where(
            UserTask.instance_id == instance_id,
            UserTask.state == "open",
            task_filter(actor),
            _whose("mine_and_free", actor),
        )
        .order_by(UserTask.due_at.is_(None), UserTask.due_at, UserTask.id)
        .limit(1)
    )


def _joined() -> Any:
    return join(UserTask, ProcessInstance, ProcessInstance.id == UserTask.instance_id).outerjoin(
        Case, Case.instance_id == UserTask.instance_id
    )


def _conditions(wanted: Wanted, actor: Actor) -> list[ColumnElement[bool]]:
    conditions = [_whose(wanted.whose, actor)]
    if wanted.place:
        conditions.append(UserTask.place == wanted.place)
    if wanted.step:
        conditions.append(UserTask.element_id == wanted.step)
    if wanted.search.strip():
        conditions.append(matches(wanted.search))
    return conditions


def _whose(whose: str, actor: Actor) -> ColumnElement[bool]:
    match whose:
        case "mine":
            return UserTask.assignee == actor.id
        case "free":
            return UserTask.assignee.is_(None)
        case "everybody":
            return true()
        case _:
            return or_(UserTask.assignee.is_(None), UserTask.assignee == actor.id)


def _boundaries(now: datetime) -> tuple[datetime, datetime]:
    """The ends of today and of this week (Sunday, 24:00) in Asia/Shanghai: what is due by then belongs to it."""
    midnight = datetime.combine(now.astimezone(SHANGHAI).date() + timedelta(days=1), time(), SHANGHAI)
    return midnight.astimezone(UTC), (
        midnight + timedelta(days=6 - now.astimezone(SHANGHAI).weekday())
    ).astimezone(UTC)


def _cursor(row: Row) -> str:
    return f"{row.due_at.isoformat() if row.due_at else ''}_{row.task_id}"


def _after(cursor: str) -> list[ColumnElement[bool]]:
    """The condition for what comes after a cursor; one that was tampered with starts at the top."""
    due_text, _, id_text = cursor.rpartition("_")
    try:
        task_id = int(id_text)
        due_at = datetime.fromisoformat(due_text) if due_text else None
    except ValueError:
        return []
    if due_at is None:
        return [UserTask.due_at.is_(None), UserTask.id > task_id]
    if due_at.tzinfo is None:
        return []
    later = or_(UserTask.due_at > due_at, and_(UserTask.due_at == due_at, UserTask.id > task_id))
    return [or_(later, UserTask.due_at.is_(None))]
