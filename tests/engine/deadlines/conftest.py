"""The product's own deadline rules, and a way to say a local time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from engine.deadlines.calendar import SHANGHAI
from engine.deadlines.compute import due, format_due
from engine.deadlines.rules import DeadlineData, load

FILE = Path(__file__).resolve().parents[3] / "processes" / "deadlines.yaml"


@pytest.fixture(scope="session")
def data() -> DeadlineData:
    return load(FILE.read_text(encoding="utf-8"))


@pytest.fixture
def due_text(data: DeadlineData) -> Callable[[str, str], str]:
    """When a rule falls due for a local start time, as people write it."""

    def ask(rule: str, start: str) -> str:
        return format_due(
            due(data.rules[rule], datetime.fromisoformat(start).replace(tzinfo=SHANGHAI)).due_at
        )

    return ask
