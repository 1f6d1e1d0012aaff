"""A process that registers and verifies tips as fast as it can, until it is killed: ``DATABASE INSTANCE-FOLDER``."""

from __future__ import annotations

import itertools
import sys
import uuid
from pathlib import Path

from engine.cases.registration import register_tip
from engine.deadlines.clock import SimulatedClock
from engine.runtime import user_tasks
from engine.system import System
from tests.servers import settings
from tests.telling import answers, scenario


def main(url: str, instance: str) -> None:
    told = scenario("one_to_one_in_flat")
    system = System.open(settings(url, Path(instance)), SimulatedClock(told.at.replace(day=20, hour=17)))
    _say("ready")
    for number in itertools.count():
        started = register_tip(system, told.start.by, told.start.form, uuid.uuid4().hex)
        task = _only_task(system, started.instance_id)
        user_tasks.complete(
            system, task, told.start.by, answers("one_to_one_in_flat", "verify_tip"), uuid.uuid4().hex
        )
        _say(str(number))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _only_task(system: System, instance_id: int) -> int:
    from sqlalchemy import select

    from engine.runtime.tables import UserTask

    with system.store.reading() as session:
        return session.scalars(
            select(UserTask.id).where(UserTask.instance_id == instance_id, UserTask.state == "open")
        ).one()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
