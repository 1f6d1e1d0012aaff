"""What ``anliu init`` does: a database brought up to date with this code and its definitions."""

from __future__ import annotations

from dataclasses import dataclass

from engine.audit.events import record
from engine.runtime.definitions import load, read_home
from engine.store import schema
from engine.system import System


@dataclass(frozen=True)
class Prepared:
    """What changed: the paths of new or changed definitions, the current release, whether tables were changed."""

    release_id: int
    changed: list[str]
    migrated: bool


def prepare(system: System) -> Prepared:
    """Creates or upgrades the tables and publishes the definitions of the home folder; safe to repeat.

    :raises DefinitionRefused: a definition can't be used; the tables are upgraded, nothing else is changed.
    """
    before = schema.revision(system.store)
    schema.upgrade(system.store)
    migrated = before is None or before != schema.newest()
    files = read_home(system.settings.home)
    now = system.clock.now()
    with system.store.transaction() as session:
        release_id, changed = load(session, files, now)
        if changed:
            record(
                session,
                chain="system",
                kind="definitions_loaded",
                at=now,
                person_id=None,
                detail={"files": changed},
                release_id=release_id,
            )
    return Prepared(release_id, changed, migrated)
