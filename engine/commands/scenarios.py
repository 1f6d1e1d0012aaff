"""``anliu scenario``."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from engine.system import System


@click.command()
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--json", "as_json", is_flag=True, help="What became of each, as a JSON list.")
@click.option("--keep", metavar="URL", help="Run them all in this database, and leave it there.")
def scenario(files: tuple[Path, ...], as_json: bool, keep: str | None) -> None:
    """Run scenario files, each against a throw-away database; print what happens.

    Exit 0 when every expectation holds, 1 when one doesn't.
    """
    results = []
    tell: Callable[[str], None] = (lambda line: None) if as_json else (lambda line: click.echo(f"  {line}"))
    with _kept(keep) if keep else _thrown_away() as fresh:
        for path in files:
            if not as_json:
                click.echo(str(path))
            result = _run(fresh(), path, tell)
            results.append(result)
            if not as_json:
                click.echo(f"  failed: {result['failure']}" if result["failure"] else "  holds")
    failed = sum(1 for result in results if result["failure"])
    if as_json:
        click.echo(json.dumps(results, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{len(results) - failed} of {len(results)} scenarios hold.")
    sys.exit(1 if failed else 0)


def _run(system: System, path: Path, tell: Callable[[str], None]) -> dict[str, Any]:
    from engine.errors import AnliuError
    from engine.scenario import read, run

    result: dict[str, Any] = {"file": str(path), "scenario": None, "case": None, "failure": None, "trace": []}
    try:
        script = read(path.read_text(encoding="utf-8"), str(path))
        outcome = run(system, script, tell=tell)
    except (AnliuError, UnicodeDecodeError) as error:
        return {**result, "failure": str(error)}
    return {
        **result,
        "scenario": script.name,
        "case": outcome.business_key,
        "failure": outcome.failure,
        "trace": outcome.trace,
    }


@contextmanager
def _thrown_away() -> Iterator[Callable[[], System]]:
    """Hands out a system on a copy of one prepared database for each scenario; parsed processes are shared."""
    from engine.system import System

    with tempfile.TemporaryDirectory(prefix="anliu-scenario-") as name:
        folder = Path(name)
        first = _prepared(f"sqlite:///{folder / 'first.sqlite3'}", folder)
        _flush(first)
        used: list[System] = [first]

        def fresh() -> System:
            copy = folder / f"{len(used)}.sqlite3"
            shutil.copyfile(folder / "first.sqlite3", copy)
            settings = replace(first.settings, database_url=f"sqlite:///{copy}")
            system = System.open(settings, _clock())
            system.library = first.library
            used.append(system)
            return system

        try:
            yield fresh
        finally:
            _close(used)


@contextmanager
def _kept(url: str) -> Iterator[Callable[[], System]]:
    """Hands out a system on the database that stays; its files lie in the instance folder."""
    from engine.settings import Settings

    system = _prepared(url, Settings.from_environment(os.environ).instance)
    try:
        yield lambda: system
    finally:
        _close([system])


def _prepared(url: str, instance: Path) -> System:
    from engine.demo import seed_people
    from engine.settings import Settings
    from engine.setup import prepare
    from engine.system import System

    settings = replace(
        Settings.from_environment(os.environ),
        database_url=url,
        redis_url=None,
        instance=instance,
        evidence_url=(instance / "files").as_uri(),
    )
    system = System.open(settings, _clock())
    prepare(system)
    seed_people(system)
    return system


def _clock() -> Any:
    from datetime import UTC, datetime

    from engine.deadlines.clock import SimulatedClock

    return SimulatedClock(datetime(2024, 1, 1, tzinfo=UTC))


def _flush(system: System) -> None:
    """Writes all of an SQLite database to its one file, so that it can be copied."""
    with system.store.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]


def _close(systems: Sequence[System]) -> None:
    for system in systems:
        system.store.dispose()
