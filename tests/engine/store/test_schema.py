"""The migrations make exactly the tables that the code declares, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

import engine.system  # noqa: F401 - declares all tables
from engine.store import schema
from engine.store.database import Store


@pytest.fixture
def empty_store(empty_database_url: str) -> Iterator[Store]:
    opened = Store(empty_database_url)
    yield opened
    opened.dispose()


def test_the_migrations_make_what_the_code_declares(empty_store: Store) -> None:
    schema.upgrade(empty_store)
    assert schema.differences(empty_store) == []


def test_an_upgrade_ends_at_the_newest_revision_and_can_be_repeated(empty_store: Store) -> None:
    schema.upgrade(empty_store)
    schema.upgrade(empty_store)
    assert schema.revision(empty_store) == schema.newest()


def test_two_upgrades_at_once_queue_up(empty_store: Store) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: schema.upgrade(empty_store), range(2)))
    assert schema.differences(empty_store) == []


def test_an_empty_database_has_no_revision(empty_store: Store) -> None:
    assert schema.revision(empty_store) is None
