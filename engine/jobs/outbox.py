"""The outbox: messages written with a step, sent afterwards at least once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.jobs.retry import after_failure
from engine.jobs.tables import OutboxMessage

if TYPE_CHECKING:
    from datetime import datetime

    from engine.system import System

Sender = Callable[["System", OutboxMessage], None]
"""Delivers one message; called again after a failure, so it must be harmless to repeat."""

_senders: dict[str, Sender] = {}


def sends(topic: str) -> Callable[[Sender], Sender]:
    """Registers the function that delivers messages of a topic."""

    def register(sender: Sender) -> Sender:
        if topic in _senders:
            raise ValueError(f"topic {topic} has two senders")
        _senders[topic] = sender
        return sender

    return register


def topics() -> frozenset[str]:
    """The topics that can be sent."""
    return frozenset(_senders)


def put(
    session: Session,
    topic: str,
    key: str,
    payload: Mapping[str, Any],
    *,
    instance_id: int | None,
    now: datetime,
) -> OutboxMessage:
    """Adds a message to the transaction of the step that causes it; the same key is added once.

    :param key: names the message for good, so that its receiver can tell a repeat.
    :param now: aware UTC time of the step.
    """
    known = session.scalar(select(OutboxMessage).where(OutboxMessage.key == key))
    if known is not None:
        return known
    message = OutboxMessage(
        instance_id=instance_id, topic=topic, key=key, payload=dict(payload), created_at=now, next_at=now
    )
    session.add(message)
    session.flush()
    return message


def send(system: System, message_id: int) -> None:
    """Delivers a message, if it still waits; records a failure and when to try again.

    The delivery isn't in the transaction that marks it sent: a crash between the two repeats it.
    """
    with system.store.reading() as session:
        message = session.get(OutboxMessage, message_id)
    if message is None or message.state != "pending":
        return
    error: Exception | None = None
    try:
        _senders[message.topic](system, message)
    except Exception as caught:
        error = caught
    with system.store.transaction() as session:
        row = session.get(OutboxMessage, message_id, with_for_update=True)
        if row is None or row.state != "pending":
            return
        if error is None:
            row.state, row.sent_at, row.error = "sent", system.clock.now(), None
        else:
            after_failure(row, error, system.clock.now())
