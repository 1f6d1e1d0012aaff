"""The two clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.deadlines.calendar import SHANGHAI
from engine.deadlines.clock import Clock, SimulatedClock, SystemClock


def test_the_system_clock_is_aware_and_in_utc() -> None:
    clock: Clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_simulated_clock_stands_still_until_it_is_set() -> None:
    clock = SimulatedClock(datetime(2024, 3, 18, 10, 20, tzinfo=SHANGHAI))
    assert clock.now() == clock.now() == datetime(2024, 3, 18, 2, 20, tzinfo=UTC)
    clock.set(datetime(2024, 3, 20, tzinfo=SHANGHAI))
    assert clock.now() == datetime(2024, 3, 19, 16, 0, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        SimulatedClock(datetime(2024, 3, 18))
