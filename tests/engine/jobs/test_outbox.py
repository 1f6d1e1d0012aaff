"""The outbox: written with the step, sent at least once, with the effect of once."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.jobs import dispatcher, outbox
from engine.jobs.tables import OutboxMessage
from engine.supervision.notices import mark_read
from engine.supervision.tables import Notice
from engine.system import System


def _put(system: System, topic: str, key: str, **payload: object) -> int:
    with system.store.transaction() as session:
        return outbox.put(session, topic, key, payload, instance_id=None, now=system.clock.now()).id


def _state(system: System, message_id: int) -> OutboxMessage:
    with system.store.reading() as session:
        return session.get_one(OutboxMessage, message_id)


def test_every_topic_that_operations_use_has_a_sender() -> None:
    assert {"notice", "reporter_notice", "publicity", "credit_platform", "render_document"} <= outbox.topics()


def test_the_same_key_is_put_once(system: System) -> None:
    assert _put(system, "publicity", "publicity:1", case="1") == _put(
        system, "publicity", "publicity:1", case="1"
    )


def test_a_rolled_back_step_sends_nothing(system: System) -> None:
    def put_and_fail() -> None:
        with system.store.transaction() as session:
            outbox.put(session, "publicity", "publicity:9", {}, instance_id=None, now=system.clock.now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        put_and_fail()
    with system.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_a_message_sent_twice_leaves_one_file(system: System) -> None:
    message = _put(system, "credit_platform", "listing:YC-2024-0001", case="YC-2024-0001")
    outbox.send(system, message)
    with system.store.transaction() as session:  # as after a crash between delivery and its mark
        session.get_one(OutboxMessage, message).state = "pending"
    outbox.send(system, message)
    folder = Path(system.settings.instance) / "exchange" / "credit_platform"
    files = list(folder.iterdir())
    assert [file.name for file in files] == ["listing-YC-2024-0001.json"]
    assert json.loads(files[0].read_text())["payload"] == {"case": "YC-2024-0001"}
    assert _state(system, message).state == "sent"


def test_a_notice_delivered_twice_is_shown_once_and_read_by_its_group_only(system: System) -> None:
    message = _put(
        system, "notice", "overdue:1", group="head", place="yuancheng", kind="overdue", name="线索核查"
    )
    outbox.send(system, message)
    with system.store.transaction() as session:
        session.get_one(OutboxMessage, message).state = "pending"
    outbox.send(system, message)
    with system.store.reading() as session:
        notice = session.scalars(select(Notice)).one()
    from engine.errors import NotFound

    with pytest.raises(NotFound):
        mark_read(system, notice.id, "zijin-head")
    mark_read(system, notice.id, "yuancheng-head")
    with system.store.reading() as session:
        assert session.get_one(Notice, notice.id).read_by == "yuancheng-head"


def test_a_delivery_that_fails_is_tried_again_later(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    message = _put(system, "publicity", "publicity:2")
    attempts = []

    def flaky(_system: System, sent: OutboxMessage) -> None:
        attempts.append(sent.id)
        if len(attempts) == 1:
            raise OSError("the other side is down")

    monkeypatch.setitem(outbox._senders, "publicity", flaky)

    def deliver(kind: str, row_id: int) -> None:
        outbox.send(system, row_id)

    dispatcher.run_once(system, deliver)
    dispatcher.run_once(system, deliver)
    assert attempts == [message]
    assert "down" in (_state(system, message).error or "")
    system.clock.set(system.clock.now() + timedelta(minutes=1))  # type: ignore[attr-defined]
    dispatcher.run_once(system, deliver)
    assert attempts == [message, message]
    assert _state(system, message).state == "sent"
