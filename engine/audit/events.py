"""Writing the audit trail, in the transaction of the act itself, and checking that nobody changed it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.audit.tables import AuditEvent
from engine.store.base import dump_json

FIRST = "0" * 64
SYSTEM = "system"


def record(
    session: Session,
    *,
    chain: str,
    kind: str,
    at: datetime,
    person_id: str | None,
    detail: Mapping[str, Any],
    instance_id: int | None = None,
    release_id: int | None = None,
) -> AuditEvent:
    """Appends an event to a chain.

    The caller holds the lock of what the chain belongs to (its instance), so that no two events
    get the same number; the database refuses a second one in any case.

    :param chain: the case's number, or ``system``.
    :param at: aware UTC time of the act.
    """
    last = session.execute(
        select(AuditEvent.seq, AuditEvent.hash)
        .where(AuditEvent.chain == chain)
        .order_by(AuditEvent.seq.desc())
        .limit(1)
    ).first()
    seq, prev_hash = (last.seq + 1, last.hash) if last else (1, FIRST)
    event = AuditEvent(
        chain=chain,
        seq=seq,
        instance_id=instance_id,
        kind=kind,
        at=at,
        person_id=person_id,
        release_id=release_id,
        detail=dict(detail),
        prev_hash=prev_hash,
    )
    event.hash = digest(event)
    session.add(event)
    session.flush()
    return event


def digest(event: AuditEvent) -> str:
    """The SHA-256 over everything that an event says and the event before it."""
    content = {
        "chain": event.chain,
        "seq": event.seq,
        "instance": event.instance_id,
        "kind": event.kind,
        "at": event.at,
        "person": event.person_id,
        "release": event.release_id,
        "detail": event.detail,
        "prev": event.prev_hash,
    }
    return hashlib.sha256(dump_json(content).encode()).hexdigest()


@dataclass(frozen=True)
class BadEntry:
    """The first entry of a chain that doesn't fit, and why."""

    chain: str
    seq: int
    reason: str


def verify(session: Session, chain: str | None = None) -> Iterator[BadEntry | int]:
    """Walks every chain, or one; yields each chain's first bad entry, or its number of good events."""
    chains = (
        [chain]
        if chain
        else list(session.scalars(select(AuditEvent.chain).distinct().order_by(AuditEvent.chain)))
    )
    for name in chains:
        yield _verify_one(session, name)


def count_chains(session: Session) -> int:
    """How many chains there are."""
    return session.scalar(select(func.count(AuditEvent.chain.distinct()))) or 0


def _verify_one(session: Session, chain: str) -> BadEntry | int:
    seq, prev_hash = 0, FIRST
    query = select(AuditEvent).where(AuditEvent.chain == chain).order_by(AuditEvent.seq)
    for event in session.scalars(query.execution_options(yield_per=500)):
        seq += 1
        if event.seq != seq:
            return BadEntry(chain, seq, "an entry is missing")
        if event.prev_hash != prev_hash:
            return BadEntry(chain, seq, "it doesn't follow the entry before it")
        if digest(event) != event.hash:
            return BadEntry(chain, seq, "its content was changed")
        prev_hash = event.hash
    return seq
