"""The tables of a database: brought to the newest revision, and new revisions written down."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection

from engine.store.base import Base
from engine.store.database import WRITES, Store

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
UPGRADE_LOCK = 0x616E6C6975
"""Names the advisory lock that two upgrades of one PostgreSQL database queue for."""


def upgrade(store: Store) -> None:
    """Creates or upgrades all tables, in one transaction; does nothing when they are current."""
    with _migrating(store) as connection:
        command.upgrade(_config(connection), "head")


def revision(store: Store) -> str | None:
    """The revision that the database is at, or None when it has no tables of ours yet."""
    with store.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The revision that this code is written for."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def differences(store: Store) -> list[Any]:
    """What the database lacks or has too much, compared with the tables that the code declares."""
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def write_revision(message: str) -> None:
    """Writes the revision that leads from the newest one to the tables as declared now (``make migration``).

    Whoever calls it has imported all modules with tables. The file is a draft to read and correct.
    """
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/draft.sqlite3")
        upgrade(store)
        with _migrating(store) as connection:
            number = len(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions())) + 1
            command.revision(_config(connection), message, autogenerate=True, rev_id=f"{number:04d}")
        store.dispose()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _migrating(store: Store) -> Iterator[Connection]:
    """A connection in a transaction that no other upgrade can be in at the same time.

    SQLite changes a table by building it anew, which needs foreign keys unenforced meanwhile (and checked
    afterwards); that can only be switched outside a transaction.
    """
    with store.engine.connect() as connection:
        if not store.is_sqlite:
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
                yield connection
            return
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            connection = connection.execution_options(**{WRITES: True})
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise RuntimeError(f"the migration leaves broken references: {broken[:5]}")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")
