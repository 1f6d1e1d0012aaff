"""``anliu worker``: an RQ worker that runs jobs in its own process, and the dispatcher beside it.

Jobs don't fork, so that parsed processes stay in memory from one job to the next. A job that kills the process
loses nothing: its row is handed out again.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import structlog
from rq import SimpleWorker

from engine.jobs.dispatcher import BATCH, run_once
from engine.jobs.queue import JobQueue

if TYPE_CHECKING:
    from engine.system import System

PAUSE = 1.0
"""Seconds between two looks at the tables when nobody wakes the dispatcher."""

log = structlog.get_logger(__name__)


def work(system: System, url: str, *, burst: bool = False) -> None:
    """Works until SIGTERM or SIGINT, then finishes the job at hand.

    :param system: the system that the jobs act on; this thread and the dispatcher share it.
    :param url: of Redis or Valkey.
    :param burst: hand out once what is due, run it, and return.
    """
    queue = JobQueue(url)
    worker = SimpleWorker([queue.queue], connection=queue.redis, serializer=queue.queue.serializer)
    worker.log_result_lifespan = False
    if burst:
        run_once(system, queue.deliver)
        worker.work(burst=True, logging_level=logging.getLevelName(logging.WARNING))
        return
    stop = threading.Event()
    dispatcher = threading.Thread(target=dispatch, args=(system, JobQueue(url), stop), name="dispatcher")
    dispatcher.start()
    try:
        worker.work(logging_level=logging.getLevelName(logging.WARNING))
    finally:
        stop.set()
        dispatcher.join()


def dispatch(system: System, queue: JobQueue, stop: threading.Event) -> None:
    """Hands out due work until ``stop`` is set; outlives a database or Redis that is away for a while."""
    pause = PAUSE
    while not stop.is_set():
        try:
            if run_once(system, queue.deliver) < BATCH:
                queue.sleep(PAUSE)
            pause = PAUSE
        except Exception as error:
            # Whatever it is, it may pass, and the work still stands in the tables.
            log.warning("dispatcher waits", error=f"{type(error).__name__}: {error}", seconds=pause)
            stop.wait(pause)
            pause = min(pause * 2, 30.0)
