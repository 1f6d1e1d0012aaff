"""The audit trail: one event an act, chained, and any tampering is found."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update

from engine.audit.events import BadEntry, verify
from engine.audit.tables import AuditEvent
from engine.scenario.script import TaskStep
from engine.system import System
from tests.telling import tell


def _problems(system: System) -> list[BadEntry]:
    with system.store.reading() as session:
        return [found for found in verify(session) if isinstance(found, BadEntry)]


def test_every_step_of_a_case_is_in_its_trail_and_the_trail_verifies(system: System) -> None:
    outcome = tell(system, "tip_not_established")
    with system.store.reading() as session:
        kinds = list(
            session.scalars(
                select(AuditEvent.kind)
                .where(AuditEvent.instance_id == outcome.instance_id)
                .order_by(AuditEvent.seq)
            )
        )
    assert kinds[0] == "instance.started" and kinds[-1] == "instance.ended"
    completed = [
        step for step in outcome.scenario.steps if isinstance(step, TaskStep) and step.refused is None
    ]
    assert kinds.count("task.completed") == len(completed)
    assert _problems(system) == []


@pytest.mark.parametrize("tamper", ["change", "remove", "swap", "forge"])
def test_a_changed_removed_or_reordered_entry_is_found(system: System, tamper: str) -> None:
    outcome = tell(system, "tip_not_established")
    chain = outcome.business_key
    with system.store.transaction() as session:
        third = session.scalars(
            select(AuditEvent).where(AuditEvent.chain == chain, AuditEvent.seq == 3)
        ).one()
        if tamper == "change":
            third.detail = {**third.detail, "name": "别的"}
        elif tamper == "remove":
            session.execute(delete(AuditEvent).where(AuditEvent.id == third.id))
        elif tamper == "swap":
            for old, new in ((3, 99), (4, 3), (99, 4)):
                session.execute(
                    update(AuditEvent).where(AuditEvent.chain == chain, AuditEvent.seq == old).values(seq=new)
                )
        else:
            third.person_id = "city-admin"
    assert [(bad.chain, bad.seq) for bad in _problems(system)] == [(chain, 3)]
