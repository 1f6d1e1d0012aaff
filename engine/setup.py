"""What ``anliu init`` does: a database brought up to date with this code and its definitions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events import record
from engine.runtime.definitions import SourceFile, load, read_home
from engine.runtime.tables import Definition, Release, ReleaseItem
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
        if (current := _current(session, files)) is not None:
            return Prepared(current, [], migrated)
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


def _current(session: Session, files: list[SourceFile]) -> int | None:
    """The current release, if it is made of exactly these files; then they need not be parsed again."""
    rows = session.execute(
        select(Release.id, Definition.kind, Definition.key, Definition.sha256)
        .join(ReleaseItem, ReleaseItem.release_id == Release.id)
        .join(Definition, Definition.id == ReleaseItem.definition_id)
        .where(Release.current)
    ).all()
    same = {tuple(row[1:]) for row in rows} == {(file.kind, file.key, file.sha256) for file in files}
    return rows[0].id if rows and same else None
