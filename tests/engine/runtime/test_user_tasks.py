"""Completing and claiming user tasks: once, whole, by the right person."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.audit.tables import AuditEvent
from engine.errors import AlreadyDone, AnliuError, FormRefused, NotFound, NotYourTask, RuleBroken
from engine.jobs.tables import OutboxMessage
from engine.runtime import operations, user_tasks
from engine.runtime.tables import Passage, ProcessInstance, Submission, Timer, UserTask
from engine.system import System
from tests.telling import answers, open_task, tell

CASE_ONE = "one_to_one_in_flat"
TABLES = (ProcessInstance, UserTask, Submission, Timer, Passage, AuditEvent, OutboxMessage)


def _counts(system: System) -> dict[str, Any]:
    with system.store.reading() as session:
        counts: dict[str, Any] = {
            t.__tablename__: session.scalar(select(func.count()).select_from(t)) for t in TABLES
        }
        counts["revisions"] = list(session.scalars(select(ProcessInstance.revision)))
        counts["open"] = sorted(session.scalars(select(UserTask.element_id).where(UserTask.state == "open")))
        return counts


def test_completing_a_task_opens_the_next_one_for_the_next_role(system: System) -> None:
    outcome = tell(system, CASE_ONE, after="propose_filing")
    task = open_task(system, outcome, "approve_filing")
    assert (task.candidate_group, task.place, task.process_key) == ("head", "yuancheng", "filing")
    assert task.due_rule == "filing_approval"


def test_the_same_key_sent_twice_has_the_effect_of_once(system: System) -> None:
    outcome = tell(system, CASE_ONE, until="verify_tip")
    task = open_task(system, outcome, "verify_tip")
    values = answers(CASE_ONE, "verify_tip")
    system.clock.set(system.clock.now().replace(day=20))  # type: ignore[attr-defined]
    first = user_tasks.complete(system, task.id, "yuancheng-handler-1", values, "key-1")
    before = _counts(system)
    again = user_tasks.complete(system, task.id, "yuancheng-handler-1", values, "key-1")
    assert again == first
    assert _counts(system) == before


def test_a_finished_task_says_who_finished_it_and_when(system: System) -> None:
    outcome = tell(system, CASE_ONE, until="propose_filing")
    with system.store.reading() as session:
        done = session.scalars(select(UserTask).where(UserTask.element_id == "verify_tip")).one()
    assert outcome.failure is None
    with pytest.raises(AlreadyDone) as refused:
        user_tasks.complete(system, done.id, "yuancheng-handler-2", answers(CASE_ONE, "verify_tip"), "other")
    assert refused.value.params["who"] == "yuancheng-handler-1"
    assert refused.value.params["at"] == done.completed_at


def test_a_task_of_another_county_is_refused(system: System) -> None:
    outcome = tell(system, CASE_ONE, until="verify_tip")
    task = open_task(system, outcome, "verify_tip")
    before = _counts(system)
    with pytest.raises(NotYourTask):
        user_tasks.complete(system, task.id, "zijin-handler-1", answers(CASE_ONE, "verify_tip"), "k")
    with pytest.raises(NotYourTask):
        user_tasks.claim(system, task.id, "city-supervisor")
    assert _counts(system) == before


def test_a_task_that_does_not_exist_is_not_found(system: System) -> None:
    with pytest.raises(NotFound):
        user_tasks.complete(system, 4711, "yuancheng-handler-1", {}, "k")


def test_bad_answers_are_refused_by_field_and_change_nothing(system: System) -> None:
    outcome = tell(system, CASE_ONE, until="verify_tip")
    task = open_task(system, outcome, "verify_tip")
    before = _counts(system)
    with pytest.raises(FormRefused) as refused:
        user_tasks.complete(system, task.id, "yuancheng-handler-1", {"outcome": "perhaps", "nothing": 1}, "k")
    assert {"outcome", "nothing", "findings"} <= refused.value.errors.keys()
    assert _counts(system) == before


def test_a_file_that_never_arrived_is_refused_at_its_field(system: System) -> None:
    outcome = tell(system, CASE_ONE, until="propose_filing")
    task = open_task(system, outcome, "propose_filing")
    lost = {"sha256": "0" * 64, "name": "a.pdf", "size": 3, "media_type": "application/pdf"}
    values = answers(CASE_ONE, "propose_filing") | {"filing_files": [lost]}
    with pytest.raises(FormRefused) as refused:
        user_tasks.complete(system, task.id, "yuancheng-handler-1", values, "k")
    assert list(refused.value.errors) == ["filing_files"]


def test_a_failing_operation_undoes_the_whole_step(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = tell(system, CASE_ONE, until="approve_filing")
    task = open_task(system, outcome, "approve_filing")
    before = _counts(system)

    def fail(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setitem(operations._registry, "file_case", fail)
    with pytest.raises((RuntimeError, AnliuError)):
        user_tasks.complete(system, task.id, "yuancheng-head", answers(CASE_ONE, "approve_filing"), "k")
    assert _counts(system) == before
    monkeypatch.undo()
    user_tasks.complete(system, task.id, "yuancheng-head", answers(CASE_ONE, "approve_filing"), "k")
    assert "plan_investigation" in _counts(system)["open"]


def test_of_several_who_complete_at_once_one_wins(system: System) -> None:
    outcome = tell(system, CASE_ONE, until="propose_filing")
    task = open_task(system, outcome, "propose_filing")
    values = answers(CASE_ONE, "propose_filing")
    ends = _race(
        lambda n: user_tasks.complete(system, task.id, f"yuancheng-handler-{n % 2 + 1}", values, f"key-{n}"),
        6,
    )
    assert sum(end is None for end in ends) == 1
    assert all(isinstance(end, AlreadyDone) for end in ends if end is not None), ends
    with system.store.reading() as session:
        assert session.scalar(select(func.count()).where(Submission.element_id == "propose_filing")) == 1
        assert session.scalar(select(func.count()).where(UserTask.element_id == "approve_filing")) == 1


def test_of_several_who_claim_at_once_one_wins(system: System) -> None:
    outcome = tell(system, CASE_ONE, until="propose_filing")
    task = open_task(system, outcome, "propose_filing")
    ends = _race(lambda n: user_tasks.claim(system, task.id, f"yuancheng-handler-{n + 1}"), 2)
    assert sorted(type(end) for end in ends if end is not None) == [NotYourTask]
    winner = open_task(system, outcome, "propose_filing").assignee
    other = "yuancheng-handler-2" if winner == "yuancheng-handler-1" else "yuancheng-handler-1"
    with pytest.raises(NotYourTask):
        user_tasks.release(system, task.id, other)
    user_tasks.release(system, task.id, str(winner))
    assert open_task(system, outcome, "propose_filing").assignee is None


def test_who_handled_the_case_may_not_review_it(system: System) -> None:
    outcome = tell(system, "hearing_held", until="legal_review")
    task = open_task(system, outcome, "legal_review")
    with pytest.raises(RuleBroken) as refused:
        user_tasks.claim(system, task.id, f"{task.place}-handler-1")
    assert refused.value.code == "separation_of_duties"
    assert "第五十八条" in str(refused.value.article)


def test_a_second_officer_named_at_filing_counts_as_a_handler(system: System) -> None:
    outcome = tell(system, CASE_ONE, after="approve_filing")
    with system.store.reading() as session:
        from engine.runtime.tables import PerformedAct

        rows = session.execute(
            select(PerformedAct.person_id).where(
                PerformedAct.instance_id == outcome.instance_id, PerformedAct.act == "investigate"
            )
        )
        assert {person for (person,) in rows} == {"yuancheng-handler-1", "yuancheng-handler-2"}


def _race(act: Any, count: int) -> list[Exception | None]:
    """What becomes of each of several who do the same at the same moment: an error, or None."""
    ready = threading.Barrier(count)
    ends: list[Exception | None] = [None] * count

    def run(number: int) -> None:
        ready.wait()
        try:
            act(number)
        except Exception as error:
            ends[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends
