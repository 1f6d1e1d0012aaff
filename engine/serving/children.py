"""A child process that is started again when it dies, after pauses that grow."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence

import structlog

from engine.serving.parent import dying_with_me

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 15.0
STEADY = 30.0
"""Seconds of life after which a child counts as healthy and its next pause is short again."""

log = structlog.get_logger(__name__)


class Child:
    """One child: its command, its environment, and how often it has died of late."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self._command = list(command)
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self.deaths = 0
        """How often it has died since it last ran steadily."""
        self._next_start = 0.0

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Starts the process. It leads a session of its own, so that Ctrl-C reaches only its parent."""
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=dying_with_me(),
        )

    def watch(self) -> None:
        """Notices a death and starts the process again when its pause is over."""
        now = time.monotonic()
        if self._process is not None and (code := self._process.poll()) is not None:
            self.deaths = 0 if now - self._started > STEADY else self.deaths + 1
            pause = min(FIRST_PAUSE * 2 ** max(self.deaths - 1, 0), LONGEST_PAUSE)
            self._process, self._next_start = None, now + pause
            log.warning("child died", child=self.name, code=code, again_in=pause)
        elif self._process is None and now >= self._next_start:
            self.start()
            log.info("child started again", child=self.name, pid=self.pid)

    def stop(self, seconds: float) -> None:
        """Asks the process to end, and ends it when it doesn't within the time."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            log.warning("child killed", child=self.name, after=seconds)
            self._process.kill()
            self._process.wait()
        self._process = None
