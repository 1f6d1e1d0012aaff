"""What one running process shares: its settings, clock, database, files and parsed releases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

# Imported for what they register: operations that diagrams name, and senders of outbox topics.
import engine.cases.operations
import engine.documents.issue
import engine.exchange.folder
import engine.supervision.notices  # noqa: F401
from engine.cases.options import form_options
from engine.deadlines.clock import Clock, SystemClock
from engine.jobs.queue import JobQueue
from engine.runtime.definitions import Library
from engine.runtime.tables import ProcessInstance
from engine.settings import Settings
from engine.store.database import Store
from engine.store.files import FileStore
from forms.schema import Option


def _asleep() -> None:
    """Nobody to wake: there is no dispatcher beside this process."""


@dataclass
class System:
    """One process's connections. Everything in the engine that acts gets it as its first argument."""

    settings: Settings
    clock: Clock
    store: Store
    files: FileStore
    library: Library
    wake: Callable[[], None] = field(default=_asleep)
    """Called after each commit that may have left work for the dispatcher."""

    @staticmethod
    def open(settings: Settings, clock: Clock | None = None) -> System:
        """Opens what the settings name.

        :raises SettingsRefused: an address can't be used.
        """
        store = Store(settings.database_url)
        wake = JobQueue(settings.redis_url).wake if settings.redis_url else _asleep
        return System(
            settings=settings,
            clock=clock or SystemClock(),
            store=store,
            files=FileStore(settings.evidence_url),
            library=Library(store),
            wake=wake,
        )

    def form_options(
        self, session: Session, instance: ProcessInstance | None, place: str
    ) -> Mapping[str, Sequence[Option]]:
        """What can be chosen in fields whose choices come from the case or the place, by list name."""
        return form_options(session, self, instance, place)
