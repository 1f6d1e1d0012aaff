"""What every test may ask for: a prepared system on each database, a clock that it sets, a real Valkey.

A ``system`` has processes, forms and the demo's accounts (password ``anliu-demo``) and no case. A test that asks
for it runs on SQLite and on PostgreSQL; ``sqlite_system`` is for what can't depend on the database.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
import redis

from engine.deadlines.clock import SimulatedClock
from engine.store.database import Store
from engine.system import System
from tests import servers

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


# A test never fails for being slow: machines differ, and speed is measured under tests/bench. Examples are the
# same in every run, so that a change is judged by itself; HYPOTHESIS_PROFILE=explore looks for new ones.
hypothesis.settings.register_profile("anliu", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "anliu"))


@pytest.fixture(scope="session")
def shared(testrun_uid: str) -> Iterator[Path]:
    """The folder that all processes of this test run share."""
    with servers.shared_folder(Path(tempfile.gettempdir()) / f"anliu-tests-{testrun_uid[:12]}") as folder:
        yield folder


@pytest.fixture(scope="session")
def postgresql(shared: Path) -> Iterator[servers.PostgreSQL]:
    """A real PostgreSQL."""
    server = servers.PostgreSQL(shared)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def valkey_of_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Valkey for this process's tests."""
    with servers.valkey(tmp_path_factory.mktemp("valkey")) as url:
        yield url


@pytest.fixture
def valkey_url(valkey_of_session: str) -> str:
    """The URL of a real, empty Valkey."""
    client = redis.Redis.from_url(valkey_of_session)
    client.flushall()
    client.close()
    return valkey_of_session


@pytest.fixture
def clock() -> SimulatedClock:
    """A clock that stands at 2024-03-18 09:00 in Shanghai until the test sets it."""
    return SimulatedClock(servers.START)


@pytest.fixture
def sqlite_url(shared: Path, tmp_path: Path) -> str:
    """A prepared SQLite database."""
    return servers.sqlite_database(shared, tmp_path / "anliu.sqlite3")


@pytest.fixture
def postgresql_url(postgresql: servers.PostgreSQL) -> Iterator[str]:
    """A prepared PostgreSQL database."""
    with postgresql.database(WORKER) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A prepared database of each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    else:
        server: servers.PostgreSQL = request.getfixturevalue("postgresql")
        with server.database(WORKER, servers.EMPTY) as url:
            yield url


@pytest.fixture
def system(database_url: str, clock: SimulatedClock, tmp_path: Path) -> Iterator[System]:
    """A prepared system, on each kind of database."""
    opened = servers.open_system(database_url, tmp_path, clock)
    yield opened
    opened.store.dispose()


@pytest.fixture
def sqlite_system(sqlite_url: str, clock: SimulatedClock, tmp_path: Path) -> Iterator[System]:
    """A prepared system on SQLite."""
    opened = servers.open_system(sqlite_url, tmp_path, clock)
    yield opened
    opened.store.dispose()


@pytest.fixture
def store(system: System) -> Store:
    """The prepared system's database."""
    return system.store


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, from the system; one for all tests of a process, each with contexts of its own."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "Chromium is needed: `make test` says how to install it"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched
        launched.close()
