"""The answers given so far in a case, for operations that act on them."""

from __future__ import annotations

from typing import Any

from engine.runtime.step import Step
from engine.runtime.submissions import answers


def latest(step: Step, section: str) -> dict[str, Any]:
    """The latest answers of a section: ``tip``, or a phase such as ``filing``. Empty when there are none."""
    step.session.flush()
    return answers(step.session, step.instance.id, step.release.processes.data_name).get(section, {})
