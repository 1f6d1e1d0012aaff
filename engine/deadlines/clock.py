"""What time it is: a thing that is handed in, so that a scenario can set it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Anything that knows the time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)


class SimulatedClock:
    """A clock that stands still until it is set.

    :param start: where it stands at first: aware, in any time zone.
    """

    def __init__(self, start: datetime) -> None:
        self._now = as_utc(start)

    def now(self) -> datetime:
        """Where the clock stands, aware, in UTC."""
        return self._now

    def set(self, t: datetime) -> None:
        """Puts the clock to ``t`` (aware, in any time zone), which may also be earlier than it stood."""
        self._now = as_utc(t)


def as_utc(t: datetime) -> datetime:
    """``t`` in UTC.

    :raises ValueError: ``t`` has no time zone, so nobody can say which moment it is.
    """
    if t.tzinfo is None or t.utcoffset() is None:
        raise ValueError(f"{t.isoformat()} has no time zone")
    return t.astimezone(UTC)
