"""The demo: some thirty cases in all stages and places, made by running scenario files through the engine.

``processes/demo/plan.yaml`` says which file is told where, how far, and how long ago its last step was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from engine.deadlines.calendar import SHANGHAI
from engine.deadlines.clock import SimulatedClock
from engine.deadlines.strict_yaml import Node
from engine.deadlines.strict_yaml import read as read_yaml
from engine.errors import N_, AnliuError
from engine.people import demo as people
from engine.people.agencies import Agencies
from engine.scenario import Scenario, read, run
from engine.scenario.script import ActStep, TaskStep, WaitStep
from engine.system import System

TOLD_FOR = "yuancheng"
"""The place for which the demo's scenario files are written."""
_DATE = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")


class DemoFailed(AnliuError):
    """A demo case doesn't run: its scenario no longer fits the processes."""

    code = "demo_failed"


@dataclass(frozen=True)
class Entry:
    """One case of the demo."""

    file: str
    place: str
    stop_after: int | str | None
    days_ago: int
    replace: dict[str, str]


def entries(home: Path) -> list[Entry]:
    """The plan's entries.

    :raises DataRefused: the plan has a mistake, with its line.
    """
    path = home / "processes" / "demo" / "plan.yaml"
    root = read_yaml(path.read_text(encoding="utf-8"), path.name)
    return [_entry(node) for node in root.mapping(("cases",))["cases"].items()]


def seed_people(system: System) -> int:
    """Makes the demo's accounts; returns how many were new."""
    with system.store.transaction() as session:
        return people.seed(session, Agencies.of(system.library.current(session)), system.clock.now())


def load(system: System) -> Iterator[str]:
    """Runs the plan's cases, each up to a time before now; yields the number of each case as it is made.

    :raises DemoFailed: a scenario can't be run as the plan says.
    """
    now = system.clock.now()
    for entry in entries(system.settings.home):
        scenario, steps = _shifted(system, entry, now.astimezone(SHANGHAI).date())
        told = System(
            settings=system.settings,
            clock=SimulatedClock(now),
            store=system.store,
            files=system.files,
            library=system.library,
        )
        outcome = run(told, scenario, steps=steps)
        if outcome.failure is not None or outcome.business_key is None:
            raise DemoFailed(
                N_("The demo case %(file)s at %(place)s fails: %(detail)s"),
                file=entry.file,
                place=entry.place,
                detail=outcome.failure or "",
            )
        yield outcome.business_key


def _entry(node: Node) -> Entry:
    found = node.mapping(("file", "place", "days_ago"), ("stop_after", "replace"))
    stop = found["stop_after"].value if "stop_after" in found else None
    replace = (
        {key: value.text() for key, value in found["replace"].entries().items()} if "replace" in found else {}
    )
    return Entry(found["file"].text(), found["place"].text(), stop, found["days_ago"].whole(0, 3650), replace)


def _shifted(system: System, entry: Entry, today: date) -> tuple[Scenario, int]:
    """The scenario told for another place and moved in time, and how many of its steps are done."""
    path = system.settings.home / "processes" / "demo" / entry.file
    text = path.read_text(encoding="utf-8")
    steps = _steps_until(read(text, entry.file), entry.stop_after)
    last = _last_time(read(text, entry.file), steps)
    # Whole weeks, so that what was done on a Tuesday still is.
    weeks = ((today - timedelta(days=entry.days_ago)) - last.date()).days // 7
    text = _DATE.sub(lambda found: _moved(found, weeks), text)
    with system.store.reading() as session:
        places = Agencies.of(system.library.current(session)).places
    for old, new in entry.replace.items():
        text = text.replace(old, new)
    text = text.replace(places[TOLD_FOR].name, places[entry.place].name).replace(TOLD_FOR, entry.place)
    return read(text, entry.file), steps


def _moved(found: re.Match[str], weeks: int) -> str:
    return (date.fromisoformat(found[0]) + timedelta(weeks=weeks)).isoformat()


def _steps_until(scenario: Scenario, stop_after: int | str | None) -> int:
    if stop_after is None:
        return len(scenario.steps)
    if isinstance(stop_after, int):
        return stop_after
    for index, step in enumerate(scenario.steps):
        if isinstance(step, TaskStep) and step.task == stop_after and step.refused is None:
            return index + 1
    raise DemoFailed(N_("%(file)s has no task %(task)s to stop after."), file=scenario.file, task=stop_after)


def _last_time(scenario: Scenario, steps: int) -> datetime:
    last = scenario.at
    for step in scenario.steps[:steps]:
        time: Any = step.until if isinstance(step, WaitStep) else getattr(step, "at", None)
        if isinstance(step, (TaskStep, ActStep, WaitStep)) and time is not None:
            last = time
    return last
