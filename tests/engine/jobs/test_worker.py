"""The worker: what the tables say is due gets done, through a real Valkey."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from redis.exceptions import ConnectionError as RedisIsAway

from engine.deadlines.clock import SimulatedClock
from engine.jobs import outbox, work, worker
from engine.jobs.dispatcher import LEASE, Kind
from engine.jobs.queue import JobQueue
from engine.jobs.tables import OutboxMessage
from engine.system import System
from tests import servers

TOPIC = "test_topic"


@pytest.fixture
def sent(system: System, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The keys of the messages that were delivered; jobs act on the test's system."""
    delivered: list[str] = []
    monkeypatch.setitem(outbox._senders, TOPIC, lambda system, message: delivered.append(message.key))
    monkeypatch.setattr(work, "system", lambda: system)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield delivered
    for number, handler in handlers.items():
        signal.signal(number, handler)


def write(system: System, key: str) -> int:
    with system.store.transaction() as session:
        message = outbox.put(session, TOPIC, key, {}, instance_id=None, now=system.clock.now())
        return message.id


def state_of(system: System, message_id: int) -> str:
    with system.store.reading() as session:
        return session.get_one(OutboxMessage, message_id).state


def test_a_message_that_is_due_is_sent_once(system: System, valkey_url: str, sent: list[str]) -> None:
    message = write(system, "one")
    worker.work(system, valkey_url, burst=True)
    worker.work(system, valkey_url, burst=True)
    assert sent == ["one"]
    assert state_of(system, message) == "sent"


def test_what_redis_lost_is_handed_out_again(
    system: System, clock: SimulatedClock, valkey_url: str, sent: list[str]
) -> None:
    write(system, "lost")
    queue = JobQueue(valkey_url)
    worker.run_once(system, queue.deliver)
    queue.redis.flushall()
    worker.work(system, valkey_url, burst=True)
    assert sent == []
    clock.set(clock.now() + LEASE + timedelta(seconds=1))
    worker.work(system, valkey_url, burst=True)
    assert sent == ["lost"]


def test_the_dispatcher_goes_on_after_redis_was_away(
    sqlite_system: System, valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "PAUSE", 0.05)
    handed_out: list[tuple[Kind, int]] = []

    class Flaky(JobQueue):
        failures = 2

        def sleep(self, seconds: float) -> None:
            if self.failures:
                self.failures -= 1
                raise RedisIsAway("gone for a moment")
            super().sleep(seconds)

        def deliver(self, kind: Kind, row_id: int) -> None:
            handed_out.append((kind, row_id))

    stop = threading.Event()
    thread = threading.Thread(target=worker.dispatch, args=(sqlite_system, Flaky(valkey_url), stop))
    thread.start()
    try:
        message = write(sqlite_system, "later")
        servers.wait_until(lambda: ("message", message) in handed_out, 5)
    finally:
        stop.set()
        thread.join(5)
    assert not thread.is_alive()
