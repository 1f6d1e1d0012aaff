"""Takes due work from the tables and hands it out. Redis may lose everything: the tables know what is left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.jobs.tables import OutboxMessage
from engine.runtime.tables import Timer

if TYPE_CHECKING:
    from datetime import datetime

    from engine.system import System

Row = TypeVar("Row", Timer, OutboxMessage)
Kind = Literal["timer", "message"]
Deliver = Callable[[Kind, int], None]
BATCH = 100
LEASE = timedelta(seconds=60)
"""How long handed-out work is left alone before it counts as lost and is handed out again."""


def run_once(system: System, deliver: Deliver) -> int:
    """Hands out what is due by now, at most a batch of each kind; returns how much that was.

    Any number of dispatchers may run: rows that another has taken are skipped.
    """
    now = system.clock.now()
    with system.store.transaction() as session:
        timers = _take(session, Timer, "waiting", now)
        messages = _take(session, OutboxMessage, "pending", now)
    for timer_id in timers:
        deliver("timer", timer_id)
    for message_id in messages:
        deliver("message", message_id)
    return len(timers) + len(messages)


def _take(session: Session, table: type[Row], state: str, now: datetime) -> list[int]:
    rows = session.scalars(
        select(table)
        .where(table.state == state, table.next_at <= now)
        .order_by(table.next_at, table.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.next_at = now + LEASE
    return [row.id for row in rows]
