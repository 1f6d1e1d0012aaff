"""The functions that RQ workers call, by name. Each acts on one row and is harmless to repeat."""

from __future__ import annotations

import os
from functools import lru_cache

from engine.jobs import outbox
from engine.runtime import timers
from engine.settings import Settings
from engine.system import System


@lru_cache(maxsize=1)
def system() -> System:
    """The system of this worker process, opened once."""
    return System.open(Settings.from_environment(os.environ))


def fire_timer(timer_id: int) -> None:
    """Delivers a due timer."""
    timers.fire_job(system(), timer_id)


def send_message(message_id: int) -> None:
    """Sends an outbox message."""
    outbox.send(system(), message_id)
