"""An instance's live state: small, without its specification, and the same in whichever process runs it."""

from __future__ import annotations

import json
import zlib

from sqlalchemy import select

from engine.runtime import state
from engine.runtime.tables import ProcessInstance, UserTask
from engine.scenario import Outcome
from engine.scenario.running import Runner
from engine.system import System
from tests.telling import scenario, tell

CASE_ONE = "one_to_one_in_flat"


def _blob(system: System, outcome: Outcome) -> bytes:
    with system.store.reading() as session:
        return session.scalars(
            select(ProcessInstance.state_blob).where(ProcessInstance.id == outcome.instance_id)
        ).one()


def test_the_stored_state_holds_no_specification_and_no_answers(system: System) -> None:
    outcome = tell(system, CASE_ONE, until="report_investigation")
    text = zlib.decompress(_blob(system, outcome)).decode()
    assert "周某宁" not in text
    assert "conditionExpression" not in text and "task_specs" not in text


def test_finished_call_activities_leave_the_live_state(system: System) -> None:
    outcome = tell(system, CASE_ONE, until="serve_decision")
    live = json.loads(zlib.decompress(_blob(system, outcome)))["subprocesses"]
    assert [sub["spec"] for sub in live.values()] == ["service"]


def test_reading_and_writing_the_state_changes_nothing(system: System) -> None:
    outcome = tell(system, CASE_ONE, until="give_opinion")
    blob = _blob(system, outcome)
    with system.store.reading() as session:
        release = system.library.current(session)
    again = state.dump(state.load(blob, release.processes, "enforcement_case"))
    assert json.loads(zlib.decompress(again)) == json.loads(zlib.decompress(blob))


def test_a_case_finishes_the_same_when_each_step_runs_in_another_process(sqlite_system: System) -> None:
    """Opinions of several agencies included, which the library would lose after a restart."""
    told = scenario(CASE_ONE)
    outcome = Outcome(told)
    runner = Runner(sqlite_system, told, outcome, lambda line: None)
    runner.start()
    for step in told.steps:
        sqlite_system.library._parsed.clear()  # what a fresh process starts with
        runner.do(step)
    runner.hold()


def test_the_case_waits_for_every_agency_that_was_asked(system: System) -> None:
    outcome = tell(system, CASE_ONE, until="give_opinion")
    with system.store.reading() as session:
        rows = session.scalars(
            select(UserTask).where(
                UserTask.instance_id == outcome.instance_id, UserTask.element_id == "give_opinion"
            )
        ).all()
    assert {row.agency for row in rows} == {"housing", "police", "market"}
    assert {row.place for row in rows} == {"yuancheng"}
    assert all(row.due_rule == "consultation" for row in rows)
