"""Starts what this machine needs to serve, keeps it running, and stops it all together.

Embedded (no ANLIU_REDIS_URL): Valkey, one worker, the web server. Distributed: the web server alone.
"""

from __future__ import annotations

import fcntl
import http.client
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import structlog

from engine.errors import N_, SettingsRefused
from engine.jobs import embedded
from engine.serving.children import Child
from engine.settings import Settings

TICK = 0.2
TRIES = 2
"""How often the web server may die before it has ever answered."""
GRACE = 15.0
"""Seconds that a child has to finish what it is doing."""

log = structlog.get_logger(__name__)


def serve(
    settings: Settings,
    environ: Mapping[str, str],
    host: str,
    port: int,
    workers: int,
    ready: Callable[[], None],
) -> None:
    """Serves until SIGTERM or SIGINT.

    :param environ: the environment that children inherit.
    :param workers: web processes.
    :param ready: called once, when the web server answers.
    :raises SettingsRefused: another server uses the port or this instance folder, or a setting is missing.
    """
    if not settings.secret_key:
        raise SettingsRefused(
            N_("ANLIU_SECRET_KEY is required when ANLIU_DATABASE_URL or ANLIU_REDIS_URL is set.")
        )
    refuse_taken_port(host, port)
    web = [sys.executable, "-m", "engine.serving.web"]
    web += ["--host", host, "--port", str(port), "--workers", str(workers)]
    if settings.redis_url:
        _supervise([Child("web", web, environ)], host, port, ready)
        return
    with only_one(settings.instance):
        valkey_command, url = embedded.command(settings.instance)
        # Children are told of the Redis of this machine, and keep the secret key of its instance folder.
        environment = {**environ, "ANLIU_REDIS_URL": url, "ANLIU_SECRET_KEY": settings.secret_key}
        valkey = Child("valkey", valkey_command, environ)
        valkey.start()
        try:
            embedded.wait_for(url)
        except BaseException:
            valkey.stop(1)
            raise
        worker = Child("worker", [sys.executable, "-m", "engine.cli", "worker"], environment)
        _supervise([valkey, worker, Child("web", web, environment)], host, port, ready)


def _supervise(children: list[Child], host: str, port: int, ready: Callable[[], None]) -> None:
    """Watches the children until a signal. The last of the list is the web server, which is stopped first.

    :raises SettingsRefused: the web server can't be started at all.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    told = False
    try:
        for child in children:
            if child.pid is None:
                child.start()
        while not stop.wait(TICK):
            for child in children:
                child.watch()
            if not told and children[-1].deaths >= TRIES:
                raise SettingsRefused(N_("The web server doesn't start; why stands above."))
            if not told and _answers(host, port):
                told = True
                ready()
    finally:
        for child in reversed(children):
            child.stop(GRACE)


@contextmanager
def only_one(instance: Path) -> Iterator[None]:
    """Holds the instance folder; the kernel lets go of it when this process ends, however it ends.

    :raises SettingsRefused: another process holds it.
    """
    instance.mkdir(parents=True, exist_ok=True)
    with (instance / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsRefused(
                N_("Another `anliu serve` is running on %(instance)s."), instance=str(instance)
            ) from None
        yield


def refuse_taken_port(host: str, port: int, seconds: float = 3.0) -> None:
    """Asks for the port, more than once: a server that was just killed may hold it for a moment.

    :raises SettingsRefused: it can't be had within the time.
    """
    end = time.monotonic() + seconds
    while True:
        try:
            family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
            return
        except socket.gaierror:
            raise SettingsRefused(N_("%(host)s is not an address of this machine."), host=host) from None
        except OSError as error:
            if time.monotonic() > end:
                raise SettingsRefused(
                    N_("Can't listen on %(host)s port %(port)s: %(error)s. Choose another with --port."),
                    host=host,
                    port=port,
                    error=os.strerror(error.errno or 0),
                ) from None
            time.sleep(0.2)


def _answers(host: str, port: int) -> bool:
    """Whether a web process answers; the port is open before one is there."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(reachable, port, timeout=1)
    try:
        connection.request("HEAD", "/health/live")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
