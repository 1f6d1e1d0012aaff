"""Timers: rows that fire once, in order, whoever delivers them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from engine.errors import AlreadyDone
from engine.jobs import dispatcher
from engine.jobs.retry import ATTEMPTS
from engine.jobs.tables import OutboxMessage
from engine.runtime import timers, user_tasks
from engine.runtime.tables import Timer, UserTask
from engine.system import System
from tests.telling import answers, open_task, tell

CASE_ONE = "one_to_one_in_flat"


def _timer(system: System, rule: str) -> Timer:
    with system.store.reading() as session:
        return session.scalars(select(Timer).where(Timer.rule == rule).order_by(Timer.id.desc())).first()  # type: ignore[return-value]


def _notices(system: System) -> int:
    with system.store.reading() as session:
        return session.scalar(select(func.count()).where(OutboxMessage.topic == "notice")) or 0


def test_a_deadline_that_passes_tells_the_head_once(system: System) -> None:
    tell(system, CASE_ONE, until="verify_tip")
    timer = _timer(system, "verification")
    system.clock.set(timer.due_at + timedelta(minutes=1))  # type: ignore[attr-defined]
    assert timers.fire(system, timer.id) is True
    assert timers.fire(system, timer.id) is False
    assert _notices(system) == 1
    assert _timer(system, "verification").state == "fired"


def test_an_overdue_task_stays_open_and_overdue(system: System) -> None:
    outcome = tell(system, CASE_ONE, until="verify_tip")
    timer = _timer(system, "verification")
    system.clock.set(timer.due_at)  # type: ignore[attr-defined]
    timers.fire(system, timer.id)
    task = open_task(system, outcome, "verify_tip")
    assert task.due_at == timer.due_at
    user_tasks.complete(system, task.id, "yuancheng-handler-1", answers(CASE_ONE, "verify_tip"), "late")
    assert open_task(system, outcome, "propose_filing")


def test_a_timer_does_not_fire_before_its_time(system: System) -> None:
    tell(system, CASE_ONE, until="verify_tip")
    timer = _timer(system, "verification")
    system.clock.set(timer.due_at - timedelta(microseconds=1))  # type: ignore[attr-defined]
    assert timers.fire(system, timer.id) is False


def test_finishing_a_task_cancels_its_deadline(system: System) -> None:
    tell(system, CASE_ONE, after="verify_tip")
    assert _timer(system, "verification").state == "cancelled"


def test_a_period_that_ran_out_counts_even_if_no_worker_was_there(system: System) -> None:
    """The party's five days end at 24:00; an entry after that is refused, worker or no worker."""
    outcome = tell(system, CASE_ONE, until="receive_statement")
    task = open_task(system, outcome, "receive_statement")
    assert task.due_at is not None
    system.clock.set(task.due_at)  # type: ignore[attr-defined]
    with pytest.raises(AlreadyDone):
        user_tasks.complete(
            system, task.id, "yuancheng-handler-1", answers(CASE_ONE, "receive_statement"), "late"
        )
    assert open_task(system, outcome, "draft_decision")


def test_the_ninety_days_govern_every_task_between_filing_and_decision(system: System) -> None:
    outcome = tell(system, CASE_ONE, after="approve_filing")
    task = open_task(system, outcome, "plan_investigation")
    assert task.due_rule == "decision_period"
    assert task.due_explanation is not None and "90" in task.due_explanation["zh"]


def test_the_dispatcher_hands_out_what_is_due_and_nothing_twice(system: System) -> None:
    tell(system, CASE_ONE, until="verify_tip")
    timer = _timer(system, "verification")
    handed: list[tuple[str, int]] = []
    dispatcher.run_once(system, lambda kind, row: handed.append((kind, row)))
    assert ("timer", timer.id) not in handed
    system.clock.set(timer.due_at)  # type: ignore[attr-defined]
    for _ in range(3):
        dispatcher.run_once(system, lambda kind, row: handed.append((kind, row)))
    assert handed.count(("timer", timer.id)) == 1


def test_work_that_got_lost_is_handed_out_again(system: System) -> None:
    tell(system, CASE_ONE, until="verify_tip")
    timer = _timer(system, "verification")
    handed: list[tuple[str, int]] = []
    system.clock.set(timer.due_at)  # type: ignore[attr-defined]
    dispatcher.run_once(system, lambda kind, row: handed.append((kind, row)))
    system.clock.set(timer.due_at + dispatcher.LEASE)  # type: ignore[attr-defined]
    dispatcher.run_once(system, lambda kind, row: handed.append((kind, row)))
    assert handed.count(("timer", timer.id)) == 2


def test_a_failing_timer_is_tried_again_later_and_at_last_left_for_an_administrator(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(system, CASE_ONE, until="verify_tip")
    timer = _timer(system, "verification")

    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(timers, "fire", fail)
    now = timer.due_at
    pauses = []
    for _ in range(ATTEMPTS):
        system.clock.set(now)  # type: ignore[attr-defined]
        timers.fire_job(system, timer.id)
        row = _timer(system, "verification")
        pauses.append(row.next_at - now)
        now = max(row.next_at, now)
    assert row.state == "failed" and "no space left" in (row.error or "")
    assert pauses[:-1] == sorted(pauses[:-1]) and pauses[0] < pauses[2]


def test_a_case_that_fails_holds_up_no_other(system: System) -> None:
    first = tell(system, CASE_ONE, until="verify_tip")
    broken = _timer(system, "verification")
    tell(system, CASE_ONE, until="verify_tip")
    sound = _timer(system, "verification")
    with system.store.transaction() as session:
        from engine.runtime.tables import ProcessInstance

        session.get_one(ProcessInstance, first.instance_id).state_blob = b"not a state"
    system.clock.set(sound.due_at)  # type: ignore[attr-defined]
    dispatcher.run_once(system, lambda kind, row: timers.fire_job(system, row) if kind == "timer" else None)
    with system.store.reading() as session:
        assert session.get_one(Timer, sound.id).state == "fired"
        failed = session.get_one(Timer, broken.id)
        assert failed.state == "waiting" and failed.attempts == 1
        open_count = session.scalar(select(func.count()).where(UserTask.state == "open"))
        assert open_count == 2
