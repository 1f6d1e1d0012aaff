"""The RQ queue: where due work goes, and how a step wakes the dispatcher."""

from __future__ import annotations

import contextlib

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from engine.jobs.dispatcher import Kind

QUEUE = "anliu"
WAKE = "anliu:wake"
JOBS: dict[Kind, str] = {"timer": "engine.jobs.work.fire_timer", "message": "engine.jobs.work.send_message"}


class JobQueue:
    """A connection to Redis or Valkey for one process."""

    def __init__(self, url: str) -> None:
        self.redis = Redis.from_url(url)
        # JSON, not pickle: whoever could write to Redis must not be able to run code here.
        self.queue = Queue(QUEUE, connection=self.redis, serializer=JSONSerializer)

    def deliver(self, kind: Kind, row_id: int) -> None:
        """Enqueues the job for a due row. Results aren't kept: the row says what became of it."""
        self.queue.enqueue(JOBS[kind], row_id, result_ttl=0, failure_ttl=3600)

    def wake(self) -> None:
        """Tells a dispatcher that there may be work now. Losing this costs a second, nothing else."""
        with contextlib.suppress(RedisError):
            pipe = self.redis.pipeline()
            pipe.lpush(WAKE, b"1")
            pipe.ltrim(WAKE, 0, 9)
            pipe.execute()

    def sleep(self, seconds: float) -> None:
        """Waits until somebody calls :meth:`wake`, at most that long."""
        self.redis.blpop([WAKE], timeout=seconds)
        self.redis.delete(WAKE)
