"""What happens to work that failed: tried again with growing pauses, then left for an administrator to see."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=10)


class Work(Protocol):
    """A row that stands for work: a timer to fire, a message to send."""

    state: str
    attempts: int
    next_at: datetime
    error: str | None


def after_failure(work: Work, error: Exception, now: datetime) -> None:
    """Notes the failure and when to try again: after 10 s, 20 s, 40 s ...; after the last, never by itself."""
    work.attempts += 1
    work.error = f"{type(error).__name__}: {error}"[:2000]
    if work.attempts >= ATTEMPTS:
        work.state = "failed"
    else:
        work.next_at = now + FIRST_PAUSE * 2 ** (work.attempts - 1)
